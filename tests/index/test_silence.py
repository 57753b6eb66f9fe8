from __future__ import annotations

import pytest

from index.selecting.silence import is_silent

SENT = "About 900 sailors were sent to the northern port, the navy said."
SEIZED = "The navy seized nine sailors near the port."
DEAD = "The toll reached 14 dead on Friday."


@pytest.mark.parametrize(
    "question", ["How many sailors were captured?", "How many sailors were killed at the port?"]
)
def test_figures_of_something_else_leave_the_articles_silent(question: str) -> None:
    assert is_silent(question, [SENT])


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many sailors died?", DEAD),
        ("How many sailors were killed?", DEAD),
        ("How many sailors are there?", SENT),
        ("How many sailors were sent north?", SENT),
        ("Who captured the sailors?", SENT),
        ("Were sailors captured?", SENT),
    ],
)
def test_one_sentence_of_the_event_or_a_question_of_none_is_enough(
    question: str, sentence: str
) -> None:
    assert not is_silent(question, [SENT, sentence])


OTHERS = "Officials said that more than 600 Norwegian sailors were killed or wounded in the war."


@pytest.mark.parametrize(
    ("question", "silent"),
    [
        ("How many British sailors have been killed?", True),
        ("How many Norwegian sailors have been killed?", False),
        ("How many sailors have been killed?", False),
        ("How many British sailors have deserted?", True),
    ],
)
def test_what_befell_others_says_nothing_of_those_asked_for(question: str, silent: bool) -> None:  # noqa: FBT001
    assert is_silent(question, [SENT, OTHERS]) == silent


@pytest.mark.parametrize(
    "sentence",
    [
        "At least 30 were killed when the British ship went down.",
        "The navy lost 12 British sailors and 600 Norwegian sailors, all killed in the blast.",
        "Nobody knows how many died.",
    ],
)
def test_a_sentence_that_may_mean_them_is_enough(sentence: str) -> None:
    assert not is_silent("How many British sailors were killed?", [OTHERS, sentence])
