"""Train index/models/ranker.json on question sets, through the product's own pipeline.

Every set is written out as a folder of articles, indexed, and asked; the features that come back,
with the sentences that hold the gold answers, are what the three models are fitted to:

    pip install scipy
    python scripts/train_ranker.py --data ../shared/reader-data --report

Contexts that stand in the held-out set (``--hold-out``) are never trained on. ``--report`` prints
the figures of the held-out set. The same data and versions give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from index.catalog import Catalog
from index.embed import MODELS, MiniLM
from index.features import FEATURES, measure_sentences
from index.question import check_question, read_question
from index.rank import ANSWERABLE, RELEVANCE, describe_best, describe_sentences
from index.reindex import reindex
from index.retrieve import retrieve_hits
from index.rows import list_rows
from index.settings import Settings
from index.vectors import VectorIndex
from index.word_vectors import WordVectors

TRAINED_ON = ("squad_v2_dev_a", "squad_v1_train_du_test")
HOLD_OUT = "squad_v2_dev_b_derived"

# Questions taken from each set, at most; more only costs time.
QUESTIONS = 2_500
# Each set is asked as three kinds of folder: an article a paragraph, articles of six paragraphs,
# about as many as a news article has, and such articles in a folder of one topic each, as a
# person keeps them who tracks a story.
LAYOUTS = ("paragraphs", "articles", "stories")
PARAGRAPHS = {"paragraphs": 1, "articles": 6, "stories": 6}
SEED = 20241122


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came back for one question: features by sentence, and which sentences hold the gold."""

    features: np.ndarray
    gold: np.ndarray
    literal: np.ndarray
    kind: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Questions asked with everything there, with their topic taken out, and unanswerable ones."""

    answerable: list[Asked]
    topic_gone: list[Asked]
    article_gone: list[Asked]
    unanswerable: list[Asked]


def read_set(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write_corpus(rows: list[dict[str, Any]], folder: Path, size: int) -> dict[str, str]:
    """Write the contexts as articles of ``size`` paragraphs; return each context's file name."""
    by_title: dict[str, dict[str, None]] = {}
    for row in rows:
        by_title.setdefault(topic_of(row), {})[row["context"]] = None
    names = {}
    for topic, (title, contexts) in enumerate(by_title.items()):
        paragraphs = list(contexts)
        for start in range(0, len(paragraphs), size):
            name = f"{topic:04d}-{start:04d}.txt"
            group = paragraphs[start : start + size]
            head = [] if size == 1 else [title.replace("_", " ")]
            (folder / name).write_text("\n\n".join(head + group), encoding="utf-8", newline="")
            names |= dict.fromkeys(group, name)
    return names


class Asker:
    """Indexes contexts as articles of ``size`` paragraphs and asks their questions."""

    def __init__(self, rows: list[dict[str, Any]], folder: Path, size: int) -> None:
        corpus = folder / "corpus"
        corpus.mkdir(parents=True)
        self.files = write_corpus(rows, corpus, size)
        settings = Settings(corpus=corpus, folder=folder / "index")
        self.embedder, self.words = MiniLM(), WordVectors()
        for _ in reindex(settings, self.embedder):
            pass
        self.catalog, self.vectors = Catalog(settings.folder), VectorIndex(settings.folder)
        with self.catalog.snapshot() as snapshot:
            keys = range(1, 2 * len(self.files) + 10)
            articles = snapshot.load_articles(keys)
        self.titles = {key: article.title for key, article in articles.items()}
        self.paths = {key: article.path for key, article in articles.items()}

    def close(self) -> None:
        """Let go of the index's files."""
        self.vectors.close()
        self.catalog.close()

    def ask(self, row: dict[str, Any], gone: str = "", weight: float = 1.0) -> Asked | None:
        """Ask one question; ``gone`` is the beginning of the files that are to be left out."""
        with self.catalog.snapshot() as snapshot:
            question = read_question(
                check_question(row["question"]),
                snapshot=snapshot,
                embedder=self.embedder,
                word_vectors=self.words,
            )
            out = {key for key, path in self.paths.items() if gone and path.startswith(gone)}
            hits = retrieve_hits(question, snapshot=snapshot, vectors=self.vectors, leave_out=out)
        if not hits:
            return None
        rows = list_rows(hits)
        features = measure_sentences(
            question, hits, rows, titles=self.titles, word_vectors=self.words
        )
        kept = np.array([r.sentence.kind != "heading" for r in rows])
        gold, literal = self._labels(row, hits, rows)
        return Asked(
            features=features[kept],
            gold=gold[kept],
            literal=literal[kept],
            kind=question.kind,
            weight=weight,
        )

    def _labels(self, row: dict[str, Any], hits: Any, rows: Any) -> tuple[np.ndarray, np.ndarray]:
        """Which rows hold the gold answer in its own context, and which hold its words at all."""
        file, context = self.files.get(row["context"]), row["context"]
        answers = [(a["start"], a["text"]) for a in row.get("answers") or []]
        gold, literal = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        for number, found in enumerate(rows):
            text = found.words.text
            literal[number] = any(answer.lower() in text.lower() for _, answer in answers)
            if self.paths[hits[found.hit].passage.article_key] != file:
                continue
            at = context.find(text)
            gold[number] = at >= 0 and any(
                at <= start and start + len(answer) <= at + len(text) for start, answer in answers
            )
        return gold, literal


