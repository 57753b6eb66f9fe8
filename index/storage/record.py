"""The write side of the catalog: vectors as they come, versions staged, then live all at once."""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from index.catalog import (
    BUSY_MILLISECONDS,
    SCHEMA,
    TABLES,
    catalog_path,
    check_not_newer,
    last_generation,
    read_meta,
    unusable,
)
from index.lineage.address import address_of
from index.lineage.identity import LiveFile
from index.lineage.versions import load_articles
from index.storage import pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.embed import EmbeddedArticle
    from index.types import Article, Vector

CHECKPOINT_MILLISECONDS = 200

# What articles were before, which the corpus no longer holds. Schema 1 kept no times.
HISTORY = ("versions", "articles", "paths", "copies")
FIRST_WITH_HISTORY = 2

# Tables of this beginning belong to front ends: what people said and set, which no article can
# bring back, so that an older schema is emptied around them.
FRONT_ENDS = "bot_"


@contextmanager
def open_record(folder: Path) -> Iterator[Record]:
    """The catalog of ``folder``, open to write; the caller holds the lock.

    An older schema is emptied here, except for the vectors and what articles were before. Raises
    IndexTooNew, and IndexUnusable for whatever SQLite cannot do in the block: a read-only or full
    disk, a damaged file.
    """
    try:
        connection = sqlite3.connect(
            catalog_path(folder), isolation_level=None, timeout=BUSY_MILLISECONDS / 1000
        )
        try:
            check_not_newer(read_meta(connection), folder)
            connection.execute("PRAGMA journal_mode = WAL")
            # The dirty flag must be on the disk before Chroma is touched.
            connection.execute("PRAGMA synchronous = FULL")
            yield Record(connection)

            # One whole file can be copied, or read from a disk that cannot be written; where a
            # reader is in the way, or no room for it, the next writer does it.
            connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MILLISECONDS}")
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise unusable(folder, error) from error


