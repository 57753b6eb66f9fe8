"""Text → blocks: lines, joined where a paragraph was wrapped, rid of their Markdown marks.

A block keeps its exact span in the text, and beside it the same words as a reader sees them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

# Text is wrapped at a column between these; longer lines are whole paragraphs.
NARROWEST, WIDEST = 45, 120
# A wrapped line may stop this far before the column (a long word was not foreseen).
RAGGED = 8
# Fewer lines that follow one another do not show a column.
FEWEST_WRAPPED = 3
# Where most lines that follow one another are longer, they are paragraphs.
WRAPPED_SHARE = 0.8

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\xad"
_OPENING = re.compile(
    r"(?P<quote>(?:>\s?)+)|(?P<heading>#{1,6})\s+|(?P<bullet>[*+•▪●·-]\s+|\d{1,2}[.)]\s+)"
    r"|(?P<tags>(?:<[^<>]{1,200}>\s*)+)"
)
_CLOSING_TAGS = re.compile(r"(?:\s*<[^<>]{1,200}>)+\Z")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,300}>")
_IMAGE = re.compile(r"!\[[^\[\]]{0,400}\]\([^()]{0,600}\)")
_LINK = re.compile(r"\[([^\[\]]{0,400})\]\([^()]{0,600}\)")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_WHOLE_EMPHASIS = re.compile(r"([*_]{1,3})([^*_]+)\1")
_STOPPED = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A paragraph or a line that stands alone: ``text[start:end]``.

    ``plain`` is what a reader sees, on one line. ``heading`` is Markdown's level, 0 for none;
    ``bullet`` the mark of a list's item. ``is_link`` tells that nothing but a link or an image
    stands here; ``after_gap`` that a blank line precedes.
    """

    start: int
    end: int
    plain: str
    heading: int = 0
    bullet: str = ""
    is_link: bool = False
    after_gap: bool = True


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    bare = piece.lstrip().lstrip(_INVISIBLE).lstrip()
    start += len(piece) - len(bare)
    return start, start + len(bare.rstrip().rstrip(_INVISIBLE).rstrip())


def _plain(raw: str) -> str:
    seen = _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub("", raw)))
    return " ".join(_EMPHASIS.sub("", seen).replace("\n>", "\n").split())


def _open_line(text: str, start: int, end: int) -> Block | None:
    """Make the block of one line, its marks left outside the span; None if nothing is left."""
    heading, bullet = 0, ""
    while (mark := _OPENING.match(text, start, end)) is not None:
        heading = heading or len(mark.group("heading") or "")
        bullet = bullet or (mark.group("bullet") or "").rstrip()
        start = mark.end()
    if tags := _CLOSING_TAGS.search(text, max(start, end - 400), end):
        end = tags.start()
    if heading:
        end = start + len(text[start:end].rstrip("# "))
    if emphasis := _WHOLE_EMPHASIS.fullmatch(text, start, end):
        start, end = emphasis.span(2)
    start, end = _trim(text, start, end)
    if start >= end:
        return None
    raw = text[start:end]
    rest = _LINK.sub("", _IMAGE.sub("", raw))
    is_link = rest != raw and not any(map(str.isalnum, rest))
    plain = _plain(raw)
    return Block(start=start, end=end, plain=plain, heading=heading, bullet=bullet, is_link=is_link)


def _lines(text: str, start: int) -> list[Block]:
    lines: list[Block] = []
    gap = True
    for line in text[start:].splitlines(keepends=True):
        block = _open_line(text, *_trim(text, start, start + len(line)))
        start += len(line)
        if block is not None:
            lines.append(replace(block, after_gap=gap))
        gap = block is None
    return lines


def _is_full(line: Block, following: Block, column: int) -> bool:
    """Tell whether the first word of ``following`` would not have fitted on ``line``."""
    first_word = following.plain.partition(" ")[0]
    return len(line.plain) + 1 + len(first_word) > column - RAGGED


def _column(lines: list[Block]) -> int:
    """Find the column at which the text was wrapped; 0 if it was not."""
    together = [pair for pair in pairwise(lines) if not pair[1].after_gap]
    pairs = [pair for pair in together if len(pair[0].plain) <= WIDEST]
    if len(pairs) < WRAPPED_SHARE * len(together):
        return 0
    lengths = sorted(len(line.plain) for line, _ in pairs)
    column = lengths[len(lengths) * 98 // 100] if lengths else 0
    if column < NARROWEST or len(pairs) < FEWEST_WRAPPED:
        return 0
    full = [line for line, following in pairs if _is_full(line, following, column)]
    running = sum(_STOPPED.search(line.plain) is None for line in full)
    return column if len(full) * 2 >= len(pairs) and running * 2 >= len(full) else 0


def _continues(line: Block, last: Block, following: Block, column: int) -> bool:
    """Tell whether ``following`` goes on with the paragraph that ``line``, so far, ends with."""
    if following.after_gap or following.heading or following.bullet or line.heading:
        return False
    if column and len(last.plain) <= column + RAGGED and _is_full(last, following, column):
        return True
    running = len(last.plain) >= NARROWEST and _STOPPED.search(last.plain) is None
    return running and following.plain[:1].islower() and following.plain[:3] != "by "


def read_blocks(text: str, start: int = 0) -> tuple[Block, ...]:
    """Read ``text`` from ``start`` as blocks, in order, without overlap."""
    lines = _lines(text, start)
    column = _column(lines)
    blocks: list[Block] = []
    last: Block | None = None
    for line in lines:
        if last is not None and _continues(blocks[-1], last, line, column):
            whole = blocks[-1]
            plain = f"{whole.plain} {line.plain}"
            blocks[-1] = replace(whole, end=line.end, plain=plain, is_link=False)
        else:
            blocks.append(line)
        last = line
    return tuple(blocks)
