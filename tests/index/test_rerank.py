"""What the reader adds to the ranker's order, and what is left of it when there is no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.answer import Limits, Parts, answer_question
from index.catalog import Catalog
from index.embed import MiniLM
from index.embedding.word_vectors import WordVectors
from index.errors import EmbedderError
from index.pinpoint import Reader
from index.rank import load_ranker
from index.rerank import CloseReader, load_reranker
from index.settings import Settings
from index.vectors import VectorIndex
from tests.index.shelf import run_reindex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.types import Answer

FLOOD = """The river Arle burst its banks on Tuesday after three days of heavy rain.

Some 4,200 people fled their homes in the valley, the mayor, Ines Farrow, told reporters.

The bridge at Dunmoor was closed until Friday, and the school stays shut for a week.
"""
BANK = """The central bank raised its main rate to 4.5 per cent.

Analysts had expected the step, which follows months of rising prices in the shops.
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    folder = tmp_path_factory.mktemp("read")
    settings = Settings(corpus=folder / "corpus", folder=folder / "index")
    settings.corpus.mkdir()
    (settings.corpus / "flood.md").write_text(FLOOD)
    (settings.corpus / "bank.md").write_text(BANK)
    embedder = MiniLM()
    run_reindex(settings, embedder)
    catalog, vectors = Catalog(settings.folder), VectorIndex(settings.folder)

    def ask(
        question: str, close_reader: CloseReader | None, *, read_until: float | None = None
    ) -> Answer:
        parts = Parts(
            embedder=embedder,
            vectors=vectors,
            ranker=load_ranker(),
            word_vectors=WordVectors(),
            close_reader=close_reader,
        )
        with catalog.snapshot() as snapshot:
            return answer_question(
                question, snapshot=snapshot, parts=parts, limits=Limits(read_until=read_until)
            )

    yield ask
    vectors.close()
    catalog.close()


def marked(answer: Answer) -> list[str]:
    return [
        quote.text[quote.answer_span[0] - quote.start : quote.answer_span[1] - quote.start]
        for quote in answer.quotes
        if quote.answer_span
    ]


def test_the_answering_words_are_marked_where_the_question_asks_for_no_figure_or_name(
    ask: Callable[..., Answer],
) -> None:
    question = "What had analysts expected?"
    assert marked(ask(question, None)) == []
    assert marked(ask(question, CloseReader(Reader(), load_reranker()))) == ["the step"]


def test_without_time_the_ranker_answers_alone(ask: Callable[..., Answer]) -> None:
    question = "How many people fled their homes?"
    hurried = ask(question, CloseReader(Reader(), load_reranker()), read_until=0.0)
    alone = ask(question, None)
    assert (hurried.quotes, hurried.confidence) == (alone.quotes, alone.confidence)
    assert marked(alone) == ["4,200"]


def test_damaged_weights_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "reranker.json").write_text("{}")
    with pytest.raises(EmbedderError, match="reinstall pullquote"):
        load_reranker(tmp_path)
