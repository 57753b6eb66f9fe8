"""Answer → plain text, and the wording that plain text and terminal share.

Every text that comes from an article goes through :mod:`bot.escape` before it is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encode

from bot.escape import clean_block, clean_line
from index.verify import NOT_SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from index.types import (
        Answer,
        Citation,
        Difference,
        DifferingValue,
        Prose,
        Quote,
        Searched,
        WrittenSentence,
    )

NEAREST = "Nearest, but not an answer:"
DIFFER = "The articles differ:"
IN_SHORT = "In short:"

FRAGMENT_WORDS = 6
"""A link to a longer quote names its first and last so many words; browsers find the span."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedText:
    """A quote ready to show on one line, cut at the words that answer (``marked`` may be "")."""

    before: str
    marked: str
    after: str

    @property
    def whole(self) -> str:
        """The three parts as one text."""
        return self.before + self.marked + self.after


def mark_quote(quote: Quote) -> MarkedText:
    """Make the quote showable: control characters out, white space folded, the answer apart."""
    return mark_span(quote.text, quote.start, quote.answer_span or (quote.end, quote.end))


def mark_span(text: str, offset: int, span: tuple[int, int]) -> MarkedText:
    """Cut ``text``, which stands at ``offset`` of its article, at the article span ``span``.

    A span that reaches beyond the text is cut to it.
    """
    start, end = (min(max(place - offset, 0), len(text)) for place in span)
    clean = clean_block(text)
    parts = (clean[:start], clean[start:end], clean[end:])
    before, marked, after = (re.sub(r"\s+", " ", part) for part in parts)
    return MarkedText(before=before.lstrip(), marked=marked, after=after.rstrip())


def describe_understood(answer: Answer) -> str:
    """Write what the question was understood as, where that is not what was asked."""
    return f"Understood as: {clean_line(answer.understood)}" if answer.understood else ""


def describe_date(day: date | None) -> str:
    """Write a date as "30 Oct 2024", an unknown one as "undated"."""
    return f"{day.day} {day:%b %Y}" if day else "undated"


def describe_source(citation: Citation, quotes: Sequence[Quote]) -> str:
    """Write a citation as ``Outlet — "Title", 30 Oct 2024, paragraph 3``; unknown is left out."""
    title = f'"{clean_line(citation.title)}"'
    head = f"{clean_line(citation.outlet)} — {title}" if citation.outlet else title
    parts = [head, describe_date(citation.published)]
    numbers = sorted({quote.paragraph for quote in quotes if quote.number == citation.number})
    if numbers:
        label = "paragraph" if len(numbers) == 1 else "paragraphs"
        parts.append(f"{label} {_join(str(number) for number in numbers)}")
    return ", ".join(parts)


def describe_also(quote: Quote) -> str:
    """Write where else the quote stands as "also in [2] and [3]", or nothing."""
    numbers = sorted({place.number for place in quote.also} - {quote.number})
    return f"also in {_join(f'[{number}]' for number in numbers)}" if numbers else ""


def describe_searched(searched: Searched) -> str:
    """Write what was searched: how many articles, and the dates they span where known."""
    articles = "1 article" if searched.articles == 1 else f"{searched.articles:,} articles"
    if not searched.earliest or not searched.latest:
        return f"Searched {articles}."
    days = list(dict.fromkeys([describe_date(searched.earliest), describe_date(searched.latest)]))
    return f"Searched {articles}, {' to '.join(days)}."


def describe_value(
    value: DifferingValue, citations: Iterable[Citation]
) -> tuple[str, str, str, str, str]:
    """One side of a difference as cells: value, who said it, outlet, date, citation number."""
    cited = {citation.number: citation for citation in citations}.get(value.number)
    outlet = clean_line(cited.outlet) if cited and cited.outlet else ""
    day = describe_date(cited.published) if cited else ""
    said_by = clean_line(value.said_by or "")
    return clean_line(value.value), said_by, outlet, day, f"[{value.number}]"


