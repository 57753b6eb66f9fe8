"""Does the catalog fit together? Texts, passages, vectors and full text against each other."""

from __future__ import annotations

import json
import sqlite3
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from index.catalog import find_loss, is_damage, read_meta
from index.lineage.versions import load_articles
from index.storage.live import count, passage_tokens
from index.storage.pack import Damage, unpack_sentences, unpack_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PASSAGES_AT_ONCE = 256

# Vectors are kept as float16; the same text always has the same vector.
TOLERANCE = 0.01

_BROKEN = """
    SELECT articles.path, CASE
        WHEN versions.key IS NULL THEN 'its text is missing'
        WHEN number_of_passages <> (
            SELECT count(*) FROM passages WHERE version_key = versions.key)
            THEN 'some of its passages are missing'
        ELSE 'its passages are not what its text says' END
    FROM articles LEFT JOIN versions ON versions.key = articles.version_key
    WHERE versions.key IS NULL
        OR number_of_passages <> (SELECT count(*) FROM passages WHERE version_key = versions.key)
        OR EXISTS (
            SELECT 1 FROM passages WHERE version_key = versions.key
            AND passages.text <> substr(versions.text, passages.start + 1, end - start))
    ORDER BY articles.path
"""

_PASSAGES = """
    SELECT articles.path, passages.text, passages.start, passages.sentences, passages.vectors
    FROM passages JOIN articles ON articles.version_key = passages.version_key
"""

_WITHOUT_TERMS = """
    SELECT count(*) FROM passages JOIN articles ON articles.version_key = passages.version_key
    WHERE passages.key NOT IN (SELECT id FROM passage_terms_content)
"""
_STRAY_TERMS = """
    SELECT count(*) FROM passage_terms_content WHERE id NOT IN (
        SELECT key FROM passages WHERE version_key IN (SELECT version_key FROM articles))
"""
_ARTICLE_TERMS = """
    SELECT (SELECT count(*) FROM articles
            WHERE version_key NOT IN (SELECT id FROM article_terms_content)),
        (SELECT count(*) FROM article_terms_content
            WHERE id NOT IN (SELECT version_key FROM articles))
"""


class _Passage(NamedTuple):
    path: str
    texts: tuple[str, ...]
    vectors: bytes


def find_damage(connection: sqlite3.Connection) -> str:
    """Why the file itself cannot be relied on, "" when it can."""
    try:
        if lost := find_loss(connection, read_meta(connection)):
            return lost
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return str(error)
        raise
    return "" if found == "ok" else str(found)


def find_broken_articles(connection: sqlite3.Connection) -> dict[str, str]:
    """For each path whose article must be read anew: what is wrong with it."""
    broken = dict(connection.execute(_BROKEN).fetchall())
    broken |= dict.fromkeys(_find_unreadable(connection), "its text is not what was read")
    meta = read_meta(connection)
    embedder, dimensions = str(meta["embedder"]), int(meta["dimensions"] or 0)
    rows = (_read_passage(row) for row in connection.execute(_PASSAGES) if row[0] not in broken)
    while batch := list(islice(rows, PASSAGES_AT_ONCE)):
        for path in _with_other_vectors(connection, batch, embedder, dimensions):
            broken.setdefault(path, "its vectors are not those of its sentences")
    return broken


def _find_unreadable(connection: sqlite3.Connection) -> Iterator[str]:
    """The paths of articles whose row, or one of whose passages, is not what was written."""
    sql = """SELECT articles.path, versions.key, versions.version
        FROM articles JOIN versions ON versions.key = version_key ORDER BY articles.path"""
    for path, key, version in connection.execute(sql).fetchall():
        try:
            is_as_read = load_articles(connection, [key])[key].version == version
            sql = "SELECT sentences FROM passages WHERE version_key = ?"
            for (packed,) in connection.execute(sql, (key,)):
                unpack_sentences(packed)
        except Damage:
            is_as_read = False
        if not is_as_read:
            yield path


def _read_passage(row: tuple[str, str, int, bytes, bytes]) -> _Passage:
    path, text, start, sentences, vectors = row
    spans = unpack_sentences(sentences)
    return _Passage(path, tuple(text[s.start - start : s.end - start] for s in spans), vectors)


def _with_other_vectors(
    connection: sqlite3.Connection, batch: Sequence[_Passage], embedder: str, dimensions: int
) -> Iterator[str]:
    """The paths of passages that have too few vectors, or others than were computed."""
    import numpy as np

    from index.embed import text_hash

    hashes = [[text_hash(text) for text in passage.texts] for passage in batch]
    sql = """SELECT text_hash, vector FROM vectors
        WHERE embedder = ? AND text_hash IN (SELECT value FROM json_each(?))"""
    wanted = json.dumps(sorted({name for names in hashes for name in names}))
    known = dict(connection.execute(sql, (embedder, wanted)))
    for passage, names in zip(batch, hashes, strict=True):
        if len(passage.vectors) != 2 * dimensions * len(names):
            yield passage.path
            continue
        vectors = unpack_vectors(passage.vectors, dimensions)
        rows = [row for row, name in enumerate(names) if name in known]
        computed = b"".join(known[names[row]] for row in rows)
        if len(computed) != 2 * dimensions * len(rows) or not np.allclose(
            vectors[rows], unpack_vectors(computed, dimensions), atol=TOLERANCE
        ):
            yield passage.path


def describe_full_text(connection: sqlite3.Connection) -> str:
    """How the full text differs from the passages and articles, "" when it does not."""
    (without,) = connection.execute(_WITHOUT_TERMS).fetchone()
    (stray,) = connection.execute(_STRAY_TERMS).fetchone()
    titles, stray_titles = connection.execute(_ARTICLE_TERMS).fetchone()
    if without or titles:
        return f"{without:,} passages and {titles:,} articles are not in it"
    if stray or stray_titles:
        return f"{stray:,} passages and {stray_titles:,} articles in it are not live"
    sql = """SELECT text, c0 FROM passages JOIN passage_terms_content ON id = passages.key"""
    other = sum(passage_tokens(text) != terms for text, terms in connection.execute(sql))
    if other:
        return f"{other:,} passages stand in it with other words than theirs"
    return _describe_postings(connection)


def _describe_postings(connection: sqlite3.Connection) -> str:
    """Whether every passage is found by its words: the inverted lists against what is stored."""
    indexed = "SELECT coalesce(sum(cnt), 0) FROM passage_vocabulary"
    stored = (
        "SELECT coalesce(sum(length(c0) - length(replace(c0, ' ', '')) + 1), 0)"
        " FROM passage_terms_content WHERE c0 <> ''"
    )
    try:
        same = connection.execute(indexed).fetchone() == connection.execute(stored).fetchone()
    except sqlite3.DatabaseError:
        same = False
    return "" if same else "its lists of words are not those of the passages"


def describe_counts(connection: sqlite3.Connection) -> str:
    """Which of the numbers that every answer states are not right, "" when all are."""
    meta = read_meta(connection)
    wrong = [name for name, value in count(connection).items() if meta.get(name) != value]
    return f"the numbers kept of {' and '.join(wrong)} are wrong" if wrong else ""


def count_unpublished(connection: sqlite3.Connection) -> int:
    """How many articles a stopped writer has prepared and not published."""
    return int(connection.execute("SELECT count(*) FROM staged").fetchone()[0])
