"""What is live and what will be: the SQL that brings staged versions to life."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.language.words import terms
from index.lineage.stories import link_stories, unlink
from index.storage.pack import index_token, sentence_id, unpack_paragraphs, unpack_vectors

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from index.types import Matrix

FULL_TEXT = """
CREATE VIRTUAL TABLE passage_terms USING fts5 (terms, tokenize = 'ascii');
CREATE VIRTUAL TABLE article_terms USING fts5 (terms, tokenize = 'ascii');
"""

STAGED = "version_key IN (SELECT version_key FROM staged)"
LIVE = "version_key IN (SELECT version_key FROM articles)"

# The articles that publishing takes out of life: replaced by a staged version, or gone.
REPLACED = """
    articles.path IN (SELECT value FROM json_each(:gone))
    OR articles.id IN (
        SELECT article_id FROM staged JOIN versions ON versions.key = staged.version_key)
    OR articles.path IN (
        SELECT path FROM staged JOIN versions ON versions.key = staged.version_key)
"""

# What is live once the staged versions are published and the gone ones are not.
FUTURE = f"""
    {STAGED} OR version_key IN (
        SELECT version_key FROM articles WHERE NOT ({REPLACED}))
"""  # noqa: S608 (constants)


def iterate_vectors(
    connection: sqlite3.Connection, where: str, gone: Sequence[str], rows: int
) -> Iterator[tuple[list[str], Matrix]]:
    """Ids and vectors of the sentences ``where`` chooses, in batches of at most ``rows``."""
    sql = f"""
        SELECT article_id, version, first_sentence, number_of_sentences, vectors
        FROM passages JOIN versions ON versions.key = passages.version_key WHERE {where}
    """  # noqa: S608 (a constant)
    ids: list[str] = []
    packed = bytearray()
    for article, version, first, count, vectors in connection.execute(sql, _gone(gone)):
        ids += [sentence_id(article, version, n) for n in range(first, first + count)]
        packed += vectors
        while len(ids) >= rows:
            size = len(packed) // len(ids)
            yield ids[:rows], unpack_vectors(bytes(packed[: rows * size]), size // 2)
            del ids[:rows], packed[: rows * size]
    if ids:
        yield ids, unpack_vectors(bytes(packed), len(packed) // len(ids) // 2)


def stale_ids(connection: sqlite3.Connection, gone: Sequence[str]) -> list[str]:
    """Ids of the vectors that publishing leaves without a sentence."""
    sql = f"""
        SELECT id, old.version,
            (SELECT sum(number_of_sentences) FROM passages WHERE version_key = old.key),
            (SELECT sum(number_of_sentences) FROM staged
                JOIN versions AS new ON new.key = staged.version_key
                JOIN passages ON passages.version_key = new.key
                WHERE new.article_id = old.article_id AND new.version = old.version)
        FROM articles JOIN versions AS old ON old.key = articles.version_key WHERE {REPLACED}
    """  # noqa: S608 (a constant)
    return [
        sentence_id(article, version, number)
        for article, version, had, keeps in connection.execute(sql, _gone(gone))
        for number in range(keeps or 0, had or 0)
    ]


def make_live(connection: sqlite3.Connection, gone: Sequence[str], now: float) -> None:
    """Within a transaction: staged versions live, what they replace and what is gone not.

    ``now`` is noted as the time at which versions were made and ended, in seconds since 1970. A
    version that was live already, and is read again, stays as old as it was.
    """
    connection.execute(
        """UPDATE versions SET made = coalesce((
            SELECT old.made FROM articles JOIN versions AS old ON old.key = articles.version_key
            WHERE articles.id = versions.article_id AND old.version = versions.version), :now)
        WHERE key IN (SELECT version_key FROM staged)""",
        {"now": now},
    )
    sql = f"SELECT version_key FROM articles WHERE {REPLACED}"  # noqa: S608 (a constant)
    replaced = connection.execute(sql, _gone(gone)).fetchall()
    for (key,) in replaced:
        take_out(connection, key)
    _index_passages(connection, STAGED)
    _index_articles(connection, STAGED)
    connection.execute(
        """INSERT INTO articles SELECT article_id, path, file_hash, versions.key
        FROM staged JOIN versions ON versions.key = staged.version_key"""
    )
    connection.execute(
        """INSERT OR IGNORE INTO paths SELECT path, article_id
        FROM staged JOIN versions ON versions.key = staged.version_key"""
    )

    staged = connection.execute("SELECT version_key FROM staged ORDER BY 1").fetchall()
    link_stories(connection, (key for (key,) in staged))

    # Texts are kept, but the same version that was only read again is not kept twice.
    connection.executemany(
        """DELETE FROM versions WHERE key = ? AND (article_id, version) IN (
            SELECT article_id, version
            FROM staged JOIN versions ON versions.key = staged.version_key)""",
        replaced,
    )
    connection.executemany(
        "UPDATE versions SET ended = ? WHERE key = ?", [(now, key) for (key,) in replaced]
    )
    connection.execute("DELETE FROM staged")


def remake_full_text(connection: sqlite3.Connection) -> None:
    """Within a transaction: make the full text of what is live anew, whatever state it is in."""
    for table in ("passage_terms", "article_terms"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in FULL_TEXT.strip().removesuffix(";").split(";\n"):
        connection.execute(statement)
    _index_passages(connection, LIVE)
    _index_articles(connection, LIVE)


def count(connection: sqlite3.Connection) -> dict[str, int | str | None]:
    """What a snapshot tells at once: numbers of articles and passages, the span of dates."""
    sql = """
        SELECT count(*), coalesce(sum(number_of_passages), 0), min(published), max(published)
        FROM articles JOIN versions ON versions.key = articles.version_key
    """
    names = ("articles", "passages", "earliest", "latest")
    return dict(zip(names, connection.execute(sql).fetchone(), strict=True))


def number_of_sentences(connection: sqlite3.Connection) -> int:
    """How many vectors are alive."""
    sql = "SELECT coalesce(sum(number_of_sentences), 0) FROM passages"
    return int(connection.execute(sql).fetchone()[0])


def list_live_ids(connection: sqlite3.Connection) -> set[str]:
    """The id of every live sentence."""
    sql = """
        SELECT article_id, version, sum(number_of_sentences)
        FROM versions JOIN passages ON passages.version_key = versions.key
        WHERE versions.key IN (SELECT version_key FROM articles) GROUP BY versions.key
    """
    return {
        sentence_id(article, version, number)
        for article, version, sentences in connection.execute(sql)
        for number in range(sentences)
    }


def _gone(gone: Sequence[str]) -> dict[str, str]:
    return {"gone": json.dumps(list(gone))}


def take_out(connection: sqlite3.Connection, version_key: int) -> None:
    """Within a transaction: an article out of life, with its passages; its text is kept."""
    connection.execute(
        """DELETE FROM passage_terms
        WHERE rowid IN (SELECT key FROM passages WHERE version_key = ?)""",
        (version_key,),
    )
    connection.execute("DELETE FROM passages WHERE version_key = ?", (version_key,))
    connection.execute("DELETE FROM article_terms WHERE rowid = ?", (version_key,))
    connection.execute("DELETE FROM articles WHERE version_key = ?", (version_key,))
    unlink(connection, version_key)


def _index_passages(connection: sqlite3.Connection, where: str) -> None:
    rows = connection.execute(f"SELECT key, text FROM passages WHERE {where}")  # noqa: S608
    connection.executemany(
        "INSERT INTO passage_terms (rowid, terms) VALUES (?, ?)",
        ((key, passage_tokens(text)) for key, text in rows),
    )


def _index_articles(connection: sqlite3.Connection, where: str) -> None:
    rows = connection.execute(
        f"""SELECT version_key, title, outlet, text, paragraphs
        FROM (SELECT *, key AS version_key FROM versions) WHERE {where}"""  # noqa: S608
    )
    connection.executemany(
        "INSERT INTO article_terms (rowid, terms) VALUES (?, ?)",
        ((key, passage_tokens(_searched(*columns))) for key, *columns in rows),
    )


def _searched(title: str, outlet: str | None, text: str, paragraphs: bytes) -> str:
    body = (text[p.start : p.end] for p in unpack_paragraphs(paragraphs))
    return "\n".join([title, outlet or "", *body])


def passage_tokens(text: str) -> str:
    """What stands in the full text for ``text``."""
    return " ".join(map(index_token, terms(text)))
