"""Calls that are made again, errors as they are told, the log: where the wire does not reach."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3

import aiohttp
import pytest

from bot.discord.connection import describe_failure
from bot.discord.reports import MOST_REPORTS, STOPPED, Refusal, Reports
from bot.discord.wire import insist
from bot.log import discreet_handler
from index.errors import IndexUnusable, QuestionError

TOKEN = "bot.secret.token"  # noqa: S105 - it opens nothing


class Call:
    """A call that fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.made = 0

    async def __call__(self) -> str:
        self.made += 1
        if self._failures:
            raise self._failures.pop(0)
        return "done"


def test_a_call_that_is_cut_off_is_made_again_a_few_times() -> None:
    call = Call(aiohttp.ServerDisconnectedError(), ConnectionResetError())
    assert (asyncio.run(insist(call)), call.made) == ("done", 3)
    hopeless = Call(*(TimeoutError() for _ in range(9)))
    with pytest.raises(TimeoutError):
        asyncio.run(insist(hopeless))
    assert hopeless.made == 3


def test_a_call_that_is_refused_is_not_made_again() -> None:
    call = Call(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        asyncio.run(insist(call))
    assert call.made == 1


# What people are told


@pytest.mark.parametrize("error", [Refusal("Please wait."), QuestionError("Please wait.")])
def test_what_a_person_can_mend_is_told_as_it_stands_and_is_no_defect(error: Exception) -> None:
    reports = Reports()
    assert reports.describe(error, "/ask") == "Please wait."
    assert list(reports.last) == []


def test_what_is_wrong_with_the_index_is_told_without_a_path(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reports = Reports()
    line = reports.describe(IndexUnusable("the index in /srv/secret is damaged"), "/ask")
    assert line.startswith("I can't look into the articles just now.")
    assert "/srv" not in line
    assert f"/ask failed (reference {reports.last[0].reference}): the index in" in caplog.text
    assert reports.last[0].reference in line


def test_a_defect_is_told_by_its_reference_alone_and_the_last_ones_are_kept() -> None:
    reports = Reports()
    lines = [reports.describe(KeyError("secret"), f"/{place}") for place in range(MOST_REPORTS + 2)]
    assert "secret" not in "".join(lines)
    assert [one.what for one in reports.last] == [f"/{place + 2}" for place in range(MOST_REPORTS)]
    assert all(one.reference in line for one, line in zip(reports.last, lines[2:], strict=True))


def test_who_is_at_work_is_known_until_it_is_done_and_a_stop_is_told_and_no_defect() -> None:
    told: list[Exception] = []

    async def tell(error: Exception) -> None:
        told.append(error)

    async def play() -> None:
        reports = Reports()

        async def work() -> None:
            async with reports.watch_for(tell):
                await asyncio.sleep(30)

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        assert reports.at_work == {task}
        task.cancel()
        await asyncio.wait({task})
        assert (reports.at_work, task.cancelled()) == (set(), True)

    asyncio.run(play())
    assert [str(error) for error in told] == [STOPPED]
    assert isinstance(told[0], Refusal)


# The log


def logged(error: Exception | None, line: str = "it failed", *, says_all: bool = False) -> str:
    """What the log holds of a line and an exception."""
    written = io.StringIO()
    handler = discreet_handler(written, TOKEN, says_all=says_all)
    record = logging.LogRecord("bot", logging.ERROR, "", 0, line, (), None)
    if error:
        try:
            raise error
        except type(error) as raised:
            record.exc_info = (type(raised), raised, raised.__traceback__)
    handler.handle(record)
    return written.getvalue()


def test_of_an_exception_the_log_says_where_but_not_what_it_says() -> None:
    text = logged(ValueError("Who won in Atlantis?"))
    assert "builtins.ValueError" in text
    assert "in logged" in text
    assert "Atlantis" not in text
    assert "Atlantis" in logged(ValueError("Who won in Atlantis?"), says_all=True)


def test_of_what_led_to_it_the_log_says_as_much() -> None:
    error = ValueError("secret")
    error.__cause__ = KeyError("secret, too")
    text = logged(error)
    assert text.index("builtins.KeyError") < text.index("builtins.ValueError")
    assert "secret" not in text


@pytest.mark.parametrize("kind", [OSError, sqlite3.OperationalError, IndexUnusable])
def test_what_the_machine_says_is_in_the_log(kind: type[Exception]) -> None:
    assert "disk is full" in logged(kind("disk is full"))


@pytest.mark.parametrize(
    "line",
    [
        f"login with {TOKEN}",
        "POST https://discord.com/api/v10/webhooks/12/aW50ZXJhY3Rpb246MTIz?wait=true",
        "POST https://discord.com/api/v10/interactions/12/aW50ZXJhY3Rpb246MTIz/callback",
    ],
)
def test_no_token_is_in_the_log(line: str) -> None:
    text = logged(OSError(line), line)
    assert "aW50ZXJhY3Rpb246" not in text
    assert TOKEN not in text
    assert "…" in text


def test_why_a_connection_failed_is_a_few_words_on_one_line() -> None:
    assert describe_failure(OSError("no route\nto host " + "x" * 999)).startswith(
        "no route to host"
    )
    assert len(describe_failure(OSError("x" * 999))) == 200
    assert describe_failure(TimeoutError()) == "TimeoutError"
