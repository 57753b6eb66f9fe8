"""What *More quotes* sends: the quotes and differences that an answer had no room for.

As messages while they are few and short enough, all else whole in one text file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import render
from bot.discord.blocks import by_number, difference_lines, label_quotes, place_line, quote_line
from bot.discord.fit import LONGEST_QUESTION, fit_answer, quotes_of
from bot.discord.layout import colour_of, source_buttons
from bot.discord.markdown import short, units
from bot.discord.view import MOST_TEXT, make_view
from bot.escape import clean_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import LayoutView

    from bot.discord.fit import Draft
    from index.types import Answer, Quote

MOST_PAGES = 3
MOST_BLOCKS = 8
"""So many quotes on a page; what none of its pages has room for goes into the file."""


MOST_SIDES = 60
"""A message holds no more sides of a difference than about so many."""

MOST_OF_A_FILE = 8_000_000
"""Bytes; Discord takes 10 MiB from anybody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class More:
    """Messages to send one after the other, and a text file's content, "" where none is needed.

    The file holds quotes exactly as they stand in their articles, but for control characters.
    """

    views: tuple[LayoutView, ...]
    file: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """Something that was left out: for a message, and for a file; ``place`` is a quote's.

    ``text`` is "" where no message can hold it.
    """

    text: str
    plain: str
    place: int | None = None


def more_pages(answer: Answer, *, answer_id: str) -> More:
    """Lay out what ``answer`` holds beside what its message shows."""
    head = f"-# More on: {short(answer.question, LONGEST_QUESTION)}"
    pages: list[list[_Block]] = [[]]
    rest = []
    for block in _left_out(answer, fit_answer(answer)):
        room = MOST_TEXT - units(head) - sum(units(other.text) for other in pages[-1])
        if not 0 < units(block.text) <= MOST_TEXT - units(head):
            rest.append(block)
        elif units(block.text) <= room and len(pages[-1]) < MOST_BLOCKS:
            pages[-1].append(block)
        elif len(pages) < MOST_PAGES:
            pages.append([block])
        else:
            rest.append(block)
    views = (_page(answer, head, page, answer_id) for page in pages if page)
    return More(views=tuple(views), file=_write(rest))


def _write(blocks: Sequence[_Block]) -> str:
    """The file: every block whole, as many as one may upload."""
    texts: list[str] = []
    room = MOST_OF_A_FILE
    for block in blocks:
        room -= len(block.plain.encode(errors="replace"))
        if room < 0:
            texts.append("There was more than one file may hold.")
            break
        texts.append(block.plain)
    return "\n\n".join(texts)


def _page(answer: Answer, head: str, page: Sequence[_Block], answer_id: str) -> LayoutView:
    places = [block.place for block in page if block.place is not None]
    return make_view(
        [[head, *(block.text for block in page)]],
        colour=colour_of(answer),
        buttons=[source_buttons(answer, places, answer_id)],
    )


def _left_out(answer: Answer, shown: Draft) -> Iterator[_Block]:
    cited = by_number(answer.citations)
    labels = label_quotes(quotes_of(answer))
    for place, quote in enumerate(quotes_of(answer)):
        if place not in shown.places:
            yield _Block(
                text=f"{quote_line(quote)}\n{place_line(quote, cited, 'scroll', labels[place])}",
                plain=_plain_quote(answer, quote),
                place=place,
            )
    if shown.has_all_sides:
        return
    for difference in answer.differences:
        values = difference.values
        lines = difference_lines(difference, answer.citations, values[:MOST_SIDES])
        plain = render.plain_difference(difference, answer.citations)
        yield _Block(text="\n".join(lines) if len(values) <= MOST_SIDES else "", plain=plain)


def _plain_quote(answer: Answer, quote: Quote) -> str:
    citation = by_number(answer.citations).get(quote.number)
    source = render.plain_source(citation, [quote]) if citation else f"[{quote.number}]"
    return "\n".join(filter(None, (clean_block(quote.text), source, render.describe_also(quote))))
