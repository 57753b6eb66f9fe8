"""The catalog: one SQLite file that holds the truth; everything else can be rebuilt from it.

    articles    what is live: one row an article, pointing to its version
    versions    texts with their metadata and when they were live, kept also when superseded
    paths       every path that an article has ever had
    copies      files that are not indexed, as each is another copy of an article
    passages    spans, sentences and vectors, packed so that a hundred load in a few milliseconds
    staged      versions that are ready and not yet live
    vectors     every vector that was ever computed, by embedder and text
    story_sentences, story_links    which articles are copies of one story
    passage_terms, article_terms    full text (FTS5) over ``index.language.words.terms``
    meta        schema, embedder, generation, the state of the vector index

Readers take a snapshot, which is one read transaction: they see one generation and no half article.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, IndexTooNew, IndexUnusable
from index.lineage.stories import TABLES as STORIES
from index.storage.fingerprint import damage_mark
from index.storage.live import FULL_TEXT
from index.storage.lock import describe_failure
from index.storage.pack import Damage
from index.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from index.settings import Settings

# Raise SCHEMA when the tables change, ANALYSIS when words, read, clean, evidence or split would
# give other results for the same file: either makes the next reindex read everything again.
SCHEMA = 2
ANALYSIS = 2

BUSY_MILLISECONDS = 10_000

TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE versions (
    key INTEGER PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, path TEXT NOT NULL,
    title TEXT NOT NULL, outlet TEXT, byline TEXT, published TEXT, url TEXT, address TEXT,
    made REAL, ended REAL, notes TEXT NOT NULL, text TEXT NOT NULL, paragraphs BLOB NOT NULL,
    number_of_passages INTEGER NOT NULL, number_of_words INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX versions_by_article ON versions (article_id, version);
CREATE INDEX versions_by_address ON versions (address) WHERE address IS NOT NULL;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE, file_hash BLOB NOT NULL,
    version_key INTEGER NOT NULL UNIQUE REFERENCES versions (key)) WITHOUT ROWID;
CREATE TABLE paths (
    path TEXT NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (path, article_id)) WITHOUT ROWID;
CREATE TABLE copies (
    path TEXT PRIMARY KEY, article_id TEXT NOT NULL, file_hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE staged (version_key INTEGER PRIMARY KEY, file_hash BLOB NOT NULL);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, version_key INTEGER NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, first_sentence INTEGER NOT NULL,
    number_of_sentences INTEGER NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL,
    vectors BLOB NOT NULL);
CREATE INDEX passages_by_sentence ON passages (version_key, first_sentence, number_of_sentences);
CREATE TABLE IF NOT EXISTS vectors (
    embedder TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (embedder, text_hash)) WITHOUT ROWID;
{FULL_TEXT.strip()}
{STORIES.strip()}
CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab ('passage_terms', 'row');
CREATE VIRTUAL TABLE article_vocabulary USING fts5vocab ('article_terms', 'row');
"""

NAMES = frozenset(re.findall(r"CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)", TABLES))

# What stands in ``meta`` as a number, or not at all.
_NUMBERS = ("schema", "analysis", "generation", "dimensions", "dirty", "dead")


def catalog_path(folder: Path) -> Path:
    """Where the catalog of the index in ``folder`` lies."""
    return folder / "catalog.sqlite3"


def embedding_digest(settings: Settings) -> str:
    """16 hexadecimal digits for the chosen embedding and its options, which may hold secrets."""
    chosen = json.dumps([settings.embedding, dict(settings.embedding_options)], default=repr)
    return hashlib.sha256(chosen.encode()).hexdigest()[:16]


def unusable(folder: Path, error: Exception) -> IndexUnusable:
    """The one line for an index that cannot be read or written."""
    if is_damage(error):
        return IndexDamaged(f"the index in {folder} is damaged ({error}); index again to mend it")
    return IndexUnusable(f"the index in {folder} cannot be used: {describe_failure(error)}")


def is_damage(error: Exception) -> bool:
    """Whether what SQLite has raised means that the file is not what was written."""
    is_other = isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError)
    return not is_other or str(error).startswith("no such ")


def read_meta(connection: sqlite3.Connection) -> dict[str, str | int | None]:
    """Every entry of ``meta``; empty when the file holds no catalog yet.

    Raises Damage where it is not there and once was, or cannot be what was written.
    """
    found = list_tables(connection)
    meta = dict(connection.execute("SELECT name, value FROM meta")) if "meta" in found else {}
    if meta.get("schema") is None and "versions" in found:
        raise Damage("it has lost what it says of itself")
    for name in _NUMBERS:
        if not isinstance(meta.get(name), int | None):
            raise Damage(f"its {name} is no number")
    return meta


