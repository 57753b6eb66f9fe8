"""The folder of articles is watched: real files, the real writer, and what is answered then."""

# What a test does to files it does at once: nothing else in its loop waits for it.
# ruff: noqa: ASYNC240

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.look import look_at
from bot.watching import GONE, Published, Timing, Trouble, Watch, keep_indexed
from index.open import open_library
from index.settings import Settings
from index.storage.lock import hold_lock
from tests.bot.discord.stories import write_stories

ROOT = Path(__file__).resolve().parents[2]
QUICK = Timing(settle=0.4, longest=1.5, between_looks=0.8)
COMET = "The astronomer Vera Lam found a comet above the town on Tuesday."
QUESTION = "Who found a comet above the town?"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A few articles and their index."""
    folder = tmp_path_factory.mktemp("shelf")
    write_stories(folder / "corpus")
    settings = Settings(corpus=folder / "corpus", folder=folder / "index")
    library = open_library(settings)
    list(library.reindex())
    library.close()
    return settings


@pytest.fixture
def settings(shelf: Settings, tmp_path: Path) -> Settings:
    """The same, for a test that changes them."""
    shutil.copytree(shelf.corpus, tmp_path / "corpus")
    shutil.copytree(shelf.folder, tmp_path / "index")
    return Settings(corpus=tmp_path / "corpus", folder=tmp_path / "index")


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happens"
        await asyncio.sleep(0.02)


# What is a change, and when it has settled


@dataclass
class Seen:
    """What a watch has seen of a folder: each time which files had changed, None while gone."""

    corpus: Path
    changes: list[set[str] | None] = field(default_factory=list)

    async def follow(self, watch: Watch) -> None:
        before = await asyncio.to_thread(look_at, self.corpus)
        assert before
        while True:
            if not await watch.wait_stirred(before):
                self.changes.append(None)
                continue
            look = await watch.settle(before)
            if look is None or look == before:
                continue
            differing = look.files.items() ^ before.files.items()
            self.changes.append({Path(path).name for path, _ in differing})
            before = look


def watched(
    corpus: Path, act: Callable[[Seen], Awaitable[None]], *, polls: bool = False
) -> list[set[str] | None]:
    """Watch the folder while ``act`` is done to it; what was seen."""
    seen = Seen(corpus)

    async def run() -> None:
        async with Watch(corpus, polls=polls, timing=QUICK) as watch:
            following = asyncio.create_task(seen.follow(watch))
            await asyncio.sleep(0.2)
            await act(seen)
            await asyncio.sleep(2.5 * QUICK.settle)
            following.cancel()
            await asyncio.wait({following})

    asyncio.run(run())
    return seen.changes


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    (corpus / "bread.md").write_text("Bread costs 3 crowns.")
    return corpus


@pytest.mark.parametrize("polls", [False, True])
def test_files_that_come_change_move_and_go_are_seen(corpus: Path, *, polls: bool) -> None:
    async def act(seen: Seen) -> None:
        (corpus / "comet.md").write_text(COMET)
        await until(lambda: len(seen.changes) == 1)
        (corpus / "comet.md").write_text(COMET.replace("Tuesday", "Friday_"))
        await until(lambda: len(seen.changes) == 2)
        (corpus / "skies").mkdir()
        (corpus / "comet.md").rename(corpus / "skies" / "star.md")
        await until(lambda: len(seen.changes) == 3)
        shutil.rmtree(corpus / "skies")
        await until(lambda: len(seen.changes) == 4)

    expected = [{"comet.md"}, {"comet.md"}, {"comet.md", "star.md"}, {"star.md"}]
    assert watched(corpus, act, polls=polls) == expected


def test_a_folder_of_which_nothing_is_heard_is_looked_at(corpus: Path) -> None:
    async def run() -> None:
        async with Watch(corpus, polls=False, timing=QUICK) as watch:
            before = await asyncio.to_thread(look_at, corpus)
            # As on a network folder, which tells of nothing.
            await watch.stop_listening()
            (corpus / "comet.md").write_text(COMET)
            assert await asyncio.wait_for(watch.wait_stirred(before), 5)

    asyncio.run(run())


def test_a_file_that_is_written_slowly_is_read_when_it_is_whole(corpus: Path) -> None:
    whole = 0.0

    async def act(seen: Seen) -> None:
        nonlocal whole
        with (corpus / "slow.md").open("w") as file:
            for word in COMET.split()[:7]:
                file.write(f"{word} ")
                file.flush()
                await asyncio.sleep(0.15)
            assert seen.changes == []
        whole = time.monotonic()
        await until(lambda: seen.changes)
        whole = time.monotonic() - whole

    assert watched(corpus, act) == [{"slow.md"}]
    assert whole < 3 * QUICK.settle


def test_a_file_that_grows_for_ever_is_read_all_the_same(corpus: Path) -> None:
    async def act(seen: Seen) -> None:
        begun = time.monotonic()
        with (corpus / "endless.md").open("w") as file:
            while not seen.changes:
                file.write(COMET)
                file.flush()
                await asyncio.sleep(0.1)
                assert time.monotonic() - begun < 3 * QUICK.longest
        assert time.monotonic() - begun >= QUICK.longest

    assert watched(corpus, act)[0] == {"endless.md"}


def test_what_editors_leave_while_they_save_is_no_change(corpus: Path) -> None:
    names = [".comet.md.swp", "comet.md~", ".#comet.md", "#comet.md#", "4913", "comet.md.part"]

    async def act(seen: Seen) -> None:
        for name in names:
            (corpus / name).write_text(COMET)
        (corpus / ".hidden").mkdir()
        (corpus / ".hidden" / "comet.md").write_text(COMET)
        await asyncio.sleep(3 * QUICK.settle)
        assert seen.changes == []
        # As editors save: a new file beside it, which then takes its place.
        (corpus / ".bread.md.tmp").write_text(COMET)
        (corpus / ".bread.md.tmp").replace(corpus / "bread.md")

    assert watched(corpus, act) == [{"bread.md"}]


def test_what_comes_and_goes_at_once_is_no_change(corpus: Path) -> None:
    async def act(_: Seen) -> None:
        (corpus / "comet.md").write_text(COMET)
        await asyncio.sleep(0.15)
        (corpus / "comet.md").unlink()

    assert watched(corpus, act) == []


def test_a_folder_that_vanishes_is_followed_again_when_it_is_back(corpus: Path) -> None:
    async def act(seen: Seen) -> None:
        elsewhere = corpus.with_name("elsewhere")
        corpus.rename(elsewhere)
        await until(lambda: seen.changes)
        # What is mounted there is missing: an empty folder stands where it was.
        corpus.mkdir()
        await asyncio.sleep(1.2)
        corpus.rmdir()
        elsewhere.rename(corpus)
        await asyncio.sleep(1.2)
        (corpus / "comet.md").write_text(COMET)
        await until(lambda: len(seen.changes) > 1)

    assert watched(corpus, act) == [None, {"comet.md"}]


def test_another_folder_in_its_place_is_a_change(corpus: Path) -> None:
    async def act(seen: Seen) -> None:
        corpus.rename(corpus.with_name("old"))
        corpus.mkdir()
        (corpus / "comet.md").write_text(COMET)
        await until(lambda: {"comet.md", "bread.md"} in seen.changes)
        await asyncio.sleep(1.2)
        (corpus / "star.md").write_text(COMET)
        await until(lambda: seen.changes[-1] == {"star.md"}, QUICK.between_looks + 3)

    watched(corpus, act)


# From a file to an answer


@dataclass
class Told:
    """What keeping an index in line has told of so far."""

    happenings: list[Published | Trouble] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[int, int, int]]:
        """Of each publication: new, changed and gone articles."""
        return [
            (one.summary["new"], one.summary["changed"], one.summary["gone"])
            for one in self.happenings
            if isinstance(one, Published)
        ]

    async def comes(self, *counts: tuple[int, int, int]) -> None:
        """Wait for these publications."""
        await until(lambda: len(self.counts) >= len(counts))
        assert self.counts == list(counts)


def kept(settings: Settings, act: Callable[[Told], Awaitable[None]]) -> list[str]:
    """Keep the index in line with the folder while ``act`` is done to it; the troubles."""
    told = Told()

    async def listen() -> None:
        seen = look_at(settings.corpus)
        async with aclosing(keep_indexed(settings, seen=seen, timing=QUICK)) as happenings:
            async for happening in happenings:
                told.happenings.append(happening)

    async def run() -> None:
        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.2)
        await act(told)
        listening.cancel()
        await asyncio.wait({listening})

    asyncio.run(run())
    return [one.line for one in told.happenings if isinstance(one, Trouble)]


def ask(settings: Settings, question: str = QUESTION) -> str:
    library = open_library(settings)
    try:
        return library.ask(question).text
    finally:
        library.close()


def test_answers_follow_what_comes_changes_and_goes_even_while_others_write(
    settings: Settings,
) -> None:
    comet = settings.corpus / "comet.md"

    async def act(told: Told) -> None:
        with hold_lock(settings.folder):
            comet.write_text(COMET)
            await asyncio.sleep(1.5)
        await told.comes((1, 0, 0))
        assert COMET in ask(settings)

        comet.write_text(COMET.replace("Tuesday", "Friday"))
        await told.comes((1, 0, 0), (0, 1, 0))
        assert "Friday" in ask(settings)

        comet.rename(comet.with_name("star.md"))
        await told.comes((1, 0, 0), (0, 1, 0), (0, 0, 0))
        assert "Friday" in ask(settings)

        comet.with_name("star.md").unlink()
        await told.comes((1, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 1))
        assert "comet" not in ask(settings)

    assert kept(settings, act) == []


def test_a_burst_of_files_is_one_or_a_few_publications(settings: Settings) -> None:
    async def act(told: Told) -> None:
        for number in range(300):
            (settings.corpus / f"{number}.md").write_text(f"Harbour {number} was closed, he said.")
            if number % 50 == 0:
                await asyncio.sleep(0.1)
        await until(lambda: sum(new for new, _, _ in told.counts) == 300)
        assert len(told.counts) <= 3

    assert kept(settings, act) == []


def test_a_writer_that_fails_is_tried_again_and_that_is_said_once(settings: Settings) -> None:
    # No lock can be made where a folder stands.
    lock = settings.folder / "lock"
    lock.unlink()
    lock.mkdir()

    async def act(told: Told) -> None:
        (settings.corpus / "comet.md").write_text(COMET)
        await until(lambda: told.happenings)
        await asyncio.sleep(1.5)
        lock.rmdir()
        await told.comes((1, 0, 0))
        assert COMET in ask(settings)

    (trouble,) = kept(settings, act)
    assert trouble.endswith("; it is tried again")
    assert "index" in trouble


def test_a_folder_that_is_gone_leaves_its_answers(settings: Settings) -> None:
    async def act(told: Told) -> None:
        settings.corpus.rename(settings.corpus.with_name("elsewhere"))
        await until(lambda: told.happenings)
        assert "41 people" in ask(settings, "How many people were rescued from the ferry Marlin?")

    assert kept(settings, act) == [GONE]


def test_nothing_is_left_running_when_it_ends_in_the_middle(settings: Settings) -> None:
    async def run() -> None:
        happenings = keep_indexed(settings, timing=QUICK)
        asking = asyncio.create_task(anext(happenings))
        await asyncio.sleep(0.8)
        asking.cancel()
        await asyncio.wait({asking})
        await happenings.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# The command


def start(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    folders = ("--corpus", str(settings.corpus), "--index", str(settings.folder))
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "watch", *folders, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_command_writes_a_line_each_time_and_ends_cleanly(settings: Settings) -> None:
    with start(settings, "--settle", "0.3") as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert re.match(
            r"\d\d:\d\d:\d\d 0 new, 0 changed, 0 moved, 0 gone, 0 failed, \d\.\d s\n", line
        )
        (settings.corpus / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        assert " 1 failed, " in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        said = process.stderr.read().splitlines()
    assert said[0] == f"pullquote: watching {settings.corpus}; Ctrl-C ends it"
    assert said[1:] == ["pullquote: warning: picture.md: an image, not text"]


def test_the_command_writes_json(settings: Settings) -> None:
    with start(settings, "--json") as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert process.returncode == 0
    told = json.loads(line)
    assert datetime.fromisoformat(told["time"]).tzinfo
    assert (told["new"], told["unchanged"], told["failures"]) == (0, 7, [])


def test_a_folder_that_is_not_there_at_first_is_one_line(settings: Settings) -> None:
    shutil.rmtree(settings.corpus)
    with start(settings) as process:
        said, complained = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said == ""
    assert complained.startswith("pullquote: no corpus folder that can be read at ")
    assert len(complained.splitlines()) == 1


def test_an_index_that_is_gone_is_made_anew_though_no_article_has_changed(
    settings: Settings,
) -> None:
    async def act(told: Told) -> None:
        shutil.rmtree(settings.folder)
        await told.comes((len(list(settings.corpus.iterdir())), 0, 0))

    assert kept(settings, act) == []
