"""What one sentence claims in answer to a question for a figure or a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.asked import read_asked
from index.likeness import covers, has_like, is_same, term_set
from index.mark import mark_answer
from index.near import nearness
from index.speakers import find_speaker
from index.times import previous_word
from index.values import find_values
from index.words import split_words, terms

if TYPE_CHECKING:
    from index.asked import Asked
    from index.types import Article
    from index.values import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence that may answer: ``article.text[start:end] == text``.

    ``score`` is the probability that it answers (0 to 1), ``context`` the sentence before it or
    "".
    """

    text: str
    score: float
    article: Article
    start: int
    end: int
    paragraph: int = 1
    context: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One side: ``value`` and ``said_by`` are slices of the candidate's sentence.

    ``amount`` and ``upper`` are the figure in its base unit, None for dates and for yes or no.
    ``support`` is how much of the question the sentence speaks of, 0 to 1.
    """

    value: str
    said_by: str | None
    candidate: Candidate
    amount: float | None = None
    upper: float | None = None
    unit: str = ""
    qualifier: str = ""
    support: float = 1.0


# How much of the question a sentence must speak of, by itself and with what surrounds it.
_OWN_COVERAGE = 0.3
_COVERAGE = 0.5
_DATE_COVERAGE = 0.95
_DESCRIBED = 0.7
_NAMED = 0.6
_EMPTY = frozenset("sinc begin began start now current so far total number go went happen".split())

_COUNT_NOUN = re.compile(
    r"\b(?:the|a|its|their|death|official)\s(?:(?!they|we)\w+\s){0,2}"
    r"(?:number|toll|total|count|figure|tally|estimate|price|cost|vote|age|distance)\b",
    re.IGNORECASE,
)
# What stands before a figure that is a part, a change, or what used to be.
_NOT_THE_WHOLE = re.compile(
    r"(?:\b(?:first|second|third|initial|next|latest|advance|last|new|another|separate)\b"
    r"(?:\s\w+){0,2}\s(?:of\s)?"
    r"|\b(?:ris\w+|rose|increas\w+|grow\w*|grew|f[ae]ll\w*|drop\w*|declin\w+|jump\w*|up|down|cut"
    r"|reduc\w+|climb\w*)\sby\s"
    r"|\b(?:from|compared (?:with|to)|previous(?:ly)?(?:\s\w+){0,3}|earlier(?:\s\w+){0,2})\s"
    r"|\bincluding(?:\s\w+){0,1}\s)$",
    re.IGNORECASE,
)
_EACH = re.compile(r"[\s\xa0](?:each|apiece|per|every|a (?:day|week|month|year)|daily|at a time)\b")
_FUTURE = re.compile(
    r"\b(?:will|would|plan(?:s|ned|ning)?|intends?|expected|set|due|going|aims?|hopes?|capable"
    r"|target|goal)\s(?:to\b|\w+\b)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"(?:,|;)\s(?:while|whereas|but|compared|although|though)\b|;\s|\s(?:while|whereas)\s"
)
_BEFORE = 60  # characters before a figure in which such a word may stand

_BASE = {
    "mile": ("kilomet", 1.609),
    "kilometr": ("kilomet", 1.0),
    "km": ("kilomet", 1.0),
    "meter": ("kilomet", 0.001),
    "metr": ("kilomet", 0.001),
    "m": ("kilomet", 0.001),
    "feet": ("kilomet", 0.000305),
    "foot": ("kilomet", 0.000305),
    "ft": ("kilomet", 0.000305),
    "yard": ("kilomet", 0.000914),
    "old": ("year", 1.0),
    "hour": ("minut", 60.0),
    "month": ("year", 1 / 12),
    "kilogram": ("kg", 1.0),
    "pound": ("pound", 1.0),
}


def find_claims(question: str, candidate: Candidate) -> list[Claim]:
    """What the sentence claims about the figure that ``question`` asks for: one a clause."""
    if not any(value.kind == "quantity" for value in find_values(candidate.text)):
        return []
    asked = read_asked(question)
    about = set(terms(question)) - set(asked.nouns) - _EMPTY - _cue_terms(question)
    support = _support(question, asked, about, candidate)
    if support < _COVERAGE:
        return []
    claims = []
    for clause in _clauses(candidate.text):
        value = _best_value(question, asked, about, candidate, clause)
        if value is not None:
            claims.append(_claim(candidate, value, since=clause[0], support=support))
    return claims


def _support(question: str, asked: Asked, about: set[str], candidate: Candidate) -> float:
    """How much of the question the sentence speaks of, 0 where it must be about something else."""
    text, nouns = candidate.text, set(asked.nouns)
    nearby = f"{candidate.article.title} {candidate.context}"
    if covers(nouns - {asked.head}, text, nearby) < _DESCRIBED:
        return 0.0
    if covers(_names(question), text, nearby) < _NAMED or covers(_numbers(question), text) < 1:
        return 0.0
    counts = _COUNT_NOUN.search(text) is not None
    own = covers(about | nouns, text) >= _OWN_COVERAGE and (not about or covers(about, text) > 0)
    return covers(about, text, nearby) if own or counts else 0.0


def _names(question: str) -> set[str]:
    names = (value for value in find_values(question) if value.kind == "name")
    return {term for value in names for term in terms(question[value.start : value.end])}


def _numbers(question: str) -> set[str]:
    return {term for term in terms(question) if term[0].isdigit()}


def _cue_terms(question: str) -> set[str]:
    return set(terms(" ".join(re.findall(_CUE, question.lower()))))


_CUE = (
    r"\b(?:far|long|old|tall|high|deep|wide|percent(?:age)?|number|amount|much|many|cost|price"
    r"|total)\b"
)


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [match.start() for match in _CLAUSES.finditer(text)]
    return list(zip([0, *cuts], [*cuts, len(text)], strict=True))


def _best_value(
    question: str, asked: Asked, about: set[str], candidate: Candidate, clause: tuple[int, int]
) -> Value | None:
    """The figure of a clause that counts what is asked, closest to the question's words."""
    text = candidate.text
    known = {value.amount for value in find_values(question) if value.kind == "quantity"}
    words = split_words(text)
    wanted = {word.term for word in words if any(is_same(word.term, term) for term in about)}
    scored = [
        (fit + nearness(text, wanted, value.start, value.end), value.start, value)
        for value in find_values(text)
        if value.kind == "quantity"
        and clause[0] <= value.start < clause[1]
        and value.amount is not None
        and value.amount not in known
        and (fit := _fit(question, asked, about, text, value))
    ]
    return max(scored)[2] if scored else None


