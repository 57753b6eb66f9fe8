"""Routes of application commands, for everywhere and for one guild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback.constants import SLASH, Json
from tests.loopback.errors import ApiError, unknown
from tests.loopback.limits.commands import check_commands
from tests.loopback.limits.form import Form
from tests.loopback.rest.routes import NO_CONTENT, Call, Routes

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()

EVERYWHERE = "/applications/{app}/commands"
IN_GUILD = "/applications/{app}/guilds/{guild}/commands"


def table_of(world: World, app: str, guild: str | None) -> dict[str, Json]:
    if app != world.app_id:
        message = "You are not authorized to perform this action on this application"
        raise ApiError(403, 20012, message)
    if guild is not None:
        world.known_guild(guild)
    return world.commands.setdefault(guild, {})


@routes.route("PUT", EVERYWHERE)
@routes.route("PUT", IN_GUILD)
def overwrite(world: World, call: Call, app: str, guild: str | None = None) -> list[Json]:
    table = table_of(world, app, guild)
    if not isinstance(call.json, list):
        Form().reject((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    check_commands(Form(), call.json)
    world.overwrites_seen += 1
    commands = [stored(world, table, command, guild) for command in call.json]
    table.clear()
    table.update({command["id"]: command for command in commands})
    return commands


@routes.route("POST", EVERYWHERE)
@routes.route("POST", IN_GUILD)
def create(world: World, call: Call, app: str, guild: str | None = None) -> tuple[int, Json]:
    table = table_of(world, app, guild)
    check_commands(Form(), [call.json], overwrite=False)
    command = stored(world, table, call.json, guild)
    table[command["id"]] = command
    return 201, command


def stored(world: World, table: dict[str, Json], command: Json, guild: str | None) -> Json:
    """A command as Discord keeps it; one of the same kind and name keeps its id."""
    kind, name = command.get("type") or SLASH, command["name"]
    same = [each for each in table.values() if (each["type"], each["name"]) == (kind, name)]
    permissions = command.get("default_member_permissions")
    return {
        "id": same[0]["id"] if same else world.new_id(),
        "application_id": world.app_id,
        "version": world.new_id(),
        "default_member_permissions": None if permissions is None else str(permissions),
        "type": kind,
        "name": name,
        "name_localizations": command.get("name_localizations"),
        "description": command.get("description") or "",
        "description_localizations": command.get("description_localizations"),
        "nsfw": bool(command.get("nsfw")),
        "dm_permission": command.get("dm_permission", True),
        "contexts": command.get("contexts"),
        "integration_types": command.get("integration_types") or [0],
        "options": command.get("options") or [],
        **({"guild_id": guild} if guild else {}),
    }


@routes.route("GET", EVERYWHERE)
@routes.route("GET", IN_GUILD)
def list_commands(world: World, call: Call, app: str, guild: str | None = None) -> list[Json]:
    return list(table_of(world, app, guild).values())


@routes.route("GET", EVERYWHERE + "/{command}")
@routes.route("GET", IN_GUILD + "/{command}")
def get(world: World, call: Call, app: str, command: str, guild: str | None = None) -> Json:
    table = table_of(world, app, guild)
    if command not in table:
        raise unknown("application command")
    return table[command]


@routes.route("PATCH", EVERYWHERE + "/{command}")
@routes.route("PATCH", IN_GUILD + "/{command}")
def change(world: World, call: Call, app: str, command: str, guild: str | None = None) -> Json:
    changed = {**get(world, call, app, command, guild), **call.json}
    check_commands(Form(), [changed], overwrite=False)
    table_of(world, app, guild)[command] = changed
    return changed


@routes.route("DELETE", EVERYWHERE + "/{command}")
@routes.route("DELETE", IN_GUILD + "/{command}")
def delete(world: World, call: Call, app: str, command: str, guild: str | None = None) -> Any:
    get(world, call, app, command, guild)
    del table_of(world, app, guild)[command]
    return NO_CONTENT
