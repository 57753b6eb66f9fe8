"""Articles to choose from: a page of all of them, and the few that fit what was typed."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING

from bot.discord.markdown import units, visible
from bot.discord.pages import articles_page
from bot.discord.reports import Refusal
from bot.escape import clean_line
from bot.render import describe_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord.ui import LayoutView

    from index.open import Library
    from index.types import StoredArticle

MOST_CHOICES, LONGEST_CHOICE = 25, 100

NO_OUTLET = "No outlet goes by that name. Begin to type it and choose one from the list."
SEVERAL_OUTLETS = "Several outlets fit that. Begin to type the name and choose one from the list."


def list_outlet(library: Library, outlet: str) -> LayoutView:
    """The first page of an outlet's articles, of all where none is named; blocks.

    Raises:
        Refusal: no outlet goes by that name, or more than one does.
    """
    return list_page(library, 1, _find_outlet(library, outlet) if outlet.strip() else "")


def _find_outlet(library: Library, named: str) -> str:
    """The key of the outlet that is named, whole or in part, or by its key."""
    outlets = choose_outlets(library.articles(), "", most=None)
    keys = {key_of(outlet): outlet for outlet in outlets}
    for key in (named, key_of(named)):
        if key in keys:
            return key
    fitting = [key for key, outlet in keys.items() if _holds(outlet, named)]
    if len(fitting) != 1:
        raise Refusal(SEVERAL_OUTLETS if fitting else NO_OUTLET)
    return fitting[0]


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


# Choices while somebody types


def offer_outlets(library: Library, typed: str) -> list[tuple[str, str]]:
    """(Label, key) of the outlets to choose from; blocks."""
    outlets = choose_outlets(library.articles(), typed)
    return [(_shorten(outlet, LONGEST_CHOICE), key_of(outlet)) for outlet in outlets]


def offer_articles(library: Library, typed: str) -> list[tuple[str, str]]:
    """(Label, article id) of the articles to choose from; blocks."""
    return choose_articles(library.articles(), typed)


def choose_outlets(
    articles: Iterable[StoredArticle], typed: str, *, most: int | None = MOST_CHOICES
) -> list[str]:
    """Outlets that hold what was typed, those with most articles first."""
    counts: dict[str, int] = {}
    for article in articles:
        # What is only white space and signs that nobody sees is no name.
        if clean_line(visible(article.outlet or "")):
            counts[article.outlet or ""] = counts.get(article.outlet or "", 0) + 1
    ordered = sorted(counts, key=lambda outlet: (-counts[outlet], outlet))
    return [outlet for outlet in ordered if _holds(outlet, typed)][:most]


def choose_articles(articles: Iterable[StoredArticle], typed: str) -> list[tuple[str, str]]:
    """(Label, article id) of articles of which title, outlet or path hold every word typed."""
    fitting = (
        article
        for article in articles
        if _holds(f"{article.title} {article.outlet or ''} {article.path}", typed)
    )
    return [(label(article), article.id) for article in islice(fitting, MOST_CHOICES)]


def _holds(text: str, typed: str) -> bool:
    """Whether every word typed stands in ``text``, in whatever case."""
    folded = text.casefold()
    return all(word in folded for word in typed.casefold().split())


def label(article: StoredArticle) -> str:
    """An article's title with its date, shortened at a word to what a choice may hold."""
    day = f" · {describe_date(article.published)}"
    title = clean_line(visible(article.title)) or article.path
    return _shorten(title, LONGEST_CHOICE - len(day)) + day


def _shorten(text: str, most: int) -> str:
    """One line of at most ``most`` units, cut at a word where there is one."""
    line = clean_line(visible(text))
    if units(line) <= most:
        return line
    start = line[: most - 1]
    while units(start) > most - 1:
        start = start[:-1]
    return f"{start.rsplit(' ', 1)[0]}…"
