"""Where the articles differ: figures and dates that do not agree, a yes against a no.

One story told twice counts once: of claims that agree, one is kept. Two values differ only beyond
what rounding and qualifiers allow, and only between sources: two articles, or two speakers in one.
Copies of one story are one source, but where one of them has another figure in the same sentence:
it was brought up to date, or is wrong, and whoever reads the quotes must be told.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from index.comparing.claims import Candidate, Claim, ClaimGroup
from index.comparing.subject import name_subject
from index.language.asked import find_asked_speaker
from index.language.likeness import is_same
from index.language.values import expected_kind
from index.language.words import terms
from index.lineage.history import likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _Agreement = Callable[[Claim, Claim], bool]

__all__ = ["Candidate", "Claim", "ClaimGroup", "find_differences"]

_SUPPORT_TO_BEST = 0.6
# Figures further apart than this do not count the same thing.
_FARTHEST = 25
# "About 10,000" and 9,800 agree; so do 1.5 million and 1,512,000.
_ROUNDING = 0.05
_MEASURED = 0.1  # between miles and kilometres, rounded each
_EXACT_BELOW = 100
# Of the words of an edited sentence so many stay, beside the figure.
_EDITED = 0.75
_ROUND_DIGITS = 2


def find_differences(question: str, candidates: Sequence[Candidate]) -> tuple[ClaimGroup, ...]:
    """Where ``candidates`` differ in what answers ``question``: one group or none.

    Questions for a figure, a date, or a yes or no have differences; others have none.
    """
    sides = _find_sides(question, candidates)
    sides = _by_asked_speaker(question, sides)
    chosen = _between_sources([_best(side) for side in sides])
    if len(chosen) < 2:  # noqa: PLR2004 - it takes two to differ
        return ()
    return (ClaimGroup(about=name_subject(question), claims=tuple(sorted(chosen, key=_age))),)


def _find_sides(question: str, candidates: Sequence[Candidate]) -> list[list[Claim]]:
    """The claims by what they say; what a kind of question needs is read when one is asked."""
    kind = expected_kind(question)
    if kind == "quantity":
        from index.comparing.counts import find_claims

        claims = [claim for candidate in candidates for claim in find_claims(question, candidate)]
        return _within_reach(_distinct(_comparable(_supported(claims)), _agree))
    if kind == "date":
        from index.comparing.datings import find_date_claims

        claims = [claim for each in candidates for claim in find_date_claims(question, each)]
        return _distinct(_supported(claims), _agree_on_date)
    return _yes_and_no(question, candidates) if kind == "polarity" else []


def _supported(claims: list[Claim]) -> list[Claim]:
    """The claims of sentences that speak of about as much of the question as the best does."""
    best = max((claim.support for claim in claims), default=0.0)
    return [claim for claim in claims if claim.support >= _SUPPORT_TO_BEST * best]


def _age(claim: Claim) -> tuple[date, float]:
    return claim.candidate.article.published or date.max, claim.amount or 0.0


# --- Which claims agree -----------------------------------------------------------------------


def _comparable(claims: list[Claim]) -> list[Claim]:
    """The claims in the unit of the most relevant one; figures without a unit go with any."""
    measured = [claim for claim in claims if claim.unit]
    if not measured or not _is_measure(measured):
        return claims
    unit = max(measured, key=lambda claim: claim.candidate.score).unit
    return [claim for claim in claims if claim.unit in {unit, ""}]


def _is_measure(claims: list[Claim]) -> bool:
    return any(claim.unit in _MEASURES for claim in claims)


_MEASURES = frozenset("percent dollar euro pound yen rupe kilomet kg year day minut degre".split())


def _distinct(claims: list[Claim], agree: _Agreement) -> list[list[Claim]]:
    """The claims by what they say, the most relevant first."""
    sides: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda claim: -claim.candidate.score):
        for side in sides:
            if agree(side[0], claim):
                side.append(claim)
                break
        else:
            sides.append([claim])
    return sides


def _within_reach(sides: list[list[Claim]]) -> list[list[Claim]]:
    """The sides that may count the same thing as the most relevant one."""
    if not sides:
        return []
    best = sides[0][0].amount or 1.0
    return [side for side in sides if best / _FARTHEST <= (side[0].amount or 0) <= best * _FARTHEST]


def _agree(one: Claim, other: Claim) -> bool:
    low, high = sorted((one, other), key=lambda claim: claim.amount or 0.0)
    smaller, larger = low.amount or 0.0, high.amount or 0.0
    if smaller == larger or (low.upper is not None and low.upper >= larger):
        return True
    off = (larger - smaller) / larger
    if one.qualifier in _EXACTLY and other.qualifier in _EXACTLY and not _is_rounded(low, high):
        return False
    is_converted = one.unit == "kilomet" and one.value.split()[-1] != other.value.split()[-1]
    return off <= (_MEASURED if is_converted else _ROUNDING)


_EXACTLY = frozenset({"", "exactly", "at least", "only", "just"})


def _is_rounded(one: Claim, other: Claim) -> bool:
    """Whether one figure may be the other, rounded."""
    digits = [_digits(claim.amount or 0.0) for claim in (one, other)]
    is_large = min(one.amount or 0.0, other.amount or 0.0) >= _EXACT_BELOW
    converted = one.unit == other.unit == "kilomet"
    return converted or (is_large and min(digits) <= _ROUND_DIGITS and digits[0] != digits[1])


def _digits(amount: float) -> int:
    return len(f"{amount:.6g}".replace(".", "").rstrip("0").lstrip("0"))


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_DAY = re.compile(r"\b\d{1,2}(?=\b|st|nd|rd|th)(?![:\d])")


def _agree_on_date(one: Claim, other: Claim) -> bool:
    """Whether two dates may be the same day; what one leaves open may be anything."""
    pairs = list(zip(_read_date(one.value), _read_date(other.value), strict=True))
    return all(a is None or b is None or a == b for a, b in pairs)


def _read_date(text: str) -> tuple[str | None, str | None, str | None]:
    year, month = _YEAR.search(text), _MONTH.search(text)
    day = _DAY.search(text) if month else None
    return (
        year.group() if year else None,
        month[1].lower() if month else None,
        day.group() if day else None,
    )


def _yes_and_no(question: str, candidates: Sequence[Candidate]) -> list[list[Claim]]:
    from index.comparing.denials import find_sides

    found = [side for candidate in candidates if (side := find_sides(question, candidate))]
    said = [(is_yes, claim) for is_yes, claim in found if claim.said_by]
    sides = [[claim for is_yes, claim in said if is_yes is wanted] for wanted in (True, False)]
    return [side for side in sides if side] if all(sides) else []


def _by_asked_speaker(question: str, sides: list[list[Claim]]) -> list[list[Claim]]:
    """Only what that speaker says, where the question names one."""
    wanted = terms(find_asked_speaker(question))
    if not wanted:
        return sides
    kept = [
        [
            claim
            for claim in side
            if any(is_same(a, b) for a in terms(claim.said_by or "") for b in wanted)
        ]
        for side in sides
    ]
    return [side for side in kept if side]


# --- Which of them are shown ------------------------------------------------------------------


def _best(side: list[Claim]) -> Claim:
    """The claim that speaks for those that agree: said by somebody, most relevant, oldest."""
    return min(side, key=lambda claim: (claim.said_by is None, -claim.candidate.score, _age(claim)))


def _between_sources(claims: list[Claim]) -> list[Claim]:
    """The claims, less those that one story makes beside another without naming who says so."""
    sources = {
        (claim.candidate.source or claim.candidate.article.path, claim.said_by) for claim in claims
    }
    if len(sources) > 1:
        return claims
    pairs = combinations(claims, 2)
    edited = [claim for pair in pairs if _is_edited(*pair) for claim in pair]
    return [claim for claim in claims if claim in edited]


def _is_edited(one: Claim, other: Claim) -> bool:
    """Whether two copies of a story make these in the same sentence, but for what they claim."""
    mine, theirs = one.candidate, other.candidate
    if mine.text in theirs.article.text or theirs.text in mine.article.text:
        return False
    rests = [claim.candidate.text.replace(claim.value, "", 1) for claim in (one, other)]
    return likeness(*rests) >= _EDITED
