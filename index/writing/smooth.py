"""Prose on articles that differ: it must name two sides of each difference, or none of it is shown.

Sides are told by their values: "over 3,000" is named by "more than three thousand".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.language.values import find_values
from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Difference

FEWEST_SIDES = 2


def find_smoothed(differences: Sequence[Difference], sentences: Sequence[str]) -> Difference | None:
    """The first difference of which the prose does not name two sides; None where it does of all.

    ``sentences`` are those that are kept, without their citations.
    """
    return next((one for one in differences if not _is_told(one, sentences)), None)


def _is_told(difference: Difference, sentences: Sequence[str]) -> bool:
    values = [value.value for value in difference.values]
    amounts = {value: _amounts(value) for value in values}
    # Where figures are the same and only "at least" differs, it is the words that must stand there.
    counted = set(amounts.values()) - {frozenset()}
    by_figure = len(counted) >= min(FEWEST_SIDES, len(set(values)))
    told: set[object] = set()
    for value in values:
        amount = amounts[value]
        if by_figure and amount:
            if any(amount <= _amounts(sentence) for sentence in sentences):
                told.add(amount)
        elif any(_has_words(value, sentence) for sentence in sentences):
            told.add(value.lower())
    return len(told) >= FEWEST_SIDES


def _amounts(text: str) -> frozenset[tuple[float, float | None]]:
    """The figures of a text, as numbers."""
    return frozenset(
        (value.amount, value.upper) for value in find_values(text) if value.amount is not None
    )


def _has_words(value: str, sentence: str) -> bool:
    """Whether a value that is no figure, a day or a name, stands in a sentence."""
    if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", sentence, re.IGNORECASE):
        return True
    own = set(terms(value))
    return bool(own) and own <= set(terms(sentence))