def list_tables(connection: sqlite3.Connection) -> set[str]:
    """The names of the tables that there are."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    return {name for (name,) in connection.execute(sql)}


def find_loss(connection: sqlite3.Connection, meta: Mapping[str, str | int | None]) -> str:
    """What is missing from a catalog of this version, "" where nothing is; costs little."""
    if meta.get("schema") == SCHEMA and (lost := NAMES - list_tables(connection)):
        return f"no such table: {min(lost)}"
    if not meta or meta.get("generation") or meta.get("taken_over"):
        return ""
    has_articles = connection.execute("SELECT 1 FROM articles").fetchone()
    return "it has lost its generation" if has_articles else ""


def last_generation(meta: Mapping[str, str | int | None]) -> int:
    """The generation that was published last, also where the catalog was emptied since."""
    return int(meta.get("generation") or meta.get("last_generation") or 0)


def check_not_newer(meta: dict[str, str | int | None], folder: Path) -> None:
    """Raise IndexTooNew when a newer version of Pullquote wrote this index."""
    if int(meta.get("schema") or 0) > SCHEMA:
        raise IndexTooNew(
            f"the index in {folder} was written by a newer version of Pullquote;"
            " update Pullquote or name another index folder"
        )


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, also where nothing can be written.

    On a read-only disk SQLite cannot make the shared memory of its write-ahead log; what lies
    there cannot change either, which is what ``immutable`` promises.
    """
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MILLISECONDS / 1000,
        )
        try:
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
            connection.execute("PRAGMA mmap_size = 268435456")
        except sqlite3.DatabaseError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN or "immutable" in mode:
                raise
        else:
            return connection
    raise AssertionError  # the last mode returns or raises


class Catalog:
    """The read side of an index folder; safe to share between threads.

    Connections wait in a pool, because opening one costs as much as a small question. A folder
    that was deleted and built anew is noticed by the file's identity.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = catalog_path(folder)
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One read transaction over one generation.

        Raises IndexUnusable when there is no index or it cannot be read, IndexTooNew when a
        newer version wrote it. One that is damaged is marked, so that the next reindex mends it.
        """
        file = self._identify()
        try:
            connection = self._take(file)
            try:
                connection.execute("BEGIN")
                meta = read_meta(connection)
                check_not_newer(meta, self.folder)
                if meta.get("schema") != SCHEMA or not meta.get("generation"):
                    raise IndexUnusable(f"there is no finished index in {self.folder}; index first")
                yield Snapshot(connection, meta)
            finally:
                self._give_back(connection, file)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                with suppress(OSError):
                    damage_mark(self.folder).touch()
            raise unusable(self.folder, error) from error

    def close(self) -> None:
        """Close the idle connections; a later snapshot opens new ones."""
        with self._lock:
            self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _identify(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except OSError as error:
            raise IndexUnusable(f"there is no index in {self.folder}; index first") from error
        return status.st_dev, status.st_ino

    def _take(self, file: tuple[int, int]) -> sqlite3.Connection:
        with self._lock:
            if file != self._file:
                self._close_idle()
                self._file = file
            if self._idle:
                return self._idle.pop()
        return connect_to_read(self._path)

    def _give_back(self, connection: sqlite3.Connection, file: tuple[int, int]) -> None:
        if connection.in_transaction:
            connection.rollback()
        with self._lock:
            if file == self._file:
                self._idle.append(connection)
                return
        connection.close()


def why_stale(
    meta: Mapping[str, str | int | None], embedder: str, *, older: int | None
) -> str | None:
    """Why every article must be read again, None when only changed ones must.

    Args:
        meta: what the catalog says of itself.
        embedder: the name of the embedder that is used now.
        older: the schema that was found and emptied, None where there was none.
    """
    if older:
        return f"the index had an older format ({older})"
    if not meta.get("generation"):
        # What an earlier catalog held of articles is there, and not yet what they are found by.
        return "it had not been finished" if meta.get("taken_over") else None
    if meta.get("analysis") != ANALYSIS:
        return "the way articles are read has changed"
    if meta.get("embedder") != embedder:
        return f"the embedder is no longer {meta.get('embedder')}"
    return None


def needs_index(settings: Settings) -> bool:
    """Whether a question must wait for a reindex: no index, an older, damaged or other one.

    Costs two small queries; raises IndexTooNew or IndexUnusable as a snapshot would.
    """
    path = catalog_path(settings.folder)
    if not path.exists() or damage_mark(settings.folder).exists():
        return True
    try:
        with closing(connect_to_read(path)) as connection:
            meta = read_meta(connection)
            check_not_newer(meta, settings.folder)
            return bool(find_loss(connection, meta)) or not is_current(meta, settings)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return True
        raise unusable(settings.folder, error) from error


def is_current(meta: Mapping[str, str | int | None], settings: Settings) -> bool:
    """Whether a catalog that says this of itself is finished, and made as it would be now."""
    built = (meta.get("schema"), meta.get("analysis"), meta.get("embedding"))
    is_as_now = built == (SCHEMA, ANALYSIS, embedding_digest(settings))
    return is_as_now and bool(meta.get("generation"))
