"""Answers that were posted, when what they quote is edited or withdrawn afterwards."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.discord.corrections import IN_SHORT, fit_corrections
from bot.discord.markdown import units
from tests.bot.discord.publishing import (
    DAM,
    corrected_all,
    publish,
    publish_and_tell,
    settled,
    write_dam,
)
from tests.bot.discord.running import Stage, quoted, read, sources
from tests.bot.discord.stories import SHARED, write_article
from tests.loopback import Message, perms
from tests.loopback.fake import until

COST = "How much will the dam cost?"


async def corrected(message: Message) -> str:
    await until(lambda: "⚠️" in message.text, 20, "it is not corrected")
    return read(message)


async def test_an_answer_is_corrected_when_its_sentence_is_edited_once_and_over_a_restart(
    own_stage: Stage,
) -> None:
    reader = own_stage.somebody()
    await settled(own_stage)
    asked = (await reader.ask(COST)).message
    mentioned = (await reader.beside().mention(COST)).message
    other = (await reader.beside().ask("How many people were rescued from the Marlin?")).message
    private = (await reader.beside().ask(COST, private=True)).message
    write_dam(own_stage, "4.5 billion", "A second bridge is planned.")
    await publish_and_tell(own_stage)
    for message in (asked, mentioned):
        text = await corrected(message)
        today = time.strftime("%b %Y", time.gmtime())
        line = next(line for line in text.splitlines() if line.startswith("⚠️"))
        assert line.startswith("⚠️ [1] The article was edited on ")
        assert today in line
        assert line.endswith(f": this sentence now reads “{DAM.format('4.5 billion')}”")
        assert DAM.format("3.2 billion") in quoted(message)
    assert "⚠️" not in other.text
    assert "⚠️" not in private.text

    # Its buttons work still, and nothing is said twice.
    shown = await reader.click(asked, sources(asked)[0])
    assert "the text that was quoted" in read(shown)
    edits = asked.edits
    write_dam(own_stage, "4.5 billion", "A third bridge is planned.")
    await own_stage.restart()
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert asked.edits == edits


async def test_what_is_said_of_a_quote_follows_further_edits_and_that_it_stands_again(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    message = (await own_stage.somebody().ask(COST)).message
    before, labels = read(message), [button.label for button in message.buttons]
    for price, line in (
        ("4.5 billion", f"this sentence now reads “{DAM.format('4.5 billion')}”"),
        ("5 billion", f"this sentence now reads “{DAM.format('5 billion')}”"),
        ("", "and no longer holds this sentence."),
        (
            "3.2 billion",
            "✅ [1] The article was changed for a while: this sentence stands there ag",
        ),
        ("6 billion", f"this sentence now reads “{DAM.format('6 billion')}”"),
    ):
        write_dam(own_stage, price)
        await publish_and_tell(own_stage)
        await corrected_all(own_stage)
        start, note = read(message).rsplit("\n", 1)
        assert start == before
        assert line in note
    assert [button.label for button in message.buttons] == labels


async def test_an_article_that_is_withdrawn_and_comes_back_is_said_to_be_back(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    message = (await own_stage.somebody().ask(COST)).message
    dam = own_stage.settings.library.corpus / "dam.md"
    text = dam.read_text(encoding="utf-8")
    dam.unlink()
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert "⚠️ [1] The article was withdrawn on " in read(message)
    dam.write_text(text, encoding="utf-8")
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert "⚠️" not in message.text
    assert read(message).endswith("this sentence stands there again.")


async def test_a_file_that_was_renamed_before_it_was_edited_is_known_as_what_was_quoted(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    message = (await own_stage.somebody().ask(COST)).message
    corpus = own_stage.settings.library.corpus
    for before, after in (("dam.md", "price.md"), ("price.md", "okoro.md")):
        (corpus / before).rename(corpus / after)
        await publish_and_tell(own_stage)
        await corrected_all(own_stage)
        assert "⚠️" not in message.text
    write_dam(own_stage, "4.5 billion", name="okoro.md")
    await publish_and_tell(own_stage)
    assert "now reads" in await corrected(message)


async def test_another_article_that_said_the_same_is_named_when_it_no_longer_does(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    message = (await own_stage.somebody().ask("When will divers look at the hull?")).message
    assert "also in [2]" in read(message)
    cited = {"ferry.md": "Coast Herald", "ferry-inquiry.md": "Harbour Post"}
    first = read(message).splitlines()[2]
    other = next(name for name, outlet in cited.items() if outlet not in first)
    path = own_stage.settings.library.corpus / other
    path.write_text(path.read_text(encoding="utf-8").replace("Friday.", "Monday."), "utf-8")
    await publish_and_tell(own_stage)
    text = await corrected(message)
    assert "⚠️ [1] in [2] The article was edited on " in text
    assert SHARED.replace("Friday", "Monday") in text
    assert text.count("⚠️") == 1


async def test_a_private_answer_that_is_shared_after_an_edit_is_corrected_then(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    reader = own_stage.somebody()
    private = (await reader.ask(COST, private=True)).message
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert "⚠️" not in private.text
    shared = (await reader.click(private, "Share")).message
    assert not shared.ephemeral
    assert "now reads" in await corrected(shared)


async def test_what_is_edited_while_an_answer_is_being_posted_is_corrected_all_the_same(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    world, reader = own_stage.world, own_stage.somebody()
    held = world.hold("PATCH", "/messages/@original$")
    asked = await reader.ask(COST, wait=False)
    await until(lambda: held.waiting, 20, "it is not answered")
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    await settled(own_stage)
    await world.let_go(held)
    await asked.wait()
    own_stage.bot.desk.published.set()
    assert "now reads" in await corrected(asked.message)


async def test_answers_in_threads_in_the_archive_and_in_direct_messages_are_corrected(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    reader, world = own_stage.somebody(), own_stage.world
    opened = (await reader.ask("How many people were rescued from the Marlin?")).message
    await reader.click(opened, "Ask a follow-up")
    thread = opened.thread
    assert thread
    inside = (await reader.elsewhere(thread).ask(COST)).message
    said = await reader.beside().say("About the dam.", wait=False)
    locked = await world.start_thread(said.sent, "Dam", as_=reader.user)
    unreached = (await reader.beside().elsewhere(locked).ask(COST)).message
    alone = (await reader.beside().alone().ask(COST)).message
    thread["thread_metadata"]["archived"] = True
    locked["thread_metadata"].update(archived=True, locked=True)
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert ["now reads" in one.text for one in (inside, unreached, alone)] == [True, False, True]
    assert thread["thread_metadata"]["archived"]
    own_stage.refusals += [call.body["code"] for call in world.rejected()]
    assert sorted(own_stage.refusals) == [50013, 50083, 50083]


async def test_one_message_that_discord_will_not_take_keeps_no_other_from_being_corrected(
    own_stage: Stage,
) -> None:
    await settled(own_stage)
    world = own_stage.world
    messages = [(await own_stage.somebody().ask(COST)).message for _ in range(3)]
    # The last one is the first to be corrected.
    world.fail("PATCH", f"/messages/{messages[-1].id}$", 503, times=4)
    world.rate_limit("PATCH", f"/messages/{messages[0].id}$", retry_after=0.3, times=2)
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    for message in messages[:-1]:
        await corrected(message)
    assert "⚠️" not in messages[-1].text
    own_stage.bot.desk.published.set()
    await corrected(messages[-1])
    assert [call.status for call in world.requests if call.status == 429] == [429, 429]


async def test_its_own_answer_is_checked_anew_on_request(own_stage: Stage) -> None:
    await settled(own_stage)
    reader = own_stage.somebody()
    asked = (await reader.ask(COST)).message
    answer_id = own_stage.rows("SELECT id FROM bot_answers")[0][0]
    for price, line in (
        ("3.2 billion", "✅ [1] The article still says so."),
        ("4.5 billion", f"now reads “{DAM.format('4.5 billion')}”"),
    ):
        write_dam(own_stage, price)
        await publish_and_tell(own_stage)
        await corrected_all(own_stage)
        checked = await own_stage.world.context_menu(
            "Check against the articles", asked, as_=reader.user
        )
        assert checked.message.ephemeral
        assert line in read(checked)
        assert quoted(checked.message) == [DAM.format("3.2 billion")]
        assert f"pullquote receipts {answer_id}" in read(checked)


async def test_what_is_changed_while_it_is_not_there_is_corrected_when_it_is_back(
    own_stage: Stage,
) -> None:
    reader = own_stage.somebody()
    await settled(own_stage)
    asked = (await reader.ask(COST)).message
    write_dam(own_stage, "", "The dam is dearer than the minister said.")
    await asyncio.to_thread(publish, own_stage)
    await own_stage.restart()
    assert "and no longer holds this sentence." in await corrected(asked)


async def test_what_is_withdrawn_is_said_and_what_stands_elsewhere_in_the_article_is_not(
    own_stage: Stage,
) -> None:
    reader = own_stage.somebody()
    await settled(own_stage)
    price = (await reader.ask(COST)).message
    ferry = (await reader.beside().ask("What did Captain Ada Berg say?")).message
    # Only white space, the rest of the article and its place have changed.
    write_article(
        own_stage.settings.library.corpus,
        "dam.md",
        "Here is a new beginning of this article on the dam.",
        DAM.format("3.2 billion").replace("would cost", "would\ncost"),
        title="Minister names price of dam",
    )
    (own_stage.settings.library.corpus / "ferry.md").unlink()
    await publish_and_tell(own_stage)
    assert "The article was withdrawn on " in await corrected(ferry)
    assert "⚠️" not in price.text


async def test_messages_that_are_deleted_or_out_of_reach_are_no_error(own_stage: Stage) -> None:
    reader, closed = own_stage.somebody(), own_stage.somebody()
    await settled(own_stage)
    gone = (await reader.ask(COST)).message
    unseen = (await closed.ask(COST)).message
    stays = (await reader.beside().ask(COST)).message
    await reader.world.delete(gone)
    world = own_stage.world
    world.overwrite(closed.channel, world.guild["roles"][0], deny=perms("view_channel"))
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    await corrected_all(own_stage)
    assert "⚠️" in stays.text
    assert "⚠️" not in unseen.text
    own_stage.refusals += [call.body["code"] for call in world.rejected()]
    assert set(own_stage.refusals) <= {10008, 50001, 50013}


def test_corrections_that_find_no_room_are_said_in_short() -> None:
    lines = [("a long correction", "short"), ("another of them", "brief")]
    assert fit_corrections(lines, 100) == ["a long correction", "another of them"]
    assert fit_corrections(lines, 25) == ["short", "another of them"]
    assert fit_corrections(lines, 11) == ["short", "brief"]
    assert fit_corrections(lines, 10) == []
    assert fit_corrections(lines * 40, 60) == [IN_SHORT]


@pytest.mark.parametrize("room", [60, 4000])
def test_the_shortest_form_fits_what_answers_leave_free(room: int) -> None:
    assert units(IN_SHORT) <= room
