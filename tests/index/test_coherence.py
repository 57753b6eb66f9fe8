from __future__ import annotations

import numpy as np
import pytest

from index.selecting.coherence import PASSAGES, measure_coherence
from index.types import Hit, Sentence, StoredPassage

NORTH, EAST, SOUTH = [0.0, 1.0], [1.0, 0.0], [0.0, -1.0]


def hit(*vectors: list[float]) -> Hit:
    """A hit whose sentences have these vectors."""
    passage = StoredPassage(
        key=1,
        article_key=1,
        number=0,
        start=0,
        end=9,
        text="Some text",
        sentences=tuple(Sentence(start=0, end=9, paragraph=1) for _ in vectors),
        vectors=np.array(vectors, np.float32),
    )
    return Hit(passage=passage, score=1, words=1, meaning=1, article_words=1, article_meaning=1)


@pytest.mark.parametrize(
    ("hits", "coherence"),
    [
        ([hit(NORTH), hit(NORTH), hit(NORTH)], 1.0),
        ([hit(NORTH), hit(EAST)], 0.0),
        ([hit(NORTH), hit(SOUTH)], -1.0),
        ([hit(NORTH, EAST), hit(EAST, NORTH)], 1.0),
        ([hit(NORTH), hit(NORTH), hit(EAST)], 1 / 3),
        ([hit(NORTH, SOUTH), hit(NORTH)], 0.0),
        ([hit(NORTH)], 0.0),
        ([], 0.0),
    ],
)
def test_passages_of_one_subject_are_alike(hits: list[Hit], coherence: float) -> None:
    assert measure_coherence(hits) == pytest.approx(coherence, abs=0.01)


def test_only_the_best_passages_count() -> None:
    best = [hit(NORTH)] * PASSAGES
    assert measure_coherence([*best, hit(EAST), hit(SOUTH)]) == pytest.approx(1)
