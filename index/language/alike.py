"""Whether two sentences say the same: a wire story printed twice, a quotation in two reports.

Only sentences with the same figures and the same negations can; what is left must be nearly all
the same words. Two sentences that are alike are one quote with several citations.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.language.words import terms

# Shared terms over all terms of the two sentences.
NEARLY_ALL = 0.8

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|without|nothing|nobody|cannot)\b|n['’]t\b", re.IGNORECASE
)


@lru_cache(maxsize=4_096)
def _read(text: str) -> tuple[frozenset[str], frozenset[str], int]:
    words = frozenset(terms(text))
    figures = frozenset(word for word in words if any(map(str.isdigit, word)))
    return words, figures, len(_NEGATION.findall(text))


def is_same_sentence(text: str, other: str) -> bool:
    """Whether two sentences are the same but for a few words; never across another figure."""
    words, figures, negations = _read(text)
    other_words, other_figures, other_negations = _read(other)
    if figures != other_figures or negations != other_negations:
        return False
    shared, total = len(words & other_words), len(words | other_words)
    return text == other or (total > 0 and shared / total >= NEARLY_ALL)
