"""One writer at a time: a lock on a file that a killed process gives up by dying.

SQLite's own file locking is the lock: it is portable, the operating system releases it with the
process, and it costs no import beyond what the catalog needs.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from index.errors import IndexLocked, IndexUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Short enough that Ctrl-C is answered at once while waiting: SQLite's own wait is deaf to it.
SECONDS_BETWEEN_TRIES = 0.1

LOCK = "lock"

# What helps against what SQLite says it cannot do.
FOLDER_REMEDY = "make it yours to read and write, or name another index folder"
_REMEDIES = {
    sqlite3.SQLITE_PERM: FOLDER_REMEDY,
    sqlite3.SQLITE_READONLY: FOLDER_REMEDY,
    sqlite3.SQLITE_CANTOPEN: FOLDER_REMEDY,
    sqlite3.SQLITE_FULL: "free some space there, then index again",
    sqlite3.SQLITE_IOERR: "see whether that disk is full or failing, then index again",
}


def describe_failure(error: Exception) -> str:
    """What SQLite could not do, and what to do about it, in a few words."""
    remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return f"{error}; {remedy}" if remedy else str(error)


def _try(connection: sqlite3.Connection, folder: Path, *, may_clear: bool = True) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return False
        if code == sqlite3.SQLITE_NOTADB and may_clear:
            # Nothing is ever kept in it, so that whatever has got there may go.
            with suppress(OSError):
                os.truncate(folder / LOCK, 0)
            return _try(connection, folder, may_clear=False)
        reason = f"the index in {folder} cannot be locked: {describe_failure(error)}"
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
        connection = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
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
