"""Set an index right: mend what differs, or start over.

Both end in a reindex, which reads what is marked as broken anew, verifies the vectors where a mark
asks for it, and publishes in one transaction: readers go on answering meanwhile.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from index.catalog import catalog_path, check_not_newer, connect_to_read, read_meta
from index.fingerprint import repair_mark
from index.inspect_catalog import describe_full_text, find_broken_articles, find_damage
from index.live import remake_full_text, take_out
from index.lock import hold_lock
from index.prune import forget_versions
from index.record import FRONT_ENDS, open_record
from index.reindex import reindex

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from index.embed import Embedder
    from index.record import Record
    from index.settings import Settings
    from index.summary import Progress, Summary

AS_ASKED = "as you asked"
_WITHOUT_TEXT = (
    "SELECT version_key FROM articles WHERE version_key NOT IN (SELECT key FROM versions)"
)
SALVAGED = "the catalog was damaged; it is kept beside the new one as {name}"


def repair(
    settings: Settings, embedder: Embedder, *, wait: float = 0
) -> Generator[Progress, None, Summary]:
    """Mend what ``inspect`` would find, as far as it can be mended, and reindex.

    Raises what ``reindex`` raises; IndexUnusable where only a rebuild helps.
    """
    with hold_lock(settings.folder, wait=wait), open_record(settings.folder) as record:
        if record.meta().get("generation"):
            _mend(record)
        repair_mark(settings.folder).touch()
    return (yield from reindex(settings, embedder, wait=wait))


def _mend(record: Record) -> None:
    connection = record.connection
    broken = find_broken_articles(connection)
    with record.transaction():
        if describe_full_text(connection):
            remake_full_text(connection)
        for key in connection.execute(_WITHOUT_TEXT).fetchall():
            take_out(connection, *key)
        for path in broken:
            # No file has this hash, so it is read again.
            connection.execute("UPDATE articles SET file_hash = x'' WHERE path = ?", (path,))


def rebuild(
    settings: Settings, embedder: Embedder, *, wait: float = 0
) -> Generator[Progress, None, Summary]:
    """Read everything anew and build the index from nothing but the corpus.

    What front ends keep in tables of their own stays, and so do the vectors, by their texts, of
    which none is made again. Versions that are no longer live are forgotten. A damaged catalog is
    put aside, and all that can still be read of those tables is carried over.

    Raises what ``reindex`` raises.
    """
    folder = settings.folder
    with hold_lock(folder, wait=wait):
        notes = _start_over(folder) if catalog_path(folder).exists() else ()
    summary = yield from reindex(settings, embedder, wait=wait, anew=AS_ASKED, notes=notes)
    with hold_lock(folder, wait=wait), open_record(folder) as record, record.transaction():
        forget_versions(record.connection)
    return summary


def _start_over(folder: Path) -> tuple[str, ...]:
    """Make sure that there is a catalog to build upon; notes on what had to be done for that."""
    if _is_damaged(folder):
        return _salvage(folder)
    with open_record(folder) as record, record.transaction():
        remake_full_text(record.connection)
    return ()


def _is_damaged(folder: Path) -> bool:
    try:
        with closing(connect_to_read(catalog_path(folder))) as connection:
            check_not_newer(read_meta(connection), folder)
            return bool(find_damage(connection))
    except sqlite3.DatabaseError:
        return True


def _salvage(folder: Path) -> tuple[str, ...]:
    """Put a damaged catalog aside, and begin another with what can be read of the old one."""
    old = catalog_path(folder)
    aside = old.with_name(f"{old.name}.damaged")
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            old.with_name(old.name + suffix).replace(aside.with_name(aside.name + suffix))
    old.replace(aside)
    with open_record(folder) as record, record.transaction() as connection:
        for name, sql, rows in _read_tables(aside):
            if name != "vectors":
                connection.execute(sql)
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f'INSERT OR IGNORE INTO "{name}" VALUES ({marks})', row)  # noqa: S608
    return (SALVAGED.format(name=aside.name),)


def _read_tables(aside: Path) -> Iterator[tuple[str, str, Iterator[tuple[object, ...]]]]:
    """Name, definition and readable rows of the tables worth saving, and of their indexes none."""
    with suppress(sqlite3.DatabaseError), closing(connect_to_read(aside)) as damaged:
        rows = damaged.execute(
            "SELECT type, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
            " ORDER BY type = 'index'"
        ).fetchall()
        for kind, name, sql in rows:
            if name == "vectors" or name.startswith(FRONT_ENDS):
                yield name, sql, _read_rows(damaged, name) if kind == "table" else iter(())


def _read_rows(damaged: sqlite3.Connection, name: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table up to where it cannot be read."""
    with suppress(sqlite3.DatabaseError):
        yield from damaged.execute(f'SELECT * FROM "{name}"')  # noqa: S608 (of its own schema)
