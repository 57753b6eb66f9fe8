"""Limits of application commands: names, descriptions, options, choices, sizes and numbers."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

from tests.loopback.constants import MESSAGE_MENU, SLASH, USER_MENU, Json
from tests.loopback.errors import ApiError
from tests.loopback.limits.form import Form, Keys

SUBCOMMAND, SUBCOMMAND_GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 6, 7, 8, 9, 10, 11
"""Kinds of option."""

NESTED = (SUBCOMMAND, SUBCOMMAND_GROUP)
MOST = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}


def check_commands(form: Form, commands: list[Json], *, overwrite: bool = True) -> None:
    """Check the commands of one scope; their errors stand under their place when overwriting."""
    seen: set[tuple[int, Any]] = set()
    for place, command in enumerate(commands):
        keys = (place,) if overwrite else ()
        key = (command.get("type") or SLASH, command.get("name"))
        if key in seen:
            message = "Application command names must be unique"
            form.add((*keys, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
        check = check_slash if key[0] == SLASH else check_menu
        check(form, keys, command)
    form.check()
    counts = Counter(command.get("type") or SLASH for command in commands)
    for kind, most in MOST.items():
        if counts[kind] > most:
            raise ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")


def check_menu(form: Form, keys: Keys, command: Json) -> None:
    form.text((*keys, "name"), command.get("name"), 1, 32)
    if command.get("description"):
        code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_FORBIDDEN"
        form.add((*keys, "description"), code, "Context menu commands cannot have description")


def check_slash(form: Form, keys: Keys, command: Json) -> None:
    size = check_named(form, keys, command)
    size += check_options(form, (*keys, "options"), command.get("options"), depth=0)
    if size > 8000:
        message = "Command exceeds maximum size (8000)"
        form.add(keys, "APPLICATION_COMMAND_TOO_LARGE", message)


def check_named(form: Form, keys: Keys, named: Json) -> int:
    """Check the name and description of a command or option; return their length together."""
    name, description = named.get("name"), named.get("description")
    if not is_command_name(name):
        form.add((*keys, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    form.text((*keys, "description"), description, 1, 100)
    return len(name or "") + len(description or "")


def is_command_name(name: Any) -> bool:
    if not isinstance(name, str) or not 1 <= len(name) <= 32 or name != name.lower():
        return False
    return all(is_command_letter(letter) for letter in name)


def is_command_letter(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return unicodedata.name(letter, "").split(" ")[0] in ("DEVANAGARI", "THAI")


def check_options(form: Form, keys: Keys, options: Any, depth: int) -> int:
    """Check options and what is nested in them; return the length of their texts."""
    size, optional, seen = 0, False, set()
    for place, option in enumerate(form.items(keys, options, 0, 25)):
        inner, kind = (*keys, place), option.get("type")
        size += check_named(form, inner, option)
        if option.get("name") in seen:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            form.add(inner, code, "Option name already exists")
        seen.add(option.get("name"))
        form.one_of((*inner, "type"), kind, tuple(range(1, 12)))
        if kind in NESTED:
            if depth > (1 if kind == SUBCOMMAND else 0):
                code = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
                form.add((*inner, "type"), code, "Sub-command option cannot be nested here")
            size += check_options(form, (*inner, "options"), option.get("options"), depth + 1)
            continue
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            message = "Required options must be placed before non-required options"
            form.add(inner, code, message)
        optional = optional or not option.get("required")
        size += check_value(form, inner, option)
    return size


def check_value(form: Form, keys: Keys, option: Json) -> int:
    """Check what an option takes; return the length of its choices."""
    choices = option.get("choices")
    check_choices(form, (*keys, "choices"), choices, option.get("type"))
    if option.get("autocomplete") and choices:
        code = "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_NOT_ALLOWED_WITH_CHOICES"
        form.add((*keys, "autocomplete"), code, "Autocomplete cannot be used with choices")
    form.integer((*keys, "min_length"), option.get("min_length"), 0, 6000)
    form.integer((*keys, "max_length"), option.get("max_length"), 1, 6000)
    return sum(len(str(each.get("name"))) + len(str(each.get("value"))) for each in choices or [])


def check_choices(form: Form, keys: Keys, choices: Any, kind: int | None) -> None:
    """Check the choices of an option, or those an autocomplete offers."""
    for place, choice in enumerate(form.items(keys, choices, 0, 25)):
        inner, value = (*keys, place, "value"), choice.get("value")
        form.text((*keys, place, "name"), choice.get("name"), 1, 100)
        if kind == STRING:
            form.text(inner, value, 1, 100)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            form.add(inner, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
