"""What people see when Discord fails: at each step, in each way, the real bot over the wire."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from index.errors import PullquoteError
from index.open import Library
from index.settings import Settings
from tests.bot.discord.running import build_library, read
from tests.bot.discord.stories import write_article
from tests.bot.discord.whole import Whole, comes_true, whole_bot
from tests.loopback import FakeDiscord, Message, Result, perms

Start = Callable[..., AbstractAsyncContextManager[Whole]]

QUESTION = "How many people were rescued from the ferry Marlin?"
ANSWERED = "41 people"

SORRY = "Something went wrong"

DEFER, EDIT = ("POST", "/callback$"), ("PATCH", "/messages/@original$")
POST, FOLLOW_UP = ("POST", "/channels/[0-9]+/messages$"), ("POST", "/webhooks/[^/]+/[^/]+$")
THREAD, COMMANDS = ("POST", "/threads$"), ("PUT", "/commands$")
LOGIN, APPLICATION = ("GET", "/users/@me$"), ("GET", "/applications/@me$")


@pytest.fixture
def start(runner: asyncio.Runner, library: Library, shelf: Settings) -> Start:
    """Start a bot that answers from the invented articles."""
    del runner  # It runs the test.

    def started(**rules: Any) -> AbstractAsyncContextManager[Whole]:  # noqa: ANN401 - of whole_bot
        return whole_bot(library, shelf, **rules)

    return started


@pytest.fixture
def whole(runner: asyncio.Runner, start: Start) -> Iterator[Whole]:
    """A bot that is up."""
    running = start()
    yield runner.run(running.__aenter__())
    runner.run(running.__aexit__(None, None, None))


Fault = Callable[[FakeDiscord, str, str], None]

FAULTS: dict[str, Fault] = {
    "429": lambda world, *call: world.rate_limit(*call, retry_after=0.3),
    "global 429": lambda world, *call: world.rate_limit(*call, retry_after=0.3, scope="global"),
    "500": lambda world, *call: world.fail(*call, 500),
    "502": lambda world, *call: world.fail(*call, 502),
    "503": lambda world, *call: world.fail(*call, 503),
    "500 after it took effect": lambda world, *call: world.fail(*call, 500, after=True),
    "reset": lambda world, *call: world.fail(*call, 0),
    "reset after it took effect": lambda world, *call: world.fail(*call, 0, after=True),
    "slow": lambda world, *call: world.slow(*call, 1.2),
}


async def all_at_once(
    world: FakeDiscord, step: tuple[str, str], act: Callable[[int], Coroutine[Any, Any, Result]]
) -> list[Result]:
    """Let as many people act as there are faults; each meets another one at this step."""
    for fault in FAULTS.values():
        fault(world, *step)
    results = await asyncio.gather(*(act(number) for number in range(len(FAULTS))))
    assert [fault for fault in world.faults if fault.times] == []
    return results


# Asking


@pytest.mark.parametrize("step", [DEFER, EDIT], ids=["the acknowledgement", "the answer"])
async def test_a_command_is_answered_once_whatever_happens_to(
    step: tuple[str, str], whole: Whole
) -> None:
    world = whole.world

    async def ask(number: int) -> Result:
        return await world.slash("ask", question=QUESTION, as_=world.add_user(f"reader{number}"))

    for asked in await all_at_once(world, step, ask):
        assert (asked.error, asked.thinking) == (None, False)
        assert [ANSWERED in read(message) for message in asked.messages] == [True]
        assert SORRY not in asked.text


async def test_a_mention_is_answered_once_whatever_happens_to_the_post(whole: Whole) -> None:
    world = whole.world

    async def ask(number: int) -> Result:
        room, reader = world.add_channel(f"room-{number}"), world.add_user(f"reader{number}")
        return await world.say(room, f"{world.mention} {QUESTION}", as_=reader)

    for asked in await all_at_once(world, POST, ask):
        assert ANSWERED in read(asked)
    assert len(world.posted()) == len(FAULTS)


async def test_an_answer_that_cannot_be_sent_is_given_up_and_the_next_is_sent(whole: Whole) -> None:
    world = whole.world
    world.fail(*POST, 503, times=3 + 3)
    await world.say("general", f"{world.mention} {QUESTION}", wait=False)
    await comes_true(lambda: "a mention could not be answered" in whole.log, "it does not give up")
    asked = await world.say("general", f"{world.mention} {QUESTION}")
    assert ANSWERED in read(asked)
    assert [message.reply_to for message in world.posted()] == [asked.sent.id]


# Buttons


MEMORIES = {
    "Coast": ("old lamps", "wet ropes", "torn sails"),
    "Harbour": ("loud gulls", "grey barges", "steep quays"),
    "Town": ("late buses", "new mayors", "broken clocks"),
    "North": ("thick ice", "lost sledges", "silent wolves"),
}


@pytest.fixture
def long_shelf(tmp_path: Path) -> Iterator[tuple[Library, Settings]]:
    """Articles whose sentences are so long that not all quotes have room in one message."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, (place, things) in enumerate(MEMORIES.items()):
        rest = ", ".join(f"{thing} of {1900 + 2 * year}" for year in range(18) for thing in things)
        text = f"The keeper Ada Berg said the lighthouse of {place} reminded her of {rest}."
        head = {"title": f"{place} light", "outlet": f"{place} Post", "published": "2023-05-01"}
        write_article(corpus, f"{number}.md", text, **head)
    settings = Settings(corpus=corpus, folder=tmp_path / "index")
    library = build_library(settings)
    yield library, settings
    library.close()


