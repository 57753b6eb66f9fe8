from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli

COMMANDS = [
    "ask",
    "chat",
    "index",
    "add",
    "feeds",
    "watch",
    "articles",
    "show",
    "receipts",
    "eval",
    "bot",
]
HEAVY = ["chromadb", "llama_index", "onnxruntime", "tokenizers", "numpy", "pydantic", "discord"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_command_the_overview_is_shown_as_a_mistake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main([]) == 2
    overview = capsys.readouterr().out
    assert cli.main(["--help"]) == 0
    assert capsys.readouterr().out == overview
    assert all(f"\n  {command} " in overview for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "--help"]) == 0
    assert f"\n    pullquote {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help_imports_no_heavy_library(arguments: list[str], repository: Path) -> None:
    code = (
        "import sys, bot.cli\n"
        f"bot.cli.main({arguments!r})\n"
        f"sys.exit(repr([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=repository
    )
    assert result.stderr == "[]\n"


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pullquote 0.")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["tell"], "pullquote: No such command 'tell'; see: pullquote --help"),
        (["ask"], "pullquote: Missing argument 'QUESTION'; see: pullquote ask --help"),
        (["ask", "--loud", "x"], "pullquote: No such option: --loud; see: pullquote ask --help"),
        (
            ["show", "x", "--quote", "7"],
            "pullquote: --quote takes two character offsets, like 120:240",
        ),
        (
            ["show", "x", "--quote", "9:3"],
            "pullquote: --quote takes two character offsets, like 120:240",
        ),
        (["eval", "none.jsonl"], "pullquote: none.jsonl cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr() == ("", f"{line}\n")


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_a_number_of_articles_is_at_least_one(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "--articles", number, "x"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--articles" in line


def test_a_setting_that_cannot_be_used_is_one_line_that_names_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDING_OPTIONS", "{")
    assert cli.main(["ask", "x"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("pullquote: PULLQUOTE_EMBEDDING_OPTIONS must be a JSON object")


def run_with_a_defect(folder: Path) -> str:
    """What the person sees of a defect in a command."""
    session = cli.Session(folder=folder / "index")
    try:
        int("secret detail")
    except ValueError:
        return cli.describe_defect(session)
    return ""


def test_a_defect_is_one_line_whose_reference_leads_to_the_details(folder: Path) -> None:
    line = run_with_a_defect(folder)
    reference = line.split("reference ")[1].split(")")[0]
    log = (folder / "index" / "errors.log").read_text(encoding="utf-8")
    assert "ValueError" not in line
    assert "secret detail" not in line
    assert f"[{reference}] Traceback" in log
    assert "secret detail" in log


def test_a_defect_whose_details_cannot_be_written_says_so(folder: Path) -> None:
    (folder / "index").write_text("a file where the folder should be")
    assert run_with_a_defect(folder).endswith("its details could not be written")


def run_program(*arguments: str, **streams: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        **streams,
    )


def test_a_reader_that_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = run_program("--help", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (result.returncode, result.stderr) == (cli.BROKEN_PIPE, b"")


IN_THE_FIRST_IMPORT = """
import signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            signal.raise_signal(signal.SIGINT)

# A shell starts what runs in the background with Ctrl-C ignored, and a child inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
from bot.cli import main
sys.exit(main(["ask", "x"]))
"""


def test_an_interrupt_while_libraries_are_imported_is_one_line(repository: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IN_THE_FIRST_IMPORT],
        capture_output=True,
        check=False,
        cwd=repository,
    )
    assert (result.returncode, result.stderr) == (cli.INTERRUPTED, b"pullquote: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_on_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        result = run_program("--help", stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert result.stderr == b"pullquote: cannot write the output: No space left on device\n"
