"""What befell those that a figure counts: deaths, injuries, arrests. One never stands for another.

"The toll reached 52, and 19 people remained missing": 52 counts deaths, 19 the missing. A question
for one of them is answered by no figure of another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from index.language.near import place_words
from index.language.values import find_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.language.values import Value

# The words of each event as terms; "casualties" are of two.
_WORDS = {
    "death": "die dead death kill fatal slain toll bodi victim perish drown corps murder massacr"
    " slaughter casualti",
    "injury": "injur injuri hurt wound treat hospit hospitalis maim casualti",
    "missing": "miss unaccount vanish disappear untrac",
    "arrest": "arrest detain detaine detent custodi jail imprison apprehend",
    "flight": "evacu evacue displac fled flee homeless refuge",
    "rescue": "surviv survivor rescu aliv save",
    "gathering": "march marcher protest demonstr ralli crowd parad",
    "illness": "infect sick sicken ill diagnos",
    "capture": "captur prison pow surrend",
    "desertion": "desert defect defector",
    "hiring": "hire recruit",
    "dismissal": "layoff sack redund",
}
_EVENTS: dict[str, frozenset[str]] = {
    term: frozenset(event for event, words in _WORDS.items() if term in words.split())
    for words in _WORDS.values()
    for term in words.split()
}
# Those that a figure counts may be called so whatever else befell them.
_ROLES = frozenset("victim protest marcher demonstr refuge evacue survivor".split())
_NOT_FOUND = re.compile(r"\bn(?:ot|['’]t|ever) (?:yet )?(?:be(?:en)? )?(?:found|traced|located)\b")
_LOOKING = re.compile(
    r"\b(?:look|search|hunt)(?:ed|ing|es)? for(?: (?:the|at least|some|about))*\s?$"
)
# Where what is said of one figure ends.
_END = re.compile(r"[,;:—]|\band\b|\bbut\b|\bwhile\b|\bwhereas\b")
_STRONG_END = re.compile(r"[;:—]|\bbut\b|\bwhile\b|\bwhereas\b")
_JOINED = re.compile(r"\s(?:and|or|and/or)\s(?:were\s)?$")

NONE: frozenset[str] = frozenset()


def events_of(terms: Iterable[str]) -> frozenset[str]:
    """The events that words with these terms tell of."""
    return frozenset(event for term in terms for event in _EVENTS.get(term, NONE))


def is_event(term: str, events: frozenset[str] | None = None) -> bool:
    """Whether a word with this term tells of an event, one of ``events`` where they are given."""
    found = _EVENTS.get(term, NONE)
    return bool(found) if events is None else bool(found & events)


@lru_cache(maxsize=1_024)
def find_event(text: str, value: Value) -> frozenset[str]:
    """The events of those that ``value`` counts in ``text``, by the nearest word that tells.

    That is what is counted itself ("44 bodies"), then what follows it ("17 people were killed"),
    then what stands before ("killing 17 people"), each up to the next figure or clause.
    """
    counted = value.unit.split()
    if named := events_of(term for term in counted if term not in _ROLES):
        return named
    quantities = [other for other in find_values(text) if other.kind == "quantity"]
    first = max((q.tail for q in quantities if q.tail <= value.lead), default=0)
    last = min((q.lead for q in quantities if q.lead >= value.tail), default=len(text))
    beyond = len(text) if _JOINED.fullmatch(text, value.tail, last) else last
    return (
        _first(text, value.tail, _cut_after(text, value.tail, last))
        or _last(text, _cut_before(text, first, value.lead), value.lead)
        or _last(text, first, value.lead)
        or _first(text, value.tail, _cut_after(text, value.tail, beyond, _STRONG_END))
        or _last(text, 0, value.lead)
        or events_of(counted)
    )


def find_asked_event(question: str, start: int, nouns: Iterable[str]) -> frozenset[str]:
    """The events a question asks for: "arrested" of "how many people were arrested at the march".

    ``start`` is where the counted ``nouns`` end; they tell where nothing after them does.
    """
    return _first(question, start, len(question)) or events_of(nouns)


def _cut_after(text: str, start: int, end: int, cut: re.Pattern[str] = _END) -> int:
    match = cut.search(text, start, end)
    return match.start() if match else end


def _cut_before(text: str, start: int, end: int) -> int:
    cuts = [match.end() for match in _END.finditer(text, start, end)]
    return cuts[-1] if cuts else start


def _first(text: str, start: int, end: int) -> frozenset[str]:
    """The events of the first word that tells, and of one that is joined to it."""
    if _NOT_FOUND.search(text, start, end):
        return frozenset({"missing"})
    told = [word for word in place_words(text) if word.start >= start and is_event(word.term)]
    if not told or told[0].start >= end:
        return NONE
    events = _EVENTS[told[0].term]
    is_joined = len(told) > 1 and _JOINED.fullmatch(text, told[0].end, told[1].start)
    return events | _EVENTS[told[1].term] if is_joined else events


def _last(text: str, start: int, end: int) -> frozenset[str]:
    if _LOOKING.search(text, start, end):
        return frozenset({"missing"})
    told = [word for word in place_words(text) if word.end <= end and is_event(word.term)]
    if not told or told[-1].start < start:
        return NONE
    events = _EVENTS[told[-1].term]
    is_joined = len(told) > 1 and _JOINED.fullmatch(text, told[-2].end, told[-1].start)
    return events | _EVENTS[told[-2].term] if is_joined else events


# --- Who is counted ---------------------------------------------------------------------------

_PEOPLE = frozenset(
    "people person persons dead victims victim casualties fatalities deaths bodies corpses injured"
    " wounded missing passengers residents civilians workers miners employees villagers tourists"
    " students patients protesters demonstrators marchers migrants survivors inhabitants lives"
    " locals travellers travelers commuters spectators worshippers worshipers crew citizens"
    " sailors hikers skiers climbers fans pilgrims mourners arrests detainees others suspects"
    " prisoners refugees guests strikers supporters activists".split()
)
# Those that are counted beside the people, as a part of them.
SUBGROUPS = frozenset(
    "children women men boys girls officers soldiers troops firefighters rescuers journalists"
    " policemen police doctors nurses foreigners teenagers babies infants".split()
)


def is_people(noun: str) -> bool:
    """Whether ``noun`` (a plural as it stands) counts people at large, not a part of them."""
    return noun.lower() in _PEOPLE
