"""What a click on a button under an answer does, in the running bot."""

from __future__ import annotations

import pytest

from bot.discord.surroundings import OUTDATED
from tests.bot.discord.reader import words_of
from tests.bot.discord.running import Person, Stage, bold, quoted, read, small, sources
from tests.bot.discord.stories import write_article
from tests.loopback import perms

RESCUED = "How many people were rescued from the ferry?"
COST = "How much will the dam cost?"
FORGOTTEN = "⚠️ I no longer have this answer. Please ask again."


# Sources


async def test_a_source_s_number_shows_the_quote_where_it_stands(reader: Person) -> None:
    asked = await reader.ask("How high would the wall of the dam be?")
    clicked = await reader.click(asked.message, sources(asked.message)[0])
    assert clicked.message.ephemeral
    assert read(clicked).splitlines() == [
        "Minister names price of dam",
        "National Courier · 2 Mar 2023",
        "Okoro said the villages below the dam would be moved before the winter.",
        "The engineer Ines Roth said the wall would be 120 metres high.",
        "Work on the dam begins in April.",
    ]
    assert quoted(clicked.message) == quoted(asked.message)[:1]
    assert "120" in bold(clicked.message)[0]


async def test_quotes_from_one_article_have_buttons_that_are_told_apart(reader: Person) -> None:
    asked = await reader.ask("Why did the ferry Marlin sink?")
    numbers = [line[1:].split("]")[0] for line in small(asked.message)]
    assert {"1a", "1b"} <= set(numbers)
    assert sources(asked.message) == numbers
    for label, quote in zip(numbers, quoted(asked.message), strict=True):
        clicked = await reader.click(asked.message, label)
        assert quoted(clicked.message) == [quote]


async def test_the_nearest_passages_of_a_silent_answer_can_be_looked_at_too(
    reader: Person,
) -> None:
    asked = await reader.ask("Who is the president of Brazil?")
    clicked = await reader.beside().click(asked.message, sources(asked.message)[0])
    assert quoted(clicked.message) == quoted(asked.message)[:1]


async def test_a_quote_is_shown_as_it_was_when_its_article_has_changed_since(
    own_stage: Stage,
) -> None:
    reader = own_stage.somebody()
    asked = await reader.ask(COST)
    corpus = own_stage.settings.library.corpus
    write_article(corpus, "dam.md", "The dam will not be built.", title="No dam")
    list(own_stage.library.reindex())
    clicked = await reader.click(asked.message, sources(asked.message)[0])
    assert quoted(clicked.message) == quoted(asked.message)[:1]
    assert words_of(OUTDATED) in small(clicked.message)


async def test_a_quote_is_still_shown_when_its_article_is_gone(own_stage: Stage) -> None:
    reader = own_stage.somebody()
    asked = await reader.ask(COST)
    (own_stage.settings.library.corpus / "dam.md").unlink()
    list(own_stage.library.reindex())
    clicked = await reader.click(asked.message, sources(asked.message)[0])
    assert quoted(clicked.message) == quoted(asked.message)[:1]


# Votes


def votes_on(reader: Person) -> list[tuple[str, str, int]]:
    """What is stored of the votes on what was asked in the reader's channel."""
    return reader.stage.rows(
        "SELECT vote, bot_votes.question, bot_votes.generation FROM bot_votes JOIN bot_answers"
        " ON bot_votes.answer = id WHERE channel = ? ORDER BY vote",
        int(reader.channel["id"]),
    )


async def test_a_vote_is_stored_with_what_was_asked_and_of_which_index(reader: Person) -> None:
    asked = await reader.ask(COST)
    clicked = await reader.click(asked.message, "👍")
    assert (read(clicked), clicked.message.ephemeral) == ("👍 Noted, thank you!", True)
    assert votes_on(reader) == [("up", COST, 1)]


async def test_a_person_has_one_vote_and_may_change_it(reader: Person) -> None:
    asked = await reader.ask(COST)
    lines = [read(await reader.click(asked.message, vote)) for vote in ("👍", "👍", "👎", "👎")]
    again = "I have that vote of yours already, thank you."
    assert lines[1::2] == [again, again]
    assert lines[2] == "👎 Noted, thank you: this helps to improve."
    assert votes_on(reader) == [("down", COST, 1)]


async def test_everybody_may_vote_on_an_answer(reader: Person) -> None:
    asked = await reader.ask(COST)
    for person, vote in ((reader, "👍"), (reader.beside(), "👎"), (reader.beside(), "👍")):
        await person.click(asked.message, vote)
    assert [vote for vote, *_ in votes_on(reader)] == ["down", "up", "up"]


