"""Articles to choose from: a page of all of them, and the few that fit what was typed."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING

from bot.discord.pages import articles_page
from bot.escape import clean_line
from bot.render import describe_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord.ui import LayoutView

    from index.open import Library
    from index.types import StoredArticle

MOST_CHOICES, LONGEST_CHOICE = 25, 100


def list_page(library: Library, page: int, outlet_key: str) -> LayoutView:
    """A page of the articles, newest first, of one outlet where a key is given; blocks."""
    articles = library.articles()
    outlet = None
    if outlet_key:
        articles = tuple(one for one in articles if key_of(one.outlet) == outlet_key)
        outlet = articles[0].outlet if articles else None
    return articles_page(articles, page=page, outlet_key=outlet_key, outlet=outlet)


def key_of(outlet: str | None) -> str:
    """A short name for an outlet, as a button's id has no room for a long one."""
    return hashlib.sha256((outlet or "").casefold().encode()).hexdigest()[:12]


def choose_outlets(articles: Iterable[StoredArticle], typed: str) -> list[str]:
    """Outlets that hold what was typed, those with most articles first."""
    counts: dict[str, int] = {}
    for article in articles:
        if article.outlet and typed.casefold() in article.outlet.casefold():
            counts[article.outlet] = counts.get(article.outlet, 0) + 1
    return sorted(counts, key=lambda outlet: (-counts[outlet], outlet))[:MOST_CHOICES]


def choose_articles(articles: Iterable[StoredArticle], typed: str) -> list[tuple[str, str]]:
    """(Label, article id) of articles of which title, outlet or path hold every word typed."""
    words = typed.casefold().split()
    fitting = (
        article
        for article in articles
        if all(
            word in f"{article.title} {article.outlet or ''} {article.path}".casefold()
            for word in words
        )
    )
    return [(label(article), article.id) for article in islice(fitting, MOST_CHOICES)]


def label(article: StoredArticle) -> str:
    """An article's title with its date, shortened at a word to what a choice may hold."""
    day = f" · {describe_date(article.published)}"
    title = clean_line(article.title) or article.path
    room = LONGEST_CHOICE - len(day)
    if len(title) > room:
        title = title[: room - 1].rsplit(" ", 1)[0] + "…"
    return title + day
