"""What a language model wrote → its words, and which quotes each stretch of them cites.

A citation stands behind what it bears out: "12 died [1], while others say 14 [2][3]." is two parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# "[1]", "[1, 2]", "[1][2]"; the digits of other scripts are no numbers of ours.
_CITATIONS = re.compile(r"\s*\[(?P<numbers>[0-9]{1,3}(?:\s*[,;]\s*[0-9]{1,3})*)\]")
_NUMBER = re.compile(r"[0-9]{1,3}")
_LETTER = re.compile(r"\w")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a sentence's words, by offset, and the numbers that stand behind it, if any."""

    start: int
    end: int
    numbers: tuple[int, ...]


def split_marks(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A written sentence without its citations, and the numbers that it cites, each once."""
    text, parts = read_parts(sentence)
    return text, tuple(dict.fromkeys(number for part in parts for number in part.numbers))


def read_parts(sentence: str) -> tuple[str, tuple[Part, ...]]:
    """A written sentence without its citations, and its parts, in order.

    What follows the last citation, as in "… [1], officials say.", belongs to the part before.
    """
    text, parts, position = "", list[Part](), 0
    sentence = _SPACES.sub(" ", sentence).strip()
    for match in _CITATIONS.finditer(sentence):
        start, said = len(text), sentence[position : match.start()]
        text += said
        numbers = tuple(map(int, _NUMBER.findall(match["numbers"])))
        if parts and not _LETTER.search(said):
            before = parts.pop()
            start, numbers = before.start, (*before.numbers, *numbers)
        parts.append(Part(start=start, end=len(text), numbers=tuple(dict.fromkeys(numbers))))
        position = match.end()
    text += sentence[position:]
    last = parts.pop() if parts else Part(start=0, end=0, numbers=())
    parts.append(Part(start=last.start, end=len(text), numbers=last.numbers))
    return text, tuple(parts)
