"""How near the words of a question stand to a value: the best sign of which one answers it.

A word counts 1 over its distance. A comma, a colon or a dash between them is worth a few words;
what stands in brackets takes no room ("50 kilometers (30 miles) from the border").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from index.language.words import split_words

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

# What a value is worth that stands near no word of the question.
_ALONE = 0.01
_COMMA = 2
_PARTING = re.compile(r"[,;:—–“”\"]")
_AND = frozenset({"and", "but", "or"})


class PlacedWord(NamedTuple):
    """A word of a sentence; ``place`` counts words from its start, and more across a comma."""

    start: int
    end: int
    term: str
    place: int


@lru_cache(maxsize=1_024)
def place_words(text: str) -> tuple[PlacedWord, ...]:
    """The words of ``text`` with their places; those of a thousand sentences are remembered."""
    placed = []
    place, end, in_brackets = 0, 0, False
    for word in split_words(text):
        gap = text[end : word.start]
        if ")" in gap:
            in_brackets = False
        if "(" in gap.rpartition(")")[2]:
            in_brackets = True
        if not in_brackets:
            is_parted = _PARTING.search(gap) or text[word.start : word.end] in _AND
            place += 1 + (_COMMA if is_parted else 0)
        placed.append(PlacedWord(word.start, word.end, word.term, place))
        end = word.end
    return tuple(placed)


def nearness(text: str, asked: AbstractSet[str], start: int, end: int) -> float:
    """How close words of ``asked`` (terms) stand to ``text[start:end]``, more where several do."""
    words = place_words(text)
    first = last = 0
    for word in words:
        if word.start < end:
            last = word.place
            if word.start <= start:
                first = word.place
    nearest: dict[str, int] = {}
    for word in words:
        if word.term in asked and not start <= word.start < end:
            gap = first - word.place if word.start < start else word.place - last
            distance = max(gap, 1)
            nearest[word.term] = min(distance, nearest.get(word.term, distance))
    return sum(1 / distance for distance in nearest.values()) + _ALONE
