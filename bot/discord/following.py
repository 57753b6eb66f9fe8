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
    from types import TracebackType

    from bot.discord.client import PullquoteBot

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 10.0
"""The writer of this process tells when it is done; others are found by looking."""


async def follow_index(bot: PullquoteBot) -> None:
    """Look now and then whether there is a new generation, and tell of it, until cancelled."""
    changes, looked = Changes(bot.settings.library.folder), asyncio.Event()
    # Corrections take a second each, and may be thousands: no news waits for them.
    correcting = asyncio.create_task(
        _keep_correcting(bot, changes, looked), name="correcting answers"
    )
    correcting.add_done_callback(tell_end)
    try:
        await _keep_telling(bot, changes, looked)
    finally:
        correcting.cancel()


async def _keep_telling(bot: PullquoteBot, changes: Changes, looked: asyncio.Event) -> None:
    complaints = Complaints()
    while True:
        bot.desk.published.clear()
        with complaints:
            await asyncio.to_thread(_look, bot, changes)
            looked.set()
            await announce(bot, changes)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bot.desk.published.wait(), SECONDS_BETWEEN_LOOKS)


async def _keep_correcting(bot: PullquoteBot, changes: Changes, looked: asyncio.Event) -> None:
    corrections, complaints = Corrections(bot.settings.library.folder), Complaints()
    while True:
        await looked.wait()
        looked.clear()
        with complaints:
            await correct(bot, changes, corrections)


class Complaints:
    """A block in which the index may be out of order, of which the log tells once.

    Answers say as much; and when the index is there again, all goes on.
    """

    def __init__(self) -> None:
        self._last = ""

    def __enter__(self) -> None:
        """Begin it, any number of times."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        before, self._last = self._last, str(error or "")
        if not isinstance(error, PullquoteError):
            return False
        if self._last != before:
            logger.warning("what is new cannot be told: %s", error)
        return True


def _look(bot: PullquoteBot, changes: Changes) -> None:
    library = bot.desk.library
    generation = library.about().searched.generation
    if generation != changes.generation():
        changes.note(library.articles(), generation)


def tell_end(task: asyncio.Task[None]) -> None:
    """Say so when a task ends by itself that should not; the bot goes on without."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("%s has ended", task.get_name(), exc_info=error)
