"""Which words of a sentence are the answer, where the question asks for one thing and one is clear.

Precision comes first: a wrong mark is worse than none.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from index.language.asked import read_asked
from index.language.near import nearness
from index.language.roles import find_doer, stands_for, without_title
from index.language.values import Kind, Value, expected_kind, find_values
from index.language.words import terms

# How much better the best candidate must stand than the next for it to be clear. Names are the
# hardest to tell apart; the figures were chosen on SQuAD paragraphs (benchmarks/marking.py).
_CLEAR: dict[Kind, float] = {"quantity": 2.0, "date": 1.5, "person": 3.0, "place": 3.0}
# What a name is worth that cannot be the answer by what stands around it, but may hide it.
_RIVAL = 0.3
# What a name is worth that follows "by".
_BY = 2.5
# What a person's name of one word is worth: most such names are places and peoples.
_ONE_WORD = 0.4


class _Candidate(NamedTuple):
    """A value that may be the answer; a rival only keeps others from being clear.

    ``lead`` is where the words start that tie it to the sentence, as in "by a judge, Anna Berg".
    """

    value: Value
    fit: float
    lead: int
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
    if chosen is None:
        return None
    return chosen.start, read_asked(question).find_end(sentence, chosen)


def _candidates(question: str, sentence: str, kind: Kind) -> list[_Candidate]:
    if kind == "quantity":
        return _quantities(question, sentence)
    if kind == "date":
        return _dates(question, sentence)
    return _names(question, sentence, "person" if kind == "person" else "place")


def _choose(
    question: str, sentence: str, candidates: list[_Candidate], clear: float
) -> Value | None:
    if not candidates:
        return None
    # What is counted tells by its fit; where it stands tells nothing more.
    asked = set(terms(question)) - set(read_asked(question).nouns)
    scores = [one.fit * nearness(sentence, asked, one.lead, one.value.end) for one in candidates]
    best, *others = sorted(range(len(candidates)), key=lambda number: -scores[number])
    if candidates[best].is_rival or (others and scores[best] <= clear * scores[others[0]]):
        return None
    return candidates[best].value


# --- Figures and dates ------------------------------------------------------------------------


def _quantities(question: str, sentence: str) -> list[_Candidate]:
    asked = read_asked(question)
    known = {value.amount for value in find_values(question) if value.kind == "quantity"}
    return [
        _Candidate(value, fit, value.start)
        for value in find_values(sentence)
        if value.kind == "quantity"
        and value.amount not in known
        and sentence[value.start - 1 : value.start] != "("
        and (fit := asked.fits_in(sentence, value))
    ]


_YEAR = re.compile(r"\b(?:1\d|20)\d\d")
_CLOCK = re.compile(r"\d[:.]\d|[ap]\.?m\b|noon|midnight", re.IGNORECASE)
_ASKS_YEAR = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_ASKS_CLOCK = re.compile(r"\bat (?:what|which) time\b|\bwhat time\b", re.IGNORECASE)


def _dates(question: str, sentence: str) -> list[_Candidate]:
    asked = set(terms(question))
    shape = _CLOCK if _ASKS_CLOCK.search(question) else _YEAR
    has_shape = shape is _CLOCK or _ASKS_YEAR.search(question) is not None
    return [
        _Candidate(value, 1.0, value.start)
        for value in find_values(sentence)
        if value.kind == "date"
        and not asked.issuperset(terms(sentence[value.start : value.end]))
        and (not has_shape or shape.search(sentence, value.start, value.end))
    ]


# --- Names ------------------------------------------------------------------------------------


def _names(question: str, sentence: str, kind: Literal["person", "place"]) -> list[_Candidate]:
    asked = set(terms(question))
    return [
        _name(kind, sentence, value)
        for value in (without_title(sentence, value) for value in find_values(sentence))
        if value.kind == "name" and asked.isdisjoint(terms(sentence[value.start : value.end]))
    ]


def _name(kind: Literal["person", "place"], sentence: str, value: Value) -> _Candidate:
    if not stands_for(kind, sentence, value):
        return _Candidate(value, _RIVAL, value.start, is_rival=True)
    if kind == "place":
        return _Candidate(value, 1.0, value.start)
    fit = 1.0 if len(sentence[value.start : value.end].split()) > 1 else _ONE_WORD
    doer = find_doer(sentence, value)
    if doer is None:
        return _Candidate(value, fit, value.start)
    return _Candidate(value, _BY * fit, doer)
