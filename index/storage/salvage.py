"""Save what can be saved of a damaged catalog into a new one, which takes its place.

Articles are read again from the corpus in any case. What no corpus can bring back is carried over
as far as it can be read: what front ends keep, what articles were before, and the vectors, which
take long to make. The damaged file is kept beside the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from index.catalog import catalog_path, connect_to_read, last_generation, read_meta
from index.storage.fingerprint import SQLITE_HEADER
from index.storage.pack import Damage, is_unit, unpack_article
from index.storage.record import FRONT_ENDS, HISTORY, open_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.storage.record import Record

Row = dict[str, Any]

SALVAGED = "the catalog was damaged; it is kept beside the new one as {name}"

_ARTICLE = "path title outlet byline published url text paragraphs notes".split()


def salvage(folder: Path) -> str:
    """Put a new catalog in the place of the damaged one; the caller holds the lock.

    Stopped at any moment, it leaves the old one in its place or the new one, and whole.

    Returns:
        What was done, in a line.
    """
    old, workshop = catalog_path(folder), folder / "salvage"
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir()
    try:
        _lengthen(old)
        with open_record(workshop) as record:
            _carry_over(old, record)
        return SALVAGED.format(name=_take_place(workshop, old))
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _lengthen(path: Path) -> None:
    """Make a file that was cut as long as it says it is: SQLite reads nothing of it otherwise."""
    with path.open("r+b") as file, suppress(OSError):
        head = file.read(SQLITE_HEADER.size)
        if len(head) < SQLITE_HEADER.size:
            return
        magic, page_size, pages = SQLITE_HEADER.unpack(head)
        whole = (page_size if page_size > 1 else 65_536) * pages
        if magic == b"SQLite format 3\0" and whole > os.fstat(file.fileno()).st_size:
            file.truncate(whole)


def _take_place(workshop: Path, old: Path) -> str:
    """Put the new catalog in the old one's place; the name under which that is kept."""
    names = (f"{old.name}.damaged{number or ''}" for number in count())
    aside = next(path for path in map(old.with_name, names) if not path.exists())
    try:
        # Two names for a moment, so that there is a catalog at every moment.
        os.link(old, aside)
    except OSError:
        shutil.copyfile(old, aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            old.with_name(old.name + suffix).replace(aside.with_name(aside.name + suffix))
    catalog_path(workshop).replace(old)
    return aside.name


# What is carried over


def _carry_over(old: Path, record: Record) -> None:
    """Read what can be read; what cannot be written stops it, so that nothing is left behind."""
    try:
        connected = connect_to_read(old)
    except sqlite3.DatabaseError:
        return
    with closing(connected) as damaged, record.transaction() as connection:
        # A letter that is none spoils its row, not all that come after it.
        damaged.text_factory = lambda data: data.decode("utf-8", "replace")
        for kind, name, sql in _list_worthy(damaged):
            if name.startswith(FRONT_ENDS):
                _define(connection, sql)
            if kind == "table":
                _fill(connection, name, _read_rows(damaged, name))
        _tie_loose_ends(connection)
        meta = {"taken_over": 1, "last_generation": _read_generation(damaged)}
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _define(connection: sqlite3.Connection, sql: str) -> None:
    """Make a table or an index, unless its definition is damaged."""
    try:
        connection.execute(sql)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise


def _list_worthy(damaged: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Kind, table and definition of what is worth saving, indexes after their tables."""
    try:
        rows = damaged.execute(
            "SELECT type, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
            " AND type IN ('table', 'index') ORDER BY type = 'index'"
        ).fetchall()
    except sqlite3.DatabaseError:
        return []
    return [
        (kind, name, sql)
        for kind, name, sql in rows
        if name.startswith(FRONT_ENDS) or (kind == "table" and name in {"vectors", *HISTORY})
    ]


def _fill(connection: sqlite3.Connection, name: str, rows: Iterator[Row]) -> None:
    known = {column for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")')}
    for row in rows:
        if not (known and _is_sound(name, row)):
            continue
        columns = [column for column in row if column in known]
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        connection.execute(
            f'INSERT OR IGNORE INTO "{name}" ({names}) VALUES ({marks})',  # noqa: S608 (of the schema)
            [row[column] for column in columns],
        )


def _read_rows(damaged: sqlite3.Connection, name: str) -> Iterator[Row]:
    """The rows of a table up to where it cannot be read, then those from its end back to there.

    A row in the part that both ways can read comes twice.
    """
    columns = damaged.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = sorted((place, column) for _, column, _, _, _, place in columns if place)
    by_key = ", ".join(f'"{column}" DESC' for _, column in keys)
    for order in ("", f"ORDER BY {by_key}"):
        try:
            found = damaged.execute(f'SELECT * FROM "{name}" NOT INDEXED {order}')  # noqa: S608
            heads = [head for head, *_ in found.description]
            yield from (dict(zip(heads, row, strict=True)) for row in found)
        except sqlite3.DatabaseError:
            if not by_key:
                return
        else:
            return


def _is_sound(name: str, row: Row) -> bool:
    """Whether a row is as it was written, where that can be told: garbage may look like a row."""
    try:
        if name == "vectors":
            return is_unit(row["vector"])
        return name != "versions" or _is_version(row)
    except (Damage, KeyError, TypeError, ValueError):
        return False


def _is_version(row: Row) -> bool:
    """Whether it was live once, and its text is the one of which its name is a digest."""
    values = (row[column] for column in _ARTICLE)
    return (
        row["made"] is not None
        and unpack_article((row["key"], row["article_id"], *values)).version == row["version"]
    )


def _tie_loose_ends(connection: sqlite3.Connection) -> None:
    """Within a transaction: an article for each version that was live, and for no other."""
    connection.execute("DELETE FROM articles WHERE version_key NOT IN (SELECT key FROM versions)")
    # No file has this hash, so it is read again.
    connection.execute(
        "INSERT OR IGNORE INTO articles SELECT article_id, path, x'', key FROM versions"
        " WHERE ended IS NULL ORDER BY key DESC"
    )
    connection.execute(
        "UPDATE versions SET ended = coalesce(ended, made)"
        " WHERE key NOT IN (SELECT version_key FROM articles)"
    )


def _read_generation(damaged: sqlite3.Connection) -> int:
    """The generation that was published last, 0 where it cannot be read."""
    try:
        return last_generation(read_meta(damaged))
    except sqlite3.DatabaseError:
        return 0
