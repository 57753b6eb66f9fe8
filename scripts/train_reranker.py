r"""Train index/models/reranker.json on what ``ask_sets.py`` kept and the reader says of it.

    pip install scipy
    python scripts/ask_sets.py --data ../shared/reader-data --keep ../asked-held \
        --contexts ../reader/data/validation.jsonl.gz ../reader/data/calibration.jsonl.gz \
        squad_v2_dev_a:paragraphs squad_v2_dev_a:stories
    python scripts/train_reranker.py --asked ../asked-held

Only questions on contexts that the reader was not trained on tell how far it can be trusted:
``ask_sets.py`` asks no others here. Prints the figures of a second folder, ``--test``, beside those
of the linear ranker, on the same questions.
"""

from __future__ import annotations

import argparse
import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from ask_sets import Asked, World  # noqa: TC002 - what was kept is made of these
from train_ranker import (
    ARTICLE_GONE,
    KINDS_OF_QUESTION,
    TOPIC_GONE,
    area_under_curve,
    fit_logistic,
    fit_order,
    holds_gold,
    rounded,
)

from index.embed import MODELS
from index.embedding.word_vectors import WordVectors
from index.pinpoint import Reader
from index.rank import RELEVANCE, describe_sentences, load_ranker
from index.rank import describe_best as describe_question
from index.rerank import (
    ANSWERABLE,
    SENTENCE,
    choose_passages,
    describe_best,
    describe_rows,
)
from index.selecting.coherence import measure_coherence
from index.selecting.features import measure_sentences
from index.selecting.rows import list_rows

if TYPE_CHECKING:
    from index.rank import Ranker


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A question's sentences as the reranker sees them, with what the ranker says of them."""

    described: np.ndarray
    gold: np.ndarray
    literal: np.ndarray
    ranker: float
    seen: np.ndarray

    @property
    def features(self) -> np.ndarray:
        """What ``fit_order`` fits to."""
        return self.described


class Weigher:
    """Runs the ranker and the reader over what was asked."""

    def __init__(self) -> None:
        self._words = WordVectors()
        self._ranker: Ranker = load_ranker()
        self._reader = Reader()

    def weigh_worlds(self, path: Path) -> dict[str, list[Weighed]]:
        """Weigh every question that was kept in a file, by kind."""
        worlds: list[World] = pickle.loads(path.read_bytes())  # noqa: S301 (of ask_sets.py)
        found: dict[str, list[Weighed]] = {kind: [] for kind in KINDS_OF_QUESTION}
        for world in worlds:
            for kind in KINDS_OF_QUESTION:
                weighed = (self._weigh(world, asked) for asked in getattr(world, kind))
                found[kind] += [one for one in weighed if one]
        return found

    def _weigh(self, world: World, asked: Asked) -> Weighed | None:
        hits = world.hits(asked)
        rows = list_rows(hits)
        kept = [number for number, row in enumerate(rows) if row.sentence.kind != "heading"]
        if not kept:
            return None
        features = measure_sentences(
            asked.question, hits, rows, titles=world.titles, word_vectors=self._words
        )[kept]
        rows = [rows[number] for number in kept]
        scores = self._ranker.score(features)
        coherence = measure_coherence(hits)
        seen = describe_question(features, scores, asked.question, coherence)
        probability = self._ranker.answerable_probability(
            features, scores, asked.question, coherence
        )
        chosen = choose_passages(rows, scores)
        readings = self._reader.read_passages(
            asked.question.text, [hits[number].passage.text for number in chosen]
        )
        read = {number: each for number, each in zip(chosen, readings, strict=True) if each}
        own = [
            world.paths[hits[row.hit].passage.article_key] == asked.file
            and holds_gold(row.words.text, asked)
            for row in rows
        ]
        literal = [
            any(answer.lower() in row.words.text.lower() for _, answer in asked.answers)
            for row in rows
        ]
        return Weighed(
            described=describe_rows(rows, hits, scores, read),
            gold=np.array(own, bool),
            literal=np.array(literal, bool),
            ranker=probability,
            seen=seen,
        )


# What a question that was written to look answerable counts for; more of them makes those worse
# whose article is gone, less makes neither better (tried on parts of the topics, each held out).
ADVERSARIAL = 0.3

# The threshold refuses this share of the answerable questions that were fitted on: silence is
# better than a quote on something else, and so a little more than the ranker refuses by itself.
REFUSED = 0.09


