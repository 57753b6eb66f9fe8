"""Reindexing from Discord: the writer runs in a process of its own, and tells how far it is."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.commands.index import describe_counts
from bot.discord.reports import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.pages import Tone
    from index.settings import Settings

logger = logging.getLogger(__name__)

# Discord lets an answer be edited about five times in two seconds, and one watches it calmly.
SECONDS_BETWEEN_LINES = 1.5

# The last line names every file that failed, however many there are.
LONGEST_LINE = 64 * 1024 * 1024

# Whatever interrupts the writer, it leaves the index usable, and is soon gone.
SECONDS_TO_END = 5.0

STARTED = "Reading the articles …"
STEP = "Reading the articles … {done:,} of {total:,}"
FAILED = "The articles could not be read; the log says why."
IN_USE = "The articles are being read already, by somebody else. Please try again in a minute."
SOME_FAILED = "Could not be read: {names}"
MOST_NAMED = 5

# What the writer says when another one is at it, of which it names the folder.
OTHER_WRITER = "another process is indexing"


async def run_index(settings: Settings) -> AsyncIterator[tuple[str, Tone]]:
    """Reindex in a child process; yield where it is now and then, at last what it did.

    Raises:
        Refusal: it could not be done; the log says why, as that names folders of the machine.
    """
    yield STARTED, "waiting"
    last: dict[str, Any] = {}
    async with _writer(settings) as (process, output, complaints):
        shown = time.monotonic()
        async for line in output:
            last = json.loads(line)
            if "done" in last and time.monotonic() - shown > SECONDS_BETWEEN_LINES:
                shown = time.monotonic()
                yield STEP.format(**last), "waiting"
        errors = (await complaints).decode(errors="replace")
        await process.wait()
    if "generation" not in last:
        logger.error("reindexing ended with %s: %s", process.returncode, errors.strip())
        raise Refusal(IN_USE if OTHER_WRITER in errors else FAILED)
    yield describe_run(last), "warning" if last["failed"] else "fine"


@asynccontextmanager
async def _writer(
    settings: Settings,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.Task[bytes]]]:
    """Start the writer; give it, what it tells, and what it complains of; end it afterwards."""
    process = await _start(settings)
    output, errors = process.stdout, process.stderr
    if output is None or errors is None:
        raise Refusal(FAILED)
    # Read at the same time: a full pipe would stop it.
    complaints = asyncio.create_task(errors.read())
    try:
        yield process, output, complaints
    finally:
        complaints.cancel()
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), SECONDS_TO_END)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _start(settings: Settings) -> asyncio.subprocess.Process:
    arguments = ["index", "--json", "--progress"]
    arguments += ["--corpus", str(settings.corpus), "--index", str(settings.folder)]
    return await asyncio.create_subprocess_exec(
        # -P: a folder named like one of our packages in the working directory is not ours.
        *(sys.executable, "-P", "-m", "bot", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        env={name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"},
    )


def describe_run(summary: dict[str, Any]) -> str:
    """What a reindex did, from its JSON; files that failed are named, not more than a few."""
    line = describe_counts(summary)
    names = [failure["article"] for failure in summary["failures"]]
    if not names:
        return line
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{line} {SOME_FAILED.format(names=', '.join(names[:MOST_NAMED]) + more)}"
