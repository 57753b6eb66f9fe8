from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.catalog import Catalog
from index.embedding.word_vectors import WordVectors
from index.errors import QuestionError
from index.question import MAX_CHARACTERS, MAX_TERMS, Question, check_question, read_question
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Question]:
    settings = settings_in(tmp_path)
    write_article(settings.corpus, "harbour.txt")
    write_article(settings.corpus, "airport.txt")
    run_reindex(settings)

    def read(text: str) -> Question:
        with Catalog(settings.folder).snapshot() as snapshot:
            return read_question(
                text, snapshot=snapshot, embedder=HashEmbedder(), word_vectors=WordVectors()
            )

    return read


@pytest.mark.parametrize("text", ["", "   ", "?!", "🦊🦊", "\u200b", "\x00\x07", "…"])
def test_a_question_without_a_word_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(QuestionError, match="empty") as caught:
        check_question(text)
    assert "\n" not in str(caught.value)


def test_a_far_too_long_question_is_refused_with_the_limit() -> None:
    assert check_question("a" * MAX_CHARACTERS)
    with pytest.raises(QuestionError, match="10,000 characters"):
        check_question("why " * 2_499 + "why?")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Who\twon?\n", "Who won?"),
        ("Who\x00 won\x1b[31m?", "Who won [31m?"),
        ("Кто победил?", "Кто победил?"),
        ("谁赢了?", "谁赢了?"),
    ],
)
def test_white_space_and_control_characters_are_folded_away(text: str, folded: str) -> None:
    assert check_question(text) == folded


def test_terms_are_distinct_in_order_and_weighed_by_rarity(
    read: Callable[[str], Question],
) -> None:
    question = read("Which plan did the harbour council approve, which harbour plan?")
    assert question.terms == ("plan", "harbour", "council", "approv")
    weight = dict(zip(question.terms, question.weights.tolist(), strict=True))
    assert weight["harbour"] > weight["council"] > 0


def test_names_are_told_from_the_word_that_opens_the_question(
    read: Callable[[str], Question],
) -> None:
    question = read("Has Harbour City asked the UN about plans?")
    named = {term for term, is_name in zip(question.terms, question.names, strict=True) if is_name}
    assert named == {"harbour", "citi", "un"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many plans are there?", "quantity"),
        ("why was the plan approved", "why"),
        ("How was the plan approved?", "how"),
        ("What is the plan?", "what"),
    ],
)
def test_the_kind_of_what_would_answer(
    text: str, kind: str, read: Callable[[str], Question]
) -> None:
    assert read(text).kind == kind


def test_speech_is_asked_for_by_its_verbs(read: Callable[[str], Question]) -> None:
    assert read("What did the mayor say about plans?").is_about_speech
    assert not read("What is the plan of the council?").is_about_speech


def test_stop_words_alone_leave_no_terms_and_a_long_list_is_cut(
    read: Callable[[str], Question],
) -> None:
    assert read("who is it").terms == ()
    assert read("who is it").term_vectors.shape == (0, 128)
    long = read(" ".join(f"word{number}" for number in range(100)))
    assert len(long.terms) == len(long.weights) == len(long.term_vectors) == MAX_TERMS
    assert np.isfinite(long.weights).all()


def test_a_misspelt_word_counts_as_the_one_that_the_articles_have(
    read: Callable[[str], Question],
) -> None:
    meant, slipped = read("Which council approved plan 2?"), read("Which councill approved plan 2?")
    assert slipped.terms == meant.terms
    assert slipped.weights.tolist() == meant.weights.tolist()
    assert slipped.text == "Which councill approved plan 2?"
