"""How well the reader finds answers in a passage, knows that there is none, and how fast.

Reads a SQuAD-like set that the reader was never trained on, each question with its own paragraph:

- answerable questions: is the best span a gold answer (EM), and how many words do they share (F1)?
- AUROC of "this passage answers" against the set's own unanswerable questions, against the same
  questions with another paragraph of their topic, and with a paragraph of another topic;
- of passages said to answer with a probability of 0.7 to 0.8, how many do?
- milliseconds for eight passages as the product cuts them, and memory.

    python benchmarks/reading.py --data ../shared/reader-data/squad_v2_dev_b_derived.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import string
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from answering import area_under_curve

from index.embed import MiniLM
from index.pinpoint import Reader, Reading
from index.split import WORDS_PER_PASSAGE

DATA = Path("../shared/reader-data/squad_v2_dev_b_derived.jsonl.gz")
PASSAGES, TIMED = 8, 31
BINS = 10

Point = tuple[float, float]
"""A probability that was told, and the share that it was so of."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that was read with a passage, and its gold answers: none where there is none."""

    row: dict[str, Any]
    passage: str
    reading: Reading

    @property
    def span(self) -> tuple[int, int]:
        """The best span, empty where the passage has no words."""
        return next(((span.start, span.end) for span in self.reading.spans), (0, 0))


def normal(text: str) -> list[str]:
    """Return the words of a text as SQuAD compares them: no case, marks or articles."""
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def measure_f1(text: str, gold: str) -> float:
    """Return the F1 of the words of an answer and a gold one."""
    words, golds = normal(text), normal(gold)
    common = (Counter(words) & Counter(golds)).total()
    return 2 * common / (len(words) + len(golds)) if common else float(words == golds)


def read_pairs(reader: Reader, pairs: list[tuple[dict[str, Any], str]]) -> list[Asked]:
    """Read each question with its passage."""
    readings = (reader.read_passages(row["question"], [passage])[0] for row, passage in pairs)
    return [
        Asked(row=row, passage=passage, reading=reading)
        for (row, passage), reading in zip(pairs, readings, strict=True)
        if reading
    ]


def list_others(
    rows: list[dict[str, Any]], *, same_topic: bool
) -> list[tuple[dict[str, Any], str]]:
    """Pair each question with a paragraph that does not hold its answer."""
    passages = list({row["context"]: row.get("title") for row in rows}.items())
    pairs = []
    for number, row in enumerate(rows):
        texts = [text for text, title in passages if (title == row.get("title")) == same_topic]
        answers = [answer["text"].lower() for answer in row["answers"]]
        wrong = [t for t in texts if not any(answer in t.lower() for answer in answers)]
        if wrong:
            pairs.append((row, wrong[number * 7919 % len(wrong)]))
    return pairs


def report_spans(right: list[Asked]) -> None:
    """Print EM and F1, and how often the best span touches a gold one at all."""
    exact, f1, touched = [], [], []
    for asked in right:
        start, end = asked.span
        text = asked.passage[start:end]
        golds = asked.row["answers"]
        exact.append(any(normal(text) == normal(gold["text"]) for gold in golds))
        f1.append(max(measure_f1(text, gold["text"]) for gold in golds))
        touched.append(any(start < g["start"] + len(g["text"]) and g["start"] < end for g in golds))
    print(
        f"gold paragraph, {len(right):,} answerable questions: EM {np.mean(exact):.1%},"
        f" F1 {np.mean(f1):.1%}, best span touches a gold one {np.mean(touched):.1%}"
    )


def report_answerable(name: str, right: list[Asked], wrong: list[Asked]) -> None:
    """Print AUROC, and what is wrongly refused where 95 % of the others are refused."""
    if not wrong:
        return
    scores, others = ([asked.reading.score for asked in each] for each in (right, wrong))
    limit = float(np.quantile(others, 0.95))
    refused = float(np.mean(np.array(scores) < limit))
    print(
        f"{name}: {len(wrong):,} questions; AUROC {area_under_curve(scores, others):.4f}; wrong"
        f" refusals at 95 % rejection {refused:.2%}"
    )


