"""How often the words that are marked in a quote are the answer.

Takes SQuAD-like rows (JSON lines, gzipped or not: question, context, answers with text and start),
hands each answer's own sentence to ``mark_answer``, and prints by kind of question how many were
marked and how many marks touch a gold answer.

    python benchmarks/marking.py squad_v2_dev_a.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.language.values import expected_kind
from index.selecting.mark import mark_answer

SENTENCE = re.compile(
    r"\S.*?(?:(?<![A-Z])(?<!\b[A-Z][a-z])[.!?][\"”)]*(?=\s+[A-Z\"“(\d])|$)", re.DOTALL
)
KINDS = ("quantity", "date", "person", "place")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The answerable rows of a file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["answers"] and not row.get("is_impossible"):
                yield row


def find_sentence(row: dict[str, Any]) -> tuple[int, str]:
    """Where the sentence of the first gold answer starts, and its text."""
    for match in SENTENCE.finditer(row["context"]):
        if match.start() <= row["answers"][0]["start"] < match.end():
            return match.start(), match.group()
    return 0, row["context"]


def is_right(row: dict[str, Any], offset: int, span: tuple[int, int]) -> bool:
    """Whether the mark shares a character with a gold answer."""
    return any(
        gold["start"] < offset + span[1] and offset + span[0] < gold["start"] + len(gold["text"])
        for gold in row["answers"]
    )


def main() -> None:
    """Print one line a kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list the wrong marks")
    arguments = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for row in read_rows(arguments.file):
        kind = expected_kind(row["question"])
        if kind not in KINDS:
            continue
        offset, sentence = find_sentence(row)
        span = mark_answer(row["question"], sentence, kind=kind)
        outcome = "none" if span is None else "right" if is_right(row, offset, span) else "wrong"
        counts[kind, outcome] += 1
        if arguments.wrong and span and outcome == "wrong":
            marked = f"{sentence[: span[0]]}<<{sentence[slice(*span)]}>>{sentence[span[1] :]}"
            print(f"{kind}: {row['question']}\n  {marked}\n  gold: {row['answers'][0]['text']}")
    print_counts(counts)


def print_counts(counts: Counter[tuple[str, str]]) -> None:
    """One line a kind, and one for all."""
    print(f"{'kind':10}{'asked':>7}{'marked':>8}{'right':>7}{'coverage':>10}{'precision':>11}")
    for kind in (*KINDS, "all"):
        kinds = KINDS if kind == "all" else (kind,)
        right, wrong, none = (sum(counts[k, o] for k in kinds) for o in ("right", "wrong", "none"))
        asked, marked = right + wrong + none, right + wrong
        coverage, precision = marked / max(asked, 1), right / max(marked, 1)
        print(f"{kind:10}{asked:7}{marked:8}{right:7}{coverage:10.1%}{precision:11.1%}")


if __name__ == "__main__":
    main()
