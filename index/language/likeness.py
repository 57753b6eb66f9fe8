"""How much of a question a sentence speaks of, in its own words or in words akin to them."""

from __future__ import annotations

from functools import lru_cache

from index.language.words import terms

# What stands in the sentence before, or in the title, counts for less.
_NEARBY = 0.7
# The shortest stem that makes a family, and how many letters may follow it.
_SHORTEST = 4
_ENDING = 3
# The shortest stem that ends a compound, as "quake" does "earthquake".
_SHORTEST_TAIL = 5

# Words of any newsroom that tell of one thing, as stems.
_FAMILIES = tuple(
    frozenset(family.split())
    for family in (
        "kill die dead death fatal slain toll bodi victim perish drown",
        "wound injur injuri hurt treat hospit",
        "kill wound casualti",
        "miss unaccount vanish disappear",
        "send sent deploi dispatch",
        "arrest detain detent custodi jail",
        "march protest demonstr ralli",
        "cost price pay paid worth",
        "ticket fare",
        "board aboard carri",
        "soldier troop servicemen",
        "polic offic policeman policemen",
        "remov take took taken carri seiz load",
        "quak earthquak tremor",
        "blaze fire wildfir",
        "dam embank",
        "crash collis",
        "accid crash",
        "elect vote poll",
        "say said",
        "begin began begun start",
        "us american america",
        "uk british britain",
        # One verb in its irregular forms, which no stemmer brings together.
        "know knew known",
        "sell sold",
        "buy bought",
        "steal stole stolen",
        "give gave given",
        "fall fell fallen",
        "rise rose risen",
        "hide hid hidden",
        "break broke broken",
        "build built",
        "hold held",
        "lose lost",
        "leav left",
        "meet met",
        "win won",
        "shoot shot",
        "sink sank sunk",
        "drive drove driven",
        "write wrote written",
        "speak spoke spoken",
        "fli flew flown",
        "flee fled",
        "strike struck",
        "find found",
        "tell told",
        "bring brought",
        "catch caught",
        "fight fought",
        "grow grew grown",
        "choos chose chosen",
        "throw threw thrown",
        "see saw seen",
        "hear heard",
        "spend spent",
        "earn made make",
    )
)


def covers(wanted: frozenset[str] | set[str], text: str, nearby: str = "") -> float:
    """How much of the terms ``wanted`` stands in ``text``, or for less in ``nearby``: 0 to 1."""
    if not wanted:
        return 1.0
    own, near = term_set(text), term_set(nearby)
    found = (1.0 if has_like(own, term) else _NEARBY * has_like(near, term) for term in wanted)
    return sum(found) / len(wanted)


@lru_cache(maxsize=8_192)
def term_set(text: str) -> frozenset[str]:
    """The terms of ``text``; those of a few thousand sentences are remembered."""
    return frozenset(terms(text))


def has_like(having: frozenset[str] | set[str], term: str) -> bool:
    """Whether ``term`` or one of its family is among ``having``."""
    return term in having or any(is_same(term, other) for other in having)


_FAMILY_OF: dict[str, frozenset[int]] = {
    term: frozenset(number for number, family in enumerate(_FAMILIES) if term in family)
    for family in _FAMILIES
    for term in family
}


@lru_cache(maxsize=65_536)
def is_same(term: str, other: str) -> bool:
    """Whether two stems are equal or akin: "africa" and "african", "quake" and "earthquake"."""
    if term == other:
        return True
    if term in _FAMILY_OF and _FAMILY_OF[term] & _FAMILY_OF.get(other, frozenset()):
        return True
    short, long = sorted((term, other), key=len)
    if len(short) < _SHORTEST or short[0].isdigit():
        return False
    is_compound = len(short) >= _SHORTEST_TAIL and long.endswith(short)
    return is_compound or (long.startswith(short) and len(long) - len(short) <= _ENDING)
