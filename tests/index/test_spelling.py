from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog
from index.embedding.word_vectors import WordVectors
from index.language.spelling import correct_terms, count_edits
from tests.index.shelf import run_reindex, settings_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """Kravchenkova meets Oleskiv

Prime Minister Darya Kravchenkova met General Oleskiv in Brodnytsia on Tuesday, and they spoke of
the reconstruction of the harbour. The reconstruction will cost nine million.

Reporters asked about the granaries of Brodnytsia.
"""


@pytest.fixture
def corrected(tmp_path: Path) -> Callable[..., dict[str, str]]:
    settings = settings_in(tmp_path)
    settings.corpus.mkdir()
    (settings.corpus / "meeting.txt").write_text(TEXT, encoding="utf-8")
    run_reindex(settings)

    def corrected(*words: str) -> dict[str, str]:
        with Catalog(settings.folder).snapshot() as snapshot:
            terms = {word.lower(): word for word in words}
            return correct_terms(terms, snapshot=snapshot, word_vectors=WordVectors())

    return corrected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Oleskyv", "oleskiv"),
        ("Oleksiv", "oleskiv"),
        ("Olesiv", "oleskiv"),
        ("Olesskiv", "oleskiv"),
        ("Kravchenkowa", "kravchenkova"),
        ("Kravtschenkova", "kravchenkova"),
    ],
)
def test_another_spelling_of_a_name_is_read_as_the_articles_spell_it(
    corrected: Callable[..., dict[str, str]], written: str, meant: str
) -> None:
    assert corrected(written) == {written.lower(): meant}


@pytest.mark.parametrize(
    "word",
    [
        "oleskiv",  # the articles have it
        "harbor",  # an ordinary word, one letter from one of theirs
        "Olk",  # too short to tell
        "Oles1iv",  # a figure is never a slip
        "Zravchenkova",  # the first letter is seldom wrong
        "Krywtschenkowo",  # too far
        "Vandelkamp",  # nothing is near
    ],
)
def test_other_words_stay_as_they_are(corrected: Callable[..., dict[str, str]], word: str) -> None:
    assert corrected(word) == {}


def test_of_a_long_pasted_text_only_a_few_words_are_looked_at(
    corrected: Callable[..., dict[str, str]],
) -> None:
    assert len(corrected(*(f"Oleskiv{letter * 1}" for letter in "bcdfghjklm"))) == 4


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("word", "word", 0),
        ("word", "wrod", 1),
        ("word", "words", 1),
        ("word", "wad", 2),
        ("word", "", 3),
    ],
)
def test_edits_are_counted_up_to_the_limit(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other, 2) == edits


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_edits_count_the_same_both_ways_and_are_none_for_the_same_word(
    one: str, other: str
) -> None:
    assert count_edits(one, other, 9) == count_edits(other, one, 9)
    assert (count_edits(one, other, 9) == 0) == (one == other)
