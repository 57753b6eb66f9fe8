"""What a question counts: "How many French voters …" counts voters, "How far …" lengths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.values import Value, read_counted

_LENGTHS = "kilomet kilometr km mile meter metr m feet foot ft yard inch cm mm centimet leagu block"
_TIMES = "second minut hour day week month year decad centuri"
_MONEY = "dollar euro pound yen rupe cent franc yuan rubl peso won krona real rand lira"
_WEIGHTS = "kg kilogram gram g pound lb ton tonn ounc"
_SPEEDS = "km mph kph kilomet mile knot"
_UNITS = {
    cue: frozenset(units.split())
    for cues, units in (
        ("far distance", _LENGTHS + " minut hour"),
        ("tall deep high wide thick height depth width altitude elevation", _LENGTHS),
        ("length long", _LENGTHS + " " + _TIMES),
        ("old young age", _TIMES + " old"),
        ("hot cold temperature", "degre"),
        ("percentage percent", "percent"),
        ("share proportion fraction turnout rate", "percent"),
        ("price cost salary budget expensive", _MONEY),
        ("often frequently", _TIMES + " time"),
        ("heavy weight", _WEIGHTS),
        ("fast speed", _SPEEDS),
    )
    for cue in cues.split()
}
_CUE = re.compile(
    r"\b(?:how (?P<how>\w+)|(?:what|which)(?:['’]s)?(?: \w+){0,4}? "
    r"(?P<what>(?:total )?number|percentage|percent|per cent|share|proportion|fraction|price|cost"
    r"|salary|budget|distance|height|depth|width|altitude|elevation|length|age|temperature|turnout|rate"
    r"|weight|speed|total|amount|population|toll)\b)",
    re.IGNORECASE,
)
_OF = re.compile(r"(?: of)?(?: (?:the|these|those|its|their|all))?", re.IGNORECASE)
_PAID = re.compile(
    r"\b(?:money|cost|pa(?:y|ys|id)|earn|gross|worth|spen[dt]|sell|sold|charge|raise|donat|make"
    r"|made|invest|owe|fined?|bought|buy|dollars?|euros?)",
    re.IGNORECASE,
)
_COUNTING = frozenset({"many", "number", "total", "amount"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a question of quantity counts.

    ``units`` are the stems of the measures that can answer it, empty when it is no measure;
    ``nouns`` the terms of what is counted, ``head`` the last of them, "" when it is not said.
    ``start`` and ``end`` are where the counted words stand in the question.
    """

    units: frozenset[str] = frozenset()
    nouns: tuple[str, ...] = ()
    head: str = ""
    start: int = 0
    end: int = 0

    def fits(self, value: Value) -> float:
        """How well a figure counts what is asked: 1 the same noun, 0 something else.

        Another noun with a like description ("Spanish forces" for Spanish soldiers) gets 0.6.

        A figure that stands without a noun may count anything and gets a half.
        """
        units = set(value.unit.split())
        if self.units:
            return float(bool(units & self.units)) if units else 0.25
        if not self.head or not units:
            return 0.5
        if self.head in units:
            return 1.0 if value.head == self.head else 0.75
        return 0.6 if units & set(self.nouns) else 0.0


@lru_cache(maxsize=1_024)
def read_asked(question: str) -> Asked:
    """What ``question`` counts; an empty ``Asked`` when it counts nothing."""
    match = _CUE.search(question)
    if match is None:
        return Asked()
    cue = (match["how"] or match["what"]).lower().removeprefix("total ")
    if cue in _UNITS:
        return Asked(units=_UNITS[cue])
    if cue == "much" and _PAID.search(question):
        return Asked(units=_UNITS["price"])
    if cue not in _COUNTING and cue != "much":
        return Asked()
    of = _OF.match(question, match.end())
    start = of.end() if of else match.end()
    nouns, end = read_counted(question, start)
    return Asked(nouns=tuple(nouns), head=nouns[-1] if nouns else "", start=start, end=end)
