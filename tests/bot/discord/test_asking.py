"""Questions to the running bot, by every way in, and what is read in answer."""

from __future__ import annotations

import re

import pytest

from tests.bot.discord.reader import kinds_of
from tests.bot.discord.running import (
    SILENT,
    Person,
    Stage,
    bold,
    offers,
    quoted,
    read,
    small,
    sources,
)
from tests.bot.discord.stories import SHARED
from tests.loopback import NotVisible, perms

RESCUED = "How many people were rescued from the ferry?"
COST = "How much will the dam cost?"
STALL = "What do the traders pay for a stall?"
UNKNOWN = "Who is the president of Brazil?"


# /ask


async def test_a_question_is_answered_with_a_quote_that_stands_in_the_article(
    reader: Person,
) -> None:
    answered = await reader.ask(COST)
    assert (answered.error, answered.ack_type, answered.thinking) == (None, 5, False)
    quote = quoted(answered.message)[0]
    article = reader.stage.settings.library.corpus / "dam.md"
    assert quote in article.read_text(encoding="utf-8")
    assert "3.2 billion" in bold(answered.message)[0]
    assert re.fullmatch(
        r"\[1a?\] · National Courier · Minister names price of dam · 2 Mar 2023",
        small(answered.message)[0],
    )
    assert read(answered).startswith(COST)
    assert not answered.message.ephemeral


async def test_a_question_is_acknowledged_at_once(reader: Person) -> None:
    answered = await reader.ask(COST)
    assert answered.ack_ms is not None
    assert answered.ack_ms < 1000


async def test_the_title_of_a_source_leads_to_the_quote_on_its_page(reader: Person) -> None:
    answered = await reader.ask(COST)
    assert answered.message.links[0].startswith("https://example.org/dam#:~:text=Energy%20minister")


async def test_where_articles_differ_each_side_is_listed_the_oldest_first(reader: Person) -> None:
    answered = await reader.ask(RESCUED)
    lines = read(answered).splitlines()
    place = lines.index("The articles differ (people):")
    assert lines[place + 1].startswith("41 · Coast Herald · 4 May 2023 · [")
    assert lines[place + 2].startswith("38 · the harbour police · Harbour Post · 5 May 2023 · [")


async def test_no_line_of_a_narrow_screen_ends_in_the_middle_of_a_date(reader: Person) -> None:
    answered = await reader.ask(RESCUED)
    dates = re.findall(r"4\s+May\s+2023", answered.text)
    assert len(dates) >= 2
    assert {*dates} == {"4\u00a0May\u00a02023"}


async def test_a_sentence_in_two_articles_is_one_quote_from_both(reader: Person) -> None:
    answered = await reader.ask("Is the cause of the leak known?")
    assert quoted(answered.message).count(SHARED) == 1
    assert re.search(r"also in \[[12]\]$", "\n".join(small(answered.message)), re.MULTILINE)


async def test_an_article_without_date_and_address_is_cited_all_the_same(reader: Person) -> None:
    answered = await reader.ask(STALL)
    assert quoted(answered.message)[0] == "Traders pay 15 crowns a day for a stall."
    assert small(answered.message)[0].endswith("] · Market moves to station square · undated")
    assert answered.message.links == []


async def test_where_the_articles_are_silent_it_says_so_and_what_it_searched(
    reader: Person,
) -> None:
    answered = await reader.ask(UNKNOWN)
    assert read(answered).splitlines()[:3] == [
        UNKNOWN,
        "The articles don't say. Searched 7 articles, 2 Mar 2023 to 12 Jun 2023.",
        "Nearest, but not an answer:",
    ]


async def test_an_answer_offers_what_can_be_done_with_it(reader: Person) -> None:
    answered = await reader.ask(COST)
    assert len(sources(answered.message)) == len(quoted(answered.message))
    assert offers(answered.message) == ["Ask a follow-up", "👍", "👎", "🗑️"]


async def test_a_private_answer_is_seen_by_its_asker_alone(reader: Person) -> None:
    answered = await reader.ask(COST, private=True)
    assert answered.message.ephemeral
    assert offers(answered.message) == ["Share", "👍", "👎"]
    with pytest.raises(NotVisible):
        await reader.beside().click(answered.message, "Share")


async def test_a_private_answer_is_shared_once_with_the_name_of_who_asked(reader: Person) -> None:
    private = await reader.ask(COST, private=True)
    shared = await reader.click(private.message, "Share")
    assert not shared.message.ephemeral
    assert read(shared).startswith(COST)
    assert quoted(shared.message) == quoted(private.message)
    assert small(shared.message)[-1] == (f"Asked and shared by {reader.user['global_name']}")
    assert offers(shared.message) == ["Ask a follow-up", "👍", "👎", "🗑️"]
    again = await reader.click(private.message, "Share")
    assert (read(again), again.message.ephemeral) == ("⚠️ This answer is shared already.", True)


