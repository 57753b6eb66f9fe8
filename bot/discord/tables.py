"""Tables of the bot's own in the catalog's file, which a reindex leaves alone.

Every call opens the file anew, and only a file that is there: an index that was deleted and built
again is never written to by mistake, nor is one begun here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from index.catalog import catalog_path, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 10.0


class Tables:
    """Some tables in the index in ``folder``, made where they are not there.

    Args:
        folder: the index.
        statements: what makes the tables unless they are there, one a line or more.
    """

    def __init__(self, folder: Path, statements: str) -> None:
        self._folder = folder
        self._statements = statements.strip().removesuffix(";").split(";\n")
        self._schema: int | None = None

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the file; blocks.

        Raises:
            IndexUnusable: the file cannot be read or written.
        """
        try:
            address = f"{catalog_path(self._folder.absolute()).as_uri()}?mode=rw"
            opened = sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)
            with closing(opened) as connection, connection:
                connection.execute("PRAGMA synchronous = NORMAL")
                self._make(connection)
                yield connection
        except sqlite3.DatabaseError as error:
            raise unusable(self._folder, error) from error

    def _make(self, connection: sqlite3.Connection) -> None:
        """Make the tables, unless they were seen in the file and none was made or dropped since.

        A file that was begun anew counts from the start, and reaches this number only with them.
        """
        if _read_schema(connection) != self._schema:
            for statement in self._statements:
                connection.execute(statement)
            self._schema = _read_schema(connection)


def _read_schema(connection: sqlite3.Connection) -> int:
    """A number that SQLite raises whenever a table is made or dropped."""
    (number,) = connection.execute("PRAGMA schema_version").fetchone()
    return int(number)
