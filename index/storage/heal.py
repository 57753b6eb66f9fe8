"""See whether the catalog is whole before it is written to, and set right what is not.

What costs little is looked at each time. All of the file is read, and every article compared with
its passages, only where a reader has come upon damage or a person asks for it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from index.catalog import (
    catalog_path,
    check_not_newer,
    connect_to_read,
    find_loss,
    is_damage,
    list_tables,
    read_meta,
    unusable,
)
from index.errors import IndexDamaged, IndexUnusable
from index.storage.fingerprint import damage_mark
from index.storage.inspect_catalog import describe_full_text, find_broken_articles, find_damage
from index.storage.live import remake_full_text, take_out
from index.storage.lock import FOLDER_REMEDY
from index.storage.pack import is_unit
from index.storage.record import open_record
from index.storage.salvage import salvage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.storage.record import Record

_WITHOUT_TEXT = (
    "SELECT version_key FROM articles WHERE version_key NOT IN (SELECT key FROM versions)"
)


@contextmanager
def open_healed(folder: Path) -> Iterator[tuple[Record, tuple[str, ...]]]:
    """Open the catalog to write, whole; and notes on what had to be done for that.

    The caller holds the lock. Raises what ``open_record`` raises.
    """
    notes = heal(folder)
    mark = damage_mark(folder)
    try:
        with open_record(folder) as record:
            yield record, notes
    except IndexDamaged:
        with suppress(OSError):
            mark.touch()
        raise
    with suppress(OSError):
        # Whoever complained meanwhile had seen the catalog as it was before.
        mark.unlink(missing_ok=True)


def heal(folder: Path, *, is_asked: bool = False) -> tuple[str, ...]:
    """Make the catalog whole; the caller holds the lock.

    Args:
        folder: the index folder.
        is_asked: look at everything, though no reader has complained.

    Returns:
        Notes on what had to be done.

    Raises:
        IndexTooNew: a newer version of Pullquote wrote it.
        IndexUnusable: it cannot be read, or not written.
    """
    mark = damage_mark(folder)
    suspected = is_asked or mark.exists()
    notes: tuple[str, ...] = ()
    if catalog_path(folder).exists():
        if _find_damage(folder, suspected=suspected):
            notes = (_salvage(folder),)
        elif suspected and (broken := _mend(folder)):
            notes = (f"what the catalog held of {broken:,} of the articles was damaged",)
    with suppress(OSError):
        mark.unlink(missing_ok=True)
    return notes


def _find_damage(folder: Path, *, suspected: bool) -> str:
    """Why the file cannot be built upon, "" where it can."""
    try:
        with closing(connect_to_read(catalog_path(folder))) as connection:
            meta = read_meta(connection)
            check_not_newer(meta, folder)
            if not suspected:
                return find_loss(connection, meta)
            # Who complained had found something in it; and what readers hold open is not filled.
            return find_damage(connection) if list_tables(connection) else "it is empty"
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return str(error)
        raise unusable(folder, error) from error


def _salvage(folder: Path) -> str:
    try:
        return salvage(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise IndexUnusable(
            f"the index in {folder} is damaged and cannot be made anew: {reason}; {FOLDER_REMEDY}"
        ) from error


def _mend(folder: Path) -> int:
    """Mark what is broken so that it is read again; make the full text anew where it is wrong.

    Returns:
        How many articles are broken.
    """
    with open_record(folder) as record:
        if not record.meta().get("generation"):
            return 0
        connection = record.connection
        _forget_unsound_vectors(connection)
        broken = find_broken_articles(connection)
        with record.transaction():
            for key in connection.execute(_WITHOUT_TEXT).fetchall():
                take_out(connection, *key)
            for path in broken:
                # No file has this hash, so it is read again.
                connection.execute("UPDATE articles SET file_hash = x'' WHERE path = ?", (path,))
            if describe_full_text(connection):
                remake_full_text(connection)
        return len(broken)


def _forget_unsound_vectors(connection: sqlite3.Connection) -> None:
    """Drop the kept vectors that are none, so that they are computed again."""
    rows = connection.execute("SELECT embedder, text_hash, vector FROM vectors")
    unsound = [(embedder, name) for embedder, name, packed in rows if not is_unit(packed)]
    sql = "DELETE FROM vectors WHERE embedder = ? AND text_hash = ?"
    connection.executemany(sql, unsound)
