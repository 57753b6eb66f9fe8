"""Routes of the bot's account, its application, users and guilds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback import wire
from tests.loopback.constants import THREADS, Json
from tests.loopback.errors import ApiError, unknown
from tests.loopback.rest.routes import Call, Routes

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()


@routes.route("GET", "/users/@me")
def get_me(world: World, call: Call) -> Json:
    return wire.bot_user(world)


@routes.route("GET", "/oauth2/applications/@me")
@routes.route("GET", "/applications/@me")
def get_application(world: World, call: Call) -> Json:
    return wire.application(world)


@routes.route("GET", "/gateway", needs_token=False)
def get_gateway(world: World, call: Call) -> Json:
    return {"url": world.gateway_url}


@routes.route("GET", "/gateway/bot")
def get_gateway_for_bot(world: World, call: Call) -> Json:
    limit = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 1}
    return {"url": world.gateway_url, "shards": 1, "session_start_limit": limit}


@routes.route("GET", "/users/@me/guilds")
def get_my_guilds(world: World, call: Call) -> list[Json]:
    rest = {"icon": None, "banner": None, "owner": False, "permissions": "0", "features": []}
    return [{"id": each["id"], "name": each["name"], **rest} for each in world.guilds.values()]


@routes.route("POST", "/users/@me/channels")
def open_dm(world: World, call: Call) -> Json:
    user_id = str(call.json.get("recipient_id"))
    if user_id not in world.users:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    return wire.public(world.dm(world.users[user_id]))


@routes.route("GET", "/users/{user}")
def get_user(world: World, call: Call, user: str) -> Json:
    if user not in world.users:
        raise unknown("User")
    return world.users[user]


@routes.route("GET", "/guilds/{guild}")
def get_guild(world: World, call: Call, guild: str) -> Json:
    return wire.public(world.known_guild(guild))


@routes.route("GET", "/guilds/{guild}/channels")
def get_channels(world: World, call: Call, guild: str) -> list[Json]:
    world.known_guild(guild)
    there = [each for each in world.channels.values() if each.get("guild_id") == guild]
    return [wire.public(each) for each in there if each["type"] not in THREADS]


@routes.route("GET", "/guilds/{guild}/roles")
def get_roles(world: World, call: Call, guild: str) -> list[Json]:
    return world.known_guild(guild)["roles"]


@routes.route("GET", "/guilds/{guild}/members/{user}")
def get_member(world: World, call: Call, guild: str, user: str) -> Json:
    known = world.known_guild(guild)
    if user not in known["_members"]:
        raise unknown("Member")
    return wire.member(world, known, user)
