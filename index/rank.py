"""Features → how well each sentence answers, and whether any does: three small logistic models.

The weights are a readable file, ``models/ranker.json``, written by ``scripts/train_ranker.py``:

- "sentence" orders the sentences of one question (a softmax over them when trained);
- "answerable" is the probability that the articles answer at all, from the best sentences;
- "relevance" is the probability that one sentence answers, from its score and the former.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from index.embed import MODELS
from index.errors import EmbedderError
from index.selecting.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from index.question import Question
    from index.types import Matrix, Vector

# What it is called, and the languages that it and the word stems know.
RANKER, LANGUAGES = "a linear model over the question's words, meaning and kind", ("English",)

W = TypeVar("W", bound="Weights")

KINDS = ("quantity", "date", "person", "place", "polarity", "why", "how", "what")

# What the answerable model sees: the best sentence, the best of three and of all by feature, how
# far the best stands out, the kind of question, how much it asks (the same likeness means less
# where three common words are asked for than where ten rare ones are), and whether what was found
# is of one subject.
BEST_OF = 3
ANSWERABLE: tuple[str, ...] = (
    *(f"best {name}" for name in FEATURES),
    *(f"three {name}" for name in FEATURES),
    *(f"all {name}" for name in FEATURES),
    "score",
    "ahead of second",
    "ahead of five",
    *(f"kind {kind}" for kind in KINDS),
    "terms",
    "root of terms",
    "weight",
    "heaviest",
    "mean weight",
    "names",
    "has names",
    "coherence",
)
RELEVANCE = ("score to best", "answerable", "score")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """The weights of three logistic models, one array a model; intercepts apart."""

    sentence: Vector = field(repr=False)
    answerable: Vector = field(repr=False)
    answerable_intercept: float
    relevance: Vector = field(repr=False)
    relevance_intercept: float
    threshold: float

    def score(self, features: Matrix) -> Vector:
        """A score a sentence, shape ``(rows,)``: higher answers better, within one question."""
        scores: Vector = features @ self.sentence
        return scores

    def weigh(self, seen: Vector) -> float:
        """The calibrated probability that the articles answer, by what is seen of a question."""
        return sigmoid(float(seen @ self.answerable) + self.answerable_intercept)

    def relevance_probabilities(self, scores: Vector, answerable: float) -> Vector:
        """The probability that each sentence answers, shape ``(rows,)``."""
        import numpy as np

        logits = describe_sentences(scores, answerable) @ self.relevance + self.relevance_intercept
        probabilities: Vector = 1 / (1 + np.exp(-logits))
        return probabilities


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranker(Weights):
    """The ranker's, in the order of the names above."""

    def answerable_probability(
        self, features: Matrix, scores: Vector, question: Question, coherence: float
    ) -> float:
        """The calibrated probability that the articles answer, 0..1."""
        seen = describe_best(features, scores, question, coherence)
        return self.weigh(seen)


def describe_best(features: Matrix, scores: Vector, question: Question, coherence: float) -> Vector:
    """What the answerable model sees of one question, in the order of ``ANSWERABLE``.

    ``coherence`` says how alike the passages are, as ``measure_coherence`` does.
    """
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ahead = [ranked[0], ranked[0] - ranked[:2][-1], ranked[0] - ranked[:5].mean()]
    return np.concatenate(
        [
            features[order[0]],
            features[order[:BEST_OF]].max(axis=0),
            features.max(axis=0),
            ahead,
            [float(question.kind == known) for known in KINDS],
            _describe_question(question),
            [coherence],
        ],
        dtype=np.float32,
    )


def _describe_question(question: Question) -> list[float]:
    """How much is asked: the entries of ``ANSWERABLE`` from "terms" on."""
    number, names = len(question.terms), sum(question.names)
    weight = float(question.weights.sum())
    heaviest = float(question.weights.max(initial=0))
    mean = weight / max(number, 1)
    return [number, number**0.5, weight, heaviest, mean, names, float(names > 0)]


def describe_sentences(scores: Vector, answerable: float) -> Matrix:
    """What the relevance model sees, shape ``(rows, 3)``, in the order of ``RELEVANCE``."""
    import numpy as np

    odds = np.clip(answerable, 1e-6, 1 - 1e-6)
    logit = float(np.log(odds / (1 - odds)))
    columns = [scores - scores.max(initial=-np.inf), np.full_like(scores, logit), scores]
    described: Matrix = np.stack(columns, axis=1)
    return described


def sigmoid(logit: float) -> float:
    """The probability of a logit."""
    from math import exp

    return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))


def load_ranker(folder: Path = MODELS) -> Ranker:
    """Read the weights.

    Raises:
        EmbedderError: the file is missing or does not fit these features.
    """
    return read_weights(Ranker, folder / "ranker.json", FEATURES, ANSWERABLE)


def read_weights(
    kind: type[W], path: Path, sentence: Sequence[str], answerable: Sequence[str]
) -> W:
    """Read weights from a file, in the order of these names.

    Raises:
        EmbedderError: the file is missing or does not fit the names.
    """
    import numpy as np

    try:
        weights: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return kind(
            sentence=np.array([weights["sentence"][name] for name in sentence], np.float32),
            answerable=np.array([weights["answerable"][name] for name in answerable], np.float32),
            answerable_intercept=weights["answerable"]["intercept"],
            relevance=np.array([weights["relevance"][name] for name in RELEVANCE], np.float32),
            relevance_intercept=weights["relevance"]["intercept"],
            threshold=weights["threshold"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(
            f"the {path.stem}'s weights in {path.parent} cannot be used: reinstall pullquote"
            f" ({error!r})"
        ) from error
