from __future__ import annotations

import pytest

from index.writing.smooth import find_smoothed
from tests.writing.answers import differing

DEAD = differing(("12", 1), ("at least 14", 2), ("about 15", 3))


@pytest.mark.parametrize(
    "sentences",
    [
        ["Police counted 12 dead, the mayor at least 14."],
        ["Police counted twelve dead.", "The mayor spoke of more than fourteen."],
        ["Some counted 12; others counted 15."],
    ],
)
def test_two_sides_are_enough_however_their_values_are_written(sentences: list[str]) -> None:
    assert find_smoothed(DEAD, sentences) is None


@pytest.mark.parametrize(
    "sentences",
    [
        [],
        ["Many people died."],
        ["Police counted 12 dead."],
        ["At least 14 people died, the mayor said.", "She said that 14 was the least."],
        ["Police counted 120 dead, others 140."],
        ["Police counted 12 dead and 13 injured."],
    ],
)
def test_one_side_or_none_is_a_difference_smoothed_over(sentences: list[str]) -> None:
    assert find_smoothed(DEAD, sentences) == DEAD[0]


def test_every_difference_must_be_told() -> None:
    both = (*DEAD, *differing(("Tuesday", 1), ("Wednesday", 2)))
    assert find_smoothed(both, ["Police counted 12 dead, the mayor 14."]) == both[1]
    told = ["Police counted 12 dead on Tuesday.", "The mayor counted 14 on Wednesday."]
    assert find_smoothed(both, told) is None


def test_where_only_the_bounds_differ_the_words_must_stand_there() -> None:
    bounds = differing(("at least 14", 1), ("14", 2))
    assert find_smoothed(bounds, ["It was 15 people."]) == bounds[0]
    assert find_smoothed(bounds, ["It was at least 14, or 14 people."]) is None


def test_names_are_sides_as_well() -> None:
    names = differing(("Ada Miller", 1), ("Ben Lund", 2))
    assert find_smoothed(names, ["Ada Miller won, wrote one; Ben Lund, another."]) is None
    assert find_smoothed(names, ["Ada Miller won."]) == names[0]


def test_where_nothing_differs_nothing_is_smoothed() -> None:
    assert find_smoothed((), ["Police counted 12 dead."]) is None
