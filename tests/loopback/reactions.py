"""Reactions: adding them, taking them away, and telling of it."""

from __future__ import annotations

from tests.loopback import wire
from tests.loopback.constants import Json
from tests.loopback.errors import ApiError
from tests.loopback.message import Message

MOST_REACTIONS = 20


def react(message: Message, emoji: str, user_id: str, *, add: bool) -> None:
    """Add or take away a reaction; only standard emoji are known here."""
    if emoji.isascii():
        raise ApiError(400, 10014, "Unknown Emoji")
    reactions = message.data.setdefault("reactions", [])
    reaction = next((each for each in reactions if each["emoji"]["name"] == emoji), None)
    if reaction is None:
        if add and len(reactions) >= MOST_REACTIONS:
            raise ApiError(400, 30010, "Maximum number of reactions reached (20)")
        reaction = {"emoji": {"id": None, "name": emoji}, "_users": []}
        reaction |= {"me_burst": False, "burst_colors": []}
    users = reaction["_users"]
    if add == (user_id in users):
        return
    (users.append if add else users.remove)(user_id)
    reaction["count"] = len(users)
    reaction["count_details"] = {"burst": 0, "normal": len(users)}
    reaction["me"] = message.world.bot["id"] in users
    if reaction not in reactions:
        reactions.append(reaction)
    elif not users:
        reactions.remove(reaction)
    dispatch_reaction(message, reaction["emoji"], user_id, add=add)


def dispatch_reaction(message: Message, emoji: Json, user_id: str, *, add: bool) -> None:
    world, guild_id = message.world, message.guild_id
    data = {
        "user_id": user_id,
        "channel_id": message.channel_id,
        "message_id": message.id,
        "emoji": emoji,
        "burst": False,
        "type": 0,
    }
    if guild_id:
        data["guild_id"] = guild_id
    if add:
        data["message_author_id"] = message.author_id
    if add and guild_id:
        data["member"] = wire.member(world, world.guilds[guild_id], user_id)
    event = "MESSAGE_REACTION_ADD" if add else "MESSAGE_REACTION_REMOVE"
    world.dispatch(event, data, guild_id, channel=message.channel)
