"""Asking a person at a terminal for a line, with those before it at hand."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "chat_history"
MOST_LINES = 500


@contextmanager
def remembered(folder: Path) -> Iterator[None]:
    """Let ``input`` be edited, with the lines of earlier times, which are kept in ``folder``.

    Where Python has no readline, or the folder cannot be written to, there is no such thing.
    """
    try:
        import readline
    except ImportError:
        yield
        return
    file = folder / FILE
    with suppress(OSError):
        readline.read_history_file(file)
    readline.set_history_length(MOST_LINES)
    try:
        yield
    finally:
        with suppress(OSError):
            # What somebody asked is for nobody else to read.
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
            readline.write_history_file(file)
