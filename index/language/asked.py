"""What a question counts: "How many French voters …" counts voters, "How far …" lengths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.language.times import previous_word
from index.language.values import Value, read_counted
from index.language.words import terms

_LENGTHS = "kilomet kilometr km mile meter metr m feet foot ft yard inch cm mm centimet leagu block"
_TIMES = "second minut hour day week month year decad centuri"
_MONEY = (
    "dollar euro pound yen rupe cent penc penni franc yuan renminbi rubl roubl peso kronor kroner"
    " kronur krona krone won rand real lira lire crown mark florin guilder ducat dinar dirham"
    " shekel rial riyal ringgit rupiah baht dong forint zloti leva lev kuna lari dram teng hryvnia"
    " naira cedi birr shill taka kwacha escudo bolivar guarani quetzal lempira buck quid thaler"
    " sterl peseta drachma"
)
_WEIGHTS = "kg kilogram gram g pound lb ton tonn ounc"
_SPEEDS = "km mph kph kilomet mile knot"
_UNITS = {
    cue: frozenset(units.split())
    for cues, units in (
        ("far distance", _LENGTHS),
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
    r"|weight|speed|total|amount|population|toll|magnitude)\b"
    r"|what (?:do|does|did|will|would|has|have) [^?]{1,80} (?P<ends>cost|weigh|earn)\b)",
    re.IGNORECASE,
)
_OF = re.compile(r"(?: of)?(?: (?:the|these|those|its|their|all))?", re.IGNORECASE)
_PAID = re.compile(
    r"\b(?:money|cost|pa(?:y|ys|id)|earn|gross|worth|spen[dt]|sell|sold|charge|raise|donat|make"
    r"|made|invest|owe|fined?|bought|buy|dollars?|euros?)",
    re.IGNORECASE,
)
_SOME_MEASURE = frozenset(f"{_MONEY} {_LENGTHS} {_WEIGHTS} {_TIMES} percent degre".split())
_ENDS = {"cost": "cost", "earn": "salary", "weigh": "weight"}
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

    @property
    def is_money(self) -> bool:
        """Whether the question asks for a sum of money."""
        return "dollar" in self.units and "percent" not in self.units

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

    def fits_in(self, text: str, value: Value) -> float:
        """As ``fits``, and by what stands around the figure in ``text``.

        Any plural after a price is a currency; "four of them" and "of which four" count what was
        named before.
        """
        is_some = _OF_WHICH.search(text, max(0, value.start - _REACH), value.start)
        if is_some or (value.part and not value.unit):
            return float(bool(self.head) and self.head in terms(text[: value.start]))
        if self.is_money and _is_price(text, value):
            return 1.0
        if not value.unit and (self._wants_unit or previous_word(text, value.start) in _THE):
            return 0.0
        return self.fits(value)

    @property
    def _wants_unit(self) -> bool:
        """Whether a figure must have a unit to answer; an age may stand alone."""
        return bool(self.units) and "old" not in self.units

    def find_end(self, text: str, value: Value) -> int:
        """Where the answer ends: a measure with its unit, "two hours and ten minutes"."""
        if value.kind != "quantity" or not self.units or text[value.end : value.end + 1] == "-":
            return value.end
        joined = _AND_SMALLER.match(text, value.tail)
        return joined.end() if joined else value.tail


_THE = frozenset({"the", "these", "those"})
_REACH = 40  # characters before a figure in which a price is named
_OF_WHICH = re.compile(r"\bof (?:which|whom|these|those) $", re.IGNORECASE)
_PRICED = re.compile(
    r"\b(?:costs?|priced?|pa(?:y|ys|id)(?! for)|worth|fees?|fares?|tickets?|spen[dt]"
    r"|charge[sd]?|s[eo]ld|sells?|budgets?|fine[sd]?|salary|earn(?:s|ed)?|bill)\b[^.;]{0,24}$",
    re.IGNORECASE,
)
_NO_CURRENCY = frozenset(f"{_LENGTHS} {_TIMES} {_WEIGHTS} percent peopl time ticket".split())
_AND_SMALLER = re.compile(
    r"(?:,| and|, and)? (?:\w+-)?\w+"
    r" (?:minute|second|inche|day|month|week|mile|ounce|cent|gram)s?\b"
)


def _is_price(text: str, value: Value) -> bool:
    """Whether a figure with a plural of one word is a sum, "at a cost of 40 thalers"."""
    is_one_word = bool(value.unit) and " " not in value.unit
    if not is_one_word or value.unit in _NO_CURRENCY:
        return False
    return _PRICED.search(text, max(0, value.lead - _REACH), value.lead) is not None


@lru_cache(maxsize=1_024)
def read_asked(question: str) -> Asked:
    """What ``question`` counts; an empty ``Asked`` when it counts nothing."""
    match = _CUE.search(question)
    if match is None:
        return Asked()
    cue = match["how"] or match["what"] or _ENDS[match["ends"].lower()]
    cue = cue.lower().removeprefix("total ")
    if cue in _UNITS:
        return Asked(units=_UNITS[cue])
    if cue == "much" and _PAID.search(question):
        return Asked(units=_UNITS["price"])
    if cue not in _COUNTING and cue != "much":
        return Asked()
    of = _OF.match(question, match.end())
    start = of.end() if of else match.end()
    nouns, end = read_counted(question, start)
    if cue == "much" and not nouns:
        return Asked(units=_SOME_MEASURE)
    return Asked(nouns=tuple(nouns), head=nouns[-1] if nouns else "", start=start, end=end)


_ASKED_SPEAKER = re.compile(
    r"\b(?:does|do|did|has|have) ((?:[^,?]){3,60}?) (?:say|estimate|claim|believe|report|think|put"
    r"|said|estimated|reported|claimed)\b|\baccording to ([^,?]{3,60})",
    re.IGNORECASE,
)


def find_asked_speaker(question: str) -> str:
    """Whose word the question asks for, "police" in "how many according to police?", or ""."""
    match = _ASKED_SPEAKER.search(question)
    return (match[1] or match[2]) if match else ""
