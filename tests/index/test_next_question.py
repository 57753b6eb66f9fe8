"""A process that is asked in a loop sees what others did to the index at its next question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent

LANDING = """Zeppelin lands in Brackwater

The zeppelin Orlando landed in Brackwater on Sunday with {} passengers, the harbour master said.

It will stay until the gale is over, she said.
"""
MARKET = """Fish market moves

The fish market of Brackwater moves to the northern quay in March, the council decided.
"""
PASSENGERS = "How many passengers did the zeppelin Orlando land with?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Loop:
    """``pullquote ask --json -``, running all the while, and its index."""

    folder: Path
    given: IO[str]
    told: IO[str]

    @property
    def options(self) -> list[str]:
        return ["--corpus", str(self.folder / "corpus"), "--index", str(self.folder / "index")]

    def ask(self, question: str = PASSENGERS) -> tuple[str, str]:
        """The first quote and its article; two empty strings where the articles don't say."""
        self.given.write(question + "\n")
        self.given.flush()
        answer = json.loads(self.told.readline())
        if not answer["grounded"]:
            return "", ""
        quote = answer["quotes"][0]
        text = (self.folder / "corpus" / quote["article"]).read_text()
        assert text[quote["start"] : quote["end"]] == quote["text"]
        return quote["text"], quote["article"]

    def write(self, passengers: int, name: str = "zeppelin.txt") -> None:
        (self.folder / "corpus" / name).write_text(LANDING.format(passengers))

    def index(self, *options: str) -> None:
        """Index in a process of its own."""
        command = [sys.executable, "-m", "bot", "index", *options, *self.options]
        subprocess.run(command, env=environment(), capture_output=True, check=True)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """A process that has been asked something already, so that it has everything open."""
    folder = tmp_path_factory.mktemp("loop")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "market.txt").write_text(MARKET)
    options = ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", *options, "-"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        loop = Loop(folder=folder, given=process.stdin, told=process.stdout)
        for _ in range(2):
            assert loop.ask("When does the fish market of Brackwater move?")[1] == "market.txt"
        yield loop
        process.stdin.close()
        assert process.stderr.read() == ""
        assert process.wait() in {0, 1}


def test_what_is_added_edited_moved_and_deleted_is_seen_at_the_next_question(loop: Loop) -> None:
    assert loop.ask() == ("", "")
    loop.write(31)
    loop.index()
    said, path = loop.ask()
    assert ("31 passengers" in said, path) == (True, "zeppelin.txt")

    loop.write(34)
    loop.index()
    assert "34 passengers" in loop.ask()[0]

    corpus = loop.folder / "corpus"
    (corpus / "old").mkdir()
    (corpus / "zeppelin.txt").rename(corpus / "old" / "landing.txt")
    loop.index()
    said, path = loop.ask()
    assert ("34 passengers" in said, path) == (True, "old/landing.txt")

    (corpus / "old" / "landing.txt").unlink()
    loop.index()
    assert loop.ask() == ("", "")


@pytest.mark.parametrize("option", ["--rebuild", "--prune", "--repair"])
def test_it_goes_on_after_the_index_was_looked_after(loop: Loop, option: str) -> None:
    loop.write(50)
    loop.index()
    assert "50 passengers" in loop.ask()[0]
    loop.index(option)
    assert "50 passengers" in loop.ask()[0]
    loop.write(51)
    loop.index()
    assert "51 passengers" in loop.ask()[0]


def test_it_goes_on_after_the_index_was_deleted_and_built_again(loop: Loop) -> None:
    for path in sorted((loop.folder / "index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    loop.write(60)
    loop.index()
    assert "60 passengers" in loop.ask()[0]
