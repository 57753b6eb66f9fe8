"""What the reader found in the best passages, weighed together with the ranker's scores.

The ranker orders all sentences by what is counted and compared; the reader reads the few passages
that it puts first. The weights of both together are a readable file, ``models/reranker.json``,
written by ``scripts/train_reranker.py``, with three logistic models as ``ranker.json`` has them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.embed import MODELS
from index.language.values import find_values
from index.rank import Weights, read_weights, sigmoid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.pinpoint import Reader, Reading
    from index.selecting.rows import Row
    from index.types import Hit, Matrix, Vector

# Passages that are read, those with the best sentences first.
PASSAGES = 8

# What is marked as the answer must be this likely, and so likely must it be that the answer touches
# it: a wrong mark is worse than none.
SURE_OF_PASSAGE, SURE_OF_PLACE = 0.5, 0.6

SECONDS = 1.5
"""For which the passages of one question are read, unless whoever asks says otherwise."""

# What is weighed of a sentence: the ranker's score; the logarithms of how likely the answer lies in
# it if it lies in its passage, and of its best span; what the reader says of the passage; and the
# two together. A sentence of a passage that was not read has zeros.
SENTENCE = ("score", "share", "span", "passage", "share and passage", "best passage", "is read")
# What is weighed of all: the ranker's logit, the reader's scores of passages and of spans, best
# first, and how far the best sentence stands out.
ANSWERABLE = (
    "ranker",
    "first passage",
    "best passage",
    "second passage",
    "third passage",
    "mean passage",
    "first share",
    "first span",
    "score",
    "ahead of second",
    "ranker and best passage",
)
# The smallest share that is told from none.
_LEAST = 1e-3
_NOT_READ = -8.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reranker(Weights):
    """The weights of both together, in the order of the names above."""

    def answerable_probability(self, described: Matrix, scores: Vector, ranker: float) -> float:
        """The calibrated probability that the articles answer, 0..1.

        ``ranker`` is what the ranker says it is.
        """
        seen = describe_best(described, scores, ranker)
        return self.weigh(seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What is thought of a question's sentences: a score and a probability each, and of them all.

    ``marks`` are where the reader sees the answer in a sentence, offsets into its article, or None.
    """

    scores: Vector
    relevance: Vector
    probability: float
    threshold: float
    marks: tuple[tuple[int, int] | None, ...]


class CloseReader:
    """Reads the passages that the ranker puts first, and weighs both.

    Args:
        reader: finds answers in passages.
        reranker: the weights.
    """

    def __init__(self, reader: Reader, reranker: Reranker) -> None:
        self._reader = reader
        self._reranker = reranker

    def judge(
        self,
        question: str,
        hits: Sequence[Hit],
        rows: Sequence[Row],
        judged: Judgement,
        *,
        until: float | None = None,
    ) -> Judgement:
        """What is thought of ``rows`` once the best passages are read; ``judged`` is the ranker's.

        Passages are read until ``time.monotonic()`` is ``until``; what is not reached stays as the
        ranker has it.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        chosen = choose_passages(rows, judged.scores)
        texts = [hits[number].passage.text for number in chosen]
        seconds = None if until is None else until - time.monotonic()
        found = self._reader.read_passages(question, texts, seconds=seconds)
        readings = {number: each for number, each in zip(chosen, found, strict=True) if each}
        if not readings:
            return judged
        described = describe_rows(rows, hits, judged.scores, readings)
        scores = self._reranker.score(described)
        probability = self._reranker.answerable_probability(described, scores, judged.probability)
        return Judgement(
            scores=scores,
            relevance=self._reranker.relevance_probabilities(scores, probability),
            probability=probability,
            threshold=self._reranker.threshold,
            marks=tuple(_find_mark(row, hits, readings) for row in rows),
        )


def _find_mark(
    row: Row, hits: Sequence[Hit], readings: Mapping[int, Reading]
) -> tuple[int, int] | None:
    """The reader's best span within a sentence, where it is sure enough to be shown."""
    reading = readings.get(row.hit)
    if reading is None or reading.answerable < SURE_OF_PASSAGE:
        return None
    begin = hits[row.hit].passage.start
    span = reading.find_within(row.sentence.start - begin, row.sentence.end - begin)
    if span is None or reading.share_touching(span) < SURE_OF_PLACE:
        return None
    start, end = row.sentence.start, row.sentence.end
    first, last = _whole_name(row.words.text, begin + span.start - start, begin + span.end - start)
    return start + first, min(start + last, end)


def _whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """The name of which the reader sees a part, often a surname; else the place as it is."""
    names = (value for value in find_values(text) if value.kind == "name")
    around = (name for name in names if name.start <= start and end <= name.end)
    return next(((name.start, name.end) for name in around), (start, end))


def choose_passages(rows: Sequence[Row], scores: Vector) -> list[int]:
    """The hits whose passages are to be read: those with the best sentences, best first."""
    best: dict[int, float] = {}
    for row, score in zip(rows, scores.tolist(), strict=True):
        best[row.hit] = max(score, best.get(row.hit, score))
    return sorted(best, key=lambda hit: -best[hit])[:PASSAGES]


def describe_rows(
    rows: Sequence[Row], hits: Sequence[Hit], scores: Vector, readings: Mapping[int, Reading]
) -> Matrix:
    """What is weighed of each row, shape ``(rows, len(SENTENCE))``.

    ``scores`` are the ranker's, ``readings`` what was found in the passages of hits, by their
    place among the hits.
    """
    import numpy as np

    best = max((reading.score for reading in readings.values()), default=0.0)
    described = np.zeros((len(rows), len(SENTENCE)), np.float32)
    described[:, 0] = scores
    for number, row in enumerate(rows):
        reading = readings.get(row.hit)
        if reading is None:
            continue
        begin = hits[row.hit].passage.start
        place = row.sentence.start - begin, row.sentence.end - begin
        span = reading.find_within(*place)
        share = np.log(max(reading.share_within(*place), _LEAST) / _LEAST)
        single = np.log(max(span.share if span else 0.0, _LEAST) / _LEAST)
        passage = reading.score
        described[number, 1:] = (
            share,
            single,
            passage,
            share * sigmoid(passage),
            passage - best,
            1.0,
        )
    return described


def describe_best(described: Matrix, scores: Vector, ranker: float) -> Vector:
    """What is weighed of a question, in the order of ``ANSWERABLE``."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    first = described[order[0]]
    was_read = described[:, 6] > 0
    passages = np.unique(described[was_read, 3])[::-1]
    best = np.full(3, _NOT_READ, np.float32)
    best[: len(passages[:3])] = passages[:3]
    odds = min(max(ranker, 1e-6), 1 - 1e-6)
    logit = float(np.log(odds / (1 - odds)))
    ahead = float(scores[order[0]] - scores[order[:2]][-1])
    mean = float(passages.mean()) if len(passages) else _NOT_READ
    return np.array(
        [
            logit,
            first[3] if first[6] else _NOT_READ,
            *best,
            mean,
            first[1],
            first[2],
            scores[order[0]],
            ahead,
            logit * sigmoid(float(best[0])),
        ],
        np.float32,
    )


def load_reranker(folder: Path = MODELS) -> Reranker:
    """Read the weights.

    Raises:
        EmbedderError: the file is missing or does not fit what is weighed.
    """
    return read_weights(Reranker, folder / "reranker.json", SENTENCE, ANSWERABLE)