class Record:
    """What reindexing writes into the catalog.

    Attributes:
        connection: the one connection that writes.
        older: the schema that was found and emptied, None when there was none to empty.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        meta = self.meta()
        schema = int(meta.get("schema") or 0)
        self.older = schema if 0 < schema < SCHEMA else None
        if schema != SCHEMA:
            self._make_tables(last_generation(meta))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the catalog: all of the block or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def _make_tables(self, generation: int) -> None:
        """Make the tables anew; of an older schema what no corpus can bring back is taken over."""
        with self.transaction() as connection:
            has_history = (self.older or 0) >= FIRST_WITH_HISTORY
            columns = {name: self._columns(name) for name in HISTORY if has_history}
            for name in columns:
                connection.execute(f"CREATE TEMP TABLE old_{name} AS SELECT * FROM {name}")  # noqa: S608
            self._drop_tables()
            for statement in TABLES.strip().removesuffix(";").split(";\n"):
                connection.execute(statement)
            for name, known in columns.items():
                common = ", ".join(sorted(known & self._columns(name)))
                connection.execute(
                    f"INSERT INTO {name} ({common}) SELECT {common} FROM temp.old_{name}"  # noqa: S608
                )
                connection.execute(f"DROP TABLE temp.old_{name}")
            meta = {
                "schema": SCHEMA,
                "taken_over": int(has_history),
                "last_generation": generation,
                "catalog": uuid.uuid4().hex[:12],
            }
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())

    def _columns(self, table: str) -> set[str]:
        rows = self.connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return {name for (name,) in rows}

    def _drop_tables(self) -> None:
        found = self.connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        virtual = ("passage_vocabulary", "article_vocabulary", "passage_terms", "article_terms")
        names = [name for (name,) in found if name != "vectors" and not name.startswith(FRONT_ENDS)]
        for name in names:
            if not name.startswith(tuple(f"{table}_" for table in virtual)):
                self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')

    # The state of the index

    def meta(self) -> dict[str, Any]:
        """Every entry of ``meta``."""
        return read_meta(self.connection)

    def set_meta(self, **values: str | int | None) -> None:
        """Write entries of ``meta`` in one transaction."""
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def live_files(self) -> list[LiveFile]:
        """Every live article, by path."""
        sql = """
            SELECT articles.id, articles.path, file_hash, version, address
            FROM articles JOIN versions ON versions.key = articles.version_key
            ORDER BY articles.path
        """
        return [
            LiveFile(id=name, path=path, file_hash=file_hash, version=version, address=address)
            for name, path, file_hash, version, address in self.connection.execute(sql)
        ]

    def find_earlier(self, path: str, address: str | None) -> list[str]:
        """Ids of articles that are not live and had this address or path, the latest first."""
        sql = """
            SELECT article_id FROM versions
            WHERE made IS NOT NULL AND article_id NOT IN (SELECT id FROM articles)
                AND (address = :address OR article_id IN (
                    SELECT article_id FROM paths WHERE path = :path))
            GROUP BY article_id ORDER BY max(address IS :address) DESC, max(key) DESC
        """
        values = {"path": path, "address": address}
        return [name for (name,) in self.connection.execute(sql, values)]

    def is_known(self, article_id: str) -> bool:
        """Whether there is any version of such an article, live or not."""
        sql = "SELECT 1 FROM versions WHERE article_id = ? LIMIT 1"
        return self.connection.execute(sql, (article_id,)).fetchone() is not None

    def copies(self) -> set[tuple[str, str, bytes]]:
        """The files that are copies of articles: path, article's id, hash."""
        return set(self.connection.execute("SELECT path, article_id, file_hash FROM copies"))

    def set_copies(self, copies: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep these in place of those that were kept."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM copies")
            connection.executemany("INSERT INTO copies VALUES (?, ?, ?)", copies)

    def load_live(self, path: str) -> Article:
        """The live article of this path."""
        row = self.connection.execute("SELECT version_key FROM articles WHERE path = ?", (path,))
        (key,) = row.fetchone()
        return load_articles(self.connection, [key])[key]

    # Vectors by text

    def known_vectors(
        self, embedder: str, dimensions: int, hashes: Sequence[str]
    ) -> dict[str, Vector]:
        """The vectors this embedder has computed before, by text hash."""
        sql = """SELECT text_hash, vector FROM vectors
            WHERE embedder = ? AND text_hash IN (SELECT value FROM json_each(?))"""
        rows = self.connection.execute(sql, (embedder, json.dumps(list(hashes))))
        return {name: pack.unpack_vectors(packed, dimensions)[0] for name, packed in rows}

    # Staging

    def clear_staged(self) -> None:
        """Forget versions that a killed reindex left unpublished."""
        if not self.connection.execute("SELECT 1 FROM staged").fetchone():
            return
        with self.transaction() as connection:
            for table, column in (("passages", "version_key"), ("versions", "key")):
                connection.execute(
                    f"DELETE FROM {table} WHERE {column} IN (SELECT version_key FROM staged)"  # noqa: S608
                )
            connection.execute("DELETE FROM staged")

    def stage(
        self, embedder: str, articles: Sequence[EmbeddedArticle], hashes: Mapping[str, bytes]
    ) -> None:
        """Keep these articles, ready to go live; ``hashes`` are their files', by path."""
        with self.transaction() as connection:
            for embedded in articles:
                self._unstage(embedded.article.id)
                self._keep_vectors(embedder, embedded)
                key = self._insert_version(embedded)
                self._insert_passages(key, embedded)
                file_hash = hashes[embedded.article.path]
                connection.execute("INSERT INTO staged VALUES (?, ?)", (key, file_hash))

    def _unstage(self, article_id: str) -> None:
        """Drop what was staged of this article before: a newer copy of it has been found."""
        sql = """SELECT key FROM versions JOIN staged ON version_key = key WHERE article_id = ?"""
        for (key,) in self.connection.execute(sql, (article_id,)).fetchall():
            self.connection.execute("DELETE FROM passages WHERE version_key = ?", (key,))
            self.connection.execute("DELETE FROM versions WHERE key = ?", (key,))
            self.connection.execute("DELETE FROM staged WHERE version_key = ?", (key,))

    def _keep_vectors(self, embedder: str, embedded: EmbeddedArticle) -> None:
        from index.embed import text_hash

        text = embedded.article.text
        sentences = [s for passage in embedded.passages for s in passage.sentences]
        rows = [
            (embedder, text_hash(text[s.start : s.end]), pack.pack_vectors(vector))
            for s, vector in zip(sentences, embedded.vectors, strict=True)
        ]
        self.connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)

    def _insert_version(self, embedded: EmbeddedArticle) -> int:
        article = embedded.article
        body = (article.text[p.start : p.end] for p in article.paragraphs)
        number_of_words = sum(len(paragraph.split()) for paragraph in body)
        row = {
            "key": None,
            "article_id": article.id,
            "version": article.version,
            "path": article.path,
            "title": article.title,
            "outlet": article.outlet,
            "byline": article.byline,
            "published": article.published and article.published.isoformat(),
            "url": article.url,
            "address": address_of(article),
            "made": None,
            "ended": None,
            "notes": json.dumps(article.notes),
            "text": article.text,
            "paragraphs": pack.pack_paragraphs(article.paragraphs),
            "number_of_passages": len(embedded.passages),
            "number_of_words": number_of_words,
            "vector": pack.pack_vectors(pack.mean_vector(embedded.vectors)),
        }
        marks = ", ".join(f":{name}" for name in row)
        key = self.connection.execute(f"INSERT INTO versions VALUES ({marks})", row).lastrowid  # noqa: S608
        return int(key or 0)

    def _insert_passages(self, version_key: int, embedded: EmbeddedArticle) -> None:
        first = 0
        for passage in embedded.passages:
            count = len(passage.sentences)
            row = (
                version_key,
                passage.number,
                passage.start,
                passage.end,
                first,
                count,
                embedded.article.text[passage.start : passage.end],
                pack.pack_sentences(passage.sentences),
                pack.pack_vectors(embedded.vectors[first : first + count]),
            )
            self.connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            )
            first += count
