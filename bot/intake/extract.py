"""A file's bytes → the drafts of articles in it: the one entry point for all formats."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from typing import Any

from bot.child import child_command, child_environment
from bot.intake.confined import MOST_SECONDS, OUT_OF_MEMORY, Kind
from bot.intake.days import latest_day
from bot.intake.draft import LARGEST_CONTENT, Draft, Extracted, Refused, describe_too_large

SUPPORTED = ".txt, .md, .html, .pdf, .json or .jsonl"

# A started process needs so long before it reads.
_STARTING = 5
# The part of a file in which its kind shows, in bytes.
_HEAD = 2_048

_FOREIGN = (
    (b"PK\x03\x04", "an archive or office document"),
    (b"PK\x05\x06", "an archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!", "an archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"RIFF", "an image, sound or film"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|article|meta|div|p|h1)\b", re.IGNORECASE)
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), "page"),
    **dict.fromkeys(("json", "jsonl", "ndjson"), "dump"),
    **dict.fromkeys(("txt", "md"), "text"),
}
_TYPES: dict[str, Kind] = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "application/json": "dump",
    "application/ld+json": "dump",
    "application/x-ndjson": "dump",
    "application/jsonl": "dump",
    "text/plain": "text",
    "text/markdown": "text",
}


def extract(  # noqa: PLR0913 - what a server says of a file has that many sides
    content: bytes,
    *,
    name: str = "",
    content_type: str | None = None,
    charset: str | None = None,
    address: str | None = None,
    today: date | None = None,
) -> Extracted:
    """Extract the articles in ``content``, in a process of its own with limits of time and memory.

    Args:
        content: the file.
        name: its name, or the path of its address; only its ending counts.
        content_type: what a server says it is ("text/html"), which counts more.
        charset: the encoding that a server says it is in.
        address: where it was fetched, if it was.
        today: later days are not believed; by default the current day.

    Raises:
        Refused: no article can be had from it; the line says why.
    """
    if len(content) > LARGEST_CONTENT:
        raise Refused(describe_too_large(len(content)))
    kind = find_kind(content, name=name, content_type=content_type)
    request = {
        "kind": kind,
        "charset": charset,
        "address": address,
        "today": (today or latest_day()).isoformat(),
    }
    return _from_json(_run(json.dumps(request).encode() + b"\n" + content))


def find_kind(content: bytes, *, name: str = "", content_type: str | None = None) -> Kind:
    """Tell of what kind ``content`` is: by what it holds, then by what it is called.

    Raises:
        Refused: it is nothing that can be taken in.
    """
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise Refused("it is empty")
    if b"%PDF-" in content[:1_024]:
        return "pdf"
    for start, what in _FOREIGN:
        if content.startswith(start):
            raise Refused(f"it is {what}, whatever its name says; take out the article as text")
    if _FEED.match(head):
        raise Refused("it is a feed, not an article; see: pullquote feeds --help")
    return _named_kind(head, name, content_type)


def _named_kind(head: bytes, name: str, content_type: str | None) -> Kind:
    media = (content_type or "").partition(";")[0].strip().lower()
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    stated = _TYPES.get(media) or (None if media else _SUFFIXES.get(suffix))
    if suffix == "pdf" or media == "application/pdf":
        raise Refused("it is called a PDF, but is none")
    looks = "page" if _PAGE.search(head) and head.startswith(b"<") else None
    kind = stated if stated not in {None, "text"} else looks or stated or _SUFFIXES.get(suffix)
    if kind is None and head[:1] in b"{[":
        kind = "dump"
    if kind is None or media.partition("/")[0] in {"image", "audio", "video"}:
        raise Refused(f"it is no article that can be read; what can is {SUPPORTED}")
    return kind  # type: ignore[return-value]


def _run(request: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            child_command("bot.intake.confined"),
            input=request,
            capture_output=True,
            env=child_environment(),
            timeout=MOST_SECONDS + _STARTING,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(_too_slow()) from None
    if done.returncode == 0:
        told: dict[str, Any] = json.loads(done.stdout)
        return told
    raise Refused(_describe_end(done.returncode, done.stderr))


def _too_slow() -> str:
    return f"it takes more than {MOST_SECONDS} seconds to read, which no article does"


def _describe_end(status: int, said: bytes) -> str:
    import signal

    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        return _too_slow()
    if b"MemoryError" in said or b"bad_alloc" in said or b"ut of memory" in said:
        return OUT_OF_MEMORY
    return "it is broken in a way that cannot be read"


def _from_json(told: dict[str, Any]) -> Extracted:
    if "error" in told:
        raise Refused(told["error"])
    return Extracted(drafts=tuple(map(_draft, told["drafts"])), refused=tuple(told["refused"]))


def _draft(told: dict[str, Any]) -> Draft:
    day = told["published"]
    return Draft(
        **{
            **told,
            "paragraphs": tuple(told["paragraphs"]),
            "published": date.fromisoformat(day) if day else None,
        }
    )
