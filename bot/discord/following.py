"""Beside the connection: when the index has changed, whoever writes it, people are told.

Announcements go to the channels that servers have chosen, corrections to answers that were posted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from bot.discord.announcements import announce
from bot.discord.changes import Changes
from bot.discord.corrections import Corrections, correct
from index.errors import PullquoteError

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 10.0
"""The writer of this process tells when it is done; others are found by looking."""


async def follow_index(bot: PullquoteBot) -> None:
    """Look now and then whether there is a new generation, and tell of it, until cancelled."""
    folder = bot.settings.library.folder
    changes, corrections = Changes(folder), Corrections(folder)
    complained = ""
    while True:
        bot.desk.published.clear()
        try:
            await asyncio.to_thread(_look, bot, changes)
            await correct(bot, changes, corrections)
            await announce(bot, changes)
        except PullquoteError as error:
            # Answers say as much; and when the index is there again, this goes on.
            if complained != (complained := str(error)):
                logger.warning("what is new cannot be told: %s", error)
        else:
            complained = ""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.desk.published.wait(), SECONDS_BETWEEN_LOOKS)


def _look(bot: PullquoteBot, changes: Changes) -> None:
    library = bot.desk.library
    generation = library.about().searched.generation
    if generation != changes.generation():
        changes.note(library.articles(), generation)


def tell_end(task: asyncio.Task[None]) -> None:
    """Say so when a task ends by itself that should not; the bot goes on without."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("%s has ended", task.get_name(), exc_info=error)
