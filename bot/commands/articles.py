"""``pullquote articles``: what is in the index, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.contract import head_to_json
from bot.escape import clean_line, json_line
from bot.render import describe_date
from bot.streams import emit, make_console

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from index.settings import Settings
    from index.types import StoredArticle


def run(*, settings: Settings, as_json: bool) -> int:
    """List the articles: two lines each in a terminal, elsewhere one of tab-separated values.

    Returns:
        0.
    """
    with opened(settings) as library:
        articles = library.articles()
    console = make_console()
    if as_json:
        emit(json_line([article_to_json(article) for article in articles]) + "\n")
    elif console.is_terminal:
        console.print(*_entries(articles), sep="\n\n")
    else:
        emit("".join(_line(article) for article in articles))
    return 0


def article_to_json(article: StoredArticle) -> dict[str, object]:
    """Write an article's listing as the values that ``articles --json`` prints."""
    return {
        **head_to_json(article),
        "words": article.number_of_words,
        "passages": article.number_of_passages,
    }


def _line(article: StoredArticle) -> str:
    day = article.published.isoformat() if article.published else "undated"
    cells = (article.path, day, article.outlet or "", article.title)
    return "\t".join(clean_line(cell) for cell in cells) + "\n"


def _entries(articles: Sequence[StoredArticle]) -> Iterator[Text]:
    """Give each article two lines, which fit any width: its title, and what is known of it."""
    from rich.text import Text

    for article in articles:
        known = (
            describe_date(article.published),
            clean_line(article.outlet or ""),
            f"{article.number_of_words:,} words",
            clean_line(article.path),
        )
        entry = Text(clean_line(article.title), "bold")
        yield entry.append(f"\n{' · '.join(part for part in known if part)}", "not bold dim")
