"""The bytes of a feed → its entries: RSS 0.9x, 1.0 and 2.0, and Atom.

A feed is a stranger's text. It is parsed in a process of its own, with limits of time and memory;
of what that says nothing is believed that the feed can say wrongly: links are made absolute and
must be of the web, titles are text, and a time to come is no time.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.child import child_command, child_environment
from bot.escape import clean_line
from bot.intake.days import read_day
from bot.intake.parse_feed import LONGEST_NAME, MOST_SECONDS
from index.errors import PullquoteError

LARGEST_FEED = 10_000_000

TOO_MUCH = "the feed takes more time or memory to read than any is worth"

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
PERIODS = {
    "hourly": HOUR,
    "daily": DAY,
    "weekly": 7 * DAY,
    "monthly": 30 * DAY,
    "yearly": 365 * DAY,
}

# Clocks differ, and many feeds write the local time as if it were UTC.
TO_COME = timedelta(hours=14)
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)

LONGEST_TITLE = 300

# A declaration before the first element. Parameter entities ("%") are let be: old feeds name the
# HTML ones so, and feedparser leaves them out.
_ENTITY = re.compile(rb"<!ENTITY\s+[^%\s]", re.IGNORECASE)
# Where a page says that it has a feed, in bytes from its start.
LARGEST_HEAD = 100_000
_LINK = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)

_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_]")


class FeedError(PullquoteError):
    """What was fetched cannot be read as a feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a feed.

    Attributes:
        key: what it is known by within its feed: its guid, else its link, else its title.
        link: the address of its page, of the web and absolute; None where there is none such.
        title: as text; may be empty.
        author: as text, None where the feed names none.
        published: in UTC, never later than now; None where it is not said or cannot be.
        day: the day of that as the feed writes it, in the time of whoever wrote it.
        updated: as ``published``.
        content: the whole text as HTML, where the feed brings it; a stranger's, if sanitised.
    """

    key: str
    link: str | None
    title: str
    author: str | None = None
    published: datetime | None = None
    day: date | None = None
    updated: datetime | None = None
    content: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What a feed says.

    Attributes:
        title: as text; may be empty.
        entries: newest first, undated ones where they stand; each key once.
        seconds: how long the feed asks to be left alone, None where it does not say.
    """

    title: str
    entries: tuple[Entry, ...]
    seconds: float | None = None


def read_feed(content: bytes, *, address: str, charset: str | None, now: datetime) -> Feed:
    """Read a feed.

    Args:
        content: what was fetched.
        address: where it was, at the end of all redirects; relative links are taken from it.
        charset: what the server said, None where it said nothing.
        now: an aware time; what is later is not believed.

    Raises:
        FeedError: it is no feed, too large, declares entities, or takes too long to read.
    """
    if len(content) > LARGEST_FEED:
        raise FeedError(f"the feed is larger than {LARGEST_FEED // 1_000_000} MB")
    plain = content.replace(b"\0", b"")
    start = _FIRST_ELEMENT.search(plain)
    if _ENTITY.search(plain, 0, start.start() if start else len(plain)):
        raise FeedError("the feed declares entities of its own, which are not read")
    told = _parse(content, address, _charset(content, charset))
    if not told["version"] and not told["entries"]:
        raise FeedError(f"that is not a feed (RSS or Atom){_hint(content, address)}")
    entries = list(_entries(told["entries"], address, now))
    return Feed(
        title=_to_text(told["title"]), entries=tuple(_newest_first(entries)), seconds=_pace(told)
    )


def _hint(content: bytes, address: str) -> str:
    """Name the feed that a page says it has, where a page was taken for one."""
    for tag in _LINK.findall(content[:LARGEST_HEAD].decode("utf-8", "replace")):
        href = _HREF.search(tag)
        if href and _FEED_TYPE.search(tag):
            found = web_link(html.unescape(href[1]), address)
            return f", but a page that names one: {found}" if found else ""
    return ""


def _charset(content: bytes, charset: str | None) -> str:
    """Choose the charset to be told: what reads as UTF-8 is UTF-8, whatever a server says."""
    if content.isascii():
        return ""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return charset if charset and re.fullmatch(r"[\w.:-]{1,40}", charset) else ""
    return "utf-8"


