from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from index.errors import CorpusError, IndexUnusable, QuestionError
from index.open import Library, open_library
from index.settings import Settings
from tests.index.shelf import HashEmbedder, run_reindex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.types import Answer, Quote

STORM = """HARBOR CITY (Northwire) — A winter storm killed 14 people along the coast of Velmora on \
Tuesday, Jan. 13, 2026, the interior ministry said.

The ministry said 14 people had died, most of them fishermen who were at sea when the wind turned.

“We have never seen waves like these,” harbor master Ilse Brandt said in Harbor City. “The old \
lighthouse is gone.”

The storm cut the power of 20,000 homes, according to the grid operator.
"""
REPRINT = """---
title: Storm batters Velmora coast
outlet: Velmora Post
published: 2026-01-14
url: https://post.example/storm
---
Rescuers in Velmora counted the dead on Wednesday after the storm.

The ministry said 14 people had died, most of them fishermen who were at sea when the wind turned.

The mayor of Harbor City, Tomas Reuel, said that the storm killed 19 people in Velmora.
"""
CHEESE = """---
title: Cheese fair opens in Upper Lindt
outlet: Lindt Herald
published: 2025-09-02
---
The cheese fair of Upper Lindt opened on Monday with 120 stalls.

A jury of nine bakers and cooks chose the goat cheese of Marta Oehl as the best of the year.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("answers")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("storm.txt", STORM), ("post.md", REPRINT), ("cheese.md", CHEESE)):
        (corpus / name).write_text(text)
    library = open_library(Settings(corpus=corpus, folder=folder / "index"))
    for _ in library.reindex():
        pass
    yield library
    library.close()


def texts(library: Library, answer: Answer) -> list[str]:
    """What the articles hold at the places that the answer names."""
    places = [(quote.article, quote.start, quote.end) for quote in all_quotes(answer)]
    places += [(p.article, p.start, p.end) for quote in answer.quotes for p in quote.also]
    return [library.find_article(path)[0].text[start:end] for path, start, end in places]


def all_quotes(answer: Answer) -> tuple[Quote, ...]:
    return answer.quotes + answer.nearest


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the harbor master?", "Ilse Brandt"),
        ("how many homes lost power", "20,000 homes"),
        ("What did the harbor master say about the waves?", "never seen waves like these"),
        ("Whose cheese was the best of the year?", "Marta Oehl"),
        ("When did the fair open?", "Monday"),
    ],
)
def test_a_question_is_answered_in_the_words_of_an_article(
    question: str, expected: str, library: Library
) -> None:
    answer = library.ask(question)
    assert answer.grounded
    assert expected in answer.quotes[0].text
    assert [quote.text for quote in answer.quotes] == texts(library, answer)[: len(answer.quotes)]


@pytest.mark.parametrize(
    "question",
    [
        "Who won the chess championship in Reykjavik?",
        "How many elephants live in the zoo?",
        "What does a ticket to the opera cost?",
    ],
)
def test_what_no_article_says_is_not_answered(question: str, library: Library) -> None:
    answer = library.ask(question)
    assert not answer.grounded
    assert answer.quotes == answer.differences == ()
    assert answer.text == "The articles don't say."
    assert [quote.text for quote in answer.nearest] == texts(library, answer)
    assert {quote.number for quote in answer.nearest} == {c.number for c in answer.citations}


def test_what_was_searched_is_told(library: Library) -> None:
    searched = library.ask("Who won the chess championship in Reykjavik?").searched
    assert (searched.articles, searched.generation) == (3, 1)
    assert searched.earliest is not None
    assert str(searched.earliest) == "2025-09-02"


def test_a_sentence_in_two_articles_is_one_quote_with_two_citations(library: Library) -> None:
    answer = library.ask("Who were most of the people who died?")
    shared = next(quote for quote in answer.quotes if "fishermen" in quote.text)
    assert {shared.article, *(place.article for place in shared.also)} == {"post.md", "storm.txt"}
    assert sum("fishermen" in quote.text for quote in answer.quotes) == 1
    cited = {citation.number: citation.article for citation in answer.citations}
    assert cited[shared.number] == shared.article
    assert all(cited[place.number] == place.article for place in shared.also)


def test_articles_that_differ_are_laid_side_by_side(library: Library) -> None:
    answer = library.ask("How many people did the storm kill?")
    (difference,) = answer.differences
    assert [value.value for value in difference.values] == ["14 people", "19 people"] or [
        value.value.split()[0] for value in difference.values
    ] == ["14", "19"]
    quoted = " ".join(quote.text for quote in answer.quotes)
    assert "14 people" in quoted
    assert "19 people" in quoted


def test_citations_are_numbered_as_they_are_used_and_tell_what_is_known(library: Library) -> None:
    answer = library.ask("Whose cheese was the best of the year?")
    assert [citation.number for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    first = answer.citations[0]
    assert (first.outlet, first.title) == ("Lindt Herald", "Cheese fair opens in Upper Lindt")
    assert str(first.published) == "2025-09-02"


def test_the_answering_words_are_marked_within_their_quote(library: Library) -> None:
    quote = library.ask("How many homes lost power?").quotes[0]
    assert quote.answer_span is not None
    start, end = quote.answer_span
    assert "20,000" in library.find_article(quote.article)[0].text[start:end]


def test_no_more_articles_and_quotes_than_asked_for(library: Library) -> None:
    question = "How many people did the storm kill?"
    assert {c.number for c in library.ask(question, number_of_articles=1).citations} == {1}
    assert len(library.ask(question, number_of_quotes=1).quotes) == 1


def test_a_question_comes_back_as_it_was_asked(library: Library) -> None:
    question = "  Who is\tthe harbor master? "
    assert library.ask(question).question == question
    with pytest.raises(QuestionError, match="empty"):
        library.ask(" \n")


@pytest.mark.parametrize("question", ["Кто погиб?", "who", "🦊 storm 🦊", "x" * 1_999, "' OR 1=1"])
def test_any_words_get_an_answer_of_one_kind_or_the_other(question: str, library: Library) -> None:
    answer = library.ask(question)
    assert 0 <= answer.confidence <= 1
    assert bool(answer.quotes) == answer.grounded
    assert bool(answer.nearest) != answer.grounded


def test_many_threads_get_the_answers_that_one_gets(library: Library) -> None:
    questions = ["Who is the harbor master?", "When did the fair open?"] * 8
    alone = {question: library.ask(question).quotes for question in questions}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: library.ask(question).quotes, questions))
    assert together == [alone[question] for question in questions]


def test_the_index_says_whether_it_is_needed(library: Library, tmp_path: Path) -> None:
    assert not library.needs_index()
    other = open_library(Settings(corpus=tmp_path, folder=tmp_path / "index"))
    assert other.needs_index()
    with pytest.raises(IndexUnusable, match="index first"):
        other.ask("Who is the harbor master?")
    with pytest.raises(CorpusError):
        list(other.reindex())


def test_vectors_of_another_model_are_indexed_again(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "corpus", folder=tmp_path / "index")
    settings.corpus.mkdir()
    (settings.corpus / "storm.txt").write_text(STORM)
    run_reindex(settings, HashEmbedder(dimensions=384))
    library = open_library(settings)
    assert library.needs_index()
    for _ in library.reindex():
        pass
    assert not library.needs_index()
    assert "Ilse Brandt" in library.ask("Who is the harbor master?").quotes[0].text
    library.close()
