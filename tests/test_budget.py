"""What a command may import, and how little it may do: the structure behind the benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent

REPORT = """
import gc, json, os, sys
from bot.cli import main
status = main(sys.argv[1:])
print(json.dumps({
    "status": status,
    "modules": sorted(sys.modules),
    "threads": os.environ["OPENBLAS_NUM_THREADS"],
    "plugins": os.environ["PYDANTIC_DISABLE_PLUGINS"],
    "collected_after": gc.get_threshold()[0],
}), file=sys.stderr)
"""


def report(*arguments: str, questions: Sequence[str] = (), **environment: str) -> dict[str, Any]:
    """Run the program in a process of its own: its status, its modules, how it set itself up."""
    result = subprocess.run(
        [sys.executable, "-c", REPORT, *arguments],
        input="".join(f"{question}\n" for question in questions),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    told: dict[str, Any] = json.loads(result.stderr.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name a corpus of one article and its index, which is there."""
    folder = tmp_path_factory.mktemp("budget")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "mill.txt").write_text(
        "Mill reopens in Harbourtown\n\n"
        "The old mill in Harbourtown reopened on Tuesday after nine years of repairs.\n\n"
        "It will employ 140 people, the mayor, Ines Farrow, said at the ceremony.\n"
    )
    options = ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
    assert report("index", *options)["status"] == 0
    return options


def heavy(told: dict[str, Any], *names: str) -> set[str]:
    return {name.partition(".")[0] for name in told["modules"]} & set(names)


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_imports_nothing_but_the_command_line(arguments: list[str]) -> None:
    told = report(*arguments)
    assert heavy(told, "chromadb", "llama_index", "onnxruntime", "numpy", "pydantic") == set()


def test_one_question_imports_neither_chroma_nor_the_framework(place: list[str]) -> None:
    told = report("ask", *place, "How many people will the mill employ?")
    assert told["status"] in {0, 1}
    assert heavy(told, "chromadb", "llama_index", "torch") == set()
    assert "index.reindex" not in told["modules"]


def test_from_the_second_question_on_chroma_answers(place: list[str]) -> None:
    asked = ["How many people will the mill employ?", "When did the mill reopen?"]
    told = report("ask", *place, "-", questions=asked)
    assert told["status"] in {0, 1}
    assert heavy(told, "chromadb", "llama_index", "torch") == {"chromadb"}


@pytest.mark.parametrize("command", ["index", "articles"])
def test_a_command_that_embeds_nothing_loads_no_model(command: str, place: list[str]) -> None:
    told = report(command, *place)
    assert told["status"] == 0
    assert heavy(told, "chromadb", "llama_index", "onnxruntime", "tokenizers") == set()


def test_numpy_is_told_to_use_one_thread_unless_somebody_said_otherwise() -> None:
    assert report("--version", OPENBLAS_NUM_THREADS="")["threads"] == ""
    assert report("--version", OPENBLAS_NUM_THREADS="3")["threads"] == "3"
    unset = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    code = (
        "import os, bot.cli; bot.cli.main(['--version']); print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=unset,
    )
    assert result.stdout.splitlines()[-1] == "1"


def test_the_process_collects_garbage_seldom_and_looks_for_no_plugins() -> None:
    told = report("--version")
    assert told["collected_after"] >= 10_000
    assert told["plugins"] == "__all__"


def test_the_environment_holds_no_training_framework() -> None:
    names = {each.name.lower() for each in distributions()}
    unwanted = ("torch", "tensorflow", "nvidia", "triton", "jax")
    assert [name for name in names if name.startswith(unwanted)] == []
