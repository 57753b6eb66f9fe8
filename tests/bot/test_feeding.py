"""Feeds are read beside everything else: from a server on this machine into the folder."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.feeding import News, keep_fed
from bot.intake.feed_state import FeedState
from bot.intake.poll import FeedReport
from bot.intake.take import Taken
from bot.settings import IntakeSettings
from bot.watching import Trouble
from index.settings import Settings
from tests.bot.intake.server import Reply, Server, page, serving
from tests.bot.intake.stories import BUDGET, FERRY
from tests.bot.intake.texts import make_page

ROOT = Path(__file__).resolve().parents[2]
SOON = 0.05


def article(story: str, title: str) -> Reply:
    return page(make_page([" ".join(part.split()) for part in story.split("\n\n")], title=title))


def rss(*links: str) -> Reply:
    items = "".join(f"<item><title>News {link}</title><link>{link}</link></item>" for link in links)
    return page(f"<rss version='2.0'><channel><title>The Herald</title>{items}</channel></rss>")


@dataclass
class Fed:
    """What reading feeds has told of, and where it reads from and saves to."""

    server: Server
    settings: IntakeSettings
    told: list[FeedReport | Trouble] = field(default_factory=list)

    def add(self, path: str) -> None:
        FeedState(self.settings.library.folder).add(self.server.url(path))

    def files(self) -> list[str]:
        return sorted(path.name for path in self.settings.library.corpus.glob("*"))

    async def listen(self) -> None:
        async with aclosing(keep_fed(self.settings, between_looks=SOON)) as happenings:
            async for happening in happenings:
                self.told.append(happening)

    def run(self, act: Callable[[], Awaitable[None]]) -> float:
        """Read feeds while something is done; how many seconds it then takes to end."""

        async def all_of_it() -> float:
            listening = asyncio.create_task(self.listen())
            await act()
            begun = time.monotonic()
            listening.cancel()
            await asyncio.wait({listening})
            return time.monotonic() - begun

        return asyncio.run(all_of_it())

    async def comes(self, number: int) -> None:
        """Wait until so many things were told."""
        await until(lambda: len(self.told) >= number)


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happens"
        await asyncio.sleep(0.02)


@pytest.fixture
def fed(tmp_path: Path) -> Iterator[Fed]:
    routes = {"/ferry": article(FERRY, "Ferry"), "/budget": article(BUDGET, "Budget")}
    with serving(routes) as server:
        library = Settings(corpus=tmp_path / "corpus", folder=tmp_path / "index")
        hosts = frozenset({server.host})
        yield Fed(server, IntakeSettings(library=library, allowed_hosts=hosts))


def test_without_a_feed_nothing_is_fetched_or_written(fed: Fed, tmp_path: Path) -> None:
    fed.run(lambda: asyncio.sleep(5 * SOON))
    assert (fed.told, fed.server.asked, list(tmp_path.iterdir())) == ([], [], [])


def test_a_feed_that_is_added_meanwhile_is_read_and_told_once(fed: Fed) -> None:
    fed.server.routes["/rss"] = rss("/ferry")

    async def act() -> None:
        await asyncio.sleep(3 * SOON)
        fed.add("/rss")
        await fed.comes(1)
        await asyncio.sleep(5 * SOON)

    fed.run(act)
    (report,) = fed.told
    assert isinstance(report, FeedReport)
    assert (report.title, report.count("added")) == ("The Herald", 1)
    assert fed.files() == ["ferry.md"]
    assert [asked.path for asked in fed.server.asked].count("/rss") == 1


def test_the_loop_of_events_goes_on_while_a_server_is_slow(fed: Fed) -> None:
    fed.server.routes["/rss"] = Reply(body=rss("/ferry").body, piece=60, pause=0.1)
    fed.add("/rss")
    longest = 0.0

    async def act() -> None:
        nonlocal longest
        while not fed.told:
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - begun)

    fed.run(act)
    assert fed.files() == ["ferry.md"]
    assert longest < 1.0


def test_it_ends_at_once_though_a_server_never_answers(fed: Fed) -> None:
    fed.server.routes["/rss"] = Reply(body=b"x" * 100, piece=1, pause=20)
    fed.add("/rss")
    assert fed.run(lambda: until(lambda: fed.server.asked)) < 5
    assert fed.told == []


def test_it_ends_between_two_pages_and_the_rest_comes_later(fed: Fed) -> None:
    # Between two pages of a site there is a second: the second page is not waited for.
    fed.server.routes["/rss"] = rss("/ferry", "/budget")
    fed.add("/rss")
    assert fed.run(lambda: until(fed.files)) < 5
    assert fed.files() == ["ferry.md"]
    (feed,) = FeedState(fed.settings.library.folder).feeds()
    assert FeedState(fed.settings.library.folder).claim(feed.address, now=time.time(), until=0)
    assert not [one for one in threading.enumerate() if one.name == "feeds" and one.is_alive()]


def test_what_cannot_be_read_is_told_once_and_stops_nothing(fed: Fed) -> None:
    fed.server.routes["/rss"] = rss("/ferry")
    fed.add("/gone")
    fed.add("/rss")

    async def act() -> None:
        await fed.comes(2)
        await asyncio.sleep(5 * SOON)

    fed.run(act)
    failed, read = fed.told
    assert isinstance(failed, FeedReport)
    assert isinstance(read, FeedReport)
    assert (failed.state, read.count("added")) == ("failed", 1)


def test_an_index_that_cannot_be_read_is_one_line_until_it_can(fed: Fed) -> None:
    folder = fed.settings.library.folder
    fed.server.routes["/rss"] = rss("/ferry")
    fed.add("/rss")
    (catalog,) = [path for path in folder.iterdir() if path.suffix not in {"-wal", "-shm"}]
    whole = catalog.read_bytes()
    catalog.write_bytes(b"no database" * 100)

    async def act() -> None:
        await fed.comes(1)
        await asyncio.sleep(5 * SOON)
        assert len(fed.told) == 1
        catalog.write_bytes(whole)
        await fed.comes(2)

    fed.run(act)
    assert isinstance(fed.told[0], Trouble)
    assert fed.told[0].line.endswith("; it is tried again")
    assert fed.files() == ["ferry.md"]


def report(state: str, problem: str | None = None, *taken: Taken) -> FeedReport:
    return FeedReport(
        address="https://a.example/rss",
        title="",
        state=state,  # type: ignore[arg-type]
        next_at=0,
        taken=taken,
        problem=problem,
    )


def test_news_is_what_came_what_is_wrong_and_that_it_is_right_again() -> None:
    news = News()
    ferry = Taken(outcome="added", title="Ferry", place="ferry.md")
    known = Taken(outcome="known", title="Budget")
    paid = Taken(outcome="failed", title="Paid", reason="402")
    happenings = [
        (report("read"), 0),
        (report("busy"), 0),
        (report("failed", "404"), 1),
        (report("failed", "404"), 0),
        (report("failed", "500"), 1),
        (report("unchanged"), 1),
        (report("read", None, known), 0),
        (report("read", None, ferry, known, paid), 1),
        (report("read", None, paid), 0),
        (Trouble(line="locked"), 1),
        (Trouble(line="locked"), 0),
        (report("read"), 0),
        (Trouble(line="locked"), 1),
    ]
    assert [news.sift(one) is not None for one, _ in happenings] == [
        bool(told) for _, told in happenings
    ]


@contextmanager
def watching(fed: Fed, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``pullquote watch``, on a folder without articles and a feed."""
    library = fed.settings.library
    library.corpus.mkdir()
    settings = {
        "PULLQUOTE_CORPUS": str(library.corpus),
        "PULLQUOTE_INDEX": str(library.folder),
        "PULLQUOTE_FEEDS": fed.server.url("/rss"),
        "PULLQUOTE_ALLOWED_HOSTS": fed.server.host,
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "watch", "--settle", "0.2", *arguments],
        cwd=library.corpus.parent,
        env=settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def written(process: subprocess.Popen[str], *words: str) -> tuple[list[str], list[str]]:
    """The lines that it has written when all these words have come, and its warnings."""
    assert process.stdout
    assert process.stderr
    lines: list[str] = []
    while not all(any(word in line for line in lines) for word in words):
        lines.append(process.stdout.readline())
        assert lines[-1]
    # As a person stops it.
    process.send_signal(signal.SIGINT)
    warnings = process.stderr.read().splitlines()
    assert process.wait(20) == 0
    return lines, warnings


def test_the_watch_of_the_terminal_reads_feeds_and_indexes_what_comes(fed: Fed) -> None:
    fed.server.routes["/rss"] = rss("/ferry", "/stub")
    with watching(fed) as process:
        lines, warnings = written(process, "The Herald", " 0 changed, ")
    pattern = r"\d\d:\d\d:\d\d The Herald: 1 new, 1 without an article\n"
    assert [bool(re.fullmatch(pattern, line)) for line in lines].count(True) == 1
    # The first says what is watched; another, perhaps, that nothing was there yet.
    assert any(line.startswith("pullquote: warning: News /stub: ") for line in warnings)


def test_the_watch_writes_json_of_feeds_too(fed: Fed) -> None:
    fed.server.routes["/rss"] = rss("/ferry", "/stub")
    with watching(fed, "--json") as process:
        lines, _ = written(process, '"feed"', '"new": 1')
    told = list(map(json.loads, lines))
    (feed,) = [one for one in told if "feed" in one]
    assert datetime.fromisoformat(feed["time"]).tzinfo
    assert [entry["outcome"] for entry in feed["entries"]] == ["added", "refused"]
