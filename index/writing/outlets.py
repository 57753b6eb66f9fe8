"""Outlets that a written sentence names as whose report it is: "The Coast Herald reported that"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.writing.pairing import Comparison

_REPORTS = re.compile(
    r"\b(?:report(?:s|ed|ing)?|wr(?:ites|ote)|carr(?:y|ies|ied)|quot(?:es?|ed|ing)|cit(?:es?|ed|ing)"
    r"|puts?|g[ai]ves?|given|sa(?:ys?|id)|according to|in|notes?|noted|publish(?:es|ed)"
    r"|tells?|told|as|by)\b",
    re.IGNORECASE,
)
_REACH = 45  # characters around an outlet in which it is said to report


def find_outlets(c: Comparison) -> frozenset[int]:
    """The numbers of the words that name, as a reporter, the outlet of a quote that is cited."""
    found: set[int] = set()
    for number, quote in c.quotes.items():
        if quote.source and quote.source.outlet:
            for run in _find_runs(c, quote.source.outlet):
                if _may_report(c, run, number):
                    found |= set(run)
    return frozenset(found)


def _find_runs(c: Comparison, outlet: str) -> Iterator[range]:
    wanted = terms(outlet)
    words = c.said.reading.words
    bare = [word.term for word in words]
    for at in range(len(words) - len(wanted) + 1):
        if wanted and bare[at : at + len(wanted)] == wanted and words[at].is_name:
            yield range(at, at + len(wanted))


def _may_report(c: Comparison, run: range, number: int) -> bool:
    """Whether the outlet stands where its quote is cited, or is joined to one that does."""
    words, text = c.said.reading.words, c.said.reading.text
    start, end = words[run[0]].start, words[run[-1]].end
    if not _REPORTS.search(text[max(0, start - _REACH) : end + _REACH]):
        return False
    part = c.part_of(start)
    if number in part.numbers:
        return True
    return text[end : end + 5] == " and " or text[:start].endswith(
        (" and ", " and the ", " and The ")
    )
