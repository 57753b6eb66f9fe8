"""Train index/models/ranker.json on what ``ask_sets.py`` kept.

    pip install scipy
    python scripts/ask_sets.py --data ../shared/reader-data --keep ../asked
    python scripts/train_ranker.py --data ../shared/reader-data --asked ../asked

The features are measured anew, so a change of features needs no asking. Prints the figures of
every set; those of the held-out one, of which no context was trained on, are the ones to quote.
The same data and versions give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from ask_sets import HOLD_OUT, PLAN, Asked, World
from scipy.optimize import minimize

from index.embed import MODELS
from index.embedding.word_vectors import WordVectors
from index.rank import ANSWERABLE, RELEVANCE, describe_best, describe_sentences
from index.selecting.coherence import measure_coherence
from index.selecting.features import FEATURES, measure_sentences
from index.selecting.rows import list_rows

if TYPE_CHECKING:
    from index.question import Question

KINDS_OF_QUESTION = ("answerable", "topic_gone", "article_gone", "unanswerable")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The features of a question's sentences, and which hold the gold answer or its words."""

    features: np.ndarray
    gold: np.ndarray
    literal: np.ndarray
    question: Question
    coherence: float


Sample = dict[str, list[Measured]]


def measure_world(world: World, words: WordVectors) -> Sample:
    """Measure every question of a world that brought any sentence that can be quoted."""
    return {
        kind: [m for asked in getattr(world, kind) if (m := measure(world, asked, words))]
        for kind in KINDS_OF_QUESTION
    }


def measure(world: World, asked: Asked, words: WordVectors) -> Measured | None:
    """Measure one question, as the product does."""
    hits = world.hits(asked)
    rows = list_rows(hits)
    kept = np.array([row.sentence.kind != "heading" for row in rows], bool)
    if not kept.any():
        return None
    features = measure_sentences(
        asked.question, hits, rows, titles=world.titles, word_vectors=words
    )
    gold, literal = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for number, row in enumerate(rows):
        text = row.words.text
        literal[number] = any(answer.lower() in text.lower() for _, answer in asked.answers)
        if world.paths[hits[row.hit].passage.article_key] == asked.file:
            gold[number] = holds_gold(text, asked)
    return Measured(
        features=features[kept],
        gold=gold[kept],
        literal=literal[kept],
        question=asked.question,
        coherence=measure_coherence(hits),
    )


def holds_gold(text: str, asked: Asked) -> bool:
    """Whether a sentence of the gold article holds a gold answer where it stands."""
    at = asked.context.find(text)
    return at >= 0 and any(
        at <= start and start + len(answer) <= at + len(text) for start, answer in asked.answers
    )


def read_samples(folder: Path) -> dict[tuple[str, str], Sample]:
    """Measure all that was kept, by set and layout."""
    words, samples = WordVectors(), {}
    for name, (layouts, _) in PLAN.items():
        for layout in layouts:
            path = folder / f"{name}-{layout}.pickle"
            worlds = pickle.loads(path.read_bytes())  # noqa: S301 (written by ask_sets.py)
            parts = [measure_world(world, words) for world in worlds]
            samples[name, layout] = {
                kind: [one for part in parts for one in part[kind]] for kind in KINDS_OF_QUESTION
            }
    return samples


# Fitting

# A feature that varies less than this says nothing.
CONSTANT = 1e-6


def fit_order(asked: list[Measured], penalty: float) -> np.ndarray:
    """Weights that make gold sentences likely under a softmax over a question's sentences."""
    asked = [one for one in asked if one.gold.any()]
    features = np.concatenate([one.features for one in asked]).astype(np.float64)
    gold = np.concatenate([one.gold for one in asked])
    starts = np.cumsum([0] + [len(one.gold) for one in asked[:-1]])
    owner = np.repeat(np.arange(len(asked)), [len(one.gold) for one in asked])
    spread = features.std(axis=0) + 1e-6

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = (features / spread) @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        of_all = scores / np.add.reduceat(scores, starts)[owner]
        right = np.add.reduceat(scores * gold, starts)
        of_gold = scores * gold / right[owner]
        value = -np.log(np.add.reduceat(of_all * gold, starts)).mean()
        slope = ((of_all - of_gold) @ (features / spread)) / len(asked)
        return value + penalty * weights @ weights, slope + 2 * penalty * weights

    weights = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x
    return weights / spread


def fit_logistic(
    features: np.ndarray, labels: np.ndarray, weights: np.ndarray, penalty: float
) -> tuple[np.ndarray, float]:
    """Weights and intercept of a logistic regression on standardised features."""
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > CONSTANT, spread, np.inf)
    scaled = np.hstack([(features - centre) / spread, np.ones((len(features), 1))])
    signs, total = 2.0 * labels - 1, weights.sum()

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (scaled @ beta)
        value = (weights * np.logaddexp(0, -margins)).sum() / total
        slope = -(weights * signs / (1 + np.exp(margins))) @ scaled / total
        free = np.append(beta[:-1], 0)
        return value + penalty * free @ free, slope + 2 * penalty * free

    beta = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    raw = beta[:-1] / spread
    return raw, float(beta[-1] - raw @ centre)


def describe(asked: list[Measured], order: np.ndarray) -> np.ndarray:
    """What the answerable model sees of each question."""
    return np.array(
        [describe_best(a.features, a.features @ order, a.question, a.coherence) for a in asked],
        float,
    )


