"""Reindexing from Discord: the writer runs in a process of its own, and tells how far it is."""

from __future__ import annotations

import logging
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from bot.commands.index import describe_counts
from bot.discord.reports import Refusal
from bot.writer import WriterFailed, run_writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.pages import Tone
    from index.settings import Settings

logger = logging.getLogger(__name__)

# Discord lets an answer be edited about five times in two seconds, and one watches it calmly.
SECONDS_BETWEEN_LINES = 1.5

STARTED = "Reading the articles …"
STEP = "Reading the articles … {done:,} of {total:,}"
FAILED = "The articles could not be read; the log says why."
IN_USE = "The articles are being read already, by somebody else. Please try again in a minute."
SOME_FAILED = "Could not be read: {names}"
MOST_NAMED = 5


async def run_index(settings: Settings) -> AsyncIterator[tuple[str, Tone]]:
    """Reindex in a child process; yield where it is now and then, at last what it did.

    Raises:
        Refusal: it could not be done; the log says why, as that names folders of the machine.
    """
    yield STARTED, "waiting"
    told: dict[str, Any] = {}
    shown = time.monotonic()
    try:
        async with aclosing(run_writer(settings)) as running:
            async for told in running:
                if "done" in told and time.monotonic() - shown > SECONDS_BETWEEN_LINES:
                    shown = time.monotonic()
                    yield STEP.format(**told), "waiting"
    except WriterFailed as error:
        logger.error("reindexing failed: %s", error)  # noqa: TRY400 - no defect of ours
        raise Refusal(IN_USE if error.is_locked else FAILED) from error
    yield describe_run(told), "warning" if told["failed"] else "fine"


def describe_run(summary: dict[str, Any]) -> str:
    """What a reindex did, from its JSON; files that failed are named, not more than a few."""
    line = describe_counts(summary)
    names = [failure["article"] for failure in summary["failures"]]
    if not names:
        return line
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{line} {SOME_FAILED.format(names=', '.join(names[:MOST_NAMED]) + more)}"
