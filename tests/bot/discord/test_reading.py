"""The list of articles and one of them, as the running bot shows them."""

from __future__ import annotations

import shutil

import pytest

from tests.bot.discord.running import Person, Stage, labels, read, small
from tests.bot.discord.stories import write_article
from tests.loopback import NotVisible

NEWEST_FIRST = [
    "Council approves budget",
    "Frost destroys apple harvest",
    "Police open inquiry into ferry",
    "Ferry sinks in storm",
    "Thousands march against dam",
    "Minister names price of dam",
    "Market moves to station square",
]


# /articles


async def test_the_articles_are_listed_newest_first_and_undated_last(reader: Person) -> None:
    listed = await reader.command("articles")
    assert listed.message.ephemeral
    lines = read(listed).splitlines()
    assert lines[0] == "Articles"
    assert lines[1:-1:2] == NEWEST_FIRST
    assert lines[2] == "Town Gazette · 12 Jun 2023 · 56 words"
    assert lines[-2:] == ["undated · 39 words", "7 articles"]
    assert labels(listed.message) == []


async def test_a_title_in_the_list_leads_to_the_article_on_the_web(reader: Person) -> None:
    listed = await reader.command("articles")
    assert listed.message.links[:2] == ["https://example.org/budget", "https://example.org/orchard"]


@pytest.mark.parametrize("named", ["Town Gazette", "town gazette", "gazette", " Gazette "])
async def test_the_list_can_be_of_one_outlet_named_whole_or_in_part(
    reader: Person, named: str
) -> None:
    lines = read(await reader.command("articles", outlet=named)).splitlines()
    assert lines[0] == "Articles of Town Gazette"
    assert lines[1:-1:2] == NEWEST_FIRST[:2]
    assert lines[-1] == "2 articles"


async def test_what_is_offered_for_an_outlet_lists_its_articles(reader: Person) -> None:
    typed = await reader.world.autocomplete("articles", "outlet", "cour", as_=reader.user)
    [choice] = typed.choices
    assert choice["name"] == "National Courier"
    lines = read(await reader.command("articles", outlet=choice["value"])).splitlines()
    assert lines[0] == "Articles of National Courier"
    assert lines[1:-1:2] == NEWEST_FIRST[4:6]


@pytest.mark.parametrize(
    ("named", "line"),
    [
        (
            "The Moon Times",
            "⚠️ No outlet goes by that name. Begin to type it and choose one from the list.",
        ),
        (
            "a",
            "⚠️ Several outlets fit that. Begin to type the name and choose one from the list.",
        ),
    ],
)
async def test_an_outlet_that_is_not_one_is_not_listed_as_if_it_had_no_articles(
    reader: Person, named: str, line: str
) -> None:
    assert read(await reader.command("articles", outlet=named)) == line


async def test_outlets_are_offered_those_with_most_articles_first(reader: Person) -> None:
    typed = await reader.world.autocomplete("articles", "outlet", "", as_=reader.user)
    assert [choice["name"] for choice in typed.choices] == [
        "National Courier", "Town Gazette", "Coast Herald", "Harbour Post",
    ]  # fmt: skip
    assert typed.choices == typed.choices[:25]


# /article


async def test_an_article_is_shown_with_its_head_and_its_text(reader: Person) -> None:
    shown = await reader.command("article", title="dam.md")
    assert shown.message.ephemeral
    assert read(shown).splitlines() == [
        "Minister names price of dam",
        "National Courier · 2 Mar 2023 · 48 words",
        "Energy minister Paul Okoro said the new dam on the Sava would cost 3.2 billion crowns.",
        "Okoro said the villages below the dam would be moved before the winter.",
        (
            "The engineer Ines Roth said the wall would be 120 metres high. "
            "Work on the dam begins in April."
        ),
    ]
    assert shown.message.links == ["https://example.org/dam"]


async def test_what_is_offered_while_typing_a_title_shows_that_article(reader: Person) -> None:
    typed = await reader.world.autocomplete("article", "title", "DAM pri", as_=reader.user)
    [choice] = typed.choices
    assert choice["name"] == "Minister names price of dam · 2 Mar 2023"
    shown = await reader.command("article", title=choice["value"])
    assert read(shown).startswith("Minister names price of dam")


