"""The bot reads feeds by itself: what is new in them is soon answered from, without a word."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from bot.settings import BotSettings
from index.settings import Settings
from tests.bot.discord.running import read
from tests.bot.discord.whole import comes_true, ends, new_world, start_bot
from tests.bot.intake.server import Server, page, serving
from tests.bot.intake.stories import QUAKE
from tests.bot.intake.texts import make_page

pytestmark = pytest.mark.usefixtures("runner")

QUESTION = "How strong was the earthquake?"


@pytest.fixture
def site() -> Iterator[Server]:
    """A paper's site with a feed that a key opens, and a feed that is gone."""
    feed = "<rss version='2.0'><channel><title>The Herald</title>{}</channel></rss>"
    item = "<item><title>Earthquake</title><link>/quake</link></item>"
    story = [" ".join(part.split()) for part in QUAKE.split("\n\n")]
    routes = {
        "/rss": page(feed.format(item)),
        "/quake": page(make_page(story, title="Earthquake shakes the valley")),
    }
    with serving(routes) as server:
        yield server


def feeds_of(site: Server) -> dict[str, str]:
    addresses = f"{site.url('/rss?key=hidden')} {site.url('/gone?key=hidden')}"
    return {"PULLQUOTE_FEEDS": addresses, "PULLQUOTE_ALLOWED_HOSTS": site.host}


async def test_what_a_feed_brings_is_answered_from_and_what_fails_is_a_line(
    own: Settings, site: Server
) -> None:
    async with new_world() as world:
        with start_bot(world, own, PULLQUOTE_WATCH="true", **feeds_of(site)) as process:
            await world.wait_commands("ask", timeout=60)
            await world.wait_ready(60)
            await comes_true(lambda: "Articles: 1 new" in process.output, process.output)
            asked = await world.slash("ask", question=QUESTION)
            assert "Earthquake shakes the valley" in read(asked)
            os.kill(process.pid, signal.SIGTERM)
            assert await ends(process, 15) == 0
            assert "The Herald: 1 new" in process.output
            assert process.output.count(f"{site.host}/gone: failed: ") == 1
            assert "hidden" not in process.output
            assert "Traceback" not in process.output


async def test_without_the_watch_feeds_are_left_alone_and_that_is_said(
    own: Settings, site: Server
) -> None:
    async with new_world() as world:
        with start_bot(world, own, PULLQUOTE_WATCH="false", **feeds_of(site)) as process:
            await world.wait_commands("ask", timeout=60)
            await world.wait_ready(60)
            line = "feeds are not read, as PULLQUOTE_WATCH is false"
            await comes_true(lambda: line in process.output, "it is not said")
            os.kill(process.pid, signal.SIGTERM)
            assert await ends(process) == 0
    assert site.asked == []


def test_where_feeds_are_read_from_is_among_the_settings_of_the_bot(own: Settings) -> None:
    settings = BotSettings(library=own, token="", feeds=("https://a.example/rss?key=hidden",))
    assert settings.intake.feeds == settings.feeds
    assert settings.intake.library is own
    assert "hidden" not in f"{settings!r} {settings.intake!r}"
