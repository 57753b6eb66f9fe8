"""Whether the articles are silent on a figure that a question asks for, however alike it sounds.

"How many were captured?" is not answered by how many were sent: where no sentence that was found
speaks of what befell those who are counted, no figure in them is an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.asked import read_asked
from index.events import events_of, find_asked_event
from index.values import expected_kind
from index.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_silent(question: str, sentences: Iterable[str]) -> bool:
    """Whether a figure of an event is asked for, and no sentence speaks of such an event."""
    if expected_kind(question) != "quantity":
        return False
    asked = read_asked(question)
    events = find_asked_event(question, asked.end, asked.nouns)
    return bool(events) and not any(events & events_of(terms(text)) for text in sentences)
