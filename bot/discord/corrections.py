"""Answers that were posted are corrected when an article no longer says what they quote.

The message gets a line at its end for each such quote, which is kept in line with the article: when
it is edited again, the line says what it reads then. What was quoted stays, as it is what the
article said when it was asked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import discord
from discord.ui import Container, LayoutView, Separator, TextDisplay

from bot.discord.blocks import day_of, label_quotes
from bot.discord.changes import DAY
from bot.discord.markdown import escape, units
from bot.discord.tables import Tables
from bot.discord.wire import FAILURES, insist, may_pass

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from bot.discord.changes import ArticleChange, Changes
    from bot.discord.client import PullquoteBot
    from bot.discord.store import Kept
    from index.receipts import CheckedQuote, Receipt
    from index.types import Answer

logger = logging.getLogger(__name__)

TABLES = """
CREATE TABLE IF NOT EXISTS bot_corrections (
    answer TEXT NOT NULL, quote TEXT NOT NULL, line TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (answer, quote)) WITHOUT ROWID;
"""

# What has followed the changes, in bot.discord.changes.
CORRECTIONS = "corrections"

DAYS_CORRECTED = 30

# Discord takes five edits in five seconds in a channel, and nobody waits for these.
SECONDS_BETWEEN_EDITS = 1.0

# After so many failures one after the other it is Discord that is out of order.
MOST_FAILURES = 3

THREAD_IS_ARCHIVED = 50083

MOST_TEXT = 4000
"""What Discord takes; answers leave a little of it free."""

LONGEST_SENTENCE = 600

RULE_ID, NOTES_ID = 1001, 1002
"""By these the line and the text that were added to a message are found in it again."""

EDITED = "⚠️ **{label}** The article was edited{when}: this sentence now reads “{now}”"
LOST = "⚠️ **{label}** The article was edited{when} and no longer holds this sentence."
CHANGED = "⚠️ **{label}** The article was edited{when}: this sentence now reads otherwise."
WITHDRAWN = "⚠️ **{label}** The article was withdrawn{when}."
AGAIN = "✅ **{label}** The article was changed for a while: this sentence stands there again."
IN_SHORT = "⚠️ What is quoted here was edited or withdrawn since."


Outcome = Literal["as it was", "corrected", "later"]


class Corrections:
    """What was last said under answers of their quotes; blocks."""

    def __init__(self, folder: Path) -> None:
        self._open = Tables(folder, TABLES).open

    def lines(self, answer: str) -> dict[str, str]:
        """The line for each quote of this answer that has one, by what the quote goes by."""
        sql = "SELECT quote, line FROM bot_corrections WHERE answer = ?"
        with self._open() as connection:
            return dict(connection.execute(sql, (answer,)).fetchall())

    def note(self, answer: str, lines: Mapping[str, str]) -> None:
        """Remember what was said, in place of what was said before."""
        rows = [(answer, quote, line, time.time()) for quote, line in lines.items()]
        sql = "INSERT OR REPLACE INTO bot_corrections VALUES (?, ?, ?, ?)"
        with self._open() as connection:
            connection.executemany(sql, rows)


async def correct(bot: PullquoteBot, changes: Changes, corrections: Corrections) -> None:
    """Correct the answers that quote what has changed or gone since this was last done."""
    followed = await asyncio.to_thread(changes.followed, CORRECTIONS)
    newest = await asyncio.to_thread(changes.last_number)
    first = followed[0] if followed else 0
    if newest <= first:
        return
    found = await asyncio.to_thread(changes.since, first, newest)
    answers = await asyncio.to_thread(_find_answers, bot, found)
    # What could not be done is looked for again, and nothing is done twice.
    if await _correct_all(bot, answers, corrections):
        await asyncio.to_thread(changes.follow, CORRECTIONS, newest)


def _find_answers(bot: PullquoteBot, found: Sequence[ArticleChange]) -> list[str]:
    paths = {path for change in found for path in change.paths}
    return bot.desk.store.find_quoting(paths, time.time() - DAYS_CORRECTED * DAY)


async def _correct_all(bot: PullquoteBot, answers: Sequence[str], corrections: Corrections) -> bool:
    """Correct each; whether all are done with. One that cannot be keeps no other from it."""
    is_done, failures = True, 0
    outcome: Outcome = "as it was"
    for answer_id in answers:
        if outcome == "corrected":
            await asyncio.sleep(SECONDS_BETWEEN_EDITS)
        kept = await asyncio.to_thread(bot.desk.store.find, answer_id)
        outcome = await correct_answer(bot, kept, corrections) if kept else "as it was"
        failures = failures + 1 if outcome == "later" else 0
        is_done = is_done and not failures
        if failures == MOST_FAILURES:
            break
    return is_done


async def correct_answer(bot: PullquoteBot, kept: Kept, corrections: Corrections) -> Outcome:
    """Correct one answer where need be; what can never be done is done with, too."""
    said = await asyncio.to_thread(corrections.lines, kept.id)
    receipt = await asyncio.to_thread(bot.desk.library.verify_receipt, kept.answer)
    lines = describe_corrections(kept.answer, receipt, said)
    wholes = {quote: whole for quote, (whole, _) in lines.items()}
    if wholes == said:
        return "as it was"
    writings = bot.desk.writings
    if kept.message is None or (writings and writings.is_writing(kept.id)):
        # It is only just being posted, or a model still writes on it.
        return "later"
    try:
        await _edit(bot, kept, list(lines.values()))
    except FAILURES as error:
        if may_pass(error):
            logger.warning("an answer could not be corrected yet: %s", error)
            return "later"
        logger.info("an answer that was posted can no longer be corrected: %s", error)
    await asyncio.to_thread(corrections.note, kept.id, wholes)
    return "corrected"


async def _edit(bot: PullquoteBot, kept: Kept, lines: Sequence[tuple[str, str]]) -> None:
    """Put the lines at the end of the message as it stands, which others may have changed."""
    channel = bot.get_partial_messageable(kept.channel)
    message = await insist(lambda: channel.fetch_message(kept.message or 0))
    view = LayoutView.from_message(message, timeout=None)
    # Its buttons are answered by what they carry: this view has not to be kept for them.
    view.stop()
    if _put(view, lines):
        await _with_open_thread(bot, kept.channel, lambda: message.edit(view=view))


def _put(view: LayoutView, lines: Sequence[tuple[str, str]]) -> bool:
    """Put the lines into the message, in place of those there; whether that changes it."""
    box = next((one for one in view.children if isinstance(one, Container)), None)
    if box is None:
        return False
    before = ""
    for item in [one for one in box.children if one.id in {RULE_ID, NOTES_ID}]:
        before = item.content if isinstance(item, TextDisplay) else before
        box.remove_item(item)
    shown = sum(units(one.content) for one in box.walk_children() if isinstance(one, TextDisplay))
    text = "\n".join(fit_corrections(lines, MOST_TEXT - shown))
    if text:
        box.add_item(Separator(id=RULE_ID))
        box.add_item(TextDisplay(text, id=NOTES_ID))
    return text != before


async def _with_open_thread(
    bot: PullquoteBot, channel: int, edit: Callable[[], Awaitable[object]]
) -> None:
    """Edit a message; in a thread that went to the archive, open it as long as that takes."""
    try:
        await insist(edit)
    except discord.HTTPException as error:
        thread = await bot.fetch_channel(channel) if error.code == THREAD_IS_ARCHIVED else None
        if not isinstance(thread, discord.Thread):
            raise
        await thread.edit(archived=False)
        await insist(edit)
        # Only whoever opened it or manages threads may close it; by itself it soon does, too.
        with suppress(discord.Forbidden):
            await thread.edit(archived=True)


def fit_corrections(lines: Sequence[tuple[str, str]], room: int) -> list[str]:
    """The lines, whole or in their short form, that fit ``room`` units together."""
    for place in range(len(lines) + 1):
        fitting = [short if at < place else whole for at, (whole, short) in enumerate(lines)]
        if units("\n".join(fitting)) <= room:
            return fitting
    return [IN_SHORT] if units(IN_SHORT) <= room else []


def describe_corrections(
    answer: Answer, receipt: Receipt, said: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """What to say of quotes that do not stand, or did not: a line, and a shorter one.

    They go by what each quote does: "1a", or "1a in 2" where another article said the same.
    ``said`` is what was said before.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, quote in name_quotes(answer, receipt):
        label = escape(" in ".join(f"[{part}]" for part in name.split(" in ")))
        if quote.verdict != "stands":
            found[name] = describe_quote(quote, label)
        elif name in said:
            found[name] = (AGAIN.format(label=label),) * 2
    return found


