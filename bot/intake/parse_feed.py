"""The bytes of a feed → what it says, as JSON; run as a process of its own, which may be ended.

feedparser takes the square of the time for some texts: minutes for 100 kB of line feeds before the
first element. No limit inside a process ends that; ending the process does. See ``feeds``, which
starts this one.
"""

from __future__ import annotations

import calendar
import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from bot.child import limit_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_SECONDS = 8
MOST_ENTRIES = 500

# In characters: what is longer is no address, no title, and no article.
LONGEST_NAME = 2_000
LONGEST_CONTENT = 500_000


def main() -> None:
    """Read a feed from standard input; its address and charset are the arguments."""
    limit_process(MOST_SECONDS)
    address, charset = sys.argv[1:]
    told = parse_feed(sys.stdin.buffer.read(), address=address, charset=charset)
    sys.stdout.write(json.dumps(told))


def parse_feed(content: bytes, *, address: str, charset: str = "") -> dict[str, Any]:
    """Read a feed with feedparser, which is handed a stream: a name it would open or fetch."""
    import feedparser  # type: ignore[import-untyped]

    media = f"application/xml; charset={charset}" if charset else "application/xml"
    found = feedparser.parse(
        io.BytesIO(content),
        response_headers={"content-type": media, "content-location": address},
    )
    feed, version = found.feed, found.get("version", "")
    return {
        "version": version,
        "title": _title(feed, version=version),
        "entries": [_entry(entry, version=version) for entry in found.entries[:MOST_ENTRIES]],
        **{name: str(feed[key])[:20] for name, key in _PACE.items() if feed.get(key)},
    }


_MARKUP = re.compile(
    r"</?(?:a|b|br|em|font|i|iframe|img|p|script|small|span|strong|style|su[bp]|svg|u)\b[^<>]*>"
    r"|&(?:[a-z]{2,8}|#\d{1,6}|#x[\da-f]{1,6});",
    re.IGNORECASE,
)
_PACE = {"ttl": "ttl", "period": "sy_updateperiod", "frequency": "sy_updatefrequency"}


def _entry(entry: dict[str, Any], *, version: str) -> dict[str, Any]:
    # Not by the dictionary's own "get", which takes the one time for the other. RSS 1.0 has one
    # time, which feedparser calls the update's.
    name = "updated" if version == "rss10" else "published"
    links = (link for link in _links(entry) if len(link) <= LONGEST_NAME)
    return {
        "guid": str(entry.get("id") or "")[: LONGEST_NAME + 1],
        "links": [link for link, _ in zip(links, range(5), strict=False)],
        "title": _title(entry, version=version),
        "author": str(entry.get("author") or "")[:LONGEST_NAME],
        "published": _seconds(dict.get(entry, f"{name}_parsed")),
        "day": str(dict.get(entry, name) or "")[:100],
        "updated": _seconds(dict.get(entry, "updated_parsed")),
        "content": _content(entry),
    }


def _links(entry: Mapping[str, Any]) -> Iterator[str]:
    """Where the entry's page may be, best first: an identifier may be an address as well."""
    yield str(entry.get("feedburner_origlink") or "")
    yield str(entry.get("link") or "")
    for link in entry.get("links") or ():
        if link.get("rel") == "alternate":
            yield str(link.get("href") or "")
    if (name := str(entry.get("id") or "")).startswith(("http://", "https://")):
        yield name


def _title(values: Mapping[str, Any], *, version: str) -> tuple[str, bool]:
    """A title and whether it is HTML; RSS does not say which it is, Atom does."""
    text = str(values.get("title") or "")[:LONGEST_NAME]
    is_html = (values.get("title_detail") or {}).get("type") != "text/plain"
    return text, is_html or (not version.startswith("atom") and bool(_MARKUP.search(text)))


def _content(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """The longest text that the entry brings in full, and whether it is HTML."""
    texts = [
        (str(one.get("value") or ""), one.get("type") != "text/plain")
        for one in entry.get("content") or ()
        if str(one.get("type") or "text/html").endswith(("html", "text/plain", "html+xml"))
    ]
    text, is_html = max(texts, key=lambda one: len(one[0]), default=("", False))
    return (text, is_html) if len(text) <= LONGEST_CONTENT else ("", False)


def _seconds(parsed: object) -> int | None:
    """Seconds since 1970, of a time in UTC as feedparser gives it."""
    try:
        return calendar.timegm(parsed) if parsed else None  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


if __name__ == "__main__":
    main()
