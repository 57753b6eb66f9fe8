"""Permissions: their bits, and what is left of them in a channel."""

from __future__ import annotations

from tests.loopback.constants import Json

NAMES = """
    create_instant_invite kick_members ban_members administrator manage_channels manage_guild
    add_reactions view_audit_log priority_speaker stream view_channel send_messages
    send_tts_messages manage_messages embed_links attach_files read_message_history
    mention_everyone use_external_emojis view_guild_insights connect speak mute_members
    deafen_members move_members use_vad change_nickname manage_nicknames manage_roles
    manage_webhooks manage_expressions use_application_commands request_to_speak manage_events
    manage_threads create_public_threads create_private_threads use_external_stickers
    send_messages_in_threads use_embedded_activities moderate_members
""".split()
PERMISSIONS = {name: 1 << place for place, name in enumerate(NAMES)}
EVERYTHING = (1 << 53) - 1


def perms(*names: str) -> int:
    """The bits of these permissions together."""
    return sum(PERMISSIONS[name] for name in names)


EVERYONE = perms(
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "create_public_threads",
    "create_private_threads",
    "send_messages_in_threads",
    "use_external_emojis",
    "change_nickname",
)
"""What @everyone may do in a new guild, and anybody in a direct message."""


def permissions_of_member(guild: Json, channel: Json, user_id: str) -> int:
    """What roles and overwrites let a member do in a channel (no thread); 0: not even see it."""
    member = guild["_members"].get(user_id)
    if member is None:
        return 0
    if guild["owner_id"] == user_id:
        return EVERYTHING
    roles = {role["id"]: int(role["permissions"]) for role in guild["roles"]}
    allowed = roles[guild["id"]]
    for role in member["roles"]:
        allowed |= roles.get(role, 0)
    if allowed & PERMISSIONS["administrator"]:
        return EVERYTHING
    overwrites = {each["id"]: each for each in channel.get("permission_overwrites", [])}
    # Discord applies them in this order: @everyone, all roles together, the member.
    for targets in ([guild["id"]], member["roles"], [user_id]):
        hit = [overwrites[target] for target in targets if target in overwrites]
        for each in hit:
            allowed &= ~int(each["deny"])
        for each in hit:
            allowed |= int(each["allow"])
    return allowed if allowed & PERMISSIONS["view_channel"] else 0
