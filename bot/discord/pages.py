"""What is posted beside answers: the list of articles, one article, a line to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import discord

from bot import render
from bot.discord.blocks import LONGEST_NAME, LONGEST_TITLE, day_of
from bot.discord.buttons import ArticlesButton
from bot.discord.markdown import escape, link, short, strong, units
from bot.discord.view import make_view
from bot.surroundings import mark_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import LayoutView

    from index.types import Article, StoredArticle

ARTICLES_ON_A_PAGE = 8
LONGEST_ENTRY = 460
"""So many units has an article in the list; beyond them its link is left out."""

LONGEST_NOTICE = 1500
MOST_PARAGRAPHS = 12
LONGEST_START = 2000
"""Of an article itself: enough to see what it is about."""

Tone = Literal["fine", "waiting", "warning"]

TONES: dict[Tone, tuple[str, discord.Colour]] = {
    "fine": ("", discord.Colour.green()),
    "waiting": ("⏳ ", discord.Colour.gold()),
    "warning": ("⚠️ ", discord.Colour.red()),
}


def notice_view(text: str, *, tone: Tone) -> LayoutView:
    """Say one line to somebody; ``text`` is shown as it is, without Markdown.

    Lines that also stand in the terminal, behind the program's name, begin there without a capital.
    """
    text = text[:1].upper() + text[1:]
    sign, colour = TONES[tone]
    return make_view([[f"{sign}{short(text, LONGEST_NOTICE)}"]], colour=colour)


# The list of articles


def articles_page(
    articles: Sequence[StoredArticle], *, page: int, outlet_key: str, outlet: str | None
) -> LayoutView:
    """List one page of ``articles`` as they are given.

    ``page`` counts from 1, and a page that is not there is the nearest one that is. ``outlet``
    names the filter they passed, and ``outlet_key`` is what buttons carry of it.
    """
    pages = max(1, -(-len(articles) // ARTICLES_ON_A_PAGE))
    page = min(max(page, 1), pages)
    listed = articles[(page - 1) * ARTICLES_ON_A_PAGE : page * ARTICLES_ON_A_PAGE]
    title = f"Articles of {short(outlet, LONGEST_NAME)}" if outlet else "Articles"
    entries = [_entry(article) for article in listed] or ["There are none yet."]
    number = "1 article" if len(articles) == 1 else f"{len(articles):,} articles"
    place = f"Page {page:,} of {pages:,} · {number}" if pages > 1 else number
    return make_view(
        [[f"### {title}", *entries], [f"-# {place}" if articles else ""]],
        colour=discord.Colour.blurple(),
        buttons=[_turning(page, pages, outlet_key)] if pages > 1 else [],
    )


def _turning(page: int, pages: int, outlet_key: str) -> list[ArticlesButton]:
    # A disabled one names a page that is not there: the two ids must differ.
    return [
        ArticlesButton(page - 1, outlet_key, "◀", disabled=page == 1),
        ArticlesButton(page + 1, outlet_key, "▶", disabled=page == pages),
    ]


def _entry(article: StoredArticle) -> str:
    """An article in two lines: its title, linked where it has an address, and what is known."""
    words = f"{article.number_of_words:,} words"
    known = (short(article.outlet or "", LONGEST_NAME), day_of(article.published))
    below = "-# " + " · ".join(part for part in (*known, words) if part)
    address = render.web_address(article.url)
    linked = strong(link(article.title, address, most=LONGEST_TITLE))
    if units(linked) + units(below) >= LONGEST_ENTRY:
        linked = strong(short(article.title, LONGEST_TITLE))
    return "\n".join(filter(None, (linked, below)))


# One article


def article_page(article: Article) -> LayoutView:
    """Show what is known of an article and its first paragraphs, as many as fit whole."""
    paragraphs = list(_paragraphs(article))
    shown = list(_first(paragraphs))
    title, known = article_head(article)
    return make_view(
        [
            [f"{title}\n{known} · {number_of_words(article):,} words"],
            [*shown, _describe_rest(len(shown), len(paragraphs))],
        ],
        colour=discord.Colour.blurple(),
    )


def _paragraphs(article: Article) -> Iterator[str]:
    marks = mark_paragraphs(article, None)
    for paragraph, marked in zip(article.paragraphs, marks, strict=True):
        text = escape(marked.whole)
        if paragraph.kind == "caption":
            yield f"-# {text}" if text else ""
        else:
            yield strong(text) if paragraph.kind == "heading" else text


def _first(paragraphs: Sequence[str]) -> Iterator[str]:
    room = LONGEST_START
    for paragraph in paragraphs[:MOST_PARAGRAPHS]:
        room -= units(paragraph)
        if room < 0:
            return
        yield paragraph


def _describe_rest(shown: int, paragraphs: int) -> str:
    if not shown:
        return "-# Its first paragraph is too long to be shown here." if paragraphs else ""
    left = paragraphs - shown
    number = "one more paragraph" if left == 1 else f"{left:,} more paragraphs"
    return f"-# and {number}" if left else ""


def article_head(article: Article) -> list[str]:
    """An article's title, linked where it has an address, and small what else is known of it."""
    title = link(article.title, render.web_address(article.url), most=LONGEST_TITLE)
    names = (article.outlet, article.byline)
    known = [short(name, LONGEST_NAME) for name in names if name]
    below = " · ".join([*filter(None, known), day_of(article.published)])
    return [f"### {title or short(article.path, LONGEST_TITLE)}", f"-# {below}"]


def number_of_words(article: Article) -> int:
    """Count the words of an article's body, as the catalog does."""
    body = (article.text[paragraph.start : paragraph.end] for paragraph in article.paragraphs)
    return sum(len(paragraph.split()) for paragraph in body)
