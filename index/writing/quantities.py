"""Words like "all", "most" and "both": each must stand by the same word in a quote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.operators import read_operators
from index.writing.opposites import FUNCTION, WINDOW
from index.writing.thesaurus import open_thesaurus
from index.writing.wording import has_unknown

if TYPE_CHECKING:
    from index.writing.pairing import Comparison
    from index.writing.reading import Reading, Word

_QUANTIFIERS = {
    "all": {"all", "every", "each"},
    "every": {"all", "every", "each"},
    "each": {"all", "every", "each", "both", "a", "per"},
    "both": {"both", "two", "neither"},
    "mostly": {"most", "mostly", "mainly"},
    "most": {"most", "majority"},
    "some": {"some", "several"},
    "only": {"only", "just"},
    "any": {"any"},
    "entire": {"entire", "whole", "all"},
    "whole": {"entire", "whole", "all"},
    "majority": {"majority", "most"},
    "always": {"always"},
    "ever": {"ever"},
    "record": {"record"},
}
_SUPERLATIVE = re.compile(r"\w{3,}est$")
_NOT_SUPERLATIVE = frozenset(
    "west forest interest request protest arrest rest test guest harvest"
    " invest contest suggest honest latest nearest modest conquest digest manifest".split()
)


def find_quantifier(c: Comparison) -> str | None:
    """Say "quantity" where a word like "all" stands by no such word in a quote."""
    said = c.said.reading
    figures = {w.at for f in c.said.figures for w in said.find(f.lead, f.end + 1)}
    for word in said.words:
        allowed = _QUANTIFIERS.get(word.text)
        if allowed is None or word.at in figures:
            continue
        following = said.words[word.at + 1] if word.at + 1 < len(said.words) else None
        if word.text in {"only", "both", "some"} and following and following.at in figures:
            continue
        if word.text == "any" and any(
            o.kind == "no" and word.clause in o.clauses for o in read_operators(said.original)
        ):
            continue
        if word.text == "any" and has_unknown(c, word):
            return "quantity"
        numbers = c.part_of(word.start).numbers
        if not any(
            other.text in allowed
            and _is_beside(c, word, number, other)
            and not _is_cut_down(c.quotes[number].reading, other)
            for number in numbers
            for other in c.quotes[number].reading.words
        ):
            return "quantity"
    return None


def _is_cut_down(reading: Reading, word: Word) -> bool:
    """Whether "all but 40" or "one of the two" takes back what a quantifier says."""
    words = reading.words
    following = words[word.at + 1].text if word.at + 1 < len(words) else ""
    before = [w.text for w in words[max(0, word.at - 2) : word.at]]
    return following in {"but", "except"} or (word.text == "two" and "of" in before)


def _is_beside(c: Comparison, word: Word, number: int, other: Word) -> bool:
    """Whether two quantifiers stand by the same word: by the next, or by one near."""
    said, quote = c.said.reading.words, c.quotes[number].reading.words
    near = [w for w in said if w.at in c.links and abs(w.place - word.place) <= WINDOW]
    following = [w for w in near if w.at > word.at][:1]
    return any(
        link.number == number and abs(quote[link.at].place - other.place) <= WINDOW + 1
        for w in (following if other.text == "two" else near)
        for link in c.links[w.at]
    )


def is_bold(c: Comparison, word: Word) -> bool:
    """Whether a superlative stands in no quote as such."""
    if word.text in {"worst", "best"}:
        return not c.links[word.at]
    if not _SUPERLATIVE.match(word.text) or word.text in _NOT_SUPERLATIVE | FUNCTION:
        return False
    if not open_thesaurus().find_lemmas(word.text) - {word.text}:
        return False
    if has_unknown(c, word):
        return True
    texts = [c.quotes[link.number].reading.words[link.at].text for link in c.links[word.at]]
    return not any(text.endswith("est") for text in texts)
