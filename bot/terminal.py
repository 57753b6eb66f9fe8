"""Answer → what a terminal shows: block quotes behind a bar, marks in bold, sources linked.

Texts of articles enter as :class:`rich.text.Text`, which knows no markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot import render
from bot.escape import clean_block, clean_line
from bot.streams import READING_WIDTH
from index.verify import NOT_SAID

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from index.types import Answer, Citation, Difference, Quote, WrittenSentence

TABLE_WIDTH = 60
"""On a narrower terminal a difference is a list, as columns would be a few letters wide."""

QUIET = "dim"
BAR = "cyan"
MARK = "bold"


class BlockQuote:
    """A text wrapped behind a bar, as long as the text is."""

    def __init__(self, text: Text, *, bar: str = BAR) -> None:
        self.text = text
        self.bar = bar

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap the text beside the bar, within a width that is good to read."""
        width = max(8, min(options.max_width, READING_WIDTH) - 2)
        bar = Segment("▌ ", console.get_style(self.bar))
        for line in self.text.wrap(console, width):
            line.end = ""
            yield bar
            yield from line.render(console)
            yield Segment.line()


def render_answer(answer: Answer) -> RenderableType:
    """Build the whole answer, with an empty line between its parts."""
    first, *rest = _parts(answer)
    return Group(first, *(line for part in rest for line in (Text(), part)))


def _parts(answer: Answer) -> Iterator[RenderableType]:
    quotes = answer.quotes if answer.grounded else answer.nearest
    if understood := render.describe_understood(answer):
        yield Text(understood, QUIET)
    if not answer.grounded:
        silence = Text.assemble((NOT_SAID, MARK), " ")
        yield silence.append(render.describe_searched(answer.searched), QUIET)
        if quotes:
            yield Text(render.NEAREST, QUIET)
    elif answer.mode == "written":
        yield Text(clean_block(answer.text).strip())
    yield from (_quote(quote, grounded=answer.grounded) for quote in quotes)
    yield from (_difference(one, answer.citations) for one in answer.differences)
    if answer.citations:
        yield Group(*(_source(citation, quotes) for citation in answer.citations))


def _quote(quote: Quote, *, grounded: bool) -> RenderableType:
    marked = render.mark_quote(quote)
    text = Text(style="" if grounded else QUIET)
    text.append(marked.before).append(marked.marked, MARK).append(marked.after)
    text.append(f" [{quote.number}]", BAR if grounded else QUIET)
    also = render.describe_also(quote)
    if also:
        text.append(f"\n{also}", QUIET)
    return BlockQuote(text, bar=BAR if grounded else QUIET)


def render_sentence(sentence: WrittenSentence) -> RenderableType:
    """Build a sentence that a language model wrote, its citations behind it."""
    text = Text(clean_line(sentence.text)).append(" ")
    text.append(render.describe_numbers(sentence), BAR)
    return Padding(Wrapped(text), (0, 0, 0, 2))


class Wrapped:
    """A text wrapped within a width that is good to read."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        """Narrow what there is."""
        yield from self.text.__rich_console__(
            _, options.update_width(min(options.max_width, READING_WIDTH))
        )


def _source(citation: Citation, quotes: Sequence[Quote]) -> RenderableType:
    text = Text(render.describe_source(citation, quotes))
    place = clean_line(citation.url or citation.article)
    address = render.link_to(citation, quotes)
    text.append(", ")
    text.append(place, Style(dim=True, link=address))
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(no_wrap=True)
    row.add_column(max_width=READING_WIDTH, overflow="fold")
    row.add_row(Text(f"[{citation.number}]", BAR), text)
    return row


def _difference(difference: Difference, citations: Sequence[Citation]) -> RenderableType:
    rows = [render.describe_value(value, citations) for value in difference.values]
    title = Text(render.describe_difference(difference), MARK)
    return Group(title, Sides(rows))


class Sides:
    """The sides of a difference: a table, or a list where the terminal is narrow."""

    def __init__(self, rows: Sequence[tuple[str, str, str, str, str]]) -> None:
        self.rows = rows

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        """Choose by the width at hand."""
        yield self._list() if options.max_width < TABLE_WIDTH else self._table()

    def _table(self) -> Table:
        # A column that no side fills would be an empty gap.
        filled = [column for column in range(5) if any(row[column] for row in self.rows)]
        table = Table.grid(padding=(0, 2, 0, 0))
        for column in filled:
            table.add_column(style=(MARK, "", "", QUIET, BAR)[column], max_width=36)
        for row in self.rows:
            table.add_row(*(Text(row[column]) for column in filled))
        return table

    def _list(self) -> Table:
        table = Table.grid(padding=(0, 1, 0, 0))
        for value, *rest in self.rows:
            cells = Text(value, MARK).append(
                "".join(f" · {cell}" for cell in rest if cell), "not bold"
            )
            table.add_row(Text("·", BAR), cells)
        return table