def sample(rows: list[dict[str, Any]], layout: str, limit: int) -> Sample:
    """Ask up to ``limit`` questions of a set in one layout."""
    chosen = random.Random(SEED).sample(rows, min(limit, len(rows)))
    found = Sample(answerable=[], topic_gone=[], article_gone=[], unanswerable=[])
    if layout == "stories":
        for title in sorted({topic_of(row) for row in rows}):
            ask_story(title, rows, chosen, found)
        return found
    with tempfile.TemporaryDirectory() as folder:
        asker = Asker(rows, Path(folder), PARAGRAPHS[layout])
        for row in chosen:
            ask_all(asker, row, found)
            if not row["is_impossible"]:
                topic = asker.files[row["context"]][:4]
                found.topic_gone.extend(filter(None, [asker.ask(row, gone=topic)]))
        asker.close()
    return found


def topic_of(row: dict[str, Any]) -> str:
    """What a context is about: the title of the page it was taken from."""
    return str(row.get("title") or row["context"][:40])


def ask_all(asker: Asker, row: dict[str, Any], found: Sample) -> None:
    """Ask with everything there, and with the gold article taken out."""
    if row["is_impossible"]:
        found.unanswerable.extend(filter(None, [asker.ask(row)]))
        return
    found.answerable.extend(filter(None, [asker.ask(row)]))
    gone = asker.files[row["context"]]
    found.article_gone.extend(filter(None, [asker.ask(row, gone=gone)]))


def ask_story(
    title: str, rows: list[dict[str, Any]], chosen: list[dict[str, Any]], found: Sample
) -> None:
    """Ask a folder of one topic its own questions, and as many of other topics."""
    own = [row for row in chosen if topic_of(row) == title]
    others = [row for row in chosen if topic_of(row) != title and not row["is_impossible"]]
    foreign = random.Random(title).sample(others, min(len(own), len(others)))
    with tempfile.TemporaryDirectory() as folder:
        about = [row for row in rows if topic_of(row) == title]
        asker = Asker(about, Path(folder), PARAGRAPHS["stories"])
        for row in own:
            ask_all(asker, row, found)
        found.topic_gone.extend(filter(None, (asker.ask(row) for row in foreign)))
        asker.close()


# Fitting


def fit_order(asked: list[Asked], penalty: float) -> np.ndarray:
    """Weights that make the gold sentences likely under a softmax over each question's sentences."""
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
    spread = np.where(spread > 1e-6, spread, np.inf)
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


def describe(asked: list[Asked], order: np.ndarray) -> np.ndarray:
    """What the answerable model sees of each question."""
    return np.array([describe_best(a.features, a.features @ order, a.kind) for a in asked], float)


# Reporting


def area_under_curve(right: np.ndarray, wrong: np.ndarray) -> float:
    """The probability that a right one stands above a wrong one (AUROC)."""
    ranks = np.concatenate([right, wrong]).argsort().argsort()[: len(right)] + 1
    return float((ranks.sum() - len(right) * (len(right) + 1) / 2) / (len(right) * len(wrong)))


def report_order(name: str, asked: list[Asked], order: np.ndarray) -> None:
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


