"""The folder of articles is watched, and the index kept in line with it while people ask.

What counts is how the folder looks, compared with how it looked when it was last indexed. The
operating system's word that something has changed only says that it is time to look: where none
comes, as from most network folders, it is looked at every few seconds all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.look import look_at
from bot.writer import WriterFailed, ready_writer
from index.catalog import needs_index
from index.errors import PullquoteError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from watchfiles import Change

    from bot.look import Look
    from index.settings import Settings

logger = logging.getLogger(__name__)

# Milliseconds: how soon a change is told after it, at most how many are told of together.
STEP, TOGETHER = 100, 400

# So long may the operating system be silent; then it is asked anew, whatever it said.
MILLISECONDS_OF_SILENCE = 1_000

SECONDS_UNTIL_BACK = 1.0
"""Between two tries to listen to a folder that is not there."""

# Another writer is soon done, or it is a long work that is better waited for than asked after.
SECONDS_FOR_OTHERS = 30.0

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

GONE = "the folder of articles is gone; what was indexed stays until it is back"


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Seconds.

    Attributes:
        settle: for so long nothing must have changed before the folder is read.
        longest: after so long it is read in any case: a file may grow for ever.
        between_looks: when nothing is heard.
    """

    settle: float = 1.0
    longest: float = 30.0
    between_looks: float = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What a run of the writer brought, as ``index --json`` tells it."""

    summary: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What keeps the index from being brought in line, for whoever runs this; it is tried again."""

    line: str


async def keep_indexed(
    settings: Settings,
    *,
    seen: Look | None = None,
    turn: asyncio.Lock | None = None,
    polls: bool = False,
    timing: Timing | None = None,
) -> AsyncGenerator[Published | Trouble, None]:
    """Index the folder whenever it has changed and settled; yield what is new, and what is wrong.

    Each trouble is told once, however often the writer is tried again.

    Args:
        settings: where the articles and the index are.
        seen: how the folder looked when it was last indexed, None where nobody knows.
        turn: held by whoever runs the writer in this process.
        polls: looks for changes itself, as the operating system tells of none.
        timing: how long to wait.
    """
    turn = turn or asyncio.Lock()
    told, pause = "", FIRST_PAUSE
    failures: list[dict[str, str]] | None = None
    async with Watch(settings.corpus, polls=polls, timing=timing or Timing()) as watch:
        while True:
            if not await watch.wait_stirred(seen, partial(_is_wanting, settings)):
                yield Trouble(line=GONE)
                continue
            try:
                look, summary = await _write(settings, watch, seen, turn)
            except WriterFailed as error:
                if told != (told := str(error)):
                    yield Trouble(line=f"{told}; it is tried again")
                await watch.rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            seen, told, pause = look, "", FIRST_PAUSE
            if summary and (_has_news(summary) or summary["failures"] != failures):
                failures = summary["failures"]
                yield Published(summary=summary)


async def _write(
    settings: Settings, watch: Watch, seen: Look | None, turn: asyncio.Lock
) -> tuple[Look | None, dict[str, Any] | None]:
    """Run the writer once the folder has settled: what it looked like, and the summary.

    The writer gets ready meanwhile. There is no summary when all is as it was after all.
    """
    async with ready_writer(settings, wait=SECONDS_FOR_OTHERS) as writer:
        look = await watch.settle(seen)
        if look is None or (look == seen and not await asyncio.to_thread(_is_wanting, settings)):
            return seen, None
        async with turn:
            return look, await writer.write()


def _is_wanting(settings: Settings) -> bool:
    """Whether the index is gone, or a reader has come upon damage, which the writer mends."""
    try:
        return needs_index(settings)
    except PullquoteError:
        # Nothing that the writer could mend; whoever asks is told.
        return False


def _has_news(summary: dict[str, Any]) -> bool:
    return any(summary[name] for name in ("new", "changed", "moved", "gone"))


class Watch:
    """Waits for changes of a folder that have settled; an asynchronous context manager.

    Args:
        corpus: the folder, which need not be there all the time.
        polls: looks for changes itself, as the operating system tells of none.
        timing: how long to wait.
    """

    def __init__(self, corpus: Path, *, polls: bool, timing: Timing) -> None:
        self._corpus = corpus.absolute()
        self._polls = polls
        self._timing = timing
        self._told = asyncio.Event()
        self._stop = asyncio.Event()
        self._is_open = True
        self._last: Look | None = None
        self._was_there = True

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop_listening()

    async def stop_listening(self) -> None:
        """Be told of nothing any more; what changes is still found by looking."""
        self._is_open = False
        self._stop.set()
        # The thread that listens in the operating system sees that within a step.
        await asyncio.wait({self._listening}, timeout=10 * STEP / 1000)
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening

    async def wait_stirred(
        self, seen: Look | None, is_wanting: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait until the folder differs from ``seen``, or something is wanting in the index.

        False says that it is gone, once until it is there again.
        """
        while True:
            look = await self._look(seen)
            was_there, self._was_there = self._was_there, look is not None
            if look is None and was_there:
                return False
            if look and (look != seen or await asyncio.to_thread(is_wanting)):
                return True
            await self.rest(self._timing.between_looks)

    async def settle(self, seen: Look | None) -> Look | None:
        """Look on until nothing changes any more, or there is no end to it; how it looks then.

        None where the folder is gone.
        """
        look = await self._look(seen)
        begun = changed = time.monotonic()
        while time.monotonic() - begun < self._timing.longest:
            if time.monotonic() - changed >= self._timing.settle:
                break
            await asyncio.sleep(self._timing.settle / 8)
            before, look = look, await self._look(seen)
            if look != before:
                changed = time.monotonic()
        return look

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until something is heard."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), seconds)

    async def _look(self, seen: Look | None) -> Look | None:
        self._told.clear()
        look = await asyncio.to_thread(look_at, self._corpus)
        if self._last and (look is None or look.folder != self._last.folder):
            # What is listened to is no longer there.
            self._stop.set()
        self._last = look
        if look and seen and not look.files and look.folder != seen.folder:
            # An empty folder where another one was: something is not mounted.
            return None
        return look

    # Listening

    async def _listen(self) -> None:
        """Set ``_told`` whenever something has changed, or may have while nobody listened."""
        complained = False
        while self._is_open:
            self._stop.clear()
            try:
                async for _ in self._changes():
                    self._told.set()
            except FileNotFoundError:
                await self._pause(SECONDS_UNTIL_BACK)
            except (OSError, RuntimeError) as error:
                # As on a machine that watches no more folders for anybody.
                if not complained:
                    logger.warning("no word of changes comes from the folder: %s", error)
                complained = True
                await self._pause(self._timing.between_looks)

    async def _changes(self) -> AsyncIterator[None]:
        """Yield when listening has begun, and then for each change."""
        from watchfiles import awatch

        changes = awatch(
            self._corpus,
            watch_filter=self._matters,
            debounce=TOGETHER,
            step=STEP,
            stop_event=self._stop,
            rust_timeout=MILLISECONDS_OF_SILENCE,
            yield_on_timeout=True,
            force_polling=self._polls or None,
            recursive=True,
            ignore_permission_denied=True,
        )
        begun = False
        async with aclosing(changes):
            async for change in changes:
                if change or not begun:
                    yield None
                begun = True

    def _matters(self, _: Change, path: str) -> bool:
        """Whether this may be of an article: what is hidden, such as an index, is not."""
        inside = Path(path).relative_to(self._corpus).parts if self._is_inside(path) else ()
        return not any(part.startswith(".") for part in inside)

    def _is_inside(self, path: str) -> bool:
        return Path(path).is_relative_to(self._corpus)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
