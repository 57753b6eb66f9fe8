"""How well questions are answered on a set that the ranker was never trained on.

Writes every paragraph of a SQuAD-like set out as articles, indexes them with the product, and asks:

- answerable questions: does the first quote, do the first three, hold a gold answer?
- the same with the gold topic's articles taken out of the index: does it abstain?
- the set's own unanswerable questions, written to look answerable;

each by the ranker alone and with the reader, side by side.

    python benchmarks/answering.py --data ../shared/reader-data/squad_v2_dev_b_derived.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.open import Library, open_library
from index.settings import Settings

DATA = Path("../shared/reader-data/squad_v2_dev_b_derived.jsonl.gz")
WAYS = {"ranker": False, "reader": True}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The articles of a set on disk, by topic, and libraries of the index: one a way to answer."""

    corpus: Path
    libraries: dict[str, Library]
    topics: dict[str, dict[str, str]]

    def update(self) -> None:
        """Bring the index in line with the folder."""
        for _ in next(iter(self.libraries.values())).reindex():
            pass


def write_topics(rows: list[dict[str, Any]], paragraphs: int) -> dict[str, dict[str, str]]:
    """For each title its articles: file name and text, ``paragraphs`` contexts each."""
    contexts: dict[str, dict[str, None]] = {}
    for row in rows:
        contexts.setdefault(row["title"], {})[row["context"]] = None
    topics: dict[str, dict[str, str]] = {}
    for topic, (title, own) in enumerate(contexts.items()):
        texts = list(own)
        groups = [texts[start : start + paragraphs] for start in range(0, len(texts), paragraphs)]
        topics[title] = {
            f"{topic:03d}-{number:03d}.txt": "\n\n".join(group)
            for number, group in enumerate(groups)
        }
    return topics


def write_articles(articles: dict[str, str], corpus: Path) -> None:
    """Write the files of one topic."""
    for name, text in articles.items():
        (corpus / name).write_text(text, encoding="utf-8", newline="")


def holds(texts: list[str], answers: list[dict[str, Any]]) -> bool:
    """Whether any gold answer stands in any of the texts, case aside."""
    return any(answer["text"].lower() in text.lower() for answer in answers for text in texts)


def area_under_curve(right: list[float], wrong: list[float]) -> float:
    """The probability that a right one stands above a wrong one; ties count a half."""
    above = np.searchsorted(np.sort(wrong), right, side="left")
    below = np.searchsorted(np.sort(wrong), right, side="right")
    return float((above + below).sum() / (2 * len(right) * len(wrong)))


def ask_confidences(shelf: Shelf, rows: list[dict[str, Any]]) -> dict[str, list[float]]:
    """How likely each way takes each question to be answered."""
    return {
        way: [library.ask(row["question"]).confidence for row in rows]
        for way, library in shelf.libraries.items()
    }


def ask_all(way: str, library: Library, rows: list[dict[str, Any]]) -> list[float]:
    """Ask what the set answers; print how often the quotes hold it; return the confidences."""
    confidences, first, third, quotes, grounded, times = [], 0, 0, 0, 0, []
    for row in rows:
        started = time.perf_counter()
        answer = library.ask(row["question"])
        times.append(time.perf_counter() - started)
        texts = [quote.text for quote in answer.quotes or answer.nearest]
        confidences.append(answer.confidence)
        grounded += answer.grounded
        quotes += len(answer.quotes)
        first += holds(texts[:1], row["answers"])
        third += holds(texts[:3], row["answers"])
    print(
        f"answerable, {way}: {len(rows):,} questions; a gold answer in the first quote"
        f" {first / len(rows):.1%},"
        f" in the first three {third / len(rows):.1%} (the nearest where it abstained);"
        f" answered {grounded / len(rows):.1%} with {quotes / max(grounded, 1):.1f} quotes;"
        f" median {1000 * float(np.median(times)):.1f} ms"
    )
    return confidences


def ask_without_topic(shelf: Shelf, rows: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Ask each topic's questions while its articles are taken out of the index."""
    confidences: dict[str, list[float]] = {way: [] for way in shelf.libraries}
    for title, articles in shelf.topics.items():
        for name in articles:
            (shelf.corpus / name).unlink()
        shelf.update()
        own = [row for row in rows if row["title"] == title]
        for way, found in ask_confidences(shelf, own).items():
            confidences[way] += found
        write_articles(articles, shelf.corpus)
    shelf.update()
    return confidences


def report_abstention(name: str, right: list[float], wrong: list[float]) -> None:
    """Print AUROC and the wrong abstentions where 95 % of the unanswerable are refused."""
    limit = float(np.quantile(wrong, 0.95))
    refused = float(np.mean(np.array(right) < limit))
    print(
        f"{name}: {len(wrong):,} questions; AUROC {area_under_curve(right, wrong):.4f};"
        f" wrong abstentions at 95 % rejection {refused:.2%} (confidence {limit:.3f})"
    )


def main() -> None:
    """Index the set, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--paragraphs", type=int, default=1, help="paragraphs an article")
    parser.add_argument("--questions", type=int, help="ask only every so many-th question")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"{options.data} is not here: name a SQuAD-like .jsonl.gz with --data")
        return
    with gzip.open(options.data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        settings = Settings(corpus=corpus, folder=Path(folder) / "index")
        topics = write_topics(rows, options.paragraphs)
        shelf = Shelf(
            corpus=corpus,
            libraries={
                way: open_library(replace(settings, reads=reads)) for way, reads in WAYS.items()
            },
            topics=topics,
        )
        for articles in topics.values():
            write_articles(articles, corpus)
        shelf.update()
        rows = rows[:: options.questions or 1]
        answerable = [row for row in rows if not row["is_impossible"]]
        unanswerable = [row for row in rows if row["is_impossible"]]
        right = {way: ask_all(way, library, answerable) for way, library in shelf.libraries.items()}
        wrong = {
            "adversarial": ask_confidences(shelf, unanswerable),
            "topic taken out": ask_without_topic(shelf, answerable),
        }
        for name, of in wrong.items():
            for way, confidences in of.items():
                if confidences:
                    report_abstention(f"{name}, {way}", right[way], confidences)
        for library in shelf.libraries.values():
            library.close()


if __name__ == "__main__":
    main()
