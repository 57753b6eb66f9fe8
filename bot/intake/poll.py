"""One pass over the feeds that are due: what is new in them comes into the corpus.

Nothing is fetched unless a feed is configured. One feed that fails does not stop the others; what
was taken is remembered at once, so that a pass may be killed at any moment.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bot.intake.copies import Copies
from bot.intake.feed_state import LEASE, FeedState, KeptFeed
from bot.intake.feeds import Feed, FeedError, read_feed
from bot.intake.fetch import Fetched, FetchError, fetch
from bot.intake.pace import SHORTEST, pause_after_failure, pause_after_success
from bot.intake.pages import Pages
from bot.intake.save import Shelf, Unwritable
from bot.intake.sift import Desk, Sifter
from bot.intake.take import Taken
from index.catalog import Catalog
from index.settings import Settings

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)

MOST_ENTRIES = 20
"""Of one feed in one pass; the others wait for the next, the newest first."""

State = Literal["read", "unchanged", "failed", "waiting", "busy"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReport:
    """What came of one feed.

    Attributes:
        address: the feed's.
        title: what it calls itself, "" where that is not known.
        state: "waiting" when it is not due, "busy" when another process reads it.
        next_at: when it will be asked for again, in seconds since 1970.
        taken: what came of each entry that was looked at.
        known: how many of its entries were known before.
        left: how many wait for the next time.
        problem: why it failed, in one line.
    """

    address: str
    title: str
    state: State
    next_at: float
    taken: tuple[Taken, ...] = ()
    known: int = 0
    left: int = 0
    problem: str | None = None

    def count(self, *outcomes: str) -> int:
        """How many entries came to this."""
        return sum(taken.outcome in outcomes for taken in self.taken)


class Poller:
    """Polls feeds; made once, it remembers what sites ask for between passes. One pass at a time.

    Args:
        settings: the library's: where the corpus and the index are.
        allowed_hosts: hosts that may be reached although they are ours.
        pages: what fetches the entries' pages.
        most_entries: of one feed in one pass.
        clock: gives seconds since 1970.
        stop: once it is set, a pass ends with what it is taking; the rest is left.
    """

    def __init__(  # noqa: PLR0913 - a test's clock, pages and numbers are among them
        self,
        settings: Settings,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        pages: Pages | None = None,
        most_entries: int = MOST_ENTRIES,
        clock: Callable[[], float] = time.time,
        stop: threading.Event | None = None,
    ) -> None:
        self._settings = settings
        self._allowed_hosts = allowed_hosts
        self._stop = stop or threading.Event()
        self._pages = pages or Pages(allowed_hosts=allowed_hosts, sleep=self._stop.wait)
        self._most_entries = most_entries
        self._clock = clock
        self._state = FeedState(settings.folder)
        self._catalog = Catalog(settings.folder)

    def poll(self, named: Iterable[str] = (), *, early: bool = False) -> Iterator[FeedReport]:
        """Read the feeds that are due, one report each, as they come.

        Args:
            named: feeds that a setting names, beside those that were added.
            early: somebody asks for it now: only feeds that were read minutes ago, or whose server
                wants to be left alone, wait, and are reported as waiting.

        Raises:
            IndexUnusable: what is kept of feeds cannot be read or written.
        """
        desk = Desk(
            pages=self._pages,
            copies=Copies(self._catalog),
            shelf=Shelf(self._settings.corpus),
            stop=self._stop,
        )
        try:
            for feed in self._state.feeds(named):
                if self._stop.is_set():
                    return
                now = self._clock()
                if _due_at(feed, early=early) > now:
                    if early:
                        yield _report(feed, "waiting", next_at=_due_at(feed, early=True))
                elif self._state.claim(feed.address, now=now, until=now + LEASE):
                    yield self._poll_one(feed, desk)
                else:
                    yield _report(feed, "busy")
        finally:
            self._catalog.close()

    def seconds_until_due(self, named: Iterable[str] = ()) -> float | None:
        """How long until some feed is due, None where there is no feed."""
        due = [_due_at(feed, early=False) for feed in self._state.feeds(named)]
        return max(0.0, min(due) - self._clock()) if due else None

    def _poll_one(self, feed: KeptFeed, desk: Desk) -> FeedReport:
        try:
            try:
                fetched = self._fetch(feed)
                found = None if fetched.not_modified else self._read(fetched)
            except (FetchError, FeedError) as error:
                return self._settle_failure(feed, error)
            if found is None:
                return self._settle(
                    feed, fetched, title=feed.title, seconds=None, state="unchanged"
                )
            try:
                return self._take_all(feed, fetched, found, desk)
            except Unwritable as error:
                # No fault of the entries: they come when there is room for them.
                return self._settle_failure(feed, error)
        finally:
            self._state.release(feed.address)

    def _fetch(self, feed: KeptFeed) -> Fetched:
        return fetch(
            feed.address,
            allowed_hosts=self._allowed_hosts,
            etag=feed.etag,
            last_modified=feed.last_modified,
            accept=ACCEPT,
        )

    def _read(self, fetched: Fetched) -> Feed:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return read_feed(fetched.content, address=fetched.url, charset=fetched.charset, now=now)

    def _settle_failure(
        self, feed: KeptFeed, error: FetchError | FeedError | Unwritable
    ) -> FeedReport:
        now = self._clock()
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        settled = replace(
            feed,
            checked_at=now,
            next_at=now + pause_after_failure(feed.failures, retry_after),
            not_before=now + (retry_after or 0.0),
            failures=feed.failures + 1,
            problem=str(error),
        )
        self._state.settle(settled)
        return _report(settled, "failed")

    def _settle(
        self, feed: KeptFeed, fetched: Fetched, *, title: str, seconds: float | None, state: State
    ) -> FeedReport:
        now = self._clock()
        settled = KeptFeed(
            address=feed.address,
            listed=feed.listed,
            title=title,
            etag=fetched.etag or (feed.etag if fetched.not_modified else None),
            last_modified=fetched.last_modified
            or (feed.last_modified if fetched.not_modified else None),
            checked_at=now,
            next_at=now + pause_after_success(seconds),
        )
        self._state.settle(settled)
        return _report(settled, state)

    def _take_all(self, feed: KeptFeed, fetched: Fetched, found: Feed, desk: Desk) -> FeedReport:
        """Take what is new, and note what came of it."""
        sifted = Sifter(self._state, feed.address, desk, clock=self._clock).take_fresh(
            found, address=fetched.url, most=self._most_entries
        )
        if sifted.left or any(taken.outcome == "failed" for taken in sifted.taken):
            # Told that nothing has changed, we would not see again what is still to be taken.
            fetched = replace(fetched, etag=None, last_modified=None)
        report = self._settle(feed, fetched, title=found.title, seconds=found.seconds, state="read")
        return replace(report, taken=sifted.taken, known=sifted.known, left=sifted.left)


def _due_at(feed: KeptFeed, *, early: bool) -> float:
    if not early:
        return max(feed.next_at, feed.not_before)
    return max((feed.checked_at or -SHORTEST) + SHORTEST, feed.not_before)


def _report(feed: KeptFeed, state: State, *, next_at: float | None = None) -> FeedReport:
    return FeedReport(
        address=feed.address,
        title=feed.title,
        state=state,
        next_at=feed.next_at if next_at is None else next_at,
        problem=feed.problem if state == "failed" else None,
    )
