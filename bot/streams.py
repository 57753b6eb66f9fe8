"""Standard output and standard error: who is at the other end, and writing to them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from bot.escape import clean_line
from index.errors import PullquoteError

if TYPE_CHECKING:
    from rich.console import Console

PROGRAM = "pullquote"

READING_WIDTH = 88
"""Text is wrapped here even on a wider terminal: longer lines are hard to read."""


class OutputError(PullquoteError):
    """Standard output cannot be written to."""


def prepare_streams() -> None:
    """Make both streams write what they cannot encode as "?" instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def make_console(*, stderr: bool = False) -> Console:
    """Open a console that reads no markup, no emoji codes, and highlights nothing by itself.

    With ``NO_COLOR`` it writes no escape sequence at all, bold and links included.
    """
    from rich.console import Console

    plain = bool(os.environ.get("NO_COLOR"))
    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        color_system=None if plain else "auto",
    )


def say(line: str) -> None:
    """Write one line for the person to standard error."""
    if sys.stderr is not None:
        sys.stderr.write(f"{PROGRAM}: {clean_line(line)}\n")
        sys.stderr.flush()


def warn(line: str) -> None:
    """Write one line about what went wrong beside the main thing to standard error."""
    say(f"warning: {line}")


def emit(text: str, *, flush: bool = False) -> None:
    """Write ``text`` to standard output.

    Raises:
        BrokenPipeError: whoever was reading has gone.
        OutputError: it cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        raise OutputError("cannot write the output: standard output is closed")
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write the output: {error.strerror}") from None


def abandon(stream: TextIO | None) -> None:
    """Point a stream that cannot be written to at nothing, so that leaving does not fail again."""
    if stream is None:
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
