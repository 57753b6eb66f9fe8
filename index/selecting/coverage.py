"""How much of a question's words a sentence, its surroundings and its passage hold.

Words count by their weight in the question. A word may stand there itself ("same") or one of like
meaning ("like").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.selecting.rows import read_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.word_vectors import WordVectors
    from index.question import Question
    from index.selecting.rows import Row
    from index.types import Hit, Matrix, Vector

    Columns = dict[str, NDArray[np.float32]]

# Words this close mean nearly the same, words less close than that nothing to each other; a like
# word is never worth as much as the word itself.
SAME_MEANING, NO_RELATION, LIKE_WORD = 0.9, 0.3, 0.9


def same_terms(question: Question, rows: Sequence[Row]) -> Matrix:
    """1 where the row's sentence has the question's term, shape ``(rows, terms)``."""
    import numpy as np

    asked = question.terms
    found = [[term in row.words.distinct for term in asked] for row in rows]
    return np.array(found, np.float32).reshape(len(rows), len(asked))


def like_terms(question: Question, rows: Sequence[Row], word_vectors: WordVectors) -> Matrix:
    """How near the row's nearest word comes to the question's term, 0..1."""
    import numpy as np

    lengths = [len(row.words.words) for row in rows]
    words = [word for row in rows for word in row.words.words]
    near = np.zeros((len(rows), len(question.terms)), np.float32)
    if words and question.terms:
        # Each distinct word is compared once.
        column = {word: number for number, word in enumerate(dict.fromkeys(words))}
        cosines = word_vectors.look_up(list(column)) @ question.term_vectors.T
        filled = np.flatnonzero(lengths)
        starts = np.concatenate([[0], np.cumsum(lengths)])[filled]
        in_order = cosines[[column[word] for word in words]]
        near[filled] = np.maximum.reduceat(in_order, starts, axis=0)
    stretched = (near - NO_RELATION) / (SAME_MEANING - NO_RELATION)
    scaled: Matrix = np.clip(stretched, 0, 1) * LIKE_WORD
    return scaled


def title_terms(question: Question, hits: Sequence[Hit], titles: Mapping[int, str]) -> Matrix:
    """1 where the title of the hit's article has the question's term."""
    import numpy as np

    known = [read_sentence(titles[hit.passage.article_key]).distinct for hit in hits]
    found = [[term in title for term in question.terms] for title in known]
    return np.array(found, np.float32).reshape(len(hits), len(question.terms))


def measure_coverage(
    name: str, question: Question, found: Matrix, titled: Matrix, place: NDArray[np.int_]
) -> Columns:
    """How much of the question's weight the sentence, its surroundings and its passage hold."""
    import numpy as np

    before, after = neighbours(found, place)
    with_before = np.maximum(found, before)
    around = np.maximum(with_before, after)
    begins = np.diff(place, prepend=-1) > 0
    by_passage = np.maximum.reduceat(found, np.flatnonzero(begins), axis=0)
    passage = by_passage[np.cumsum(begins) - 1]
    whole = np.maximum(np.maximum(passage, around), titled)
    anywhere = np.maximum(found.max(axis=0, initial=0), titled.max(axis=0, initial=0))
    share = _shares(question.weights)
    heaviest = share / max(float(share.max(initial=0)), 1e-6)
    names = _shares(question.weights * np.array(question.names, np.float32))
    figures = np.array([term[:1].isdigit() for term in question.terms], np.float32)
    covered, covered_before = found @ share, with_before @ share
    return {
        name: covered,
        f"{name}_squared": covered**2,
        f"{name}_to_best": covered - covered.max(initial=0),
        f"{name}_before": covered_before - covered,
        f"{name}_around": around @ share - covered_before,
        f"{name}_passage": passage @ share,
        f"{name}_whole": whole @ share,
        f"{name}_mean": found.mean(axis=1) if found.shape[1] else covered,
        f"{name}_names": found @ names if names.any() else np.ones_like(covered),
        f"{name}_names_whole": whole @ names if names.any() else np.ones_like(covered),
        f"{name}_missing": ((1 - found) * heaviest).max(axis=1, initial=0),
        f"{name}_missing_around": ((1 - around) * heaviest).max(axis=1, initial=0),
        f"{name}_missing_whole": ((1 - whole) * heaviest).max(axis=1, initial=0),
        f"{name}_anywhere": np.full_like(covered, anywhere @ share),
        f"{name}_names_anywhere": np.full_like(covered, anywhere @ names if names.any() else 1.0),
        f"{name}_missing_anywhere": np.full_like(
            covered, ((1 - anywhere) * heaviest).max(initial=0)
        ),
        f"{name}_missing_name": np.full_like(
            covered, ((1 - anywhere) * (names > 0)).max(initial=0)
        ),
        f"{name}_least_whole": whole.min(axis=1, initial=1),
        f"{name}_figures": (1 - (1 - around) * figures).min(axis=1, initial=1),
        f"{name}_figures_whole": (1 - (1 - whole) * figures).min(axis=1, initial=1),
    }


def neighbours(found: Matrix, place: NDArray[np.int_]) -> tuple[Matrix, Matrix]:
    """What stands in the row before and the row after, 0 at the ends of a passage."""
    import numpy as np

    before, after = np.zeros_like(found), np.zeros_like(found)
    inside = (place[1:] == place[:-1])[:, None]
    before[1:] = np.where(inside, found[:-1], 0)
    after[:-1] = np.where(inside, found[1:], 0)
    return before, after


def _shares(weights: Vector) -> Vector:
    total = float(weights.sum())
    shares: Vector = weights / total if total > 0 else weights
    return shares


def measure_pairs(question: Question, rows: Sequence[Row]) -> Columns:
    """Neighbouring terms of the question that are neighbours in the sentence, by weight."""
    import numpy as np

    weights = question.weights.tolist()
    asked = {
        pair: first + second
        for pair, first, second in zip(
            zip(question.terms, question.terms[1:], strict=False),
            weights,
            weights[1:],
            strict=False,
        )
    }
    total = sum(asked.values()) or 1.0
    shared = [sum(asked[pair] for pair in asked.keys() & row.words.pairs) for row in rows]
    return {"pairs": np.array(shared, np.float32) / total}
