"""Forget what no answer needs any more: superseded texts, and vectors that nobody uses."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.catalog import catalog_path
from index.errors import IndexUnusable
from index.storage.lock import hold_lock
from index.storage.pack import unpack_sentences
from index.storage.record import open_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSAGES_AT_ONCE = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What was forgotten.

    Attributes:
        versions: texts of articles that were replaced or are gone.
        vectors: vectors of sentences that stand in no article, or of another embedder.
        bytes: by how much the catalog's file has become smaller.
    """

    versions: int
    vectors: int
    bytes: int


def prune(folder: Path, *, wait: float = 0) -> Pruned:
    """Drop the versions that are not live and the vectors that none of the live ones uses.

    Raises IndexUnusable when there is no index or it cannot be written, IndexLocked when another
    process is writing it, IndexTooNew.
    """
    path = catalog_path(folder)
    if not path.exists():
        raise IndexUnusable(f"there is no index in {folder}; index first")
    with hold_lock(folder, wait=wait):
        before = path.stat().st_size
        with open_record(folder) as record:
            if not record.meta().get("generation"):
                raise IndexUnusable(f"there is no finished index in {folder}; index first")
            with record.transaction() as connection:
                versions = forget_versions(connection)
                vectors = _forget_vectors(connection, str(record.meta()["embedder"]))
            _shrink(record.connection)
        return Pruned(
            versions=versions, vectors=vectors, bytes=max(0, before - path.stat().st_size)
        )


def _shrink(connection: sqlite3.Connection) -> None:
    """Give back the room of what was forgotten; where the disk is too full, it is used again."""
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise


def forget_versions(connection: sqlite3.Connection) -> int:
    """Delete the versions that are neither live nor staged; how many there were."""
    needed = "(SELECT version_key FROM articles UNION SELECT version_key FROM staged)"
    connection.execute(f"DELETE FROM passages WHERE version_key NOT IN {needed}")  # noqa: S608
    return connection.execute(f"DELETE FROM versions WHERE key NOT IN {needed}").rowcount  # noqa: S608


def _forget_vectors(connection: sqlite3.Connection, embedder: str) -> int:
    connection.execute("CREATE TEMP TABLE used (text_hash TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT OR IGNORE INTO used VALUES (?)", _used(connection))
    unused = connection.execute(
        "DELETE FROM vectors WHERE embedder <> ? OR text_hash NOT IN (SELECT text_hash FROM used)",
        (embedder,),
    ).rowcount
    connection.execute("DROP TABLE used")
    return unused


def _used(connection: sqlite3.Connection) -> Iterator[tuple[str]]:
    from index.embed import text_hash

    rows = connection.execute("SELECT text, start, sentences FROM passages")
    while batch := rows.fetchmany(PASSAGES_AT_ONCE):
        for text, start, sentences in batch:
            for sentence in unpack_sentences(sentences):
                yield (text_hash(text[sentence.start - start : sentence.end - start]),)