async def test_two_clicks_at_once_share_an_answer_once(reader: Person) -> None:
    private = await reader.ask(COST, private=True)
    clicks = [
        await reader.world.click(private.message, label="Share", wait=False) for _ in range(2)
    ]
    seen = [(await click.wait()).message.ephemeral for click in clicks]
    assert sorted(seen) == [False, True]


async def test_a_name_of_signs_is_only_words_under_a_shared_answer(stage: Stage) -> None:
    vile = stage.somebody()
    vile.user["global_name"] = "**@everyone** [x](https://evil.example)"
    private = await vile.ask(COST, private=True)
    shared = await vile.click(private.message, "Share")
    assert kinds_of(shared.message.text.splitlines()[-1]) == {"small"}


@pytest.mark.parametrize("question", ["???", "…", "🙂🙃", "   "])
async def test_a_question_without_words_gets_a_line_that_says_so(
    reader: Person, question: str
) -> None:
    answered = await reader.ask(question)
    assert answered.message.ephemeral
    assert read(answered) == "⚠️ The question is empty: ask something in words"


async def test_discord_itself_refuses_a_question_that_is_too_long(reader: Person) -> None:
    with pytest.raises(NotVisible, match="refuses 2001 characters"):
        await reader.ask("why " * 500 + "?")
    answered = await reader.ask("why " * 500)
    assert read(answered).splitlines()[0].endswith("why…")


@pytest.mark.parametrize(
    "question",
    [
        "Сколько стоит плотина на реке Сава?",
        "大坝要花多少钱？",
        "كم تكلفة السد على النهر؟",
        "बाँध की लागत कितनी है?",
        "How much 💸 will the dam 🏞️ cost?",
        "\u202eHow much will the \u200bdam cost?",
        "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301 dam?",
    ],
)
async def test_a_question_in_any_script_is_answered_or_told_that_the_articles_are_silent(
    reader: Person, question: str
) -> None:
    answered = await reader.ask(question)
    assert "3.2 billion" in read(answered) or "The articles don't say." in read(answered)


@pytest.mark.parametrize(
    "question",
    [
        "@everyone @here why?",
        "**how** much [will](https://evil.example) the `dam` ||cost||?",
        "# why <@1> <#2> <@&3> </ask:4> discord.gg/abc :smile: <t:1:R>",
        "> why\n- not\n1. so",
    ],
)
async def test_a_question_full_of_signs_is_only_words_in_its_heading(
    reader: Person, question: str
) -> None:
    answered = await reader.ask(question)
    assert kinds_of(answered.text.splitlines()[0]) == {"heading"}


# Mentions, replies, threads, direct messages


async def test_a_mention_is_answered_in_a_reply_that_does_not_repeat_the_question(
    reader: Person,
) -> None:
    answered = await reader.mention(COST)
    assert answered.message.reply_to == answered.sent.id
    assert read(answered).startswith("Energy minister Paul Okoro")
    assert COST not in answered.text
    assert offers(answered.message) == ["Ask a follow-up", "👍", "👎", "🗑️"]


async def test_a_mention_may_stand_anywhere_in_the_question(reader: Person) -> None:
    answered = await reader.say(f"Hey {reader.world.mention}, {COST[0].lower()}{COST[1:]}")
    assert "3.2 billion" in read(answered)


async def test_people_who_are_mentioned_go_by_their_names(reader: Person) -> None:
    other = reader.beside()
    await reader.mention(f"What did <@{other.user['id']}> say of <#1> and <@&2>?")
    [(question,)] = reader.stage.rows(
        "SELECT question FROM bot_answers WHERE channel = ?", int(reader.channel["id"])
    )
    assert question == f"What did {other.user['global_name']} say of and ?"


async def test_a_reply_to_an_answer_is_answered(reader: Person) -> None:
    first = await reader.mention(COST)
    answered = await reader.reply(first.message, STALL)
    assert "15 crowns a day" in read(answered)


async def test_a_direct_message_needs_no_mention(reader: Person) -> None:
    answered = await reader.alone().say(COST)
    assert "3.2 billion" in read(answered)
    assert offers(answered.message) == ["👍", "👎", "🗑️"]


async def test_the_command_works_in_a_direct_message(reader: Person) -> None:
    answered = await reader.alone().ask(COST)
    assert "3.2 billion" in read(answered)
    assert offers(answered.message) == ["👍", "👎", "🗑️"]


async def test_a_mention_in_somebody_s_thread_is_answered_there(reader: Person) -> None:
    said = await reader.say("Let us talk about the dam.", wait=False)
    thread = await reader.world.start_thread(said.sent, "Dam", as_=reader.user)
    answered = await reader.elsewhere(thread).mention(COST)
    assert "3.2 billion" in read(answered)
    assert answered.message.channel is thread
    assert offers(answered.message) == ["👍", "👎", "🗑️"]


