"""The texts that an answer in Discord is put together from: quotes, differences, sources.

Each is whole: what has no room is left out by :mod:`bot.discord.fit`, never cut here. Lengths
are UTF-16 units of the Markdown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from string import ascii_lowercase
from typing import TYPE_CHECKING, Literal

from bot import render
from bot.discord.markdown import escape, link, mark_up, short, strong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from index.types import Citation, Difference, DifferingValue, Quote

Links = Literal["scroll", "plain", "none"]

LONGEST_TITLE = 120
LONGEST_NAME = 60
"""Of an outlet, of who said something, of a value: what is longer ends in "…"."""

NO_BREAK = "\u00a0"

MOST_PLACES = 5
"""So many other articles with the same sentence are named."""


def by_number(citations: Iterable[Citation]) -> dict[int, Citation]:
    """Citations by their numbers."""
    return {citation.number: citation for citation in citations}


def label_quotes(quotes: Sequence[Quote]) -> list[str]:
    """What each quote goes by: its source's number, with a letter where others have the same.

    So a quote and its button are told from those of the same article: 1a, 1b, 2.
    """
    numbers = Counter(quote.number for quote in quotes)
    seen: Counter[int] = Counter()
    labels = []
    for quote in quotes:
        rounds, place = divmod(seen[quote.number], len(ascii_lowercase))
        letters = ascii_lowercase[place] * (rounds + 1) if numbers[quote.number] > 1 else ""
        labels.append(f"{quote.number}{letters}")
        seen[quote.number] += 1
    return labels


def quote_line(quote: Quote) -> str:
    """A quote as a block quote of one line, its answering words in bold."""
    return f"> {mark_up(render.mark_quote(quote)).strip()}"


def place_line(quote: Quote, cited: Mapping[int, Citation], links: Links, label: str = "") -> str:
    """Where a quote stands, small: ``[1a] · Outlet · Title · 4 May 2023 · also in [2]``.

    ``label`` is what the quote goes by, where that is more than its source's number.
    """
    citation = cited.get(quote.number)
    label = label or str(quote.number)
    place = source_line(citation, [quote], links, label) if citation else f"-# {_mark(label)}"
    return " · ".join(filter(None, (place, _also(quote))))


def source_line(citation: Citation, quotes: Sequence[Quote], links: Links, label: str = "") -> str:
    """``[1] · Outlet · Title · 4 May 2023``, small; what is unknown is left out.

    The title is linked where there is an address. A link that scrolls leads to the first of
    ``quotes`` on the citation's page, unless that makes it too long.
    """
    return " · ".join(
        part
        for part in (
            f"-# {_mark(label or str(citation.number))}",
            short(citation.outlet or "", LONGEST_NAME),
            _title(citation, quotes, links),
            day_of(citation.published),
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


def day_of(day: date | None) -> str:
    """Write a date that no line of a narrow screen ends in the middle of."""
    return render.describe_date(day).replace(" ", NO_BREAK)


def describe_lengths(labelled: Iterable[tuple[str, Quote]]) -> str:
    """Say of quotes, each with what it goes by, that no message can hold how long they are."""
    lengths = [f"{_mark(label)} with {len(quote.text):,} characters" for label, quote in labelled]
    return f"Too long for this message: {', '.join(lengths)}."


def difference_lines(
    difference: Difference, citations: Sequence[Citation], values: Iterable[DifferingValue]
) -> list[str]:
    """What the articles differ about, then a line for each of ``values``."""
    about = short(render.describe_difference(difference), LONGEST_TITLE)
    return [strong(about), *(_side(value, citations) for value in values)]


def _side(value: DifferingValue, citations: Sequence[Citation]) -> str:
    said, said_by, outlet, _, number = render.describe_value(value, citations)
    cited = by_number(citations).get(value.number)
    cells = [
        strong(short(said, LONGEST_TITLE)),
        *(short(name, LONGEST_NAME) for name in (said_by, outlet)),
        day_of(cited.published) if cited else "",
        escape(number),
    ]
    return f"- {' · '.join(cell for cell in cells if cell)}"


def _mark(label: str) -> str:
    return escape(f"[{label}]")
