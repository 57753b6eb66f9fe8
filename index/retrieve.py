"""A question → the passages most likely to answer it: meaning and words, fused.

Sentences are compared by meaning (Chroma), passages and articles by words (BM25). Each score is
stretched to 0..1 over the pool (min-max) and added up; the article is a weak prior. Nothing is
filtered inside Chroma: what is no longer live is left out by the catalog.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Hit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from index.question import Question
    from index.snapshot import Snapshot
    from index.types import StoredPassage, Vector
    from index.vectors import VectorIndex

NUMBER_OF_HITS = 12

# The pool from which the hits are fused: near sentences bring their passages, words bring theirs.
SENTENCES_IN_POOL = 80
PASSAGES_IN_POOL = 40
ARTICLES_IN_POOL = 200

# What an article's own scores add to those of its passages.
ARTICLE_WEIGHT = 0.3


def retrieve_hits(
    question: Question,
    *,
    snapshot: Snapshot,
    vectors: VectorIndex,
    number_of_hits: int = NUMBER_OF_HITS,
    leave_out: Container[int] = (),
) -> tuple[Hit, ...]:
    """The passages for ``question``, best first; fewer when there are not as many.

    ``leave_out`` holds the keys of articles that are to be treated as not there.
    """
    near = vectors.nearest(question.vector, SENTENCES_IN_POOL, snapshot=snapshot)
    places = snapshot.find_sentences([name for name, _ in near])
    by_words = dict(snapshot.search_passages(question.terms, PASSAGES_IN_POOL))
    pool = {passage for passage, _ in places.values()} | by_words.keys()
    loaded = snapshot.load_passages(sorted(pool)).values()
    passages = [passage for passage in loaded if passage.article_key not in leave_out]
    return _fuse(question, passages, by_words, snapshot)[:number_of_hits]


def _fuse(
    question: Question,
    passages: list[StoredPassage],
    by_words: dict[int, float],
    snapshot: Snapshot,
) -> tuple[Hit, ...]:
    articles = {passage.article_key for passage in passages}
    article_words = dict(snapshot.search_articles(question.terms, ARTICLES_IN_POOL))
    article_vectors = snapshot.article_vectors(sorted(articles))
    meaning = [float((passage.vectors @ question.vector).max()) for passage in passages]
    words = [by_words.get(passage.key, 0.0) for passage in passages]
    around = [article_words.get(passage.article_key, 0.0) for passage in passages]
    gist = [_cosine(article_vectors.get(p.article_key), question.vector) for p in passages]
    fused = _stretch(meaning) + _stretch(words)
    fused += ARTICLE_WEIGHT * (_stretch(around) + _stretch(gist))
    hits = (
        Hit(passage=p, score=float(f), meaning=m, words=w, article_words=a, article_meaning=g)
        for p, f, m, w, a, g in zip(passages, fused, meaning, words, around, gist, strict=True)
    )
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.key)))


def _cosine(article: Vector | None, question: Vector) -> float:
    return 0.0 if article is None else float(article @ question)


def _stretch(scores: Iterable[float]) -> Vector:
    """Scores as 0..1 over the pool; where all are equal, 1 for those that are any good."""
    import numpy as np

    values = np.fromiter(scores, np.float32)
    width = float(values.max() - values.min()) if len(values) else 0.0
    if width <= 0:
        return (values > 0).astype(np.float32)
    stretched: Vector = (values - values.min()) / width
    return stretched
