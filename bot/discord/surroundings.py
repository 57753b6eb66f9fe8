"""A quote in its surroundings: what a source's button shows."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import discord

from bot.discord.blocks import describe_lengths, quote_line
from bot.discord.markdown import escape, units
from bot.discord.pages import article_head
from bot.discord.view import MOST_TEXT, make_view
from bot.surroundings import mark_paragraphs
from index.verify import is_literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord.ui import LayoutView

    from index.types import Article, Quote

OUTDATED = "-# The article has changed since, or is gone: this is the text that was quoted."
GONE = "The text at hand does not hold this quote: the article has changed since."
GAP = "-# …"


def surroundings_view(article: Article, quote: Quote, *, outdated: bool) -> LayoutView:
    """Show ``quote`` as a block quote, small what stands around it, and what the article is.

    ``outdated`` says that ``article`` is no longer the newest version. Paragraphs that do not fit
    are left out whole, the farthest first; the quote is shown whole or, where no message can hold
    it, not at all.
    """
    head = [*article_head(article), OUTDATED if outdated else ""]
    texts = [
        "\n".join(filter(None, head)),
        *_body(article, quote, MOST_TEXT - units("".join(head))),
    ]
    return make_view([texts[:1], texts[1:]], colour=discord.Colour.blurple())


def _body(article: Article, quote: Quote, room: int) -> list[str]:
    if not is_literal(quote.text, article.text, quote.start, quote.end):
        return [GONE]
    line = quote_line(quote)
    room -= units(line) + units(2 * GAP) + len("\n\n\n")
    if room < 0:
        return [f"-# {describe_lengths([(str(quote.number), quote)])}"]
    marked = list(mark_paragraphs(article, (quote.start, quote.end)))
    holding = [number for number, paragraph in enumerate(marked) if paragraph.marked]
    first, last = holding[0], holding[-1]
    before = [marked[first].before, *(one.whole for one in reversed(marked[:first]))]
    after = [marked[last].after, *(one.whole for one in marked[last + 1 :])]
    ahead, behind = _fitting(before, after, room)
    return [*reversed(ahead), line, *behind]


def _fitting(before: Sequence[str], after: Sequence[str], room: int) -> tuple[list[str], list[str]]:
    """As many texts of both sides as fit, small, the nearest first; a sign says where some do not.

    ``before`` and ``after`` begin with what is nearest to the quote.
    """
    ahead: list[str] = []
    behind: list[str] = []
    for pair in zip_longest(before, after, fillvalue=""):
        for side, text in zip((ahead, behind), pair, strict=True):
            line = f"-# {escape(text.strip())}"
            if not text.strip() or GAP in side[-1:]:
                continue
            if units(line) <= room:
                room -= units(line)
                side.append(line)
            else:
                side.append(GAP)
    return ahead, behind
