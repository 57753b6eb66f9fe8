"""Follow-ups and questions in other languages, put anew by a language model where there is one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.discord.restating import SECONDS_TO_RESTATE
from index.open import Library
from index.settings import Settings
from tests.bot.discord.running import Person, Stage, quoted, read, small
from tests.bot.discord.writing import COST, PRICE, done, prose_of
from tests.loopback import Message
from tests.scripted_model import Asked, Reply, Script, ScriptedModel, quote_honestly

pytestmark = pytest.mark.usefixtures("model")

WHO = "What did Paul Okoro say about the cost of the dam?"
AND_VILLAGES = "and what did he say about the villages?"
VILLAGES = "Okoro said the villages below the dam would be moved before the winter."
BY_RULES = "Understood as: What did Paul Okoro say about the villages?"
ANEW = "Will Paul Okoro move the villages below the dam?"
GERMAN = "Wie viel wird der Damm kosten?"


@pytest.fixture(scope="module")
def shared_stage(
    runner: asyncio.Runner, library: Library, shelf: Settings, running_model: ScriptedModel
) -> Iterator[Stage]:
    """A running bot that has this model."""
    stage = Stage(library, replace(shelf, writer=running_model.settings(seconds=8.0)))
    runner.run(stage.__aenter__())
    yield stage
    runner.run(stage.__aexit__())


@pytest.fixture(autouse=True)
def trusting(stage: Stage) -> None:
    """A model that was slow in another test is waited for again."""
    assert stage.bot.desk.writings
    stage.bot.desk.writings.restating.trusted_from = 0.0


def putting(question: str, **how: float) -> Script:
    """A model that puts every question so, and is honest beside that."""

    def script(asked: Asked) -> Reply:
        return quote_honestly(asked) if asked.quotes else Reply(text=question, **how)

    return script


async def follow_up(reader: Person, question: str = AND_VILLAGES) -> Message:
    """Ask something, and then this in reply."""
    asked = await reader.mention(WHO)
    await done(reader.stage)
    return (await reader.reply(asked.message, question)).message


async def test_a_follow_up_is_put_anew_by_the_model_and_says_how(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = putting(ANEW)
    message = await follow_up(reader)
    assert small(message)[0] == f"Understood as: {ANEW}"
    assert VILLAGES in quoted(message)
    await done(reader.stage)
    assert prose_of(message).startswith(VILLAGES)
    assert small(message)[0] == f"Understood as: {ANEW}"


async def test_what_a_model_makes_up_in_a_question_is_not_asked(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = putting("Will Rosa Lind resign from Acme?")
    message = await follow_up(reader)
    assert small(message)[0] == BY_RULES
    assert VILLAGES in quoted(message)
    await done(reader.stage)


async def test_a_question_in_another_language_is_translated(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = putting(COST)
    message = (await reader.ask(GERMAN)).message
    assert read(message).splitlines()[:2] == [GERMAN, f"Understood as: {COST}"]
    assert PRICE in quoted(message)
    await done(reader.stage)


async def test_a_whole_question_is_put_to_no_model_before_it_is_answered(
    reader: Person, model: ScriptedModel
) -> None:
    await reader.ask(COST)
    await done(reader.stage)
    assert [bool(asked.quotes) for asked in model.asked] == [True]


async def test_a_slow_model_is_waited_for_once_and_then_the_rules_do(
    reader: Person, model: ScriptedModel
) -> None:
    asked = await reader.mention(WHO)
    await done(reader.stage)
    model.script = putting(ANEW, delay=30.0)
    times = []
    for _ in range(2):
        begun = time.monotonic()
        message = (await reader.reply(asked.message, AND_VILLAGES)).message
        times.append(time.monotonic() - begun)
        assert small(message)[0] == BY_RULES
        assert VILLAGES in quoted(message)
    assert times[0] < SECONDS_TO_RESTATE + 2
    assert times[1] < SECONDS_TO_RESTATE
    model.script = quote_honestly
    await done(reader.stage)


async def test_a_model_that_was_slow_to_write_is_not_waited_for(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda _: Reply(text="So [1].", delay=SECONDS_TO_RESTATE + 1)
    asked = await reader.mention(WHO)
    await done(reader.stage)
    model.asked.clear()
    model.script = putting(ANEW)
    message = (await reader.reply(asked.message, AND_VILLAGES)).message
    assert small(message)[0] == BY_RULES
    await done(reader.stage)
    assert [bool(asked.quotes) for asked in model.asked] == [True]


async def test_a_dead_model_leaves_it_to_the_rules(reader: Person, model: ScriptedModel) -> None:
    asked = await reader.mention(WHO)
    await done(reader.stage)
    model.script = lambda _: Reply(status=500)
    message = (await reader.reply(asked.message, AND_VILLAGES)).message
    assert small(message)[0] == BY_RULES
    await done(reader.stage)


async def test_a_question_put_anew_counts_as_one_answer(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = putting(ANEW)
    message = await follow_up(reader)
    await done(reader.stage)
    sql = "SELECT tokens_read > 120 FROM bot_written w JOIN bot_answers a ON w.answer = a.id"
    rows = reader.stage.rows(f"{sql} WHERE message = ?", int(message.id))
    assert rows == [(1,)]
