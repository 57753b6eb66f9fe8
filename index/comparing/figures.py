"""Which figure of a sentence counts what a question asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.comparing.support import COUNT_NOUN
from index.language.events import SUBGROUPS, events_of, find_event, is_event, is_people
from index.language.likeness import has_like, is_same, term_set
from index.language.near import nearness, place_words
from index.language.times import previous_word
from index.language.values import find_values
from index.language.words import terms

if TYPE_CHECKING:
    from index.comparing.claims import Candidate
    from index.comparing.support import Wanted
    from index.language.values import Value

# What stands before a figure that is a part, a change, denied, or what used to be.
_NOT_THE_WHOLE = re.compile(
    r"(?:\b(?:first|second|third|initial|next|latest|advance|last|new|another|separate)\b"
    r"(?:\s\w+){0,2}\s(?:of\s)?"
    r"|\b(?:ris\w+|rose|increas\w+|grow\w*|grew|f[ae]ll\w*|drop\w*|declin\w+|jump\w*|up|down|cut"
    r"|reduc\w+|climb\w*)\sby\s"
    r"|\b(?:from|compared (?:with|to)|previous(?:ly)?(?:\s\w+){0,3}|earlier(?:\s\w+){0,2})\s"
    r"|\b(?:not|instead of|rather than|and not|every|each|per|within)\s(?:the\s|just\s|only\s)?"
    r"|\b(?:including(?:\s\w+){0,1}|carrying(?:\s\w+){1,3}\sof)\s"
    r"|\bof (?:the|its|their|all|those|these|them)\b(?:[^,;]{0,40},)?\s)$",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"[\s\xa0](?:each|apiece|per|every|a (?:day|week|month|year)|daily|at a time"
    r"|(?:so far )?this (?:season|year|month)|in (?:his|her|its|their) (?:career|history))\b"
)
_FUTURE = re.compile(
    r"\b(?:will|would|plan(?:s|ned|ning)?|intends?|expected|set|due|going|aims?|hopes?|capable"
    r"|target|goal)\s(?:to\b|\w+\b)",
    re.IGNORECASE,
)
_BEFORE = 60  # characters before a figure in which such a word may stand


# What the reader says counts as much as the best fit.
_MARKED = 4.0


def choose_figure(
    question: str, wanted: Wanted, candidate: Candidate, clause: tuple[int, int]
) -> tuple[float, Value] | None:
    """The figure of a clause that counts what is asked: marked, or closest to the question's words.

    The sentence before helps: "the total now stands at 11" counts what that tells of.
    """
    text = candidate.text
    known = {value.amount for value in find_values(question) if value.kind == "quantity"}
    near = {
        word.term
        for word in place_words(text)
        if any(is_same(word.term, term) for term in wanted.about)
    }
    scored = [
        (
            fit
            + nearness(text, near, value.start, value.tail)
            + _MARKED * candidate.is_marked(value.start, value.end),
            -value.start,
            value,
        )
        for value in find_values(text)
        if value.kind == "quantity"
        and clause[0] <= value.start < clause[1]
        and value.amount is not None
        and value.amount not in known
        and (fit := _fit(question, wanted, text, value, candidate.context))
    ]
    if not scored:
        return None
    score, _, value = max(scored)
    return score, value


def _fit(question: str, wanted: Wanted, text: str, value: Value, context: str) -> float:
    """How well a figure counts what is asked: 0 when it counts something else."""
    asked = wanted.asked
    if (value.part and not _counts_members(text, value)) or not is_whole(question, text, value):
        return 0.0
    if asked.units:
        return _fit_measure(wanted, text, value)
    if text[value.end : value.end + 1] == "-":
        return 0.0
    return _fit_count(wanted, text, value, context)


def _fit_count(wanted: Wanted, text: str, value: Value, context: str) -> float:
    event = find_event(text, value)
    if not event and not value.unit and COUNT_NOUN.search(text):
        event = events_of(terms(context))
    if wanted.events:
        return _fit_event(wanted, text, value) if event == wanted.events else 0.0
    if wanted.focus and not wanted.asked.head:
        return _fit_named(wanted, text, value)
    if value.unit:
        return _fit_noun(wanted, value)
    return 0.0 if event else _fit_bare(wanted, text, value)


def _counts_members(text: str, value: Value) -> bool:
    """Whether it counts those of somebody, "23 of their members", not some of those counted."""
    return _MEMBERS.match(text, value.end) is not None


_MEMBERS = re.compile(r"[\s\xa0]of[\s\xa0](?:its|their|his|her|our)[\s\xa0][a-z]")


def _fit_named(wanted: Wanted, text: str, value: Value) -> float:
    """A figure right after the name of the measure, "a magnitude of 6.1"."""
    before = text[max(0, value.lead - _BEFORE) : value.lead].lower()
    return 4.0 if re.search(rf"\b{re.escape(wanted.focus)}\w*[^,;.]{{0,40}}$", before) else 0.0


def _fit_event(wanted: Wanted, text: str, value: Value) -> float:
    """A figure of the event that is asked for, if it counts those who are asked for."""
    counted = text[value.end : value.tail].split()
    noun = counted[-1].strip("“”\"'‘’(") if counted else ""
    if not _asks_for_people(wanted):
        return _fit_noun(wanted, value) if noun else _fit_bare(wanted, text, value)
    if noun.lower() in SUBGROUPS:
        return 0.0
    if not noun or noun.endswith("ed"):
        return 0.0 if previous_word(text, value.start) in _THE else 1.0
    if is_people(noun) or value.part or any(map(is_event, terms(noun))):
        return 2.0
    return _fit_noun(wanted, value)


def _asks_for_people(wanted: Wanted) -> bool:
    head = wanted.asked.head
    return not head or head in {"peopl", "person", "victim", "casualti"} or is_event(head)


def _fit_noun(wanted: Wanted, value: Value) -> float:
    asked, units = wanted.asked, value.unit.split()
    described, wished = set(units[:-1]), set(asked.nouns[:-1])
    shared = [term for term in wished if has_like(described, term)]
    if is_same(value.head, asked.head):
        return 0.0 if described and wished and not shared else 4.0
    return 2.0 if wished and len(shared) == len(wished) else 0.0


def _fit_bare(wanted: Wanted, text: str, value: Value) -> float:
    """A figure that names no noun counts what the sentence speaks of, unless it is "the two"."""
    if _follows_determiner(text, value):
        return 0.0
    is_named = bool(wanted.asked.head) and has_like(term_set(text), wanted.asked.head)
    return 1.0 if is_named or COUNT_NOUN.search(text) else 0.0


def _follows_determiner(text: str, value: Value) -> bool:
    return previous_word(text, value.start) in _THE | {"of"}


_THE = frozenset({"the", "these", "those", "all", "both"})


def _fit_measure(wanted: Wanted, text: str, value: Value) -> float:
    asked = wanted.asked
    if text[value.start - 1 : value.start] == "(":
        return 0.0
    if asked.fits_in(text, value) == 1:
        return 4.0
    is_age = (
        "old" in asked.units
        and _AGE.match(text, value.end)
        and text[: value.start].endswith((", ", "aged ", " is ", "age "))
    )
    return 3.0 if is_age and not value.unit else 0.0


_AGE = re.compile(r"[,.;]|$|\s(?:and|when)\b")


def is_whole(question: str, text: str, value: Value) -> bool:
    """Whether a figure is what is, all of it: no part, change, plan, nor what is denied."""
    before = text[max(0, value.lead - _BEFORE) : value.lead]
    if (part := _NOT_THE_WHOLE.search(before)) and part.group().split()[0] not in question:
        return False
    if _EACH.match(text, value.tail) and not _EACH.search(question):
        return False
    after = text[value.tail : value.tail + _BEFORE // 4]
    return bool(_FUTURE.search(question)) or not _FUTURE.match(after.lstrip())
