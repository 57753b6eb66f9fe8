"""Checking somebody's message against the articles, in the running bot."""

from __future__ import annotations

import pytest

from tests.bot.discord.reader import kinds_of
from tests.bot.discord.running import Person, bold, quoted, read
from tests.loopback import Result

CHECK = "Check against the articles"
SAME = "Traders pay 15 crowns a day for a stall."
DIFFERS = "Energy minister Paul Okoro said the new dam on the Sava would cost 4.5 billion crowns."
UNKNOWN = "The moon is made of green cheese."


async def check(reader: Person, text: str) -> Result:
    """Say something, and have somebody else check it."""
    said = await reader.say(text, wait=False)
    return await reader.world.context_menu(CHECK, said.sent, as_=reader.beside().user)


async def test_a_statement_that_an_article_makes_is_the_same(reader: Person) -> None:
    checked = await check(reader, SAME)
    assert checked.message.ephemeral
    assert checked.ack_type == 5
    assert read(checked).splitlines()[:3] == [
        CHECK.replace("Check ", "Checked "),
        "Searched 7 articles, 2 Mar 2023 to 12 Jun 2023.",
        f"✅ {SAME}",
    ]
    assert quoted(checked.message) == [SAME]


async def test_another_figure_differs_and_both_are_shown(reader: Person) -> None:
    checked = await check(reader, DIFFERS)
    lines = read(checked).splitlines()
    assert f"⚠️ {DIFFERS}" in lines
    assert "The message says 4.5 billion, the article 3.2 billion." in lines
    [quote] = quoted(checked.message)
    assert "3.2 billion crowns" in quote
    assert "3.2 billion" in bold(checked.message)


async def test_what_no_article_has_is_not_mentioned(reader: Person) -> None:
    lines = read(await check(reader, UNKNOWN)).splitlines()
    assert lines[2:4] == [f"❔ {UNKNOWN}", "The articles do not mention this."]


async def test_every_statement_of_a_message_gets_its_own_verdict(reader: Person) -> None:
    checked = await check(reader, f"{SAME} {DIFFERS}\n{UNKNOWN}")
    marks = [line[:1] for line in read(checked).splitlines() if line[:1] in "✅⚠❔"]
    assert marks == ["✅", "⚠", "❔"]


@pytest.mark.parametrize("text", ["Why though?", "lol", "🙂"])
async def test_a_message_that_states_nothing_is_told_so(reader: Person, text: str) -> None:
    checked = await check(reader, text)
    assert read(checked).splitlines()[-1] == "This message states nothing that could be checked."


async def test_a_message_of_pictures_alone_has_nothing_to_check(reader: Person) -> None:
    said = await reader.world.say(reader.channel, files=[("a.png", b"x")], wait=False)
    checked = await reader.world.context_menu(CHECK, said.sent, as_=reader.user)
    assert checked.message.ephemeral
    assert read(checked) == (
        "⚠️ There is nothing in this message that could be checked: it has no text."
    )


async def test_what_a_link_or_another_bot_shows_is_checked_as_well(reader: Person) -> None:
    embed = {"type": "rich", "title": UNKNOWN, "description": SAME}
    embed["fields"] = [{"name": "More", "value": DIFFERS}]
    said = await reader.say("https://example.org/a", wait=False)
    said.sent.data["embeds"] = [embed]
    checked = await reader.world.context_menu(CHECK, said.sent, as_=reader.user)
    marks = [line[:1] for line in read(checked).splitlines() if line[:1] in "✅⚠❔"]
    assert marks == ["❔", "✅", "⚠"]


async def test_what_was_laid_out_is_checked_as_well(reader: Person) -> None:
    said = await reader.say("", files=[("a.png", b"x")], wait=False)
    said.sent.data["components"] = [
        {"type": 17, "id": 1, "components": [{"type": 10, "id": 2, "content": SAME}]}
    ]
    checked = await reader.world.context_menu(CHECK, said.sent, as_=reader.user)
    assert f"✅ {SAME}" in read(checked)


async def test_a_forwarded_message_is_checked(reader: Person) -> None:
    said = await reader.say("", files=[("a.png", b"x")], wait=False)
    forwarded = {"type": 0, "content": SAME, "embeds": [], "attachments": [], "flags": 0}
    forwarded |= {"timestamp": said.sent.data["timestamp"], "edited_timestamp": None}
    said.sent.data["message_snapshots"] = [{"message": forwarded}]
    checked = await reader.world.context_menu(CHECK, said.sent, as_=reader.user)
    assert f"✅ {SAME}" in read(checked)


async def test_what_it_wrote_and_is_no_answer_is_not_checked(reader: Person) -> None:
    listed = await reader.mention("")
    checked = await reader.world.context_menu(CHECK, listed.message, as_=reader.user)
    assert checked.message.ephemeral
    assert read(checked) == "⚠️ I wrote this myself, and it is no answer that I still have."


async def test_people_go_by_their_names_and_emoji_are_no_words(reader: Person) -> None:
    other = reader.beside()
    text = f"<:dam:123456789012345678> <@{other.user['id']}> ate the moon <t:1700000000:R>."
    lines = read(await check(reader, text)).splitlines()
    assert any(line.startswith(f"❔ {other.user['global_name']} ate the moon") for line in lines)
    assert "123456789012345678" not in "".join(lines)


async def test_a_checked_message_stays_words(reader: Person) -> None:
    vile = "@everyone **2,000** people [marched](https://evil.example) against the `dam` <@1>."
    checked = await check(reader, vile)
    foreign = {kind for line in checked.text.splitlines() for kind in kinds_of(line)}
    assert foreign <= {"heading", "small", "bold", "quote", "link"} | {
        kind for kind in foreign if kind.startswith("https://example.org/")
    }


async def test_a_long_message_is_checked_as_far_as_it_fits_and_says_what_is_missing(
    reader: Person,
) -> None:
    checked = await check(reader, " ".join(f"{SAME[:-1]}, said trader {n}." for n in range(40)))
    assert len(checked.message.text) <= 4000
    assert read(checked).splitlines()[-1].endswith("more statements are not shown.")


async def test_it_works_in_a_direct_message(reader: Person) -> None:
    alone = reader.alone()
    said = await alone.say(SAME, wait=False)
    checked = await reader.world.context_menu(CHECK, said.sent, as_=reader.user)
    assert f"✅ {SAME}" in read(checked)
