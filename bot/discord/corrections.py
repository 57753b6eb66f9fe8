"""Answers that were posted are corrected when an article no longer says what they quote.

The message gets a line at its end for each such quote, once; what was quoted stays, as it is what
the article said when it was asked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import discord
from discord.ui import Container, LayoutView, Separator, TextDisplay

from bot.discord.blocks import day_of, label_quotes
from bot.discord.changes import DAY
from bot.discord.markdown import escape, units
from bot.discord.tables import open_tables
from bot.discord.wire import FAILURES, insist

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.discord.changes import ArticleChange, Changes
    from bot.discord.client import PullquoteBot
    from bot.discord.store import Kept
    from index.receipts import CheckedQuote, Receipt
    from index.types import Answer

logger = logging.getLogger(__name__)

TABLES = """
CREATE TABLE IF NOT EXISTS bot_corrected (
    answer TEXT NOT NULL, quote INTEGER NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (answer, quote)) WITHOUT ROWID;
"""

# What has followed the changes, in bot.discord.changes.
CORRECTIONS = "corrections"

DAYS_CORRECTED = 30

# Discord takes five edits in five seconds in a channel, and nobody waits for these.
SECONDS_BETWEEN_EDITS = 1.0

MOST_TEXT = 4000
"""What Discord takes; answers leave a little of it free."""

LONGEST_SENTENCE = 600

EDITED = "⚠️ **{label}** The article was edited{when}: this sentence now reads “{now}”"
LOST = "⚠️ **{label}** The article was edited{when} and no longer holds this sentence."
CHANGED = "⚠️ **{label}** The article was edited{when}: this sentence now reads otherwise."
WITHDRAWN = "⚠️ **{label}** The article was withdrawn{when}."
IN_SHORT = "⚠️ What is quoted here was edited or withdrawn since."


class Corrections:
    """Which quotes of which answers were corrected already; blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def places(self, answer: str) -> set[int]:
        """The places, from 0, of quotes of this answer that need no correction any more."""
        sql = "SELECT quote FROM bot_corrected WHERE answer = ?"
        with open_tables(self._folder, TABLES) as connection:
            return {place for (place,) in connection.execute(sql, (answer,))}

    def note(self, answer: str, places: Sequence[int]) -> None:
        """Remember that these were corrected."""
        rows = [(answer, place, time.time()) for place in places]
        with open_tables(self._folder, TABLES) as connection:
            connection.executemany("INSERT OR IGNORE INTO bot_corrected VALUES (?, ?, ?)", rows)


async def correct(bot: PullquoteBot, changes: Changes, corrections: Corrections) -> None:
    """Correct the answers that quote what has changed or gone since this was last done."""
    followed = await asyncio.to_thread(changes.followed, CORRECTIONS)
    found = await asyncio.to_thread(changes.since, followed[0] if followed else 0)
    newest = max((change.number for change in found), default=0)
    if not found:
        return
    for kept in await asyncio.to_thread(_find_answers, bot, found):
        if not await _correct(bot, kept, corrections):
            # Discord cannot be reached: all of it is looked at again, and nothing done twice.
            return
    await asyncio.to_thread(changes.follow, CORRECTIONS, newest)


def _find_answers(bot: PullquoteBot, found: Sequence[ArticleChange]) -> list[Kept]:
    paths = {path for change in found if change.kind != "new" for path in change.paths}
    return bot.desk.store.find_quoting(paths, time.time() - DAYS_CORRECTED * DAY)


async def _correct(bot: PullquoteBot, kept: Kept, corrections: Corrections) -> bool:
    """Correct one answer where need be; whether that is done with."""
    done = await asyncio.to_thread(corrections.places, kept.id)
    receipt = await asyncio.to_thread(bot.desk.library.verify_receipt, kept.answer)
    lines = {
        place: line
        for place, line in describe_corrections(kept.answer, receipt).items()
        if place not in done
    }
    if not lines:
        return True
    try:
        await _edit(bot, kept, lines)
    except (discord.Forbidden, discord.NotFound) as error:
        logger.info("an answer that was posted can no longer be corrected: %s", error)
    except FAILURES as error:
        logger.warning("an answer could not be corrected yet: %s", error)
        return False
    await asyncio.to_thread(corrections.note, kept.id, list(lines))
    await asyncio.sleep(SECONDS_BETWEEN_EDITS)
    return True


async def _edit(bot: PullquoteBot, kept: Kept, lines: Mapping[int, tuple[str, str]]) -> None:
    """Put the lines at the end of the message as it stands, which others may have changed."""
    channel = bot.get_partial_messageable(kept.channel)
    message = await insist(lambda: channel.fetch_message(kept.message or 0))
    view = LayoutView.from_message(message, timeout=None)
    box = next((one for one in view.children if isinstance(one, Container)), None)
    if box is None:
        return
    shown = [one.content for one in box.walk_children() if isinstance(one, TextDisplay)]
    added = fit_corrections(list(lines.values()), MOST_TEXT - sum(map(units, shown)))
    # After a crash between the edit and its being kept, they stand there already.
    added = [line for line in added if not any(line in text for text in shown)]
    if not added:
        return
    box.add_item(Separator())
    box.add_item(TextDisplay("\n".join(added)))
    # Its buttons are answered by what they carry: this view has not to be kept for them.
    view.stop()
    await insist(lambda: message.edit(view=view))


def fit_corrections(lines: Sequence[tuple[str, str]], room: int) -> list[str]:
    """The lines, whole or in their short form, that fit ``room`` units together."""
    for place in range(len(lines) + 1):
        fitting = [short if at < place else whole for at, (whole, short) in enumerate(lines)]
        if units("\n".join(fitting)) <= room:
            return fitting
    return [IN_SHORT] if units(IN_SHORT) <= room else []


def describe_corrections(answer: Answer, receipt: Receipt) -> dict[int, tuple[str, str]]:
    """What to say of quotes that no longer stand, by place from 0: a line, and a shorter one."""
    labels = label_quotes(answer.quotes)
    checked = list(receipt.quotes)
    found: dict[int, tuple[str, str]] = {}
    for place, quote in enumerate(answer.quotes):
        key = (quote.number, quote.article, quote.text)
        with suppress(StopIteration):
            one = next(each for each in checked if (each.number, each.article, each.text) == key)
            checked.remove(one)
            if one.verdict != "stands":
                found[place] = _describe(one, escape(f"[{labels[place]}]"))
    return found


def _describe(quote: CheckedQuote, label: str) -> tuple[str, str]:
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