async def test_before_anything_is_typed_the_newest_articles_are_offered(reader: Person) -> None:
    typed = await reader.world.autocomplete("article", "title", "", as_=reader.user)
    titles = [choice["name"].rsplit(" · ", 1)[0] for choice in typed.choices]
    assert titles == NEWEST_FIRST


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("The Moon", "No article fits that. Begin to type a title and choose one from the list."),
        ("o", "7 articles fit that. Begin to type a title and choose one from the list."),
    ],
)
async def test_a_title_that_is_not_one_article_says_how_to_choose(
    reader: Person, title: str, line: str
) -> None:
    shown = await reader.command("article", title=title)
    assert (read(shown), shown.message.ephemeral) == (f"⚠️ {line}", True)


async def test_both_commands_work_in_a_direct_message(reader: Person) -> None:
    assert "7 articles" in read(await reader.alone().command("articles"))
    assert "Paul Okoro" in read(await reader.alone().command("article", title="dam.md"))


# Many articles


def write_many(stage: Stage) -> None:
    """Forty articles more, from as many outlets with long names, one a day."""
    for number in range(40):
        write_article(
            stage.settings.library.corpus,
            f"many-{number:02}.md",
            f"The mill at bend {number} of the river was sold.",
            title=f"Mill {number:02} is sold {'again and again ' * 12}",
            outlet=f"Herald {number:02} {'of all the valleys ' * 9}",
            published=f"2024-{1 + number // 28:02}-{1 + number % 28:02}",
        )
    list(stage.library.reindex())


async def test_a_long_list_is_turned_page_by_page(own_stage: Stage) -> None:
    write_many(own_stage)
    reader = own_stage.somebody()
    listed = await reader.command("articles")
    assert small(listed.message)[-1] == "Page 1 of 6 · 47 articles"
    with pytest.raises(NotVisible, match="disabled"):
        await reader.click(listed.message, "◀")
    for page in (2, 3):
        turned = await reader.click(listed.message, "▶")
        assert turned.ack_type == 7
        assert small(listed.message)[-1] == f"Page {page} of 6 · 47 articles"
    await reader.click(listed.message, "◀")
    assert small(listed.message)[-1] == "Page 2 of 6 · 47 articles"
    assert "Mill 31 is sold" in read(listed)


async def test_pages_go_on_after_a_restart_and_know_their_outlet(own_stage: Stage) -> None:
    reader = own_stage.somebody()
    for number in range(9):
        write_article(
            own_stage.settings.library.corpus,
            f"news-{number}.md",
            f"Story {number} of the day.",
            title=f"Story {number}",
            outlet="Harbour Post",
            published=f"2024-01-0{number + 1}",
        )
    list(own_stage.library.reindex())
    listed = await reader.command("articles", outlet="Harbour Post")
    await own_stage.restart()
    await reader.click(listed.message, "▶")
    assert read(listed).splitlines()[0] == "Articles of Harbour Post"
    assert small(listed.message)[-1] == "Page 2 of 2 · 10 articles"
    assert read(listed).splitlines()[1:-1:2] == ["Story 0", "Police open inquiry into ferry"]


async def test_no_more_is_offered_than_a_client_shows(own_stage: Stage) -> None:
    write_many(own_stage)
    reader = own_stage.somebody()
    for command, option in (("article", "title"), ("articles", "outlet")):
        typed = await reader.world.autocomplete(command, option, "", as_=reader.user)
        assert len(typed.choices) == 25
        assert max(len(choice["name"]) for choice in typed.choices) <= 100
    typed = await reader.world.autocomplete("articles", "outlet", "herald 39", as_=reader.user)
    listed = await reader.command("articles", outlet=typed.choices[0]["value"])
    assert read(listed).splitlines()[1].startswith("Mill 39 is sold")
    typed = await reader.world.autocomplete("article", "title", "mill 07", as_=reader.user)
    assert typed.choices[0]["name"].startswith("Mill 07 is sold again")
    assert typed.choices[0]["name"].endswith("again… · 8 Jan 2024")


async def test_a_long_text_typed_is_no_trouble(reader: Person) -> None:
    typed = await reader.world.autocomplete("article", "title", "x" * 6000, as_=reader.user)
    assert (typed.choices, typed.error) == ([], None)


async def test_while_there_is_no_index_nothing_is_offered_and_the_command_says_so(
    own_stage: Stage,
) -> None:
    shutil.move(own_stage.settings.library.folder, own_stage.settings.library.folder.with_name("x"))
    reader = own_stage.somebody()
    typed = await reader.world.autocomplete("article", "title", "dam", as_=reader.user)
    assert (typed.choices, typed.error) == ([], None)
    refused = await reader.command("article", title="dam")
    assert read(refused).startswith("⚠️ I can't look into the articles just now.")
    own_stage.bot.reports.last.clear()