def report_reliability(name: str, asked: list[Asked], gold: list[bool]) -> list[Point]:
    """Print how often passages answer, by the probability that was told, and the mean gap."""
    told, held = np.array([one.reading.answerable for one in asked]), np.array(gold)
    bins = np.minimum((told * BINS).astype(int), BINS - 1)
    print(f"{name}: told | answers | pairs")
    gap = 0.0
    points = []
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            mean, share = told[inside].mean(), held[inside].mean()
            gap += abs(mean - share) * inside.mean()
            points.append((float(mean), float(share)))
            print(f"  {mean:.2f} | {share:.2f} | {inside.sum():,}")
    print(f"  mean gap (expected calibration error) {gap:.3f}")
    return points


def plot_reliability(curves: dict[str, list[Point]], path: Path) -> None:
    """Draw what was told against what was so; needs matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4.2), layout="constrained")
    axes = figure.add_subplot(xlabel="probability told", ylabel="share that answers", aspect=1)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, points in curves.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def cut_passages(rows: list[dict[str, Any]]) -> list[str]:
    """Return passages as long as the product's, made of the set's paragraphs."""
    words = " ".join(dict.fromkeys(row["context"] for row in rows)).split()
    starts = range(0, len(words) - WORDS_PER_PASSAGE + 1, WORDS_PER_PASSAGE)
    return [" ".join(words[start : start + WORDS_PER_PASSAGE]) for start in starts]


def report_speed(reader: Reader, rows: list[dict[str, Any]]) -> None:
    """Print how long eight passages take, one question after the other."""
    passages = cut_passages(rows)
    taken = []
    for number in range(TIMED):
        at = number * PASSAGES % max(1, len(passages) - PASSAGES)
        question = rows[number * 97 % len(rows)]["question"]
        began, processor = time.perf_counter(), time.process_time()
        reader.read_passages(question, passages[at : at + PASSAGES])
        taken.append((time.perf_counter() - began, time.process_time() - processor))
    wall, processor = np.median(np.array(taken), axis=0) * 1000
    print(
        f"{PASSAGES} passages of {WORDS_PER_PASSAGE} words: median {wall:.0f} ms, processor time"
        f" {processor:.0f} ms"
    )


def peak_memory() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Read the set, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--every", type=int, default=1, help="only every so many-th question")
    parser.add_argument("--threads", type=int, help="passages read side by side")
    parser.add_argument("--plot", type=Path, help="draw the reliability to this file (.svg)")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"{options.data} is not here: name a SQuAD-like .jsonl.gz with --data")
        return
    embedder = MiniLM()
    embedder.embed_question("What do the articles say?")
    before = peak_memory()
    reader = Reader(threads=options.threads)
    reader.read_passages("What do the articles say?", ["They say little. " * 60] * PASSAGES)
    print(f"peak memory with the embedder {before:.0f} MB, with both {peak_memory():.0f} MB")
    del embedder
    with gzip.open(options.data, "rt", encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    report_speed(reader, every)
    rows = every[:: options.every]
    answerable = [row for row in rows if row["answers"]]
    right = read_pairs(reader, [(row, row["context"]) for row in answerable])
    report_spans(right)
    wrong = read_pairs(reader, [(row, row["context"]) for row in rows if not row["answers"]])
    report_answerable("written to look answerable", right, wrong)
    elsewhere = []
    for name, same_topic in (("own topic, other paragraph", True), ("other topic", False)):
        read = read_pairs(reader, list_others(answerable, same_topic=same_topic))
        report_answerable(name, right, read)
        elsewhere += read
    curves = {}
    for name, others in (
        ("own paragraph", wrong),
        ("one of three passages is the right one", elsewhere),
    ):
        gold = [True] * len(right) + [False] * len(others)
        curves[name] = report_reliability(f"reliability, {name}", right + others, gold)
    if options.plot:
        plot_reliability(curves, options.plot)


if __name__ == "__main__":
    main()