async def test_a_mention_and_nothing_else_is_told_how_to_ask(reader: Person) -> None:
    answered = await reader.mention("")
    assert read(answered) == "Ask me something: mention me with your question, or use /ask."


@pytest.mark.parametrize(
    "sign",
    ["<:dam:123456789012345678>", "<a:dam:123456789012345678> 🤔", "<t:1700000000:R>", "</ask:1>"],
)
async def test_emoji_and_other_signs_are_no_question(reader: Person, sign: str) -> None:
    answered = await reader.mention(sign)
    assert read(answered) == "Ask me something: mention me with your question, or use /ask."


async def test_a_question_is_read_without_the_emoji_in_it(reader: Person) -> None:
    answered = await reader.ask(f"<:dam:123456789012345678> {COST}")
    assert read(answered).splitlines()[0] == COST
    assert "3.2 billion" in read(answered)
    refused = await reader.ask("<:dam:123456789012345678>")
    assert read(refused) == "⚠️ The question is empty: ask something in words"


async def test_in_a_direct_message_it_is_told_in_other_words(reader: Person) -> None:
    answered = await reader.alone().say("👋")
    assert read(answered) == "Ask me something: write your question here, or use /ask."


async def test_a_reply_of_signs_alone_is_no_question(reader: Person) -> None:
    asked = await reader.mention(COST)
    for text in ("👍", "!!!", "❤️ 🙂"):
        answered = await reader.say(text, reply_to=asked.message, timeout=SILENT / 4)
        assert answered.messages == []


async def test_a_mention_that_is_too_long_is_told_how_long_it_may_be(reader: Person) -> None:
    answered = await reader.mention("why " * 600)
    assert read(answered) == ("⚠️ The question has 2,399 characters; ask in at most 2,000")


async def test_it_says_nothing_unless_it_is_addressed(reader: Person) -> None:
    other = reader.beside()
    for text in (COST, f"<@{other.user['id']}> {COST}", f"@everyone {COST}", "answerbot, why?"):
        said = await reader.say(text, timeout=SILENT / 4)
        assert said.messages == []
    await reader.world.react(said.sent, "👍", as_=other.user)
    answered = await reader.mention(COST)
    assert answered.messages == reader.world.posted(reader.channel)


async def test_it_answers_no_other_bot(stage: Stage) -> None:
    bot = stage.somebody()
    bot.user["bot"] = True
    assert (await bot.mention(COST, timeout=SILENT)).messages == []
    assert (await bot.alone().say(COST, timeout=SILENT)).messages == []


async def test_it_does_not_answer_itself(reader: Person) -> None:
    first = await reader.mention(STALL)
    channel = reader.stage.bot.get_partial_messageable(int(reader.channel["id"]))
    own = await channel.send(f"{reader.world.mention} {COST}")
    later = await reader.mention(STALL)
    ids = [message.id for message in reader.world.posted(reader.channel)]
    assert ids == [first.message.id, str(own.id), later.message.id]


async def test_an_edited_question_is_not_answered_again(reader: Person) -> None:
    answered = await reader.mention(COST)
    await reader.world.edit(answered.sent, f"{reader.world.mention} {STALL}")
    later = await reader.mention(STALL)
    assert reader.world.posted(reader.channel) == [answered.message, later.message]


# Where it may do little


async def test_without_the_right_to_read_history_it_answers_and_repeats_the_question(
    reader: Person,
) -> None:
    reader.world.overwrite(reader.channel, deny=perms("read_message_history"))
    answered = await reader.mention(COST)
    assert answered.message.reply_to is None
    assert read(answered).startswith(COST)


async def test_where_it_may_not_speak_it_is_silent_and_nothing_is_broken(reader: Person) -> None:
    reader.world.overwrite(reader.channel, deny=perms("send_messages"))
    assert (await reader.mention(COST, timeout=SILENT)).messages == []
    reader.stage.refusals.append(50013)
    # Interactions need no right to post.
    assert "3.2 billion" in read(await reader.ask(COST))


# Too much at once


async def test_whoever_asks_too_quickly_is_told_when_to_ask_again(reader: Person) -> None:
    answers = [await reader.ask(COST, settle=0) for _ in range(6)]
    assert ["3.2 billion" in read(answered) for answered in answers] == [*[True] * 5, False]
    assert read(answers[-1]).startswith("⚠️ You are quick! Please ask again in ")
    assert answers[-1].message.ephemeral
    mentioned = await reader.mention(COST)
    assert read(mentioned).startswith("⚠️ You are quick!")
    assert "3.2 billion" in read(await reader.beside().ask(COST))
