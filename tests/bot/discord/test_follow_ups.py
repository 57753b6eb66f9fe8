"""Questions that lean on those before them, in threads and in chains of replies."""

from __future__ import annotations

from bot.discord.store import LONGEST_MEMORY
from tests.bot.discord.running import Person, Stage, bold, labels, quoted, read, small
from tests.loopback import perms

RESCUED = "How many people were rescued from the ferry?"
COST = "What did Paul Okoro say about the cost of the dam?"
AND_VILLAGES = "and what did he say about the villages?"
VILLAGES = "Okoro said the villages below the dam would be moved before the winter."
UNDERSTOOD = "Understood as: What did Paul Okoro say about the villages?"
HEIGHT = "What did Ines Roth say about the wall?"


async def open_thread(reader: Person, question: str = COST) -> Person:
    """Ask, press the button, and go to the thread that it opens."""
    asked = await reader.ask(question)
    await reader.click(asked.message, "Ask a follow-up")
    return reader.elsewhere(reader.world.channel(asked.message.id))


# Threads


async def test_the_button_opens_a_thread_under_the_answer_and_leads_there(reader: Person) -> None:
    asked = await reader.ask(RESCUED)
    clicked = await reader.click(asked.message, "Ask a follow-up")
    thread = reader.world.channel(asked.message.id)
    assert thread["name"] == RESCUED
    assert thread["parent_id"] == reader.channel["id"]
    assert clicked.text == f"Go on asking in <#{thread['id']}>: I remember what was asked there."
    assert clicked.message.ephemeral
    [welcome] = reader.world.posted(thread)
    assert read(welcome).startswith(
        "Go on asking here: with /ask, by mentioning me, or by replying"
    )


async def test_pressing_the_button_again_leads_to_the_same_thread(reader: Person) -> None:
    asked = await reader.ask(RESCUED)
    first = await reader.click(asked.message, "Ask a follow-up")
    second = await reader.beside().click(asked.message, "Ask a follow-up")
    assert second.text == first.text
    assert len(reader.world.posted(reader.world.channel(asked.message.id))) == 1
    reader.stage.refusals.append(160004)


async def test_a_long_question_names_its_thread_in_as_many_words_as_there_is_room_for(
    reader: Person,
) -> None:
    thread = await open_thread(reader, f"{COST} " + "And why is that so? " * 20)
    assert len(thread.channel["name"]) <= 100
    assert thread.channel["name"].startswith(COST)
    assert thread.channel["name"].endswith("…")


async def test_in_the_thread_a_question_is_understood_from_the_one_before(reader: Person) -> None:
    thread = await open_thread(reader)
    for answered in (await thread.mention(AND_VILLAGES), await thread.ask(AND_VILLAGES)):
        assert UNDERSTOOD in small(answered.message)
        assert VILLAGES in quoted(answered.message)
        assert "Ask a follow-up" not in labels(answered.message)


async def test_the_reading_of_a_follow_up_stands_under_the_question_of_the_command(
    reader: Person,
) -> None:
    answered = await (await open_thread(reader)).ask(AND_VILLAGES)
    assert read(answered).splitlines()[:2] == [AND_VILLAGES, UNDERSTOOD]


async def test_an_answer_to_a_mention_has_its_thread_too(reader: Person) -> None:
    asked = await reader.mention(COST)
    await reader.click(asked.message, "Ask a follow-up")
    thread = reader.elsewhere(reader.world.channel(asked.message.id))
    assert UNDERSTOOD in small((await thread.mention(AND_VILLAGES)).message)


async def test_a_thread_that_somebody_opens_on_an_answer_knows_it(reader: Person) -> None:
    asked = await reader.ask(COST)
    thread = await reader.world.start_thread(asked.message, "The dam", as_=reader.user)
    answered = await reader.elsewhere(thread).mention(AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)


async def test_the_thread_remembers_for_everybody_in_it(reader: Person) -> None:
    thread = await open_thread(reader)
    answered = await thread.beside().mention(AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)


async def test_in_a_channel_one_question_is_no_context_of_the_next(reader: Person) -> None:
    await reader.ask(COST)
    answered = await reader.mention(AND_VILLAGES)
    assert "Understood as" not in read(answered)


async def test_a_thread_does_not_know_what_was_asked_in_another(reader: Person) -> None:
    await open_thread(reader)
    answered = await (await open_thread(reader, HEIGHT)).mention(AND_VILLAGES)
    assert "Okoro" not in "".join(small(answered.message))


async def test_a_private_question_is_no_context_for_the_others_in_a_thread(reader: Person) -> None:
    said = await reader.say("About the dam.", wait=False)
    thread = reader.elsewhere(await reader.world.start_thread(said.sent, "Dam", as_=reader.user))
    await thread.ask(COST, private=True)
    answered = await thread.mention(AND_VILLAGES)
    assert "Understood as" not in read(answered)


