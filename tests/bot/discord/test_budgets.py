"""How many answers with prose there are, told to people once, over restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.settings import Budgets
from index.open import Library
from index.settings import Settings
from tests.bot.discord.conftest import forget_answers
from tests.bot.discord.running import Stage, quoted, read, small
from tests.bot.discord.writing import COST, PRICE, done, prose_of
from tests.scripted_model import Reply, ScriptedModel

pytestmark = pytest.mark.usefixtures("runner")

NONE_LEFT = "No more prose for you today: 1 in 24 hours. Quotes come as always."


@asynccontextmanager
async def allowing(
    library: Library, own: Settings, model: ScriptedModel, **budgets: int
) -> AsyncIterator[Stage]:
    """A running bot that has given no answer yet, with these budgets."""
    await asyncio.to_thread(forget_answers, own)
    settings = replace(own, writer=model.settings(seconds=5.0))
    async with Stage(library, settings, budgets=Budgets(**budgets)) as stage:
        yield stage
        stage.check()


async def test_whoever_has_used_it_up_is_told_once_and_gets_quotes_as_always(
    library: Library, own: Settings, model: ScriptedModel
) -> None:
    async with allowing(library, own, model, per_user=1) as stage:
        reader = stage.somebody()
        messages = []
        for _ in range(3):
            messages.append((await reader.ask(COST)).message)
            await done(stage)
        assert [bool(prose_of(message)) for message in messages] == [True, False, False]
        assert [quoted(message) for message in messages] == [quoted(messages[0])] * 3
        assert small(messages[1])[-1] == NONE_LEFT
        assert "prose" not in read(messages[2])
        assert len(model.asked) == 1
        other = (await stage.somebody().ask(COST)).message
        await done(stage)
        assert prose_of(other).startswith(PRICE)


@pytest.mark.parametrize(
    ("budget", "line"),
    [
        ("per_server", "No more prose on this server today: 1 in 24 hours. Quotes come as always."),
        ("per_day", "No more prose from me today: 1 in 24 hours. Quotes come as always."),
    ],
)
async def test_a_budget_of_all_is_used_up_for_everybody(
    library: Library, own: Settings, model: ScriptedModel, budget: str, line: str
) -> None:
    async with allowing(library, own, model, **{budget: 1}) as stage:
        await stage.somebody().ask(COST)
        await done(stage)
        message = (await stage.somebody().ask(COST)).message
        await done(stage)
        assert (prose_of(message), small(message)[-1]) == ("", line)


async def test_a_restart_forgets_no_budget_and_nobody_who_was_told(
    library: Library, own: Settings, model: ScriptedModel
) -> None:
    async with allowing(library, own, model, per_user=1) as stage:
        reader = stage.somebody()
        await reader.ask(COST)
        await done(stage)
        await stage.restart()
        told = (await reader.ask(COST)).message
        await done(stage)
        await stage.restart()
        again = (await reader.ask(COST)).message
        await done(stage)
        assert (small(told)[-1], "prose" in read(again)) == (NONE_LEFT, False)
        assert len(model.asked) == 1


async def test_a_model_that_gave_nothing_uses_nothing_up(
    library: Library, own: Settings, model: ScriptedModel
) -> None:
    async with allowing(library, own, model, per_user=1) as stage:
        reader = stage.somebody()
        model.script = lambda _: Reply(status=429, headers={"Retry-After": "60"})
        await reader.ask(COST)
        await done(stage)
        model.script = lambda _: Reply(text=f"{PRICE.removesuffix('.')} [1].")
        message = (await reader.ask(COST)).message
        await done(stage)
        assert prose_of(message).startswith(PRICE)


async def test_of_many_at_once_no_more_are_written_than_may_be(
    library: Library, own: Settings, model: ScriptedModel
) -> None:
    async with allowing(library, own, model, per_server=3) as stage:
        asked = await asyncio.gather(*(stage.somebody().ask(COST) for _ in range(8)))
        await done(stage)
        written = [bool(prose_of(answered.message)) for answered in asked]
        assert (sum(written), len(model.asked)) == (3, 3)


async def test_nothing_is_written_where_it_cannot_be_counted(
    library: Library, own: Settings, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    async with allowing(library, own, model) as stage:
        reader = stage.somebody()
        catalog = own.folder / "catalog.sqlite3"
        hidden = catalog.rename(own.folder / "hidden")
        message = (await reader.ask(COST)).message
        await done(stage)
        hidden.rename(catalog)
        assert PRICE in quoted(message)
        assert (prose_of(message), model.asked) == ("", [])
        assert "could not be written on" in caplog.text
