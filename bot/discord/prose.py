"""Prose that a language model wrote → Markdown that stands above the quotes it cites.

It is foreign text like an article's: it makes no link, no mention and no list. Its citations are
ours, and name the quotes as the buttons under the message do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord.blocks import NO_BREAK, label_quotes
from bot.discord.markdown import escape, units
from bot.escape import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Prose, Quote, WrittenSentence

WRITTEN = "Written by a language model from the quotes below"
KEPT = "{kept} of {proposed} sentences kept"
LEFT_OUT = "{number} more had no room"


def lay_out_prose(
    prose: Prose, quotes: Sequence[Quote], room: int, *, is_divisible: bool = True
) -> str:
    """Lay out as many of its first sentences, whole, as fit ``room`` units; "" where none does.

    A line in small print says whose words they are. Prose that is not divisible is shown whole or
    not at all.
    """
    labels = label_quotes(quotes)
    sentences = [_mark(sentence, labels) for sentence in prose.sentences]
    least = 1 if is_divisible else max(len(sentences), 1)
    for count in range(len(sentences), least - 1, -1):
        text = "\n".join((" ".join(sentences[:count]), _describe(prose, len(sentences) - count)))
        if units(text) <= room:
            return text
    return ""


def _describe(prose: Prose, left_out: int) -> str:
    """Say in small print whose words these are, and whether some are not shown."""
    parts = [WRITTEN]
    if prose.dropped:
        parts.append(KEPT.format(kept=len(prose.sentences), proposed=prose.proposed))
    if left_out:
        parts.append(LEFT_OUT.format(number=left_out))
    return f"-# {' · '.join(parts)}"


def _mark(sentence: WrittenSentence, labels: Sequence[str]) -> str:
    """The sentence, escaped, and what the quotes that it cites go by."""
    cited = [labels[place] for place in sentence.places] or map(str, sentence.numbers)
    marks = "".join(escape(f"[{label}]") for label in dict.fromkeys(cited))
    return f"{escape(clean_line(sentence.text))}{NO_BREAK}{marks}"
