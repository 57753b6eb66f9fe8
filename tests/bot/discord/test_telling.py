"""What the bot tells by itself: of articles that come, change and go."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bot.discord.announcements import announcement_view
from bot.discord.changes import ArticleChange, Changes
from bot.discord.markdown import units
from tests.bot.discord.limits import OURS, SITES
from tests.bot.discord.monsters import VILE
from tests.bot.discord.publishing import look_again, publish, publish_and_tell, settled, write_dam
from tests.bot.discord.reader import kinds_of
from tests.bot.discord.running import Person, Stage, read
from tests.bot.discord.stories import write_article
from tests.loopback import Message, perms
from tests.loopback.fake import until


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
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
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
    await look_again(own_stage)
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
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
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


# What keeps it from telling


async def tell_in(manager: Person, **options: object) -> None:
    await settled(manager.stage)
    await manager.command("config announce", channel=manager.channel, minutes=5, **options)


def minutes_pass(stage: Stage, minutes: int) -> None:
    """Set back when the server was told last."""
    changes = Changes(stage.settings.library.folder)
    name = f"announced to {stage.world.guild['id']}"
    number, at = changes.followed(name) or (0, 0.0)
    changes.follow(name, number, at=at - 60 * minutes)


async def test_what_cannot_be_told_for_want_of_a_permission_is_told_when_it_is_given(
    own_stage: Stage,
) -> None:
    manager, world = own_stage.manager(), own_stage.world
    await tell_in(manager)
    everybody = world.guild["roles"][0]
    world.overwrite(manager.channel, everybody, deny=perms("send_messages"))
    write_dam(own_stage, "4.5 billion")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    await look_again(own_stage)
    # It asks Discord once and not each time that it looks.
    assert [call.body["code"] for call in world.rejected()] == [50013]
    own_stage.refusals.append(50013)
    assert news(manager) == []
    world.overwrite(manager.channel, everybody)
    minutes_pass(own_stage, 6)
    await look_again(own_stage)
    (message,) = news(manager)
    assert "Minister names price of dam" in read(message)


async def test_a_channel_that_is_deleted_is_told_of_no_more_and_the_settings_say_so(
    own_stage: Stage,
) -> None:
    manager, elsewhere, world = own_stage.manager(), own_stage.somebody(), own_stage.world
    await tell_in(manager)
    del world.channels[manager.channel["id"]]
    write_dam(own_stage, "4.5 billion")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    own_stage.refusals.append(10003)
    shown = await manager.elsewhere(elsewhere.channel).command("config show")
    assert "**New articles are announced in** nowhere" in shown.text
    await own_stage.restart()
    write_dam(own_stage, "5 billion")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    assert len(world.rejected()) == 1


async def test_many_servers_are_each_told_once_and_one_it_was_thrown_out_of_is_not(
    own_stage: Stage,
) -> None:
    world, rooms = own_stage.world, []
    await settled(own_stage)
    for number in range(12):
        guild = world.add_guild(f"Server {number}", world.owner)
        await world.join_guild(guild)
        rooms.append(world.add_channel(f"news-{number}", guild=guild))
        manager = own_stage.manager().elsewhere(rooms[-1])
        await manager.command("config announce", channel=rooms[-1], minutes=1 + number)
    await world.leave_guild(world.guilds[rooms[0]["guild_id"]])
    await until(lambda: len(own_stage.bot.guilds) == 12, 10, "it does not leave")
    write_dam(own_stage, "4.5 billion")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    told = [len(news(own_stage.manager().elsewhere(room))) for room in rooms]
    assert told == [0] + [1] * 11


async def test_what_was_sent_when_it_was_killed_is_not_told_a_second_time(own_stage: Stage) -> None:
    manager = own_stage.manager()
    await tell_in(manager)
    changes = Changes(own_stage.settings.library.folder)
    name = f"announced to {own_stage.world.guild['id']}"
    before = changes.followed(name)
    assert before
    corpus = own_stage.settings.library.corpus
    write_article(corpus, "one.md", "The first bridge was opened on Monday.", title="First bridge")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    assert len(news(manager)) == 1
    # It did not come to remember that; and something else has come meanwhile.
    changes.follow(name, before[0], at=0.0)
    write_article(corpus, "two.md", "A second tower was opened on Friday.", title="Second tower")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    assert len(news(manager)) == 1
    minutes_pass(own_stage, 6)
    await look_again(own_stage)
    first, second = news(manager)
    assert "First bridge" not in read(second)
    assert "Second tower" in read(second)
    assert first.edits == 0


async def test_while_discord_is_out_of_order_nothing_is_lost(own_stage: Stage) -> None:
    manager, world = own_stage.manager(), own_stage.world
    await tell_in(manager)
    world.fail("POST", f"/channels/{manager.channel['id']}/messages$", 503, times=3)
    write_dam(own_stage, "4.5 billion")
    await asyncio.to_thread(publish, own_stage)
    await look_again(own_stage)
    await look_again(own_stage)
    assert len(news(manager)) == 1


async def test_a_thousand_new_articles_with_vile_titles_are_one_message_that_pings_nobody(
    own_stage: Stage,
) -> None:
    manager = own_stage.manager()
    await tell_in(manager)
    changes = Changes(own_stage.settings.library.folder)
    articles = own_stage.library.articles()
    many = [
        replace(articles[0], id=f"id{number}", path=f"{number}.md", title=f"{number} {VILE}")
        for number in range(1000)
    ]
    changes.note([*articles, *many], own_stage.library.about().searched.generation)
    await look_again(own_stage)
    (message,) = news(manager)
    text = read(message)
    assert text.startswith("Articles: 1,000 new\n")
    assert text.endswith("991 more")
    kinds = {kind for line in message.text.splitlines() for kind in kinds_of(line)}
    assert {kind for kind in kinds - OURS if not kind.startswith(SITES)} == set()
    assert message.pings == {"everyone": False, "users": [], "roles": []}
