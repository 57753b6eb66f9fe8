"""How near what stands by a value of a written sentence stands by one of a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import NEAR
from index.writing.days import Day
from index.writing.figures import Figure

if TYPE_CHECKING:
    from index.writing.pairing import Comparison, Side

# Another figure must stand so much nearer to what the sentence says, to be the one that was meant.
CLEAR = 1.25
FARTHEST = 12
# A word that stands before one figure and behind the other tells less.
_OTHER_SIDE = 0.5
_OTHER_CLAUSE = 0.4
LEAST = 0.1
_SMALL_WORD = 0.5
_SMALL_WORDS = frozenset("from to by with at against after of".split())


def measure_nearness(
    c: Comparison, figure: Figure | Day, number: int, other: Figure | Day
) -> float:
    """How near the words that stand by a value of the sentence stand by one of the quote."""
    said, quote = c.said.reading, c.quotes[number].reading
    own, their = find_places(c.said, figure), find_places(c.quotes[number], other)
    tail = figure.tail if isinstance(figure, Figure) else figure.end
    first = said.find(figure.start, figure.end) or said.find(figure.start - 1, tail)
    clause, segment = (first[0].clause, first[0].segment) if first else (-1, -1)
    total = 0.0
    for at, links in c.links.items():
        word = said.words[at]
        near = _measure_distance(word.place, own)
        if abs(near) > FARTHEST or word.segment != segment or figure.start <= word.start < tail:
            continue
        weights = [
            (1.0 if (far > 0) == (near > 0) else _OTHER_SIDE) / abs(far)
            for link in [link for link in links if link.number == number][:1]
            if link.score >= NEAR
            for far in (_measure_distance(quote.words[link.at].place, their),)
        ]
        weight = max(weights, default=0.0) / abs(near)
        total += weight if word.clause == clause else _OTHER_CLAUSE * weight
    total += _measure_nearness_of_values(c, figure, number, other)
    return total + _SMALL_WORD * _has_same_before(c, figure, number, other)


def _measure_nearness_of_values(
    c: Comparison, figure: Figure | Day, number: int, other: Figure | Day
) -> float:
    """How near the values that both have stand by these."""
    quote = c.quotes[number]
    own, their = find_places(c.said, figure), find_places(quote, other)
    total = 0.0
    for value in c.said.figures:
        twins = [q for q in quote.figures if q.amount == value.amount and q.unit == value.unit]
        if value.start != figure.start and len(twins) == 1 and twins[0] is not other:
            near = abs(_measure_distance(find_places(c.said, value)[0], own))
            total += 1 / near / abs(_measure_distance(find_places(quote, twins[0])[0], their))
    for day in c.said.days:
        dates = [d for d in quote.days if d.shown == day.shown]
        if day.start != figure.start and len(dates) == 1 and dates[0] is not other:
            near = abs(_measure_distance(find_places(c.said, day)[0], own))
            total += 1 / near / abs(_measure_distance(find_places(quote, dates[0])[0], their))
    return total


def _has_same_before(c: Comparison, one: Figure | Day, number: int, other: Figure | Day) -> bool:
    """Whether the same small word stands just before both: "from", "by", "with"."""
    mine = c.said.reading.text[: one.start].rsplit(None, 2)[-1:]
    their = c.quotes[number].reading.text[: other.start].rsplit(None, 2)[-1:]
    if isinstance(one, Day) and isinstance(other, Day) and one.side and one.side == other.side:
        return True
    return bool(mine) and mine == their and mine[0].lower() in _SMALL_WORDS


def find_places(side: Side, value: Figure | Day) -> tuple[int, int]:
    """Where a value starts and ends, in places of words."""
    words = side.reading.find(value.start, value.end) or side.reading.find(
        max(0, value.start - 1), value.end + 1
    )
    if not words:
        later = [word.place for word in side.reading.words if word.start >= value.start]
        return (later[0], later[0]) if later else (0, 0)
    return words[0].place, words[-1].place


def _measure_distance(place: int, span: tuple[int, int]) -> int:
    """How far off a word stands: below 0 where it stands before."""
    if place < span[0]:
        return min(-1, place - span[0])
    return max(1, place - span[1])
