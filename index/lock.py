"""One writer at a time: a lock on a file that a killed process gives up by dying.

SQLite's own file locking is the lock: it is portable, the operating system releases it with the
process, and it costs no import beyond what the catalog needs.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from index.errors import IndexLocked, IndexUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Short enough that Ctrl-C is answered at once while waiting: SQLite's own wait is deaf to it.
SECONDS_BETWEEN_TRIES = 0.1


FOLDER_REMEDY = "make it yours to read and write, or name another index folder"


def _try(connection: sqlite3.Connection, folder: Path) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        reason = f"the index in {folder} cannot be locked: {error}; {FOLDER_REMEDY}"
        raise IndexUnusable(reason) from error
    return True


@contextmanager
def hold_lock(folder: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the writer's lock of the index in ``folder``; waits up to ``wait`` seconds for it.

    Raises IndexLocked when another writer keeps it, IndexUnusable when the folder or the lock
    cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / "lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexUnusable(
            f"the index folder {folder} cannot be written: {reason.lower()}; {FOLDER_REMEDY}"
        ) from error

    with closing(connection):
        deadline = time.monotonic() + wait
        while not _try(connection, folder):
            if time.monotonic() >= deadline:
                raise IndexLocked(
                    f"another process is indexing into {folder}; try again when it has finished"
                )
            time.sleep(SECONDS_BETWEEN_TRIES)
        yield
