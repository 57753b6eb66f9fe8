"""``pullquote``: the commands of the terminal, their options, and what their failures look like.

Commands import what they need when they run, so that ``--help`` is instant. Exit status as grep's:
0 answered, 1 the articles don't say, 2 an error in one line on standard error, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.process import prepare_process
from bot.streams import PROGRAM, OutputError, abandon, emit, prepare_streams, say
from index.errors import PullquoteError

if TYPE_CHECKING:
    from index.settings import Settings

FAILED = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell reports for a program that SIGPIPE ended, as it does for grep."""

LOG = "errors.log"


@dataclass(slots=True)
class Session:
    """What the outermost handler wants to know of the command that failed."""

    folder: Path | None = None
    """The index folder, once the settings were read: details of a defect are written there."""


app = typer.Typer(
    # Any option beside the commands, its own --help included, makes typer import pydantic for the
    # help of every command: _run and _print_version see to these.
    add_help_option=False,
    options_metavar="",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", metavar="FOLDER", help="Where the articles are.")
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="FOLDER", help="Where the index is kept.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, one object a line.")]


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
    settings = _read_settings(context, corpus, index_folder)
    from bot.commands.ask import run

    return run(words, settings=settings, number_of_articles=articles, as_json=as_json)


@app.command("reindex", hidden=True)
@app.command("index", short_help="Index new, changed and gone articles (also: reindex).")
def index(
    context: typer.Context,
    *,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for another writer."),
    ] = 0.0,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Bring the index in line with the folder of articles (also: reindex).

    Only what is new, changed or gone is worked on. An article that cannot be read is a warning;
    the others are indexed all the same.

    Exit status: 0 done, 2 an error, or at least one article failed.

    \b
    Example:
      pullquote index --corpus news
    """
    settings = _read_settings(context, corpus, index_folder)
    from bot.commands.index import run

    return run(settings=settings, wait=wait, as_json=as_json)


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
    settings = _read_settings(context, corpus, index_folder)
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
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index_folder: IndexOption = None,
) -> int:
    """Show an article as it was read, or a quote of it in its surroundings.

    The offsets of a quote are those of ask --json.

    \b
    Example:
      pullquote show election.txt --quote 120:240
    """
    settings = _read_settings(context, corpus, index_folder)
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
    settings = _read_settings(context, corpus, index_folder)
    from bot.commands.evaluate import run

    return run(file, settings=settings, as_json=as_json)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no traceback ever reaches the person.

    Args:
        arguments: the command line without the program's name; by default the process's own.
    """
    prepare_process()
    prepare_streams()
    session = Session()
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        return _print_version() if given == ["--version"] else _run(given, session)
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        abandon(sys.stdout)
        return BROKEN_PIPE
    except OutputError as error:
        abandon(sys.stdout)
        say(str(error))
    except (PullquoteError, typer.TyperException) as error:
        say(_message(error))
    except Exception:  # noqa: BLE001 - the outermost handler: a defect is one line and a reference
        say(describe_defect(session))
    return FAILED


def _run(arguments: list[str], session: Session) -> int:
    """Parse and run, without typer's own handlers: they would print boxes and change statuses."""
    command = typer.main.get_command(app)
    if arguments in ([], ["--help"]):
        with command.make_context(PROGRAM, [], obj=session) as context:
            emit(context.get_help() + "\n", flush=True)
        return 0 if arguments else FAILED
    try:
        with command.make_context(PROGRAM, arguments, obj=session) as context:
            status = command.invoke(context)
    except typer.Exit as leaving:
        status = leaving.exit_code
    emit("", flush=True)
    return int(status or 0)


def _print_version() -> int:
    from importlib.metadata import version

    emit(f"{PROGRAM} {version(PROGRAM)}\n", flush=True)
    return 0


def _read_settings(context: typer.Context, corpus: Path | None, index: Path | None) -> Settings:
    from bot.settings import read_settings

    settings = read_settings(corpus=corpus, index=index)
    context.obj.folder = settings.folder
    return settings


def _message(error: PullquoteError | typer.TyperException) -> str:
    if isinstance(error, PullquoteError):
        return str(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else PROGRAM
    return f"{error.format_message().rstrip('.')}; see: {path} --help"


def describe_defect(session: Session) -> str:
    """Write the details of a defect beside the index and say in one line where they are."""
    import secrets
    import traceback

    reference = secrets.token_hex(4)
    details = f"[{reference}] {traceback.format_exc()}\n"
    try:
        if session.folder is None:
            raise FileNotFoundError
        log = session.folder / LOG
        session.folder.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="replace") as file:
            file.write(details)
    except OSError:
        return f"something went wrong (reference {reference}); its details could not be written"
    return f"something went wrong (reference {reference}); please report it with {log}"
