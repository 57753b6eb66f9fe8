"""A floor under the quality of the answers, on two sets of questions.

The data are pinned by hash and the floors are what was measured, less one question a kind: the
vectors differ in their last digits from one processor to another. Floors only go up.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.evaluate import ABSTAIN, Outcome, Score, evaluate, fold, read_expectations, summarize
from index.open import open_library
from index.read import read_article
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.types import Article

ROOT = Path(__file__).resolve().parent.parent
NEWSROOM = ROOT / "tests" / "newsroom"


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """A set of questions on a corpus, and how many must be answered, by kind.

    "differences" counts the conflicts of which every side stood among the differences.
    """

    questions: Path
    corpus: Path
    sha256: str
    least: dict[str, int]

    @property
    def name(self) -> str:
        return self.questions.relative_to(ROOT).as_posix()

    @property
    def articles(self) -> list[Path]:
        return sorted(file for file in self.corpus.iterdir() if file.name != "README.md")

    @property
    def data(self) -> list[Path]:
        about = self.questions.with_name("articles.jsonl")
        return [self.questions, *([about] if about.exists() else []), *self.articles]


FLOORS = (
    Floor(
        questions=NEWSROOM / "questions.jsonl",
        corpus=NEWSROOM / "articles",
        sha256="3095da3600791eb3addd74fd61f3346e1652a5bd4fe72ad7aa6ac349a1622703",
        least={"fact": 30, "quote": 8, "conflict": 7, "differences": 6, "abstain": 13},
    ),
    Floor(
        questions=ROOT / "tests" / "questions.jsonl",
        corpus=ROOT / "corpus",
        sha256="660e5141f0244737c0313110eba0c0745bf9b0ece5ef69f88029a6face8b87fb",
        least={"fact": 7, "quote": 4, "abstain": 3},
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    floor: Floor
    outcomes: tuple[Outcome, ...]
    score: Score

    @property
    def right(self) -> dict[str, int]:
        by_kind = {kind: tally.right for kind, tally in self.score.by_kind.items()}
        return {**by_kind, "differences": self.score.sides_complete.right}

    def missed(self, kind: str) -> str:
        """One line a question of ``kind`` that was not answered as it should be."""
        whole = kind == "differences"
        rows = [
            f"{one.expectation.id} {one.expectation.question} (missing: {'; '.join(one.missing)})"
            for one in self.outcomes
            if one.expectation.kind == ("conflict" if whole else kind)
            and not (one.sides_complete if whole else one.hit)
        ]
        least, right = self.floor.least[kind], self.right[kind]
        return "\n".join([f"{self.floor.name}: {kind} {right}, at least {least} wanted", *rows])


def hash_of(floor: Floor) -> str:
    found = hashlib.sha256()
    for file in floor.data:
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


@pytest.fixture(scope="session", params=FLOORS, ids=lambda floor: floor.name)
def measured(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Measured]:
    floor: Floor = request.param
    folder = tmp_path_factory.mktemp("quality")
    library = open_library(Settings(corpus=floor.corpus, folder=folder))
    deque(library.reindex(), maxlen=0)
    texts = {file.name: file.read_bytes().decode() for file in floor.articles}
    expectations = read_expectations(floor.questions)
    # Quotes are compared with the files themselves, not with what the index says they hold.
    outcomes = tuple(evaluate(expectations, ask=library.ask, read_text=texts.__getitem__))
    yield Measured(floor=floor, outcomes=outcomes, score=summarize(outcomes))
    library.close()


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.name)
def test_the_data_are_those_that_the_floor_was_measured_on(floor: Floor) -> None:
    found = hash_of(floor)
    assert found == floor.sha256, (
        f"{floor.name} or an article of it was changed: "
        f"measure the floors again with `pullquote eval` and pin sha256={found!r}"
    )


def test_no_kind_of_question_is_answered_less_often_than_before(measured: Measured) -> None:
    below = [kind for kind, least in measured.floor.least.items() if measured.right[kind] < least]
    assert not below, "\n\n".join(map(measured.missed, below))


def test_every_quote_is_a_literal_slice_of_its_file(measured: Measured) -> None:
    literal = measured.score.literal_quotes
    assert literal.right == literal.total > len(measured.outcomes)


def test_what_is_expected_stands_in_the_articles(measured: Measured) -> None:
    texts = [fold(file.read_text(encoding="utf-8")) for file in measured.floor.articles]
    absent = [
        (one.expectation.id, group)
        for one in measured.outcomes
        for group in one.expectation.groups
        if not any(fold(expected) in text for expected in group for text in texts)
    ]
    assert absent == []
    without = {one.expectation.kind for one in measured.outcomes if not one.expectation.groups}
    assert without == {ABSTAIN}


# The newsroom's own facts: what an article is called, who published it when, and what is no part
# of it. A guess is a defect, so nothing may be wrong; what may be missing only goes down.
TITLES_FOUND = 14
OUTLETS_FOUND = 13
DATES_FOUND = 13
PARAGRAPHS_OF_JUNK = 0
WORDS_OF_A_PARAGRAPH = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    article: Article
    known: dict[str, Any]

    @property
    def quotable(self) -> list[str]:
        text, parts = self.article.text, self.article.paragraphs
        return [text[one.start : one.end] for one in parts if one.kind != "heading"]

    def is_junk(self, line: str) -> bool:
        return any(junk.casefold() in line.casefold() for junk in self.known["junk"])


@pytest.fixture(scope="module")
def newsroom() -> list[Read]:
    corpus = NEWSROOM / "articles"
    lines = (NEWSROOM / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert sorted(row["article"] for row in rows) == sorted(one.name for one in corpus.iterdir())
    return [
        Read(article=read_article(corpus / row["article"], corpus=corpus), known=row)
        for row in rows
    ]


def test_outlets_are_found_and_never_guessed(newsroom: list[Read]) -> None:
    named = [one for one in newsroom if one.article.outlet]
    assert [one for one in named if one.article.outlet not in one.known["outlets"]] == []
    assert len(named) >= OUTLETS_FOUND


def test_dates_are_found_and_never_guessed(newsroom: list[Read]) -> None:
    dated = [one for one in newsroom if one.article.published]
    stated = [date.fromisoformat(one.known["published"] or "9999-12-31") for one in dated]
    assert [one.article.published for one in dated] == stated
    assert len(dated) >= DATES_FOUND


def test_bylines_are_never_guessed(newsroom: list[Read]) -> None:
    signed = [one for one in newsroom if one.article.byline]
    assert [one for one in signed if one.article.byline not in one.known["byline"]] == []


def test_titles_are_the_article_s_own(newsroom: list[Read]) -> None:
    wrong = [one.article.title for one in newsroom if one.article.title != one.known["title"]]
    assert len(newsroom) - len(wrong) >= TITLES_FOUND, wrong


def test_what_stands_around_an_article_is_not_quotable(newsroom: list[Read]) -> None:
    junk = [
        (one.article.path, text) for one in newsroom for text in filter(one.is_junk, one.quotable)
    ]
    assert len(junk) <= PARAGRAPHS_OF_JUNK, junk


def test_no_paragraph_of_an_article_is_lost(newsroom: list[Read]) -> None:
    """Captions, which stand twice, are kept or not as they may be."""
    lost = [
        (one.article.path, line)
        for one in newsroom
        for line in one.article.text.splitlines()
        if len(line.split()) >= WORDS_OF_A_PARAGRAPH
        and one.article.text.count(line) == 1
        and one.known["title"] not in line
        and not one.is_junk(line)
        and line.strip("*") not in "\n".join(one.quotable)
    ]
    assert lost == []
