"""An article's paragraphs, or those around a span of it, ready to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render import MarkedText, mark_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.types import Article

Span = tuple[int, int]

SURROUNDINGS = 1
"""So many paragraphs are shown before and after the one that holds a quote."""


def mark_paragraphs(article: Article, span: Span | None) -> Iterator[MarkedText]:
    """Cut the body into paragraphs ready to show; with a span only those around it."""
    nothing = (len(article.text), len(article.text))
    for start, end in _surroundings(article, span) if span else _body(article):
        yield mark_span(article.text[start:end], start, span or nothing)


def _body(article: Article) -> list[Span]:
    return [(paragraph.start, paragraph.end) for paragraph in article.paragraphs]


def _surroundings(article: Article, span: Span) -> list[Span]:
    """Find the paragraphs that hold the span, and their neighbours.

    A span outside the body, as in a page's furniture, is shown alone.
    """
    body = _body(article)
    holding = [
        number for number, (start, end) in enumerate(body) if start < span[1] and span[0] < end
    ]
    if not holding or span[0] < body[holding[0]][0] or body[holding[-1]][1] < span[1]:
        return [span]
    return body[max(0, holding[0] - SURROUNDINGS) : holding[-1] + SURROUNDINGS + 1]
