from __future__ import annotations

import pytest

from index.selecting.mark import mark_answer


def marked(question: str, sentence: str) -> str | None:
    span = mark_answer(question, sentence)
    return None if span is None else sentence[slice(*span)]


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("How many generals are with the contingent?",
         "This contingent includes at least 500 officers, with at least three generals.", "three"),
        ("How many people were killed?",
         "The storm killed 43 people and flooded 200 houses on Monday.", "43"),
        ("How many people live there?", "The number has risen to 11,000.", "11,000"),
        ("How many French soldiers were wounded?",
         "More than 60 French troops were wounded in two attacks.", "60"),
        ("How far is the camp from the border?",
         "The camp is 50 kilometers (30 miles) from the border.", "50 kilometers"),
        ("How much did the museum pay?", "In 2019 the museum paid $1.2 million for two works.",
         "$1.2 million"),
        ("What percentage of voters stayed at home?",
         "Of 900 voters, 12 percent stayed at home.", "12 percent"),
        ("When did the bridge open?", "The bridge opened in May 1931 after four years.",
         "May 1931"),
        ("What year did the bridge open?", "On a Friday in 1931, the bridge opened.", "1931"),
        ("When will they be ready?", "They “will be ready on Nov. 1,” he said.", "Nov. 1"),
        ("Who is the defense minister?",
         "The general spoke beside Defense Minister Kim Min-jun on Monday.", "Kim Min-jun"),
        ("Who designed the bridge?", "The bridge was designed by Anna Berg.", "Anna Berg"),
        ("Where was the boat found?", "The boat was found in Bergen by a fisherman.", "Bergen"),
        # A measure is marked with its unit, a count without its noun.
        ("How long does the crossing take?",
         "The boat costs $20, and the crossing takes three hours and five minutes.",
         "three hours and five minutes"),
        ("How much would a new roof cost?",
         "The town was offered a new roof at a cost of 4 million thalers.", "4 million thalers"),
        ("What does a ticket cost?", "In June a ticket cost 12 obols, the guide said.", "12 obols"),
        ("How tall is the mast?", "The mast, 54 meters high, has 3 lamps.", "54 meters"),
        ("How many mines are closed?", "It has 30 mines, of which seven are closed.", "seven"),
        # A time of day, not a day, answers "at what time".
        ("At what time did the mast fall?",
         "On Tuesday the mast fell at about 4:20 a.m. in a storm.", "4:20 a.m."),
        # The doer stands behind "by", and what comes between.
        ("Who heads the review of the mast?",
         "Governor Lena Holt promised a review headed by a former engineer, Otto Brand.",
         "Otto Brand"),
    ],
)  # fmt: skip
def test_the_answer_is_marked_where_it_is_clear(question: str, sentence: str, answer: str) -> None:
    assert marked(question, sentence) == answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many tanks were sent?", "They sent 40 trucks and three boats."),
        ("How many people were hurt?", "Nobody was hurt."),
        ("When did the bridge open?", "The bridge opened without a ceremony."),
        ("Who designed the bridge?", "The bridge was designed in Oslo."),
        ("Who designed the bridge?", "The Norwegian engineer who designed the bridge is dead."),
        ("Where was the boat found?", "Anna Berg found the boat."),
        ("Where was Anna Berg born?", "Anna Berg was born on Monday."),
        ("Why did 300 people leave?", "About 300 people left because of the storm."),
        ("Did 300 people leave?", "About 300 people left because of the storm."),
        ("What sank?", "The boat sank in 1931."),
        ("How far is the island from the port?", "The trip from the port takes two hours."),
        ("How many ships were sold?", "It got 20 orders, four of them from Oslo."),
        ("How much did they ask?", "They asked for 3 bridges."),
        ("How many seats are there?", "It has a range of nine miles instead of the 20 in May."),
        ("What share of voters backed her?", "It gave her the lead, since it was dark by four."),
        ("At what time did the mast fall?", "The mast fell on Tuesday."),
        ("Who won the race?", "The race is held each year between March and May."),
        ("Who won the race?", "PORT ELLEN — The race was won by four lengths."),
        ("Who won the race?", "PORT ELLEN, Islay (Agency) — The race was won on Monday."),
        ("Who built the mast?", "The mast was built for the Kelso Survey Company."),
        ("Who stopped the race?", "Rowers stopped the race at noon."),
        ("", "The boat sank in 1931."),
        ("How many people left?", ""),
    ],
)
def test_nothing_is_marked_where_nothing_is_clear(question: str, sentence: str) -> None:
    assert marked(question, sentence) is None


def test_what_the_question_says_is_not_its_answer() -> None:
    sentence = "Of the 300 people on board, 43 people drowned in 1931."
    assert marked("How many of the 300 people on board drowned?", sentence) == "43"
    assert marked("When, if not in 1931, was it built?", "It sank in 1931.") is None


def test_two_equal_candidates_mark_nothing() -> None:
    assert marked("How many people left?", "First 40 people left, later 50 people left.") is None


def test_the_kind_can_be_given() -> None:
    sentence = "The boat sank in May 1931."
    assert mark_answer("the boat sank", sentence, kind="date") == (17, 25)
    assert mark_answer("the boat sank", sentence) is None
