"""Hits → their sentences, analysed: what selection looks at, one row a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.language.values import find_values
from index.language.words import split_words, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.language.values import Value
    from index.types import Hit, Sentence

# Analysed sentences that are remembered: about 60 MB when full.
_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """A sentence analysed once: its terms and words in order, its values with their terms."""

    text: str
    terms: tuple[str, ...]
    distinct: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    words: tuple[str, ...]
    values: tuple[tuple[Value, frozenset[str]], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A sentence of a hit; ``hit`` is its place among the hits."""

    hit: int
    sentence: Sentence
    words: SentenceWords


@lru_cache(maxsize=_REMEMBERED)
def read_sentence(text: str) -> SentenceWords:
    """Analyse a sentence; remembered, as the same sentences come back with every question."""
    found = [word for word in split_words(text) if word.term]
    in_order = tuple(word.term for word in found)
    return SentenceWords(
        text=text,
        terms=in_order,
        distinct=frozenset(in_order),
        pairs=frozenset(pairwise(in_order)),
        words=tuple(text[word.start : word.end].lower() for word in found),
        values=tuple((v, frozenset(terms(text[v.start : v.end]))) for v in find_values(text)),
    )


def list_rows(hits: Sequence[Hit]) -> list[Row]:
    """Every sentence of every hit, in order; headings too, as they tell what follows."""
    rows = []
    for number, hit in enumerate(hits):
        passage = hit.passage
        for sentence in passage.sentences:
            text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
            rows.append(Row(hit=number, sentence=sentence, words=read_sentence(text)))
    return rows
