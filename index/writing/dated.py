"""Dates of a written sentence: each must be one of the quote's, said of the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.days import Day, is_day_of, is_same_day
from index.writing.nearness import CLEAR, FARTHEST, LEAST, measure_nearness
from index.writing.reading import is_saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.writing.pairing import Comparison, Side

_BETWEEN_REACH = 12  # characters before a date in which "between" may stand
_RANGE = re.compile(r"\b(?:between|from)\b[^,;]{1,40}\b(?:and|to|until|till)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"\b(?:start|begin|beg[au]n|effect|force|launch|open|sale|com(?:e|es|ing))\w*\b[^,;]{0,25}$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:since|after|from|starting)\b[^,;]*$", re.IGNORECASE)


def is_dated(c: Comparison, day: Day, reporting: frozenset[int]) -> bool:
    """Whether a date is one of the quotes', said of the same, or the day of an outlet's report."""
    part = c.part_of(day.start)
    if _is_day_of_outlet(c, day, part.numbers, reporting):
        return True
    is_whole = day.moment is not None and day.moment.day is not None
    is_then = c.said.reading.text[: day.start].lower().endswith("as of ")
    if (
        is_whole
        and (day.side == "before" or is_then)
        and any(
            is_day_of(day, source.published)
            for number in part.numbers
            if (source := c.quotes[number].source)
        )
    ):
        # What was reported on a day was so by then.
        return True
    for number in part.numbers:
        quote = c.quotes[number]
        published = quote.source.published if quote.source else None
        for other in quote.days:
            if (
                is_same_day(day, other, quote.reading.text, published)
                and _is_on_one_side(c.said, day, quote, other)
                and not _is_another_day(c, day, number, other, quote.days)
            ):
                return True
    return False


def _is_day_of_outlet(
    c: Comparison, day: Day, numbers: Sequence[int], reporting: frozenset[int]
) -> bool:
    words = c.said.reading.find(day.start, day.end)
    if not words or not reporting:
        return False
    said = c.said.reading.words
    clause = words[0].clause
    # "On 31 October, the Post reported": nothing else is said of that day.
    is_apart = not any(w.clause == clause and c.links.get(w.at) for w in said)
    is_told = any(is_saying(w.text) for w in said[max(0, words[0].at - 2) : words[0].at])
    if not (is_apart or is_told) and all(said[at].clause != clause for at in reporting):
        return False
    near = min(abs(words[0].at - at) for at in reporting)
    quotes = [c.quotes[number] for number in numbers]
    return near <= FARTHEST and any(
        is_day_of(day, quote.source.published) for quote in quotes if quote.source
    )


def _is_on_one_side(said: Side, day: Day, quote: Side, other: Day) -> bool:
    if day.side == other.side:
        return True
    if not day.side and other.side == "before":
        return said.reading.text[: day.start].rstrip().endswith((" to", " for"))
    if day.side == "after" and not other.side:
        before = quote.reading.text[: other.start]
        return bool(_SINCE.search(before) or _BEGINS.search(before))
    return (
        not day.side
        and other.side == "after"
        and bool(
            _SINCE.search(said.reading.text[: day.start])
            or _BEGINS.search(said.reading.text[: day.start])
        )
    )


def _is_another_day(c: Comparison, day: Day, number: int, other: Day, days: Sequence[Day]) -> bool:
    shape = other.moment.shape if other.moment else frozenset()
    rivals = [
        rival
        for rival in days
        if rival is not other
        and rival.shown != other.shown
        and (rival.moment.shape if rival.moment else frozenset()) & shape
    ]
    if not rivals or _days_in_order(c, day, other, rivals):
        return False
    if _is_turned_range(c, day, number, rivals):
        return True
    own = max(measure_nearness(c, day, number, other), LEAST)
    return any(measure_nearness(c, day, number, rival) > CLEAR * own for rival in rivals)


def _is_turned_range(c: Comparison, day: Day, number: int, rivals: Sequence[Day]) -> bool:
    """Whether "between 10 p.m. and 8 a.m." has become "between 8 a.m. and 10 p.m."."""
    said, quote = c.said.reading.text, c.quotes[number].reading.text
    for rival in rivals:
        twins = [d for d in c.said.days if d.shown == rival.shown]
        its = [d for d in c.quotes[number].days if d.shown == day.shown]
        if any(_are_range(said, day, d) for d in twins) and any(
            _are_range(quote, d, rival) for d in its
        ):
            return True
    return False


def _are_range(text: str, one: Day, other: Day) -> bool:
    first, last = sorted((one, other), key=lambda day: day.start)
    return any(
        match.start() <= first.start and last.start <= match.end() + 1
        for match in _RANGE.finditer(text, max(0, first.start - _BETWEEN_REACH), last.end)
    )


def _days_in_order(c: Comparison, day: Day, other: Day, rivals: Sequence[Day]) -> bool:
    """Whether the sentence has the other dates too, each on the same side as the quote has it."""
    for rival in rivals:
        same = [d for d in c.said.days if d.shown == rival.shown]
        if not any((d.start < day.start) == (rival.start < other.start) for d in same):
            return False
    return True
