"""The language model through the real classes of LlamaIndex, on each of the three wires."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from index.errors import WriterError
from index.settings import WriterSettings
from index.writing.model import LanguageModel, open_writer
from index.writing.patience import stream_patiently
from index.writing.prompt import Prompt
from tests.scripted_model import KEY, WIRES, Reply, ScriptedModel, in_turn

PROMPT = Prompt(rules="Write well.", asked="Why?\n<<a\na>>")
HONEST = Reply(text="It rained [1]. It snowed [2].", tokens=(70, 9))

on_each_wire = pytest.mark.parametrize("wire", WIRES)


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    """Time-outs of a second are not about how long LlamaIndex takes to import."""
    for wire in WIRES:
        open_writer(WriterSettings(model=f"{wire}/x", key="k")).prepare()


async def listen(writer: LanguageModel, seconds: float) -> tuple[str, tuple[int, int] | None]:
    text, tokens = "", None
    async with aclosing(stream_patiently(writer, PROMPT, seconds=seconds)) as pieces:
        async for piece in pieces:
            text += piece.text
            tokens = piece.tokens or tokens
    return text, tokens


def hear(settings: WriterSettings) -> tuple[str, tuple[int, int] | None]:
    """All that the model writes, and the tokens that it tells of."""

    async def run() -> tuple[str, tuple[int, int] | None]:
        writer = open_writer(settings)
        try:
            return await listen(writer, settings.seconds)
        finally:
            await writer.close()

    return asyncio.run(run())


@on_each_wire
def test_what_it_writes_comes_as_it_was_written_with_its_tokens(
    wire: str, model: ScriptedModel
) -> None:
    model.script = in_turn(HONEST)
    assert hear(model.settings(wire)) == (HONEST.text, (70, 9))


@on_each_wire
def test_it_is_asked_once_with_the_rules_apart_from_the_question_and_the_key(
    wire: str, model: ScriptedModel
) -> None:
    hear(model.settings(wire))
    (asked,) = model.asked
    assert (asked.rules, asked.question) == (PROMPT.rules, PROMPT.asked)
    assert (asked.key, asked.model, asked.wire) == (KEY, "scripted-1", wire)


@on_each_wire
def test_a_model_that_tells_of_no_tokens_is_heard_all_the_same(
    wire: str, model: ScriptedModel
) -> None:
    model.script = in_turn(Reply(text="It rained [1].", tokens=None))
    assert hear(model.settings(wire))[0] == "It rained [1]."


FAILURES = [
    (Reply(status=401), "does not take the key: check PULLQUOTE_LLM_KEY", 1),
    (Reply(status=403), "does not take the key: check PULLQUOTE_LLM_KEY", 1),
    (Reply(status=404), "no such language model: check PULLQUOTE_LLM", 1),
    (Reply(status=400), r"refuses to write \(400\): check PULLQUOTE_LLM", 1),
    (Reply(status=429, headers={"Retry-After": "60"}), "is asked too much now", None),
    (Reply(status=500), "server failed", 2),
    (Reply(status=503), "server failed", 2),
    (Reply(text="It rained.", cut=0), "broke off", 1),
    (Reply(text="It rained and rained and rained.", cut=14), "broke off", 1),
]


@on_each_wire
@pytest.mark.parametrize(("reply", "line", "times"), FAILURES)
def test_each_failure_is_one_line_and_is_tried_again_only_where_that_may_help(
    wire: str, reply: Reply, line: str, times: int | None, model: ScriptedModel
) -> None:
    model.script = in_turn(reply)
    with pytest.raises(WriterError, match=rf"^[^\n]*{line}[^\n]*$") as caught:
        hear(model.settings(wire))
    # Ollama's client does not hand on how long it was told to wait.
    assert len(model.asked) == (times or (2 if wire == "ollama" else 1))
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@on_each_wire
@pytest.mark.parametrize(
    "first", [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=500)]
)
def test_a_second_attempt_that_succeeds_is_as_good_as_a_first(
    wire: str, first: Reply, model: ScriptedModel
) -> None:
    model.script = in_turn(first, HONEST)
    assert hear(model.settings(wire))[0] == HONEST.text


@on_each_wire
@pytest.mark.parametrize(
    "reply",
    [
        Reply(text="It rained.", delay=30),
        Reply(text="It rained.", size=1, pause=3),
        Reply(status=429),
    ],
)
def test_it_is_waited_for_no_longer_than_the_setting_says(
    wire: str, reply: Reply, model: ScriptedModel
) -> None:
    model.script = in_turn(reply)
    started = time.monotonic()
    with pytest.raises(WriterError, match=r"took too long|too much now"):
        hear(model.settings(wire, seconds=0.7))
    assert time.monotonic() - started < 6


@on_each_wire
def test_an_endpoint_that_is_dead_is_tried_once_and_given_up_at_once(wire: str) -> None:
    with ScriptedModel() as gone:
        settings = gone.settings(wire)
    started = time.monotonic()
    with pytest.raises(WriterError, match=r"^the language model cannot be reached: check that"):
        hear(settings)
    assert time.monotonic() - started < 6


@on_each_wire
@pytest.mark.parametrize("raw", [b"<html>Welcome</html>", b"data: {nonsense\n\n", b"", b"\xff\xfe"])
def test_what_is_no_answer_at_all_is_a_line_or_nothing(
    wire: str, raw: bytes, model: ScriptedModel
) -> None:
    model.script = in_turn(Reply(raw=raw))
    heard = ""
    with contextlib.suppress(WriterError):
        heard, _ = hear(model.settings(wire))
    assert heard == ""


@on_each_wire
def test_whoever_stops_listening_closes_the_connection(wire: str, model: ScriptedModel) -> None:
    model.script = in_turn(Reply(text="It rained. ", endless=True, pause=0.01))

    async def stop_early() -> None:
        writer = open_writer(model.settings(wire))
        async with aclosing(stream_patiently(writer, PROMPT, seconds=10)) as pieces:
            await anext(pieces)
        await writer.close()

    asyncio.run(stop_early())
    end = time.monotonic() + 5
    while not model.left and time.monotonic() < end:
        time.sleep(0.02)
    assert model.left == 1


@on_each_wire
def test_the_key_is_in_no_line_of_the_log(
    wire: str, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="index")
    caplog.set_level(logging.INFO)
    for status in (401, 400, 500, 200):
        model.script = in_turn(Reply(status=status, text="It rained."))
        try:
            hear(model.settings(wire))
        except WriterError:
            continue
    assert caplog.text.count("the language model failed") >= 3
    assert KEY not in caplog.text
    assert "It rained" not in caplog.text


def test_an_address_without_a_model_takes_the_one_that_the_server_has(model: ScriptedModel) -> None:
    hear(WriterSettings(model=f"{model.address}/v1"))
    assert [asked.model for asked in model.asked] == ["scripted-1"]
    hear(WriterSettings(model=f"{model.address}/v1#other"))
    assert model.asked[-1].model == "other"
    assert model.asked[-1].key == "none"


@pytest.mark.parametrize(
    ("name", "limit", "temperature"),
    [("gpt-4o", 700, 0.0), ("o4-mini", 4000, 1.0), ("gpt-5", 4000, 1.0)],
)
def test_a_model_of_openai_s_that_thinks_is_given_room_and_no_temperature(
    name: str, limit: int, temperature: float, model: ScriptedModel
) -> None:
    hear(WriterSettings(model=f"openai/{name}", address=f"{model.address}/v1", key="k"))
    body = model.asked[0].body
    assert (body["max_completion_tokens"], body["temperature"]) == (limit, temperature)


def test_a_writer_can_be_closed_and_asked_again_on_another_loop(model: ScriptedModel) -> None:
    writer = open_writer(model.settings("openai"))

    async def once() -> str:
        text, _ = await listen(writer, 5)
        await writer.close()
        return text

    assert asyncio.run(once()) == asyncio.run(once())
    assert len(model.asked) == 2


def test_opening_a_writer_imports_no_framework(repository: Path) -> None:
    code = (
        "import sys\n"
        "from index.settings import WriterSettings\n"
        "from index.writing.model import open_writer\n"
        "import index.write, index.writing.restate\n"
        "open_writer(WriterSettings(model='ollama/x'))\n"
        "sys.exit(repr([n for n in sys.modules if n in {'llama_index', 'openai', 'ollama'}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=repository
    )
    assert result.stderr == "[]\n"


def test_the_framework_s_global_settings_are_left_alone(model: ScriptedModel) -> None:
    from llama_index.core import Settings

    for wire in WIRES:
        hear(model.settings(wire))
    assert Settings._llm is None  # noqa: SLF001 - reading the property would make a model
