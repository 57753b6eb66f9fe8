from __future__ import annotations

import json
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.escape import clean_block, clean_line, json_line

ANYTHING = st.text(alphabet=st.characters(categories=None), max_size=60)


@given(ANYTHING)
def test_a_shown_block_has_no_control_character_but_the_line_feed(text: str) -> None:
    shown = clean_block(text)
    assert {unicodedata.category(letter) for letter in shown.replace("\n", "")} & {
        "Cc",
        "Cs",
    } == set()


@given(ANYTHING)
def test_offsets_into_a_text_hold_in_what_is_shown_of_it(text: str) -> None:
    assert len(clean_block(text)) == len(text)


@given(ANYTHING)
def test_a_shown_line_is_one_line(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1


@given(ANYTHING)
def test_json_is_exact_and_one_harmless_line(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line)["text"] == text
    assert len(line.splitlines()) == 1
    assert {unicodedata.category(letter) for letter in line} & {"Cc", "Cs"} == set()


def test_a_whole_escape_sequence_goes_not_only_its_first_character() -> None:
    assert clean_line("a\x1b[31mred\x1b[0m b") == "a red b"
    assert clean_line("a\x1b]8;;http://evil.example\x07link\x1b]8;;\x07") == "a link"
    assert clean_line("a\x9b2Jb") == "a b"


def test_text_of_other_scripts_is_left_as_it_is() -> None:
    text = "Київ’s 東京 العربية 👩‍👧 naïve"
    assert clean_line(text) == text
    assert sys.stdout.encoding.lower() != "utf-8" or text in json_line(text)


def test_a_text_cannot_turn_the_reading_direction() -> None:
    assert clean_line("safe\u202eexe.txt") == "safe exe.txt"
