"""How things look on the wire: guilds, channels, members, messages, interactions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.loopback.constants import (
    COMMAND,
    COMPONENT,
    INTENTS,
    MENU_COMMAND,
    MODAL,
    MOST_FILE_BYTES,
    REPLY,
    THREAD_STARTER,
    THREADS,
    Json,
)

if TYPE_CHECKING:
    from tests.loopback.message import Interaction, Message
    from tests.loopback.world import World


def public(thing: Json) -> Json:
    """A thing without what only the server keeps about it."""
    return {key: value for key, value in thing.items() if not key.startswith("_")}


NEW_GUILD: Json = {
    "icon": None,
    "splash": None,
    "discovery_splash": None,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "roles": [],
    "emojis": [],
    "features": [],
    "mfa_level": 0,
    "application_id": None,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "max_members": 500000,
    "vanity_url_code": None,
    "description": None,
    "banner": None,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "preferred_locale": "en-US",
    "public_updates_channel_id": None,
    "nsfw_level": 0,
    "stickers": [],
    "premium_progress_bar_enabled": False,
    "safety_alerts_channel_id": None,
    "region": "deprecated",
    "hub_type": None,
    "incidents_data": None,
    "member_count": 0,
    "_members": {},
}


def new_guild(number: str, name: str, owner_id: str) -> Json:
    return {"id": number, "name": name, "owner_id": owner_id, **copy.deepcopy(NEW_GUILD)}


def guild(world: World, of: Json, intents: int) -> Json:
    """A guild as GUILD_CREATE tells of it: without the presences intent only the bot's member."""
    channels = [each for each in world.channels.values() if each.get("guild_id") == of["id"]]
    members = of["_members"]
    shown = members if intents & INTENTS["presences"] else [world.bot["id"]]
    return public(of) | {
        "joined_at": members[world.bot["id"]]["joined_at"],
        "large": False,
        "unavailable": False,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "members": [member(world, of, user_id) for user_id in shown],
        "channels": [public(each) for each in channels if each["type"] not in THREADS],
        "threads": [
            public(each)
            for each in channels
            if each["type"] in THREADS
            and not each["thread_metadata"]["archived"]
            and world.may(each, "view_channel")
        ],
    }


def member(world: World, of: Json, user_id: str) -> Json:
    return {**of["_members"][user_id], "user": world.users[user_id]}


def message(
    of: Message, *, with_content: bool = True, gateway: bool = False, nested: bool = False
) -> Json:
    """A message; without the message content intent its content only where Discord shows it."""
    world, data = of.world, copy.deepcopy(of.data)
    if not (with_content or is_content_visible(of)):
        data.update(content="", embeds=[], attachments=[], components=[])
    if gateway and of.guild_id:
        add_members(world, data, of)
    if of.thread:
        data["thread"] = public(of.thread)
    data["reactions"] = [public(each) for each in data.get("reactions", [])]
    reference = data.get("message_reference")
    if reference and not nested and data["type"] in (REPLY, THREAD_STARTER, MENU_COMMAND):
        there = world.messages.get(reference["channel_id"], {})
        target = there.get(reference["message_id"])
        gone = target is None or target.deleted
        data["referenced_message"] = (
            None if gone else message(target, with_content=with_content, nested=True)
        )
    return data


def is_content_visible(of: Message) -> bool:
    """Without the intent: the bot's own messages, direct messages, and those that mention it."""
    bot = of.world.bot["id"]
    mentioned = any(user["id"] == bot for user in of.data["mentions"])
    return of.author_id == bot or of.guild_id is None or mentioned


def add_members(world: World, data: Json, of: Message) -> None:
    """Add what only the gateway sends: the guild and the members of author and mentioned."""
    members = world.guilds[of.guild_id]["_members"]
    data["guild_id"] = of.guild_id
    if of.author_id in members:
        data["member"] = members[of.author_id]
    for user in data["mentions"]:
        if user["id"] in members:
            user["member"] = members[user["id"]]


def bot_user(world: World) -> Json:
    return {
        **world.bot,
        "mfa_enabled": False,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "flags": 0,
    }


def application(world: World) -> Json:
    flags = 1 << 23
    flags |= (1 << 18) if "message_content" in world.privileged else 0
    flags |= (1 << 14) if "members" in world.privileged else 0
    return {
        "id": world.app_id,
        "name": world.bot["username"],
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": world.owner,
        "team": None,
        "flags": flags,
        "summary": "",
        "rpc_origins": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "tags": [],
        "integration_types_config": {"0": {}},
        "approximate_guild_count": len(world.guilds),
        "bot": world.bot,
    }


def interaction(world: World, of: Interaction) -> Json:
    """An interaction as INTERACTION_CREATE brings it."""
    channel, user = of.channel, of.user
    allowed = str(world.permissions(user["id"], channel))
    payload: Json = {
        "id": of.id,
        "application_id": world.app_id,
        "type": of.kind,
        "token": of.token,
        "version": 1,
        "data": copy.deepcopy(of.data),
        "channel_id": channel["id"],
        "locale": "en-US",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": MOST_FILE_BYTES,
        "app_permissions": str(world.permissions(world.bot["id"], channel)),
        "channel": {**public(channel), "permissions": allowed},
    }
    if of.message:
        payload["message"] = message(of.message)
    guild_id = channel.get("guild_id")
    if guild_id is None:
        owners = {"0": "0"}
        return payload | {"user": user, "context": 1, "authorizing_integration_owners": owners}
    here = member(world, world.guilds[guild_id], user["id"])
    return payload | {
        "guild_id": guild_id,
        "guild": {"id": guild_id, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "context": 0,
        "authorizing_integration_owners": {"0": guild_id},
        "member": {**here, "permissions": allowed},
    }


def interaction_metadata(of: Interaction) -> Json:
    """What a message tells of the interaction it answers."""
    owners = {"0": of.channel.get("guild_id", "0")}
    data: Json = {
        "id": of.id,
        "type": of.kind,
        "user": of.user,
        "authorizing_integration_owners": owners,
    }
    if of.kind == COMMAND:
        data.update(name=of.name, command_type=of.data["type"])
    if of.kind == COMPONENT:
        data["interacted_message_id"] = of.message.id
    if of.kind == MODAL and of.parent:
        data["triggering_interaction_metadata"] = interaction_metadata(of.parent)
    return data
