"""What the bot tells by itself: of articles that come, change and go, and of quotes that no longer
stand.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.discord.announcements import announcement_view
from bot.discord.changes import ArticleChange, Changes
from bot.discord.corrections import IN_SHORT, fit_corrections
from bot.discord.markdown import units
from index.open import open_library
from tests.bot.discord.running import SILENT, Person, Stage, quoted, read, sources
from tests.bot.discord.stories import write_article
from tests.loopback import Message, perms
from tests.loopback.fake import until

COST = "How much will the dam cost?"
PRICE = "3.2 billion"
DAM = "Energy minister Paul Okoro said the new dam on the Sava would cost {} crowns."
WORK = "Work on the dam begins in April."


def publish(stage: Stage) -> None:
    """Index the folder as another process would, and say so as the bot's own writer does."""
    library = open_library(stage.settings.library)
    list(library.reindex())
    library.close()


async def publish_and_tell(stage: Stage) -> None:
    await asyncio.to_thread(publish, stage)
    stage.bot.desk.published.set()


def write_dam(stage: Stage, price: str, *more: str) -> None:
    """Write the article on the dam anew, with another price."""
    write_article(
        stage.settings.library.corpus,
        "dam.md",
        *([DAM.format(price)] if price else []),
        *more,
        "Okoro said the villages below the dam would be moved before the winter.",
        WORK,
        title="Minister names price of dam",
        outlet="National Courier",
        published="2023-03-02",
        url="https://example.org/dam",
    )


async def settled(stage: Stage) -> None:
    """Wait until the bot has looked at the articles as they are."""
    changes = Changes(stage.settings.library.folder)

    async def is_followed() -> bool:
        known = await asyncio.to_thread(changes.generation)
        return known == stage.library.about().searched.generation

    end = time.monotonic() + 20
    while not await is_followed():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


def news(person: Person) -> list[Message]:
    """What stands in a person's channel that nobody asked for."""
    return [one for one in person.world.posted(person.channel) if "Articles: " in one.text]


# Announcements


async def test_what_comes_changes_and_goes_is_announced_where_that_is_set(
    own_stage: Stage,
) -> None:
    manager, elsewhere = own_stage.manager(), own_stage.somebody()
    await settled(own_stage)
    shown = await manager.command("config announce", channel=manager.channel, minutes=1)
    number = manager.channel["id"]
    assert f"**New articles are announced in** <#{number}>, a minute apart at least" in shown.text

    corpus = own_stage.settings.library.corpus
    write_article(
        corpus,
        "comet.md",
        "The astronomer Vera Lam found a comet on Tuesday, she said.",
        title="Comet found [live] @everyone",
        outlet="Sky Post",
        published="2024-01-02",
        url="https://example.org/comet",
    )
    write_dam(own_stage, "4.5 billion")
    (corpus / "market.txt").unlink()
    await publish_and_tell(own_stage)
    await until(lambda: news(manager), 20, "it is not announced")
    (message,) = news(manager)
    assert read(message).splitlines() == [
        "Articles: 1 new, 1 changed, 1 withdrawn",
        "New",
        "Comet found [live] @\u200beveryone link · Sky Post · 2 Jan 2024",
        "Changed",
        "Minister names price of dam · National Courier · 2 Mar 2023",
        "Withdrawn",
        "Market moves to station square · undated",
    ]
    assert "https://example.org/comet" in message.text
    assert news(elsewhere) == []