# The threshold refuses this share of the answerable questions that were trained on: below it, more
# is refused that the articles do not say than that they do.
REFUSED = 0.07

# How much each kind of question without an answer counts when the answerable model is fitted.
TOPIC_GONE, ARTICLE_GONE, ADVERSARIAL = 2.0, 0.5, 0.1


def fit(samples: list[Sample]) -> dict[str, Any]:
    """Fit the three models; return what ranker.json holds."""
    answerable = [a for s in samples for a in s["answerable"]]
    order = fit_order(answerable, penalty=1e-4)
    groups = [
        (answerable, 1.0, 1.0),
        ([a for s in samples for a in s["topic_gone"]], 0.0, TOPIC_GONE),
        ([a for s in samples for a in s["article_gone"]], 0.0, ARTICLE_GONE),
        ([a for s in samples for a in s["unanswerable"]], 0.0, ADVERSARIAL),
    ]
    groups = [group for group in groups if group[0]]
    seen = np.concatenate([describe(asked, order) for asked, _, _ in groups])
    labels = np.concatenate([np.full(len(asked), label) for asked, label, _ in groups])
    importance = np.concatenate([np.full(len(asked), weight) for asked, _, weight in groups])
    beta = fit_logistic(seen, labels, importance, penalty=1e-3)
    logits = seen[: len(answerable)] @ beta[0] + beta[1]
    probabilities = 1 / (1 + np.exp(-logits))
    described = np.concatenate(
        [
            describe_sentences((a.features @ order).astype(np.float32), float(p))
            for a, p in zip(answerable, probabilities, strict=True)
        ]
    )
    gold = np.concatenate([a.gold for a in answerable]).astype(float)
    relevance = fit_logistic(described, gold, np.ones(len(gold)), penalty=0.0)
    limit = float(np.quantile(probabilities, REFUSED))
    return {
        "sentence": rounded(FEATURES, order),
        "answerable": {"intercept": round(beta[1], 5)} | rounded(ANSWERABLE, beta[0]),
        "relevance": {"intercept": round(relevance[1], 5)} | rounded(RELEVANCE, relevance[0]),
        "threshold": round(limit, 4),
    }


def rounded(names: tuple[str, ...], values: np.ndarray) -> dict[str, float]:
    """Weights by name, short enough to read."""
    return {name: round(float(value), 5) for name, value in zip(names, values, strict=True)}


# Reporting


def area_under_curve(right: np.ndarray, wrong: np.ndarray) -> float:
    """The probability that a right one stands above a wrong one (AUROC)."""
    ranks = np.concatenate([right, wrong]).argsort().argsort()[: len(right)] + 1
    return float((ranks.sum() - len(right) * (len(right) + 1) / 2) / (len(right) * len(wrong)))


def report_order(name: str, asked: list[Measured], order: np.ndarray) -> None:
    """How often the first and the first three sentences hold the answer."""
    ranks = [np.argsort(-(a.features @ order)) for a in asked]
    for label in ("literal", "gold"):
        hits = [getattr(a, label)[rank] for a, rank in zip(asked, ranks, strict=True)]
        first = np.mean([hit[:1].any() for hit in hits])
        third = np.mean([hit[:3].any() for hit in hits])
        print(f"{name}: {label} answer @1 {first:.1%} @3 {third:.1%} of {len(asked)}")


def report_answerable(
    name: str, right: np.ndarray, wrong: np.ndarray, beta: tuple[np.ndarray, float]
) -> None:
    """AUROC, and what is wrongly refused when 95 % of the unanswerable are refused."""
    scores, wrongs = (1 / (1 + np.exp(-(x @ beta[0] + beta[1]))) for x in (right, wrong))
    limit = float(np.quantile(wrongs, 0.95))
    print(
        f"{name}: AUROC {area_under_curve(scores, wrongs):.4f}, wrong abstentions at 95 % rejection"
        f" {np.mean(scores < limit):.2%} (threshold {limit:.3f})"
    )


def report(samples: dict[tuple[str, str], Sample], weights: dict[str, Any]) -> None:
    """Print the figures of every sample."""
    order = np.array([weights["sentence"][name] for name in FEATURES])
    vector = np.array([weights["answerable"][name] for name in ANSWERABLE])
    beta = (vector, weights["answerable"]["intercept"])
    print(f"threshold {weights['threshold']}")
    for (name, layout), found in samples.items():
        label = f"{'HELD OUT ' if name == HOLD_OUT else ''}{name}, {layout}"
        report_order(label, found["answerable"], order)
        right = describe(found["answerable"], order)
        for what in KINDS_OF_QUESTION[1:]:
            if wrong := found[what]:
                report_answerable(f"{label}, {what}", right, describe(wrong, order), beta)


def main() -> None:
    """Measure, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/reader-data"))
    parser.add_argument("--asked", type=Path, required=True, help="what ask_sets.py kept")
    parser.add_argument("--dry-run", action="store_true", help="do not write the weights")
    options = parser.parse_args()
    samples = read_samples(options.asked)
    weights = fit([s for (name, _), s in samples.items() if name != HOLD_OUT])
    weights["data"] = {
        name: hashlib.sha256((options.data / f"{name}.jsonl.gz").read_bytes()).hexdigest()
        for name in PLAN
        if name != HOLD_OUT
    }
    report(samples, weights)
    if not options.dry_run:
        text = json.dumps(weights, indent=1)
        (MODELS / "ranker.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
