"""Names of a written sentence: each word of one in the quotes, and together there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.alike import KIN
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.writing.pairing import Comparison
    from index.writing.reading import Word

_SPANS = frozenset("second minut hour day week month year decad".split())
_EACH = frozenset("a an per each every".split())
_TITLES = frozenset("mr mrs ms dr miss sir".split())
_JOINED = 4  # places between two words of a name
_OPENS = re.compile(r"[“\"‘:.!?]")


def is_false_name(c: Comparison, word: Word) -> bool:
    """Whether a word of a name, or one like "week", stands in no quote."""
    spells = [(figure.start, figure.tail) for figure in c.said.figures]
    is_spell = any(start <= word.start < end for start, end in spells)
    before = c.said.reading.words[word.at - 1].text if word.at else ""
    if (
        word.term in _SPANS
        and not c.links[word.at]
        and not is_spell
        and not (before in _EACH and not _has_other_span(c))
    ):
        following = c.said.reading.words[word.at + 1 : word.at + 2]
        dates = [d for n in c.part_of(word.start).numbers for d in c.quotes[n].days]
        is_year = word.term == "year" and any(d.moment and d.moment.year for d in dates)
        return not (is_year and following and following[0].text in {"before", "earlier"})
    if not word.is_name or word.text.strip(".") in _TITLES:
        return False
    links = [link for link in c.links[word.at] if link.score >= KIN]
    if links:
        return False
    bare = word.text.removesuffix("'s")
    gap = c.said.reading.gap(word.at)
    opens = (word.at == 0 or bool(_OPENS.search(gap))) and open_thesaurus().knows(bare)
    return not opens


def _has_other_span(c: Comparison) -> bool:
    """Whether a quote counts by another span: "a day" for "a week"."""
    return any(
        other.term in _SPANS and other.at and quote.reading.words[other.at - 1].text in _EACH
        for quote in c.quotes.values()
        for other in quote.reading.words
    )


def breaks_names(c: Comparison, reporting: frozenset[int]) -> bool:
    """Whether two words that stand together as a name stand apart in the quotes."""
    words = c.said.reading.words
    for word in words[1:]:
        before = _find_joined(c, word)
        if before is None or word.at in reporting:
            continue
        own, theirs = c.links.get(before.at, ()), c.links.get(word.at, ())
        if before.text.strip(".") in _TITLES or not own or not theirs:
            continue
        places = {number: quote.reading.words for number, quote in c.quotes.items()}
        if not any(
            a.number == b.number and _are_joined(places[a.number], *sorted((a.at, b.at)))
            for a in own
            for b in theirs
        ):
            return True
    return False


def _are_joined(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether two words of a quote stand so near that they name one thing."""
    gap = words[last].place - words[first].place
    between = words[first + 1 : last]
    return 0 < gap <= _JOINED or (
        0 < gap <= 2 * _JOINED and not any(word.is_name for word in between)
    )


def _find_joined(c: Comparison, word: Word) -> Word | None:
    """The name that stands right before a name, or before it and "of"."""
    words = c.said.reading.words
    if not word.is_name:
        return None
    before = words[word.at - 1]
    back = 2 if before.text == "of" else 3 if before.text == "the" else 0
    if back and word.at >= back:
        first = words[word.at - back]
        return first if first.is_name and words[word.at - back + 1].text == "of" else None
    is_together = c.said.reading.gap(word.at).strip("-") in {" ", "\xa0", ""}
    return before if before.is_name and is_together and not before.text.endswith("'s") else None
