"""A sentence from the middle of a quotation → the whole quotation, with who said it.

Quoted by itself such a sentence has one quotation mark too many or too few, and nobody who says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.selecting.rows import Row

# Beyond this many characters a quotation is not made whole: the sentence stands alone.
LONGEST = 600

_OPENING, _CLOSING, _EITHER = "“", "”", '"'


def whole_quotation(rows: Sequence[Row], number: int) -> tuple[int, int]:
    """The rows from the first to the last that belong to the quotation around ``number``.

    Only rows of the same passage and paragraph are taken; both are ``number`` when there is no
    quotation to make whole, or it would be too long.
    """
    first, last = _paragraph(rows, number)
    inside_before, inside_after = _inside(rows[first : last + 1])
    start = end = number
    while start > first and inside_before[start - first]:
        start -= 1
    while end < last and inside_after[end - first]:
        end += 1
    length = rows[end].sentence.end - rows[start].sentence.start
    return (start, end) if length <= LONGEST else (number, number)


def _paragraph(rows: Sequence[Row], number: int) -> tuple[int, int]:
    """The first and the last row of the paragraph of ``number``, as far as its passage goes."""
    here = (rows[number].hit, rows[number].sentence.paragraph)
    first = last = number
    while first > 0 and (rows[first - 1].hit, rows[first - 1].sentence.paragraph) == here:
        first -= 1
    while last + 1 < len(rows) and (rows[last + 1].hit, rows[last + 1].sentence.paragraph) == here:
        last += 1
    return first, last


def _inside(rows: Sequence[Row]) -> tuple[list[bool], list[bool]]:
    """Whether a quotation is open where each row begins, and where it ends."""
    before, after, is_open = [], [], False
    for row in rows:
        before.append(is_open)
        for character in row.words.text:
            if character == _EITHER:
                is_open = not is_open
            elif character in (_OPENING, _CLOSING):
                is_open = character == _OPENING
        after.append(is_open)
    return before, after
