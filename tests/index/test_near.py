from __future__ import annotations

import pytest

from index.language.near import nearness, place_words


def near(text: str, value: str, *asked: str) -> float:
    start = text.index(value)
    return nearness(text, set(asked), start, start + len(value))


def test_the_nearer_word_counts_more_and_two_count_more_than_one() -> None:
    text = "the mast fell in 1990"
    assert near(text, "1990", "fell") > near(text, "1990", "mast")
    assert near(text, "1990", "fell", "mast") > near(text, "1990", "fell")


def test_a_comma_parts_what_a_space_joins() -> None:
    assert near("mast in 1990", "1990", "mast") > near("mast, in 1990", "1990", "mast")


def test_what_stands_in_brackets_takes_no_room() -> None:
    with_brackets = near("50 km (about 30 miles or so) off the coast", "50", "coast")
    assert with_brackets == near("50 km off the coast", "50", "coast")


def test_words_of_the_value_itself_do_not_count() -> None:
    assert near("the nine masts fell", "nine masts", "mast") == near("nine", "nine", "mast") > 0


@pytest.mark.parametrize("text", ["", "(", ")(", "a) b (c", "((a))", "🙂"])
def test_any_text_has_places(text: str) -> None:
    placed = place_words(text)
    assert [text[word.start : word.end] for word in placed] == [c for c in text if c.isalpha()]
