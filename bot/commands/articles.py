"""``pullquote articles``: what is in the index, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.escape import clean_line, json_line
from bot.render import describe_date
from bot.streams import emit, make_console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from index.settings import Settings
    from index.types import StoredArticle


def run(*, settings: Settings, as_json: bool) -> int:
    """List the articles: a table in a terminal, one line of tab-separated values a piece elsewhere.

    Returns:
        0.
    """
    with opened(settings) as library:
        articles = library.articles()
    console = make_console()
    if as_json:
        emit(json_line([article_to_json(article) for article in articles]) + "\n")
    elif console.is_terminal:
        console.print(_table(articles, width=console.width))
    else:
        emit("".join(_line(article) for article in articles))
    return 0


def article_to_json(article: StoredArticle) -> dict[str, object]:
    """Write an article's listing as the values that ``articles --json`` prints."""
    return {
        "article": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "words": article.number_of_words,
        "passages": article.number_of_passages,
    }


def _line(article: StoredArticle) -> str:
    day = article.published.isoformat() if article.published else "undated"
    cells = (article.path, day, article.outlet or "", article.title)
    return "\t".join(clean_line(cell) for cell in cells) + "\n"


def _table(articles: Sequence[StoredArticle], *, width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    # On a narrow terminal the title needs the room more than what can be asked for with show.
    wide = width >= 72  # noqa: PLR2004
    table = Table.grid(padding=(0, 2, 0, 0))
    for heading in ("Published", "Outlet", "Title", *(["Words", "Article"] if wide else [])):
        table.add_column(heading, justify="right" if heading == "Words" else "left")
    table.show_header = True
    table.header_style = "dim"
    for article in articles:
        cells = [
            Text(describe_date(article.published), "dim"),
            Text(clean_line(article.outlet or "")),
            Text(clean_line(article.title), "bold"),
        ]
        if wide:
            cells += [Text(f"{article.number_of_words:,}"), Text(clean_line(article.path), "dim")]
        table.add_row(*cells)
    return table
