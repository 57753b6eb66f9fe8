"""The dates of a sentence, each with the day that it stands for and how it is bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.language.resolve import read_moment, resolve_moment
from index.language.values import find_values
from index.writing.figures import is_spell, part_months

if TYPE_CHECKING:
    from datetime import date

    from index.language.resolve import Moment

_SPELLINGS = (
    (r"\b(?:the|early in|early on|in|of|on)\b", " "),
    (r"\bmidday\b", "noon"),
    (r"\b(?:fall)\b", "autumn"),
    (r"([ap])\.m\.?", r"\1m"),
    (r"(\d)\.(\d\d)", r"\1:\2"),
    (r"(?<=\d)\s(?=[ap]m\b)", ""),
    (r"\bpast\b", "last"),
)
_PARTS = ("morning", "afternoon", "evening", "night", "early", "late", "mid")
_EARLY = re.compile(r"\bearly (?:on )?$|\bearly hours of $", re.IGNORECASE)
_LATE = re.compile(r"\blate (?:on )?$|\blate hours of $", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?P<before>before|until|till|by|ahead of|no later than|prior to)[\s\xa0](?:the[\s\xa0])?"
    r"(?:at least[\s\xa0])?(?:end of[\s\xa0])?$|\b(?P<after>after|since|from|starting(?: on)?|as of"
    r"|beginning(?: on)?)[\s\xa0](?:the[\s\xa0])?$",
    re.IGNORECASE,
)
_END_OF = re.compile(r"\b(?:the )?(?P<edge>end|start|beginning|middle|close) of $", re.IGNORECASE)
# "From 10 p.m. to 8 a.m.": neither of the two is before or after anything.
_FROM_TO = re.compile(r"[\s\xa0](?:to|until|till|through)[\s\xa0]\w", re.IGNORECASE)
_RANGED = re.compile(
    r"\bfrom[\s\xa0](?:[\w.:,]+[\s\xa0]){1,4}(?:to|until|till|through)[\s\xa0]$", re.IGNORECASE
)
_EARLIEST = re.compile(r",?[\s\xa0]at the (?:very )?earliest\b", re.IGNORECASE)
_AT_LEAST = re.compile(r"\b(?:at least|no earlier than|not before)[\s\xa0]$", re.IGNORECASE)
_LATEST = re.compile(r",?[\s\xa0]at the (?:very )?latest\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A date where it stands: ``text[start:end]``.

    ``moment`` is None where it is relative ("last week"); ``shown`` is how it is written, in one
    spelling; ``part`` the part of the day or the like, ``edge`` "end" in "the end of June";
    ``side`` is "before", "after" or empty.
    """

    start: int
    end: int
    shown: str
    moment: Moment | None
    part: str
    edge: str
    side: str
    is_latest: bool
    is_floor: bool


@lru_cache(maxsize=2_048)
def read_days(text: str) -> tuple[Day, ...]:
    """The dates of ``text``, in order."""
    text = part_months(text)
    return tuple(
        _read(text, value.start, value.end)
        for value in find_values(text)
        if value.kind == "date" and not is_spell(text, value.start, value.end)
    )


def _read(text: str, start: int, end: int) -> Day:
    written = text[start:end]
    parts = [part for part in _PARTS if re.search(rf"\b{part}\b", written, re.IGNORECASE)]
    bare = re.sub(rf"\b(?:{'|'.join(_PARTS)})\b[\s-]?", "", written, flags=re.IGNORECASE)
    parts += ["early"] * bool(_EARLY.search(text, 0, start))
    parts += ["late"] * bool(_LATE.search(text, 0, start))
    edge, side = _END_OF.search(text, 0, start), _UNTIL.search(text, 0, start)
    if side and (_FROM_TO.match(text, end) or _RANGED.search(text, 0, start)):
        side = None
    is_latest = bool(_LATEST.match(text, end))
    return Day(
        start=start,
        end=end,
        shown=_spell(written),
        moment=read_moment(bare.strip()) if bare.strip() else None,
        part=" ".join(sorted(set(parts))),
        edge=edge["edge"].lower() if edge else "",
        side=side.lastgroup or "" if side else "before" if is_latest else "",
        is_latest=is_latest,
        is_floor=bool(_EARLIEST.match(text, end) or _AT_LEAST.search(text, 0, start)),
    )


def _spell(written: str) -> str:
    written = written.lower()
    for pattern, plain in _SPELLINGS:
        written = re.sub(pattern, plain, written)
    return " ".join(written.split())


def is_same_day(own: Day, their: Day, their_text: str, published: date | None) -> bool:
    """Whether a date of the sentence is one of the quote, which was published that day."""
    if own.part not in {"", their.part}:
        return False
    if own.edge != their.edge or (own.is_floor and not their.is_floor):
        return False
    if own.is_latest and (their.is_floor or their.side != "before"):
        return False
    if own.shown == their.shown:
        return True
    if own.moment is None or their.moment is None:
        return False
    found = resolve_moment(their.moment, their_text, their.start, published)
    return own.moment.agrees(found) is True


def is_day_of(day: Day, published: date | None) -> bool:
    """Whether ``day`` is the one on which a quote was published."""
    if published is None or day.moment is None or day.part or day.edge:
        return False
    its, moment = published, day.moment
    return (
        (moment.day is not None or moment.weekday is not None)
        and moment.minutes is None
        and moment.year in {None, its.year}
        and moment.month in {None, its.month}
        and moment.day in {None, its.day}
        and moment.weekday in {None, its.weekday()}
    )
