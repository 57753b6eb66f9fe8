"""``pullquote feeds …``: the commands for news feeds and their options."""

# "\b" means "keep these lines as they are" to typer.
# ruff: noqa: D301

from __future__ import annotations

from typing import Annotated

import typer

from bot.options import CorpusOption, IndexOption, JsonOption, read_intake_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Addresses = Annotated[
    list[str], typer.Argument(metavar="ADDRESS", help="Where the feed is: https://…")
]


@app.callback(short_help="Take in articles from news feeds.")
def start() -> None:
    """Take in articles from news feeds (RSS, Atom).

    Feeds are those added here and those that PULLQUOTE_FEEDS names. The bot and "pullquote watch"
    read them by themselves, every 15 minutes or as seldom as a feed asks for; "fetch" reads now.

    \b
    Examples:
      pullquote feeds add https://www.example.org/news/rss.xml
      pullquote feeds fetch
    """


@app.command("add", short_help="Put feeds on the list.")
def add(
    context: typer.Context,
    *,
    addresses: Addresses,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Put feeds on the list; whoever is running notices within a minute, nothing is fetched here.

    \b
    Example:
      pullquote feeds add https://www.example.org/news/rss.xml
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.feeds import add_feeds

    return add_feeds(addresses, settings=settings, as_json=as_json)


@app.command("list", short_help="List the feeds.")
def list_(
    context: typer.Context,
    *,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """List the feeds: what they call themselves, how they fare, when they are read again.

    \b
    Example:
      pullquote feeds list
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.feeds import list_feeds

    return list_feeds(settings=settings, as_json=as_json)


@app.command("remove", short_help="Take feeds off the list.")
def remove(
    context: typer.Context,
    *,
    addresses: Addresses,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Take feeds off the list; the articles that came from them stay.

    \b
    Example:
      pullquote feeds remove https://www.example.org/news/rss.xml
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.feeds import remove_feeds

    return remove_feeds(addresses, settings=settings, as_json=as_json)


@app.command("fetch", short_help="Read all feeds now, then index.")
def fetch(
    context: typer.Context,
    *,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Read all feeds now, take in what is new, and index it.

    Feeds that were read within the last five minutes wait, and those whose server asks for it.

    Exit status: 0 done, 2 an error, or at least one feed failed.

    \b
    Example:
      pullquote feeds fetch
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.feeds import fetch_feeds

    return fetch_feeds(settings=settings, as_json=as_json)
