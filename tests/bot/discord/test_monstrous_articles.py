"""Articles that nobody should write, in the running bot: nothing pings, breaks or is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.discord.markdown import units, visible
from index.open import Library
from index.settings import Settings
from tests.bot.discord.monsters import VILE
from tests.bot.discord.reader import kinds_of
from tests.bot.discord.running import Person, build_library, quoted, read, sources
from tests.bot.discord.stories import write_article
from tests.loopback import Message, Result

OURS = {"quote", "heading", "small", "list", "bold", "link"}
GOTHIC = f"__{'𐌰𐌽𐌳' * 7}__ "
"""Letters and signs of which each takes twice its length in a message."""
ROAD = "and the road past the mill went on along the river and over the hill "
GATE = "How much did the lock gate cost?"
MILL = "How much did the tide mill at Upper Bay cost?"
MINE = "How much did the salt mine at Ober cost?"
BRIDGE = "How much did the rope bridge at Kestrel Gap cost?"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Monstrous articles, in place of the ordinary ones."""
    folder = tmp_path_factory.mktemp("monsters")
    settings = Settings(corpus=folder / "corpus", folder=folder / "index")
    settings.corpus.mkdir()
    for number in range(4):
        write_article(
            settings.corpus,
            f"gate-{number}.md",
            f"The lock gate cost {number + 2} million {GOTHIC * 52}crowns.",
            title=f"Gate {number} " + "very " * 90 + "dear",
            outlet="Herald " + "of the valleys " * 30,
            published=f"2024-01-0{number + 1}",
            url=f"https://example.org/{number}" + "y" * 400,
        )
        write_article(
            settings.corpus,
            f"mill-{number}.md",
            f"The tide mill at Upper Bay cost {number + 2} million crowns {ROAD * 15}to the sea.",
            title=f"Mill {number} {'🌊' * 90}",
            published=f"2024-02-0{number + 1}",
        )
    write_article(
        settings.corpus,
        "mine.md",
        f"The salt mine at Ober cost 9 million crowns {ROAD * 430}to the sea.",
        title="Salt mine",
    )
    write_article(
        settings.corpus,
        "bridge.md",
        f"The rope bridge at Kestrel Gap cost 7 million crowns {VILE * 2}end.",
        title=f"'{VILE}'",
        outlet=f"'{VILE}'",
        url="https://example.org/a_(b)_*c*",
    )
    (settings.corpus / "title.md").write_text(
        f"# {'Lamp ' * 2000}\n\nThe keeper Orla Finn said the lamp would shine again in June.\n"
    )
    return settings


@pytest.fixture(scope="module")
def library(shelf: Settings) -> Iterator[Library]:
    """Them, indexed."""
    library = build_library(shelf)
    yield library
    library.close()


def check_inert(*shown: Result | Message) -> None:
    """Fail where something of an article does more than be read."""
    lines = [line for one in shown for line in one.text.splitlines()]
    active = {kind for line in lines for kind in kinds_of(line)} - OURS
    assert {kind for kind in active if not kind.startswith("https://example.org/")} == set()


def is_whole(quote: str, reader: Person) -> bool:
    """Whether an article has this quote, but for what nobody sees and how white space falls."""
    shown = " ".join(quote.replace("@\u200b", "@").split())
    files = reader.stage.settings.library.corpus.iterdir()
    texts = (visible(file.read_text(encoding="utf-8")) for file in files)
    return any(shown in " ".join(text.split()) for text in texts)


async def test_vile_text_stays_words_wherever_it_is_shown(reader: Person) -> None:
    asked = await reader.ask(BRIDGE)
    assert "7 million crowns" in read(asked)
    source = await reader.click(asked.message, sources(asked.message)[0])
    listed = await reader.command("articles")
    shown = await reader.command("article", title="bridge.md")
    said = await reader.say(f"The rope bridge cost 8 million crowns. {VILE}", wait=False)
    checked = await reader.world.context_menu("Check against the articles", said.sent)
    check_inert(asked, source, listed, shown, checked)
    assert all(is_whole(quote, reader) for quote in [*quoted(asked.message)])


