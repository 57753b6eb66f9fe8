"""``pullquote``: how a command is run, and what its failures look like.

Exit status as grep's: 0 answered, 1 the articles don't say, 2 an error in one line on standard
error, 130 interrupted. typer, which takes a tenth of a second to import, is imported where it is
used: Ctrl-C is answered in one line from the first moment on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.process import prepare_process
from bot.streams import PROGRAM, OutputError, abandon, emit, prepare_streams, say
from index.errors import PullquoteError

if TYPE_CHECKING:
    import typer

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no traceback ever reaches the person.

    Args:
        arguments: the command line without the program's name; by default the process's own.
    """
    session = Session()
    try:
        prepare_process()
        prepare_streams()
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
    except PullquoteError as error:
        say(str(error))
    except Exception:  # noqa: BLE001 - the outermost handler: a defect is one line and a reference
        say(describe_defect(session))
    return FAILED


def _run(arguments: list[str], session: Session) -> int:
    """Parse and run, without typer's own handlers: they would print boxes and change statuses."""
    import typer

    from bot.app import app
    from bot.app_feeds import app as feeds
    from bot.app_watch import app as watch

    command = typer.main.get_group(app)
    command.add_command(typer.main.get_group(feeds), "feeds")
    command.add_command(typer.main.get_command(watch), "watch")
    if arguments in ([], ["--help"]):
        with command.make_context(PROGRAM, [], obj=session) as context:
            emit(context.get_help() + "\n", flush=True)
        return 0 if arguments else FAILED
    try:
        with command.make_context(PROGRAM, arguments, obj=session) as context:
            status = command.invoke(context)
    except typer.Exit as leaving:
        status = leaving.exit_code
    except typer.TyperException as error:
        say(_describe_misuse(error))
        status = FAILED
    emit("", flush=True)
    return int(status or 0)


def _print_version() -> int:
    from importlib.metadata import version

    emit(f"{PROGRAM} {version(PROGRAM)}\n", flush=True)
    return 0


def _describe_misuse(error: typer.TyperException) -> str:
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
