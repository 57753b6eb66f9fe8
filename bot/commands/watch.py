"""``pullquote watch``: keep the index in line with the folder of articles until stopped.

Feeds are read meanwhile: what is new in them comes into that folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from bot.commands.feeds import describe_report, describe_untaken, report_to_json
from bot.escape import json_line
from bot.feeding import keep_fed
from bot.look import look_at
from bot.streams import emit, say, warn
from bot.watching import Published, Timing, Trouble, keep_indexed
from index.errors import CorpusError

if TYPE_CHECKING:
    from bot.intake.poll import FeedReport
    from bot.settings import IntakeSettings

COUNTS = ("new", "changed", "moved", "gone", "failed")


def run(*, settings: IntakeSettings, settle: float, polls: bool, as_json: bool) -> int:
    """Index now and whenever articles have changed, writing a line each time, until interrupted.

    Returns:
        0.
    """
    corpus = settings.library.corpus
    if look_at(corpus) is None:
        raise CorpusError(
            f"no corpus folder that can be read at {corpus}: create it for your articles"
        )
    say(f"watching {corpus}; Ctrl-C ends it")
    asyncio.run(_watch(settings, Timing(settle=settle), polls=polls, as_json=as_json))
    return 0


async def _watch(settings: IntakeSettings, timing: Timing, *, polls: bool, as_json: bool) -> None:
    telling = asyncio.gather(
        _tell_all(settings, timing, polls=polls, as_json=as_json),
        _tell_feeds(settings, as_json=as_json),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, telling.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await telling


async def _tell_all(
    settings: IntakeSettings, timing: Timing, *, polls: bool, as_json: bool
) -> None:
    async with aclosing(keep_indexed(settings.library, polls=polls, timing=timing)) as happenings:
        async for happening in happenings:
            if isinstance(happening, Trouble):
                warn(happening.line)
            else:
                _tell(happening, as_json=as_json)


async def _tell_feeds(settings: IntakeSettings, *, as_json: bool) -> None:
    async with aclosing(keep_fed(settings)) as happenings:
        async for happening in happenings:
            if isinstance(happening, Trouble):
                warn(happening.line)
            else:
                _tell_feed(happening, as_json=as_json)


def _tell_feed(report: FeedReport, *, as_json: bool) -> None:
    now = datetime.now().astimezone()
    if as_json:
        told = {"time": now.isoformat(timespec="seconds"), **report_to_json(report)}
        emit(json_line(told) + "\n", flush=True)
        return
    if report.state == "failed":
        warn(describe_report(report))
    else:
        emit(f"{now:%H:%M:%S} {describe_report(report)}\n", flush=True)
    for line in describe_untaken(report):
        warn(line)


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
