"""What the running bot says of itself."""

from __future__ import annotations

from importlib.metadata import version

from tests.bot.discord.running import Person, offers, read


async def test_help_says_every_way_to_ask_and_what_the_buttons_do(reader: Person) -> None:
    helped = await reader.command("help")
    assert helped.message.ephemeral
    text = read(helped)
    answer = (await reader.ask("How much will the dam cost?")).message
    words = ["/ask", "mention me", "write to me", "reply", "/articles", "/article"]
    menu = "Check against the articles"
    for offered in [*words, menu, "🔍", *offers(answer)]:
        assert offered in text


async def test_help_names_no_command_that_there_is_not(reader: Person) -> None:
    text = read(await reader.command("help"))
    known = {each["name"] for table in reader.world.commands.values() for each in table.values()}
    named = {word.strip("*,.;") for word in text.split() if word.startswith("/")}
    assert named
    assert {name.removeprefix("/") for name in named} <= known


async def test_about_says_what_it_answers_from_and_with_what(reader: Person) -> None:
    about = await reader.command("about")
    assert about.message.ephemeral
    facts = dict(line.split(": ", 1) for line in read(about).splitlines() if ": " in line)
    assert facts["Version"] == version("pullquote")
    assert facts["Articles"] == "7, from 2 Mar 2023 to 12 Jun 2023"
    assert int(facts["Passages"]) >= 7
    assert facts["Generation of the index"] == "1"
    assert "MiniLM" in facts["Embedding model"]
    assert facts["Languages"] == "English"


async def test_both_work_in_a_direct_message(reader: Person) -> None:
    assert "How to ask" in read(await reader.alone().command("help"))
    assert "Pullquote" in read(await reader.alone().command("about"))
