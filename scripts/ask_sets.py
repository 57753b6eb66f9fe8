"""Ask question sets through the product's own pipeline and keep what was retrieved.

Every set is written out as folders of articles, indexed, and asked, with everything there and with
the answer taken out. ``train_ranker.py`` fits its models to what comes back; it is kept in a
folder, as asking takes far longer than fitting:

    python scripts/ask_sets.py --data ../shared/reader-data --keep ../asked
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalog import Catalog
from index.embed import MiniLM
from index.embedding.word_vectors import WordVectors
from index.language.words import terms
from index.question import Question, check_question, read_question
from index.reindex import reindex
from index.retrieve import retrieve_hits
from index.settings import Settings
from index.storage.snapshot import Snapshot
from index.types import Hit, StoredPassage
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

HOLD_OUT = "squad_v2_dev_b_derived"

# The sets, in which layouts, and how many questions of each at most; more only costs time.
PLAN = {
    "squad_v2_dev_a": (("paragraphs", "stories"), 2_500),
    "squad_v1_train_du_test": (("stories",), 1_500),
    HOLD_OUT: (("paragraphs", "stories"), 1_500),
}
# A set is asked as two kinds of folder: an article a paragraph, and for each topic a folder of
# articles of six paragraphs, as a person keeps them who tracks a story.
PARAGRAPHS = {"paragraphs": 1, "stories": 6}
SEED = 20241122


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question and its hits: (passage key, score, words, meaning, and the article's two)."""

    question: Question
    hits: tuple[tuple[int, float, float, float, float, float], ...]
    file: str
    context: str
    answers: tuple[tuple[int, str], ...]


@dataclass(kw_only=True)
class World:
    """One folder of articles: its passages, and what was asked of it.

    ``topic_gone`` and ``article_gone`` are answerable questions whose answer was taken out.
    """

    passages: dict[int, StoredPassage] = field(default_factory=dict)
    paths: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    answerable: list[Asked] = field(default_factory=list)
    topic_gone: list[Asked] = field(default_factory=list)
    article_gone: list[Asked] = field(default_factory=list)
    unanswerable: list[Asked] = field(default_factory=list)

    def hits(self, asked: Asked) -> list[Hit]:
        """The hits of a question, as retrieval returned them."""
        return [
            Hit(
                passage=self.passages[key],
                score=score,
                words=words,
                meaning=meaning,
                article_words=article_words,
                article_meaning=article_meaning,
            )
            for key, score, words, meaning, article_words, article_meaning in asked.hits
        ]


