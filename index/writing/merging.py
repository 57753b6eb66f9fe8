"""Sentences that cite several quotes: each clause must be one quote's, and each quote of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import NEAR
from index.writing.counted import find_twins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.writing.marked import Part
    from index.writing.pairing import Comparison
    from index.writing.reading import Word

# One word of another quote in a clause may name what the sentence is about.
_MOST_FOREIGN, _FEWEST = 1, 4


def find_merged(c: Comparison, reporting: frozenset[int]) -> str | None:
    """Say "merged" where a clause mixes quotes, "citation" where a quote bears out nothing."""
    for part in c.parts:
        if len(part.numbers) > 1:
            clauses = list(_split(c, part, reporting))
            if not all(any(_is_of(c, ws, n) for n in part.numbers) for ws in clauses):
                return "merged"
            if not all(_is_of_use(c, part, clauses, number) for number in part.numbers):
                return "citation"
    return None


def _split(c: Comparison, part: Part, reporting: frozenset[int]) -> Iterable[list[Word]]:
    clauses: dict[int, list[Word]] = {}
    for word in c.said.reading.words:
        if part.start <= word.start < part.end and word.at not in reporting:
            clauses.setdefault(word.clause, []).append(word)
    return clauses.values()


def _is_of(c: Comparison, words: Iterable[Word], number: int) -> bool:
    """Whether one quote has the figures of a clause, its names, and nearly all its words."""
    inside = list(words)
    if not inside:
        return True
    start, end = inside[0].start, inside[-1].end
    figures = [f for f in c.said.figures if start <= f.start < end]
    if not all(find_twins(c, figure, number) for figure in figures):
        return False
    foreign = [
        word
        for word in inside
        if (links := c.links.get(word.at))
        and not any(link.number == number for link in links)
        and links[0].score >= NEAR
    ]
    linked = [word for word in inside if c.links.get(word.at)]
    most = _MOST_FOREIGN if len(linked) >= _FEWEST else 0
    is_subject = bool(linked) and linked[0] in foreign and len(linked) > 1
    return len(foreign) <= most and not is_subject and not any(w.is_name for w in foreign)


def _is_of_use(c: Comparison, part: Part, clauses: Iterable[list[Word]], number: int) -> bool:
    if any(_is_of(c, words, number) and _has_any(c, words, number) for words in clauses):
        return True
    return any(
        {link.number for link in links} == {number}
        for at, links in c.links.items()
        if links and part.start <= c.said.reading.words[at].start < part.end
    )


def _has_any(c: Comparison, words: Iterable[Word], number: int) -> bool:
    inside = list(words)
    linked = [w for w in inside if any(link.number == number for link in c.links.get(w.at, ()))]
    return len(linked) > _MOST_FOREIGN
