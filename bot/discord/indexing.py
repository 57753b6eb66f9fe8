"""Reindexing from Discord: the writer runs in a process of its own, and tells how far it is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from bot.commands.index import describe_counts
from bot.discord.reports import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.discord.pages import Tone
    from index.settings import Settings

# Discord lets an answer be edited about five times in two seconds, and one watches it calmly.
SECONDS_BETWEEN_LINES = 1.5

STARTED = "Reading the articles …"
STEP = "Reading the articles … {done:,} of {total:,}"
FAILED = "The articles could not be read: {reason}"
SOME_FAILED = "Could not be read: {names}"
MOST_NAMED = 5


async def run_index(settings: Settings) -> AsyncIterator[tuple[str, Tone]]:
    """Reindex in a child process; yield where it is now and then, at last what it did.

    Raises:
        Refusal: it could not be done; the line says why.
    """
    yield STARTED, "waiting"
    process = await _start(settings)
    shown = time.monotonic()
    last: dict[str, Any] = {}
    output, complaints = process.stdout, process.stderr
    if output is None or complaints is None:
        raise Refusal(FAILED.format(reason="its output cannot be read"))
    reading = asyncio.create_task(complaints.read())
    try:
        async for line in output:
            last = json.loads(line)
            if "done" in last and time.monotonic() - shown > SECONDS_BETWEEN_LINES:
                shown = time.monotonic()
                yield STEP.format(**last), "waiting"
        errors = (await reading).decode(errors="replace")
        await process.wait()
    finally:
        reading.cancel()
        if process.returncode is None:
            process.terminate()
    if "generation" not in last:
        reason = errors.strip().rsplit("\n", 1)[-1].removeprefix("pullquote: ")
        raise Refusal(FAILED.format(reason=reason or f"status {process.returncode}"))
    yield describe_run(last), "warning" if last["failed"] else "fine"


async def _start(settings: Settings) -> asyncio.subprocess.Process:
    arguments = ["index", "--json", "--progress"]
    arguments += ["--corpus", str(settings.corpus), "--index", str(settings.folder)]
    return await asyncio.create_subprocess_exec(
        # -P: a folder named like one of our packages in the working directory is not ours.
        *(sys.executable, "-P", "-m", "bot", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"},
    )


def describe_run(summary: dict[str, Any]) -> str:
    """What a reindex did, from its JSON; files that failed are named, not more than a few."""
    line = describe_counts(summary)
    names = [failure["article"] for failure in summary["failures"]]
    if not names:
        return line
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{line} {SOME_FAILED.format(names=', '.join(names[:MOST_NAMED]) + more)}"