async def test_a_vile_question_opens_a_thread_with_an_inert_name(reader: Person) -> None:
    asked = await reader.ask(f"{BRIDGE} {VILE}")
    await reader.click(asked.message, "Ask a follow-up")
    thread = reader.world.channel(asked.message.id)
    assert thread["name"].startswith(BRIDGE)
    check_inert(asked, *reader.world.posted(thread))


async def test_a_sentence_of_thirty_thousand_characters_breaks_nothing(reader: Person) -> None:
    asked = await reader.ask(MINE)
    assert "9 million crowns" in read(asked)
    assert all(is_whole(quote, reader) for quote in quoted(asked.message))
    source = await reader.click(asked.message, sources(asked.message)[0])
    assert quoted(source.message) == quoted(asked.message)[:1]
    shown = await reader.command("article", title="mine.md")
    assert read(shown).splitlines()[-1] == "Its first paragraph is too long to be shown here."


async def test_a_title_of_ten_thousand_characters_breaks_nothing(reader: Person) -> None:
    sentence = "The keeper Orla Finn said the lamp would shine again in June."
    asked = await reader.ask("When will the lamp shine again?")
    assert sentence in quoted(asked.message)
    for shown in (
        await reader.click(asked.message, sources(asked.message)[0]),
        await reader.command("article", title="title.md"),
    ):
        assert sentence in read(shown).splitlines()


async def test_what_has_no_room_is_left_out_whole_and_comes_with_more_quotes(
    reader: Person,
) -> None:
    asked = await reader.ask(MILL)
    shown = quoted(asked.message)
    assert 1 <= len(shown) < 4
    assert read(asked).endswith("There is more than fits here: see More quotes.")
    more = await reader.click(asked.message, "More quotes")
    assert all(message.ephemeral for message in more.messages)
    quotes = shown + [quote for message in more.messages for quote in quoted(message)]
    assert len(set(quotes)) == len(quotes) == 4
    assert all(is_whole(quote, reader) for quote in quotes)
    assert {quote.split(" cost ")[1][0] for quote in quotes} == set("2345")


async def test_the_sources_of_more_quotes_have_buttons_that_work(reader: Person) -> None:
    asked = await reader.ask(MILL)
    more = await reader.click(asked.message, "More quotes")
    message = more.messages[0]
    source = await reader.click(message, sources(message)[0])
    assert quoted(source.message) == quoted(message)[:1]


async def test_what_few_messages_cannot_hold_comes_whole_in_a_file(reader: Person) -> None:
    asked = await reader.ask(GATE)
    assert quoted(asked.message) == []
    assert "Too long for this message: [1] with 1,1" in read(asked)
    more = await reader.click(asked.message, "More quotes")
    first, *pages = more.messages
    assert first.content == "What fits no message stands whole in this file:"
    [file] = first.attachments
    assert file.filename == "quotes.txt"
    filed = [line for line in file.bytes.decode().splitlines() if line.startswith("The lock gate")]
    shown = [quote for page in pages for quote in quoted(page)]
    assert (len(shown), len(filed)) == (3, 1)
    assert all(is_whole(quote, reader) for quote in [*shown, *filed])
    check_inert(asked, *more.messages)


async def test_no_message_comes_near_what_discord_refuses(reader: Person) -> None:
    for question in (GATE, MILL, MINE, BRIDGE):
        asked = await reader.stage.somebody().ask(question, settle=0)
        assert units(asked.message.text) <= 4000
    assert reader.world.rejected() == []


async def test_monstrous_titles_and_outlets_fit_into_what_is_offered(reader: Person) -> None:
    for command, option in (("article", "title"), ("articles", "outlet")):
        typed = await reader.world.autocomplete(command, option, "", as_=reader.user)
        assert typed.choices
        assert all(0 < units(choice["name"]) <= 100 for choice in typed.choices)
        assert all("\u202e" not in choice["name"] for choice in typed.choices)
