"""Which figure of a quote a figure of the sentence is: the same amount, of the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from index.language.events import events_of, find_event, is_people
from index.language.synonyms import means_same
from index.writing.alike import NEAR
from index.writing.nearness import CLEAR, LEAST, find_places, measure_nearness
from index.writing.reading import is_past
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from index.writing.figures import Figure
    from index.writing.pairing import Comparison, Side

_SAID_OF = ("percent", "point", "times", "th", "clock")
_BESIDE = 5
_SURE = 1.1


def find_twins(c: Comparison, figure: Figure, number: int) -> list[int]:
    """The words of a quote where a figure of the sentence stands, whatever it counts."""
    quote = c.quotes[number]
    return [
        word.at
        for other in quote.figures
        if figure.amount == other.amount and figure.upper == other.upper
        for word in quote.reading.find(other.start, other.end)[:1]
    ]


def is_same(c: Comparison, figure: Figure, number: int, other: Figure) -> bool:
    """Whether a figure of a quote has the same amount and bound, and counts the same."""
    if figure.amount is None or other.amount is None:
        if figure.amount is not other.amount or figure.shown != other.shown:
            return False
    elif abs(figure.amount - other.amount) > 1e-9 * max(1.0, abs(other.amount)):
        return False
    if figure.upper != other.upper or not _is_bounded_alike(figure, other):
        return False
    return _counts_same(c, figure, number, other)


def _is_bounded_alike(figure: Figure, other: Figure) -> bool:
    if figure.bound == "exactly":
        return other.bound in {"", "exactly"}
    return figure.bound == other.bound


def _counts_same(  # noqa: PLR0911 - the first that fits
    c: Comparison, figure: Figure, number: int, other: Figure, *, is_strict: bool = False
) -> bool:
    quote = c.quotes[number]
    if {figure.unit, other.unit} == {"times", ""} and (figure.amount or 0) >= 2:  # noqa: PLR2004
        # "Two times" for "twice".
        return not (figure.head or other.head)
    if figure.unit != other.unit:
        is_bare = not figure.unit and not figure.head
        return is_bare and other.unit not in _SAID_OF
    if figure.unit:
        return True
    if _befell_others(c.said, figure, quote, other):
        return False
    if not figure.head or not other.head or means_same(figure.head, other.head):
        return True
    mine, noun = _find_noun(figure, c.said), _find_noun(other, quote)
    if is_past(mine) or is_past(noun):
        return True
    if is_people(mine) and is_people(noun):
        return True
    if mine and noun and open_thesaurus().is_near(mine, noun):
        return True
    return not is_strict and _is_counted_beside(c, figure, number, other)


def _befell_others(said: Side, figure: Figure, quote: Side, other: Figure) -> bool:
    """Whether one counts the dead, say, and the other the injured."""
    if figure.value is None or other.value is None or (figure.head and figure.head == other.head):
        return False
    own = find_event(said.reading.text, figure.value) & _events_beside(said, figure, "clause")
    their = find_event(quote.reading.text, other.value)
    return bool(own and their) and own.isdisjoint(their | _events_beside(quote, other, "segment"))


def _events_beside(
    side: Side, figure: Figure, kind: Literal["clause", "segment"]
) -> frozenset[str]:
    """What the clause of a figure, or the stretch around it, tells that befell somebody."""
    inside = side.reading.find(figure.start, figure.end)
    number = getattr(inside[0], kind) if inside else -1
    return events_of(w.term for w in side.reading.words if getattr(w, kind) == number)


def _is_counted_beside(c: Comparison, figure: Figure, number: int, other: Figure) -> bool:
    """Whether what it counts stands right by the quote's figure: "11,200 runners who started"."""
    quote = c.quotes[number]
    span = find_places(quote, other)
    return any(
        link.number == number
        and link.score >= NEAR
        and 0 < quote.reading.words[link.at].place - span[1] <= _BESIDE
        for word in c.said.reading.find(figure.end, figure.tail)
        for link in c.links.get(word.at, ())
    )


def _find_noun(figure: Figure, side: Side) -> str:
    words = side.reading.text[figure.end : figure.tail].lower().split()
    return words[-1].strip("-") if words else ""


def is_another(c: Comparison, figure: Figure, number: int, other: Figure) -> bool:
    """Whether what stands by a figure of the sentence stands by another figure of the quote."""
    quote = c.quotes[number]
    rivals = [
        rival
        for rival in quote.figures
        if rival is not other
        and rival.unit == other.unit
        and (rival.amount, rival.upper) != (other.amount, other.upper)
        and (rival.amount is None) == (other.amount is None)
        and ((rival.amount or 1) < 1) == ((other.amount or 1) < 1)
        and (rival.head or not (figure.head and other.head))
        and _counts_same(c, figure, number, rival, is_strict=True)
    ]
    if not rivals:
        return False
    own = max(measure_nearness(c, figure, number, other), LEAST)
    part = c.part_of(figure.start)
    mine = [f for f in c.said.figures if part.start <= f.start < part.end]
    for rival in rivals:
        same = [f for f in mine if (f.amount, f.upper) == (rival.amount, rival.upper)]
        near = measure_nearness(c, figure, number, rival)
        if not same and near > CLEAR * own:
            return True
        # Figures that stand the other way round must clearly stand by the same words.
        is_turned = all((f.start < figure.start) != (rival.start < other.start) for f in same)
        if same and is_turned and near * _SURE >= own:
            return True
    return False
