"""The figures of a sentence: what they come to, what they count, and how they are bounded.

"At least twelve people", "12 people or more": the same value. A figure that stands alone is a
value too: a time of a race, a score, "twice", "the second".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from index.language.numerals import find_numerals
from index.language.values import find_values
from index.language.words import terms
from index.writing.measures import BEFORE, MEASURE_OF, REACH, SPANS_OF_TIME, find_bound, find_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.language.values import Value

_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d\d:\d\d(?:\.\d+)?(?![\d:])|(?<![\d:.])\d{1,2}:\d\d\.\d+")
_SCORE = re.compile(r"(?<![\w.,€$£:/–-])(\d{1,3})[-–](\d{1,3})(?![\w.,]?\d|[–-]|%)")
_TIMES = re.compile(
    r"\b(?:(?P<two>twice|doubl(?:e|es|ed|ing)|twofold)|(?P<three>thrice|tripl(?:e|es|ed|ing)|treble[ds]?"
    r"|threefold)|(?P<half>half|halv(?:e|es|ed|ing)))\b",
    re.IGNORECASE,
)
_DECADE = re.compile(r"\ba[\s\xa0](decade|century)\b", re.IGNORECASE)
_SINGLE = re.compile(r"\b(?:single|sole|lone)\b", re.IGNORECASE)
_QUARTER = re.compile(r"\ba quarter\b(?![\s\xa0]of[\s\xa0]\d)", re.IGNORECASE)
_ORDINALS = {
    word: float(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=1,
    )
}
_ORDINAL = re.compile(
    rf"\b(?:{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))\b(?![\s\xa0]centur)", re.IGNORECASE
)
_NOT_ORDINAL = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|per)[\s\xa0-]$", re.IGNORECASE
)
_MONTH_FIGURE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"[\s\xa0](?=\d+(?:[.,]\d+|[\s\xa0](?:hundred|thousand|million|billion)))"
)
# "Was first given as": no first of anything.
_DONE_FIRST = re.compile(r"[\s\xa0](?:\w{2,}ed|given|put|said|seen|shown|made|known)\b")
_SPELL = re.compile(
    r"(\w+)[\s\xa0](second|minute|hour|day|week|month|year|decade|centurie)s?[\s\xa0]"
    r"(?:ago|earlier|later|before)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w:/])|(?<![\w.,:/-])\d+(?:\.\d+)?(?![\w:/])"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A figure where it stands: ``text[start:end]``, with bound and noun ``text[lead:tail]``.

    ``amount`` is None where it is vague ("dozens", then ``shown`` tells it apart), ``upper`` the
    upper end of a range; ``unit`` a measure, "times" or "th", or empty where things are counted,
    which ``head`` names (a term); ``bound`` is "least", "more", "most", "less", "about", "nearly",
    "but", "exactly" or empty.
    """

    start: int
    end: int
    lead: int
    tail: int
    shown: str
    amount: float | None
    upper: float | None = None
    unit: str = ""
    head: str = ""
    bound: str = ""
    value: Value | None = None


def part_months(text: str) -> str:
    """``text``, as long, with "November 1.7 million" parted, so that it is no first of November."""
    return _MONTH_FIGURE.sub(r"\1;", text)


@lru_cache(maxsize=2_048)
def read_figures(text: str) -> tuple[Figure, ...]:
    """The figures of ``text`` (its digits in a newspaper's spelling), in order."""
    text = part_months(text)
    found = [*_read_clocks(text), *_read_scores(text)]
    taken = [(figure.start, figure.end) for figure in found]
    values = find_values(text)
    for value in values:
        if value.kind == "quantity" and not _overlaps(value.start, value.end, taken):
            found += _read_value(text, value)
            taken.append((value.start, value.end))
    dates = [(value.start, value.end) for value in values if value.kind == "date"]
    found += [figure for span in dates for figure in _read_spell(text, *span)]
    for figure in (*_read_times(text), *_read_ordinals(text)):
        if not _overlaps(figure.start, figure.end, [*taken, *dates]):
            found.append(figure)
            taken.append((figure.start, figure.end))
    found += _read_rest(text, [*taken, *dates])
    found += [f for f in _read_decades(text) if not _overlaps(f.start, f.end, [*taken, *dates])]
    return tuple(sorted(map(_in_years, found), key=lambda figure: figure.start))


def _read_decades(text: str) -> Iterator[Figure]:
    for match in _DECADE.finditer(text):
        yield _figure(*match.span(), text, amount=1.0, unit=match[1].lower())


def _in_years(figure: Figure) -> Figure:
    """A decade is ten years."""
    years = {"decade": 10.0, "century": 100.0}.get(figure.unit)
    if years is None or figure.amount is None:
        return figure
    return replace(figure, amount=figure.amount * years, unit="year")


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


