"""The whole main job as a person runs it, in processes of its own, with the network off."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "How many North Korean troops are in Russia?"
UNANSWERED = "Who won the chess championship in Reykjavik?"

MILL = """Old mill burns down

The old paper mill by the river burned down on Friday night, the fire brigade said.

Nobody was hurt, but the owner, Ada Miller, said that the damage came to two million euros.
"""


def isolation() -> list[str]:
    """What starts a process without any network device, where the system lets us."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the product is run: its index is in here, its articles are those of the project."""

    folder: Path
    prefix: list[str]

    @property
    def reaches(self) -> str:
        log = self.folder / "reaches.log"
        return log.read_text() if log.exists() else ""

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PULLQUOTE_")}
        return {
            **kept,
            "PYTHONPATH": f"{ROOT / 'tests' / 'offline'}{os.pathsep}{ROOT}",
            "REACHES_LOG": str(self.folder / "reaches.log"),
            "PULLQUOTE_CORPUS": str(ROOT / "corpus"),
            "PULLQUOTE_INDEX": str(self.folder / "index"),
            **more,
        }

    def run(
        self, *arguments: str, given: str | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.prefix, sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            input=given,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(folder=tmp_path_factory.mktemp("place"), prefix=isolation())


@pytest.fixture(scope="module")
def first(place: Place) -> subprocess.CompletedProcess[str]:
    """The first question in a fresh place, which builds the index."""
    return place.run("ask", "--json", QUESTION)


def test_the_network_really_is_off(place: Place, tmp_path: Path) -> None:
    """So that the tests below mean what they say."""
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    log = tmp_path / "reaches.log"
    result = subprocess.run(
        [*place.prefix, sys.executable, "-c", code],
        env={**place.environment(), "REACHES_LOG": str(log)},
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1
    assert "socket." in log.read_text()


def test_the_first_question_builds_the_index_and_is_answered_without_network(
    place: Place, first: subprocess.CompletedProcess[str]
) -> None:
    assert (first.returncode, first.stderr) == (0, "")
    answer = json.loads(first.stdout)
    assert answer["question"] == QUESTION
    assert answer["grounded"]
    assert answer["quotes"]
    assert place.reaches == ""


def test_every_quote_is_a_literal_slice_of_its_file(
    first: subprocess.CompletedProcess[str],
) -> None:
    answer = json.loads(first.stdout)
    cited = {one["number"]: one["article"] for one in answer["citations"]}
    for quote in answer["quotes"]:
        text = (ROOT / "corpus" / quote["article"]).read_bytes().decode("utf-8")
        assert text[quote["start"] : quote["end"]] == quote["text"]
        assert cited[quote["number"]] == quote["article"]
        for place in quote["also"]:
            assert cited[place["number"]] == place["article"]


def test_articles_that_differ_are_shown_with_every_side(
    first: subprocess.CompletedProcess[str],
) -> None:
    (difference, *_) = json.loads(first.stdout)["differences"]
    assert len({side["value"] for side in difference["values"]}) >= 2


@pytest.mark.usefixtures("first")
def test_piped_output_is_plain_text(place: Place) -> None:
    result = place.run("ask", *QUESTION.split())
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("> ")
    assert "\n[1] " in result.stdout
    assert not set(result.stdout) & set("\x1b▌│─╭")


@pytest.mark.usefixtures("first")
def test_articles_that_do_not_say_are_status_1(place: Place) -> None:
    result = place.run("ask", UNANSWERED)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("The articles don't say. Searched 5 articles")


@pytest.mark.usefixtures("first")
def test_questions_a_line_are_answered_a_line_and_a_bad_one_is_skipped(place: Place) -> None:
    result = place.run("ask", "--json", "-", given=f"{QUESTION}\n\n{UNANSWERED}\n")
    answers = [json.loads(line) for line in result.stdout.split("\n")[:-1]]
    assert [one["question"] for one in answers] == [QUESTION, UNANSWERED]
    assert [one["grounded"] for one in answers] == [True, False]
    assert result.stderr.startswith("pullquote: line 2: ")
    assert (result.stderr.count("\n"), result.returncode) == (1, 2)


@pytest.mark.usefixtures("first")
def test_at_most_so_many_articles_are_quoted(place: Place) -> None:
    answer = json.loads(place.run("ask", "--json", "--articles", "1", QUESTION).stdout)
    assert len({quote["article"] for quote in answer["quotes"]}) == 1


STRANGE = [
    "Скільки військ перебуває в Росії?",
    "How\x1b[31m many\x07 troops\x01?",
    '" OR 1=1 -- NEAR(a b) *',
    "ロシアには何人の兵士がいますか",
    "troops " * 100,
    "a\u202eb\u0301 \ufeff?",
]


@pytest.mark.usefixtures("first")
def test_strange_questions_are_answered_and_harmless(place: Place) -> None:
    result = place.run("ask", "-", given="\n".join(STRANGE))
    assert (result.returncode in {0, 1}, result.stderr) == (True, "")
    assert not set(result.stdout) & {"\x1b", "\x07", "\x01", "\u202e"}


@pytest.mark.usefixtures("first")
def test_colours_pasted_with_a_question_are_no_words_of_it(place: Place) -> None:
    coloured = QUESTION.replace("How many ", "How many\x1b[31m ").replace(
        "are", "\x1b[1mare\x1b[0m"
    )
    plain, piped = place.run("ask", QUESTION), place.run("ask", "-", given=f"{coloured}\n")
    assert coloured != QUESTION
    assert place.run("ask", coloured).stdout == piped.stdout == plain.stdout


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(
    ("source", "line"),
    [("<&-", "standard input is closed"), ("0>/dev/null", "standard input cannot be read")],
)
def test_questions_that_cannot_be_read_are_one_line(source: str, line: str, place: Place) -> None:
    result = subprocess.run(
        ["sh", "-c", f'exec "$0" -m bot ask - {source}', sys.executable],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"pullquote: {line}")


@pytest.mark.usefixtures("first")
def test_questions_that_cannot_be_asked_are_one_line_each(place: Place) -> None:
    result = place.run("ask", "-", given=f"\n{'troops ' * 1500}\n   \n")
    assert (result.returncode, result.stdout) == (2, "")
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == [
        " line 1",
        " line 2",
        " line 3",
    ]
    assert "something went wrong" not in result.stderr


@pytest.mark.usefixtures("first")
def test_articles_are_listed(place: Place) -> None:
    listed = json.loads(place.run("articles", "--json").stdout)
    assert {one["article"] for one in listed} == {
        path.name for path in (ROOT / "corpus").glob("*.txt")
    }
    lines = place.run("articles").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [one["article"] for one in listed]


def test_a_quote_is_shown_in_its_surroundings(
    place: Place, first: subprocess.CompletedProcess[str]
) -> None:
    quote = json.loads(first.stdout)["quotes"][0]
    span = f"{quote['start']}:{quote['end']}"
    shown = place.run("show", quote["article"], "--quote", span).stdout
    assert f">>> {' '.join(quote['text'].split())} <<<" in shown
    whole = json.loads(place.run("show", quote["article"], "--json", "--quote", span).stdout)
    assert whole["quote"] == quote["text"]
    assert (ROOT / "corpus" / quote["article"]).read_bytes().decode() == whole["text"]


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("width", [40, 200])
def test_in_a_terminal_articles_fit_its_width(width: int, place: Place) -> None:
    path = next((ROOT / "corpus").glob("*.txt")).name
    terminal = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": str(width)}
    for command in (["articles"], ["show", path], ["show", path, "--quote", "2000:2100"]):
        result = place.run(*command, **terminal)
        assert result.returncode == 0
        assert max(len(line) for line in result.stdout.splitlines()) <= width
        assert "\x1b" not in result.stdout


@pytest.mark.usefixtures("first")
def test_an_article_that_is_not_one_is_refused(place: Place) -> None:
    none, many = place.run("show", "no-such-article"), place.run("show", "00")
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr.count("\n") == 1
    assert (many.returncode, many.stdout) == (2, "")
    assert "match" in many.stderr.splitlines()[0]
    assert len(many.stderr.splitlines()) > 2


@pytest.mark.usefixtures("first")
def test_a_span_beyond_the_article_is_refused(place: Place) -> None:
    path = next((ROOT / "corpus").glob("*.txt")).name
    result = place.run("show", path, "--quote", "5:99999999")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)


@pytest.mark.usefixtures("first")
def test_a_set_of_questions_is_scored(place: Place) -> None:
    rows = [
        {"id": "a", "kind": "abstain", "question": UNANSWERED},
        {"id": "b", "kind": "fact", "question": UNANSWERED, "expect": [["Reykjavik"]]},
    ]
    file = place.folder / "set.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = place.run("eval", "set.jsonl")
    assert result.returncode == 1
    assert "abstained rightly     1 of 1 (100%)" in result.stdout
    assert "missing: Reykjavik" in result.stdout
    score = json.loads(place.run("eval", "--json", "set.jsonl").stdout)
    assert score["all"] == {"right": 1, "total": 2}
    assert [miss["id"] for miss in score["misses"]] == ["b"]


@pytest.mark.usefixtures("first")
def test_indexing_again_finds_every_article_unchanged(place: Place) -> None:
    result = place.run("index", "--json")
    summary = json.loads(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert (summary["unchanged"], summary["new"], summary["failed"]) == (5, 0, 0)


def test_a_file_that_is_no_article_is_a_warning_and_the_rest_is_indexed(
    place: Place, tmp_path: Path
) -> None:
    corpus = tmp_path / "news"
    corpus.mkdir()
    (corpus / "bad.txt").write_bytes(b"\0\1\2" * 100)
    (corpus / "good.txt").write_text(MILL, encoding="utf-8")
    options = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))
    result = place.run("reindex", *options)
    assert result.returncode == 2
    assert result.stdout.startswith("Articles: 1 new, 0 changed, 0 gone, 0 unchanged, 1 failed.")
    assert result.stderr.startswith("pullquote: warning: bad.txt: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["ask", "Who?"], ["index"], ["articles"], ["show", "x"]])
def test_without_a_corpus_every_command_says_so_in_one_line(
    command: list[str], place: Place, tmp_path: Path
) -> None:
    options = ("--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index"))
    result = place.run(*command, *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("pullquote: ")
    assert "something went wrong" not in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("first")
def test_an_interrupted_session_ends_in_one_line(place: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "-"],
        cwd=place.folder,
        env=place.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{UNANSWERED}\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert answer["question"] == UNANSWERED
    assert (process.returncode, said) == (130, "pullquote: interrupted\n")


def test_nothing_in_all_of_this_reached_for_the_network(place: Place) -> None:
    assert place.reaches == ""