def _fit(question: str, asked: Asked, about: set[str], text: str, value: Value) -> float:
    """How well a figure counts what is asked: 0 when it counts something else."""
    if value.part or not _is_whole(question, text, value):
        return 0.0
    units = value.unit.split()
    if asked.units:
        return _fit_measure(asked, text, value)
    if not units:
        return _fit_bare(asked, text, value)
    if asked.head and value.head in about:
        return 4.0
    described, wanted = set(units[:-1]), set(asked.nouns[:-1])
    shared = [term for term in wanted if has_like(described, term)]
    if value.head == asked.head:
        return 0.0 if described and wanted and not shared else 4.0
    return 2.0 if wanted and len(shared) == len(wanted) else 0.0


def _fit_bare(asked: Asked, text: str, value: Value) -> float:
    """A figure that names no noun counts what the sentence speaks of, unless it is "the two"."""
    if previous_word(text, value.start) in {"the", "these", "those", "all", "both", "of"}:
        return 0.0
    is_named = bool(asked.head) and has_like(term_set(text), asked.head)
    return 1.0 if is_named or _COUNT_NOUN.search(text) else 0.0


def _fit_measure(asked: Asked, text: str, value: Value) -> float:
    units = set(value.unit.split())
    if units & asked.units:
        return 0.0 if text[value.start - 1 : value.start] == "(" else 4.0
    is_age = (
        "old" in asked.units
        and _AGE.match(text, value.end)
        and text[: value.start].endswith((", ", "aged ", " is ", "age "))
    )
    return 3.0 if is_age and not units else 0.0


_AGE = re.compile(r"[,.;]|$|\s(?:and|when)\b")


def _is_whole(question: str, text: str, value: Value) -> bool:
    before = text[max(0, value.lead - _BEFORE) : value.lead]
    if (part := _NOT_THE_WHOLE.search(before)) and part.group().split()[0] not in question:
        return False
    if _EACH.match(text, value.tail) and not _EACH.search(question):
        return False
    after = text[value.tail : value.tail + _BEFORE // 4]
    return bool(_FUTURE.search(question)) or not _FUTURE.match(after.lstrip())


def _claim(candidate: Candidate, value: Value, *, since: int, support: float) -> Claim:
    text = candidate.text
    unit, factor = _BASE.get(value.head, (value.head, 1.0))
    return Claim(
        value=text[value.lead : value.end],
        said_by=find_speaker(text, value.lead, value.end, since=since),
        candidate=candidate,
        amount=None if value.amount is None else value.amount * factor,
        upper=None if value.upper is None else value.upper * factor,
        unit=unit,
        qualifier=value.qualifier,
        support=support,
    )


def find_date_claims(question: str, candidate: Candidate) -> list[Claim]:
    """The date the sentence gives in answer to ``question``, where it is clear."""
    text = candidate.text
    if not any(value.kind == "date" for value in find_values(text)):
        return []
    about = set(terms(question)) - _EMPTY
    support = covers(about, text)
    if support < _DATE_COVERAGE or covers(_names(question) | _numbers(question), text) < 1:
        return []
    span = mark_answer(question, text, kind="date")
    if span is None:
        return []
    said_by = find_speaker(text, *span)
    return [Claim(value=text[slice(*span)], said_by=said_by, candidate=candidate, support=support)]