def describe_sentence(sentence: WrittenSentence) -> str:
    """Write a sentence of the language model with its citations behind it."""
    return f"{clean_line(sentence.text)} {describe_numbers(sentence)}"


def describe_numbers(sentence: WrittenSentence) -> str:
    """Write the citations of a sentence as "[1][2]"."""
    return "".join(f"[{number}]" for number in sentence.numbers)


def describe_kept(prose: Prose) -> str:
    """Write how many sentences the quotes bear out, where that is not all of them."""
    if not prose.dropped:
        return ""
    return f"{len(prose.sentences)} of {prose.proposed} sentences kept"


_MARKS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")


def link_to(citation: Citation, quotes: Sequence[Quote]) -> str | None:
    """Address the article's page so that a browser scrolls to its first quote and marks it."""
    address = web_address(citation.url)
    if address is None:
        return None
    quote = next((quote for quote in quotes if quote.number == citation.number), None)
    if quote is None or ":~:" in address:
        return address
    # The marks of a Markdown file are not on the page that it was made from.
    is_markdown = quote.article.endswith(".md")
    words = (_MARKS.sub("", quote.text) if is_markdown else quote.text).split()
    scroll = f"{address}:~:text=" if "#" in address else f"{address}#:~:text="
    if len(words) <= 2 * FRAGMENT_WORDS:
        return f"{scroll}{_encode(words)}"
    return f"{scroll}{_encode(words[:FRAGMENT_WORDS])},{_encode(words[-FRAGMENT_WORDS:])}"


def web_address(url: str | None) -> str | None:
    """Give ``url`` back where it is an address of the web, in which nothing is hidden."""
    address = url or ""
    is_web = address.startswith(("http://", "https://"))
    return address if is_web and address == "".join(clean_block(address).split()) else None


def _encode(words: Sequence[str]) -> str:
    # A hyphen has a meaning of its own in a text fragment.
    encoded = percent_encode(" ".join(words), safe="", errors="replace")
    return encoded.replace("-", "%2D")


def render_plain(answer: Answer) -> str:
    """The answer as plain text: a quote is one line behind "> ", sources and sides below."""
    blocks = list(_plain_blocks(answer))
    return "\n\n".join(blocks) + "\n"


def _plain_blocks(answer: Answer) -> Iterator[str]:
    quotes = answer.quotes if answer.grounded else answer.nearest
    if understood := describe_understood(answer):
        yield understood
    if not answer.grounded:
        yield f"{NOT_SAID} {describe_searched(answer.searched)}"
        if quotes:
            yield NEAREST
    elif answer.mode == "written":
        yield clean_block(answer.text).strip()
    yield from (_plain_quote(quote) for quote in quotes)
    yield from (plain_difference(one, answer.citations) for one in answer.differences)
    if answer.citations:
        yield "\n".join(plain_source(citation, quotes) for citation in answer.citations)


def _plain_quote(quote: Quote) -> str:
    also = describe_also(quote)
    line = f"> {mark_quote(quote).whole} [{quote.number}]"
    return f"{line}\n  {also}" if also else line


def plain_difference(difference: Difference, citations: Sequence[Citation]) -> str:
    """A difference as plain text: what it is about, then a line for each side."""
    rows = (describe_value(value, citations) for value in difference.values)
    lines = [" · ".join(cell for cell in row if cell) for row in rows]
    return "\n  ".join([describe_difference(difference), *lines])


def plain_source(citation: Citation, quotes: Sequence[Quote]) -> str:
    """A citation as one line of plain text that ends in its address, or else its path."""
    place = clean_line(citation.url or citation.article)
    return f"[{citation.number}] {describe_source(citation, quotes)}, {place}"


def describe_difference(difference: Difference) -> str:
    """Introduce a difference, naming what it is about where that is known."""
    about = clean_line(difference.about)
    return f"{DIFFER.removesuffix(':')} ({about}):" if about else DIFFER


def _join(parts: Iterable[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
