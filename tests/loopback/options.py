"""What a person types and picks, checked as a client does and turned into what it sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.loopback import posts, wire
from tests.loopback.constants import SLASH, Json, Upload
from tests.loopback.errors import NotVisible
from tests.loopback.limits.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NESTED,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from tests.loopback.limits.components import (
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOXES,
    LABEL,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
    UPLOAD,
    USER_SELECT,
)
from tests.loopback.permissions import EVERYONE, PERMISSIONS

if TYPE_CHECKING:
    from tests.loopback.world import World

OPTION_OF_SELECT = {
    USER_SELECT: USER,
    ROLE_SELECT: ROLE,
    MENTIONABLE_SELECT: MENTIONABLE,
    CHANNEL_SELECT: CHANNEL,
}


def check_may_use(world: World, command: Json, user: Json, channel: Json) -> None:
    """Whether a client offers the command to this user here."""
    name, contexts = f"/{command['name']}", command.get("contexts")
    if "guild_id" not in channel:
        no_dm = command.get("dm_permission") is False if contexts is None else 1 not in contexts
        if command.get("guild_id") or no_dm:
            raise NotVisible(f"{name} is not offered in DMs")
        return
    if contexts is not None and 0 not in contexts:
        raise NotVisible(f"{name} is not offered in guilds")
    needed = command.get("default_member_permissions")
    has = world.permissions(user["id"], channel)
    is_administrator = has & PERMISSIONS["administrator"]
    # "0" hides it from everybody else.
    lacks = needed is not None and (int(needed) == 0 or has & int(needed) != int(needed))
    if lacks and not is_administrator:
        raise NotVisible(f"{name} is hidden from {user['username']} by its permissions")
    if not has & PERMISSIONS["use_application_commands"]:
        raise NotVisible(f"{user['username']} may not use application commands here")


def find_command(world: World, name: str, kind: int = SLASH, guild_id: str | None = None) -> Json:
    for scope in (guild_id, None):
        for command in world.commands.get(scope, {}).values():
            if (command["name"], command["type"]) == (name, kind):
                return command
    known = sorted(each["name"] for table in world.commands.values() for each in table.values())
    raise NotVisible(f"no command {name!r}; registered: {known}")


@dataclass(kw_only=True, slots=True)
class Values:
    """Turns what a person gives into what is sent; `resolved` gathers what ids stand for."""

    world: World
    channel: Json
    resolved: Json = field(default_factory=dict)

    def value(self, option: Json, given: Any, *, partial: bool = False) -> Any:
        """The value of an option; a partial one is still being typed and not checked."""
        kind = option["type"]
        if kind == STRING:
            return self.string(option, given, partial=partial)
        if kind in (INTEGER, NUMBER, BOOLEAN):
            return given if partial else self.number(option, given)
        if kind == USER or (kind == MENTIONABLE and "username" in given):
            return self.user(given)
        if kind == CHANNEL:
            given = self.world.channel(given)
            return self.resolve("channels", {**wire.public(given), "permissions": str(EVERYONE)})
        return self.attachment(given) if kind == ATTACHMENT else self.resolve("roles", given)

    def resolve(self, kind: str, thing: Json) -> str:
        self.resolved.setdefault(kind, {})[thing["id"]] = thing
        return thing["id"]

    def string(self, option: Json, given: Any, *, partial: bool) -> str:
        name, choices = option["name"], option.get("choices")
        if not isinstance(given, str):
            raise NotVisible(f"option {name} takes text")
        if partial:
            return given
        if choices:
            values = [each["value"] for each in choices if given in (each["value"], each["name"])]
            if not values:
                names = [each["name"] for each in choices]
                raise NotVisible(f"option {name}: {given!r} is not among the choices {names}")
            given = values[0]
        if not (option.get("min_length") or 0) <= len(given) <= (option.get("max_length") or 6000):
            raise NotVisible(f"option {name}: the client refuses {len(given)} characters")
        return given

    def number(self, option: Json, given: Any) -> float:
        if option["type"] == BOOLEAN:
            return bool(given)
        name, kinds = option["name"], int if option["type"] == INTEGER else (int, float)
        if isinstance(given, bool) or not isinstance(given, kinds):
            raise NotVisible(f"option {name} takes a number")
        low, high = option.get("min_value"), option.get("max_value")
        if (low is not None and given < low) or (high is not None and given > high):
            raise NotVisible(f"option {name}: {given} is out of range")
        choices = [each["value"] for each in option.get("choices") or []]
        if choices and given not in choices:
            raise NotVisible(f"option {name}: {given} is not among the choices")
        return given

    def user(self, user: Json) -> str:
        guild = self.world.guilds.get(self.channel.get("guild_id", ""))
        if guild and user["id"] in guild["_members"]:
            member = {**guild["_members"][user["id"]], "permissions": "0"}
            del member["deaf"], member["mute"]
            self.resolved.setdefault("members", {})[user["id"]] = member
        return self.resolve("users", user)

    def attachment(self, given: bytes | tuple[str, bytes]) -> str:
        name, blob = given if isinstance(given, tuple) else ("file.bin", given)
        files = {0: Upload(name, blob)}
        [stored] = posts.attach(self.world, {"id": "0"}, {}, files, ephemeral=True)
        return self.resolve("attachments", stored)

    # Select menus and modals

    def selected(self, menu: Json, given: list[Any]) -> list[str]:
        """The values of a select menu, of which a person sees the labels."""
        low, high = menu.get("min_values"), menu.get("max_values")
        low, high = 1 if low is None else low, 1 if high is None else high
        if not low <= len(given) <= high:
            raise NotVisible(f"the select takes {low} to {high} values")
        if menu["type"] != STRING_SELECT:
            option = {"type": OPTION_OF_SELECT[menu["type"]], "name": "select"}
            return [self.value(option, each) for each in given]
        values = {each["value"]: each["value"] for each in menu["options"]}
        values |= {each["label"]: each["value"] for each in menu["options"]}
        if missing := [each for each in given if each not in values]:
            labels = [each["label"] for each in menu["options"]]
            raise NotVisible(f"no such option {missing}; there are {labels}")
        return [values[each] for each in given]

    def filled(self, modal: Json, given: Json) -> list[Json]:
        """The components of a modal as they are sent, filled in by custom_id or label."""
        used: set[Any] = set()
        sent = []
        for component in modal["components"]:
            shell = {"type": component["type"], "id": component.get("id", 0)}
            if component["type"] == ROW:
                inner = component["components"]
                shell["components"] = [self.field(each, None, given, used) for each in inner]
            elif component["type"] == LABEL:
                label = component["label"]
                shell["component"] = self.field(component["component"], label, given, used)
            sent.append(shell)
        if set(given) - used:
            raise NotVisible(f"the modal has no field {set(given) - used}")
        return sent

    def field(self, component: Json, label: str | None, given: Json, used: set[Any]) -> Json:
        names = (component["custom_id"], component.get("label"), label)
        name = next((each for each in names if each in given), None)
        used.add(name)
        default = component.get("value", component.get("default"))
        value = default if name is None else given[name]
        kind, required = component["type"], component.get("required", True)
        sent = {key: component.get(key, 0) for key in ("type", "id", "custom_id")}
        if kind == TEXT_INPUT:
            return sent | {"value": typed(component, value, required=required)}
        if kind in SELECTS:
            chosen = [] if value is None else value if isinstance(value, list) else [value]
            low = component.get("min_values", 1) if required or chosen else 0
            return sent | {"values": self.selected({**component, "min_values": low}, chosen)}
        if kind == UPLOAD:
            return sent | {"values": [self.attachment(each) for each in value or []]}
        if kind == CHECKBOXES:
            return sent | {"values": list(value or [])}
        return sent | {"value": bool(value) if kind == CHECKBOX else value}


def typed(component: Json, value: Any, *, required: bool) -> str:
    """The text of an input, if the client lets it pass."""
    name, text = component["custom_id"], "" if value is None else str(value)
    if required and not text:
        raise NotVisible(f"the modal demands {name!r}")
    low, high = component.get("min_length") or 0, component.get("max_length") or 4000
    if text and not low <= len(text) <= high:
        raise NotVisible(f"the modal refuses {len(text)} characters in {name!r}")
    return text


def find_leaf(command: Json, path: list[str]) -> tuple[Json, list[Json]]:
    """The (sub)command that takes options, and the subcommands on the way to it."""
    node, way = command, []
    for part in path:
        nested = [each for each in node.get("options") or [] if each["type"] in NESTED]
        node = next((each for each in nested if each["name"] == part), None)
        if node is None:
            raise NotVisible(f"no subcommand {part!r} of /{command['name']}")
        way.append(node)
    names = [each["name"] for each in node.get("options") or [] if each["type"] in NESTED]
    if names:
        raise NotVisible(f"/{' '.join([command['name'], *path])} needs a subcommand: {names}")
    return node, way


def command_data(
    world: World, name: str, given: Json, channel: Json, *, focus: str | None = None
) -> tuple[Json, Json, Json]:
    """The command, what the client sends for it, and its options by name.

    `focus` is the option still being typed, for autocomplete.
    """
    first, *path = name.strip("/").split(" ")
    command = find_command(world, first, SLASH, channel.get("guild_id"))
    node, way = find_leaf(command, path)
    options = {each["name"]: each for each in node.get("options") or []}
    if strange := set(given) - set(options):
        raise NotVisible(f"/{name} has no option {strange}; it has {list(options)}")
    given = {key: value for key, value in given.items() if value is not None}
    required = {key for key, option in options.items() if option.get("required")}
    if focus is None and required - set(given):
        raise NotVisible(f"/{name}: the client demands {required - set(given)}")
    values = Values(world=world, channel=channel)
    sent = []
    for key, value in given.items():
        sent_value = values.value(options[key], value, partial=key == focus)
        item = {"name": key, "type": options[key]["type"], "value": sent_value}
        sent.append(item | ({"focused": True} if key == focus else {}))
    for each in reversed(way):
        sent = [{"name": each["name"], "type": each["type"], "options": sent}]
    data = {"id": command["id"], "name": command["name"], "type": SLASH, "options": sent}
    data |= {"guild_id": command["guild_id"]} if command.get("guild_id") else {}
    data |= {"resolved": values.resolved} if values.resolved else {}
    return command, data, options