async def test_announcements_keep_apart_and_none_is_lost_or_told_twice_over_a_restart(
    own_stage: Stage,
) -> None:
    manager = own_stage.manager()
    await settled(own_stage)
    await manager.command("config announce", channel=manager.channel, minutes=5)
    changes = Changes(own_stage.settings.library.folder)
    corpus = own_stage.settings.library.corpus

    write_article(corpus, "one.md", "The first bridge was opened on Monday.", title="First bridge")
    await publish_and_tell(own_stage)
    await until(lambda: news(manager), 20, "it is not announced")
    write_article(corpus, "two.md", "A second tower was opened on Friday.", title="Second tower")
    await publish_and_tell(own_stage)
    await settled(own_stage)
    await asyncio.sleep(SILENT)
    assert len(news(manager)) == 1

    # While it is not there, another article comes.
    await own_stage.restart()
    write_article(corpus, "three.md", "A third tunnel was dug in May.", title="Third tunnel")
    await asyncio.to_thread(publish, own_stage)
    name = f"announced to {own_stage.world.guild['id']}"
    number = changes.followed(name)
    assert number
    # Five minutes later.
    changes.follow(name, number[0], at=time.time() - 301)
    own_stage.bot.desk.published.set()
    await until(lambda: len(news(manager)) > 1, 20, "it is not announced")
    await asyncio.sleep(SILENT)
    first, second = news(manager)
    assert ("First bridge" in read(first), "First bridge" in read(second)) == (True, False)
    assert read(second).startswith("Articles: 2 new\n")
    assert [title in read(second) for title in ("Second tower", "Third tunnel")] == [True, True]


async def test_nothing_is_announced_unless_it_is_set_nor_where_the_bot_may_not_write(
    own_stage: Stage,
) -> None:
    manager, closed = own_stage.manager(), own_stage.somebody()
    await settled(own_stage)
    world = own_stage.world
    world.overwrite(closed.channel, world.guild["roles"][0], deny=perms("send_messages"))
    refused = await manager.command("config announce", channel=closed.channel)
    assert read(refused).startswith(f"⚠️ I may not write in #{closed.channel['name']}.")
    await manager.command("config announce", channel=manager.channel)
    shown = await manager.command("config announce")
    assert "**New articles are announced in** nowhere" in shown.text
    write_dam(own_stage, "4.5 billion")
    await publish_and_tell(own_stage)
    await settled(own_stage)
    await asyncio.sleep(SILENT)
    assert news(manager) == []


def test_many_articles_with_the_longest_of_titles_fit_a_message_and_the_rest_is_counted() -> None:
    changes = [
        ArticleChange(
            number=number,
            kind=("new", "changed", "withdrawn")[number % 3],
            article=str(number),
            paths=frozenset({f"{number}.md"}),
            title=f"{number} " + "Long title 🗞️ *of* [many] words " * 9,
            outlet="The *Daily* Outlet of many words " * 5,
            published=None,
            url=f"https://example.org/{number}/" + "x" * 470,
        )
        for number in range(141)
    ]
    texts = [text.content for text in announcement_view(changes).walk_children() if is_text(text)]
    assert sum(map(units, texts)) < 3900
    assert "141" not in texts[0]
    assert "47 new, 47 changed, 47 withdrawn" in texts[0]
    listed = [text.count("\n- ") for text in texts[1:]]
    assert all(listed)
    assert [f"and {47 - count} more" in text for text, count in zip(texts[1:], listed, strict=True)]


def is_text(item: object) -> bool:
    return hasattr(item, "content")


def test_what_came_and_went_is_nothing_and_what_went_and_came_is_a_change(
    own_stage: Stage,
) -> None:
    changes = Changes(own_stage.settings.library.folder)
    dam = next(one for one in own_stage.library.articles() if one.path == "dam.md")
    others = [one for one in own_stage.library.articles() if one.path != "dam.md"]
    changes.note(others, 10)
    start = changes.last_number()
    changes.note([*others, dam], 11)
    assert [(one.kind, one.title) for one in changes.since(start)] == [("new", dam.title)]
    changes.note(others, 12)
    assert changes.since(start) == ()
    middle = changes.last_number()
    changes.note([*others, dam], 13)
    changes.note(others, 14)
    changes.note([*others, dam], 15)
    assert changes.since(middle - 1)[0].kind == "changed"


# Corrections


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
    await own_stage.restart()
    write_dam(own_stage, "5 billion")
    await publish_and_tell(own_stage)
    await settled(own_stage)
    await asyncio.sleep(1.5)
    assert asked.text.count("⚠️") == 1


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
    await corrected(stays)
    await asyncio.sleep(2.5)
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
