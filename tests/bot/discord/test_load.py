"""Two hundred questions at once, and more than may be asked."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.discord.desk import MOST_WAITING, Asked
from bot.discord.reports import Refusal
from bot.discord.run import open_desk
from bot.settings import BotSettings
from index.open import Library
from index.settings import Settings
from tests.bot.discord.crowd import ask_at_once, ask_in_turn, measure, spread
from tests.bot.discord.running import read
from tests.bot.discord.whole import bot_in, ends, new_world, start_bot

pytestmark = [pytest.mark.usefixtures("runner"), pytest.mark.alone]

HEARTBEAT = 0.4
"""Seconds: a hundredth of Discord's, to see many in a short while."""

ASKED = {
    "How many people were rescued from the ferry Marlin?": "rescued",
    "Who is the mayor?": "Mayor Lena Ortiz",
    "How much would the new dam on the Sava cost?": "3.2 billion crowns",
    "How many people marched against the dam?": "About 2,000 people",
    "Where does the weekly market move to?": "station square",
    "Who won the regatta on the lake of Atlantis?": "don’t say",
}
"""Questions, and what stands in what people read."""


async def test_of_two_hundred_at_once_everybody_is_answered_once_and_in_time(
    library: Library, shelf: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [list(ASKED)[place % len(ASKED)] for place in range(200)]
    async with new_world(heartbeat_interval=HEARTBEAT) as world:
        del library
        with start_bot(world, shelf, PULLQUOTE_LOG_LEVEL="WARNING") as process:
            await world.wait_commands("ask", timeout=60)
            await world.wait_ready(timeout=60)
            begun = time.monotonic()
            calm = measure(world, await ask_in_turn(world, questions[:12]), begun)
            begun = time.monotonic()
            results = await ask_at_once(world, questions)
            crowded = measure(world, results, begun)
            assert process.stop() == 0
            assert "Traceback" not in process.output
        assert [result.error for result in results if result.error] == []
        assert [len(result.messages) for result in results] == [1] * 200
        wrong = [
            read(result)
            for question, result in zip(questions, results, strict=True)
            if ASKED[question].replace("’", "'") not in read(result).replace("’", "'")
        ]
        assert wrong == []
        assert world.rejected() == []
        assert [one for _, one in world.gateway_log if "zombie" in one or "resume" in one] == []
        assert max(crowded.acknowledged) < 3000
        # Discord takes a client for dead after a whole interval; ours is late by parts of one.
        assert max(crowded.late) < 1000
    with capsys.disabled():
        for name, row in crowded.rows().items():
            beside = calm.rows()[name]
            print(f"\n{name}: p95 {row[1]:.0f} ms, in turn {beside[1]:.0f} ms", end="")  # noqa: T201


async def test_the_event_loop_turns_while_answers_are_worked_on(
    library: Library, shelf: Settings
) -> None:
    lags: list[float] = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            lags.append(time.monotonic() - before - 0.01)

    async with open_desk(BotSettings(library=shelf, token="x"), library) as (desk, _):  # noqa: S106
        watching = asyncio.create_task(watch())
        questions = [f"{question} {place}" for place in range(20) for question in ASKED]
        asked = [asking(question, place) for place, question in enumerate(questions)]
        await asyncio.gather(*(desk.ask(one) for one in asked))
        watching.cancel()
    median, p95, _ = spread(lags)
    assert (median < 0.02, p95 < 0.1) == (True, True)


def asking(question: str, place: int) -> Asked:
    return Asked(text=question, person=place, server=1, channel=2)


async def test_when_too_many_wait_the_next_is_told_so(library: Library, shelf: Settings) -> None:
    async with open_desk(BotSettings(library=shelf, token="x"), library) as (desk, _):  # noqa: S106
        questions = [asking("Who is the mayor?", place) for place in range(MOST_WAITING)]
        waiting = [asyncio.create_task(desk.ask(one)) for one in questions]
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="So many questions are waiting"):
            await desk.ask(asking("Who is the mayor?", 0))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert desk.waiting == 0
        kept = await desk.ask(asking("Who is the mayor?", 0))
        assert kept.answer.grounded


async def test_somebody_who_asks_too_fast_is_told_how_long_to_wait(
    library: Library, shelf: Settings
) -> None:
    async with new_world() as world, bot_in(world, library, shelf):
        asked = await asyncio.gather(
            *(world.slash("ask", question="Who is the mayor?") for _ in range(7))
        )
        told = [result for result in asked if "You are quick! Please ask again in" in result.text]
        assert [result.message.ephemeral for result in told] == [True, True]
        assert sum("Lena Ortiz" in read(result) for result in asked) == 5
        other = await world.slash("ask", question="Who is the mayor?", as_=world.bob)
        assert "Lena Ortiz" in read(other)


async def test_told_to_stop_under_load_it_answers_all_who_were_told_to_wait(
    library: Library, shelf: Settings
) -> None:
    del library
    async with new_world() as world:
        with start_bot(world, shelf) as process:
            await world.wait_commands("ask", timeout=60)
            await world.wait_ready(timeout=60)
            asking = asyncio.create_task(ask_at_once(world, list(ASKED) * 10))
            await asyncio.sleep(0.4)
            process.process.terminate()
            results = await asking
            assert await ends(process) == 0
        told = [result for result in results if "I am being restarted" in result.text]
        seen = [result for result in results if result.ack_type is not None]
        assert [result for result in seen if result.thinking or not result.messages] == []
        assert len(seen) > len(told)
