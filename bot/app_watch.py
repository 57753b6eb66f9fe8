"""``pullquote watch``: the command and its options."""

# "\b" means "keep these lines as they are" to typer; a command has as many arguments as options.
# ruff: noqa: D301, PLR0913

from __future__ import annotations

from typing import Annotated

import typer

from bot.options import CorpusOption, IndexOption, JsonOption, read_intake_settings

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(short_help="Index articles as they come, until stopped.")
def watch(
    context: typer.Context,
    *,
    settle: Annotated[
        float,
        typer.Option(
            "--settle",
            metavar="SECONDS",
            min=0.1,
            max=60,
            help="Read when so long nothing changed.",
        ),
    ] = 1.0,
    poll: Annotated[
        bool, typer.Option("--poll", help="Look again and again: for folders on a network.")
    ] = False,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Index now, and again whenever articles have changed, until stopped with Ctrl-C.

    Each time that articles came, changed or went is a line: when, how many, how long it took. A
    file that is still being written is waited for, at most half a minute.

    Feeds are read meanwhile, if there are any (see: pullquote feeds --help), and a line says what
    came from each.

    Exit status: 0 stopped, 2 an error.

    \b
    Example:
      pullquote watch --corpus news
    """
    settings = read_intake_settings(context, corpus, index_folder)
    from bot.commands.watch import run

    return run(settings=settings, settle=settle, polls=poll, as_json=as_json)
