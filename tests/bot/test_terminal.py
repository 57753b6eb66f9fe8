from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot.streams import READING_WIDTH
from bot.terminal import render_answer
from index.types import Answer
from tests.bot.examples import ANSWERED, SILENT, make_citation, make_quote


def show(answer: Answer, *, width: int = 80, color: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=True,
        color_system="standard" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    console.print(render_answer(answer))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_an_answer_is_quotes_behind_a_bar_sides_and_sources() -> None:
    lines = [line.rstrip() for line in show(ANSWERED).splitlines()]
    assert lines == [
        "▌ The ferry sank off the coast, and 41 people were rescued by fishing boats. [1]",
        "▌ also in [2]",
        "",
        "▌ Rescuers pulled 38 people out of the water. [2]",
        "",
        "The articles differ (people):",
        "41  the coast guard  Coast Herald  4 May 2023  [1]",
        "38                                 undated     [2]",
        "",
        '[1] Coast Herald — "Ferry sinks in storm", 4 May 2023, paragraph 3,',
        "    https://example.org/ferry",
        '[2] "Boats", undated, paragraph 1, b.txt',
    ]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("answer", [ANSWERED, SILENT])
def test_no_line_is_wider_than_the_terminal(answer: Answer, width: int) -> None:
    assert max(len(line) for line in show(answer, width=width).splitlines()) <= width


def test_a_wrapped_quote_keeps_its_bar_on_every_line() -> None:
    quoted = show(replace(SILENT, citations=()), width=30).split("answer:")[1]
    assert all(line.startswith("▌ ") for line in quoted.strip().splitlines())


def test_quotes_stay_readable_on_a_wide_terminal() -> None:
    answer = replace(ANSWERED, quotes=(make_quote("word " * 60),), differences=())
    bars = [line for line in show(answer, width=200).splitlines() if line.startswith("▌")]
    assert max(len(line.rstrip()) for line in bars) <= READING_WIDTH


def test_the_answering_words_are_bold_and_nothing_else_of_the_quote() -> None:
    assert "and \x1b[1m41\x1b[0m people" in show(replace(ANSWERED, differences=()), color=True)


def test_a_source_with_an_address_is_a_link_to_the_quote() -> None:
    shown = show(ANSWERED, color=True)
    assert ";https://example.org/ferry#:~:text=The%20ferry" in shown


def test_on_a_narrow_terminal_a_difference_is_a_list() -> None:
    shown = show(ANSWERED, width=40)
    assert "· 41 · the coast guard · Coast Herald" in shown
    assert "· 38 · undated · [2]" in shown


def test_silence_marks_the_nearest_as_no_answer() -> None:
    shown = show(SILENT)
    assert shown.startswith("The articles don't say. Searched 1,200 articles")
    assert shown.index("Nearest, but not an answer:") < shown.index("▌ The ferry")


def test_an_article_is_shown_as_text_never_as_markup_or_escape_sequences() -> None:
    hostile = "[bold]x[/bold] :smile:\x07\x1b[31mred"
    answer = replace(
        ANSWERED,
        quotes=(make_quote(hostile),),
        citations=(make_citation(title=hostile, url="https://example.org/\x1b]8;;\x07"),),
    )
    assert "[bold]x[/bold] :smile: red [1]" in show(answer)
    assert not set(show(answer)) & {"\x1b", "\x07"}
