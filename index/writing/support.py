"""Words of a written sentence that its quotes do not have, and those that turn them round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.language.events import events_of
from index.language.words import terms
from index.writing.alike import AKIN
from index.writing.evidence import mask_orders
from index.writing.naming import breaks_names, is_false_name
from index.writing.operators import read_operators
from index.writing.opposites import find_for, find_opposite
from index.writing.quantities import find_quantifier, is_bold
from index.writing.wording import AKIN_COST, MOST_COST, find_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.writing.pairing import Comparison
    from index.writing.reading import Word
    from index.writing.source import Source

# So much may a sentence have of its own for each word that it shares with its quotes.
_BEFALLING = frozenset({"death", "injury", "missing", "arrest"})
_SHARE = 0.2
_NAME_SHARE = 0.4


def find_unsupported(c: Comparison, reporting: frozenset[int]) -> str | None:
    """Say "name", "opposite", "quantity" or "words" where the quotes do not bear a word out."""
    words = c.said.reading.words
    for word in words:
        if word.at in c.links and word.at not in reporting and is_false_name(c, word):
            return "name"
    if breaks_names(c, reporting):
        return "name"
    return find_opposite(c) or find_for(c) or find_quantifier(c) or _find_words(c, reporting)


def _find_words(c: Comparison, reporting: frozenset[int]) -> str | None:
    """Say "words" where more of the sentence's words stand in no quote than a paraphrase needs."""
    total, known = 0.0, 0.0
    operators = {o.at for o in read_operators(c.said.reading.original)}
    for at, links in c.links.items():
        word = c.said.reading.words[at]
        if is_bold(c, word):
            return "words"
        if at in reporting or at in operators or (links and links[0].score > AKIN):
            if at not in reporting and at not in operators:
                known += _NAME_SHARE if word.is_name else 1.0
            continue
        if not links and _befalls(word):
            return "words"
        total += AKIN_COST if links else find_cost(c, word)
    values = len(c.said.figures) + len(c.said.days)
    known += values if values > 1 else 0
    return "words" if total > min(MOST_COST, _SHARE * known) else None


def _befalls(word: Word) -> bool:
    """Whether a word tells what befell somebody: no paraphrase may add that."""
    return bool(events_of((word.term,)) & _BEFALLING)


def find_borrowed(
    c: Comparison, sources: Mapping[int, Source], reporting: frozenset[int]
) -> str | None:
    """Say "citation" or "order" where a word is of a quote that is not cited, or of an order."""
    elsewhere = {
        term
        for number, source in sources.items()
        if number not in c.quotes
        for term in terms(source.text)
    }
    ordered = {
        term
        for number in c.quotes
        for term in set(terms(sources[number].text)) - set(terms(mask_orders(sources[number].text)))
    }
    for at, links in c.links.items():
        word = c.said.reading.words[at]
        if links or at in reporting or not find_cost(c, word):
            continue
        if word.term in ordered:
            return "order"
        before = [w.text for w in c.said.reading.words[max(0, at - 2) : at]]
        if word.term in elsewhere and "of" in before:
            return "citation"
    return None
