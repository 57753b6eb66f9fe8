"""What a site lets be fetched by whom nobody watches: its robots.txt, as RFC 9309 reads it.

The standard library's parser takes the first rule that fits and knows no wildcards; sites write
for the longest rule and with wildcards, so theirs would be fetched what they forbid.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.intake.addresses import NotFetched, read_address, show_address
from bot.intake.fetch import Fetched, Fetcher, FetchError

OUR_NAME = "pullquote"

# What the RFC says: half a megabyte is read, and nothing is believed for longer than a day.
LARGEST = 512_000
LIFETIME = 24 * 60 * 60.0
# A site that was out of order is asked again after this time, and not fetched from until then.
PAUSE = 10 * 60.0
MOST_SITES = 500
LONGEST_DELAY = 60 * 60.0

TOO_MANY_REQUESTS = 429
CLIENT_ERRORS = range(400, 500)

_LINE = re.compile(r"\s*(user-agent|allow|disallow|crawl-delay)\s*:\s*([^#]*)", re.IGNORECASE)
# Letters, digits and marks that mean the same percent-encoded or not (RFC 3986).
_PLAIN = re.compile(r"%(2D|2E|5F|7E|3[0-9]|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What one robots.txt says to us: patterns of paths, and seconds between two requests."""

    allowed: tuple[str, ...] = ()
    disallowed: tuple[str, ...] = ()
    crawl_delay: float | None = None

    def permit(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched: the longest rule says it."""
        if path == "/robots.txt":
            return True
        plain = _normalise(path)
        return _longest(self.allowed, plain) >= _longest(self.disallowed, plain)


FORBIDDEN = "the site's robots.txt forbids it"

NO_RULES = Rules()
CLOSED = Rules(disallowed=("/",))


def read_rules(content: bytes) -> Rules:
    """Read a robots.txt: the groups that name us, or else those for everybody."""
    text = content[:LARGEST].decode("utf-8-sig", "replace")
    ours: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    is_named = False
    for agents, rules in _groups(text):
        if OUR_NAME in agents:
            is_named = True
            ours += rules
        elif "*" in agents:
            everybody += rules
    return _to_rules(ours if is_named else everybody)


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Each group: whom it is for, in lower case without versions, and its rules in order."""
    agents: set[str] = set()
    rules: list[tuple[str, str]] = []
    for line in re.split(r"\r\n|\r|\n", text):
        match = _LINE.match(line)
        if not match:
            continue
        key, value = match[1].lower(), match[2].strip()
        if key != "user-agent":
            rules.append((key, value))
            continue
        if rules:
            yield agents, rules
            agents, rules = set(), []
        agents.add(value.lower().partition("/")[0].strip())
    yield agents, rules


def _to_rules(lines: list[tuple[str, str]]) -> Rules:
    delays = [float(value) for key, value in lines if key == "crawl-delay" and _is_number(value)]
    return Rules(
        allowed=tuple(_normalise(value) for key, value in lines if key == "allow" and value),
        disallowed=tuple(_normalise(value) for key, value in lines if key == "disallow" and value),
        crawl_delay=min(max(delays), LONGEST_DELAY) if delays else None,
    )


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", value) is not None


def _normalise(path: str) -> str:
    """Spell a path or pattern in one way, so that two spellings of one path are equal."""
    encoded = quote(path, safe="/%?&=+:;,@!$*'()[]~|")
    plain = _PLAIN.sub(lambda match: chr(int(match[1], 16)), encoded)
    return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), plain, flags=re.IGNORECASE)


def _longest(patterns: tuple[str, ...], path: str) -> int:
    """The length of the longest pattern that fits, or -1."""
    return max((len(pattern) for pattern in patterns if _fits(pattern, path)), default=-1)


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says: "*" is anything, "$" at its end the path's end.

    Each piece is looked for where it first stands, in one pass: as a regular expression, many
    stars could take for ever.
    """
    is_whole = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    last = pieces.pop() if is_whole and pieces else None
    for piece in pieces:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if last is not None:
        return len(path) - place >= len(last) and path.endswith(last)
    return not is_whole or place == len(path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Rules, until when they are believed, and what kept us from reading them, if anything did."""

    rules: Rules
    until: float
    trouble: str | None = None


class Robots:
    """Asks sites what they let be fetched, and remembers it; may be used from several threads."""

    def __init__(
        self,
        fetch: Callable[[str], Fetched],
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._allowed_hosts = allowed_hosts
        self._clock = clock
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def may_fetch(self, address: str) -> bool:
        """Whether an address may be fetched now without a person asking for it; may block."""
        return self.objection(address) is None

    def refusal(self, address: str) -> str | None:
        """The objection as a line for people, which says what it is about; may block."""
        reason = self.objection(address)
        return f"{show_address(address)}: {reason}" if reason else None

    def objection(self, address: str) -> str | None:
        """Why an address may not be fetched now, or None where it may; may block."""
        try:
            site, path = self._site_of(address)
        except NotFetched as error:
            return str(error)
        kept = self._rules_of(site)
        return None if kept.rules.permit(path) else kept.trouble or FORBIDDEN

    def crawl_delay(self, address: str) -> float | None:
        """Seconds that the site wants between two requests, where it says so; may block."""
        try:
            site, _ = self._site_of(address)
        except NotFetched:
            return None
        return self._rules_of(site).rules.crawl_delay

    def _site_of(self, address: str) -> tuple[str, str]:
        target = read_address(address, allowed_hosts=self._allowed_hosts)
        return f"{target.scheme}://{target.authority}", target.path

    def _rules_of(self, site: str) -> Kept:
        with self._lock:
            kept = self._kept.get(site)
        if kept is None or kept.until <= self._clock():
            kept = self._read(site)
            with self._lock:
                self._kept.pop(site, None)
                self._kept[site] = kept
                while len(self._kept) > MOST_SITES:
                    del self._kept[next(iter(self._kept))]
        return kept

    def _read(self, site: str) -> Kept:
        """Fetch a site's rules: none where it has none, nothing allowed where it is in trouble."""
        try:
            rules = read_rules(self._fetch(f"{site}/robots.txt").content)
        except FetchError as error:
            if error.status in CLIENT_ERRORS and error.status != TOO_MANY_REQUESTS:
                return Kept(rules=NO_RULES, until=self._clock() + LIFETIME)
            pause = max(error.retry_after or 0.0, PAUSE)
            trouble = f"its robots.txt cannot be read now: {error.reason}"
            return Kept(rules=CLOSED, until=self._clock() + pause, trouble=trouble)
        return Kept(rules=rules, until=self._clock() + LIFETIME)


def honour_robots(fetcher: Fetcher) -> tuple[Fetcher, Robots]:
    """A fetcher that asks every site on the way, and what it asks; keep both for their memory."""
    robots = Robots(fetcher.fetch, allowed_hosts=fetcher.allowed_hosts)
    return replace(fetcher, objection=robots.objection), robots