async def test_private_questions_in_a_thread_follow_up_one_s_own_private_ones(
    reader: Person,
) -> None:
    thread = await open_thread(reader, HEIGHT)
    await thread.ask(COST, private=True)
    answered = await thread.ask(AND_VILLAGES, private=True)
    assert UNDERSTOOD in small(answered.message)
    theirs = await thread.beside().ask(AND_VILLAGES, private=True)
    assert "Okoro" not in "".join(small(theirs.message))
    public = await thread.ask(AND_VILLAGES)
    assert "Okoro" not in "".join(small(public.message))


async def test_a_private_question_in_a_direct_message_is_remembered_there(reader: Person) -> None:
    alone = reader.alone()
    await alone.ask(COST, private=True)
    answered = await alone.say(AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)


async def test_a_question_that_is_whole_by_itself_is_left_as_it_is(reader: Person) -> None:
    answered = await (await open_thread(reader)).mention(RESCUED)
    assert "Understood as" not in read(answered)
    assert "41" in bold(answered.message)


async def test_direct_messages_are_remembered_like_a_thread(reader: Person) -> None:
    alone = reader.alone()
    await alone.say(COST)
    answered = await alone.say(AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)
    assert VILLAGES in quoted(answered.message)


async def test_where_there_can_be_no_thread_the_button_says_what_else_to_do(
    reader: Person,
) -> None:
    reader.world.overwrite(reader.channel, deny=perms("create_public_threads"))
    asked = await reader.ask(COST)
    clicked = await reader.click(asked.message, "Ask a follow-up")
    assert read(clicked) == (
        "I may not open threads in this channel; a manager can allow it. "
        "You can also reply to my answer: I will know what it is about."
    )
    answered = await reader.reply(asked.message, AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)
    reader.stage.refusals.append(50013)


# Replies


async def test_a_reply_to_an_answer_is_understood_from_its_question(reader: Person) -> None:
    asked = await reader.ask(COST)
    await reader.beside().ask(RESCUED)
    answered = await reader.reply(asked.message, AND_VILLAGES)
    assert answered.message.reply_to == answered.sent.id
    assert UNDERSTOOD in small(answered.message)
    assert VILLAGES in quoted(answered.message)


async def test_a_chain_of_replies_remembers_its_own_questions(reader: Person) -> None:
    first = await reader.mention(COST)
    second = await reader.reply(first.message, AND_VILLAGES)
    third = await reader.reply(second.message, "and about the cost?")
    assert "3.2 billion crowns" in read(third)
    assert "Paul Okoro" in small(third.message)[0]


async def test_a_reply_to_a_shared_answer_is_understood(reader: Person) -> None:
    private = await reader.ask(COST, private=True)
    shared = await reader.click(private.message, "Share")
    answered = await reader.beside().reply(shared.message, AND_VILLAGES)
    assert UNDERSTOOD in small(answered.message)


async def test_a_reply_to_somebody_else_carries_nothing_over(reader: Person) -> None:
    await reader.ask(COST)
    said = await reader.say(COST, wait=False)
    answered = await reader.beside().mention(AND_VILLAGES, reply_to=said.sent)
    assert "Understood as" not in read(answered)


# What is remembered, and for how long


async def test_threads_and_replies_are_remembered_after_a_restart(
    reader: Person, stage: Stage
) -> None:
    thread = await open_thread(reader)
    mentioned = await reader.mention(HEIGHT)
    await stage.restart()
    assert UNDERSTOOD in small((await thread.mention(AND_VILLAGES)).message)
    answered = await reader.reply(mentioned.message, "and about the work on the dam?")
    assert "Understood as" in small(answered.message)[0]


async def test_no_more_is_remembered_than_the_last_few_questions(reader: Person) -> None:
    alone, store = reader.alone(), reader.stage.bot.desk.store
    asked = await alone.ask(COST)
    for _ in range(LONGEST_MEMORY):
        asked = await alone.reply(asked.message, AND_VILLAGES)
    kept = store.last_in(int(alone.channel["id"]))
    assert [one.answer.question for one in kept] == [AND_VILLAGES] * LONGEST_MEMORY
    assert len(store.chain_to(kept[-1])) == LONGEST_MEMORY


async def test_a_deleted_answer_is_forgotten(reader: Person) -> None:
    alone = reader.alone()
    asked = await alone.say(COST)
    answer = asked.message
    await alone.click(answer, "🗑️")
    assert answer.deleted
    answered = await alone.say(AND_VILLAGES)
    assert "Understood as" not in read(answered)
