"""A question → the passages most likely to answer it: meaning and words, fused.

Sentences are compared by meaning (Chroma), passages and articles by words (BM25). Each score is
stretched to 0..1 over the pool (min-max) and added up; the article is a weak prior. Nothing is
filtered inside Chroma: what is no longer live is left out by the catalog.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from index.lineage.reprints import Told
from index.types import Hit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from index.question import Question
    from index.storage.snapshot import Snapshot
    from index.types import StoredPassage, Vector
    from index.vectors import VectorIndex

NUMBER_OF_HITS = 12

# The pool from which the hits are fused: near sentences bring their passages, words bring theirs.
SENTENCES_IN_POOL = 80
PASSAGES_IN_POOL = 40
ARTICLES_IN_POOL = 200
WIDER = 8

# What an article's own scores add to those of its passages.
ARTICLE_WEIGHT = 0.3


class _Scored(NamedTuple):
    """A passage of the pool; only the best are loaded."""

    key: int
    article: int
    score: float
    words: float
    meaning: float
    article_words: float
    article_meaning: float


def retrieve_hits(  # noqa: PLR0913 (each by its name)
    question: Question,
    *,
    snapshot: Snapshot,
    vectors: VectorIndex,
    number_of_hits: int = NUMBER_OF_HITS,
    leave_out: Container[int] = (),
    with_copies: bool = False,
) -> tuple[Hit, ...]:
    """The passages for ``question``, best first; fewer when there are not as many.

    ``leave_out`` holds the keys of articles that are to be treated as not there. Of articles that
    are copies of one story a passage comes once, unless they are asked for ``with_copies``.
    """
    # What is left out must not leave the pool smaller than it would be without.
    wider = WIDER if leave_out else 1
    near = vectors.nearest(question.vector, SENTENCES_IN_POOL * wider, snapshot=snapshot)
    places = snapshot.find_sentences([name for name, _ in near])
    by_meaning = [places[name][0] for name, _ in near if name in places]
    by_words = dict(snapshot.search_passages(question.terms, PASSAGES_IN_POOL * wider))
    pool = sorted({*by_meaning, *by_words})
    compared = {each[0]: each for each in snapshot.compare_passages(pool, question.vector)}
    there = {key for key, (_, article, _) in compared.items() if article not in leave_out}
    wanted = {*[key for key in by_meaning if key in there][:SENTENCES_IN_POOL]}
    wanted |= {*[key for key in by_words if key in there][:PASSAGES_IN_POOL]}
    kept = [compared[key] for key in sorted(wanted)]
    scored = sorted(_score(question, kept, by_words, snapshot), key=lambda s: (-s.score, s.key))
    told = None if with_copies else Told(snapshot, sorted({each.article for each in scored}))
    return tuple(itertools.islice(_load(scored, number_of_hits, told, snapshot), number_of_hits))


def _score(
    question: Question,
    compared: Sequence[tuple[int, int, float]],
    by_words: Mapping[int, float],
    snapshot: Snapshot,
) -> Iterator[_Scored]:
    article_words = dict(snapshot.search_articles(question.terms, ARTICLES_IN_POOL))
    article_vectors = snapshot.article_vectors(sorted({article for _, article, _ in compared}))
    meaning = [cosine for _, _, cosine in compared]
    words = [by_words.get(key, 0.0) for key, _, _ in compared]
    around = [article_words.get(article, 0.0) for _, article, _ in compared]
    gist = [float(article_vectors[article] @ question.vector) for _, article, _ in compared]
    fused = _stretch(meaning) + _stretch(words)
    fused += ARTICLE_WEIGHT * (_stretch(around) + _stretch(gist))
    keys = [key for key, _, _ in compared]
    articles = [article for _, article, _ in compared]
    rows = zip(keys, articles, fused.tolist(), words, meaning, around, gist, strict=True)
    return itertools.starmap(_Scored, rows)


def _load(
    scored: Sequence[_Scored], at_once: int, told: Told | None, snapshot: Snapshot
) -> Iterator[Hit]:
    """The passages in order, without those that only repeat better ones of their story."""
    for start in range(0, len(scored), max(1, at_once)):
        batch = scored[start : start + at_once]
        passages = snapshot.load_passages([each.key for each in batch])
        for each in batch:
            if told is None or not told.tells_nothing_new(passages[each.key]):
                yield _hit(each, passages[each.key])


def _hit(scored: _Scored, passage: StoredPassage) -> Hit:
    return Hit(
        passage=passage,
        score=scored.score,
        words=scored.words,
        meaning=scored.meaning,
        article_words=scored.article_words,
        article_meaning=scored.article_meaning,
    )


def _stretch(scores: Iterable[float]) -> Vector:
    """Scores as 0..1 over the pool; where all are equal, 1 for those that are any good."""
    import numpy as np

    values = np.fromiter(scores, np.float32)
    width = float(values.max() - values.min()) if len(values) else 0.0
    if width <= 0:
        return (values > 0).astype(np.float32)
    stretched: Vector = (values - values.min()) / width
    return stretched
