"""Which kind of thing would answer a question: a figure, a date, a person, a place, yes or no."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, cast

Kind = Literal["quantity", "date", "person", "place", "polarity"]

_AMOUNTS = (
    r"percentage|percent|per cent|number|amount|price|share|proportion|fraction|total|population"
    r"|cost|size|length|height|depth|width|weight|distance|speed|rate|toll|age|temperature|salary"
    r"|sum|budget|turnout|ratio|area|altitude|elevation|magnitude|value|capacity|density"
)
_TIMES = r"year|month|date|day|week|weekday|century|centuries|decade|time|season"
_PEOPLE = (
    r"person|people|man|woman|president|minister|prime minister|leader|official|author|writer"
    r"|actor|actress|singer|artist|player|general|king|queen|emperor|scientist|politician|senator"
    r"|governor|mayor|director|coach|spokesman|spokeswoman|spokesperson|ambassador|judge"
)
_PLACES = (
    r"country|countries|city|cities|state|region|town|village|continent|county|counties|province"
    r"|place|location|island|district|capital|nation|territory|territories|port|street"
    r"|neighborhood|neighbourhood|airport|building|venue|stadium"
)
_MEASURES = (
    r"many|much|far|long|old|tall|big|large|high|deep|wide|fast|heavy|often|frequently|hot|cold"
    r"|young|close|near|thick|expensive|strong|small|low"
)
_IS = r"(?:['’]s)? (?:(?:is|was|are|were) (?:the )?)?(?:name of the )?"
_ASKED = re.compile(
    rf"(?P<quantity>how (?:{_MEASURES})\b|(?:what|which){_IS}(?:\w+ ){{0,2}}(?:{_AMOUNTS})\b"
    r"|what (?:do|does|did|will|would|has|have) [^?]{1,80} (?:cost|weigh|earn)\b)"
    rf"|(?P<date>when\b|(?:what|which){_IS}(?:exact )?(?:{_TIMES})s?\b)"
    rf"|(?P<person>(?:who|whose|whom)(?:['’]?s)?\b|(?:what|which){_IS}(?:\w+ )?(?:{_PEOPLE})s?\b)"
    rf"|(?P<place>where\b|(?:what|which){_IS}(?:\w+ )?(?:{_PLACES})s?\b)",
    re.IGNORECASE,
)
_CUE = re.compile(r"\b(?:how|when|what|which|who|whose|whom|where|why)(?=s?\b)", re.IGNORECASE)
_POLAR = re.compile(
    r"(?:did|has|have|had|is|are|am|was|were|does|do|can|could|will|would|should|may|might|must)"
    r"(?:n['’]t)?\b",
    re.IGNORECASE,
)

# "Can you tell me when …" asks when.
_INDIRECT = re.compile(
    r"(?:(?:can|could|would|will|do|does|did)\b.{0,40}?\b(?:tell|know|say|explain|show|find)\b"
    r"|(?:please )?tell\b).{0,40}?(?=\b(?:how|when|what|which|who|whose|whom|where|why)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^,]{1,120},\s+(?:and |but |so )?", re.IGNORECASE)

# Words after which a question word opens the question, not a relative clause ("the man who").
_BEFORE_CUE = frozenset(
    "in on at by to for from of since until with about during and but so under after before into"
    " through approximately roughly".split()
)


@lru_cache(maxsize=1_024)
def expected_kind(question: str) -> Kind | None:
    """What would answer ``question``; None for what, why and how, and for what is no question."""
    asked = question.strip().lstrip("\"'“‘¿ ")
    asked = asked[asking.end() :] if (asking := _INDIRECT.match(asked)) else asked
    asked = _without_clause(asked)
    if _POLAR.match(asked):
        return "polarity"
    cue = _first_cue(asked)
    match = None if cue is None else _ASKED.match(asked, cue)
    return cast("Kind", match.lastgroup) if match else None


def _without_clause(asked: str) -> str:
    """The question without a leading clause, "In 2024," or "When the war ended,"."""
    clause = _CLAUSE.match(asked)
    if clause is None:
        return asked
    rest = asked[clause.end() :]
    return rest if _CUE.match(rest) or _POLAR.match(rest) else asked


def _first_cue(asked: str) -> int | None:
    """Where the question word stands: one that opens a clause, else the last word, else any."""
    end = len(asked.rstrip("?. "))
    found = [
        (not _opens(asked, match.start()), match.end() != end, match.start())
        for match in _CUE.finditer(asked)
    ]
    return min(found)[2] if found else None


def _opens(asked: str, start: int) -> bool:
    before = asked[:start].rstrip().lower()
    return not before or before.endswith(",") or before.split()[-1] in _BEFORE_CUE
