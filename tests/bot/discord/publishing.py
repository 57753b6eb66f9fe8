"""What a test does to articles that the running bot answers from, and how it waits for the bot."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.discord.changes import GENERATION, Changes
from bot.discord.corrections import CORRECTIONS
from index.open import open_library
from tests.bot.discord.stories import write_article

if TYPE_CHECKING:
    from tests.bot.discord.running import Stage

DAM = "Energy minister Paul Okoro said the new dam on the Sava would cost {} crowns."
LONGEST = 30.0


def publish(stage: Stage) -> None:
    """Index the folder as another process would."""
    library = open_library(stage.settings.library)
    list(library.reindex())
    library.close()


async def publish_and_tell(stage: Stage) -> None:
    """Index it, and say so as the bot's own writer does."""
    await asyncio.to_thread(publish, stage)
    stage.bot.desk.published.set()


async def look_again(stage: Stage) -> None:
    """Have the bot look whether there is anything to tell; all of it is told when this returns."""
    # That it begins a second time tells that it is done with the first.
    for _ in range(2):
        stage.bot.desk.published.set()
        end = time.monotonic() + LONGEST
        while stage.bot.desk.published.is_set():
            assert time.monotonic() < end, "it does not look"
            await asyncio.sleep(0.01)


def write_dam(stage: Stage, price: str, *more: str, name: str = "dam.md") -> None:
    """Write the article on the dam anew, with another price or, without one, without it."""
    write_article(
        stage.settings.library.corpus,
        name,
        *([DAM.format(price)] if price else []),
        *more,
        "Okoro said the villages below the dam would be moved before the winter.",
        "Work on the dam begins in April.",
        title="Minister names price of dam",
        outlet="National Courier",
        published="2023-03-02",
        url="https://example.org/dam",
    )


async def settled(stage: Stage) -> None:
    """Wait until the bot has looked at the articles as they are."""
    wanted = stage.library.about().searched.generation
    await _followed(stage, GENERATION, wanted)


async def corrected_all(stage: Stage) -> None:
    """Wait until the bot has corrected whatever quotes what has changed."""
    await settled(stage)
    changes = Changes(stage.settings.library.folder)
    await _followed(stage, CORRECTIONS, await asyncio.to_thread(changes.last_number))


async def _followed(stage: Stage, name: str, number: int) -> None:
    changes = Changes(stage.settings.library.folder)
    end = time.monotonic() + LONGEST
    while ((await asyncio.to_thread(changes.followed, name)) or (0,))[0] < number:
        assert time.monotonic() < end, f"{name} is not followed up to {number}"
        await asyncio.sleep(0.05)
