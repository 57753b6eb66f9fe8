"""``pullquote``: the commands of the terminal and their options.

Commands import what they need when they run, so that ``--help`` is instant.
"""

# "\b" means "keep these lines as they are" to typer; a command has as many arguments as options.
# ruff: noqa: D301, PLR0913

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import keeping
from bot.options import (
    CorpusOption,
    IndexOption,
    JsonOption,
    read_intake_settings,
    read_settings,
)

app = typer.Typer(
    # Any option beside the commands, its own --help included, makes typer import pydantic for the
    # help of every command: _run and _print_version see to these.
    add_help_option=False,
    options_metavar="",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def start() -> None:
    """Ask a folder of news articles a question; get verbatim, cited quotes.

    \b
    Examples:
      pullquote ask "Who won the election?"
      pullquote ask --help
      pullquote --version
    """


@app.command(short_help="Ask a question, get quotes.")
def ask(
    context: typer.Context,
    *,
    words: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help='The question, or "-" for many.')
    ],
    articles: Annotated[
        int | None,
        typer.Option("--articles", metavar="N", min=1, help="Quote from at most N articles."),
    ] = None,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Ask a question; the answer is quotes from the articles, with their sources.

    The first question builds the index by itself. With "-" questions are read from standard input,
    one a line, and each is answered in turn; a line that cannot be asked is reported and skipped.

    Exit status: 0 answered, 1 the articles don't say, 2 an error; with "-" the highest of them.

    \b
    Examples:
      pullquote ask "Who won the election?"
      pullquote ask --json - < questions.txt
    """
    settings = read_settings(context, corpus, index_folder)
    from bot.commands.ask import run

    return run(words, settings=settings, number_of_articles=articles, as_json=as_json)


@app.command(short_help="Ask one question after the other.")
def chat(
    context: typer.Context,
    *,
    articles: Annotated[
        int | None,
        typer.Option("--articles", metavar="N", min=1, help="Quote from at most N articles."),
    ] = None,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Ask one question after the other; each may lean on those before it, as in "And why?".

    In it, /sources tells where the last quotes stand, /new begins anew, /help lists what else there
    is, and /quit or Ctrl-D leaves. Without a terminal, questions are read a line at a time.

    Exit status: 0 left, 2 an error.

    \b
    Example:
      pullquote chat
    """
    settings = read_settings(context, corpus, index_folder)
    from bot.commands.chat import run

    return run(settings=settings, number_of_articles=articles)


index = app.command("index", short_help="Index new, changed and gone articles (also: reindex).")(
    app.command("reindex", hidden=True)(keeping.index)
)


@app.command(short_help="Take in articles: files or addresses.")
def add(
    context: typer.Context,
    *,
    sources: Annotated[
        list[str], typer.Argument(metavar="FILE|URL…", help="What to add; folders are not read.")
    ],
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Put articles into the folder of articles, then index them.

    Files are .txt and .md, which are copied, and .html, .pdf, .json and .jsonl, from which the
    articles are saved as Markdown. The article of an address that is there already is replaced.

    Exit status: 0 done, 2 something was refused; the rest is added all the same.

    \b
    Example:
      pullquote add report.pdf https://www.example.org/news/story
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.add import run

    return run(sources, settings=settings, as_json=as_json)


@app.command(short_help="List the articles in the index.")
def articles(
    context: typer.Context,
    *,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """List the articles in the index, newest first.

    \b
    Example:
      pullquote articles
    """
    settings = read_settings(context, corpus, index_folder)
    from bot.commands.articles import run

    return run(settings=settings, as_json=as_json)


@app.command(short_help="Show an article, or a quote in its surroundings.")
def show(
    context: typer.Context,
    *,
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE", help="Its path, id, or a part of path or title.")
    ],
    quote: Annotated[
        str | None,
        typer.Option("--quote", metavar="START:END", help="Show this span in its surroundings."),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Show when it was edited, and which sentences.")
    ] = False,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Show an article as it was read, or a quote of it in its surroundings.

    The offsets of a quote are those of ask --json. An article that is gone still has a history.

    \b
    Examples:
      pullquote show election.txt --quote 120:240
      pullquote show election.txt --history
    """
    if history and quote:
        raise typer.BadParameter("name one of --quote and --history")
    settings = read_settings(context, corpus, index_folder)
    if history:
        from bot.commands.history import run as run_history

        return run_history(article, settings=settings, as_json=as_json)
    from bot.commands.show import run

    return run(article, settings=settings, quote=quote, as_json=as_json)


@app.command("eval", short_help="Score the answers to a set of questions.")
def evaluate(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines of questions.")],
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Ask a set of questions and score the answers.

    Each line of the file is a JSON object: "kind" (fact, quote, conflict, abstain), "question" and
    "expect", a list of groups of strings; one string of each group must stand in the quotes.

    Exit status: 0 all as expected, 1 at least one is not, 2 an error.

    \b
    Example:
      pullquote eval questions.jsonl
    """
    settings = read_settings(context, corpus, index_folder)
    from bot.commands.evaluate import run

    return run(file, settings=settings, as_json=as_json)


@app.command(short_help="Answer questions in Discord.")
def bot(
    context: typer.Context,
    *,
    sync: Annotated[
        bool, typer.Option("--sync", help="Register the commands with Discord, then leave.")
    ] = False,
    guild: Annotated[
        int | None,
        typer.Option("--guild", metavar="ID", min=1, help="With --sync: for this server alone."),
    ] = None,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Connect to Discord and answer questions there until stopped.

    Needs the bot's token as DISCORD_TOKEN, in the environment or in .env; docs/discord.md says how
    to get one. The commands are registered at the first start, and when they have changed.

    Exit status: 0 stopped, 2 an error.

    \b
    Examples:
      pullquote bot
      pullquote bot --sync --guild 123456789012345678
    """
    from bot.settings import read_bot_settings

    settings = read_bot_settings(corpus=corpus, index=index_folder)
    context.obj.folder = settings.library.folder
    from bot.commands.bot import run

    return run(settings=settings, sync=sync, server=guild)


receipts = app.command(short_help="Verify an answer that was given earlier.")(keeping.receipts)
