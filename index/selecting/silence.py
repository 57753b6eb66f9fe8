"""Whether the articles are silent on a figure that a question asks for, however alike it sounds.

"How many were captured?" is not answered by how many were sent, nor by how many others were: where
no sentence that was found speaks of what befell those who are counted, no figure is an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.language.asked import read_asked
from index.language.events import events_of, find_asked_event, find_event
from index.language.values import expected_kind, find_values
from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_silent(question: str, sentences: Iterable[str]) -> bool:
    """Whether a figure of an event is asked for, and no sentence tells of it about those asked for.

    "Russian forces killed" leaves the articles silent on how many British soldiers were.
    """
    if expected_kind(question) != "quantity":
        return False
    asked = read_asked(question)
    events = find_asked_event(question, asked.end, asked.nouns)
    described = frozenset(asked.nouns) - {asked.head}
    return bool(events) and not any(
        events & events_of(terms(text)) and not _counts_others(text, events, described)
        for text in sentences
    )


def _counts_others(text: str, events: frozenset[str], described: frozenset[str]) -> bool:
    """Whether every figure of the event in ``text`` counts people described in another way."""
    units = [
        frozenset(value.unit.split()) - {value.head}
        for value in find_values(text)
        if value.kind == "quantity" and find_event(text, value) & events
    ]
    return bool(described and units) and all(unit and not unit & described for unit in units)
