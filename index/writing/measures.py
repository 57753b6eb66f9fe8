"""What a figure counts, and how it is bounded: "at least twelve people", "12 or more"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.language.numerals import find_numerals

if TYPE_CHECKING:
    from index.language.values import Value

_BOUNDS = {
    "least": r"at least|no (?:less|fewer) than|not (?:less|fewer) than|a minimum of|minimum",
    "more": r"more than|over|above|greater than|higher than|longer than|upwards? of"
    r"|exceed(?:s|ed|ing)?"
    r"|in excess of|older than|aged over|beyond|surpass(?:es|ed|ing)?|topp(?:ed|ing)|past",
    "most": r"at most|up to|no more than|not more than|a maximum of|maximum|not exceeding"
    r"|as (?:many|much|high|long|far|late|large|big|old|heavy|fast|few|little|low) as",
    "less": r"less than|fewer than|under|below|lower than|shorter than|short of|younger than",
    "about": r"about|around|some|roughly|approximately|approx\.?|(?:an )?estimated|circa|or so"
    r"|in the region of|perhaps|maybe|an estimated (?:value|total) of",
    "nearly": r"(?:slightly|a little|just) (?:less|fewer|lower) than|slightly (?:under|below)"
    r"|nearly|almost|close to|closer to|nearer(?: to)?|near|just under|just below"
    r"|approaching|virtually",
    "but": r"all but|all except",
    "exactly": r"exactly|precisely",
}
BEFORE = re.compile(
    "(?:"
    + "|".join(rf"(?P<{name}>\b(?:{words}))" for name, words in _BOUNDS.items())
    + r")[\s\xa0](?:the[\s\xa0]|an?[\s\xa0]|estimated[\s\xa0])?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[\s\xa0][\w%-]+){0,3}?,?[\s\xa0](?:(?P<least>or (?:more|older|higher|longer)"
    r"|and (?:more|above)\b(?! than)"
    r"|at (?:the (?:very )?)?least|at the earliest|at a minimum|upwards?)"
    r"|(?P<most>or (?:fewer|less|under|younger|lower|below)|at (?:the )?most|at the latest"
    r"|no more|not more|and no more|and not (?:a|one) \w+ more|at a maximum|tops)"
    r"|(?P<about>or so|or thereabouts))\b",
    re.IGNORECASE,
)
# "Above the 3.8% that was expected" compares with a figure.
_COMPARED = re.compile(r"^(?:above|below|over|under|beyond)[\s\xa0]the[\s\xa0]$", re.IGNORECASE)
REACH = 26  # characters before a figure in which its bound stands
_MEASURES = {
    name: frozenset(words.split())
    for name, words in {
        "percent": "percent %",
        "point": "point percentag",
        "dollar": "dollar buck usd",
        "euro": "euro eur",
        "pound": "pound quid gbp",
        "yen": "yen",
        "rupee": "rupe rupee",
        "crown": "crown krona krone",
        "franc": "franc chf",
        "km": "kilomet kilometr km",
        "m": "meter metr m",
        "mile": "mile mi",
        "cm": "cm centimet centimetr",
        "mm": "mm millimet millimetr",
        "feet": "feet foot ft",
        "inch": "inch",
        "yard": "yard",
        "kg": "kg kilogram kilo",
        "tonne": "tonn ton",
        "gram": "gram g",
        "litre": "litr liter l",
        "barrel": "barrel",
        "gallon": "gallon",
        "hectare": "hectar ha",
        "acre": "acr",
        "second": "second sec",
        "minute": "minut min",
        "hour": "hour hr",
        "day": "day",
        "week": "week",
        "month": "month",
        "year": "year yr",
        "decade": "decad",
        "century": "centuri",
        "degree": "degre",
        "knot": "knot",
        "megawatt": "megawatt mw",
        "gigawatt": "gigawatt gw",
        "mph": "mph",
        "kph": "kph",
    }.items()
}
MEASURE_OF = {term: name for name, terms in _MEASURES.items() for term in (*terms, name)}
_AGE = re.compile(
    r"\b(?:aged?|girl|boy|man|woman|child|baby|infant|aged between) (?:of )?$", re.IGNORECASE
)
_YEARS = re.compile(r"[\s\xa0-]years?[\s\xa0-]old|[\s\xa0-]year[\s\xa0-]olds?", re.IGNORECASE)
_MONTHS = re.compile(r"[\s\xa0-](month|week|day)s?[\s\xa0-]olds?", re.IGNORECASE)
_NO_HEADS = frozenset(
    "last next this each per previou earlier more other short strong time two three four five six"
    " seven eight nine ten".split()
)
# "From 44 to 29 within two years": no years are counted by 29.
_OTHERWISE = re.compile(
    r"[\s\xa0](?:within|amid|upon|via|versus|during|across|towards?|beyond|since|despite)\b",
    re.IGNORECASE,
)
# "Two of the clinic's 12 rooms" counts rooms.
_OF_FIGURE = re.compile(
    r"[\s\xa0]of[\s\xa0](?:[^\W\d][\w'’-]*[\s\xa0]){1,4}?(?:\d|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
SPANS_OF_TIME = frozenset("second minute hour day week month year decade".split())
_POINT = re.compile(r"[\s\xa0]of[\s\xa0]an?[\s\xa0](?:percentage[\s\xa0])?point", re.IGNORECASE)
# "Malin, 27, has scored": an age.
_APART = re.compile(r"\w, \d{1,2}[,.]$")


def find_unit(text: str, value: Value) -> tuple[str, str]:  # noqa: PLR0911 - the first that fits
    """The measure of a figure, or the noun that it counts."""
    if months := _MONTHS.match(text, value.end):
        return months[1].lower(), ""
    if _YEARS.match(text, value.end) or _APART.search(
        text[max(0, value.start - 3) : value.end + 1]
    ):
        return "year", ""
    if _POINT.match(text, value.end):
        return "point", ""
    numerals = find_numerals(text[value.start : value.end])
    if numerals and numerals[-1].unit in MEASURE_OF:
        return MEASURE_OF[numerals[-1].unit], ""
    if _OTHERWISE.match(text, value.end):
        return "", ""
    for term in reversed(value.unit.split()):
        if term in MEASURE_OF:
            return MEASURE_OF[term], ""
    if _AGE.search(text, 0, value.start):
        return "year", ""
    if value.part and _OF_FIGURE.match(text, value.end):
        return "", ""
    idle = value.head in _NO_HEADS or value.head[:1].isdigit()
    return "", "" if idle else value.head


def find_bound(text: str, value: Value) -> tuple[int, str]:
    """Where a figure's bound starts, and which it is, or "": "least" of "at least"."""
    floor = max(0, value.start - REACH)
    before = BEFORE.search(text[floor : value.start])
    is_compared = before is not None and _COMPARED.search(before.group())
    if before is not None and before.lastgroup and not is_compared:
        return floor + before.start(), before.lastgroup
    after = _AFTER.match(text, value.end)
    return value.start, after.lastgroup or "" if after else ""
