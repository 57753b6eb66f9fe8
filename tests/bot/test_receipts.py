"""``pullquote receipts``: an answer of the bot, verified again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import cli
from bot.discord.store import Kept, Store
from index.open import open_library
from index.settings import Settings

TEXT = """The bridge over the Aln is open

The bridge was opened on Monday, the mayor said. It cost 12 million crowns to build. Two lanes are
closed.
"""
ID = "0123456789ab"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an article, and an answer from it that the bot has kept."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bridge.txt").write_text(TEXT)
    assert cli.main(["index"]) == 0
    library = open_library(Settings())
    answer = library.ask("How much did the bridge cost to build?")
    library.close()
    assert [quote.text for quote in answer.quotes] == ["It cost 12 million crowns to build."]
    Store(tmp_path / ".pullquote").keep(Kept(id=ID, asker="someone", channel=1, answer=answer))
    return tmp_path


def receipts(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = cli.main(["receipts", *options])
    written = capsys.readouterr()
    return status, re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", written.out), written.err


def edit(place: Path, before: str, after: str) -> None:
    path = place / "corpus" / "bridge.txt"
    path.write_text(path.read_text().replace(before, after))
    assert cli.main(["index"]) == 0


def test_a_quote_that_stands_is_said_to(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = """\
How much did the bridge cost to build?

[1] "It cost 12 million crowns to build."
    bridge.txt: stands
"""
    assert receipts(capsys, ID) == (0, expected, "")
    edit(place, "12 million", "14 million")
    expected = """\
How much did the bridge cost to build?

[1] "It cost 12 million crowns to build."
    bridge.txt: the article was edited on TIME; this now reads:
    > It cost 14 million crowns to build.
"""
    assert receipts(capsys, ID.upper()) == (1, expected, "")


def test_a_receipt_for_scripts_has_exact_slices(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(place, "It cost 12 million crowns to build. ", "")
    status, out, _ = receipts(capsys, ID, "--json")
    told = json.loads(out)
    (quote,) = told["quotes"]
    assert (status, told["stands"]) == (1, False)
    assert (quote["verdict"], quote["now"], quote["article"]) == ("edited", [], "bridge.txt")
    assert quote["since"].endswith("+00:00")
    assert receipts(capsys, ID)[1].endswith(
        "    bridge.txt: the article was edited on TIME and says nothing like it now\n"
    )


@pytest.mark.parametrize("name", ["", "..", "3f9a01bc44d", "3f9a01bc44deg", "ü" * 12, "0" * 13])
def test_what_is_no_id_is_one_line(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = "pullquote: an answer's id is 12 hexadecimal digits, like 3f9a01bc44de\n"
    assert receipts(capsys, name) == (2, "", expected)


def test_without_an_index_no_answer_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = "pullquote: there is no index in .pullquote, and so no answer is kept\n"
    assert receipts(capsys, ID) == (2, "", expected)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.usefixtures("place")
def test_an_answer_that_is_not_kept_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = receipts(capsys, "ffffffffffff")
    assert (status, out) == (2, "")
    assert err.startswith('pullquote: no answer "ffffffffffff" is kept')
    assert err.count("\n") == 1
