"""The bot watches its folder of articles: what comes into it is answered from, without a word."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from index.open import Library, open_library
from index.settings import Settings
from tests.bot.discord.running import read
from tests.bot.discord.stories import write_article
from tests.bot.discord.whole import comes_true, ends, new_world, start_bot, whole_bot
from tests.loopback import FakeDiscord, Result

pytestmark = pytest.mark.usefixtures("runner")

COMET = "The astronomer Vera Lam found a comet above the town on Tuesday, she said."
QUESTION = "Who found a comet above the town?"
FERRY = "How many people were rescued from the ferry Marlin?"


@pytest.fixture
def own_library(own: Settings) -> Iterator[Library]:
    """The library of these."""
    library = open_library(own)
    library.prepare()
    yield library
    library.close()


async def ask_until_found(world: FakeDiscord, question: str, words: str) -> None:
    """Ask again and again, by somebody else each time, until the answer holds the words."""
    for number in range(60):
        asked = await world.slash("ask", question=question, as_=world.add_user(f"r{number}"))
        if words in read(asked):
            return
        await asyncio.sleep(0.3)
    pytest.fail(f"{words!r} is never quoted")


async def test_what_comes_changes_and_goes_is_answered_from_without_a_command(
    own: Settings,
) -> None:
    async with new_world() as world:
        with start_bot(world, own, PULLQUOTE_WATCH="true") as process:
            await world.wait_commands("ask", timeout=60)
            await world.wait_ready(60)
            write_article(own.corpus, "comet.md", COMET, title="Comet found")
            await ask_until_found(world, QUESTION, "Vera Lam")
            (own.corpus / "comet.md").unlink()
            await ask_until_found(world, QUESTION, "The articles don't say.")
            await comes_true(lambda: "1 gone" in process.output, "nothing is logged")
            os.kill(process.pid, signal.SIGTERM)
            assert await ends(process) == 0
            # What was there when it began is not read a second time.
            assert process.output.count("Articles: 0 new") == 2
            assert "Traceback" not in process.output


async def test_it_is_watched_unless_that_is_set_otherwise(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own, watch="false") as whole:
        write_article(own.corpus, "comet.md", COMET, title="Comet found")
        await asyncio.sleep(2.5)
        assert "don't say" in read(await whole.world.slash("ask", question=QUESTION))
        assert "Articles" not in whole.log


async def test_a_reindex_waits_for_the_watch_and_both_are_done(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own, watch="true") as whole:
        # Nobody knows how the folder looked when it was indexed: it is read at once.
        write_article(own.corpus, "comet.md", COMET, title="Comet found")
        done = await whole.world.slash("reindex", as_=whole.world.owner, until=is_done, timeout=60)
        assert "0 failed" in read(done)
        assert "already" not in read(done)
        await ask_until_found(whole.world, QUESTION, "Vera Lam")
        assert "failed:" not in whole.log


def is_done(result: Result) -> bool:
    return bool(result.messages) and not result.thinking and "Reading" not in result.text


async def test_a_folder_that_is_gone_and_a_file_that_is_no_article_are_lines_of_the_log(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own, watch="poll") as whole:
        (own.corpus / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        await comes_true(lambda: "picture.md: an image" in whole.log, "it is not told")
        own.corpus.rename(own.corpus.with_name("elsewhere"))
        await comes_true(lambda: "the folder of articles is gone" in whole.log, "it is not told")
        assert "41 people" in read(await whole.world.slash("ask", question=FERRY))
    assert whole.log.count("the folder of articles is gone") == 1