async def test_nobody_can_be_told_by_what_is_stored(reader: Person) -> None:
    asked = await reader.ask(COST)
    await reader.click(asked.message, "👍")
    stored = repr(reader.stage.rows("SELECT * FROM bot_votes"))
    stored += repr(reader.stage.rows("SELECT * FROM bot_answers"))
    assert reader.user["id"] not in stored
    assert reader.user["username"] not in stored


async def test_a_vote_outlives_the_answer(reader: Person) -> None:
    asked = await reader.ask(f"{COST} In crowns?")
    answer = asked.message
    await reader.click(answer, "👎")
    await reader.click(answer, "🗑️")
    found = reader.stage.rows("SELECT vote FROM bot_votes WHERE question LIKE '%In crowns?'")
    assert found == [("down",)]


# Deleting


async def test_whoever_asked_may_delete_the_answer(reader: Person) -> None:
    for asked in (await reader.ask(COST), await reader.mention(COST)):
        answer = asked.message
        clicked = await reader.click(answer, "🗑️")
        assert answer.deleted
        assert clicked.error is None
    assert reader.world.posted(reader.channel) == []


async def test_somebody_else_may_not_delete_it(reader: Person) -> None:
    asked = await reader.ask(COST)
    clicked = await reader.beside().click(asked.message, "🗑️")
    assert not asked.message.deleted
    assert clicked.message.ephemeral
    assert read(clicked) == (
        "⚠️ Only whoever asked, or somebody who manages this server, can delete this answer."
    )


@pytest.mark.parametrize("permission", ["manage_guild", "manage_messages", "administrator"])
async def test_whoever_manages_the_server_or_its_messages_may_delete_it(
    reader: Person, permission: str
) -> None:
    answer = (await reader.ask(COST)).message
    await reader.beside(permissions=perms(permission)).click(answer, "🗑️")
    assert answer.deleted


async def test_whoever_asked_privately_may_delete_what_they_shared(reader: Person) -> None:
    private = await reader.ask(COST, private=True)
    shared = (await reader.click(private.message, "Share")).message
    await reader.beside().click(shared, "🗑️")
    assert not shared.deleted
    await reader.click(shared, "🗑️")
    assert shared.deleted


async def test_an_answer_in_a_direct_message_may_be_deleted(reader: Person) -> None:
    answer = (await reader.alone().say(COST)).message
    await reader.alone().click(answer, "🗑️")
    assert answer.deleted


# Old buttons


async def test_every_button_works_after_a_restart(reader: Person, stage: Stage) -> None:
    asked, private = await reader.ask(COST), await reader.ask(COST, private=True)
    answer = asked.message
    await stage.restart()
    shown = await reader.click(answer, sources(answer)[0])
    assert quoted(shown.message) == quoted(answer)[:1]
    assert read(await reader.click(answer, "👍")) == "👍 Noted, thank you!"
    assert "Go on asking in" in read(await reader.click(answer, "Ask a follow-up"))
    shared = await reader.click(private.message, "Share")
    assert quoted(shared.message) == quoted(answer)
    await reader.click(answer, "🗑️")
    assert answer.deleted


@pytest.mark.parametrize("label", ["👍", "👎", "Ask a follow-up"])
async def test_a_button_of_a_forgotten_answer_says_so(
    reader: Person, stage: Stage, label: str
) -> None:
    asked = await reader.ask(COST)
    [(number,)] = stage.rows("SELECT id FROM bot_answers WHERE message = ?", int(asked.message.id))
    stage.bot.desk.store.forget(number)
    for button in (sources(asked.message)[0], label):
        clicked = await reader.click(asked.message, button)
        assert (read(clicked), clicked.message.ephemeral) == (FORGOTTEN, True)


async def test_a_forgotten_private_answer_cannot_be_shared(reader: Person, stage: Stage) -> None:
    asked = await reader.ask(COST, private=True)
    forget_all(stage)
    clicked = await reader.click(asked.message, "Share")
    assert (read(clicked), clicked.message.ephemeral) == (FORGOTTEN, True)


async def test_a_forgotten_answer_can_be_deleted_by_a_manager_alone(
    reader: Person, stage: Stage
) -> None:
    answer = (await reader.ask(COST)).message
    forget_all(stage)
    assert read(await reader.click(answer, "🗑️")) == (
        "⚠️ I no longer know who asked this; somebody who manages this server can delete it."
    )
    await stage.manager().elsewhere(reader.channel).click(answer, "🗑️")
    assert answer.deleted


def forget_all(stage: Stage) -> None:
    for (number,) in stage.rows("SELECT id FROM bot_answers"):
        stage.bot.desk.store.forget(number)