@pytest.fixture
def long_answer(
    runner: asyncio.Runner, long_shelf: tuple[Library, Settings]
) -> Iterator[tuple[Whole, Message]]:
    """A bot, and an answer of it under which more quotes wait."""
    running = whole_bot(*long_shelf)
    whole = runner.run(running.__aenter__())
    question = "What did the keeper Ada Berg say of the lighthouse?"
    asked = runner.run(whole.world.slash("ask", question=question))
    yield whole, asked.message
    runner.run(running.__aexit__(None, None, None))


@pytest.mark.parametrize("fault", ["429", "503"])
async def test_more_quotes_are_shown_once_whatever_happens_to_them(
    fault: str, long_answer: tuple[Whole, Message]
) -> None:
    whole, answer = long_answer
    FAULTS[fault](whole.world, *FOLLOW_UP)
    more = await whole.world.click(answer, label="More quotes")
    assert more.error is None
    assert len(more.messages) == 1
    assert "reminded her of" in read(more)


@pytest.mark.parametrize("fault", ["500", "500 after it took effect"])
async def test_a_thread_is_opened_once_whatever_happens_to_it(fault: str, whole: Whole) -> None:
    asked = await whole.world.slash("ask", question=QUESTION)
    FAULTS[fault](whole.world, *THREAD)
    clicked = await whole.world.click(asked.message, "/thread/")
    threads = [one for one in whole.world.channels.values() if one.get("parent_id")]
    assert len(threads) == 1
    assert f"<#{threads[0]['id']}>" in clicked.text


async def test_a_click_is_acknowledged_once_and_answered_over_a_cut_connection(
    whole: Whole,
) -> None:
    asked = await whole.world.slash("ask", question=QUESTION)
    whole.world.fail(*DEFER, 0, after=True)
    whole.world.fail(*EDIT, 0)
    voted = await whole.world.click(asked.message, "/vote:.*:up/")
    assert voted.error is None
    assert "thank you" in voted.text


async def test_what_nobody_foresaw_is_a_line_with_a_reference_that_leads_to_the_log(
    whole: Whole,
) -> None:
    whole.world.fail(*EDIT, 400, code=50035, message="Invalid Form Body")
    asked = await whole.world.slash("ask", question=QUESTION)
    assert asked.text.count(SORRY) == 1
    reference = asked.text.split("report it as ")[1].split(".")[0]
    assert f"/ask failed (reference {reference})" in whole.log
    assert QUESTION not in whole.log


# What comes too late, and what it may not do


async def test_what_cannot_be_acknowledged_in_time_is_let_go(start: Start) -> None:
    async with start(rules={"ack_deadline": 0.4}) as whole:
        whole.world.slow(*DEFER, 0.6)
        late = await whole.world.slash("ask", question=QUESTION)
        assert late.error == "The application did not respond"
        await comes_true(lambda: "could not be answered in time" in whole.log, "no line in the log")
        assert ANSWERED in read(await whole.world.slash("ask", question=QUESTION))


async def test_an_answer_for_which_it_is_too_late_is_a_line_in_the_log(start: Start) -> None:
    async with start(rules={"token_ttl": 0.5}) as whole:
        whole.world.slow(*EDIT, 0.7)
        await whole.world.slash("ask", question=QUESTION, timeout=1.5)
        await comes_true(lambda: "could not be answered in time" in whole.log, "no line in the log")
        assert ANSWERED in read(await whole.world.slash("ask", question=QUESTION))


