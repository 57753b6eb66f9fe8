"""What a question is about, in a few of its own words: the heading of a difference."""

from __future__ import annotations

import re

from index.language.asked import read_asked

_OPENING = re.compile(
    r"(?:[^,]{3,80}, )?(?:(?:in|on|at|by|for|since|until) )?"
    r"(?:(?:how \w+|when|(?:what|which)(?: (?:year|month|day|date|time|percentage|share)\b)?)"
    r"(?:['’]s)?(?: of)? )?"
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)(?:n['’]t)? )?"
    r"(?:(?:the|an?) )?",
    re.IGNORECASE,
)
# Verbs that only repeat what the question word asks.
_ENDING = re.compile(r" (?:cost|take|last|weigh|be|have cost|happen|begin|start|open|end)$")


def name_subject(question: str) -> str:
    """A slice of ``question``: what it counts, or all but the words that make it a question."""
    asked = read_asked(question)
    counted = question[asked.start : asked.end].strip() if asked.head else ""
    if counted:
        return counted
    bare = question.strip().rstrip("?. ").strip()
    opening = _OPENING.match(bare)
    rest = bare[opening.end() :] if opening else bare
    ending = _ENDING.search(rest)
    return (rest[: ending.start()] if ending else rest) or bare
