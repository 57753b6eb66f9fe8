"""A message that is written on: edited a second apart, until it shows what came last."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.discord.showing import SECONDS_BETWEEN_EDITS, Showing

pytestmark = pytest.mark.usefixtures("runner")


class Shown:
    """A message, and when it showed what."""

    def __init__(self, *errors: Exception, seconds: float = 0.0) -> None:
        self.states: list[str] = []
        self.times: list[float] = []
        self.lost = 0
        self._errors = list(errors)
        self._seconds = seconds

    async def edit(self, state: str) -> None:
        self.times.append(time.monotonic())
        await asyncio.sleep(self._seconds)
        if self._errors:
            raise self._errors.pop(0)
        self.states.append(state)

    def lose(self) -> None:
        self.lost += 1


def refused(status: int, code: int) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="so")
    return discord.HTTPException(response, {"code": code, "message": "no"})


async def show(shown: Shown, *states: str, pause: float = 0.0) -> Showing[str]:
    showing: Showing[str] = Showing(shown.edit, shown.lose)
    for state in states:
        showing.show(state)
        await asyncio.sleep(pause)
    await showing.finish()
    return showing


async def test_of_many_states_in_a_second_the_last_is_shown() -> None:
    shown = Shown()
    await show(shown, *"abcdefgh", pause=0.05)
    assert shown.states == ["h"]


async def test_edits_are_a_second_apart_the_first_from_when_it_was_posted() -> None:
    shown, posted = Shown(seconds=0.2), time.monotonic()
    await show(shown, *"abcdefgh", pause=0.4)
    times = [posted, *shown.times]
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= SECONDS_BETWEEN_EDITS
    assert len(shown.states) >= 3
    assert shown.states[-1] == "h"


@pytest.mark.parametrize(
    "error",
    [refused(404, 10008), refused(403, 50001), refused(400, 50083), refused(401, 50027)],
    ids=["deleted", "forbidden", "archived", "expired"],
)
async def test_a_message_that_cannot_be_edited_is_lost_once(error: Exception) -> None:
    shown = Shown(error)
    showing = await show(shown, "a", "b")
    showing.show("c")
    await showing.finish()
    assert (shown.states, shown.lost, showing.is_lost) == ([], 1, True)


@pytest.mark.parametrize(
    "error", [refused(503, 0), aiohttp.ClientConnectionError(), TimeoutError()]
)
async def test_after_a_passing_failure_it_goes_on(error: Exception) -> None:
    shown = Shown(error)
    showing = await show(shown, "a", pause=1.2)
    showing.show("b")
    await showing.finish()
    assert (shown.states[-1], shown.lost) == ("b", 0)


async def test_after_a_passing_failure_of_the_last_state_it_is_tried_again() -> None:
    shown = Shown(TimeoutError())
    showing = await show(shown, "a")
    await showing.finish()
    assert (shown.states, shown.lost) == (["a"], 0)


async def test_a_failure_that_does_not_pass_is_not_tried_for_ever() -> None:
    shown = Shown(*[TimeoutError()] * 9)
    showing = await show(shown, "a")
    await showing.finish()
    assert (len(shown.times), shown.states) == (3, [])


async def test_a_connection_that_was_closed_loses_the_message() -> None:
    shown = Shown(RuntimeError("Session is closed"))
    assert (await show(shown, "a")).is_lost


async def test_nothing_to_show_is_no_edit() -> None:
    shown = Shown()
    await show(shown)
    assert shown.times == []
