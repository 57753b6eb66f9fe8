"""What changes a sentence without a word that the verifier reads is not shown."""

from __future__ import annotations

import pytest

from index.writing.source import Source
from index.writing.vouch import find_fault

QUOTE = (
    "At least 12 people died and 3.5 million euros were lost when the dam above Sellin broke on"
    " Tuesday, the council said, calling the wall “rotten”."
)
SOURCES = {1: Source(number=1, text=QUOTE)}
HONEST = "At least 12 people died when the dam above Sellin broke on Tuesday"


def test_the_sentence_itself_may_be_shown() -> None:
    assert find_fault(f"{HONEST} [1].", SOURCES) is None
    assert find_fault("The council called the wall “rotten” [1].", SOURCES) is None


@pytest.mark.parametrize("figure", ["१००", "1२", "١٢", "½", "12 ₁₀₀", "12²", "１２"])
def test_figures_in_other_scripts_are_not_shown(figure: str) -> None:
    assert find_fault(f"{HONEST.replace('12', figure)} [1].", SOURCES) is not None


@pytest.mark.parametrize("sign", ["‰", "′", "¬", "❌", "💩", "卐", "不", "не"])
def test_signs_that_no_quote_has_are_not_shown(sign: str) -> None:
    assert find_fault(f"{HONEST.replace('12', f'12 {sign}')} [1].", SOURCES) == "glyph"


@pytest.mark.parametrize("unseen", ["\u00ad", "\ufeff", "\u061c", "\U000e0041", "\ud800", "\u200b"])
def test_what_cannot_be_seen_is_not_shown(unseen: str) -> None:
    assert find_fault(f"{HONEST}{unseen} [1].", SOURCES) in {"glyph", "markup"}


@pytest.mark.parametrize("denial", ["nicht", "keine", "pas", "não", "nie"])
def test_denials_in_other_languages_are_not_shown(denial: str) -> None:
    assert find_fault(f"{HONEST.replace('died', f'{denial} died')} [1].", SOURCES) == "denial"


@pytest.mark.parametrize("end", ["!", "?", "?!", " (!)", "!!!"])
def test_astonishment_of_the_model_s_own_is_not_shown(end: str) -> None:
    assert find_fault(f"{HONEST}{end} [1]", SOURCES) == "tone"


def test_a_word_between_marks_that_nobody_said_is_not_shown() -> None:
    assert find_fault(f"{HONEST.replace('died', '“died”')} [1].", SOURCES) == "tone"
