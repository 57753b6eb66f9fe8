"""The loopback Discord itself: an unmodified bot lives in it, refused what Discord refuses."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.loopback import FakeDiscord, Message, NotVisible, perms
from tests.loopback.example_bot import ExampleBot, layout, view_with

Test = Callable[[FakeDiscord, ExampleBot], Awaitable[None]]


def in_a_world(**rules: Any) -> Callable[[Test], Callable[[], None]]:
    """Run a test in a fresh world with the example bot in it, and with no hole of the harness."""

    def decorate(test: Test) -> Callable[[], None]:
        async def play() -> None:
            world = FakeDiscord(settle=0.1, **rules)
            async with world, world.running(ExampleBot()) as bot:
                await test(world, bot)
            assert world.unimplemented == []

        def run() -> None:
            asyncio.run(play())

        run.__doc__ = test.__doc__
        return run

    return decorate


async def comes_true(condition: Callable[[], object]) -> None:
    """Wait for what happens elsewhere, in the bot or in the server."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        await asyncio.sleep(0.01)


# What people do, and what they see


@in_a_world()
async def test_a_command_is_answered_and_its_button_edits_the_answer(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    answered = await world.slash("echo", text="why?")
    assert (answered.text, answered.ack_type, answered.error) == ("why?", 4, None)
    clicked = await world.click(answered.message, "/^again:/", as_=world.bob)
    assert clicked.message is answered.message
    assert [button.label for button in answered.message.buttons] == ["Again 2"]
    assert answered.message.edits == 1
    assert world.rejected() == []


@in_a_world()
async def test_a_deferred_answer_fills_in_the_thinking_message(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    later = await world.slash("later", topic="science")
    assert later.ack_type == 5
    assert [message.text for message in later.messages] == ["about science"]
    assert later.message.history[0][1]["flags"] == 1 << 7
    assert not later.thinking


@in_a_world()
async def test_a_mention_a_direct_message_and_a_thread_are_answered_and_ping_nobody(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    mentioned = await world.say("general", f"{world.mention} hello")
    assert mentioned.message.reply_to == mentioned.sent.id
    assert mentioned.text == "heard '@answerbot hello', @everyone"
    assert mentioned.message.pings == {"everyone": False, "users": [], "roles": []}
    assert (await world.say(world.dm(), "hello")).text == "heard 'hello', @everyone"
    threaded = await world.say("general", f"{world.mention} thread, please")
    assert threaded.thread["name"] == "More about it"
    assert threaded.message.channel is threaded.thread
    within = await world.say(threaded.thread, f"{world.mention} and?", as_=world.bob)
    assert within.text == "heard '@answerbot and?', @everyone"


@in_a_world()
async def test_without_the_intent_a_bot_sees_no_content_that_does_not_mention_it(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    seen: list[str] = []

    @bot.event
    async def on_message(message: discord.Message) -> None:
        seen.append(message.content)

    await world.say("general", "among ourselves", wait=False)
    silent = await world.say("general", f"{world.mention} you", timeout=0.1)
    await comes_true(lambda: len(seen) == 2)
    assert silent.messages == []
    assert seen == ["", f"{world.mention} you"]


@in_a_world()
async def test_autocomplete_lists_what_the_bot_offers(world: FakeDiscord, bot: ExampleBot) -> None:
    typed = await world.autocomplete("later", "topic", "s")
    assert [choice["name"] for choice in typed.choices] == ["politics", "science", "sport"]
    with pytest.raises(NotVisible, match="no autocomplete"):
        await world.autocomplete("echo", "text", "s")


@in_a_world()
async def test_a_message_command_answers_with_components_v2(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    said = await world.say("general", "quietly", wait=False)
    shouted = await world.context_menu("Shout", said.sent)
    assert (shouted.text, shouted.message.content) == ("QUIETLY", "")


@in_a_world()
async def test_an_ephemeral_answer_is_for_its_reader_alone(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    private = await world.slash("echo", text="psst", private=True)
    assert private.message.ephemeral
    with pytest.raises(NotVisible, match="bob cannot see"):
        await world.click(private.message, label="Again 1", as_=world.bob)
    assert (await world.click(private.message, label="Again 1")).user is world.alice


@in_a_world()
async def test_a_modal_opens_only_for_managers_and_only_takes_what_its_fields_take(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    with pytest.raises(NotVisible, match="hidden from alice"):
        await world.slash("form")
    manager = world.add_user("manager", permissions=perms("manage_guild"))
    opened = await world.slash("form", as_=manager)
    with pytest.raises(NotVisible, match="refuses 21 characters"):
        await world.submit(opened, {"Subject": "x" * 21})
    assert (await world.submit(opened, {"Subject": "cats"})).text == "asked about cats"


@in_a_world()
async def test_people_react_edit_delete_and_open_threads(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    said = (await world.say("general", "hello", wait=False)).sent
    await world.react(said, "👍", as_=world.bob)
    assert said.reactions == {"👍": 1}
    await world.react(said, "👍", as_=world.bob, remove=True)
    await world.edit(said, "hello!")
    thread = await world.start_thread(said, "About this")
    assert (said.reactions, said.content, said.thread) == ({}, "hello!", thread)
    await world.delete(said)
    assert world.posted("general", bot=False) == []
    assert "alice [deleted, 1 edits]: hello!" in world.transcript()


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({}, "demands {'text'}"),
        ({"text": 5}, "takes text"),
        ({"text": "hi", "colour": "red"}, "has no option {'colour'}"),
        ({"text": "x" * 6001}, "refuses 6001 characters"),
    ],
)
def test_a_client_refuses_what_the_registered_command_does_not_take(
    options: dict[str, Any], refusal: str
) -> None:
    @in_a_world()
    async def play(world: FakeDiscord, bot: ExampleBot) -> None:
        with pytest.raises(NotVisible, match=refusal):
            await world.slash("echo", options=options)
        with pytest.raises(NotVisible, match="no command 'nothing'"):
            await world.slash("nothing")

    play()


def test_buttons_outlive_the_bot() -> None:
    async def play() -> None:
        async with FakeDiscord() as world:
            async with world.running(ExampleBot()):
                before = (await world.slash("echo", text="hi")).message
            async with world.running(ExampleBot(), commands=False):
                assert (await world.click(before, label="Again 1")).error is None
            assert [button.label for button in before.buttons] == ["Again 2"]

    asyncio.run(play())


# Limits


def codes_in(errors: Any) -> Iterator[str]:
    """The codes of nested errors, each after where it stands."""
    for key, value in errors.items():
        if key == "_errors":
            yield from (each["code"] for each in value)
        else:
            yield from (f"{key}.{code}" for code in codes_in(value))


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: str, label: str = "x") -> dict[str, Any]:
    return {"type": 2, "style": 1, "custom_id": custom_id, "label": label}


def menu(number_of_options: int) -> dict[str, Any]:
    options = [{"label": f"{place}", "value": f"{place}"} for place in range(number_of_options)]
    return {"type": 3, "custom_id": "menu", "options": options}


V2 = {"flags": 1 << 15}
BOX = {"type": 17, "components": [text("x") for _ in range(39)]}
LIMITS = [
    ({"content": "x" * 2001}, "content.BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title.BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds.MAX_EMBED_SIZE_EXCEEDED"),
    ({"embeds": [{}]}, "embeds.0.description.BASE_TYPE_REQUIRED"),
    ({"embeds": [{"url": "ftp://a.b"}]}, "embeds.0.url.URL_TYPE_INVALID_SCHEME"),
    ({**V2, "components": [text("x" * 4001)]}, "components.0.content.BASE_TYPE_BAD_LENGTH"),
    (
        {**V2, "components": [text("x" * 2000), text("x" * 2001)]},
        "components.COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED",
    ),
    (
        {**V2, "components": [BOX, text("x")]},
        "components.COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    (
        {**V2, "content": "x", "components": [text("x")]},
        "content.MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        {**V2, "components": [{"type": 13, "file": {"url": "attachment://a.txt"}}]},
        "components.0.file.url.UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    ({"components": [text("x")]}, "components.0.type.UNION_TYPE_CHOICES"),
    ({"components": [row(button("x"))] * 6}, "components.BASE_TYPE_MAX_LENGTH"),
    (
        {"components": [row(button("x" * 101))]},
        "components.0.components.0.custom_id.BASE_TYPE_BAD_LENGTH",
    ),
    (
        {"components": [row(button("x"), button("x"))]},
        "components.0.components.1.custom_id.COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    (
        {"components": [row(*(button(f"{place}") for place in range(6)))]},
        "components.0.components.5.COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    (
        {"components": [row(button("x", "x" * 81))]},
        "components.0.components.0.label.BASE_TYPE_MAX_LENGTH",
    ),
    ({"components": [row(menu(26))]}, "components.0.components.0.options.BASE_TYPE_BAD_LENGTH"),
]


@in_a_world(rate_limits=False)
async def test_a_message_over_a_limit_is_refused_where_discord_refuses_it(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    channel = world.channel("general")["id"]
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    for body, code in LIMITS:
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.request(route, json=body)
        assert (refused.value.status, refused.value.code) == (400, 50035)
        assert code in set(codes_in(world.requests[-1].body["errors"]))
    assert world.posted() == []


@in_a_world(rate_limits=False)
async def test_a_message_at_its_limits_passes(world: FakeDiscord, bot: ExampleBot) -> None:
    channel = bot.get_channel(int(world.channel("general")["id"]))
    await channel.send(view=layout("x" * 2000, "x" * 2000))
    await channel.send(view=layout(*["x"] * 40))
    widest = discord.ui.Button(custom_id="x" * 100, label="x" * 80)
    await channel.send("x" * 2000, view=view_with(widest))
    assert [len(message.buttons) for message in world.posted()] == [0, 0, 1]
    assert world.rejected() == []


@in_a_world()
async def test_empty_messages_and_components_taken_back_are_refused(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    channel = bot.get_channel(int(world.channel("general")["id"]))
    with pytest.raises(discord.HTTPException, match="empty message"):
        await channel.send(" ")
    sent = await channel.send(view=layout("x"))
    with pytest.raises(discord.HTTPException, match="error code: 50035"):
        await sent.edit(content="legacy")


COMMAND = {"name": "ask", "description": "Ask."}
OPTION = {"type": 3, "name": "question", "description": "What to ask."}
COMMAND_LIMITS = [
    ({**COMMAND, "name": "Ask Me"}, "0.name.APPLICATION_COMMAND_INVALID_NAME"),
    ({**COMMAND, "description": "x" * 101}, "0.description.BASE_TYPE_BAD_LENGTH"),
    ({**COMMAND, "options": [OPTION] * 26}, "0.options.BASE_TYPE_MAX_LENGTH"),
    (
        {**COMMAND, "options": [OPTION, {**OPTION, "name": "b", "required": True}]},
        "0.options.1.APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
]


@in_a_world(rate_limits=False)
async def test_commands_over_a_limit_are_refused_and_leave_the_registered_ones(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    for command, code in COMMAND_LIMITS:
        with pytest.raises(discord.HTTPException):
            await bot.http.bulk_upsert_global_commands(bot.application_id, [command])
        assert code in set(codes_in(world.requests[-1].body["errors"]))
    many = [{**COMMAND, "name": f"ask{place}"} for place in range(101)]
    with pytest.raises(discord.HTTPException, match="Maximum number"):
        await bot.http.bulk_upsert_global_commands(bot.application_id, many)
    assert (await world.slash("echo", text="still here")).text == "still here"


@in_a_world()
async def test_an_interaction_is_acknowledged_once(world: FakeDiscord, bot: ExampleBot) -> None:
    codes: list[int] = []

    @bot.tree.error
    async def on_error(interaction: discord.Interaction, error: Exception) -> None:
        codes.append(error.original.code)

    @bot.tree.command(description="Answer twice.")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("once")
        interaction.response._response_type = None  # noqa: SLF001 - discord.py would not even ask
        await interaction.response.send_message("twice")

    await bot.tree.sync()
    assert (await world.slash("twice")).text == "once"
    assert codes == [40060]


@in_a_world(ack_deadline=0.2)
async def test_an_answer_after_the_deadline_is_refused_and_people_see_a_failure(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    late = await world.slash("late")
    assert late.error == "The application did not respond"
    await comes_true(world.rejected)
    assert [call.body["code"] for call in world.rejected()] == [10062]
    assert late.messages == []


@in_a_world(token_ttl=0.1)
async def test_a_token_that_has_run_out_takes_no_follow_up(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    asked: list[discord.Interaction] = []

    @bot.tree.command(description="Keep the interaction.")
    async def keep(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("kept")
        asked.append(interaction)

    await bot.tree.sync()
    await world.slash("keep")
    with pytest.raises(discord.HTTPException) as refused:
        await asked[0].followup.send("more")
    assert (refused.value.status, refused.value.code) == (401, 50027)


@in_a_world()
async def test_permissions_are_asked_for_where_discord_asks(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    channel = bot.get_channel(int(world.channel("general")["id"]))
    world.overwrite("general", deny=perms("attach_files"))
    with pytest.raises(discord.Forbidden, match="50013"):
        await channel.send(file=discord.File(io.BytesIO(b"x"), "a.txt"))
    world.overwrite("general", deny=perms("view_channel"))
    with pytest.raises(discord.Forbidden, match="50001"):
        await channel.send("x")
    world.close_dms(world.alice)
    with pytest.raises(discord.Forbidden, match="50007"):
        await (await bot.fetch_user(int(world.alice["id"]))).send("x")


@in_a_world()
async def test_files_travel_both_ways(world: FakeDiscord, bot: ExampleBot) -> None:
    channel = bot.get_channel(int(world.channel("general")["id"]))
    await channel.send(file=discord.File(io.BytesIO(b"from the bot"), "a.txt"))
    [attachment] = world.posted("general")[0].attachments
    assert (attachment.filename, attachment.bytes) == ("a.txt", b"from the bot")
    said = await world.say("general", files=[("b.txt", b"from alice")], wait=False)
    fetched = await channel.fetch_message(int(said.sent.id))
    assert await fetched.attachments[0].read() == b"from alice"


def test_a_call_that_is_not_there_is_noted() -> None:
    async def play() -> None:
        async with FakeDiscord() as world, world.running(ExampleBot()) as bot:
            with pytest.raises(discord.NotFound):
                await bot.http.get_webhook(1)
        assert world.unimplemented == ["GET /webhooks/1"]

    asyncio.run(play())


# Faults


@in_a_world()
async def test_the_sixth_message_in_a_row_waits_for_the_bucket(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    channel = world.channel("general")["id"]
    url = f"{world.api_url}/channels/{channel}/messages"
    headers = {"Authorization": f"Bot {world.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        statuses = []
        for _ in range(6):
            async with session.post(url, json={"content": "x"}) as response:
                statuses.append(response.status)
        assert statuses == [200, 200, 200, 200, 200, 429]
        assert 0 < float(response.headers["X-RateLimit-Reset-After"]) <= 5


@in_a_world()
async def test_a_429_delays_an_answer_and_a_5xx_is_tried_again(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    world.rate_limit("POST", "/messages$", retry_after=0.3)
    said = await world.say("general", f"{world.mention} hello")
    assert said.elapsed > 0.3
    assert len(said.messages) == 1
    world.fail("POST", "/messages$", 502)
    again = await world.say("general", f"{world.mention} hello")
    assert len(again.messages) == 1
    statuses = [call.status for call in world.requests if call.path.endswith("/messages")]
    assert statuses == [429, 200, 502, 200]


@in_a_world()
async def test_a_5xx_after_the_effect_makes_the_library_send_twice(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    world.fail("POST", r"/webhooks/[^/]+/[^/]+$", 500, after=True)
    twice = await world.slash("later", topic="science", settle=1.5)
    assert [message.text for message in twice.messages] == ["about science", "about science"]


@in_a_world()
async def test_a_slow_call_arrives_in_the_end_and_a_cut_one_does_not(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    world.slow("POST", "/callback$", 0.4)
    assert (await world.slash("echo", text="slowly")).ack_ms > 400
    world.fail("POST", "/messages$", 0)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.get_channel(int(world.channel("general")["id"])).send("x")
    assert world.posted("general") == [world.interactions.popitem()[1].original]


def lines_of(world: FakeDiscord) -> list[str]:
    """What happened on the gateway, each by its first word."""
    return [line.split()[0] for _, line in world.gateway_log]


async def has_resumed(world: FakeDiscord) -> None:
    await comes_true(lambda: lines_of(world)[-1] == "resume")


@pytest.mark.parametrize("how", ["reconnect", "invalidate", "close", "cut"])
def test_a_bot_resumes_and_hears_what_it_has_missed(how: str) -> None:
    @in_a_world()
    async def play(world: FakeDiscord, bot: ExampleBot) -> None:
        faults = {
            "reconnect": world.reconnect,
            "invalidate": lambda: world.invalidate(resumable=True),
            "close": lambda: world.drop(4000),
            "cut": world.drop,
        }
        await faults[how]()
        said = await world.say("general", f"{world.mention} still there?", wait=False)
        await has_resumed(world)
        assert len((await said.wait()).messages) == 1
        assert lines_of(world).count("identify") == 1

    play()


@in_a_world()
async def test_an_invalid_session_is_identified_anew(world: FakeDiscord, bot: ExampleBot) -> None:
    await world.invalidate(resumable=False)
    await world.wait_ready()
    assert (await world.say("general", f"{world.mention} hello")).messages != []
    assert lines_of(world).count("identify") == 2


@in_a_world()
async def test_a_message_delivered_again_reaches_the_bot_again(
    world: FakeDiscord, bot: ExampleBot
) -> None:
    seen: list[int] = []

    @bot.event
    async def on_message(message: discord.Message) -> None:
        seen.append(message.id)

    said: Message = (await world.say("general", "hello", timeout=0.1)).sent
    assert await world.redeliver("MESSAGE_CREATE", 1) == 1
    await world.reconnect(duplicate=1)
    await has_resumed(world)
    await comes_true(lambda: len(seen) == 3)
    assert seen == [int(said.id)] * 3


@in_a_world(heartbeat_interval=0.1)
async def test_heartbeats_come_by_themselves(world: FakeDiscord, bot: ExampleBot) -> None:
    await comes_true(lambda: len(world.heartbeats) >= 3)
    assert bot.latency < 10


@in_a_world()
async def test_a_heartbeat_comes_when_it_is_asked_for(world: FakeDiscord, bot: ExampleBot) -> None:
    before = len(world.heartbeats)
    await world.beat()
    await comes_true(lambda: len(world.heartbeats) == before + 1)


@in_a_world()
async def test_an_outage_refuses_everything(world: FakeDiscord, bot: ExampleBot) -> None:
    world.offline = True
    # Not by way of the library, which tries again for some twenty seconds.
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{world.api_url}/gateway") as response:
            assert response.status == 503
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(world.gateway_url)


# A bot in a process of its own

REACHING = """
import runpy, socket
try:
    socket.create_connection(("192.0.2.1", 80))
except OSError as error:
    print("refused:", error)
runpy.run_module("tests.loopback.example_bot", run_name="__main__")
"""


def test_a_child_process_finds_the_server_and_nothing_else(repository: Path) -> None:
    async def play() -> None:
        async with FakeDiscord() as world:
            command = (sys.executable, "-W", "ignore", "-c", REACHING)
            path = os.pathsep.join([str(repository / "tests" / "offline"), str(repository)])
            with world.spawn(*command, cwd=str(repository), PYTHONPATH=path) as process:
                await world.wait_commands("echo")
                await world.wait_ready()
                assert (await world.slash("echo", text="from afar")).text == "from afar"
                assert process.alive
            assert "refused: the network is off" in process.output
            [reach] = process.reaches
            assert "192.0.2.1" in reach
        assert world.unimplemented == []

    asyncio.run(play())
