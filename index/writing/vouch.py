"""Does a written sentence say only what the quotes that it cites say? The first fault, or none.

The sentence and the quotes are read into values (figures, dates, names, speakers, denials, words),
each word of the sentence is paired with those of the quotes, and the values are compared. Figures,
dates, names, quotations, denials, what is left open and who says what must be the quote's; other
words may be paraphrased, one for one, as far as ``support`` allows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.attribution import find_other_speaker
from index.writing.causes import find_false_cause
from index.writing.evidence import is_order, mask_orders
from index.writing.glyphs import find_strange
from index.writing.marked import read_parts
from index.writing.merging import find_merged
from index.writing.outlets import find_outlets
from index.writing.pairing import compare
from index.writing.polarity import find_turned
from index.writing.quotations import find_false_quotation, mask_quotations
from index.writing.roles import find_swapped
from index.writing.support import find_borrowed, find_unsupported
from index.writing.values import find_false_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.writing.marked import Part
    from index.writing.source import Source

_MARKUP = re.compile(
    r"https?:|www\.|[<>`*_#|@\\{}\[\]\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069]|\]\("
    r"|^[-–•]\s"
)


def find_fault(sentence: str, sources: Mapping[int, Source]) -> str | None:
    """Why ``sentence``, written with citations, must not be shown; None where it may be.

    ``sources`` are the quotes that the model was given, by number.
    """
    text, parts = read_parts(sentence)
    if _MARKUP.search(text):
        return "markup"
    if is_order(mask_quotations(text)):
        return "address"
    if any(not part.numbers for part in parts):
        return "no_citation"
    if any(number not in sources for part in parts for number in part.numbers):
        return "no_such_citation"
    cited = [sources[number] for part in parts for number in part.numbers]
    given = [f"{source.outlet or ''} {source.text}" for source in cited]
    if fault := find_strange(text, given):
        return fault
    return _find_false_quotation(text, parts, sources) or _find_fault(text, parts, sources)


def _find_false_quotation(
    text: str, parts: Sequence[Part], sources: Mapping[int, Source]
) -> str | None:
    return next(
        (
            fault
            for part in parts
            if (
                fault := find_false_quotation(
                    text[part.start : part.end],
                    [mask_orders(sources[number].text) for number in part.numbers],
                )
            )
        ),
        None,
    )


def _find_fault(text: str, parts: tuple[Part, ...], sources: Mapping[int, Source]) -> str | None:
    compared = compare(text, parts, sources)
    reporting = find_outlets(compared)
    return (
        find_false_value(compared, reporting)
        or find_turned(compared)
        or find_other_speaker(compared, reporting)
        or find_merged(compared, reporting)
        or find_swapped(compared)
        or find_false_cause(compared)
        or find_unsupported(compared, reporting)
        or find_borrowed(compared, sources, reporting)
    )
