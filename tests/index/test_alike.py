from __future__ import annotations

import pytest

from index.language.alike import is_same_sentence

SENTENCE = "The harbour master said on Monday that 14 boats were lost in the storm near Eastport."


@pytest.mark.parametrize(
    "other",
    [
        SENTENCE,
        "The harbor master said on Monday that 14 boats were lost in the storm near Eastport.",
        "The harbour master said Monday that 14 boats had been lost in the storm near Eastport.",
        "“The harbour master said on Monday that 14 boats were lost in the storm near Eastport”",
    ],
)
def test_a_sentence_printed_again_is_the_same(other: str) -> None:
    assert is_same_sentence(SENTENCE, other)
    assert is_same_sentence(other, SENTENCE)


@pytest.mark.parametrize(
    "other",
    [
        SENTENCE.replace("14", "41"),
        SENTENCE.replace("were lost", "were not lost"),
        SENTENCE.replace("said", "never said"),
        "The harbour master said on Monday that 14 people were rescued by boats from Westport.",
        "Fourteen boats were lost.",
        "",
    ],
)
def test_another_figure_a_negation_or_other_words_are_another_sentence(other: str) -> None:
    assert not is_same_sentence(SENTENCE, other)