def name_quotes(answer: Answer, receipt: Receipt) -> Iterator[tuple[str, CheckedQuote]]:
    """What was checked, with what it goes by: each quote, then where else it was cited from."""
    quotes = iter([*zip(label_quotes(answer.quotes), answer.quotes, strict=True)])
    label, (following, quote) = "", next(quotes, ("", None))
    for one in receipt.quotes:
        key = (one.number, one.article, one.text)
        if quote and key == (quote.number, quote.article, quote.text):
            label, (following, quote) = following, next(quotes, ("", None))
            yield label, one
        else:
            yield f"{label} in {one.number}", one


def describe_quote(quote: CheckedQuote, label: str) -> tuple[str, str]:
    """What to say of one that no longer stands, and the same in short."""
    when = f" on {day_of(quote.since.date())}" if quote.since else ""
    if quote.verdict == "withdrawn":
        line = WITHDRAWN.format(label=label, when=when)
        return line, line
    if not quote.now:
        line = LOST.format(label=label, when=when)
        return line, line
    now = escape(" ".join(_words(quote)))
    short = CHANGED.format(label=label, when=when)
    # A sentence is shown whole or not at all.
    whole = EDITED.format(label=label, when=when, now=now)
    return (whole if units(now) <= LONGEST_SENTENCE else short), short


def _words(quote: CheckedQuote) -> Iterator[str]:
    """The sentences on one line; where several stand apart, a sign between them."""
    for before, now in zip([None, *quote.now], quote.now, strict=False):
        if before and now.start - before.end > 2:  # noqa: PLR2004 - a space, or two
            yield "…"
        yield " ".join(now.text.split())