async def test_where_it_may_not_speak_it_is_silent_and_answers_elsewhere(whole: Whole) -> None:
    world = whole.world
    world.add_channel("closed")
    world.overwrite("closed", deny=perms("send_messages"))
    silent = await world.say("closed", f"{world.mention} {QUESTION}", timeout=0.5)
    assert silent.messages == []
    assert ANSWERED in read(await world.slash("ask", in_="closed", question=QUESTION))
    assert ANSWERED in read(await world.say("general", f"{world.mention} {QUESTION}"))
    assert "Traceback" not in whole.log


async def test_a_person_who_closes_their_direct_messages_harms_nobody(whole: Whole) -> None:
    world = whole.world
    place = world.dm(world.bob)
    world.close_dms(world.bob)
    await world.say(place, QUESTION, as_=world.bob, timeout=0.5)
    assert ANSWERED in read(await world.say(world.dm(), QUESTION))
    assert "Traceback" not in whole.log


async def test_a_command_that_another_version_registered_is_answered_with_a_line(
    whole: Whole,
) -> None:
    commands = whole.world.commands[None]
    known = next(one for one in commands.values() if one["name"] == "help")
    commands["1"] = known | {"id": "1", "name": "assist"}
    asked = await whole.world.slash("assist")
    assert "This command has changed since your Discord was started." in asked.text
    assert asked.message.ephemeral


# The gateway


def ways_to_lose_it(world: FakeDiscord) -> dict[str, Any]:
    return {
        "op 7": lambda: world.reconnect(duplicate=2),
        "op 9, resumable": lambda: world.invalidate(resumable=True),
        "closed": lambda: world.drop(4000, duplicate=1),
        "cut": lambda: world.drop(duplicate=2),
    }


@pytest.mark.parametrize("how", ["op 7", "op 9, resumable", "closed", "cut"])
async def test_over_a_lost_connection_every_message_is_answered_once(
    how: str, whole: Whole
) -> None:
    world = whole.world
    before = await world.say("general", f"{world.mention} {QUESTION}")
    await ways_to_lose_it(world)[how]()
    missed = await world.say("general", f"{world.mention} {QUESTION}", wait=False)
    await comes_true(lambda: "resume" in world.gateway_log[-1][1], "it did not resume")
    await missed.wait()
    after = await world.say("general", f"{world.mention} {QUESTION}", as_=world.bob, settle=0.5)
    asked = [each.sent.id for each in (before, missed, after)]
    assert [message.reply_to for message in world.posted("general")] == asked


async def test_a_session_that_is_lost_is_begun_anew(whole: Whole) -> None:
    await whole.world.invalidate(resumable=False)
    await whole.world.wait_ready()
    assert ANSWERED in read(await whole.world.slash("ask", question=QUESTION))


async def test_a_message_that_is_delivered_again_is_not_answered_again(whole: Whole) -> None:
    world = whole.world
    await world.say("general", f"{world.mention} {QUESTION}")
    for _ in range(3):
        await world.redeliver("MESSAGE_CREATE", 2)
    await world.say("general", f"{world.mention} {QUESTION}", as_=world.bob, settle=0.5)
    assert len(world.posted("general")) == 2
    assert whole.log.count("question who=") == 2


async def test_after_an_outage_it_begins_anew_and_stays_polite(start: Start) -> None:
    async with start(patience=0.5) as whole:
        world = whole.world
        asked = await world.slash("ask", question=QUESTION)
        world.offline = True
        await world.drop()
        await comes_true(lambda: "connecting again in 1 s" in whole.log, "it does not begin anew")
        await comes_true(lambda: "connecting again in 2 s" in whole.log, "it does not slow down")
        world.offline = False
        await comes_true(lambda: len(world.connections) == 1, "it does not come back")
        await world.wait_ready()
        assert ANSWERED in read(await world.say("general", f"{world.mention} {QUESTION}"))
        assert "thank you" in (await world.click(asked.message, "/vote:.*:up/")).text
        assert "Traceback" not in whole.log


# Coming in


@pytest.mark.parametrize(
    ("fault", "step"), [("429", LOGIN), ("503", LOGIN), ("reset", APPLICATION)]
)
async def test_it_comes_in_whatever_happens_to_the_first_calls(
    fault: str, step: tuple[str, str], start: Start
) -> None:
    async with start(prepare=lambda world: FAULTS[fault](world, *step)) as whole:
        assert ANSWERED in read(await whole.world.slash("ask", question=QUESTION))
        assert "Traceback" not in whole.log


