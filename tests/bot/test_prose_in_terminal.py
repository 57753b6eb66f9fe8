"""Prose by a language model below the quotes, as a person at a command line gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scripted_model import KEY, Reply, ScriptedModel, in_turn, quote_honestly

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTION = "Which city flooded on Tuesday?"
UNANSWERED = "Who won the chess championship in Reykjavik?"

ARTICLES = {
    "flood.txt": """Old town of Velden flooded

The river Orle flooded the old town of Velden on Tuesday, the fire brigade said.

At least 12 people died in the flood, Mayor Ines Kolbe told reporters on Wednesday.
""",
    "mill.txt": """Paper mill in Tarsk burns down

The old paper mill of Tarsk burned down on Friday night, the fire brigade said.

Nobody was hurt, but the owner, Ada Miller, put the damage at two million euros.
""",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the product is run, on two articles of its own."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PULLQUOTE_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PULLQUOTE_CORPUS": str(self.folder / "corpus"),
            "PULLQUOTE_INDEX": str(self.folder / "index"),
            **more,
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *arguments: str, given: str = "", **environment: str) -> tuple[int, str, str]:
        """The exit status, and what was written to standard output and standard error."""
        with self.start(*arguments, **environment) as process:
            out, error = process.communicate(given, timeout=60)
        return process.returncode, out, error


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("place")
    (folder / "corpus").mkdir()
    for name, text in ARTICLES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    place = Place(folder=folder)
    assert place.run("index")[0] == 0
    return place


@pytest.fixture(scope="module")
def plain(place: Place) -> str:
    """What is written without a model."""
    status, out, error = place.run("ask", QUESTION)
    assert (status, error) == (0, "")
    return out


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


def test_prose_stands_below_the_quotes_which_are_those_without_a_model(
    place: Place, plain: str, model: ScriptedModel
) -> None:
    status, out, error = place.run("ask", QUESTION, **model.environment("ollama"))
    assert (status, error) == (0, "")
    assert out.startswith(plain)
    assert out.removeprefix(plain).splitlines()[:3] == [
        "",
        "In short:",
        "  The river Orle flooded the old town of Velden on Tuesday, the fire brigade said. [1]",
    ]


def test_sentences_that_were_dropped_are_counted(
    place: Place, plain: str, model: ScriptedModel
) -> None:
    invented = "Velden was flooded by a broken dam [1]."
    model.script = lambda asked: Reply(text=f"{invented} {quote_honestly(asked).text}")
    out = place.run("ask", QUESTION, **model.environment())[1]
    assert "dam" not in out
    assert "sentences kept)\n" in out.removeprefix(plain)


def test_json_waits_for_the_prose_and_holds_it(place: Place, model: ScriptedModel) -> None:
    out = place.run("ask", "--json", QUESTION, **model.environment("anthropic"))[1]
    answer = json.loads(out)
    assert answer["mode"] == "written"
    assert answer["prose"]["model"] == "anthropic/scripted-1"
    assert answer["prose"]["tokens"] == {"read": 120, "written": 30}
    first = answer["prose"]["sentences"][0]
    assert answer["answer"].startswith(f"{first['text']} [{first['numbers'][0]}]")
    assert json.loads(place.run("ask", "--json", QUESTION)[1])["quotes"] == answer["quotes"]


def test_a_model_that_would_answer_where_the_articles_do_not_is_not_asked(
    place: Place, model: ScriptedModel
) -> None:
    assert place.run("ask", UNANSWERED, **model.environment()) == place.run("ask", UNANSWERED)
    assert model.asked == []


def test_a_model_that_fails_is_a_line_on_standard_error_that_names_no_key(
    place: Place, plain: str, model: ScriptedModel
) -> None:
    model.script = in_turn(Reply(status=401))
    status, out, error = place.run("ask", QUESTION, **model.environment())
    assert (status, out) == (0, plain)
    line = "no prose: the language model does not take the key: check PULLQUOTE_LLM_KEY"
    assert error == f"pullquote: {line}\n"
    assert KEY not in out + error


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("llama", "PULLQUOTE_LLM names no language model: write ollama/MODEL"),
        ("openai/gpt", "OPENAI_API_KEY is not set: PULLQUOTE_LLM=openai/… needs a key"),
    ],
)
def test_a_setting_that_names_no_model_is_one_line(place: Place, name: str, line: str) -> None:
    status, out, error = place.run("ask", QUESTION, PULLQUOTE_LLM=name, OPENAI_API_KEY="")
    assert (status, out) == (2, "")
    assert error.startswith(f"pullquote: {line}")
    assert error.count("\n") == 1


def test_a_question_in_another_language_is_translated_and_quoted_in_the_original(
    place: Place, model: ScriptedModel
) -> None:
    german = "Welche Stadt wurde am Dienstag überflutet?"
    model.script = in_turn(Reply(text=QUESTION), Reply(text=""))
    out = json.loads(place.run("ask", "--json", german, **model.environment())[1])
    assert (out["question"], out["understood"], out["grounded"]) == (german, QUESTION, True)
    assert "The river Orle flooded the old town of Velden" in out["quotes"][0]["text"]


def test_without_the_setting_nothing_of_it_is_imported(place: Place) -> None:
    code = (
        "import sys, bot.cli\n"
        f"bot.cli.main(['ask', {QUESTION!r}])\n"
        "heads = {'openai', 'anthropic', 'ollama'}\n"
        "sys.exit(repr([n for n in sys.modules if n in heads or n.startswith('llama_index')"
        " or n.startswith('index.writ')]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == "[]\n"
    assert "Velden" in result.stdout


def time_to_quotes(place: Place, **environment: str) -> float:
    """Seconds until the last source of the answer is read."""
    started = time.monotonic()
    with place.start("ask", QUESTION, **environment) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("[1] "):
            assert time.monotonic() - started < 30
        taken = time.monotonic() - started
        process.kill()
    return taken


@pytest.mark.alone
def test_the_quotes_do_not_wait_for_a_model_that_takes_ten_seconds(
    place: Place, model: ScriptedModel
) -> None:
    model.script = lambda asked: Reply(text=quote_honestly(asked).text, delay=10)
    without, slow = [], []
    for _ in range(4):
        without.append(time_to_quotes(place))
        slow.append(time_to_quotes(place, **model.environment()))
    assert min(slow) <= 1.1 * min(without)
