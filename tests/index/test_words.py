from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.words import split_words, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the U.S. Navy", "US Navy"),
        ("U.N. resolutions", "UN resolution"),
        ("10,000 troops", "10000 troop"),
        ("Pyongyang’s army", "pyongyang army"),
        ("the café's owners", "cafe owner"),
        ("Deployed", "deploying"),
        ("30th", "30"),
    ],
)
def test_spellings_of_one_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("10,000", "1,000"), ("1.5 million", "15 million"), ("Iran", "Iraq"), ("7", "70")],
)
def test_different_figures_and_names_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_stop_words_carry_no_term_but_keep_their_place() -> None:
    words = split_words("Who is it?")
    assert [word.term for word in words] == ["", "", ""]
    assert [(word.start, word.end) for word in words] == [(0, 3), (4, 6), (7, 9)]


def test_an_abbreviation_in_capitals_is_no_stop_word() -> None:
    assert terms("US") == ["us"]
    assert terms("us") == []
    assert terms("The WHO said") == ["who", "said"]


@given(st.text())
def test_words_stand_where_they_say_in_any_text(text: str) -> None:
    words = split_words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert terms(text) == [word.term for word in words if word.term]
