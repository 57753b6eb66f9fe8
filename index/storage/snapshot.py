"""One consistent look into the catalog: all that retrieval and selection read from it."""

from __future__ import annotations

import json
import math
import re
from heapq import nlargest
from typing import TYPE_CHECKING, Any

from index.lineage.stories import list_linked, list_members
from index.lineage.versions import (
    ARTICLE,
    find_path,
    find_version,
    list_versions,
    list_versions_of,
    load_articles,
    match_reference,
)
from index.storage.live import iterate_vectors
from index.storage.pack import (
    index_token,
    unpack_date,
    unpack_sentences,
    unpack_stored_article,
    unpack_vectors,
)
from index.types import StoredPassage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from index.lineage.versions import Version
    from index.types import Article, Matrix, Sentence, StoredArticle, Vector

# As many sentences are compared at once in an exact search: 1.5 MB of float32 at 384 dimensions,
# which stay in the processor's cache.
SENTENCES_AT_ONCE = 1024

# The rarest terms of a long question decide; SQLite joins at most 500 queries.
LONGEST_QUERY = 64

_PARTS = re.compile(r"(.+)@(.+):(\d+)")


class Snapshot:
    """What one generation holds; good within the ``with`` of ``Catalog.snapshot``.

    Attributes:
        generation: rises with every publication.
        embedder: the name of the embedder whose vectors these are.
        dimensions: the length of those vectors.
        vector_folder: the name of the current Chroma folder, None when there is none.
        vector_files: the fingerprint of that folder.
        is_dirty: a writer is at work on the Chroma folder, or was killed at it.
        catalog: tells this catalog from one that was deleted or put aside; None in older ones.
        number_of_articles: live articles.
        number_of_passages: live passages.
    """

    def __init__(self, connection: sqlite3.Connection, meta: Mapping[str, Any]) -> None:
        self._connection = connection
        self._meta = meta
        self.generation = int(meta["generation"])
        self.embedder = str(meta["embedder"])
        self.dimensions = int(meta["dimensions"])
        self.vector_folder: str | None = meta.get("chroma")
        self.vector_files = str(meta.get("chroma_files") or "")
        self.is_dirty = bool(meta.get("dirty"))
        self.catalog: str | None = meta.get("catalog")
        self.number_of_articles = int(meta["articles"])
        self.number_of_passages = int(meta["passages"])

        # Asked for more than once in answering a question; one snapshot sees one state of things.
        self._known_frequencies: dict[tuple[str, str], int] = {}
        self._known_sentences: dict[str, tuple[int, int] | None] = {}

    def date_span(self) -> tuple[date | None, date | None]:
        """The dates of the oldest and the newest dated article."""
        earliest, latest = self._meta.get("earliest"), self._meta.get("latest")
        return unpack_date(earliest), unpack_date(latest)

    # Full text

    def document_frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """For each term the number of passages that contain it."""
        return self._frequencies("passage", terms)

    def list_terms(self, beginning: str) -> list[tuple[str, int]]:
        """Every term of the passages that begins so, with the number of passages it is in."""
        sql = "SELECT term, doc FROM passage_vocabulary WHERE term >= ? AND term < ?"
        after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        return self._connection.execute(sql, (beginning, after)).fetchall()

    def search_passages(self, terms: Sequence[str], number_of_hits: int) -> list[tuple[int, float]]:
        """Passages with any of the terms: (key, BM25), best first; scores are positive."""
        return self._search("passage", self.number_of_passages, terms, number_of_hits)

    def search_articles(self, terms: Sequence[str], number_of_hits: int) -> list[tuple[int, float]]:
        """Articles with any of the terms in title, outlet or body: (key, BM25), best first."""
        return self._search("article", self.number_of_articles, terms, number_of_hits)

    def _frequencies(self, unit: str, terms: Iterable[str]) -> dict[str, int]:
        sql = f"SELECT doc FROM {unit}_vocabulary WHERE term = ?"  # noqa: S608 (a constant)
        frequencies = {}
        for term in terms:
            if (unit, term) not in self._known_frequencies:
                row = self._connection.execute(sql, (index_token(term),)).fetchone()
                self._known_frequencies[unit, term] = int(row[0]) if row else 0
            frequencies[term] = self._known_frequencies[unit, term]
        return frequencies

    def _search(
        self, unit: str, number: int, terms: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        """BM25 with an idf that stays positive.

        FTS5's own is nil for a term that most documents contain, which in a handful of articles
        on one subject is every term. So each term is scored alone and weighed anew.
        """
        found = [(n, term) for term, n in self._frequencies(unit, terms).items() if n]
        if not found or limit < 1:
            return []
        rarest = sorted(found)[:LONGEST_QUERY]
        one = f"SELECT rowid, -rank * ? AS score FROM {unit}_terms WHERE {unit}_terms MATCH ?"  # noqa: S608
        sql = (
            f"SELECT rowid, sum(score) FROM ({' UNION ALL '.join([one] * len(rarest))})"  # noqa: S608
            " GROUP BY rowid ORDER BY 2 DESC, 1 LIMIT ?"
        )
        values = [v for n, term in rarest for v in (_reweigh(n, number), f'"{index_token(term)}"')]
        return self._connection.execute(sql, (*values, limit)).fetchall()

    # Sentences and passages

    def find_sentences(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """For each id ``article@version:n`` that is live: (passage key, article key)."""
        known = self._known_sentences
        if unknown := [name for name in ids if name not in known]:
            known.update(dict.fromkeys(unknown))
            known.update(self._look_up_sentences(unknown))
        return {name: place for name in ids if (place := known[name])}

    def _look_up_sentences(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        wanted = [[m.group(), *m.groups()] for m in map(_PARTS.fullmatch, ids) if m]
        sql = """
            SELECT wanted.value ->> 0, passages.key, passages.version_key
            FROM json_each(?) AS wanted
            JOIN articles ON articles.id = wanted.value ->> 1
            JOIN versions ON versions.key = articles.version_key
                AND versions.version = wanted.value ->> 2
            JOIN passages ON passages.key = (
                SELECT key FROM passages
                WHERE version_key = articles.version_key
                    AND first_sentence <= CAST(wanted.value ->> 3 AS INTEGER)
                ORDER BY first_sentence DESC LIMIT 1)
            WHERE CAST(wanted.value ->> 3 AS INTEGER)
                < passages.first_sentence + passages.number_of_sentences
        """
        rows = self._connection.execute(sql, (json.dumps(wanted),))
        return {name: (passage, article) for name, passage, article in rows}

    def compare_passages(self, keys: Sequence[int], vector: Vector) -> list[tuple[int, int, float]]:
        """(key, article key, cosine of the nearest sentence) of these passages, by key."""
        import numpy as np

        sql = """
            SELECT key, version_key, number_of_sentences, vectors
            FROM passages WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key
        """
        rows = self._connection.execute(sql, (json.dumps(list(keys)),)).fetchall()
        if not rows:
            return []
        passages, articles, lengths, packed = zip(*rows, strict=True)
        cosines = unpack_vectors(b"".join(packed), self.dimensions) @ vector
        starts = np.cumsum([0, *lengths[:-1]])
        best = np.maximum.reduceat(cosines, starts).tolist()
        return list(zip(passages, articles, best, strict=True))

    def load_passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """The passages of these keys, with their vectors; unknown keys are left out."""
        sql = """
            SELECT key, version_key, number, start, end, text, sentences, vectors
            FROM passages WHERE key IN (SELECT value FROM json_each(?))
        """
        rows = self._connection.execute(sql, (json.dumps(list(keys)),))
        return {row[0]: self._passage(row) for row in rows}

    def _passage(self, row: tuple[Any, ...]) -> StoredPassage:
        key, article_key, number, start, end, text, sentences, vectors = row
        return StoredPassage(
            key=key,
            article_key=article_key,
            number=number,
            start=start,
            end=end,
            text=text,
            sentences=unpack_sentences(sentences),
            vectors=unpack_vectors(vectors, self.dimensions),
        )

    def nearest_sentences(self, vector: Vector, number_of_hits: int) -> list[tuple[str, float]]:
        """Every live sentence compared: (id, cosine), best first; slow and exact."""
        import numpy as np

        best: list[tuple[float, str]] = []
        for ids, vectors in self.live_vectors():
            scores = vectors @ vector
            top = np.argsort(-scores, kind="stable")[:number_of_hits].tolist()
            best = nlargest(number_of_hits, [*best, *((float(scores[n]), ids[n]) for n in top)])
        return [(name, score) for score, name in best]

    def live_vectors(self) -> Iterator[tuple[list[str], Matrix]]:
        """The ids and vectors of every live sentence, in batches."""
        live = "version_key IN (SELECT version_key FROM articles)"
        return iterate_vectors(self._connection, live, (), SENTENCES_AT_ONCE)

    # Articles

    def load_articles(self, keys: Sequence[int]) -> dict[int, Article]:
        """The articles of these keys, with their text; unknown keys are left out."""
        return load_articles(self._connection, keys)

    def article_vectors(self, keys: Sequence[int]) -> dict[int, Vector]:
        """For each article the normalised mean of its sentences' vectors."""
        sql = "SELECT key, vector FROM versions WHERE key IN (SELECT value FROM json_each(?))"
        found = dict(self._connection.execute(sql, (json.dumps(list(keys)),)))
        vectors = unpack_vectors(b"".join(found.values()), self.dimensions)
        return dict(zip(found, vectors, strict=True))

    def list_articles(self) -> tuple[StoredArticle, ...]:
        """Every live article, newest first, undated last, then by path."""
        sql = f"""
            SELECT article_id, version, number_of_passages, number_of_words, versions.{ARTICLE}
            FROM articles JOIN versions ON versions.key = articles.version_key
            ORDER BY published IS NULL, published DESC, versions.path
        """  # noqa: S608 (a constant)
        return tuple(map(unpack_stored_article, self._connection.execute(sql)))

    def find_version(self, path: str, version: str) -> tuple[Article, bool] | None:
        """The article once at this path as it was in ``version``; whether that is live now."""
        return find_version(self._connection, path, version)

    def list_versions(self, path: str) -> tuple[Version, ...]:
        """Every version of the article that is, or was last, at this path; oldest first."""
        return list_versions(self._connection, path)

    def find_path(self, reference: str) -> str:
        """The path, of an article that is or was there, that ``reference`` names."""
        return find_path(self._connection, reference)

    def list_versions_of(self, article_id: str) -> tuple[Version, ...]:
        """Every version of the article of this id; oldest first."""
        return list_versions_of(self._connection, article_id)

    def story_of(self, article_key: int) -> tuple[int, ...]:
        """The keys of the articles that are one story with this one, itself among them."""
        return tuple(list_members(self._connection, article_key))

    def list_linked(self, article_keys: Sequence[int]) -> set[int]:
        """Those of the articles that share their story with any other."""
        return list_linked(self._connection, article_keys)

    def list_sentences(self, article_key: int) -> tuple[Sentence, ...]:
        """Every sentence of an article, in order."""
        sql = "SELECT sentences FROM passages WHERE version_key = ? ORDER BY number"
        rows = self._connection.execute(sql, (article_key,))
        return tuple(each for (packed,) in rows for each in unpack_sentences(packed))

    def find_article(self, reference: str) -> tuple[Article, ...]:
        """The live articles that ``reference`` names: by id or path, else by part of path or title.

        A path may be written with the corpus folder before it. More than one article comes back
        when the reference is ambiguous, none when nothing matches.
        """
        sql = """
            SELECT version_key, id, articles.path, title
            FROM articles JOIN versions ON versions.key = articles.version_key
            ORDER BY articles.path
        """
        keys = match_reference(reference, self._connection.execute(sql).fetchall())
        articles = self.load_articles(keys)
        return tuple(articles[key] for key in keys)


def _reweigh(frequency: int, number: int) -> float:
    """What turns FTS5's idf of a term, which it floors at a millionth, into Lucene's."""
    odds = (number - frequency + 0.5) / (frequency + 0.5)
    floored = math.log(odds)
    return math.log1p(odds) / (floored if floored > 0 else 1e-6)
