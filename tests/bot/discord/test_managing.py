"""What managers can see and set in the running bot, and what nobody else can."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from index.catalog import catalog_path
from tests.bot.discord.running import SILENT, Person, Stage, quoted, read
from tests.bot.discord.stories import write_article
from tests.loopback import NotVisible, Result, perms
from tests.loopback.fake import until

COST = "How much will the dam cost?"
PRICE = "3.2 billion"
CHECK = "Check against the articles"
COMMANDS = ("status", "reindex", "config show")
NO_MANAGER = "⚠️ Only people who manage this server may do that."
NOT_HERE = "⚠️ I may not answer here."


def settings_in(shown: Result) -> dict[str, str]:
    """The settings as they are shown, by the words in bold before each."""
    lines = [line for line in shown.text.splitlines() if line.startswith("**")]
    pairs = (line.removeprefix("**").split("** ", 1) for line in lines)
    return dict((name, value) for name, value in pairs)  # noqa: C402 - for the type checker


# Who may


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_for_managers_is_hidden_from_others(reader: Person, command: str) -> None:
    with pytest.raises(NotVisible, match="hidden"):
        await reader.command(command)


async def test_where_a_server_shows_them_to_everybody_they_still_refuse(own_stage: Stage) -> None:
    reader = own_stage.somebody()
    show_to_everybody(own_stage)
    for command in COMMANDS:
        refused = await reader.command(command)
        assert (read(refused), refused.message.ephemeral) == (NO_MANAGER, True)
    refused = await reader.command("config cooldown", seconds=0)
    assert read(refused) == NO_MANAGER


def show_to_everybody(stage: Stage) -> None:
    """Do what a server's settings for apps allow: override whom commands are shown to."""
    for command in stage.world.commands[None].values():
        command["default_member_permissions"] = None


async def test_a_person_who_manages_the_server_may(stage: Stage) -> None:
    person = stage.somebody(permissions=perms("manage_guild"))
    assert "Status" in read(await person.command("status"))
    assert "Settings of this server" in read(await person.command("config show"))


async def test_the_bot_s_owners_may_in_direct_messages_and_others_may_not(
    own_stage: Stage,
) -> None:
    owner, reader = own_stage.somebody(), own_stage.somebody()
    await own_stage.restart(owners=[owner.user["id"]])
    assert "Status" in read(await owner.alone().command("status"))
    assert read(await reader.alone().command("status")) == NO_MANAGER
    assert read(await reader.alone().command("reindex")) == NO_MANAGER
    answer = (await reader.ask(COST)).message
    await owner.elsewhere(reader.channel).click(answer, "🗑️")
    assert answer.deleted


# /status


async def test_status_tells_how_it_does(manager: Person) -> None:
    await manager.beside().ask(COST)
    shown = await manager.command("status")
    assert shown.message.ephemeral
    status = settings_in(shown)
    assert status["Latency"].endswith(" ms")
    assert status["Questions"].startswith("0 waiting, ")
    assert "0 answered" not in status["Questions"]
    assert status["Index"].startswith("generation 1, 7 articles, ")
    assert "👍" in status["Votes"]
    assert read(shown).splitlines()[-1] == "Last errors none"


async def test_status_names_the_last_defects_by_the_reference_that_people_were_told(
    own_stage: Stage,
) -> None:
    reader = own_stage.somebody()
    asked = await reader.ask(COST)
    own_stage.world.fail("POST", "/channels/[0-9]+/messages/[0-9]+/threads$", 400)
    told = read(await reader.click(asked.message, "Ask a follow-up"))
    shown = read(await own_stage.manager().command("status"))
    (report,) = own_stage.bot.reports.last
    assert report.reference in told
    assert f"`{report.reference}` pq:thread, " in shown
    own_stage.bot.reports.last.clear()
    own_stage.refusals.append(0)


# /reindex


async def test_reindexing_finds_a_new_article_which_is_then_quoted(own_stage: Stage) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    question = "How many windmills were built on the hill?"
    assert "The articles don't say." in read(await reader.ask(question))
    sentence = "Forty windmills were built on the hill above the village, the builder said."
    write_article(
        own_stage.settings.library.corpus, "windmills.md", sentence, title="Windmills on the hill"
    )
    done = await manager.command("reindex", until=is_done)
    assert done.message.ephemeral
    assert read(done).startswith("Articles: 1 new, 0 changed, 0 gone, 7 unchanged, 0 failed.")
    first = done.message.history[1][1]
    assert "Reading the articles" in repr(first)
    assert sentence in quoted((await reader.ask(question)).message)
    assert "generation 2, 8 articles" in (await manager.command("status")).text


