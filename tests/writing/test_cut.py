from __future__ import annotations

import pytest

from index.writing.cut import LONGEST, Cutter


def cut(text: str, size: int = 1) -> tuple[list[str], list[str]]:
    """The sentences that were whole before the end, and those left at the end."""
    cutter = Cutter()
    early = [
        one
        for start in range(0, len(text), size)
        for one in cutter.feed(text[start : start + size])
    ]
    return early, cutter.finish()


def whole(text: str, size: int = 1) -> list[str]:
    early, late = cut(text, size)
    return early + late


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("12 died [1]. Others say 14 [2][3].", ["12 died [1].", "Others say 14 [2][3]."]),
        ("12 died. [1] Others say 14. [2] [3]\n", ["12 died. [1]", "Others say 14. [2] [3]"]),
        ("“It broke,” she said [1]. He left [2].", ["“It broke,” she said [1].", "He left [2]."]),
        (
            "Dr. Lem of the U.S. Senate paid $3.5 million [1]. It rained [2].",
            ["Dr. Lem of the U.S. Senate paid $3.5 million [1].", "It rained [2]."],
        ),
        ("- 12 died [1].\n- 13 left [2].\n", ["12 died [1].", "13 left [2]."]),
        ("1. It rained [1].\n2. It snowed [2].", ["It rained [1].", "It snowed [2]."]),
        ("12 people\ndied [1].\n\n13 left [2].", ["12 people\ndied [1].", "13 left [2]."]),
        ("<think>Is it [1]. Yes.</think>\n12 died [1].", ["12 died [1]."]),
        ("```\n12 died [1].\n```", ["12 died [1]."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_the_same_however_they_come(
    text: str, sentences: list[str], size: int
) -> None:
    assert whole(text, size) == sentences


def test_a_sentence_is_given_as_soon_as_another_has_begun() -> None:
    cutter = Cutter()
    assert cutter.feed("12 people died. ") == []
    assert cutter.feed("[1] ") == []
    assert cutter.feed("Others were ") == ["12 people died. [1]"]


@pytest.mark.parametrize("text", ["12 died [1]. And then the ma", "12 died [1]. 13", "The ma"])
def test_a_sentence_that_breaks_off_is_given_as_an_empty_one(text: str) -> None:
    assert whole(text)[-1] == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"sentences": [{"text": "12 died.", "citations": [1, 2]}, {"text": "It rained [3]."}]}',
        '```json\n{"sentences":[{"sentence":"12 died.","numbers":[1,2]},"It rained [3]."]}\n```',
        '[{"text": "12 died. [1][2]", "quotes": [7]}, {"content": "It rained [3]."}]',
        '{"answer": "12 died. [1][2] It rained [3]."}',
    ],
)
def test_json_is_read_once_it_is_whole(text: str) -> None:
    early, late = cut(text, 4)
    assert early == []
    assert [one.replace(" [", "[") for one in late] == ["12 died.[1][2]", "It rained[3]."]


@pytest.mark.parametrize(
    "text", ['{"sentences": [{"te', "{nonsense}", "[[[[", '[{"a":' + "[" * 3000]
)
def test_broken_json_is_a_sentence_that_breaks_off_or_nothing(text: str) -> None:
    assert set(whole(text, 50)) <= {""}


def test_whatever_does_not_end_is_full_at_some_time() -> None:
    cutter = Cutter()
    for _ in range(LONGEST // 10 + 1):
        cutter.feed("so it went")
    assert cutter.is_full
    thinking = Cutter()
    thinking.feed("<think>" + "hm " * LONGEST)
    assert not thinking.is_full
    thinking.feed("hm " * 20_000)
    assert thinking.is_full
