"""Reindexing from Discord: a process of its own, what it tells, and that it does not stay."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from bot.discord.indexing import STARTED, describe_run, run_index
from bot.discord.reports import Refusal
from index.settings import Settings
from index.storage.lock import hold_lock
from tests.bot.discord.stories import write_stories


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_stories(tmp_path / "corpus")
    return Settings(corpus=tmp_path / "corpus", folder=tmp_path / "index")


def run_to_the_end(settings: Settings) -> list[tuple[str, str]]:
    async def run() -> list[tuple[str, str]]:
        return [line async for line in run_index(settings)]

    return asyncio.run(run())


def has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def test_it_says_that_it_begins_and_what_it_did(settings: Settings) -> None:
    first, *_, last = run_to_the_end(settings)
    assert first == (STARTED, "waiting")
    assert last[0].startswith("Articles: 7 new, 0 changed, 0 gone, 0 unchanged, 0 failed.")
    assert last[1] == "fine"
    assert not has_children()


def test_hundreds_of_files_that_cannot_be_read_are_counted_and_a_few_are_named(
    settings: Settings,
) -> None:
    # Their names alone are longer than what a pipe or a line of it may hold by default.
    for number in range(700):
        (settings.corpus / f"{number:03}-{'x' * 120}.md").touch()
    line, tone = run_to_the_end(settings)[-1]
    assert "7 new, 0 changed, 0 gone, 0 unchanged, 700 failed." in line
    assert line.endswith(" and 695 more")
    assert line.count("x" * 120) == 5
    assert tone == "warning"


def test_while_another_writer_is_at_it_that_is_said_without_a_path(settings: Settings) -> None:
    with hold_lock(settings.folder), pytest.raises(Refusal, match="already, by somebody") as told:
        run_to_the_end(settings)
    assert str(settings.folder) not in str(told.value)


def test_why_it_failed_is_in_the_log_and_no_path_is_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(settings.corpus)
    with pytest.raises(Refusal, match="could not be read; the log says why") as told:
        run_to_the_end(settings)
    assert str(settings.corpus) not in str(told.value)
    assert f"no corpus folder at {settings.corpus}" in caplog.text


def test_left_alone_in_the_middle_it_ends_and_the_index_is_usable(settings: Settings) -> None:
    async def leave() -> None:
        running = run_index(settings)
        asking = asyncio.create_task(anext(running))
        await asking
        second = asyncio.create_task(anext(running))
        await asyncio.sleep(0.3)
        second.cancel()
        await asyncio.wait({second})

    asyncio.run(leave())
    assert not has_children()
    assert "7 new" in run_to_the_end(settings)[-1][0]


def test_a_summary_without_failures_is_one_line() -> None:
    counts = dict.fromkeys(("new", "changed", "gone", "unchanged", "failed", "passages"), 0)
    summary = {**counts, "seconds": 0.25, "failures": []}
    assert describe_run(summary) == (
        "Articles: 0 new, 0 changed, 0 gone, 0 unchanged, 0 failed. 0 passages, 0.2 s."
    )
