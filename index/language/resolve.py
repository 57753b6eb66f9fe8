"""Dates as newspapers write them → days and hours that can be compared.

"Tuesday" in an article of Wednesday, March 6, 2024 is March 5, 2024. What is relative to a day that
is not known ("yesterday" in a message) is no day at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = "mon tue wed thu fri sat sun".split()
_MONTH = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?[\s\xa0]?(?:(?P<half>[ap])\.?m\b\.?)?$",
    re.IGNORECASE,
)
_HALF_DAY = 12
_MINUTES = 60
# "Last year", "two days ago": relative; "early 2021", "2010 to 2012", "the 1990s": no one moment.
_UNCLEAR = re.compile(
    r"\b(?:last|next|this|previous|past|ago|earlier|later|before|yesterday|today|tomorrow|tonight"
    r"|early|late|mid|end of|start of|beginning of|centur\w+|millennium|BCE?|AD|to|until|through"
    r"|between|from|spring|summer|autumn|fall|winter)\b|[-–—](?!\d\d\b(?!\d))|\d0s\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|expected|due|scheduled|plan(?:s|ned|ning)?|set to|going to|is to|are to"
    r"|promised|by|until|next)\b",
    re.IGNORECASE,
)
_WEEK = 7
# A day and a month without a year are of the nearest year, if it is clearly the nearest.
_NEAREST_DAYS = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What is known of a date or a time of day; None for what is left open.

    ``weekday`` is 0 for Monday; ``minutes`` are those of the day that the hour may stand for.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minutes: frozenset[int] | None = None

    @property
    def shape(self) -> frozenset[str]:
        """What it says itself: "year", "month", "day", "weekday", "minutes"."""
        names = ("year", "month", "day", "weekday", "minutes")
        return frozenset(name for name in names if getattr(self, name) is not None)

    @property
    def is_weekday(self) -> bool:
        """Whether it is no more than a day of the week."""
        return self.shape == {"weekday"}

    def is_like(self, other: Moment) -> bool:
        """Whether the two can be compared: two times of day, or two dates."""
        return (self.minutes is None) == (other.minutes is None)

    def agrees(self, other: Moment) -> bool | None:
        """Whether ``other`` bears this out: False if it says another, None if it leaves it open."""
        if self.minutes is not None and other.minutes is not None:
            return bool(self.minutes & other.minutes)
        pairs = [
            (own, getattr(other, name))
            for name in ("year", "month", "day", "weekday", "minutes")
            if (own := getattr(self, name)) is not None
        ]
        if any(found is not None and own != found for own, found in pairs):
            return False
        return True if pairs and all(found is not None for _, found in pairs) else None


@lru_cache(maxsize=4_096)
def read_moment(text: str) -> Moment | None:
    """What ``text``, a date as it stands, says; None if it is relative or no one moment."""
    bare = text.strip().lower()
    if iso := _ISO.fullmatch(bare):
        return _dated(*map(int, iso.groups()))
    if bare in {"noon", "midnight"}:
        return Moment(minutes=frozenset({_HALF_DAY * _MINUTES if bare == "noon" else 0}))
    if clock := _CLOCK.fullmatch(bare):
        return _clock(clock)
    if _UNCLEAR.search(bare):
        return None
    year, month, weekday = _YEAR.search(bare), _MONTH.search(bare), _WEEKDAY.search(bare)
    day = _DAY.search(bare) if month else None
    found = Moment(
        year=int(year.group()) if year else None,
        month=_MONTHS.index(month[1]) + 1 if month else None,
        day=int(day[1]) if day else None,
        weekday=_DAYS.index(weekday[1][:3]) if weekday else None,
    )
    return None if found == Moment() else found


def _clock(clock: re.Match[str]) -> Moment | None:
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if clock["half"]:
        hours = {hour % _HALF_DAY + (_HALF_DAY if clock["half"].lower() == "p" else 0)}
    elif clock["minute"] is None:
        return None
    else:
        hours = {hour} if not 0 < hour <= _HALF_DAY else {hour % _HALF_DAY, hour % 12 + _HALF_DAY}
    return Moment(minutes=frozenset(each * _MINUTES + minute for each in hours))


def _dated(year: int, month: int, day: int) -> Moment | None:
    try:
        whole = date(year, month, day)
    except ValueError:
        return None
    return Moment(year=year, month=month, day=day, weekday=whole.weekday())


def resolve_moment(moment: Moment, sentence: str, start: int, published: date | None) -> Moment:
    """``moment``, at ``start`` of an article's sentence, with what the article's date makes clear.

    A weekday is the one just past, or the next one where the words before it look ahead.
    """
    if moment.minutes is not None:
        return moment
    if moment.day is None and moment.month is None and moment.weekday is not None:
        if published is None:
            return moment
        back = (published.weekday() - moment.weekday) % _WEEK
        day = published - timedelta(days=back)
        if _AHEAD.search(sentence, 0, start):
            day += timedelta(days=_WEEK)
        return _dated(day.year, day.month, day.day) or moment
    if moment.year is None and published is not None and moment.month is not None:
        moment = replace(moment, year=_nearest_year(moment, published))
    if moment.year and moment.month and moment.day:
        return _dated(moment.year, moment.month, moment.day) or moment
    return moment


def _nearest_year(moment: Moment, published: date) -> int | None:
    for year in (published.year, published.year - 1, published.year + 1):
        whole = _dated(year, moment.month or 1, moment.day or 1)
        if whole is None:
            continue
        distance = abs((date(year, moment.month or 1, moment.day or 1) - published).days)
        if distance <= _NEAREST_DAYS:
            return year
    return None
