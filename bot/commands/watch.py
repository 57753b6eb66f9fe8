"""``pullquote watch``: keep the index in line with the folder of articles until stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from bot.escape import json_line
from bot.look import look_at
from bot.streams import emit, say, warn
from bot.watching import Published, Timing, Trouble, keep_indexed
from index.errors import CorpusError

if TYPE_CHECKING:
    from index.settings import Settings

COUNTS = ("new", "changed", "moved", "gone", "failed")


def run(*, settings: Settings, settle: float, polls: bool, as_json: bool) -> int:
    """Index now and whenever articles have changed, writing a line each time, until interrupted.

    Returns:
        0.
    """
    if look_at(settings.corpus) is None:
        raise CorpusError(
            f"no corpus folder that can be read at {settings.corpus}: create it for your articles"
        )
    say(f"watching {settings.corpus}; Ctrl-C ends it")
    asyncio.run(_watch(settings, Timing(settle=settle), polls=polls, as_json=as_json))
    return 0


async def _watch(settings: Settings, timing: Timing, *, polls: bool, as_json: bool) -> None:
    telling = asyncio.create_task(_tell_all(settings, timing, polls=polls, as_json=as_json))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, telling.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await telling


async def _tell_all(settings: Settings, timing: Timing, *, polls: bool, as_json: bool) -> None:
    async with aclosing(keep_indexed(settings, polls=polls, timing=timing)) as happenings:
        async for happening in happenings:
            if isinstance(happening, Trouble):
                warn(happening.line)
            else:
                _tell(happening, as_json=as_json)


def _tell(published: Published, *, as_json: bool) -> None:
    summary, now = published.summary, datetime.now().astimezone()
    for note in summary["notes"]:
        warn(note)
    for failure in summary["failures"]:
        warn(f"{failure['article']}: {failure['reason']}")
    if as_json:
        emit(json_line({"time": now.isoformat(timespec="seconds"), **summary}) + "\n", flush=True)
        return
    counts = (f"{summary[name]:,} {name}" for name in COUNTS)
    emit(f"{now:%H:%M:%S} {', '.join(counts)}, {summary['seconds']:.1f} s\n", flush=True)