def _read_clocks(text: str) -> Iterator[Figure]:
    for match in _CLOCK.finditer(text):
        amount = 0.0
        for part in match.group().split(":"):
            amount = amount * 60 + float(part)
        yield _figure(match.start(), match.end(), text, amount=amount, unit="clock")


def _read_scores(text: str) -> Iterator[Figure]:
    for match in _SCORE.finditer(text):
        first, second = int(match[1]), int(match[2])
        # "5-6 people" is a range; "7-2" is two figures.
        if first >= second:
            yield _figure(*match.span(1), text, amount=float(first))
            yield _figure(*match.span(2), text, amount=float(second))


def _read_value(text: str, value: Value) -> Iterator[Figure]:
    numerals = find_numerals(text[value.start : value.end])
    is_pair = len(numerals) == 2  # noqa: PLR2004
    if is_pair and (value.upper is None or numerals[0].unit not in {"", numerals[1].unit}):
        # "18% to 1.2 billion crowns" and "52% to 48%" are no ranges.
        first, second = numerals
        unit = MEASURE_OF.get(first.unit, first.unit)
        end = value.start + first.end
        yield _figure(value.start, end, text, amount=first.amount or 0.0, unit=unit)
        value = replace(
            value, start=value.start + second.start, amount=second.amount, upper=None, lead=end
        )
    yield _read_one(text, value)


def _read_spell(text: str, start: int, end: int) -> Iterator[Figure]:
    """A date like "four years ago" tells how long, which may be said without "ago"."""
    match = _SPELL.fullmatch(text, start, end)
    if match is None:
        return
    numerals = find_numerals(match[1])
    amount = numerals[0].amount if numerals else 1.0 if match[1].lower() in {"a", "an"} else None
    unit = MEASURE_OF.get(next(iter(terms(match[2])), ""), "")
    figure = _figure(start, start + len(match[1]), text, amount=amount or 0.0, unit=unit)
    if amount is not None and unit:
        if match[1].lower() in {"a", "an"}:
            # "Higher than a year earlier" bounds no year.
            figure = replace(figure, bound="", lead=figure.start)
        yield replace(figure, tail=end)


def is_spell(text: str, start: int, end: int) -> bool:
    """Whether a date only tells how long ago, or how much later."""
    return any(True for _ in _read_spell(text, start, end))


def _read_one(text: str, value: Value) -> Figure:
    unit, head = find_unit(text, value)
    lead, bound = find_bound(text, value)
    if unit in SPANS_OF_TIME and text[lead : value.start].lower().strip() == "over":
        bound = ""
    return Figure(
        start=value.start,
        end=value.end,
        lead=lead,
        tail=max(value.tail, value.end),
        shown=text[value.start : value.end].lower(),
        amount=value.amount,
        upper=value.upper,
        unit=unit,
        head=head,
        bound=bound,
        value=value,
    )


def _read_rest(text: str, spans: list[tuple[int, int]]) -> Iterator[Figure]:
    """Digits that are nothing else: "the Unity Party 81"."""
    for match in _BARE.finditer(text):
        if not _overlaps(*match.span(), spans):
            amount = float(match.group().replace(",", ""))
            yield _figure(*match.span(), text, amount=amount)


def _read_times(text: str) -> Iterator[Figure]:
    amounts = {"two": 2.0, "three": 3.0, "half": 0.5}
    for match in _SINGLE.finditer(text):
        yield _figure(*match.span(), text, amount=1.0)
    for match in _QUARTER.finditer(text):
        yield _figure(*match.span(), text, amount=0.25)
    for match in _TIMES.finditer(text):
        yield _figure(*match.span(), text, amount=amounts[match.lastgroup or ""], unit="times")


def _read_ordinals(text: str) -> Iterator[Figure]:
    for match in _ORDINAL.finditer(text):
        word = match.group().lower()
        if _DONE_FIRST.match(text, match.end()):
            continue
        if word == "second" and _NOT_ORDINAL.search(text, 0, match.start()):
            continue
        amount = _ORDINALS.get(word) or float(re.sub(r"\D", "", word))
        yield _figure(*match.span(), text, amount=amount, unit="th")


def _figure(start: int, end: int, text: str, *, amount: float, unit: str = "") -> Figure:
    floor = max(0, start - REACH)
    before = BEFORE.search(text[floor:start])
    return Figure(
        start=start,
        end=end,
        lead=floor + before.start() if before else start,
        tail=end,
        shown=text[start:end].lower(),
        amount=amount,
        unit=unit,
        bound=before.lastgroup or "" if before else "",
    )
