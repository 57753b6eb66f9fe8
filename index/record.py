"""The write side of the catalog: vectors as they come, versions staged, then live all at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.catalog import (
    BUSY_MILLISECONDS,
    SCHEMA,
    TABLES,
    catalog_path,
    check_not_newer,
    read_meta,
    unusable,
)
from index.pack import mean_vector, pack_paragraphs, pack_sentences, pack_vectors, unpack_vectors
from index.snapshot import load_articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from index.embed import EmbeddedArticle
    from index.types import Article, Vector

CHECKPOINT_MILLISECONDS = 200

# Tables of this beginning belong to front ends: what people said and set, which no article can
# bring back, so that an older schema is emptied around them.
FRONT_ENDS = "bot_"


@contextmanager
def open_record(folder: Path) -> Iterator[Record]:
    """The catalog of ``folder``, open to write; the caller holds the lock.

    An older schema is emptied here, except for the vectors. Raises IndexTooNew, and IndexUnusable
    for whatever SQLite cannot do in the block: a read-only or full disk, a damaged file.
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
            # reader is in the way the next writer does it.
            connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MILLISECONDS}")
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
        schema = int(self.meta().get("schema") or 0)
        self.older = schema if 0 < schema < SCHEMA else None
        if schema != SCHEMA:
            self._make_tables()

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

    def _make_tables(self) -> None:
        with self.transaction() as connection:
            found = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                " ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            virtual = ("passage_vocabulary", "article_vocabulary", "passage_terms", "article_terms")
            names = [
                name for (name,) in found if name != "vectors" and not name.startswith(FRONT_ENDS)
            ]
            for name in names:
                if not name.startswith(tuple(f"{table}_" for table in virtual)):
                    connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            for statement in TABLES.strip().removesuffix(";").split(";\n"):
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('schema', ?)", (SCHEMA,))

    # The state of the index

    def meta(self) -> dict[str, Any]:
        """Every entry of ``meta``."""
        return read_meta(self.connection)

    def set_meta(self, **values: str | int | None) -> None:
        """Write entries of ``meta`` in one transaction."""
        with self.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def file_hashes(self) -> dict[str, bytes]:
        """For each live path the hash of the file it was read from."""
        return dict(self.connection.execute("SELECT path, file_hash FROM articles"))

    def live_versions(self) -> dict[str, str]:
        """For each live path the version of its article."""
        sql = """SELECT articles.path, version FROM articles
            JOIN versions ON versions.key = articles.version_key"""
        return dict(self.connection.execute(sql))

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
        return {name: unpack_vectors(packed, dimensions)[0] for name, packed in rows}

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
                self._keep_vectors(embedder, embedded)
                key = self._insert_version(embedded)
                self._insert_passages(key, embedded)
                file_hash = hashes[embedded.article.path]
                connection.execute("INSERT INTO staged VALUES (?, ?)", (key, file_hash))

    def _keep_vectors(self, embedder: str, embedded: EmbeddedArticle) -> None:
        from index.embed import text_hash

        text = embedded.article.text
        sentences = [s for passage in embedded.passages for s in passage.sentences]
        rows = [
            (embedder, text_hash(text[s.start : s.end]), pack_vectors(vector))
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
            "notes": json.dumps(article.notes),
            "text": article.text,
            "paragraphs": pack_paragraphs(article.paragraphs),
            "number_of_passages": len(embedded.passages),
            "number_of_words": number_of_words,
            "vector": pack_vectors(mean_vector(embedded.vectors)),
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
                pack_sentences(passage.sentences),
                pack_vectors(embedded.vectors[first : first + count]),
            )
            self.connection.execute(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
            )
            first += count
