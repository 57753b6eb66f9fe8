from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embed import MODELS
from index.embedding.word_vectors import WordVectors
from index.errors import EmbedderError

if TYPE_CHECKING:
    from pathlib import Path


def test_words_of_like_meaning_lie_closer_than_others() -> None:
    soldiers, troops, bread = WordVectors().look_up(["soldiers", "troops", "bread"])
    assert soldiers @ troops > 0.6
    assert soldiers @ bread < 0.3


def test_every_vector_has_unit_length_and_case_does_not_matter() -> None:
    vectors = WordVectors().look_up(["Kursk", "kursk", "zweihundertsiebzehn", "10,000"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_odd_words_and_no_words_are_no_trouble() -> None:
    words = WordVectors()
    assert words.look_up([]).shape == (0, 128)
    assert words.look_up(["", "\u200b", "🦊", "\ud800", "[PAD]", "漢字"]).shape == (6, 128)


def test_a_word_has_one_vector_whatever_it_is_looked_up_with() -> None:
    mixed = ["troops", "", "zweihundertsiebzehn", "\u200b", "Kursk", "O'Neill", "troops"]
    together = WordVectors().look_up(mixed)
    apart = np.concatenate([WordVectors().look_up([word]) for word in mixed])
    np.testing.assert_allclose(together, apart, atol=1e-6)


def test_words_are_found_again_after_the_memory_was_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.word_vectors.REMEMBERED", 3)
    words = WordVectors()
    first = words.look_up(["mill", "dam"])
    again = words.look_up(["mill", "dam", "harbour", "bridge"])
    np.testing.assert_allclose(again[:2], first, atol=1e-6)


@pytest.mark.parametrize("word", ["Harbour", "digestion", "inversely", "sponges", "1945"])
def test_ordinary_words_and_those_with_an_ending_are_known(word: str) -> None:
    assert WordVectors().knows(word)


@pytest.mark.parametrize("word", ["srevice", "Kravchenkova", "parliment", "🦊", "\ud800", ""])
def test_slips_and_rare_names_are_not_known(word: str) -> None:
    assert not WordVectors().knows(word)


def test_a_missing_table_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    shutil.copy(MODELS / "tokenizer.json", tmp_path)
    with pytest.raises(EmbedderError, match="reinstall pullquote"):
        WordVectors(tmp_path).look_up(["word"])


def test_a_damaged_table_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    shutil.copy(MODELS / "tokenizer.json", tmp_path)
    (tmp_path / "words.npy").write_bytes(b"no array")
    with pytest.raises(EmbedderError, match="reinstall pullquote"):
        WordVectors(tmp_path).look_up(["word"])
