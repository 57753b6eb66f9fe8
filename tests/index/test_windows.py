"""How question and passages are cut into what the reader can take in."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embed import MODELS, TOKENIZER, open_tokenizer
from index.windows import (
    OVERLAP,
    WINDOW_TOKENS,
    Window,
    cut_windows,
    join_tokens,
    split_tokens,
)

SENTENCE = "The mayor, Ines Farrow, said that 4,000 people had fled. "


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer(MODELS / TOKENIZER)


def cut(tokens: int, question_tokens: int) -> list[Window]:
    ids = list(range(tokens))
    return list(cut_windows(ids, [(number, number + 1) for number in ids], question_tokens))


def test_a_passage_that_fits_is_one_window() -> None:
    (window,) = cut(200, 12)
    assert window == Window(list(range(200)), [(n, n + 1) for n in range(200)])


def test_a_passage_without_words_has_no_window() -> None:
    assert cut(0, 12) == []


@settings(max_examples=200, deadline=None)
@given(tokens=st.integers(1, 2_000), question_tokens=st.integers(0, 64))
def test_windows_hold_every_token_fit_the_model_and_overlap(
    tokens: int, question_tokens: int
) -> None:
    windows = cut(tokens, question_tokens)
    assert [window.ids[0] for window in windows][:1] == [0]
    assert windows[-1].ids[-1] == tokens - 1
    for window in windows:
        ids, _ = join_tokens([1] * question_tokens, window.ids)
        assert len(ids) <= WINDOW_TOKENS
    for before, after in pairwise(windows):
        assert len(set(before.ids) & set(after.ids)) >= OVERLAP


def test_windows_of_a_passage_are_of_like_length() -> None:
    lengths = [len(window.ids) for window in cut(300, 12)]
    assert len(lengths) == 2
    assert max(lengths) - min(lengths) <= 2


def test_the_passage_starts_after_the_question() -> None:
    ids, before = join_tokens([11, 12], [21, 22, 23])
    assert ids == [101, 11, 12, 102, 21, 22, 23, 102]
    assert ids[before:-1] == [21, 22, 23]


def test_a_long_text_keeps_all_its_tokens_at_their_places(tokenizer: Tokenizer) -> None:
    text = SENTENCE * 60
    ids, offsets = split_tokens(tokenizer, text)
    short = tokenizer.encode(SENTENCE, add_special_tokens=False)
    assert ids == short.ids * 60
    assert "".join(text[start:end] for start, end in offsets).count("InesFarrow") == 60


def test_an_empty_text_has_no_tokens(tokenizer: Tokenizer) -> None:
    assert split_tokens(tokenizer, "") == ([], [])


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=900))
def test_offsets_of_any_text_rise_and_stay_inside(text: str) -> None:
    ids, offsets = split_tokens(open_tokenizer(MODELS / TOKENIZER), text)
    assert len(ids) == len(offsets)
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)


def test_a_word_longer_than_a_piece_is_cut_and_lost_nowhere(tokenizer: Tokenizer) -> None:
    text = "a" * 700 + " end"
    _, offsets = split_tokens(tokenizer, text)
    assert text[slice(*offsets[-1])] == "end"


def test_names_of_special_tokens_are_words_of_the_passage(tokenizer: Tokenizer) -> None:
    ids, _ = split_tokens(tokenizer, "He wrote [SEP] and [CLS].")
    assert not {101, 102} & set(ids)
