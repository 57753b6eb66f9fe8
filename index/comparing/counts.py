"""What one sentence claims in answer to a question for a figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.comparing.claims import Candidate, Claim
from index.comparing.figures import choose_figure, is_whole
from index.comparing.support import measure_support, read_wanted
from index.language.events import find_event
from index.language.near import place_words
from index.language.speakers import find_speaker, has_speaker_verb
from index.language.values import find_values

if TYPE_CHECKING:
    from index.comparing.support import Wanted
    from index.language.values import Value

_CLAUSES = re.compile(
    r"(?:,|;)\s(?:while|whereas|but|compared|although|though)\b|;\s|\s(?:while|whereas)\s"
)
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
    """What the sentence claims about the figure that ``question`` asks for: one a speaker."""
    if not any(value.kind == "quantity" for value in find_values(candidate.text)):
        return []
    return _own_claims(question, candidate) or _elliptical_claims(question, candidate)


def _own_claims(question: str, candidate: Candidate) -> list[Claim]:
    wanted = read_wanted(question)
    support = measure_support(wanted, candidate.text, candidate.article, candidate.context)
    if not support:
        return []
    claims: dict[str | None, tuple[float, Claim]] = {}
    for clause in _clauses(candidate.text):
        if best := choose_figure(question, wanted, candidate, clause):
            claim = _claim(wanted, candidate, best[1], since=clause[0], support=support)
            # One speaker who names two figures in one sentence speaks of two things.
            if claim.said_by not in claims or best[0] > claims[claim.said_by][0]:
                claims[claim.said_by] = best[0], claim
    return [claim for _, claim in claims.values()]


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [match.start() for match in _CLAUSES.finditer(text)]
    return list(zip([0, *cuts], [*cuts, len(text)], strict=True))


# --- "Organisers counted 25,000. Police spoke of 6,000." ---------------------------------------

_ELLIPTICAL_WORDS = 12
_ELLIPTICAL = 0.9


def _elliptical_claims(question: str, candidate: Candidate) -> list[Claim]:
    """What a short sentence with one bare figure says of what the sentence before counted."""
    text = candidate.text
    figures = [value for value in find_values(text) if value.kind == "quantity"]
    if len(figures) != 1 or len(place_words(text)) > _ELLIPTICAL_WORDS or not candidate.context:
        return []
    (figure,) = figures
    if figure.amount is None or figure.part or not has_speaker_verb(text):
        return []
    before = replace(candidate, text=candidate.context, context="")
    counted = _own_claims(question, before)
    if not counted or figure.head not in {"", *(claim.unit for claim in counted)}:
        return []
    wanted = read_wanted(question)
    if find_event(text, figure) - wanted.events or not is_whole(question, text, figure):
        return []
    support = _ELLIPTICAL * counted[0].support
    claim = _claim(wanted, candidate, figure, since=0, support=support)
    return [replace(claim, unit=claim.unit or counted[0].unit)]


def _claim(
    wanted: Wanted, candidate: Candidate, value: Value, *, since: int, support: float
) -> Claim:
    text = candidate.text
    unit, factor = _BASE.get(value.head, (value.head, 1.0))
    return Claim(
        value=text[value.lead : wanted.asked.find_end(text, value)],
        said_by=find_speaker(text, value.lead, value.end, since=since, context=candidate.context),
        candidate=candidate,
        amount=None if value.amount is None else value.amount * factor,
        upper=None if value.upper is None else value.upper * factor,
        unit=unit,
        qualifier=value.qualifier,
        support=support,
    )
