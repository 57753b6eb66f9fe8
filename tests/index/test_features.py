from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.embedding.word_vectors import WordVectors
from index.language.asked import read_asked
from index.language.values import expected_kind
from index.language.words import terms
from index.question import Question
from index.selecting.features import FEATURES, measure_sentences
from index.selecting.rows import list_rows
from index.types import Hit, Sentence, StoredPassage

WORDS = WordVectors()
LEFT, RIGHT = np.eye(2, dtype=np.float32)


def ask(text: str, *, names: tuple[str, ...] = ()) -> Question:
    asked = tuple(dict.fromkeys(terms(text)))
    return Question(
        text=text,
        terms=asked,
        weights=np.ones(len(asked), np.float32),
        names=tuple(term in names for term in asked),
        kind=expected_kind(text) or "what",
        asked=read_asked(text),
        is_about_speech=False,
        vector=LEFT,
        term_vectors=WORDS.look_up(asked),
    )


def hit(*sentences: str, key: int = 1, score: float = 1.0) -> Hit:
    text = " ".join(sentences)
    spans = []
    for sentence in sentences:
        start = text.index(sentence)
        spans.append(Sentence(start=start, end=start + len(sentence), paragraph=1))
    passage = StoredPassage(
        key=key,
        article_key=key,
        number=0,
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(spans),
        vectors=np.array([LEFT] + [RIGHT] * (len(spans) - 1), np.float32),
    )
    return Hit(
        passage=passage,
        score=score,
        words=1.0,
        meaning=1.0,
        article_words=1.0,
        article_meaning=0.5,
    )


def measure(question: Question, *hits: Hit, title: str = "") -> list[dict[str, float]]:
    matrix = measure_sentences(
        question,
        hits,
        list_rows(hits),
        titles={found.passage.article_key: title for found in hits},
        word_vectors=WORDS,
    )
    assert matrix.shape == (sum(len(h.passage.sentences) for h in hits), len(FEATURES))
    assert np.isfinite(matrix).all()
    return [dict(zip(FEATURES, row.tolist(), strict=True)) for row in matrix]


def test_every_feature_has_a_name_of_its_own() -> None:
    assert len(set(FEATURES)) == len(FEATURES)


def test_coverage_counts_the_words_of_the_question() -> None:
    whole, half, none = measure(
        ask("ferry sank"), hit("The ferry sank.", "A ferry came.", "Nothing else.")
    )
    assert (whole["same"], half["same"], none["same"]) == (1.0, 0.5, 0.0)
    assert (whole["pairs"], half["pairs"]) == (1.0, 0.0)
    assert half["same_to_best"] == -0.5


def test_a_like_word_counts_for_less_than_the_word_and_more_than_none() -> None:
    same, like, none = measure(
        ask("soldiers"), hit("The soldiers left.", "The troops left.", "The bread was warm.")
    )
    assert same["like"] == 1.0
    assert 0.3 < like["like"] < 1.0
    assert none["like"] < 0.2
    assert like["same"] == 0.0


def test_neighbours_count_within_a_passage_and_not_beyond_it() -> None:
    question = ask("ferry captain")
    first, second, third = measure(
        question, hit("The ferry sank.", "Its captain fled."), hit("The captain ate.", key=2)
    )
    assert second["same_before"] == 0.5
    assert first["same_around"] == 0.5
    assert first["same_before"] == third["same_before"] == third["same_around"] == 0.0
    assert (second["same_passage"], third["same_passage"]) == (1.0, 0.5)


def test_the_title_helps_to_cover_what_the_passage_leaves_out() -> None:
    (plain,) = measure(ask("ferry captain"), hit("The captain fled."))
    (titled,) = measure(ask("ferry captain"), hit("The captain fled."), title="Ferry sinks")
    assert (plain["same_whole"], titled["same_whole"]) == (0.5, 1.0)
    assert (plain["same_missing_whole"], titled["same_missing_whole"]) == (1.0, 0.0)


def test_a_name_that_is_missing_is_seen_apart_from_other_words() -> None:
    question = ask("Miller captain", names=("miller",))
    with_name, without = measure(question, hit("Miller fled."), hit("The captain fled.", key=2))
    assert (with_name["same_names"], without["same_names"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("text", "sentence", "feature"),
    [
        ("How many boats sank?", "The storm took 14 boats.", "quantity_fit"),
        ("When did the boats sink?", "They sank on Oct. 30.", "date_date"),
        ("Who sank the boats?", "The police blamed Ada Miller.", "person_name"),
        ("Where did the boats sink?", "They sank off Eastport Bay.", "place_name"),
    ],
)
def test_an_answer_of_the_kind_that_is_asked_for_is_seen(
    text: str, sentence: str, feature: str
) -> None:
    offered, bare = measure(ask(text), hit(sentence, "They were never found again."))
    assert offered[feature] > bare[feature]


def test_what_stands_in_the_question_is_no_answer() -> None:
    (row,) = measure(ask("When on Oct. 30 did the boats sink?"), hit("They sank on Oct. 30."))
    assert (row["date_date"], row["date_none"]) == (0.0, 1.0)


def test_meaning_is_measured_by_sentence_and_against_the_best() -> None:
    near, far = measure(ask("boats"), hit("One boat.", "Two boats."))
    assert (near["cosine"], far["cosine"]) == (1.0, 0.0)
    assert (near["cosine_to_best"], far["cosine_to_best"]) == (0.0, -1.0)
    assert (near["cosine_after"], far["cosine_before"]) == (0.0, 1.0)
    assert (near["first"], far["first"], far["last"]) == (1.0, 0.0, 1.0)


def test_a_question_of_stop_words_is_measured_without_trouble() -> None:
    (row,) = measure(ask("who is it"), hit("Ada Miller came."))
    assert row["same"] == row["same_missing"] == 0.0


def test_hits_of_one_article_and_headings_are_rows_too() -> None:
    found = hit("Estimates", "There are 14 boats.")
    heading = replace(found.passage.sentences[0], kind="heading")
    passage = replace(found.passage, sentences=(heading, found.passage.sentences[1]))
    rows = list_rows([replace(found, passage=passage)])
    assert [(row.hit, row.sentence.kind) for row in rows] == [(0, "heading"), (0, "text")]
