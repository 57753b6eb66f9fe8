"""Feeds are read whenever one is due, beside whatever else this process does.

Reading waits for the network, so it has a thread of its own. That one is never waited for long: a
pass over feeds may be ended at any moment, and goes on where it was. What it takes is saved into
the folder of articles, where the watch finds it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.watching import Trouble
from index.errors import PullquoteError

if TYPE_CHECKING:
    from bot.intake.poll import FeedReport
    from bot.intake.take import Taken
    from bot.settings import IntakeSettings

SECONDS_BETWEEN_LOOKS = 20.0
"""Between two looks at which feeds are due: so soon one that was added elsewhere is noticed."""

# What is fetched at the moment of stopping may take half a minute more; it is left behind then.
SECONDS_TO_END, LOOKS = 3.0, 60

ENDED = "feeds are no longer read, until this is started anew"


async def keep_fed(
    settings: IntakeSettings, *, between_looks: float = SECONDS_BETWEEN_LOOKS
) -> AsyncGenerator[FeedReport | Trouble, None]:
    """Read the feeds that are due, now and from now on; yield what is new, and what is wrong.

    Nothing is fetched while there is no feed. Each trouble is told once, until it is another one.

    Args:
        settings: where the articles are, and the feeds that a setting names.
        between_looks: seconds between two looks at which feeds are due.
    """
    loop, stop, news = asyncio.get_running_loop(), threading.Event(), News()
    told: asyncio.Queue[FeedReport | Trouble | None] = asyncio.Queue()

    def tell(one: FeedReport | Trouble | None) -> None:
        # A thread that was left behind has nobody to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(told.put_nowait, one)

    thread = threading.Thread(
        target=_read_on, args=(settings, stop, tell, between_looks), name="feeds", daemon=True
    )
    thread.start()
    try:
        while (one := await told.get()) is not None:
            if sifted := news.sift(one):
                yield sifted
        yield Trouble(line=ENDED)
    finally:
        stop.set()
        await _let_end(thread)


async def _let_end(thread: threading.Thread) -> None:
    for _ in range(LOOKS):
        if not thread.is_alive():
            return
        await asyncio.sleep(SECONDS_TO_END / LOOKS)


def _read_on(
    settings: IntakeSettings,
    stop: threading.Event,
    tell: Callable[[FeedReport | Trouble | None], None],
    between_looks: float,
) -> None:
    """Read what is due again and again until told to stop, and tell what came of it; None last."""
    from bot.intake.poll import Poller

    try:
        poller = Poller(settings.library, allowed_hosts=settings.allowed_hosts, stop=stop)
        while not stop.is_set():
            try:
                if poller.seconds_until_due(settings.feeds) == 0:
                    for report in poller.poll(settings.feeds):
                        tell(report)
            except (PullquoteError, OSError) as error:
                tell(Trouble(line=f"feeds cannot be read: {error}; it is tried again"))
            stop.wait(between_looks)
    finally:
        tell(None)


class News:
    """Knows what was told already: what fails is tried again and again, and told once."""

    def __init__(self) -> None:
        self._trouble = ""
        self._problems: dict[str, str | None] = {}
        self._reasons: dict[tuple[str, str], str | None] = {}

    def sift(self, told: FeedReport | Trouble) -> FeedReport | Trouble | None:
        """What of it is to be told, None for nothing; it counts as told from then on."""
        if isinstance(told, Trouble):
            before, self._trouble = self._trouble, told.line
            return None if before == told.line else told
        self._trouble = ""
        if told.state == "busy":
            return None
        was_problem = self._problems.get(told.address)
        self._problems[told.address] = told.problem
        taken = tuple(one for one in told.taken if self._is_new(told.address, one))
        return replace(told, taken=taken) if taken or was_problem != told.problem else None

    def _is_new(self, feed: str, taken: Taken) -> bool:
        """Whether it came, or was not taken for a reason that was not told of it."""
        if taken.outcome not in {"refused", "failed"}:
            return taken.outcome in {"added", "changed"}
        before = self._reasons.get((feed, taken.title))
        self._reasons[feed, taken.title] = taken.reason
        return before != taken.reason