def fit(found: dict[str, list[Weighed]]) -> dict[str, Any]:
    """Fit the three models; return what reranker.json holds."""
    answerable = found["answerable"]
    order = fit_order(answerable, penalty=1e-3)  # type: ignore[arg-type]
    groups = [
        (answerable, 1.0, 1.0),
        (found["topic_gone"], 0.0, TOPIC_GONE),
        (found["article_gone"], 0.0, ARTICLE_GONE),
        (found["unanswerable"], 0.0, ADVERSARIAL),
    ]
    groups = [group for group in groups if group[0]]
    seen = np.concatenate([describe(asked, order) for asked, _, _ in groups])
    labels = np.concatenate([np.full(len(asked), label) for asked, label, _ in groups])
    importance = np.concatenate([np.full(len(asked), weight) for asked, _, weight in groups])
    beta = fit_logistic(seen, labels, importance, penalty=1e-3)
    probabilities = 1 / (1 + np.exp(-(seen[: len(answerable)] @ beta[0] + beta[1])))
    described = np.concatenate(
        [
            describe_sentences((one.described @ order).astype(np.float32), float(p))
            for one, p in zip(answerable, probabilities, strict=True)
        ]
    )
    gold = np.concatenate([one.gold for one in answerable]).astype(float)
    relevance = fit_logistic(described, gold, np.ones(len(gold)), penalty=0.0)
    return {
        "sentence": rounded(SENTENCE, order),
        "answerable": {"intercept": round(beta[1], 5)} | rounded(ANSWERABLE, beta[0]),
        "relevance": {"intercept": round(relevance[1], 5)} | rounded(RELEVANCE, relevance[0]),
        "threshold": round(float(np.quantile(probabilities, REFUSED)), 4),
    }


def describe(asked: list[Weighed], order: np.ndarray) -> np.ndarray:
    """What the answerable model sees of each question."""
    return np.array(
        [describe_best(one.described, one.described @ order, one.ranker) for one in asked], float
    )


# Reporting


def report(name: str, found: dict[str, list[Weighed]], weights: dict[str, Any]) -> None:
    """Print order and abstention, the ranker's first and then the reranker's."""
    order = np.array([weights["sentence"][name] for name in SENTENCE])
    beta = np.array([weights["answerable"][name] for name in ANSWERABLE])
    intercept = weights["answerable"]["intercept"]
    alone = np.eye(len(SENTENCE))[0]
    for label, scores in (("ranker", alone), ("with the reader", order)):
        ranks = [np.argsort(-(one.described @ scores)) for one in found["answerable"]]
        for kind in ("literal", "gold"):
            hits = [
                getattr(one, kind)[rank]
                for one, rank in zip(found["answerable"], ranks, strict=True)
            ]
            first, third = (np.mean([hit[:n].any() for hit in hits]) for n in (1, 3))
            print(f"{name}, {label}: {kind} answer @1 {first:.1%} @3 {third:.1%} of {len(hits)}")
    right = describe(found["answerable"], order) @ beta + intercept
    plain = np.array([one.ranker for one in found["answerable"]])
    for kind in KINDS_OF_QUESTION[1:]:
        if not found[kind]:
            continue
        wrong = describe(found[kind], order) @ beta + intercept
        others = np.array([one.ranker for one in found[kind]])
        for label, a, b in (("ranker", plain, others), ("with the reader", right, wrong)):
            limit = float(np.quantile(b, 0.95))
            print(
                f"{name}, {kind}, {label}: AUROC {area_under_curve(a, b):.4f}, wrong abstentions"
                f" at 95 % rejection {np.mean(a < limit):.2%}"
            )


def merge(parts: list[dict[str, list[Weighed]]]) -> dict[str, list[Weighed]]:
    """All that was weighed, by kind."""
    return {kind: [one for part in parts for one in part[kind]] for kind in KINDS_OF_QUESTION}


def weigh_folder(weigher: Weigher, folder: Path) -> dict[str, dict[str, list[Weighed]]]:
    """Weigh each file of a folder, by name."""
    return {path.stem: weigher.weigh_worlds(path) for path in sorted(folder.glob("*.pickle"))}


def main() -> None:
    """Weigh, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--asked", type=Path, required=True, help="what ask_sets.py kept")
    parser.add_argument("--test", type=Path, help="what it kept of a set to report on")
    parser.add_argument("--dry-run", action="store_true", help="do not write the weights")
    options = parser.parse_args()
    weigher = Weigher()
    asked = weigh_folder(weigher, options.asked)
    weights = fit(merge(list(asked.values())))
    tests = weigh_folder(weigher, options.test) if options.test else {}
    for name, found in (
        asked | {f"HELD OUT {name}": found for name, found in tests.items()}
    ).items():
        report(name, found, weights)
    print(json.dumps(weights))
    if not options.dry_run:
        text = json.dumps(weights, indent=1)
        (MODELS / "reranker.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
