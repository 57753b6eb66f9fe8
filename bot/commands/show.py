"""``pullquote show``: an article as it was read, or a quote of it in its surroundings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.contract import head_to_json
from bot.escape import clean_line, json_line
from bot.render import MarkedText, describe_date
from bot.streams import READING_WIDTH, emit, make_console, say
from bot.surroundings import Span, mark_paragraphs
from index.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from index.settings import Settings
    from index.types import Article

OPEN, CLOSE = ">>> ", " <<<"
"""What stands around a quote where there is no bold."""


def run(reference: str, *, settings: Settings, quote: str | None, as_json: bool) -> int:
    """Show the one article that ``reference`` means: its path, id, or a part of path or title.

    Returns:
        0, or 2 where no article or more than one matches.
    """
    span = read_span(quote) if quote else None
    with opened(settings) as library:
        found = library.find_article(reference)
    if len(found) != 1:
        return refuse(reference, found)
    article = found[0]
    if span and span[1] > len(article.text):
        raise QuestionError(
            f"--quote ends after the article, which has {len(article.text)} characters"
        )
    if as_json:
        emit(json_line(article_to_json(article, span)) + "\n")
    else:
        _show(article, span)
    return 0


def read_span(text: str) -> Span:
    """Read "start:end", two character offsets.

    Raises:
        QuestionError: it is not two numbers, or they hold nothing between them.
    """
    match = re.fullmatch(r"\s*(\d{1,12}):(\d{1,12})\s*", text, re.ASCII)
    if match and int(match[1]) < int(match[2]):
        return int(match[1]), int(match[2])
    raise QuestionError("--quote takes two character offsets, like 120:240")


def article_to_json(article: Article, span: Span | None) -> dict[str, object]:
    """Write an article as the values that ``show --json`` prints; the text is exact."""
    return {
        **head_to_json(article),
        "text": article.text,
        "paragraphs": [
            {"start": paragraph.start, "end": paragraph.end, "kind": paragraph.kind}
            for paragraph in article.paragraphs
        ],
        "quote": article.text[span[0] : span[1]] if span else None,
    }


def refuse(reference: str, found: Sequence[Article]) -> int:
    """Say that no article, or which ones, ``reference`` means."""
    if not found:
        say(f'no article matches "{reference}"; see: pullquote articles')
        return 2
    say(f'{len(found)} articles match "{reference}"; name one:')
    for article in found:
        say(f"  {article.path}  {article.title}")
    return 2


def _show(article: Article, span: Span | None) -> None:
    console = make_console()
    paragraphs = list(mark_paragraphs(article, span))
    if not console.is_terminal:
        body = "\n\n".join(_plain(paragraph) for paragraph in paragraphs)
        emit("\n".join(head_lines(article)) + f"\n\n{body}\n")
        return
    for line in _rich_parts(article, paragraphs):
        console.print(line, width=min(console.width, READING_WIDTH))


def head_lines(article: Article) -> tuple[str, ...]:
    """The article's title, then what is known of it, as lines ready to show."""
    known = (article.outlet, article.byline, describe_date(article.published), article.path)
    described = " · ".join(clean_line(part) for part in known if part)
    lines = (clean_line(article.title), described, clean_line(article.url or ""))
    return tuple(line for line in lines if line)


def _plain(paragraph: MarkedText) -> str:
    if not paragraph.marked:
        return paragraph.whole
    return f"{paragraph.before}{OPEN}{paragraph.marked}{CLOSE}{paragraph.after}"


def _rich_parts(article: Article, paragraphs: Sequence[MarkedText]) -> Iterator[RenderableType]:
    from rich.text import Text

    title, *rest = head_lines(article)
    yield Text(title, "bold")
    yield from (Text(line, "dim") for line in rest)
    for paragraph in paragraphs:
        yield Text()
        style = "dim" if any(one.marked for one in paragraphs) else ""
        text = Text(paragraph.before, style)
        yield text.append(paragraph.marked, "not dim bold").append(paragraph.after)
