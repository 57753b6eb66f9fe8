"""The folder of articles is watched, and feeds read, beside the connection.

What comes is soon answered from: a feed's article is saved into the folder, where the watch finds
it. Without the watch nothing comes in by itself, from feeds neither.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.feeds import describe_report, describe_untaken
from bot.commands.index import describe_counts
from bot.discord.following import tell_end
from bot.escape import clean_line
from bot.feeding import keep_fed
from bot.intake.addresses import show_address
from bot.watching import Trouble, keep_indexed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from bot.discord.desk import Desk
    from bot.intake.poll import FeedReport
    from bot.look import Look
    from bot.settings import BotSettings, IntakeSettings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def watching(settings: BotSettings, desk: Desk, seen: Look | None) -> AsyncIterator[None]:
    """Read feeds and keep the index in line with the folder, unless that is set otherwise.

    It goes on as long as this lasts.

    Args:
        settings: the bot's settings.
        desk: whose articles these are.
        seen: how the folder looked when it was last indexed, None where nobody knows.
    """
    if settings.watch == "false":
        if await asyncio.to_thread(has_feeds, settings.intake):
            logger.info("feeds are not read, as PULLQUOTE_WATCH is false")
        yield
        return
    async with AsyncExitStack() as running:
        for work, name in (
            (_watch(settings, desk, seen), "watching the articles"),
            (_feed(settings.intake), "reading the feeds"),
        ):
            await running.enter_async_context(_beside(work, name))
        yield


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None], name: str) -> AsyncIterator[None]:
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(tell_end)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


def has_feeds(settings: IntakeSettings) -> bool:
    """Whether any feed is on the list or named by a setting; blocks."""
    from bot.intake.feed_state import FeedState

    return bool(FeedState(settings.library.folder).feeds(settings.feeds))


async def _watch(settings: BotSettings, desk: Desk, seen: Look | None) -> None:
    polls = settings.watch == "poll"
    happenings = keep_indexed(settings.library, seen=seen, turn=desk.writing, polls=polls)
    async with aclosing(happenings):
        async for happening in happenings:
            if isinstance(happening, Trouble):
                logger.warning("%s", clean_line(happening.line))
                continue
            desk.published.set()
            logger.info("%s", describe_counts(happening.summary))
            for failure in happening.summary["failures"]:
                line = clean_line(f"{failure['article']}: {failure['reason']}")
                logger.warning("%s", line)


async def _feed(settings: IntakeSettings) -> None:
    async with aclosing(keep_fed(settings)) as happenings:
        async for happening in happenings:
            if isinstance(happening, Trouble):
                logger.warning("%s", clean_line(happening.line))
            else:
                _log_feed(happening)


def _log_feed(report: FeedReport) -> None:
    # What follows a "?" in an address may be a key, which belongs into no log.
    named = replace(report, title=report.title or show_address(report.address))
    level = logging.WARNING if report.state == "failed" else logging.INFO
    logger.log(level, "%s", describe_report(named))
    for line in describe_untaken(named):
        logger.info("%s", clean_line(line))
