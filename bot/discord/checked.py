"""A message checked against the articles: for each statement what they say on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot import render
from bot.discord.blocks import LONGEST_NAME, by_number, describe_lengths, place_line, quote_line
from bot.discord.fit import MOST_OF_A_QUOTE
from bot.discord.markdown import escape, short, strong, units
from bot.discord.view import MOST_TEXT, make_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discord.ui import LayoutView

    from index.check import Checked, Statement, Verdict
    from index.types import Citation, Quote

LONGEST_STATEMENT = 400
MOST_DIFFERING = 4
ROOM_OF_FOOT = 160

HEAD = "### Checked against the articles"
NOTHING_STATED = "This message states nothing that could be checked."
OTHERWISE = "Elsewhere the articles say otherwise:"
NOT_MENTIONED = "-# The articles do not mention this."
NEAREST = "-# Nearest, but not about this:"

SIGNS: dict[Verdict, str] = {"same": "✅", "differs": "⚠️", "not mentioned": "❔"}


def checked_view(checked: Checked) -> LayoutView:
    """Show each statement with a mark and its closest quote.

    A statement that has no room is left out whole, and so is what is less than its closest quote;
    a line says how many statements are missing.
    """
    cited = by_number(checked.citations)
    head = f"{HEAD}\n-# {escape(render.describe_searched(checked.searched))}"
    room = MOST_TEXT - ROOM_OF_FOOT - units(head)
    texts = fit_texts(
        [
            ("\n".join(_lines(one, cited)), "\n".join([*_lines(one, cited), *_more(one, cited)]))
            for one in checked.statements
        ],
        room,
    )
    missing = len(checked.statements) - len(texts) + checked.not_checked
    return make_view(
        [[head], texts if checked.statements else [NOTHING_STATED], [_describe_missing(missing)]],
        colour=_colour(checked),
    )


def _colour(checked: Checked) -> discord.Colour:
    verdicts = {statement.verdict for statement in checked.statements}
    if "differs" in verdicts:
        return discord.Colour.gold()
    return discord.Colour.green() if "same" in verdicts else discord.Colour.light_grey()


def _describe_missing(number: int) -> str:
    if not number:
        return ""
    return (
        "-# One more statement is not shown."
        if number == 1
        else (f"-# {number:,} more statements are not shown.")
    )


def fit_texts(texts: Sequence[tuple[str, str]], room: int) -> list[str]:
    """Of each (bare, full) text the full one, while there is room for it; at least the bare one."""
    kept = []
    for bare, full in texts:
        if units(bare) <= room:
            kept.append((bare, full))
            room -= units(bare)
    chosen = []
    for bare, full in kept:
        more = units(full) - units(bare)
        chosen.append(full if more <= room else bare)
        room -= more if more <= room else 0
    return chosen


def _lines(statement: Statement, cited: Mapping[int, Citation]) -> Iterator[str]:
    yield f"{SIGNS[statement.verdict]} {short(statement.text, LONGEST_STATEMENT)}"
    if statement.verdict == "not mentioned":
        yield NOT_MENTIONED
    if statement.verdict == "differs":
        yield from _values(statement, statement.quotes)
    yield from _quote(statement.quotes, cited)
    if statement.otherwise:
        yield OTHERWISE
        yield from _values(statement, statement.otherwise)


def _more(statement: Statement, cited: Mapping[int, Citation]) -> Iterator[str]:
    """What has room only when all statements have."""
    yield from _quote(statement.otherwise, cited)
    if statement.nearest:
        yield NEAREST
        yield from _quote(statement.nearest, cited)


def _values(statement: Statement, quotes: tuple[Quote, ...]) -> Iterator[str]:
    """The values that differ, where the closest of ``quotes`` has them."""
    pairs = [pair for pair in statement.differing if quotes and pair[1] in quotes[0].text]
    for stated, found in pairs[:MOST_DIFFERING]:
        said, written = strong(short(stated, LONGEST_NAME)), strong(short(found, LONGEST_NAME))
        yield f"The message says {said}, the article {written}."


def _quote(quotes: tuple[Quote, ...], cited: Mapping[int, Citation]) -> Iterator[str]:
    """The closest of ``quotes`` and where it stands."""
    for quote in quotes[:1]:
        line, too_long = quote_line(quote), [(str(quote.number), quote)]
        yield f"-# {describe_lengths(too_long)}" if units(line) > MOST_OF_A_QUOTE else line
        yield place_line(quote, cited, "scroll")
