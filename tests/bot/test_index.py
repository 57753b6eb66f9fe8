"""``pullquote index`` with ``--check``, ``--repair``, ``--rebuild`` or ``--prune``, as seen."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from bot import cli
from tests.index.shelf import write_article


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two articles and their index."""
    folder = tmp_path_factory.mktemp("place")
    for name in ("mill.txt", "dam.txt"):
        write_article(folder / "corpus", name)
    options = ["--corpus", str(folder / "corpus"), "--index", str(folder / ".pullquote")]
    assert cli.main(["index", *options]) == 0
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to work in."""
    place = tmp_path / "place"
    shutil.copytree(built, place)
    monkeypatch.chdir(place)
    return place


def index(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = cli.main(["index", *options])
    written = capsys.readouterr()
    return status, written.out, written.err


@pytest.mark.usefixtures("place")
def test_an_index_in_order_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert index(capsys, "--check") == (0, "Catalog, vectors and corpus agree.\n", "")
    status, out, _ = index(capsys, "--check", "--json")
    assert (status, json.loads(out)) == (0, {"differs": False, "findings": []})


def test_each_difference_is_one_line_and_the_last_says_what_to_do(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "corpus" / "dam.txt").unlink()
    status, out, err = index(capsys, "--check")
    assert (status, err) == (2, "")
    assert out.splitlines() == [
        "corpus: dam.txt: the file is gone",
        "1 thing differs; to set it right: pullquote index",
    ]
    shutil.rmtree(place / ".pullquote" / "chroma")
    (place / ".pullquote" / "catalog.sqlite3").write_bytes(b"nothing" * 1000)
    status, out, _ = index(capsys, "--check", "--json")
    (finding,) = json.loads(out)["findings"]
    assert status == 2
    assert (finding["part"], finding["article"], finding["remedy"]) == ("catalog", None, "repair")


def test_a_repair_mends_and_says_what_was_rebuilt(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(place / ".pullquote" / "chroma")
    status, out, err = index(capsys, "--repair")
    assert status == 0
    assert out.startswith("Articles: 0 new, 0 changed, 0 gone, 2 unchanged, 0 failed.")
    assert err.strip().endswith("vector index rebuilt: its files were missing or damaged")
    assert index(capsys, "--check")[0] == 0


def test_a_rebuild_and_then_pruning_forget_what_was_superseded(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_article(place / "corpus", "dam.txt", edition=2)
    status, out, _ = index(capsys, "--rebuild", "--json")
    assert status == 0
    assert json.loads(out)["changed"] == 1
    status, out, _ = index(capsys, "--prune")
    assert status == 0
    assert out.startswith("Forgotten: 1 superseded version and 6 unused vectors; ")
    status, out, _ = index(capsys, "--prune", "--json")
    assert json.loads(out) == {"versions": 0, "vectors": 0, "bytes": 0}


@pytest.mark.usefixtures("place")
def test_one_thing_is_done_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = index(capsys, "--check", "--prune")
    assert (status, out) == (2, "")
    assert "name one of --check, --repair, --rebuild and --prune" in err


def test_without_an_index_there_is_nothing_to_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = index(capsys, "--check", "--index", str(tmp_path / "none"))
    assert status == 2
    assert "there is no index in" in err
    assert err.count("\n") == 1


def test_what_moved_and_what_is_a_copy_is_counted_and_named(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = place / "corpus"
    (corpus / "dam.txt").rename(corpus / "weir.txt")
    text = "---\nurl: https://example.org/news/1\n---\n\n" + (corpus / "mill.txt").read_text()
    for name, time in (("mill.txt", 2_000_000_000), ("copy.txt", 1_000_000_000)):
        (corpus / name).write_text(text)
        os.utime(corpus / name, (time, time))
    status, out, err = index(capsys)
    assert status == 0
    assert (
        ": 0 new, 1 changed, 0 gone, 0 unchanged, 0 failed, 1 moved, 1 left out as copies. " in out
    )
    assert err.endswith("copy.txt is another copy of mill.txt, which is newer: it is not indexed\n")
    assert index(capsys, "--check")[0] == 0
