"""``pullquote show ARTICLE --history``, as a person and a script see it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import cli

TEXT = """The bridge over the Aln is open

The bridge was opened on Monday, the mayor said. It cost 12 million crowns. Two lanes are closed.
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an article that was edited twice, and another that was not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mill.txt").write_text("The mill is shut. Nobody works there now.\n")
    edited = TEXT.replace("12 million", "14 million")
    for text in (TEXT, edited, edited.replace("Two lanes are closed.", "Trams cross it too.")):
        (tmp_path / "corpus" / "bridge.txt").write_text(text)
        assert cli.main(["index"]) == 0
    return tmp_path


def show(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = cli.main(["show", *options])
    written = capsys.readouterr()
    return status, re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", written.out), written.err


def test_a_history_tells_what_each_edit_changed(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = """\
The bridge over the Aln is open
bridge.txt

TIME  indexed

TIME  1 changed
  - It cost 12 million crowns.
  + It cost 14 million crowns.

TIME  1 gone, 1 new
  - Two lanes are closed.
  + Trams cross it too.
"""
    assert show(capsys, "bridge", "--history") == (0, expected, "")
    (place / "corpus" / "bridge.txt").unlink()
    cli.main(["index"])
    gone = expected + "\nTIME  withdrawn: its file has gone\n"
    for name in ("bridge.txt", "./bridge.txt", "corpus/bridge.txt"):
        assert show(capsys, name, "--history") == (0, gone, "")


def test_a_history_for_scripts_has_exact_slices(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = show(capsys, "bridge", "--history", "--json")
    told = json.loads(out)
    assert (status, told["article"], told["live"], len(told["versions"])) == (
        0,
        "bridge.txt",
        True,
        3,
    )
    (change,) = told["versions"][1]["changes"]
    before, after = change["before"], change["after"]
    assert TEXT[before["start"] : before["end"]] == before["text"] == "It cost 12 million crowns."
    assert after["text"] == "It cost 14 million crowns."
    assert told["versions"][0]["ended"] == told["versions"][1]["made"]
    assert told["versions"][2]["ended"] is None
    assert (place / "corpus" / "bridge.txt").exists()


@pytest.mark.usefixtures("place")
def test_an_article_that_was_never_edited_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = show(capsys, "mill", "--history")
    assert (status, out.splitlines()[2:]) == (0, ["", "TIME  indexed"])


@pytest.mark.usefixtures("place")
def test_what_matches_nothing_or_is_asked_for_twice_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, err = show(capsys, "nothing", "--history")
    assert (status, out) == (2, "")
    assert 'no article matches "nothing"' in err
    status, _, err = show(capsys, "mill", "--history", "--quote", "0:4")
    assert status == 2
    assert "name one of --quote and --history" in err
