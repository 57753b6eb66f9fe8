"""Words that no article has → the word of the articles that was probably meant.

A slip of the keyboard, or another spelling of a foreign name ("Zelenskiy", "Zelensky"), must not
hide what the articles say. Only words that the articles lack, and that are no ordinary words
either, are read as another word; what is quoted shows how the articles spell it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.embedding.word_vectors import WordVectors
    from index.storage.snapshot import Snapshot

# In shorter words a letter makes another word; in long ones two slips still leave no doubt.
SHORTEST, LONG = 6, 9
MOST_CORRECTED = 4

_OWNING = re.compile("['’]s$", re.IGNORECASE)


def correct_terms(
    words: Mapping[str, str], *, snapshot: Snapshot, word_vectors: WordVectors
) -> dict[str, str]:
    """For each term that is probably misspelt, the term of the articles that was meant.

    Args:
        words: terms, each with the word as it was written.
        snapshot: the articles.
        word_vectors: knows ordinary words, which are never corrected.
    """
    frequencies = snapshot.document_frequencies(words)
    unknown = [
        term
        for term, word in words.items()
        if not frequencies[term]
        and len(term) >= SHORTEST
        and term.isalpha()
        and not word_vectors.knows(_OWNING.sub("", word))
    ]
    found = {
        term: _nearest(term, snapshot.list_terms(term[0])) for term in unknown[:MOST_CORRECTED]
    }
    return {
        term: nearest
        for term, nearest in found.items()
        # A name that nobody knows is no slip in an ordinary word.
        if nearest and not (words[term][0].isupper() and word_vectors.knows(nearest))
    }


def _nearest(term: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The term with the fewest edits, of these the most frequent; None when all are too far."""
    limit = 2 if len(term) >= LONG else 1
    best: tuple[int, int, str] | None = None
    for candidate, frequency in known:
        if abs(len(candidate) - len(term)) <= limit and len(candidate) >= SHORTEST - 1:
            edits = count_edits(term, candidate, limit)
            if edits <= limit and (best is None or (edits, -frequency, candidate) < best):
                best = (edits, -frequency, candidate)
    return best[2] if best else None


def count_edits(one: str, other: str, limit: int) -> int:
    """Letters to insert, leave out, change or swap to make one of the other; > limit when more.

    The optimal string alignment distance, given up as soon as it must exceed ``limit``.
    """
    before, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
