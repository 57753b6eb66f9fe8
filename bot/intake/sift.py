"""Which entries of a feed are new, or edited; those are taken, and what came of each is remembered.

An entry is known by its guid, by the address it leads to, by the address that its page is found to
have, and by what it tells.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.intake.copies import Copies
from bot.intake.feed_state import FeedState, KeptEntry
from bot.intake.feeds import Entry, Feed
from bot.intake.pages import NotYet, Pages
from bot.intake.save import Shelf, address_key
from bot.intake.take import Taken, Taker

MOST_TRIES = 3
"""So often a page that cannot be fetched is asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sifted:
    """What came of the entries of a feed: of those taken, those known before, those left."""

    taken: tuple[Taken, ...]
    known: int
    left: int


class Desk:
    """What a pass over feeds works with.

    Args:
        pages: fetches what entries lead to.
        copies: finds what is told already.
        shelf: the corpus.
        stop: once it is set, nothing more is taken.
    """

    def __init__(
        self, *, pages: Pages, copies: Copies, shelf: Shelf, stop: threading.Event
    ) -> None:
        self.pages = pages
        self.copies = copies
        self.shelf = shelf
        self.stop = stop
        self._live: set[str] | None = None

    def live_links(self) -> set[str]:
        """The addresses of all live articles, read once a pass."""
        if self._live is None:
            self._live = self.copies.live_links()
        return self._live


class Sifter:
    """Takes what is new in one feed.

    Args:
        state: what is kept of feeds.
        feed: the address that it is kept by.
        desk: what the pass works with.
        clock: gives seconds since 1970.
    """

    def __init__(
        self, state: FeedState, feed: str, desk: Desk, *, clock: Callable[[], float]
    ) -> None:
        self._state = state
        self._feed = feed
        self._desk = desk
        self._clock = clock

    def take_fresh(self, found: Feed, *, address: str, most: int) -> Sifted:
        """Take at most so many of the entries that are new, in their order.

        Args:
            found: the feed as it was read.
            address: where, at the end of all redirects.
            most: how many.
        """
        kept = self._state.entries(self._feed)
        links = self._known_links(found, kept)
        fresh = [entry for entry in found.entries if is_fresh(entry, kept.get(entry.key), links)]
        keys = {entry.key for entry in fresh}
        for entry in found.entries:
            if entry.key not in kept and entry.key not in keys:
                self._remember(entry, Taken(outcome="known", title=entry.title))
        desk = self._desk
        taker = Taker(
            found, address=address, pages=desk.pages, copies=desk.copies, shelf=desk.shelf
        )
        taken = tuple(self._take_each(fresh[:most], taker, kept, links))
        self._state.tidy(self._feed, [entry.key for entry in found.entries], now=self._clock())
        known = len(found.entries) - len(fresh)
        return Sifted(taken=taken, known=known, left=len(fresh) - len(taken))

    def _known_links(self, found: Feed, kept: dict[str, KeptEntry]) -> set[str]:
        new = [entry.link for entry in found.entries if entry.link and entry.key not in kept]
        if not new:
            return set()
        return self._state.seen_links(list(map(address_key, new))) | self._desk.live_links()

    def _take_each(
        self,
        entries: Sequence[Entry],
        taker: Taker,
        kept: dict[str, KeptEntry],
        links: set[str],
    ) -> Iterator[Taken]:
        for entry in entries:
            if self._desk.stop.is_set():
                return
            before = kept.get(entry.key)
            tries = before.tries + 1 if before and before.outcome == "failed" else 1
            try:
                taken = self._take(entry, taker, before, links, tries)
            except NotYet:
                continue
            self._remember(entry, taken, tries=tries, is_edit=_was_taken(before))
            links.update(address_key(link) for link in (entry.link, taken.url) if link)
            yield taken

    def _take(
        self, entry: Entry, taker: Taker, before: KeptEntry | None, links: set[str], tries: int
    ) -> Taken:
        if before is None and entry.link and address_key(entry.link) in links:
            # An entry before it in this very feed had the same link.
            return Taken(outcome="known", title=entry.title, place=entry.link)
        links = set() if _was_taken(before) else links
        return taker.take(entry, links=links, is_last_try=tries >= MOST_TRIES)

    def _remember(
        self, entry: Entry, taken: Taken, *, tries: int = 1, is_edit: bool = False
    ) -> None:
        kept = KeptEntry(
            key=entry.key,
            link=address_key(entry.link) if entry.link else None,
            # Whatever came of looking at an edit: the article is there, the next edit is looked at.
            outcome="changed" if is_edit else taken.outcome,
            updated=entry.updated.timestamp() if entry.updated else None,
            tries=tries,
        )
        self._state.remember(self._feed, kept, now=self._clock())


def is_fresh(entry: Entry, kept: KeptEntry | None, links: set[str]) -> bool:
    """Whether an entry is to be taken: a new one, one to be tried again, one that was edited.

    An entry that was taken and now has another link is the same entry still.
    """
    link = address_key(entry.link) if entry.link else None
    if kept is None:
        return link is None or link not in links
    if kept.outcome == "failed":
        return kept.tries < MOST_TRIES
    edited = entry.updated and kept.updated and entry.updated.timestamp() > kept.updated
    return bool(edited) and _was_taken(kept) and kept.link == link


def _was_taken(kept: KeptEntry | None) -> bool:
    return kept is not None and kept.outcome in {"added", "changed"}
