"""Question and passages → windows of tokens that the reader can take in, with their offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.embed import replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokenizers import Tokenizer

# The reader was trained on windows of at most 256 tokens, [CLS] and two [SEP] among them.
WINDOW_TOKENS = 256
# A question this long leaves the passage most of the window; what lies beyond is not read.
QUESTION_TOKENS = 64
# What two windows share: an answer and the words around it stand whole in one of them.
OVERLAP = 48

# The tokenizer cuts at 256 tokens, and no English piece of so many characters has more.
PIECE = 240
# Time is bounded before anything is read: what lies beyond this in a passage is not.
MAX_CHARACTERS = 16_384

CLS, SEP = 101, 102

Offsets = list[tuple[int, int]]
"""Where each token stands in its text, in characters."""


class Window(NamedTuple):
    """Tokens of a passage that are read at once."""

    ids: list[int]
    offsets: Offsets


def split_tokens(tokenizer: Tokenizer, text: str) -> tuple[list[int], Offsets]:
    """Return a text's tokens and their offsets, however many they are."""
    pieces = list(_cut_pieces(replace_surrogates(text[:MAX_CHARACTERS])))
    encodings = tokenizer.encode_batch([piece for _, piece in pieces], add_special_tokens=False)
    ids, offsets = list[int](), Offsets()
    for (at, _), encoding in zip(pieces, encodings, strict=True):
        ids += encoding.ids
        offsets += [(at + start, at + end) for start, end in encoding.offsets]
    return ids, offsets


def _cut_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text before spaces into pieces that are not too long; yield each with its place."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            space = text.rfind(" ", start + 1, end)
            end = space if space > start else end
        yield start, text[start:end]
        start = end


def cut_windows(ids: list[int], offsets: Offsets, question_tokens: int) -> Iterator[Window]:
    """Yield windows of like length that overlap; one where the passage fits, none without words."""
    room = WINDOW_TOKENS - 3 - question_tokens
    further = max(0, -(-(len(ids) - room) // (room - OVERLAP)))
    step = -(-(len(ids) - OVERLAP) // (further + 1)) if further else len(ids)
    for number in range(further + 1 if ids else 0):
        place = slice(number * step, number * step + step + (OVERLAP if further else 0))
        yield Window(ids[place], offsets[place])


def join_tokens(question: list[int], passage: list[int]) -> tuple[list[int], int]:
    """Return what the model is given, and where in it the passage starts."""
    return [CLS, *question, SEP, *passage, SEP], len(question) + 2