async def test_reindexing_names_the_files_that_cannot_be_read_and_answers_go_on(
    own_stage: Stage,
) -> None:
    corpus = own_stage.settings.library.corpus
    (corpus / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (corpus / "market.txt").unlink()
    manager = own_stage.manager()
    done = await manager.command("reindex", until=is_done)
    assert read(done).startswith("⚠️ Articles: 0 new, 0 changed, 1 gone, 6 unchanged, 1 failed.")
    assert read(done).endswith("Could not be read: picture.txt")
    assert PRICE in read(await own_stage.somebody().ask(COST))


async def test_only_one_reindexing_runs_at_a_time_and_questions_are_answered_meanwhile(
    own_stage: Stage,
) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    # As long as another writer of this process is at work, the first one waits its turn.
    async with own_stage.bot.desk.writing:
        first = await manager.command("reindex", wait=False)
        await until(lambda: "Reading" in first.text, 20, "it does not begin")
        second = await manager.command("reindex")
        assert read(second) == (
            "⚠️ The articles are being read already. Please wait until that is done."
        )
        assert PRICE in read(await reader.ask(COST))
        assert not is_done(first)
    first.until = is_done
    await first.wait(60)
    assert "7 unchanged" in read(first)


async def test_a_reindexing_that_cannot_be_done_says_why(own_stage: Stage) -> None:
    corpus = own_stage.settings.library.corpus
    corpus.rename(corpus.with_name("elsewhere"))
    done = await own_stage.manager().command("reindex", until=is_done)
    assert read(done) == "⚠️ The articles could not be read; the log says why."


def is_done(result: Result) -> bool:
    return bool(result.messages) and not result.thinking and "Reading" not in result.text


# /config


async def test_the_settings_are_shown_in_words(own_stage: Stage) -> None:
    shown = await own_stage.manager().command("config show")
    assert shown.message.ephemeral
    assert settings_in(shown) == {
        "I answer in": "every channel",
        "I answer": "everybody",
        "A person may ask": "5 questions in 15 seconds",
        "Answers to /ask are shown to": "everyone",
        "New articles are announced in": "nowhere",
    }


async def test_it_answers_only_in_the_channels_that_are_set(own_stage: Stage) -> None:
    manager, here, there = own_stage.manager(), own_stage.somebody(), own_stage.somebody()
    name, number = here.channel["name"], here.channel["id"]
    shown = await manager.command("config channel", channel=here.channel, answer=True)
    assert settings_in(shown)["I answer in"] == f"<#{number}>"
    assert PRICE in read(await here.ask(COST))
    assert PRICE in read(await here.mention(COST))
    refused = await there.ask(COST)
    assert (read(refused), refused.message.ephemeral) == (f"{NOT_HERE} Ask me in #{name}.", True)
    assert (await there.mention(COST, timeout=SILENT)).messages == []
    said = await there.say(COST, wait=False)
    checked = await own_stage.world.context_menu(CHECK, said.sent, as_=there.user)
    assert read(checked).startswith(NOT_HERE)
    assert PRICE in read(await there.alone().ask(COST))


async def test_a_place_that_somebody_cannot_see_is_not_named_to_them(own_stage: Stage) -> None:
    manager, secret, there = own_stage.manager(), own_stage.somebody(), own_stage.somebody()
    await manager.command("config channel", channel=secret.channel, answer=True)
    own_stage.world.overwrite(
        secret.channel, own_stage.world.guild["roles"][0], deny=perms("view_channel")
    )
    await there.mention("", timeout=SILENT)
    assert read(await there.ask(COST)) == NOT_HERE


async def test_threads_belong_to_their_channel_and_channels_to_their_category(
    own_stage: Stage,
) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    category = own_stage.world.add_channel("News", 4)
    inside = own_stage.world.add_channel("inside", parent_id=category["id"])
    await manager.command("config channel", channel=category, answer=True)
    assert PRICE in read(await reader.elsewhere(inside).mention(COST))
    said = await reader.elsewhere(inside).say("About the dam.", wait=False)
    thread = await own_stage.world.start_thread(said.sent, "Dam", as_=reader.user)
    assert PRICE in read(await reader.elsewhere(thread).mention(COST))
    assert read(await reader.ask(COST)) == f"{NOT_HERE} Ask me in the channels of News."


async def test_taking_the_last_channel_out_lets_it_answer_everywhere(own_stage: Stage) -> None:
    manager, here = own_stage.manager(), own_stage.somebody()
    await manager.command("config channel", channel=here.channel, answer=True)
    shown = await manager.command("config channel", channel=here.channel, answer=False)
    assert settings_in(shown)["I answer in"] == "every channel"
    assert PRICE in read(await own_stage.somebody().ask(COST))


async def test_a_no_to_one_channel_says_how_that_is_set(own_stage: Stage) -> None:
    manager = own_stage.manager()
    shown = await manager.command("config channel", channel=manager.channel, answer=False)
    assert read(shown).startswith("⚠️ I answer in every channel now. To keep me out of some, name")


async def test_only_the_roles_that_are_set_may_ask_and_managers(own_stage: Stage) -> None:
    manager, outsider = own_stage.manager(), own_stage.somebody()
    role = own_stage.world.add_role("readers")
    member = own_stage.somebody(roles=[role])
    await own_stage.restart()
    shown = await manager.command("config role", role=role, ask=True)
    assert settings_in(shown)["I answer"] == f"<@&{role['id']}>"
    assert PRICE in read(await member.ask(COST))
    assert PRICE in read(await manager.ask(COST))
    refused = await outsider.ask(COST)
    assert read(refused) == "⚠️ On this server only people with certain roles may ask me."
    assert refused.message.ephemeral
    assert read(await outsider.mention(COST)).startswith("⚠️ On this server only")
    no = await manager.command("config role", role=role, ask=False)
    assert settings_in(no)["I answer"] == "everybody"


async def test_the_cooldown_holds_between_two_questions_of_a_person(own_stage: Stage) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    shown = await manager.command("config cooldown", seconds=60)
    assert settings_in(shown)["A person may ask"] == "once in 60 seconds"
    assert PRICE in read(await reader.ask(COST))
    assert read(await reader.ask(COST)).startswith("⚠️ You are quick! Please ask again in ")
    assert PRICE in read(await reader.beside().ask(COST))
    shown = await manager.command("config cooldown", seconds=0)
    assert settings_in(shown)["A person may ask"] == "as often as they like"
    for _ in range(7):
        assert PRICE in read(await reader.ask(COST, settle=0))
    shown = await manager.command("config cooldown")
    assert settings_in(shown)["A person may ask"] == "5 questions in 15 seconds"


async def test_answers_may_be_private_unless_the_asker_says_otherwise(own_stage: Stage) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    shown = await manager.command("config answers", visible="to the asker")
    assert settings_in(shown)["Answers to /ask are shown to"] == "the asker, who can share it"
    assert (await reader.ask(COST)).message.ephemeral
    assert not (await reader.ask(COST, private=False)).message.ephemeral
    await manager.command("config answers", visible="to everyone")
    assert not (await reader.ask(COST)).message.ephemeral


async def test_settings_are_a_server_s_own_and_survive_a_restart(own_stage: Stage) -> None:
    manager = own_stage.manager()
    await manager.command("config answers", visible="to the asker")
    await manager.command("config cooldown", seconds=1)
    await own_stage.restart()
    other = own_stage.world.add_guild("Other", own_stage.world.owner)
    await own_stage.world.join_guild(other)
    room = own_stage.world.add_channel("other-room", guild=other)
    assert settings_in(await manager.command("config show")) == {
        "I answer in": "every channel",
        "I answer": "everybody",
        "A person may ask": "once a second",
        "Answers to /ask are shown to": "the asker, who can share it",
        "New articles are announced in": "nowhere",
    }
    elsewhere = settings_in(await manager.elsewhere(room).command("config show"))
    assert elsewhere["Answers to /ask are shown to"] == "everyone"


async def test_settings_stand_in_the_catalog(own_stage: Stage) -> None:
    await own_stage.manager().command("config cooldown", seconds=7)
    with closing(sqlite3.connect(catalog_path(own_stage.settings.library.folder))) as connection:
        [(server, text)] = connection.execute("SELECT id, settings FROM bot_servers").fetchall()
    assert str(server) == own_stage.world.guild["id"]
    assert '"cooldown": 7' in text
