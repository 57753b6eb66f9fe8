"""The figures and dates of a statement, each set against one of a sentence that tells of the same.

Equal values agree however they are written. A figure differs only from one that counts the same
thing; where it is not clear which one that is, nothing is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.language.events import find_event, is_people
from index.language.near import nearness, place_words
from index.language.resolve import read_moment, resolve_moment
from index.language.synonyms import means_same
from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from index.checking.reading import Reading
    from index.language.values import Value

    Comparison = Callable[[Value, Value], bool | None]

# Figures further apart than this do not count the same thing.
_FARTHEST = 25
# "About 1,200" and 1,150 may be one figure, rounded: neither the same nor another.
_ROUNDING = 0.05
_UP = tuple("more than|over|at least|above|greater than|higher than|upward".split("|"))
_DOWN = tuple("less than|fewer than|under|below|at most|up to|as many as".split("|"))
_NEARLY = tuple("almost|nearly|close to|just under|just below".split("|"))
_ABOUT = tuple(
    "about|around|some|roughly|approximately|approx|estimated|circa|probably|perhaps|maybe".split(
        "|"
    )
)
_ROUGH = (*_ABOUT, *_NEARLY)
_MEASURES = {
    "km": "kilomet kilometr km",
    "m": "meter metr m",
    "mile": "mile",
    "cm": "cm centimet centimetr",
    "kg": "kg kilogram kilo",
    "tonn": "tonn ton",
    "percent": "percent %",
    "dollar": "dollar buck usd",
    "euro": "euro",
    "pound": "pound quid",
    "minut": "minut min",
    "hour": "hour hr",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year yr",
    "crown": "crown",
    "mark": "mark",
    "degre": "degre",
    "knot": "knot",
}
_MEASURE_OF = {term: name for name, terms in _MEASURES.items() for term in terms.split()}
# What stands before the day on which somebody said something.
_SAID_ON = re.compile(
    r"\b(?:said|says|told|announced|confirmed|reported|added)\s(?:\w+\s){0,2}(?:on\s|in\s)?$"
)
# The best of several must stand so much nearer to what the statement says of it.
_CLEAR = 1.15

Pair = tuple["Value", "Value"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alignment:
    """What became of a statement's values.

    ``agreeing`` and ``differing`` are pairs (of the statement, of the sentence); ``is_missing``
    tells that a value has nothing to be set against, or that it stays open whether they agree.
    """

    agreeing: tuple[Pair, ...]
    differing: tuple[Pair, ...]
    is_missing: bool


def align_values(said: Reading, found: Reading, published: date | None) -> Alignment:
    """Set every figure and date of ``said`` against those of ``found``."""
    agreeing: list[Pair] = []
    differing: list[Pair] = []
    is_missing = False
    rows: list[tuple[Value, list[Value], Comparison]] = [
        (value, _quantities_like(said, value, found), _agrees) for value in said.quantities
    ]
    rows += [
        (value, _dates_like(said, value, found), _dates_agree(said, found, published))
        for value in said.dates
    ]
    for value, others, agrees in rows:
        chosen = _choose(said, value, found, others, agrees)
        agreement = agrees(value, chosen) if chosen is not None else None
        if (
            agreement is False
            and chosen is not None
            and not _may_differ(said, value, found, chosen)
        ):
            agreement = None
        if chosen is None or agreement is None:
            is_missing = True
        else:
            (agreeing if agreement else differing).append((value, chosen))
    places = [other.start for _, other in (*agreeing, *differing)]
    return Alignment(
        agreeing=tuple(agreeing),
        differing=tuple(differing),
        is_missing=is_missing
        or len(set(places)) < len(places)
        or _swaps_names(said, found, [pair for pair in agreeing if pair[0].kind == "quantity"]),
    )


def _choose(
    said: Reading,
    value: Value,
    found: Reading,
    others: Sequence[Value],
    agrees: Comparison,
) -> Value | None:
    """The one of ``others`` that tells of the same as ``value``, by the words it stands near."""
    if len(others) < 2:  # noqa: PLR2004 - nothing to choose
        return others[0] if others else None
    own = {word.term for word in said.words}
    shared = {word.term for word in found.words if any(means_same(word.term, t) for t in own)}
    near = [_nearness(said, value, found, shared, other) for other in others]
    best, second, *_ = sorted(near, reverse=True)
    chosen = others[near.index(best)]
    if best >= _CLEAR * second:
        return chosen
    # Where several stand as near, only one that agrees tells anything.
    close = [o for o, score in zip(others, near, strict=True) if _CLEAR * score > best]
    return next((other for other in close if agrees(value, other)), None)


def _nearness(said: Reading, value: Value, found: Reading, shared: set[str], other: Value) -> float:
    """How near the other value stands to the words that stand near the statement's."""
    weights = {
        word.term: nearness(said.text, {word.term}, value.start, value.end) for word in said.words
    }
    total = 0.0
    for term in shared:
        mine = max((w for t, w in weights.items() if means_same(t, term)), default=0.0)
        total += mine * nearness(found.text, {term}, other.start, other.end)
    return total


# --- Figures ----------------------------------------------------------------------------------


