from __future__ import annotations

import pytest

from index.selecting.extend import LONGEST, whole_quotation
from index.selecting.rows import Row, read_sentence
from index.types import Sentence


def rows(
    *sentences: str, paragraphs: tuple[int, ...] = (), hits: tuple[int, ...] = ()
) -> list[Row]:
    found, start = [], 0
    for number, text in enumerate(sentences):
        paragraph = paragraphs[number] if paragraphs else 1
        sentence = Sentence(start=start, end=start + len(text), paragraph=paragraph)
        hit = hits[number] if hits else 0
        found.append(Row(hit=hit, sentence=sentence, words=read_sentence(text)))
        start += len(text) + 1
    return found


STRAIGHT = (
    "She came late.",
    '"We are not selling speed.',
    "We sell the view,",
    'and the quiet," Oehl said.',
    "Nobody laughed.",
)
CURLY = tuple(text.replace('"We', "“We").replace('quiet,"', "quiet,”") for text in STRAIGHT)


@pytest.mark.parametrize("sentences", [STRAIGHT, CURLY])
@pytest.mark.parametrize(
    ("number", "whole"), [(0, (0, 0)), (1, (1, 3)), (2, (1, 3)), (3, (1, 3)), (4, (4, 4))]
)
def test_a_sentence_of_a_quotation_brings_the_whole_and_its_speaker(
    sentences: tuple[str, ...], number: int, whole: tuple[int, int]
) -> None:
    assert whole_quotation(rows(*sentences), number) == whole


def test_a_quotation_within_one_sentence_needs_no_more() -> None:
    found = rows('"It is over," he said.', 'She called it "a start" and left.', '"Yes."')
    assert [whole_quotation(found, number) for number in range(3)] == [(0, 0), (1, 1), (2, 2)]


def test_a_quotation_that_goes_on_in_the_next_paragraph_ends_with_its_own() -> None:
    found = rows("“We lost it all.", "“Then we began again,” she said.", paragraphs=(1, 2))
    assert whole_quotation(found, 0) == (0, 0)
    assert whole_quotation(found, 1) == (1, 1)


def test_nothing_is_taken_from_another_passage() -> None:
    found = rows("“We lost it all.", "Then we began again,” she said.", hits=(0, 1))
    assert whole_quotation(found, 0) == (0, 0)


def test_a_quotation_that_never_ends_is_taken_to_the_end_of_its_paragraph() -> None:
    found = rows("“We lost it all.", "The house.", "The barn.", "He left.", paragraphs=(1, 1, 1, 2))
    assert whole_quotation(found, 1) == (0, 2)


def test_a_quotation_that_would_be_too_long_is_left_as_the_sentence() -> None:
    found = rows("“" + "a" * LONGEST + ".", "Then we began,” she said.")
    assert whole_quotation(found, 1) == (1, 1)
