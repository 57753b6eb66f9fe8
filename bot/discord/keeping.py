"""The folder of articles is watched beside the connection: what comes is soon answered from."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from bot.commands.index import describe_counts
from bot.discord.following import tell_end
from bot.escape import clean_line
from bot.watching import Trouble, keep_indexed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.desk import Desk
    from bot.look import Look
    from bot.settings import BotSettings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def watching(settings: BotSettings, desk: Desk, seen: Look | None) -> AsyncIterator[None]:
    """Keep the index in line with the folder as long as this lasts, unless that is set otherwise.

    Args:
        settings: the bot's settings.
        desk: whose articles these are.
        seen: how the folder looked when it was last indexed, None where nobody knows.
    """
    if settings.watch == "false":
        yield
        return
    task = asyncio.create_task(_watch(settings, desk, seen), name="watching the articles")
    task.add_done_callback(tell_end)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


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
