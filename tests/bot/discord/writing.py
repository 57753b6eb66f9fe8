"""Answers that a language model writes on, and what is read in them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.bot.discord.running import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bot.discord.running import Stage
    from tests.loopback import Message

COST = "How much will the dam cost?"
PRICE = "Energy minister Paul Okoro said the new dam on the Sava would cost 3.2 billion crowns."
WHOSE = "Written by a language model from the quotes below"

LONGEST = 20.0


async def done(stage: Stage) -> None:
    """Wait until nothing more is written."""
    assert stage.bot.desk.writings
    begun = time.monotonic()
    await stage.bot.desk.writings.finish(LONGEST)
    assert time.monotonic() - begun < LONGEST


def versions(message: Message) -> list[str]:
    """All that has ever stood in a message, the first answer first."""
    texts = [
        "\n".join(one["content"] for one in _walk(data["components"]) if "content" in one)
        for _, data in message.history
    ]
    return [text for text in texts if text]


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from _walk(one.get("components", []))


def prose_of(message: Message) -> str:
    """What stands between the question and the line that says whose words it is."""
    lines = read(message).splitlines()
    places = [place for place, line in enumerate(lines) if line.startswith(WHOSE)]
    return lines[places[0] - 1] if places else ""


def rest_of(message: Message) -> list[str]:
    """The lines of a message that are no prose."""
    prose = prose_of(message)
    lines = read(message).splitlines()
    return [line for line in lines if line != prose and not line.startswith(WHOSE)]
