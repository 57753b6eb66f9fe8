"""Do catalog, vectors and corpus agree? Says what differs, and changes nothing.

The writer's lock is held meanwhile, or what a writer is doing would look like a difference.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.catalog import (
    catalog_path,
    check_not_newer,
    connect_to_read,
    is_current,
    is_damage,
    read_meta,
    unusable,
)
from index.errors import IndexUnusable
from index.read import find_articles
from index.storage.fingerprint import damage_mark, repair_mark, vectors_path
from index.storage.inspect_catalog import (
    count_unpublished,
    describe_counts,
    describe_full_text,
    find_broken_articles,
    find_damage,
)
from index.storage.load import find_gone, load_file
from index.storage.lock import hold_lock
from index.storage.publish import UNFINISHED, why_doubtful
from index.storage.verify_vectors import compare_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.settings import Settings
    from index.storage.verify_vectors import Comparison

Part = Literal["catalog", "vectors", "corpus"]
Remedy = Literal["index", "repair"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        part: where it is.
        about: the article's path, "" where it is not about one.
        says: what differs, in a few words.
        remedy: what sets it right: a reindex, or a repair.
    """

    part: Part
    says: str
    remedy: Remedy
    about: str = ""

    def __str__(self) -> str:
        """One line for a person."""
        return ": ".join(part for part in (self.part, self.about, self.says) if part)


def inspect(settings: Settings, *, wait: float = 0) -> tuple[Finding, ...]:
    """Everything in which the index of ``settings`` and its corpus differ; empty when nothing is.

    Raises:
        CorpusError: the corpus folder is missing or unreadable.
        IndexLocked: another process is writing the index.
        IndexTooNew: a newer version of Pullquote wrote it.
        IndexUnusable: there is no index, or its folder cannot be read.
    """
    if not catalog_path(settings.folder).exists():
        raise IndexUnusable(f"there is no index in {settings.folder}; index first")
    with hold_lock(settings.folder, wait=wait):
        return tuple(_inspect(settings))


def _inspect(settings: Settings) -> Iterator[Finding]:
    connection: sqlite3.Connection | None = None
    try:
        connection = connect_to_read(catalog_path(settings.folder))
        connection.execute("BEGIN")
        if damage := find_damage(connection):
            yield _damaged(damage)
            return
        meta = read_meta(connection)
        check_not_newer(meta, settings.folder)
        if not is_current(meta, settings):
            yield Finding(
                part="catalog",
                says="it is not finished, or was made with other settings or an older version",
                remedy="index",
            )
            return
        yield from _inspect_catalog(connection, settings.folder)
        yield from _inspect_vectors(connection, settings.folder)
        yield from _inspect_corpus(connection, settings)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise unusable(settings.folder, error) from error
        yield _damaged(str(error))
    finally:
        if connection:
            connection.close()


def _damaged(why: str) -> Finding:
    says = f"the file is damaged ({' '.join(why.split())})"
    return Finding(part="catalog", says=says, remedy="repair")


def _inspect_catalog(connection: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    if damage_mark(folder).exists():
        yield Finding(part="catalog", says="a reader came upon damage", remedy="repair")
    for path, says in sorted(find_broken_articles(connection).items()):
        yield Finding(part="catalog", about=path, says=says, remedy="repair")
    if says := describe_full_text(connection):
        yield Finding(part="catalog", says=f"full text: {says}", remedy="repair")
    if says := describe_counts(connection):
        yield Finding(part="catalog", says=says, remedy="repair")
    if unpublished := count_unpublished(connection):
        says = f"a stopped writer has left {unpublished:,} articles unpublished"
        yield Finding(part="catalog", says=says, remedy="index")


# The vectors


def _inspect_vectors(connection: sqlite3.Connection, folder: Path) -> Iterator[Finding]:
    meta = read_meta(connection)
    doubt = why_doubtful(meta, folder)
    if doubt and doubt != UNFINISHED:
        yield Finding(part="vectors", says=doubt, remedy="index")
        return
    found = list(_describe(compare_vectors(folder)))
    for says in found:
        yield Finding(part="vectors", says=says, remedy="repair")
    if meta.get("dirty") and not found:
        yield Finding(part="vectors", says="a writer was stopped at work on them", remedy="index")
    elif repair_mark(folder).exists() and not found:
        yield Finding(part="vectors", says="a reader could not use them", remedy="index")
    used = vectors_path(folder, str(meta["chroma"]))
    if others := [path for path in used.parent.glob("*") if path != used]:
        says = f"{len(others):,} folders of vectors are not in use"
        yield Finding(part="vectors", says=says, remedy="repair")


def _describe(found: Comparison) -> Iterator[str]:
    if found.failure:
        yield f"they cannot be read: {found.failure}"
    if found.missing:
        yield f"{found.missing:,} sentences have none"
    if found.different:
        yield f"{found.different:,} are not those of their sentences"
    if found.unfound:
        yield f"{found.unfound:,} of those that were tried are not found by a search"
    if found.extra:
        yield f"{found.extra:,} belong to no sentence that is live"


# The corpus


def _inspect_corpus(connection: sqlite3.Connection, settings: Settings) -> Iterator[Finding]:
    paths, unfit = find_articles(settings.corpus)
    for failure in unfit:
        yield Finding(part="corpus", about=failure.path, says=failure.reason, remedy="index")
    sql = "SELECT path, file_hash FROM articles UNION ALL SELECT path, file_hash FROM copies"
    known = dict(connection.execute(sql))
    found: set[str] = set()
    for path in paths:
        name = path.relative_to(settings.corpus).as_posix()
        found.add(name)
        if says := _compare_file(path, known.get(name)):
            yield Finding(part="corpus", about=name, says=says, remedy="index")
    for name in find_gone(known, found, {failure.path for failure in unfit}):
        yield Finding(part="corpus", about=name, says="the file is gone", remedy="index")


def _compare_file(path: Path, known: bytes | None) -> str:
    """How a file differs from what was read of it, "" when it does not."""
    data, file_hash = load_file(path)
    if known is None:
        return "the file is not in the index"
    if data is None:
        return "the file can no longer be read"
    return "" if file_hash == known else "the file has changed"