def read_set(path: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def topic_of(row: dict[str, Any]) -> str:
    """What a context is about: the title of the page it was taken from."""
    return str(row.get("title") or row["context"][:40])


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


class Without(Snapshot):
    """A snapshot as it would be without some files: their words are not counted.

    What they hold still comes back from a search, and is left out by whoever searched.
    """

    def __init__(self, whole: Snapshot, gone: dict[str, Counter[str]], passages: int) -> None:
        super().__init__(whole._connection, whole._meta)  # noqa: SLF001 - the same transaction
        self._gone = gone
        self.number_of_passages -= passages

    def _frequencies(self, unit: str, terms: Iterable[str]) -> dict[str, int]:
        found = super()._frequencies(unit, terms)
        return {term: max(0, number - self._gone[unit][term]) for term, number in found.items()}

    def list_terms(self, beginning: str) -> list[tuple[str, int]]:
        """Every term that still stands in a passage."""
        counts = self._gone["passage"]
        kept = ((term, number - counts[term]) for term, number in super().list_terms(beginning))
        return [(term, number) for term, number in kept if number > 0]


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
        self.world = World()
        with self.catalog.snapshot() as snapshot:
            articles = snapshot.load_articles(range(1, 2 * len(self.files) + 10))
            self._terms = {
                key: [set(terms(passage.text)) for passage in passages]
                for key, passages in _by_article(snapshot).items()
            }
        self.world.titles = {key: article.title for key, article in articles.items()}
        self.world.paths = {key: article.path for key, article in articles.items()}

    def close(self) -> World:
        """Let go of the index's files; return what was asked."""
        self.vectors.close()
        self.catalog.close()
        return self.world

    def ask(self, row: dict[str, Any], gone: tuple[str, ...] = ("",)) -> list[Asked]:
        """Ask once for each of ``gone``, the beginning of the files that are to be left out."""
        found = []
        with self.catalog.snapshot() as whole:
            for beginning in gone:
                paths = self.world.paths.items()
                out = {key for key, path in paths if beginning and path.startswith(beginning)}
                snapshot = self._without(whole, out) if out else whole
                question = read_question(
                    check_question(row["question"]),
                    snapshot=snapshot,
                    embedder=self.embedder,
                    word_vectors=self.words,
                )
                hits = retrieve_hits(
                    question, snapshot=snapshot, vectors=self.vectors, leave_out=out
                )
                found.append(self._keep(row, question, hits))
        return found

    def _without(self, whole: Snapshot, out: set[int]) -> Without:
        """The snapshot as it would be if these articles were not there."""
        passages = [found for key in out for found in self._terms[key]]
        articles = [set[str]().union(*self._terms[key]) for key in out]
        gone = {
            "passage": Counter(term for found in passages for term in found),
            "article": Counter(term for found in articles for term in found),
        }
        return Without(whole, gone, len(passages))

    def _keep(self, row: dict[str, Any], question: Question, hits: tuple[Hit, ...]) -> Asked:
        self.world.passages |= {hit.passage.key: hit.passage for hit in hits}
        return Asked(
            question=question,
            hits=tuple(
                (
                    hit.passage.key,
                    hit.score,
                    hit.words,
                    hit.meaning,
                    hit.article_words,
                    hit.article_meaning,
                )
                for hit in hits
            ),
            file=self.files.get(row["context"], ""),
            context=row["context"],
            answers=tuple((a["start"], a["text"]) for a in row.get("answers") or []),
        )


def _by_article(snapshot: Snapshot) -> dict[int, list[StoredPassage]]:
    """Every passage of an index that was just built, by its article."""
    found: dict[int, list[StoredPassage]] = {}
    for passage in snapshot.load_passages(range(1, 2 * snapshot.number_of_passages + 10)).values():
        found.setdefault(passage.article_key, []).append(passage)
    return found


def ask_paragraphs(rows: list[dict[str, Any]], chosen: list[dict[str, Any]]) -> list[World]:
    """Ask one folder with an article a paragraph."""
    with tempfile.TemporaryDirectory() as folder:
        asker = Asker(rows, Path(folder), PARAGRAPHS["paragraphs"])
        world = asker.world
        for row in chosen:
            if row["is_impossible"]:
                world.unanswerable += asker.ask(row)
                continue
            file = asker.files[row["context"]]
            whole, topic_gone, article_gone = asker.ask(row, gone=("", file[:4], file))
            world.answerable.append(whole)
            world.topic_gone.append(topic_gone)
            world.article_gone.append(article_gone)
        return [asker.close()]


def ask_stories(rows: list[dict[str, Any]], chosen: list[dict[str, Any]]) -> list[World]:
    """Ask a folder of each topic its own questions, and as many of other topics."""
    worlds = []
    for title in sorted({topic_of(row) for row in rows}):
        own = [row for row in chosen if topic_of(row) == title]
        others = [row for row in chosen if topic_of(row) != title and not row["is_impossible"]]
        foreign = random.Random(title).sample(others, min(len(own), len(others)))  # noqa: S311
        about = [row for row in rows if topic_of(row) == title]
        with tempfile.TemporaryDirectory() as folder:
            asker = Asker(about, Path(folder), PARAGRAPHS["stories"])
            world = asker.world
            for row in own:
                if row["is_impossible"]:
                    world.unanswerable += asker.ask(row)
                    continue
                whole, gone = asker.ask(row, gone=("", asker.files[row["context"]]))
                world.answerable.append(whole)
                world.article_gone.append(gone)
            for row in foreign:
                world.topic_gone += asker.ask(row)
            worlds.append(asker.close())
    return worlds


def main() -> None:
    """Ask every set of the plan that was not asked before."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/reader-data"))
    parser.add_argument("--keep", type=Path, required=True, help="folder for what comes back")
    parser.add_argument("--contexts", type=Path, nargs="*", help="ask only of contexts in these")
    parser.add_argument("only", nargs="*", help="name:layout, to ask only these")
    options = parser.parse_args()
    options.keep.mkdir(exist_ok=True)
    forbidden = {row["context"] for row in read_set(options.data / f"{HOLD_OUT}.jsonl.gz")}
    wanted = {row["context"] for path in options.contexts or () for row in read_set(path)}
    for name, (layouts, limit) in PLAN.items():
        for layout in layouts:
            target = options.keep / f"{name}-{layout}.pickle"
            if target.exists() or (options.only and f"{name}:{layout}" not in options.only):
                continue
            rows = read_set(options.data / f"{name}.jsonl.gz")
            rows = [r for r in rows if name == HOLD_OUT or r["context"] not in forbidden]
            asked = [r for r in rows if not wanted or r["context"] in wanted]
            chosen = random.Random(SEED).sample(asked, min(limit, len(asked)))  # noqa: S311
            ask = ask_stories if layout == "stories" else ask_paragraphs
            worlds = ask(rows, chosen)
            target.write_bytes(pickle.dumps(worlds))
            print(f"{target.name}: {sum(len(world.answerable) for world in worlds)} answerable")


if __name__ == "__main__":
    main()
