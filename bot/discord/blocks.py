"""The texts that an answer in Discord is put together from: quotes, differences, sources.

Each is whole: what has no room is left out by :mod:`bot.discord.fit`, never cut here. Lengths
are UTF-16 units of the Markdown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from bot import render
from bot.discord.markdown import escape, link, mark_up, short, strong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.types import Citation, Difference, DifferingValue, Quote

Links = Literal["scroll", "plain", "none"]

LONGEST_TITLE = 120
LONGEST_NAME = 60
"""Of an outlet, of who said something, of a value: what is longer ends in "…"."""

MOST_PLACES = 5
"""So many other articles with the same sentence are named."""


def by_number(citations: Iterable[Citation]) -> dict[int, Citation]:
    """Citations by their numbers."""
    return {citation.number: citation for citation in citations}


def quote_line(quote: Quote) -> str:
    """A quote as a block quote of one line, its answering words in bold."""
    return f"> {mark_up(render.mark_quote(quote)).strip()}"


def place_line(quote: Quote, cited: Mapping[int, Citation], links: Links) -> str:
    """Where a quote stands, small: ``[1] · Outlet · Title · 4 May 2023 · also in [2]``."""
    citation = cited.get(quote.number)
    place = source_line(citation, [quote], links) if citation else f"-# {_number(quote.number)}"
    return " · ".join(filter(None, (place, _also(quote))))


def source_line(citation: Citation, quotes: Sequence[Quote], links: Links) -> str:
    """``[1] · Outlet · Title · 4 May 2023``, small; what is unknown is left out.

    The title is linked where there is an address. A link that scrolls leads to the first of
    ``quotes`` on the citation's page, unless that makes it too long.
    """
    return " · ".join(
        part
        for part in (
            f"-# {_number(citation.number)}",
            short(citation.outlet or "", LONGEST_NAME),
            _title(citation, quotes, links),
            render.describe_date(citation.published),
        )
        if part
    )


def _title(citation: Citation, quotes: Sequence[Quote], links: Links) -> str:
    plain = short(citation.title, LONGEST_TITLE)
    if links == "none":
        return plain
    addresses = [render.link_to(citation, ())]
    if links == "scroll":
        addresses.insert(0, render.link_to(citation, quotes))
    titles = (link(citation.title, address, most=LONGEST_TITLE) for address in addresses)
    return next((title for title in titles if title != plain), plain)


def _also(quote: Quote) -> str:
    numbers = other_places(quote)
    more = len({place.number for place in quote.also} - {quote.number, *numbers})
    places = [place for place in quote.also if place.number in numbers]
    named = escape(render.describe_also(replace(quote, also=tuple(places))))
    return f"{named} and {more:,} more" if more else named


def other_places(quote: Quote) -> list[int]:
    """The numbers of the other articles that are named for holding the quote too."""
    return sorted({place.number for place in quote.also} - {quote.number})[:MOST_PLACES]


def describe_lengths(quotes: Sequence[Quote]) -> str:
    """Say of quotes that no message can hold how long they are."""
    lengths = [f"{_number(quote.number)} with {len(quote.text):,} characters" for quote in quotes]
    return f"Too long for this message: {', '.join(lengths)}."


def difference_lines(
    difference: Difference, citations: Sequence[Citation], values: Iterable[DifferingValue]
) -> list[str]:
    """What the articles differ about, then a line for each of ``values``."""
    about = short(render.describe_difference(difference), LONGEST_TITLE)
    return [strong(about), *(_side(value, citations) for value in values)]


def _side(value: DifferingValue, citations: Sequence[Citation]) -> str:
    said, *others = render.describe_value(value, citations)
    cells = [strong(short(said, LONGEST_TITLE)), *(short(cell, LONGEST_NAME) for cell in others)]
    return f"- {' · '.join(cell for cell in cells if cell)}"


def _number(number: int) -> str:
    return escape(f"[{number}]")
