"""What people wrote in Discord → plain words: mentions go by names, emoji are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Readable = discord.Message | discord.MessageSnapshot

_PERSON = re.compile(r"<@!?(\d+)>")
# Channels, roles, a server's own emoji, commands, times and pages of the server.
_SIGN = re.compile(
    r"<(?:[@#]&?\d+|a?:\w+:\d+|/[^<>:]+:\d+|t:-?\d+(?::[A-Za-z])?|id:[a-z-]+(?::\d+)?)>"
)


def words_of(text: str, names: Mapping[int, str]) -> str:
    """``text`` with the ``names`` of people by their ids; of what else Discord draws, nothing.

    Lines stay lines.
    """
    named = _PERSON.sub(lambda found: names.get(int(found[1]), ""), text)
    return "\n".join(" ".join(line.split()) for line in _SIGN.sub(" ", named).splitlines())


def names_in(message: discord.Message) -> dict[int, str]:
    """The people whom a message mentions, by their ids."""
    return {person.id: person.display_name for person in message.mentions}


def statements_of(message: discord.Message) -> str:
    """All that can be read in a message: what was written, forwarded, linked or laid out."""
    everything: tuple[Readable, ...] = (message, *message.message_snapshots)
    text = "\n".join(part for each in everything for part in _parts(each) if part)
    return words_of(text, names_in(message)).strip()


def _parts(message: Readable) -> Iterator[str | None]:
    yield message.content
    for embed in message.embeds:
        yield from (embed.title, embed.description)
        for field in embed.fields:
            yield from (field.name, field.value)
    yield from _laid_out(message.components)


def _laid_out(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _laid_out(getattr(component, "children", ()))
