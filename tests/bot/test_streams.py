from __future__ import annotations

import io
import sys

import pytest

from bot.streams import OutputError, emit, make_console, prepare_streams, say, warn


def test_what_is_said_is_one_clean_line_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("no folder \x1b[2Jhere;\nmake one")
    warn("a.txt: it is empty")
    assert capsys.readouterr() == (
        "",
        "pullquote: no folder here; make one\npullquote: warning: a.txt: it is empty\n",
    )


def test_letters_that_a_stream_cannot_encode_become_question_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    prepare_streams()
    emit("Ж – ok\n", flush=True)
    assert raw.getvalue() == b"? ? ok\n"


def test_a_closed_standard_output_is_an_error_a_person_can_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="standard output is closed"):
        emit("x")


def test_a_console_reads_no_markup_and_honours_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    console = make_console()
    with console.capture() as captured:
        console.print("[bold]x[/bold] :smile: 7", style="bold red link https://example.org")
    assert captured.get() == "[bold]x[/bold] :smile: 7\n"
