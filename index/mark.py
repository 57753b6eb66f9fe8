"""Which words of a sentence are the answer, where the question asks for one thing and one is clear.

Precision comes first: a wrong mark is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from index.asked import read_asked
from index.values import Kind, Value, expected_kind, find_values
from index.words import Word, split_words, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

# How much better the best candidate must stand than the next for it to be clear. Names are the
# hardest to tell apart; the figures were chosen on SQuAD paragraphs (benchmarks/marking.py).
_CLEAR: dict[Kind, float] = {"quantity": 2.0, "date": 1.5, "person": 3.0, "place": 3.0}
# What a candidate is worth that stands near no word of the question.
_ALONE = 0.01
# What a name is worth that cannot be the answer by what stands around it, but may hide it.
_RIVAL = 0.3


class _Candidate(NamedTuple):
    """A value that may be the answer; a rival only keeps others from being clear."""

    value: Value
    fit: float
    is_rival: bool = False


def mark_answer(
    question: str, sentence: str, *, kind: Kind | None = None
) -> tuple[int, int] | None:
    """Where in ``sentence`` the answer stands, or None when no candidate is clear.

    Only questions for a figure, a date, a person or a place are marked. ``kind`` is what the
    question asks for, where that is known already.
    """
    kind = kind or expected_kind(question)
    if kind is None or kind == "polarity":
        return None
    chosen = _choose(question, sentence, _candidates(question, sentence, kind), _CLEAR[kind])
    return None if chosen is None else (chosen.start, chosen.end)


def nearness(words: Sequence[Word], asked: set[str], value: Value) -> float:
    """How close the words of the question stand to ``value``: each counts 1 over its distance."""
    place = sum(word.start < value.start for word in words)
    nearest: dict[str, int] = {}
    for number, word in enumerate(words):
        if word.term in asked and not value.start <= word.start < value.end:
            distance = abs(number - place) + 1
            nearest[word.term] = min(distance, nearest.get(word.term, distance))
    return sum(1 / distance for distance in nearest.values()) + _ALONE


def _candidates(question: str, sentence: str, kind: Kind) -> list[_Candidate]:
    if kind == "quantity":
        return _quantities(question, sentence)
    if kind == "date":
        return _dates(question, sentence)
    return _names(question, sentence, kind)


def _choose(
    question: str, sentence: str, candidates: list[_Candidate], clear: float
) -> Value | None:
    if not candidates:
        return None
    words, asked = split_words(sentence), set(terms(question))
    scores = [candidate.fit * nearness(words, asked, candidate.value) for candidate in candidates]
    best, *others = sorted(range(len(candidates)), key=lambda number: -scores[number])
    if candidates[best].is_rival or (others and scores[best] <= clear * scores[others[0]]):
        return None
    return candidates[best].value


# --- Figures and dates ------------------------------------------------------------------------


def _quantities(question: str, sentence: str) -> list[_Candidate]:
    asked = read_asked(question)
    known = {value.amount for value in find_values(question) if value.kind == "quantity"}
    return [
        _Candidate(value, fit)
        for value in find_values(sentence)
        if value.kind == "quantity"
        and value.amount not in known
        and sentence[value.start - 1 : value.start] != "("
        and (fit := asked.fits(value))
    ]


_YEAR = re.compile(r"\b(?:1\d|20)\d\d")
_ASKS_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)


def _dates(question: str, sentence: str) -> list[_Candidate]:
    asked = set(terms(question))
    return [
        _Candidate(value, 1.0)
        for value in find_values(sentence)
        if value.kind == "date"
        and not asked.issuperset(terms(sentence[value.start : value.end]))
        and (not _ASKS_YEAR.search(question) or _YEAR.search(sentence, value.start, value.end))
    ]


# --- Names ------------------------------------------------------------------------------------

# What stands before a place, and never before the person a sentence is about.
_INSIDE = r"\b(?:in|at|near|throughout|across|inside|outside)"
_WITHIN = re.compile(rf"{_INSIDE} (?:the |an? |its |his |her |their )?$", re.IGNORECASE)
_LOCATED = re.compile(
    rf"(?:{_INSIDE}|\b(?:to|from|into|toward|towards|around"
    r"|reach(?:ed)?|visit(?:ed)?|enter(?:ed)?|left)) (?:the |nearby |neighbou?ring )?$"
    r"|(?:north|south|east|west)(?:ern)? (?:of )?$",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"-[a-z]|[\s\xa0](?!(?:and|or|to|in|on|at|with|of|for|by|from|as|is|was|were|are|had|has|have"
    r"|who|said|says|told|that|which|when|while|after|before|during|will|would|could|where)\b)[a-z]"
)
_DEMONYM = re.compile(r"(?:an|ish|ese|ic|i|ch|ss|ek|ed)$")
_POSSESSIVE = re.compile(r"['’](?:s\b| )")
_TITLE = re.compile(
    r"(?:[\w.'’-]+\s){0,5}(?:President|Minister|Secretary|Ambassador|General|Gen\.|Governor|Mayor"
    r"|King|Queen|Prince|Princess|Pope|Judge|Justice|Senator|Sen\.|Rep\.|Chancellor|Director|Chief"
    r"|Commissioner|Colonel|Captain|Professor|Mr\.|Mrs\.|Ms\.|Dr\.)\s(?=[^\W\d_a-z]\w)"
)
_REACH = 40  # characters before a name in which its preposition stands


def _names(question: str, sentence: str, kind: Kind) -> list[_Candidate]:
    asked = set(terms(question))
    return [
        _Candidate(value, 1.0) if _stands_for(kind, sentence, value) else _rival(value)
        for value in map(partial(_without_title, sentence), find_values(sentence))
        if value.kind == "name" and asked.isdisjoint(terms(sentence[value.start : value.end]))
    ]


def _without_title(sentence: str, value: Value) -> Value:
    """The name alone, "Anna Berg" of "Prime Minister Anna Berg"."""
    title = _TITLE.match(sentence, value.start, value.end) if value.kind == "name" else None
    return replace(value, start=title.end()) if title else value


def _rival(value: Value) -> _Candidate:
    return _Candidate(value, _RIVAL, is_rival=True)


def _is_demonym(sentence: str, value: Value) -> bool:
    """Whether the name only describes the noun that follows, as in "Spanish governor"."""
    name = sentence[value.start : value.end]
    return bool(_DEMONYM.search(name) and _DESCRIBES.match(sentence, value.end))


def _stands_for(kind: Kind, sentence: str, value: Value) -> bool:
    """Whether a name can be a place, by the preposition before it, or a person."""
    if _POSSESSIVE.match(sentence, value.end) or _is_demonym(sentence, value):
        return False
    before = sentence[max(0, value.start - _REACH) : value.start]
    if kind == "place":
        return bool(_LOCATED.search(before))
    closed = sentence[value.end : value.end + 1] == "-"
    return not closed and not _WITHIN.search(before) and before[-1:] not in {'"', "“", "("}
