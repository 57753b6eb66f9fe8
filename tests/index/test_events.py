from __future__ import annotations

import pytest

from index.language.asked import read_asked
from index.language.events import find_asked_event, find_event, is_people
from index.language.values import find_values


def events(text: str) -> dict[str, str]:
    """The figures of ``text``, each with what befell those it counts."""
    return {
        text[value.start : value.end]: " ".join(sorted(find_event(text, value)))
        for value in find_values(text)
        if value.kind == "quantity"
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The toll reached 40 on Friday, and nine remained missing.",
         {"40": "death", "nine": "missing"}),
        ("The storm killed 43 people and injured 200.", {"43": "death", "200": "injury"}),
        ("Twelve dead, 30 hurt.", {"Twelve": "death", "30": "injury"}),
        ("They found 7 bodies in 2 cellars.", {"7": "death", "2": "death"}),
        ("31 men and 4 women were killed.", {"31": "death", "4": "death"}),
        ("Some 300 men were killed or wounded.", {"300": "death injury"}),
        ("Casualties rose to 900.", {"900": "death injury"}),
        ("A clinic treated five of them.", {"five": "injury"}),
        ("Police held a march; 60 people were detained.", {"60": "arrest"}),
        ("Rescuers looked for 19 people.", {"19": "missing"}),
        ("Six boats could not be found.", {"Six": "missing"}),
        ("Forty protesters were arrested.", {"Forty": "arrest"}),
        ("Forty protesters sang.", {"Forty": "gathering"}),
        ("Nine boats sailed.", {"Nine": ""}),
    ],
)  # fmt: skip
def test_a_figure_counts_what_the_nearest_word_tells(text: str, found: dict[str, str]) -> None:
    assert events(text) == found


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many people were arrested at the march?", "arrest"),
        ("How many protesters were hurt?", "injury"),
        ("How many arrests were there?", "arrest"),
        ("How many men were killed or wounded?", "death injury"),
        ("What is the death toll?", "death"),
        ("How many boats sailed?", ""),
    ],
)
def test_a_question_asks_for_what_follows_those_it_counts(question: str, asked: str) -> None:
    counted = read_asked(question)
    found = find_asked_event(question, counted.end, counted.nouns)
    assert " ".join(sorted(found)) == asked


def test_people_at_large_are_told_from_a_part_of_them() -> None:
    assert is_people("passengers")
    assert is_people("People")
    assert not is_people("children")
    assert not is_people("houses")
