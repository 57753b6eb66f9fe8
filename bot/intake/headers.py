"""What the headers of an answer say, read with the distrust that a stranger's words need."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from bot.intake.addresses import NotFetched

LARGEST_HEADERS = 64_000
LONGEST_VALIDATOR = 1_000
LONGEST_WAIT = 24 * 60 * 60.0

# Codecs of Python's that are no character set, and one that hides markup.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in lower case; what comes more than once is joined by commas.

    Raises:
        NotFetched: they are too large.
    """
    found: dict[str, str] = {}
    size = 0
    for name, value in raw:
        size += len(name) + len(value)
        key, text = name.decode("latin-1").lower(), _decode(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    if size > LARGEST_HEADERS:
        raise NotFetched(f"its headers are larger than {LARGEST_HEADERS // 1000} kB")
    return found


def _decode(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def read_content_type(value: str) -> tuple[str, str | None]:
    """Read ``Content-Type``: the type as "text/html", and the character set where it is known."""
    message = Message()
    message["Content-Type"] = " ".join(value.split())
    kind = message.get_content_type() if "/" in value else ""
    charset = message.get_content_charset() if kind else None
    return kind, charset if charset and _is_charset(charset) else None


def _is_charset(name: str) -> bool:
    if not re.fullmatch(r"[a-z0-9._:-]{1,40}", name):
        return False
    try:
        # What is no text encoding refuses here, though not an empty text.
        " ".encode(name)
        return codecs.lookup(name).name.replace("_", "-") not in _NO_CHARSETS
    except (LookupError, UnicodeError):
        return False


def read_validator(value: str | None) -> str | None:
    """An ETag or a date as it may be kept and sent back, or None where it would do harm."""
    text = (value or "").strip()
    is_plain = text.isascii() and text.isprintable() and len(text) <= LONGEST_VALIDATOR
    return text if text and is_plain else None


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Read ``Retry-After``, seconds or a date, as seconds from ``now``, a day at most."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(float(text), LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    when = when.replace(tzinfo=when.tzinfo or UTC)
    seconds = (when - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)
