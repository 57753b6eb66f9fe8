from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog
from index.embedding.word_vectors import WordVectors
from index.question import Question, read_question
from index.retrieve import retrieve_hits
from index.vectors import VectorIndex
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.storage.snapshot import Snapshot
    from index.types import Hit


class Shelf:
    """An index of four towns, asked without the bundled model."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_in(folder)
        for town in ("harbour", "airport", "castle", "market"):
            write_article(self.settings.corpus, f"{town}.txt", sentences=40)
        run_reindex(self.settings)
        self.catalog = Catalog(self.settings.folder)
        self.vectors = VectorIndex(self.settings.folder)

    def hits(self, text: str, **options: object) -> tuple[Hit, ...]:
        with self.catalog.snapshot() as snapshot:
            question = self.read(text, snapshot)
            return retrieve_hits(question, snapshot=snapshot, vectors=self.vectors, **options)

    def read(self, text: str, snapshot: Snapshot) -> Question:
        return read_question(
            text, snapshot=snapshot, embedder=HashEmbedder(), word_vectors=WordVectors()
        )

    def paths(self, hits: tuple[Hit, ...]) -> list[str]:
        with self.catalog.snapshot() as snapshot:
            articles = snapshot.load_articles([hit.passage.article_key for hit in hits])
            return [articles[hit.passage.article_key].path for hit in hits]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    yield shelf
    shelf.vectors.close()
    shelf.catalog.close()


def test_passages_of_the_article_that_is_named_come_first(shelf: Shelf) -> None:
    assert shelf.paths(shelf.hits("What did the castle council approve?"))[0] == "castle.txt"


def test_a_sentence_that_means_the_same_brings_its_passage(shelf: Shelf) -> None:
    sentence = "The council of market approved plan 31 in the spring of edition1."
    best = shelf.hits(sentence)[0]
    assert sentence in best.passage.text
    assert best.meaning == pytest.approx(1, abs=1e-2)


def test_scores_fall_and_each_part_is_within_its_bounds(shelf: Shelf) -> None:
    hits = shelf.hits("castle plan 7", number_of_hits=50)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 2.6 + 1e-6 for score in scores)
    assert all(-1.01 <= hit.meaning <= 1.01 and hit.words >= 0 for hit in hits)


def test_no_more_hits_than_asked_for_and_no_passage_twice(shelf: Shelf) -> None:
    keys = [hit.passage.key for hit in shelf.hits("plan", number_of_hits=3)]
    assert len(keys) == len(set(keys)) == 3


def test_an_article_left_out_brings_no_passage(shelf: Shelf) -> None:
    best = shelf.hits("castle council")[0].passage.article_key
    left = shelf.hits("castle council", leave_out={best}, number_of_hits=50)
    assert left
    assert best not in {hit.passage.article_key for hit in left}


@pytest.mark.parametrize("text", ["who is it", "Кто победил?", '"; DROP TABLE (', "NEAR AND OR*"])
def test_words_that_mean_something_to_a_database_are_only_words(text: str, shelf: Shelf) -> None:
    assert shelf.hits(text)


def test_the_same_question_gets_the_same_hits(shelf: Shelf) -> None:
    once, again = (shelf.hits("airport plan 12 in spring") for _ in range(2))
    assert [(hit.passage.key, hit.score) for hit in once] == [
        (hit.passage.key, hit.score) for hit in again
    ]
