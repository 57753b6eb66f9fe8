"""Figures and dates of a written sentence: each must be one of the quote's, said of the same."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.writing.counted import is_another, is_same
from index.writing.dated import is_dated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.writing.figures import Figure
    from index.writing.pairing import Comparison, Side

_DIGITS = re.compile(r"\d[\d.,:]*\d|\d")
# What only counts what is told: two figures, three accounts.
_TOLD = frozenset("count figur account report version sourc estim side number total outlet".split())
_SHARE_OF = re.compile(r"[\s\xa0](?:out[\s\xa0])?of[\s\xa0](?:[\w'’-]+[\s\xa0]){0,3}")


def find_false_value(c: Comparison, reporting: frozenset[int]) -> str | None:
    """Say "figure" or "date" where one of the sentence's is not borne out.

    ``reporting`` are where outlets stand that are named as such: the day beside one is its own.
    """
    for figure in c.said.figures:
        if not _is_borne_out(c, figure, reporting):
            return "figure"
    if _turns_shares(c) or _repeats(c):
        return "figure"
    for day in c.said.days:
        if not is_dated(c, day, reporting):
            return "date"
    return "figure" if _has_loose_digits(c) else None


def _turns_shares(c: Comparison) -> bool:
    """Whether "17 of the 25" has become "25 of the 17"."""
    own = _find_shares(c.said)
    theirs = {pair for quote in c.quotes.values() for pair in _find_shares(quote)}
    return any((whole, part) in theirs and part != whole for part, whole in own)


def _repeats(c: Comparison) -> bool:
    """Whether a figure stands more often in a part than in all the quotes that it cites."""
    for part in c.parts:
        own = [f.amount for f in c.said.figures if part.start <= f.start < part.end and f.amount]
        theirs = [f.amount for number in part.numbers for f in c.quotes[number].figures]
        if any(own.count(amount) > max(1, theirs.count(amount)) for amount in own):
            return True
    return False


def _find_shares(side: Side) -> set[tuple[float | None, float | None]]:
    return {
        (first.amount, second.amount)
        for first, second in pairwise(side.figures)
        if _SHARE_OF.fullmatch(side.reading.text, first.end, second.start)
    }


def _has_loose_digits(c: Comparison) -> bool:
    """Whether digits were read neither as a figure nor as a date, and no quote has them."""
    spans = [(f.start, f.tail) for f in c.said.figures] + [(d.start, d.end) for d in c.said.days]
    for match in _DIGITS.finditer(c.said.reading.text):
        if any(start <= match.start() < end for start, end in spans):
            continue
        numbers = c.part_of(match.start()).numbers
        texts = [c.quotes[number].reading.text for number in numbers]
        if not any(match.group() in _DIGITS.findall(text) for text in texts):
            return True
    return False


def _is_borne_out(c: Comparison, figure: Figure, reporting: frozenset[int]) -> bool:
    numbers: Iterable[int] = c.part_of(figure.start).numbers
    if figure.unit == "th":
        numbers = c.quotes
    if _is_anaphor(c, figure):
        return True
    if figure.unit == "" and figure.head in _TOLD and figure.amount == len(c.quotes):
        return True
    if _is_between_days(c, figure, reporting) or _is_spell_before(c, figure):
        return True
    for number in numbers:
        quote = c.quotes[number]
        for other in quote.figures:
            if is_same(c, figure, number, other) and not is_another(c, figure, number, other):
                return True
    return _is_one_of_kind(c, figure)


def _is_one_of_kind(c: Comparison, figure: Figure) -> bool:
    """Whether "one doctor" is a doctor that the quote has, in the singular."""
    if figure.amount != 1 or figure.shown != "one" or not figure.head:
        return False
    noun = next((w for w in c.said.reading.find(figure.end, figure.tail)), None)
    links = c.links.get(noun.at, ()) if noun else ()
    return any(
        not c.quotes[link.number].reading.words[link.at].text.endswith("s") for link in links
    )


def _is_anaphor(c: Comparison, figure: Figure) -> bool:
    """Whether "the two" points back at what was named."""
    if figure.shown == "one" and not figure.unit and not figure.head:
        return True
    if figure.shown != "two" or figure.unit:
        return False
    names = [w for w in c.said.reading.words if w.is_name and c.links.get(w.at)]
    is_named = len(names) > 1 and figure.start < names[0].start
    return (is_named or not figure.head) and c.said.reading.text[: figure.start].lower().endswith(
        ("the ", "these ")
    )


def _is_spell_before(c: Comparison, figure: Figure) -> bool:
    """Whether "a week earlier" stands for "the week before"."""
    if figure.amount != 1 or figure.shown not in {"a", "an", "one"}:
        return False
    texts = [c.quotes[number].reading.text for number in c.part_of(figure.start).numbers]
    spell = re.compile(rf"\b(?:the|last|previous)\s{figure.unit}\b", re.IGNORECASE)
    return any(spell.search(text) for text in texts)


def _is_between_days(c: Comparison, figure: Figure, reporting: frozenset[int]) -> bool:
    """Whether it tells how much later another outlet reported: "a day later The Post …"."""
    if figure.unit != "day" or not reporting:
        return False
    days = [q.source.published for q in c.quotes.values() if q.source and q.source.published]
    return any(abs((a - b).days) == figure.amount for a in days for b in days if a != b)
