"""``pullquote bot`` from its start to its end: what people see, and whoever runs it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog import catalog_path
from index.open import Library, open_library
from index.settings import Settings
from index.storage.lock import hold_lock
from tests.bot.discord.running import read
from tests.bot.discord.stories import write_article
from tests.bot.discord.whole import (
    bot_in,
    comes_true,
    ends,
    new_world,
    start_bot,
    whole_bot,
)
from tests.loopback import BotProcess, FakeDiscord

pytestmark = pytest.mark.usefixtures("runner")

QUESTION = "How many people were rescued from the ferry Marlin?"
ANSWERED = "41 people"
ACKNOWLEDGEMENT = ("POST", "/callback$")
NO_LONGER = "I no longer have this answer"


@pytest.fixture
def own_library(own: Settings) -> Iterator[Library]:
    """The library of these."""
    library = open_library(own)
    yield library
    library.close()


def change(settings: Settings, sql: str) -> None:
    """Change the catalog from outside."""
    with closing(sqlite3.connect(catalog_path(settings.folder))) as connection, connection:
        connection.execute(sql)


# It cannot start


def without_corpus(settings: Settings) -> None:
    shutil.rmtree(settings.corpus)


def with_empty_corpus(settings: Settings) -> None:
    without_corpus(settings)
    settings.corpus.mkdir()


MISTAKES: dict[str, tuple[dict[str, str], list[str], Callable[[Settings], None] | None, str]] = {
    "no token": ({"DISCORD_TOKEN": ""}, [], None, "DISCORD_TOKEN is not set: put the bot's token"),
    "a token in two lines": (
        {"DISCORD_TOKEN": "fake.\nbot.token"},
        [],
        None,
        "DISCORD_TOKEN is not a token, which has no spaces",
    ),
    "a wrong token": (
        {"DISCORD_TOKEN": "fake.bot.tokem"},
        [],
        None,
        "Discord refuses the token: copy it anew from the developer portal",
    ),
    "a wrong token to sync with": (
        {"DISCORD_TOKEN": "fake.bot.tokem"},
        ["--sync"],
        None,
        "Discord refuses the token: copy it anew from the developer portal",
    ),
    "no network": (
        {"LOOPBACK_API": "http://127.0.0.1:9/api/v10"},
        [],
        None,
        "Discord cannot be reached (Cannot connect to host 127.0.0.1:9",
    ),
    "a server it is not on": (
        {},
        ["--sync", "--guild", "123"],
        None,
        "the commands were not registered: Discord answered 404",
    ),
    "no folder of articles": ({}, [], without_corpus, "no corpus folder at"),
    "no article": ({}, [], with_empty_corpus, "there is no article to answer from"),
    "an owner by name": (
        {"PULLQUOTE_OWNERS": "me"},
        [],
        None,
        "PULLQUOTE_OWNERS takes Discord ids",
    ),
    "an unknown level": ({"PULLQUOTE_LOG_LEVEL": "LOUD"}, [], None, "PULLQUOTE_LOG_LEVEL cannot"),
    "a server without sync": ({}, ["--guild", "1"], None, "--guild goes with --sync"),
    "a model nobody knows": (
        {"PULLQUOTE_LLM": "large"},
        [],
        None,
        "PULLQUOTE_LLM names no language model",
    ),
    "a model without a key": (
        {"PULLQUOTE_LLM": "openai/large"},
        [],
        None,
        "OPENAI_API_KEY is not set",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_what_keeps_it_from_starting_is_one_line_and_status_2(
    mistake: str, own: Settings
) -> None:
    environment, arguments, spoil, line = MISTAKES[mistake]
    if spoil:
        spoil(own)
    async with new_world() as world:
        with start_bot(world, own, *arguments, **environment) as process:
            assert await ends(process) == 2
            said = [one for one in process.output.splitlines() if one.startswith("pullquote: ")]
            assert line in said[-1]
            others = [one for one in process.output.splitlines() if one not in said]
            assert [one for one in others if " WARNING " not in one] == []
            token = environment.get("DISCORD_TOKEN", world.token)
            assert not token or token not in process.output
            assert process.reaches == []


async def test_a_damaged_index_is_built_anew_at_the_start_which_is_said(own: Settings) -> None:
    catalog_path(own.folder).write_bytes(b"no database at all" * 1000)
    async with new_world() as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            assert "warning: the catalog was damaged" in process.output
            assert ANSWERED in read(await world.slash("ask", question=QUESTION))


async def test_while_another_process_indexes_it_answers_from_the_index_as_it_is(
    own: Settings,
) -> None:
    async with new_world() as world:
        with hold_lock(own.folder), start_bot(world, own) as process:
            await comes_online(world)
            assert ANSWERED in read(await world.slash("ask", question=QUESTION))
            assert "another process is indexing" in process.output


async def comes_online(world: FakeDiscord) -> None:
    await world.wait_commands("ask", timeout=60)
    await world.wait_ready(timeout=60)


# Its commands


def registrations(world: FakeDiscord) -> list[str]:
    """For whom the commands were registered so far: everybody, or servers."""
    calls = [call.path for call in world.requests if call.method == "PUT"]
    return ["everybody" if "/guilds/" not in path else path.split("/")[4] for path in calls]


async def test_commands_are_registered_at_the_first_start_and_when_they_have_changed(
    own: Settings, own_library: Library
) -> None:
    async with new_world() as world:
        for _ in range(2):
            async with bot_in(world, own_library, own):
                assert ANSWERED in read(await world.slash("ask", question=QUESTION))
            assert registrations(world) == ["everybody"]
        change(own, "UPDATE bot_facts SET value = 'others' WHERE name LIKE 'commands of %'")
        async with bot_in(world, own_library, own):
            await comes_true(lambda: len(registrations(world)) == 2, "not registered again")


async def test_commands_are_registered_on_demand_for_everybody_or_one_server(
    own: Settings,
) -> None:
    async with new_world() as world:
        with start_bot(world, own, "--sync") as process:
            assert await ends(process) == 0
            assert re.search(
                r"^\d+ commands registered everywhere\.$", process.output, re.MULTILINE
            )
        server = world.guild["id"]
        with start_bot(world, own, "--sync", "--guild", server) as process:
            assert await ends(process) == 0
            assert f"commands registered on server {server}." in process.output
            assert "Unclosed" not in process.output
        assert registrations(world) == ["everybody", server]
        assert world.gateway_log == []


# Its end


async def test_told_to_stop_it_answers_whoever_waits_and_leaves_cleanly(own: Settings) -> None:
    # However busy the machine is, it is the order of things that matters here.
    async with new_world(ack_deadline=30.0) as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            # When it is told to stop, nobody's answer is sent, and most are not even looked for.
            held = world.hold(*ACKNOWLEDGEMENT, times=20)
            # A post is tried three times: these two never befall all of one mention's.
            world.fail("POST", "/channels/[0-9]+/messages$", 503, times=2)
            asked = await asyncio.gather(*(ask_somehow(world, place) for place in range(25)))
            await comes_true(lambda: held.waiting == 20, "not all at work")
            os.kill(process.pid, signal.SIGTERM)
            await comes_true(lambda: "stopping: " in process.output, "it was not told")
            await world.let_go(held)
            await asyncio.gather(*(result.wait(30) for result in asked))
            assert [ANSWERED in read(result) for result in asked] == [True] * 25
            assert await ends(process) == 0
            check_end(process)
        assert world.gateway_log[-1][1] == "closed 1000"


async def ask_somehow(world: FakeDiscord, place: int):  # noqa: ANN201 - a result
    """Ask as a new person, by command or, every fifth, by mention; do not wait."""
    user, channel = world.add_user(f"reader{place}"), world.add_channel(f"room-{place}")
    if place % 5:
        return await world.slash("ask", question=QUESTION, as_=user, in_=channel, wait=False)
    return await world.say(channel, f"{world.mention} {QUESTION}", as_=user, wait=False)


def check_end(process: BotProcess) -> None:
    """Whoever reads the log finds nothing to worry about, and no secret."""
    for word in ("Traceback", "Unclosed", "ResourceWarning", "never awaited", "fake.bot.token"):
        assert word not in process.output
    assert process.reaches == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


async def test_told_to_stop_twice_it_leaves_at_once(own: Settings) -> None:
    async with new_world() as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            world.slow("PATCH", "/messages/@original$", 30)
            await world.slash("ask", question=QUESTION, wait=False)
            await comes_true(lambda: "question who=" in process.output, "it is not at work")
            os.kill(process.pid, signal.SIGINT)
            await comes_true(lambda: "1 answer is finished first" in process.output, "it does not")
            assert process.alive
            os.kill(process.pid, signal.SIGINT)
            assert await ends(process, 5) == 0
            check_end(process)


async def test_whoever_it_leaves_without_an_answer_is_told_so(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        # Another writer is at it, and so this one would wait for minutes.
        with hold_lock(own.folder):
            adding = await world.slash(
                "add", file=("comet.txt", b"A comet was found."), as_=world.owner, wait=False
            )
            await comes_true(lambda: "Reading what you gave me" in adding.text, "not at work")
            whole.runner.stop()
            await comes_true(lambda: "stopping: 1 answer " in whole.log, "it was not told")
            whole.runner.stop()
            await asyncio.wait({whole.running}, timeout=30)
        assert read(adding) == (
            "⚠️ I am being restarted and could not finish this. Please try again in a minute."
        )


async def test_it_leaves_even_a_discord_that_no_longer_says_a_word(own: Settings) -> None:
    async with new_world() as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            silent = threading.Event()
            world.loop.call_soon_threadsafe(silent.wait, 60)
            os.kill(process.pid, signal.SIGTERM)
            try:
                process.process.wait(30)
            finally:
                silent.set()
            assert process.process.returncode == 0
            check_end(process)


async def test_while_it_leaves_whoever_asks_is_told_so(own: Settings, own_library: Library) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        held = world.hold("PATCH", "/messages/@original$")
        asked = await world.slash("ask", question=QUESTION, wait=False)
        await comes_true(lambda: held.waiting, "it is not at work")
        whole.runner.stop()
        await comes_true(lambda: "stopping: " in whole.log, "it was not told")
        late = await world.slash("ask", question=QUESTION, as_=world.bob)
        assert "I am being restarted. Please ask again in a minute." in late.text
        assert late.message.ephemeral
        await world.let_go(held)
        assert ANSWERED in read(await asked.wait())


def add_articles(settings: Settings, number: int) -> None:
    """Add so many articles, hardly two sentences of which are alike."""
    for place in range(number):
        said = [f"Harbour master {place} closed pier {pier + 40 * place}." for pier in range(40)]
        write_article(settings.corpus, f"pier-{place}.md", " ".join(said), title=f"Pier {place}")


async def test_a_writer_says_how_far_it_is_and_ends_with_the_bot(own: Settings) -> None:
    async with new_world() as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            add_articles(own, 200)
            reading = await world.slash("reindex", as_=world.owner, wait=False)
            await comes_true(lambda: re.search(r"… \d+ of 20\d", reading.text), "no progress", 60)
            assert ANSWERED in read(await world.slash("ask", question=QUESTION))
            os.kill(process.pid, signal.SIGTERM)
            await comes_true(lambda: "stopping" in process.output, "it does not stop")
            os.kill(process.pid, signal.SIGTERM)
            assert await ends(process) == 0
            check_end(process)
            assert "I am being restarted and could not finish this" in reading.text


# Over a restart, beside another one


async def test_buttons_work_after_a_restart(own: Settings, own_library: Library) -> None:
    async with new_world() as world:
        async with bot_in(world, own_library, own):
            asked = await world.slash("ask", question=QUESTION)
        async with bot_in(world, own_library, own):
            shown = await world.click(asked.message, "/source:/")
            assert "rescued" in read(shown)
            assert "thank you" in (await world.click(asked.message, "/vote:.*:up/")).text
            follow = f"{world.mention} When did it sink?"
            assert "Wednesday night" in read(
                await world.say("general", follow, reply_to=asked.message)
            )


async def test_two_of_them_on_one_token_answer_once(own: Settings) -> None:
    async with new_world() as world:
        with start_bot(world, own) as one, start_bot(world, own) as other:
            await comes_true(lambda: len(world.connections) == 2, "they are not both there", 20)
            await world.wait_commands("ask")
            asked = await world.slash("ask", question=QUESTION, settle=0.5)
            assert [ANSWERED in read(message) for message in asked.messages] == [True]
            said = await world.say("general", f"{world.mention} {QUESTION}", settle=0.5)
            assert [ANSWERED in read(message) for message in said.messages] == [True]
            voted = await world.click(asked.message, "/vote:.*:up/", settle=0.5)
            assert [message.ephemeral for message in voted.messages] == [True]
            assert "Traceback" not in one.output + other.output


# What happens to the index meanwhile


async def test_an_index_that_is_deleted_is_a_line_without_a_path_until_it_is_built_again(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        before = await world.slash("ask", question=QUESTION)
        shutil.rmtree(own.folder)
        for asked in (
            await world.slash("ask", question=QUESTION),
            await world.say("general", f"{world.mention} {QUESTION}"),
            await world.click(before.message, "/source:/"),
            await world.slash("articles"),
        ):
            assert "I can't look into the articles just now." in asked.text
            assert str(own.folder) not in asked.text
            assert "/" not in asked.text.replace("</", "")
        assert str(own.folder) in whole.log
        assert not own.folder.exists()
        again = open_library(own)
        list(again.reindex())
        again.close()
        assert ANSWERED in read(await world.slash("ask", question=QUESTION))
        assert NO_LONGER in (await world.click(before.message, "/source:/")).text


@pytest.mark.parametrize("act", ["INSERT", "UPDATE"])
async def test_an_index_that_keeps_nothing_answers_all_the_same(
    act: str, own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        full = "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        change(own, f"CREATE TRIGGER full BEFORE {act} ON bot_answers {full}")
        asked = await world.slash("ask", question=QUESTION)
        said = await world.say("general", f"{world.mention} {QUESTION}")
        for result in (asked, said):
            assert [ANSWERED in read(message) for message in result.messages] == [True]
        shown = await world.click(asked.message, "/source:/")
        assert (NO_LONGER in shown.text) == (act == "INSERT")
        assert "could not be kept" in whole.log


async def test_an_answer_that_another_version_kept_is_as_good_as_forgotten(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        asked = await world.slash("ask", question=QUESTION)
        change(own, "UPDATE bot_answers SET answer = json_object('words', question)")
        assert NO_LONGER in (await world.click(asked.message, "/source:/")).text
        assert "Marlin" not in whole.log


async def test_while_another_process_indexes_everybody_is_answered_and_then_from_the_new(
    own: Settings, own_library: Library
) -> None:
    async with whole_bot(own_library, own) as whole:
        world = whole.world
        text = "The astronomer Vera Lam found a comet above the town on Tuesday, she said."
        write_article(own.corpus, "comet.md", text, title="Comet found")
        writer = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "index"),
            *("--corpus", str(own.corpus), "--index", str(own.folder)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parents[3],
        )
        answers = []
        while writer.returncode is None:
            person = world.add_user(f"reader{len(answers)}")
            answers.append(await world.slash("ask", question=QUESTION, as_=person))
            await asyncio.sleep(0.05)
        assert [ANSWERED in read(answer) for answer in answers] == [True] * len(answers)
        found = await world.slash("ask", question="Who found a comet above the town?")
        assert "Vera Lam" in read(found)


# Its log


async def test_a_question_is_one_line_of_the_log_and_its_words_are_not_in_it(own: Settings) -> None:
    async with new_world() as world:
        with start_bot(world, own) as process:
            await comes_online(world)
            await world.slash("ask", question=QUESTION)
            await world.say("general", f"{world.mention} What is the capital of Atlantis?")
            process.stop()
            lines = [line for line in process.output.splitlines() if "question who=" in line]
            pattern = (
                r"who=[0-9a-f]{8} answer=[0-9a-f]{12} server=\d+ ms=\d+ waited_ms=-?\d+"
                r" grounded=(yes|no)"
            )
            assert [bool(re.search(pattern, line)) for line in lines] == [True, True]
            assert [line.split("grounded=")[1].split()[0] for line in lines] == ["yes", "no"]
            assert world.alice["id"] not in "".join(lines)
            assert [word for word in ("Marlin", "Atlantis") if word in process.output] == []
            check_end(process)
