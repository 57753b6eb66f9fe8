"""A date as machines and people write it → the day; None where it states none.

The day is the one that stands there: half past eleven at night in New York is not yet the next
day, whatever the time in Greenwich.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_tz

from index.pages.dates import parse_date

OLDEST_YEAR = 1900

_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?=\D|\Z)")
_SLASHED = re.compile(r"\s*(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?=\D|\Z)")
_DOTTED = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?=\D|\Z)")
_SECONDS = re.compile(r"\s*\d{9,13}(?:\.\d+)?\s*\Z")
# In milliseconds since 1970 where it is larger: in seconds that would be the year 5138.
_LARGEST_SECONDS = 1e11


def latest_day() -> date:
    """The current day where on earth it is furthest: what lies after it is in the future."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def read_day(value: object) -> date | None:
    """Read the day that ``value`` states: a text, or a number of seconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int | float):
        return _since_1970(value)
    text = value[:100]
    for pattern, order in ((_ISO, (1, 2, 3)), (_SLASHED, (1, 2, 3)), (_DOTTED, (3, 2, 1))):
        if found := pattern.match(text):
            return _make(*(int(found[group]) for group in order))
    if _SECONDS.match(text):
        return _since_1970(float(text))
    mailed = parsedate_tz(text) if re.match(r"\s*(?:[A-Za-z]{3}, )?\d", text) else None
    return _make(*mailed[:3]) if mailed else parse_date(text)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made.year >= OLDEST_YEAR else None


def _since_1970(seconds: float) -> date | None:
    try:
        seconds = seconds / 1000 if abs(seconds) > _LARGEST_SECONDS else float(seconds)
        return datetime.fromtimestamp(seconds, UTC).date() if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
