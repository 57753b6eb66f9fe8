from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embed import MODELS
from index.errors import EmbedderError
from index.language.asked import read_asked
from index.question import Question
from index.rank import ANSWERABLE, KINDS, RELEVANCE, describe_best, load_ranker, sigmoid
from index.selecting.features import FEATURES

if TYPE_CHECKING:
    from pathlib import Path


def row(**values: float) -> list[float]:
    return [values.get(name, 0.0) for name in FEATURES]


ROWS = np.array(
    [row(same=0.2, cosine=0.1), row(same=1.0, cosine=0.8, like=1.0), row(same=0.5, cosine=0.4)],
    np.float32,
)


def asking(kind: str, *terms: str, names: int = 0) -> Question:
    """A question of which nothing is known but its kind and its terms."""
    return Question(
        text=" ".join(terms),
        terms=terms,
        weights=np.arange(1, len(terms) + 1, dtype=np.float32),
        names=tuple(number < names for number in range(len(terms))),
        kind=kind,
        asked=read_asked("What?"),
        is_about_speech=False,
        vector=np.zeros(4, np.float32),
        term_vectors=np.zeros((len(terms), 4), np.float32),
    )


def test_the_sentence_that_covers_and_means_the_question_scores_best() -> None:
    assert load_ranker().score(ROWS).argmax() == 1


def test_more_likely_sentences_are_the_ones_that_score_higher() -> None:
    ranker = load_ranker()
    scores = ranker.score(ROWS)
    likely = ranker.relevance_probabilities(scores, 0.9)
    assert (np.argsort(likely) == np.argsort(scores)).all()
    assert ((likely > 0) & (likely < 1)).all()


def test_no_sentence_is_likelier_when_the_articles_are_unlikely_to_answer() -> None:
    ranker = load_ranker()
    scores = ranker.score(ROWS)
    sure, unsure = (ranker.relevance_probabilities(scores, p) for p in (0.99, 0.01))
    assert (sure > unsure).all()


def test_a_question_is_described_by_its_best_sentences_and_its_kind() -> None:
    scores = np.array([0.0, 3.0, 1.0], np.float32)
    seen = dict(
        zip(ANSWERABLE, describe_best(ROWS, scores, asking("when"), 0.5).tolist(), strict=True)
    )
    assert seen["best same"] == seen["all same"] == 1.0
    assert (seen["score"], seen["ahead of second"]) == (3.0, 2.0)
    assert not any(seen[f"kind {kind}"] for kind in KINDS)
    assert describe_best(ROWS, scores, asking("date"), 0.5)[ANSWERABLE.index("kind date")] == 1.0


def test_a_question_is_described_by_how_much_it_asks() -> None:
    question = asking("what", "ferry", "harbour", "storm", "Mara", names=1)
    described = describe_best(ROWS, np.zeros(3, np.float32), question, 0.5).tolist()
    seen = dict(zip(ANSWERABLE, described, strict=True))
    assert (seen["terms"], seen["root of terms"]) == (4.0, 2.0)
    assert (seen["weight"], seen["heaviest"], seen["mean weight"]) == (10.0, 4.0, 2.5)
    assert (seen["names"], seen["has names"]) == (1.0, 1.0)
    assert seen["coherence"] == 0.5


def test_one_sentence_is_enough_to_be_described() -> None:
    seen = describe_best(ROWS[:1], np.zeros(1, np.float32), asking("what"), 0)
    assert seen.shape == (len(ANSWERABLE),)
    scores = np.zeros(1, np.float32)
    probability = load_ranker().answerable_probability(ROWS[:1], scores, asking("what"), 0)
    assert 0 <= probability <= 1


def test_a_logit_far_out_is_no_overflow() -> None:
    assert sigmoid(1e6) == pytest.approx(1)
    assert sigmoid(-1e6) == pytest.approx(0)
    assert sigmoid(0) == 0.5


def test_the_weights_are_readable_and_complete() -> None:
    weights = json.loads((MODELS / "ranker.json").read_text())
    assert set(weights["sentence"]) == set(FEATURES)
    assert set(weights["answerable"]) == {*ANSWERABLE, "intercept"}
    assert set(weights["relevance"]) == {*RELEVANCE, "intercept"}
    assert 0 < weights["threshold"] < 1
    assert all(len(digest) == 64 for digest in weights["data"].values())


@pytest.mark.parametrize("content", [None, "{}", "not json", '{"sentence": 3}'])
def test_weights_that_do_not_fit_are_one_line_that_says_what_to_do(
    content: str | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "ranker.json").write_text(content)
    with pytest.raises(EmbedderError, match="reinstall pullquote") as caught:
        load_ranker(tmp_path)
    assert "\n" not in str(caught.value)
