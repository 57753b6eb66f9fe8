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


@contextmanager
def open_tables(folder: Path, tables: str) -> Iterator[sqlite3.Connection]:
    """One transaction on the file of the index in ``folder``; blocks.

    Args:
        folder: the index.
        tables: statements that make what is needed where it is not there, one a line or more.

    Raises:
        IndexUnusable: the file cannot be read or written.
    """
    try:
        address = f"{catalog_path(folder.absolute()).as_uri()}?mode=rw"
        opened = sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)
        with closing(opened) as connection, connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            for statement in tables.strip().removesuffix(";").split(";\n"):
                connection.execute(statement)
            yield connection
    except sqlite3.DatabaseError as error:
        raise unusable(folder, error) from error
