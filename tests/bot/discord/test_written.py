"""Prose beside all else that the bot does: corrections, threads, outages, and its end."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord.allowance import Allowance
from bot.discord.store import Kept, Store, new_id
from bot.discord.writings import NO_TIME, Writings
from bot.discord.written import Written
from bot.settings import Budgets
from index.open import Library, open_library
from index.settings import Settings
from index.writing.model import open_writer
from tests.bot.discord.conftest import forget_answers
from tests.bot.discord.publishing import (
    DAM,
    corrected_all,
    publish_and_tell,
    settled,
    write_dam,
)
from tests.bot.discord.running import Stage, labels, quoted, read, small
from tests.bot.discord.whole import bot_in, comes_true, new_world
from tests.bot.discord.writing import COST, PRICE, WHOSE, done, prose_of
from tests.scripted_model import Reply, ScriptedModel, quote_honestly

pytestmark = pytest.mark.usefixtures("runner")


@pytest.fixture
def written_stage(runner: asyncio.Runner, own: Settings, model: ScriptedModel) -> Iterator[Stage]:
    """A running bot with a model, and with articles that a test may change."""
    forget_answers(own)
    copied = open_library(own)
    stage = Stage(copied, replace(own, writer=model.settings()))
    runner.run(stage.__aenter__())
    yield stage
    runner.run(stage.__aexit__())
    copied.close()
    stage.check()


# Corrections


async def test_a_correction_leaves_the_prose_where_it_is_and_asks_no_model(
    written_stage: Stage, model: ScriptedModel
) -> None:
    await settled(written_stage)
    message = (await written_stage.somebody().ask(COST)).message
    await done(written_stage)
    before = read(message)
    write_dam(written_stage, "4.5 billion")
    await publish_and_tell(written_stage)
    await corrected_all(written_stage)
    assert read(message).startswith(before)
    assert f"now reads “{DAM.format('4.5 billion')}”" in read(message)
    assert prose_of(message).startswith(PRICE)
    assert len(model.asked) == 1


async def test_a_correction_waits_until_an_answer_is_written(
    written_stage: Stage, model: ScriptedModel
) -> None:
    await settled(written_stage)
    model.script = lambda asked: replace(quote_honestly(asked), delay=4.0)
    message = (await written_stage.somebody().ask(COST)).message
    write_dam(written_stage, "4.5 billion")
    await publish_and_tell(written_stage)
    await done(written_stage)
    assert ("⚠️" in message.text, prose_of(message)[: len(PRICE)]) == (False, PRICE)
    written_stage.bot.desk.published.set()
    await corrected_all(written_stage)
    assert "now reads" in read(message)
    assert prose_of(message).startswith(PRICE)


# Its end


async def test_when_the_bot_stops_what_was_written_is_shown_and_nothing_more(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    text = f"{PRICE.removesuffix('.')} [1]. " + "So " * 500
    model.script = lambda _: Reply(text=text, size=60, pause=0.3)
    settings = replace(shelf, writer=model.settings(seconds=60.0))
    async with new_world() as world, bot_in(world, library, settings) as whole:
        answered = await world.slash("ask", question=COST)
        assert WHOSE not in answered.text
        await asyncio.sleep(0.7)
        begun = time.monotonic()
        whole.runner.stop()
        await asyncio.wait_for(whole.running, 10)
        assert time.monotonic() - begun < 5
        assert prose_of(answered.message).startswith(PRICE)
        assert "Traceback" not in whole.log
        assert model.asked[0].key not in whole.log
    await comes_true(lambda: model.left, "the model still writes")


async def test_told_twice_to_stop_it_leaves_at_once(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    model.script = lambda _: Reply(text="So.", delay=60)
    settings = replace(shelf, writer=model.settings(seconds=60.0))
    async with new_world() as world, bot_in(world, library, settings) as whole:
        answered = await world.slash("ask", question=COST)
        begun = time.monotonic()
        whole.runner.stop()
        whole.runner.stop()
        await asyncio.wait_for(whole.running, 10)
        assert time.monotonic() - begun < 3
        assert PRICE in quoted(answered.message)


# Outages


async def test_with_no_model_to_be_reached_answers_are_quotes(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    dead = replace(model.settings(), address="http://127.0.0.1:9/v1")
    async with Stage(library, replace(shelf, writer=dead)) as stage:
        message = (await stage.somebody().ask(COST)).message
        before = read(message)
        await done(stage)
        line = "No prose this time: the language model cannot be reached."
        assert read(message) == f"{before}\n{line}"
        stage.check()


async def test_an_edit_that_discord_does_not_take_at_first_is_made_again(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    async with Stage(library, replace(shelf, writer=model.settings())) as stage:
        message = (await stage.somebody().ask(COST)).message
        stage.world.fail("PATCH", "/messages/@original$", 0)
        stage.world.rate_limit("PATCH", "/messages/@original$", retry_after=0.5)
        await done(stage)
        assert prose_of(message).startswith(PRICE)


async def test_a_token_that_has_expired_ends_it_quietly(
    library: Library, shelf: Settings, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    async with Stage(library, replace(shelf, writer=model.settings())) as stage:
        message = (await stage.somebody().ask(COST)).message
        stage.world.fail("PATCH", "/messages/@original$", 401, code=50027, times=9)
        before = read(message)
        with caplog.at_level("INFO", logger="bot"):
            await done(stage)
        assert read(message) == before
        assert "can no longer be written on" in caplog.text
        assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []
        assert list(stage.bot.reports.last) == []


# Threads


async def test_in_a_thread_prose_comes_as_anywhere(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    async with Stage(library, replace(shelf, writer=model.settings())) as stage:
        reader = stage.somebody()
        asked = await reader.ask(COST)
        await reader.click(asked.message, "Ask a follow-up")
        thread = reader.elsewhere(reader.world.channel(asked.message.id))
        message = (await thread.mention(COST)).message
        await done(stage)
        assert prose_of(message).startswith(PRICE)
        assert "Ask a follow-up" not in labels(message)
        assert [COST in asked.question for asked in model.asked if asked.quotes] == [True] * 2
        stage.check()


# In line


async def test_whoever_waits_too_long_in_line_is_told_so(
    library: Library, own: Settings, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), delay=1.5)
    answer = library.ask(COST)
    store, shown = Store(own.folder), []
    writings = Writings(
        open_writer(model.settings()),
        Allowance(own.folder, Budgets()),
        store,
        seconds_in_line=0.5,
    )
    for place in range(6):
        kept = Kept(id=new_id(), asker="a" * 16, channel=1, answer=answer)

        async def show(written: Written, place: int = place) -> None:
            shown.append((place, written))

        writings.begin(kept, None, show)
    await writings.finish(20)
    last = dict(shown)
    assert [bool(last[place].answer.prose) for place in range(6)] == [True] * 4 + [False] * 2
    assert {last[place].note for place in (4, 5)} == {NO_TIME}
    await writings.leave(0)


# Without a model


def test_without_a_model_nothing_of_it_is_imported() -> None:
    program = (
        "import sys, bot.discord.run, bot.discord.client\n"
        "names = ('llama_index', 'bot.discord.writings', 'index.write', 'index.writing.model')\n"
        "sys.exit(repr([name for name in names if name in sys.modules]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert run.stderr.strip() == "[]"


async def test_without_a_model_nothing_of_it_is_said(library: Library, shelf: Settings) -> None:
    async with Stage(library, shelf) as stage:
        manager = stage.manager()
        message = (await manager.ask(COST)).message
        about, status = await manager.command("about"), await manager.command("status")
        everything = "\n".join((read(message), read(about), read(status)))
        assert "rose" not in everything
        assert small(message)[0].startswith("[1")
        assert stage.bot.desk.writings is None


@pytest.mark.alone
async def test_a_model_that_takes_ten_seconds_delays_no_answer(
    library: Library, shelf: Settings, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), delay=10.0)

    async def measure(settings: Settings) -> list[float]:
        times = []
        async with Stage(library, settings) as stage:
            for _ in range(6):
                answered = await stage.somebody().ask(COST)
                times.append(answered.interaction.activity - answered.interaction.created)
                await asyncio.sleep(0.3)
        return times

    alone, beside = [], []
    for _ in range(3):
        alone += await measure(shelf)
        beside += await measure(replace(shelf, writer=model.settings(seconds=15.0)))
    # The quicker ones: what else the machine does makes some of each slow.
    assert statistics.quantiles(beside)[0] <= 1.1 * statistics.quantiles(alone)[0] + 0.005
