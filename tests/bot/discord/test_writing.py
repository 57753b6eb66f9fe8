"""A language model writes above the quotes: what people then see, whatever the model does."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.discord.showing import SECONDS_BETWEEN_EDITS
from index.open import Library
from index.settings import Settings
from tests.bot.discord.running import Person, Stage, labels, offers, quoted, read, small
from tests.bot.discord.whole import comes_true
from tests.bot.discord.writing import (
    COST,
    PRICE,
    WHOSE,
    done,
    prose_of,
    rest_of,
    versions,
)
from tests.loopback import Message
from tests.scripted_model import Reply, ScriptedModel, quote_honestly

pytestmark = pytest.mark.usefixtures("model")

RESCUED = "How many people were rescued from the ferry?"
UNKNOWN = "Who is the president of Brazil?"

SECONDS = 6.0
"""After so many the model is given up."""


@pytest.fixture(scope="module")
def shared_stage(
    runner: asyncio.Runner, library: Library, shelf: Settings, running_model: ScriptedModel
) -> Iterator[Stage]:
    """A running bot that has this model."""
    stage = Stage(library, replace(shelf, writer=running_model.settings(seconds=SECONDS)))
    runner.run(stage.__aenter__())
    yield stage
    runner.run(stage.__aexit__())


async def stays_as_it_was(person: Person, question: str = COST) -> tuple[Message, str]:
    """Ask; the answer and the small line that it has in the end beside what it began with."""
    message = (await person.ask(question)).message
    before, pressed, quotes = read(message).splitlines(), labels(message), quoted(message)
    await done(person.stage)
    after = read(message).splitlines()
    assert after[: len(before)] == before
    assert (labels(message), quoted(message)) == (pressed, quotes)
    return message, "\n".join(after[len(before) :])


# Honest


async def test_the_quotes_come_at_once_and_the_prose_above_them(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), delay=0.5)
    message = (await reader.ask(COST)).message
    before = read(message).splitlines()
    pressed, quotes = labels(message), quoted(message)
    assert (len(quotes) > 0, WHOSE in read(message)) == (True, False)
    await done(reader.stage)
    assert prose_of(message).startswith(f"{PRICE} [1")
    assert rest_of(message) == before
    assert (labels(message), quoted(message)) == (pressed, quotes)
    lines = read(message).splitlines()
    assert lines.index(prose_of(message)) < lines.index(quotes[0])


async def test_prose_comes_sentence_by_sentence_at_most_once_a_second(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), pause=0.12)
    message = (await reader.ask(RESCUED)).message
    await done(reader.stage)
    times = [moment for moment, _ in message.history if moment >= message.history[1][0]]
    assert len(times) >= 3
    assert min(after - before for before, after in pairwise(times)) >= SECONDS_BETWEEN_EDITS
    counts = [text.count("\\[") for text in versions(message)]
    assert counts == sorted(counts)


async def test_a_citation_names_the_button_of_its_quote(reader: Person) -> None:
    message = (await reader.ask(RESCUED)).message
    await done(reader.stage)
    cited = set(re.findall(r"\[(\w+)\]", prose_of(message)))
    assert cited
    assert cited <= {label for label in labels(message) if label[0].isdigit()}


async def test_a_mention_is_written_on_in_the_reply(reader: Person) -> None:
    answered = await reader.mention(COST)
    await done(reader.stage)
    assert read(answered.message).startswith(PRICE)
    assert answered.message.reply_to


async def test_what_a_model_is_given_is_the_question_and_the_quotes(
    reader: Person, model: ScriptedModel
) -> None:
    message = (await reader.ask(COST)).message
    await done(reader.stage)
    (asked,) = model.asked
    assert COST in asked.question
    assert [text for _, text in asked.quotes.values()] == quoted(message)


# What it must not write


async def test_what_a_model_invents_never_reaches_a_reader(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda _: Reply(
        text="Paul Okoro said the new dam would cost 9.9 billion crowns [1]. "
        f"{PRICE.removesuffix('.')} [1]. "
        "“We will never move,” said Rosa Lind [1]. "
        "Visit https://evil.example now [1]. @everyone look [7].",
        pause=0.05,
    )
    message = (await reader.ask(COST)).message
    await done(reader.stage)
    everything = "\n".join(versions(message))
    for invented in ("9.9", "never move", "evil", "everyone"):
        assert invented not in everything
    assert prose_of(message).startswith(f"{PRICE} [1")
    assert f"{WHOSE} · 1 of 5 sentences kept" in small(message)


async def test_where_nothing_can_be_kept_the_quotes_stand_alone(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda _: Reply(text="It will cost 9.9 billion crowns [1]. It is huge [4].")
    _, line = await stays_as_it_was(reader)
    assert line.startswith("No prose this time: ")
    assert "\n" not in line


async def test_where_the_articles_are_silent_no_model_is_asked(
    reader: Person, model: ScriptedModel
) -> None:
    message = (await reader.ask(UNKNOWN)).message
    await done(reader.stage)
    assert message.edits <= 1
    assert model.asked == []


# What it may do


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, headers={"Retry-After": "30"}),
        Reply(status=500),
        Reply(status=401),
        Reply(text=""),
        Reply(raw=b"<html>nonsense</html>"),
        Reply(text=PRICE, cut=20),
    ],
    ids=["429", "500", "401", "nothing", "malformed", "cut off"],
)
async def test_a_model_that_fails_costs_a_reader_nothing(
    reader: Person, model: ScriptedModel, reply: Reply
) -> None:
    model.script = lambda _: reply
    _, line = await stays_as_it_was(reader)
    assert re.fullmatch(r"No prose this time: [^\n:]+\.", line)
    assert "PULLQUOTE" not in line


async def test_a_model_that_does_not_end_is_ended(reader: Person, model: ScriptedModel) -> None:
    text = f"{PRICE.removesuffix('.')} [1]. It is said again. "
    model.script = lambda _: Reply(text=text, endless=True, pause=0.01)
    message = (await reader.ask(COST)).message
    await done(reader.stage)
    assert prose_of(message).count(PRICE) == 1
    assert len(message.text) < 4000


async def test_a_model_that_never_begins_is_given_up(reader: Person, model: ScriptedModel) -> None:
    model.script = lambda _: Reply(text="So.", delay=60)
    begun = time.monotonic()
    _, line = await stays_as_it_was(reader)
    assert SECONDS <= time.monotonic() - begun < SECONDS + 6
    assert line == "No prose this time: the language model took too long."


async def test_no_more_than_a_few_are_written_at_once(stage: Stage, model: ScriptedModel) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), delay=1.5)
    messages = [(await stage.somebody().ask(COST)).message for _ in range(6)]
    assert len(model.asked) <= 4
    await done(stage)
    assert [prose_of(message).startswith(PRICE) for message in messages] == [True] * 6


# While it writes


async def test_a_message_that_is_deleted_is_written_on_no_more(
    reader: Person, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), endless=True, pause=0.4)
    message = (await reader.mention(RESCUED)).message
    await reader.world.delete(message)
    with caplog.at_level("INFO", logger="bot"):
        await done(reader.stage)
    assert "can no longer be written on" in caplog.text
    await comes_true(lambda: model.left, "the model still writes")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    reader.stage.refusals.append(10008)


async def test_an_answer_that_is_deleted_by_its_button_is_gone(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), pause=0.3)
    message = (await reader.ask(COST)).message
    await reader.click(message, "🗑️")
    await done(reader.stage)
    assert message.deleted
    assert reader.stage.rows("SELECT * FROM bot_answers WHERE message = ?", int(message.id)) == []
    # What was about to be shown finds the message gone.
    reader.stage.refusals += [call.body["code"] for call in reader.world.rejected()]
    assert set(reader.stage.refusals) <= {10008}


async def test_a_shared_answer_shows_the_prose_and_asks_no_model_again(
    reader: Person, model: ScriptedModel
) -> None:
    private = (await reader.ask(COST, private=True)).message
    await done(reader.stage)
    shared = (await reader.click(private, "Share")).message
    await done(reader.stage)
    assert prose_of(shared) == prose_of(private) != ""
    assert offers(shared) == ["Ask a follow-up", "👍", "👎", "🗑️"]
    assert len(model.asked) == 1


async def test_what_is_written_after_an_answer_was_shared_is_shown_in_both(
    reader: Person, model: ScriptedModel
) -> None:
    model.script = lambda asked: replace(quote_honestly(asked), delay=1.5)
    private = (await reader.ask(COST, private=True)).message
    shared = (await reader.click(private, "Share")).message
    assert prose_of(shared) == ""
    await done(reader.stage)
    assert prose_of(shared) == prose_of(private) != ""
    assert small(shared)[-1].startswith("Asked and shared by")


async def test_the_buttons_of_a_written_answer_find_its_quotes(reader: Person) -> None:
    message = (await reader.ask(COST)).message
    await done(reader.stage)
    source = next(label for label in labels(message) if label[0].isdigit())
    shown = await reader.click(message, source)
    assert PRICE in read(shown)
    assert read(await reader.click(message, "👍")).startswith("👍 Noted")
    assert prose_of(message)


async def test_the_log_tells_of_tokens_and_never_what_was_asked(
    reader: Person, model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        await reader.ask(COST)
        await done(reader.stage)
    assert re.search(r"prose who=\w+ answer=\w+ .* kept=\d of=\d .* tokens=120\+30", caplog.text)
    assert "dam" not in caplog.text.lower()
    assert model.asked[0].key not in caplog.text


async def test_about_and_status_name_the_model_and_what_it_wrote_today(
    manager: Person, model: ScriptedModel
) -> None:
    await manager.ask(COST)
    await done(manager.stage)
    about = read(await manager.command("about"))
    status = read(await manager.command("status"))
    assert re.search(r"openai/scripted-1, for \d+ of 2,000 answers in the last 24 hours", about)
    assert re.search(r"24 hours, [\d,]+ tokens read and [\d,]+ written", status)
    assert model.asked[0].key not in about + status
