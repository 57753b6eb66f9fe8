"""How often the quotes are what experts marked as the evidence, on news articles.

The set (OneStopQA: Guardian articles at three reading levels, never trained on) marks for every
question the words that answer it. Each level is written out as a folder of whole articles, indexed
with the product and asked, by the ranker alone and with the reader; a quote is right when it
overlaps the marked words where they stand.

    python benchmarks/evidence.py --data ../shared/eval/onestopqa.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.open import open_library
from index.settings import Settings

if TYPE_CHECKING:
    from index.open import Library
    from index.types import Quote

DATA = Path("../shared/eval/onestopqa.jsonl.gz")
FIRST = (1, 3)
WAYS = {"ranker": False, "reader": True}

Row = dict[str, Any]


def write_articles(rows: list[Row], corpus: Path) -> dict[str, tuple[str, int]]:
    """Write an article a title; return where each paragraph stands: file name and offset."""
    by_title: dict[str, dict[str, None]] = {}
    for row in rows:
        by_title.setdefault(row["title"], {})[row["context"]] = None
    places: dict[str, tuple[str, int]] = {}
    for number, (title, paragraphs) in enumerate(by_title.items()):
        name = f"{number:02d}.txt"
        text = "\n\n".join([title, *paragraphs])
        (corpus / name).write_text(text, encoding="utf-8", newline="")
        places |= {paragraph: (name, text.index(paragraph)) for paragraph in paragraphs}
    return places


def overlaps(quote: Quote, row: Row, place: tuple[str, int]) -> bool:
    """Whether a quote has any of the marked words, where they stand or where it is told again."""
    name, offset = place
    found = [(quote.article, quote.start, quote.end)]
    found += [(other.article, other.start, other.end) for other in quote.also]
    return any(
        article == name
        and start < offset + marked["start"] + len(marked["text"])
        and offset + marked["start"] < end
        for article, start, end in found
        for marked in row["answers"]
    )


def ask_level(library: Library, rows: list[Row], places: dict[str, tuple[str, int]]) -> list[int]:
    """How many questions have the evidence in the first quote, in the first three, are refused."""
    hits, refused = [0] * len(FIRST), 0
    for row in rows:
        answer = library.ask(row["question"])
        refused += not answer.grounded
        quotes = answer.quotes or answer.nearest
        for number, first in enumerate(FIRST):
            place = places[row["context"]]
            hits[number] += any(overlaps(quote, row, place) for quote in quotes[:first])
    return [*hits, refused]


def measure_level(rows: list[Row]) -> dict[str, list[int]]:
    """Index the articles of one reading level and ask its questions both ways."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        places = write_articles(rows, corpus)
        counts = {}
        for way, reads in WAYS.items():
            settings = Settings(corpus=corpus, folder=Path(folder) / "index", reads=reads)
            library = open_library(settings)
            for _ in library.reindex():
                pass
            counts[way] = ask_level(library, rows, places)
            library.close()
        return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each reading level and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    if not options.data.exists():
        print(f"{options.data} is not here: name the set with --data")
        return
    with gzip.open(options.data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    levels: dict[str, list[Row]] = {}
    for row in rows:
        levels.setdefault(row["source"], []).append(row)
    counts = {level: measure_level(own) for level, own in levels.items()}
    counts["together"] = {
        way: [sum(column) for column in zip(*(of[way] for of in counts.values()), strict=True)]
        for way in WAYS
    }
    for level, way in product(counts, WAYS):
        asked = len(levels.get(level, rows))
        first, third, refused = counts[level][way]
        print(
            f"{level:<16} {way:<10} {asked:>5,} questions: the evidence in the first quote"
            f" {first / asked:.1%}, in the first three {third / asked:.1%} (the nearest where it"
            f" abstained); abstained {refused / asked:.1%}"
        )


if __name__ == "__main__":
    main()
