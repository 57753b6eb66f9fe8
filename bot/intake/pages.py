"""The pages that feeds lead to, fetched as their sites wish: nobody watches, so we ask first."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.intake.addresses import show_address
from bot.intake.fetch import Fetched, Fetcher, FetchError
from bot.intake.robots import FORBIDDEN, honour_robots
from index.errors import PullquoteError

# Seconds between two pages of one site that asks for nothing.
PAUSE = 1.0
# A site that asks for more gives one page a pass: a pass over all feeds must come to its end.
LONGEST_PAUSE = 30.0


class Forbidden(PullquoteError):
    """The site's robots.txt forbids to fetch a page."""


class NotYet(PullquoteError):
    """The site wants a longer pause than a pass can make."""


class Pages:
    """Fetches pages; remembers each site's robots.txt and when it was last asked for something.

    Args:
        allowed_hosts: hosts that may be reached although they are ours.
        pause: seconds between two pages of one site that asks for nothing.
        longest_pause: what asks for more gives one page a pass.
        sleep: waits so many seconds; something true says that it was ended early.
    """

    def __init__(
        self,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        pause: float = PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._pause = pause
        self._longest_pause = longest_pause
        self._sleep = sleep
        self._fetcher, self._robots = honour_robots(Fetcher(allowed_hosts=allowed_hosts))
        self._last: dict[str, float] = {}

    def fetch(self, address: str) -> Fetched:
        """Fetch a page, after the pause that its site asks for.

        Raises:
            Forbidden: the site does not want it.
            NotYet: the pause would be too long, or was cut short; some other pass may.
            FetchError: it is refused or fails; its robots.txt cannot be read now.
        """
        reason = self._robots.objection(address)
        if reason == FORBIDDEN:
            raise Forbidden(f"{show_address(address)}: {reason}")
        if reason:
            raise FetchError(show_address(address), reason)
        site = urlsplit(address).netloc.lower()
        pause = max(self._pause, self._robots.crawl_delay(address) or 0.0)
        remaining = self._last.get(site, -pause) + pause - time.monotonic()
        if site in self._last and remaining > self._longest_pause:
            raise NotYet(f"{site} wants {pause:,.0f} seconds between two pages")
        if site in self._last and remaining > 0 and self._sleep(remaining):
            raise NotYet(f"{site} wants a pause, which was cut short")
        try:
            return self._fetcher.fetch(address)
        except FetchError as error:
            # Where it redirects to, another site may forbid it: asking again changes nothing.
            if error.reason == FORBIDDEN:
                raise Forbidden(str(error)) from error
            raise
        finally:
            self._last[site] = time.monotonic()
