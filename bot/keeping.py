"""The commands that look after the index; ``bot.app`` gives them their names.

Commands import what they need when they run, so that ``--help`` is instant.
"""

# "\b" means "keep these lines as they are" to typer; a command has as many arguments as options.
# ruff: noqa: D301, PLR0913

from __future__ import annotations

from typing import Annotated

import typer

from bot.options import CorpusOption, IndexOption, JsonOption, read_settings


def index(
    context: typer.Context,
    *,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for another writer."),
    ] = 0.0,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what differs; status 2 if anything does.")
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what --check finds.")] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Read every article anew, and make all of the index from them."
        ),
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Forget superseded versions and unused vectors.")
    ] = False,
    as_json: JsonOption = False,
    with_progress: Annotated[
        bool, typer.Option("--progress", hidden=True, help="Write each step as a line of JSON.")
    ] = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Bring the index in line with the folder of articles (also: reindex).

    Only what is new, changed or gone is worked on. An article that cannot be read is a warning;
    the others are indexed all the same.

    Exit status: 0 done, 2 an error, an article that failed, or with --check a difference.

    What the bot keeps in the index stays, also with --rebuild: answers, votes, settings of servers.
    So do earlier versions of articles, until --prune. Where the index is damaged, what is left of
    these is carried over into a new one, and the damaged file is kept beside it.

    \b
    Examples:
      pullquote index --corpus news
      pullquote index --check
    """
    if sum((check, repair, rebuild, prune)) > 1:
        raise typer.BadParameter("name one of --check, --repair, --rebuild and --prune")
    settings = read_settings(context, corpus, index_folder)
    from bot.commands import index as command

    if check:
        return command.check(settings=settings, wait=wait, as_json=as_json)
    if repair or rebuild:
        return command.mend(settings=settings, wait=wait, as_json=as_json, anew=rebuild)
    if prune:
        return command.prune(settings=settings, wait=wait, as_json=as_json)
    return command.run(settings=settings, wait=wait, as_json=as_json, with_progress=with_progress)


def receipts(
    context: typer.Context,
    *,
    answer: Annotated[
        str, typer.Argument(metavar="ANSWER-ID", help="12 hexadecimal digits, from the bot.")
    ],
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Verify the quotes of an answer that the bot gave earlier against the articles as they are.

    Exit status: 0 every quote stands, 1 at least one was edited or withdrawn, 2 an error.

    \b
    Example:
      pullquote receipts 3f9a01bc44de
    """
    settings = read_settings(context, corpus, index_folder)
    from bot.commands.receipts import run

    return run(answer, settings=settings, as_json=as_json)