@pytest.mark.parametrize("fault", ["429", "503", "reset", "500 after it took effect"])
async def test_commands_are_registered_whatever_happens_and_questions_answered_meanwhile(
    fault: str, start: Start
) -> None:
    def prepare(world: FakeDiscord) -> None:
        FAULTS[fault](world, *COMMANDS)
        world.slow(*COMMANDS, 0.5)

    async with start(prepare=prepare, waits=False) as whole:
        world = whole.world
        await world.wait_ready()
        assert ANSWERED in read(await world.say("general", f"{world.mention} {QUESTION}"))
        await world.wait_commands("ask")
        assert ANSWERED in read(await world.slash("ask", question=QUESTION))


async def test_commands_that_discord_refuses_are_a_line_and_mentions_are_answered(
    start: Start,
) -> None:
    def prepare(world: FakeDiscord) -> None:
        world.fail(*COMMANDS, 403, code=50001, message="Missing Access")

    async with start(prepare=prepare, waits=False) as whole:
        world = whole.world
        await world.wait_ready()
        assert ANSWERED in read(await world.say("general", f"{world.mention} {QUESTION}"))
        assert "Discord refuses the commands: 403" in whole.log


async def failure(whole: Whole) -> str:
    """The one line with which it ends."""
    with pytest.raises(PullquoteError) as caught:
        await asyncio.wait_for(asyncio.shield(whole.running), 20)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (4004, "Discord refuses the token"),
        (4011, "on more servers than one connection may serve"),
        (4013, "update discord.py"),
        (4014, "Discord does not let the bot hear what it asks for"),
    ],
)
async def test_being_shut_out_for_good_ends_it_with_one_line(
    code: int, line: str, whole: Whole
) -> None:
    await whole.world.drop(code)
    assert line in await failure(whole)


async def test_a_token_that_is_withdrawn_ends_it_with_one_line(start: Start) -> None:
    async with start(patience=0.3) as whole:
        whole.world.token = "another.one"  # noqa: S105 - it opens nothing
        whole.world.offline = True
        await whole.world.drop()
        await comes_true(lambda: "connecting again" in whole.log, "it does not begin anew")
        whole.world.offline = False
        assert "Discord refuses the token" in await failure(whole)


class OpensLate(FakeDiscord):
    """A Discord whose calls are answered while its gateway shuts out whoever comes first."""

    has_shut = False

    async def serve_gateway(self, request: web.Request) -> web.StreamResponse:
        if self.has_shut:
            return await super().serve_gateway(request)
        self.has_shut = True
        return web.Response(status=503)


async def test_an_event_that_cannot_be_read_ends_the_connection_and_not_the_bot(
    whole: Whole,
) -> None:
    world = whole.world
    asked = await world.say("general", f"{world.mention} {QUESTION}", wait=False)
    odd = {"id": "1", "type": 2, "guild_id": world.guild["id"], "name": "voice"}
    world.loop.call_soon_threadsafe(world.dispatch, "CHANNEL_CREATE", odd)
    again = "what Discord sent could not be read; connecting again in 1 s"
    await comes_true(lambda: again in whole.log, "it does not begin anew")
    await comes_true(lambda: len(world.connections) == 1, "it does not come back")
    await world.wait_ready()
    assert ANSWERED in read(await asked.wait())
    assert ANSWERED in read(await world.slash("ask", question=QUESTION))
    world.loop.call_soon_threadsafe(world.dispatch, "CHANNEL_CREATE", odd)
    again = again.replace("1 s", "2 s")
    await comes_true(lambda: again in whole.log, "it does not slow down")
    assert re.search(r"an event from Discord failed \(reference [0-9a-f]{8}\)", whole.log)


async def test_a_gateway_that_is_not_there_at_first_is_tried_again(start: Start) -> None:
    async with start(kind=OpensLate) as whole:
        assert "the gateway cannot be reached; connecting again in 1 s" in whole.log
        assert ANSWERED in read(await whole.world.slash("ask", question=QUESTION))
        assert "Traceback" not in whole.log


async def test_without_any_server_it_answers_direct_messages(start: Start) -> None:
    async with start(prepare=lambda world: world.guilds.clear()) as whole:
        assert ANSWERED in read(await whole.world.say(whole.world.dm(), QUESTION))