def _parse(content: bytes, address: str, charset: str) -> dict[str, Any]:
    """Run ``parse_feed`` in a process of its own, which is ended when it takes too long."""
    command = child_command("bot.intake.parse_feed", address, charset)
    try:
        done = subprocess.run(  # noqa: S603 - our own program; what is read is its standard input
            command,
            input=content,
            capture_output=True,
            check=False,
            timeout=MOST_SECONDS + 2,
            env=child_environment(),
        )
    except subprocess.TimeoutExpired:
        raise FeedError(TOO_MUCH) from None
    except OSError as error:
        raise FeedError(f"no process could be started to read it: {error.strerror}") from None
    if done.returncode < 0:
        raise FeedError(TOO_MUCH)
    if done.returncode:
        raise FeedError("the feed is broken in a way that it cannot be read")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _entries(found: Sequence[Mapping[str, Any]], address: str, now: datetime) -> Iterator[Entry]:
    known = set()
    for one in found:
        title = _to_text(one["title"])
        links = (link for text in one["links"] if (link := web_link(text, address)))
        link = next(links, None)
        key = one["guid"].strip() or link or title
        if not key or len(key) > LONGEST_NAME or key in known:
            continue
        known.add(key)
        published = _time(one["published"], now)
        yield Entry(
            key=_whole(key),
            link=link,
            title=title,
            author=_to_text((one["author"], True)) or None,
            published=published,
            day=read_day(one["day"]) if published else None,
            updated=_time(one["updated"], now),
            content=_content(*one["content"]),
        )


def _newest_first(entries: list[Entry]) -> Iterator[Entry]:
    """Order by time where all have one: some feeds stand oldest first."""
    times = [entry.published or entry.updated for entry in entries]
    if None in times:
        yield from entries
    else:
        by_time = sorted(zip(times, range(len(times)), strict=True), key=lambda one: one[1])
        by_time.sort(key=lambda one: one[0] or EARLIEST, reverse=True)
        yield from (entries[place] for _, place in by_time)


def _time(seconds: float | None, now: datetime) -> datetime | None:
    """A time that can be; one a little to come is taken for now."""
    if seconds is None:
        return None
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return min(time, now) if EARLIEST <= time <= now + TO_COME else None


def _pace(told: Mapping[str, Any]) -> float | None:
    """How long the feed asks to be left alone, in seconds: by ttl, or by sy:updatePeriod."""
    wanted = []
    if (ttl := _number(told.get("ttl"))) is not None:
        wanted.append(ttl * MINUTE)
    if period := PERIODS.get(str(told.get("period", "")).strip().lower()):
        wanted.append(period / max(1.0, _number(told.get("frequency")) or 1.0))
    return max(wanted, default=None)


def _number(text: object) -> float | None:
    return float(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,9}", text) else None


def web_link(text: str, address: str) -> str | None:
    """A link of a feed as an absolute address of the web; None for ``javascript:`` and the like."""
    text = text.strip()
    if not text or len(text) > LONGEST_NAME or re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff]", text):
        return None
    try:
        link = urljoin(address, text)
        parts = urlsplit(link)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return link if is_web else None


class _Text(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep what stands between tags, unless it is a program or a style."""
        if self.cdata_elem is None:
            self.parts.append(data)


def _to_text(told: Sequence[Any]) -> str:
    """Text or HTML → one line of text."""
    text, is_html = told
    if is_html:
        collector = _Text()
        collector.feed(text)
        collector.close()
        text = "".join(collector.parts)
    line = clean_line(text)
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"


def _content(text: str, is_html: bool) -> str | None:  # noqa: FBT001 - as parse_feed gives it
    if is_html or not text:
        return _whole(text) or None
    from html import escape

    blocks = re.split(r"\n\s*\n", _whole(text))
    return "\n".join(f"<p>{escape(block)}</p>" for block in blocks)


def _whole(text: str) -> str:
    """Without halves of characters, which cannot be written to a file or the catalog."""
    return text.encode("utf-8", "replace").decode("utf-8")