def main() -> None:
    """Gather, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/reader-data"))
    parser.add_argument("--features", type=Path, help="keep gathered features in this folder")
    parser.add_argument("--report", action="store_true", help="print held-out figures")
    parser.add_argument("--dry-run", action="store_true", help="do not write the weights")
    options = parser.parse_args()
    held_out = read_set(options.data / f"{HOLD_OUT}.jsonl.gz")
    forbidden = {row["context"] for row in held_out}
    samples = {}
    for name in (*TRAINED_ON, *([HOLD_OUT] if options.report else [])):
        rows = read_set(options.data / f"{name}.jsonl.gz")
        if name != HOLD_OUT:
            rows = [row for row in rows if row["context"] not in forbidden]
        for layout in LAYOUTS:
            samples[name, layout] = gather(rows, name, layout, options.features)
    weights = fit([s for (name, _), s in samples.items() if name != HOLD_OUT])
    weights["data"] = {
        name: hashlib.sha256((options.data / f"{name}.jsonl.gz").read_bytes()).hexdigest()
        for name in TRAINED_ON
    }
    report(samples, weights)
    if not options.dry_run:
        text = json.dumps(weights, indent=1)
        (MODELS / "ranker.json").write_text(text + "\n", encoding="utf-8")


def gather(rows: list[dict[str, Any]], name: str, layout: str, kept: Path | None) -> Sample:
    """Sample a set, or take what an earlier run kept."""
    import pickle

    path = kept / f"{name}-{layout}.pickle" if kept else None
    if path and path.exists():
        found: Sample = pickle.loads(path.read_bytes())
        return found
    found = sample(rows, layout, QUESTIONS)
    if path:
        path.write_bytes(pickle.dumps(found))
    return found


# How much each kind of question without an answer counts when the answerable model is fitted.
TOPIC_GONE, ARTICLE_GONE, ADVERSARIAL = 1.0, 0.15, 0.15


def fit(samples: list[Sample]) -> dict[str, Any]:
    """Fit the three models; return what ranker.json holds."""
    answerable = [a for s in samples for a in s.answerable]
    order = fit_order(answerable, penalty=1e-4)
    groups = [
        (answerable, 1.0, 1.0),
        ([a for s in samples for a in s.topic_gone], 0.0, TOPIC_GONE),
        ([a for s in samples for a in s.article_gone], 0.0, ARTICLE_GONE),
        ([a for s in samples for a in s.unanswerable], 0.0, ADVERSARIAL),
    ]
    seen = np.concatenate([describe(asked, order) for asked, _, _ in groups])
    labels = np.concatenate([np.full(len(asked), label) for asked, label, _ in groups])
    importance = np.concatenate([np.full(len(asked), weight) for asked, _, weight in groups])
    beta = fit_logistic(seen, labels, importance, penalty=3e-4)
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
    wrong = seen[labels == 0][: len(groups[1][0])] @ beta[0] + beta[1]
    limit = float(np.quantile(1 / (1 + np.exp(-wrong)), 0.95))
    return {
        "sentence": rounded(FEATURES, order),
        "answerable": {"intercept": round(beta[1], 5)} | rounded(ANSWERABLE, beta[0]),
        "relevance": {"intercept": round(relevance[1], 5)} | rounded(RELEVANCE, relevance[0]),
        "threshold": round(limit, 4),
    }


def rounded(names: tuple[str, ...], values: np.ndarray) -> dict[str, float]:
    """Weights by name, short enough to read."""
    return {name: round(float(value), 5) for name, value in zip(names, values, strict=True)}


def report(samples: dict[tuple[str, str], Sample], weights: dict[str, Any]) -> None:
    """Print the figures of every sample; those of the held-out set are the ones to quote."""
    order = np.array([weights["sentence"][name] for name in FEATURES])
    vector = np.array([weights["answerable"][name] for name in ANSWERABLE])
    beta = (vector, weights["answerable"]["intercept"])
    print(f"threshold {weights['threshold']}")
    for (name, layout), found in samples.items():
        label = f"{'HELD OUT ' if name == HOLD_OUT else ''}{name}, {layout}"
        report_order(label, found.answerable, order)
        right = describe(found.answerable, order)
        for what in ("topic_gone", "article_gone", "unanswerable"):
            if wrong := getattr(found, what):
                report_answerable(f"{label}, {what}", right, describe(wrong, order), beta)


if __name__ == "__main__":
    main()