def _quantities_like(said: Reading, value: Value, found: Reading) -> list[Value]:
    return [other for other in found.quantities if _counts_same(said, value, found, other)]


def _counts_same(said: Reading, value: Value, found: Reading, other: Value) -> bool:
    """Whether two figures count the same kind of thing: a measure, a noun, what befell people."""
    unit, other_unit = _MEASURE_OF.get(value.head), _MEASURE_OF.get(other.head)
    if unit or other_unit:
        return unit == other_unit
    event, other_event = find_event(said.text, value), find_event(found.text, other)
    if event and other_event and event.isdisjoint(other_event):
        return False
    if value.part != other.part and not (event and other_event):
        return False
    if not value.head or not other.head:
        return value.head == other.head or bool(event & other_event)
    return means_same(value.head, other.head) or (
        _is_people(said.text, value) and _is_people(found.text, other)
    )


def _may_differ(said: Reading, value: Value, found: Reading, other: Value | None) -> bool:
    """Whether two unequal values surely are of one thing: what befell those that are counted."""
    if value.kind == "date" or other is None:
        return True
    low, high = sorted((value.amount or 0.0, other.amount or 0.0))
    if high > _FARTHEST * low:
        return False
    return value.head in _MEASURE_OF or find_event(said.text, value) == find_event(
        found.text, other
    )


def _is_people(text: str, value: Value) -> bool:
    noun = text[value.end : value.tail].split()
    return bool(noun) and (is_people(noun[-1]) or noun[-1].lower() in {"ppl", "folks"})


def _agrees(value: Value, other: Value) -> bool | None:
    """Whether the article bears a figure out; None where it is left open."""
    if value.amount is None or other.amount is None:
        return None
    if abs(value.amount - other.amount) <= 1e-9 * max(1.0, abs(value.amount)):
        return _bounds_agree(value, other)
    if other.upper is not None or value.upper is not None:
        return None
    is_rough = _is(value, _ROUGH) or _is(other, _ROUGH)
    larger = max(value.amount, other.amount)
    if is_rough and abs(value.amount - other.amount) <= _ROUNDING * larger:
        return None
    is_above = _is(value, _UP) and other.amount > value.amount
    is_below = _is(value, _DOWN) and other.amount < value.amount
    return None if is_above or is_below else False


def _bounds_agree(value: Value, other: Value) -> bool | None:
    """Whether "more than" and the like agree, for equal figures."""
    if value.upper != other.upper:
        return None
    up, down = _is(value, _UP), _is(value, (*_DOWN, *_NEARLY))
    other_up, other_down = _is(other, _UP), _is(other, (*_DOWN, *_NEARLY))
    if (up and other_down) or (down and other_up):
        return False
    return None if (up and not other_up) or (down and not other_down) else True


def _is(value: Value, words: tuple[str, ...]) -> bool:
    return value.qualifier.startswith(words)


# --- Dates ------------------------------------------------------------------------------------


def _dates_like(said: Reading, value: Value, found: Reading) -> list[Value]:
    """The dates that may be the statement's; when somebody said so is another matter."""
    moment = read_moment(said.text[value.start : value.end])
    if moment is None:
        return []
    like = [
        other
        for other in found.dates
        if (read := read_moment(found.text[other.start : other.end])) and read.is_like(moment)
    ]
    if _SAID_ON.search(said.text, 0, value.start):
        return like
    return [other for other in like if not _SAID_ON.search(found.text, 0, other.start)]


def _dates_agree(said: Reading, found: Reading, published: date | None) -> Comparison:
    def agrees(value: Value, other: Value) -> bool | None:
        own = read_moment(said.text[value.start : value.end])
        their = read_moment(found.text[other.start : other.end])
        if own is None or their is None:
            return None
        agreement = own.agrees(resolve_moment(their, found.text, other.start, published))
        # A Sunday is not this Sunday, and Nov. 4 no Wednesday: only like with like differs.
        is_weekday = own.is_weekday and not their.is_weekday
        is_other = agreement is False and own.shape.isdisjoint(their.shape)
        return None if is_weekday or is_other else agreement

    return agrees


# --- Whose value it is ------------------------------------------------------------------------


def _swaps_names(said: Reading, found: Reading, pairs: Sequence[Pair]) -> bool:
    """Whether an agreeing value stands by another name: "A has 53, B 41" for "B 53, A 41"."""
    known = {word.term for word in place_words(found.text) if word.term}
    names = [
        named
        for name in said.names
        if (named := frozenset(terms(said.text[name.start : name.end]))) & known
    ]
    if len(names) < 2:  # noqa: PLR2004 - it takes two to swap
        return False
    return any(
        _nearest_name(said.text, names, value) != _nearest_name(found.text, names, other)
        for value, other in pairs
    )


def _nearest_name(
    text: str, names: Sequence[frozenset[str]], value: Value
) -> frozenset[str] | None:
    """The name of ``names`` that a value stands nearest to."""
    words = place_words(text)
    place = next((word.place for word in words if word.end > value.start), 0)
    distances = [
        (abs(word.place - place), number)
        for word in words
        for number, name in enumerate(names)
        if word.term in name
    ]
    return names[min(distances)[1]] if distances else None
