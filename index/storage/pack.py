"""Sentences and vectors ⇄ bytes, terms ⇄ tokens, rows → articles: how the catalog keeps them.

Vectors are kept as float16, which moves a cosine by less than 0.001 and halves the file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Article, Paragraph, Sentence, StoredArticle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.types import Matrix, ParagraphKind, Vector

KINDS: tuple[ParagraphKind, ...] = ("text", "heading", "caption")
SENTENCE = struct.Struct("<IIIB")
PARAGRAPH = struct.Struct("<IIB")

LONGEST_TERM = 64

# How far the length of a vector that is kept as float16 may be from 1.
TOLERANCE = 0.01


class Damage(sqlite3.DatabaseError):
    """What stands in the catalog cannot have been written there: SQLite itself has not noticed."""


@contextmanager
def _telling_damage() -> Iterator[None]:
    """Turn what reading an impossible row raises into Damage."""
    try:
        yield
    except (struct.error, IndexError, TypeError, ValueError) as error:
        raise Damage("a row of it cannot be read") from error


def index_token(term: str) -> str:
    """The form in which a term stands in the full text, whatever characters it has.

    FTS5's ascii tokenizer keeps letters and digits of every script together; any other term
    is replaced by a digest, behind a private-use letter so that it meets no real word.
    """
    if term.isalnum() and len(term) <= LONGEST_TERM and term == term.lower():
        return term
    return "\ue000" + hashlib.sha256(term.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sentence_id(article_id: str, version: str, number: int) -> str:
    """The name of a sentence's vector; ``number`` counts from 0 in the article."""
    return f"{article_id}@{version}:{number}"


def pack_sentences(sentences: Iterable[Sentence]) -> bytes:
    """13 bytes a sentence: start, end, paragraph, kind."""
    return b"".join(
        SENTENCE.pack(s.start, s.end, s.paragraph, KINDS.index(s.kind)) for s in sentences
    )


@_telling_damage()
def unpack_sentences(packed: bytes) -> tuple[Sentence, ...]:
    """Undo ``pack_sentences``."""
    return tuple(
        Sentence(start=start, end=end, paragraph=paragraph, kind=KINDS[kind])
        for start, end, paragraph, kind in SENTENCE.iter_unpack(packed)
    )


def pack_paragraphs(paragraphs: Iterable[Paragraph]) -> bytes:
    """9 bytes a paragraph: start, end, kind."""
    return b"".join(PARAGRAPH.pack(p.start, p.end, KINDS.index(p.kind)) for p in paragraphs)


@_telling_damage()
def unpack_paragraphs(packed: bytes) -> tuple[Paragraph, ...]:
    """Undo ``pack_paragraphs``."""
    return tuple(
        Paragraph(start=start, end=end, kind=KINDS[kind])
        for start, end, kind in PARAGRAPH.iter_unpack(packed)
    )


def pack_vectors(vectors: Matrix | Vector) -> bytes:
    """Two bytes a number, row after row."""
    return vectors.astype("<f2").tobytes()


@_telling_damage()
def unpack_vectors(packed: bytes, dimensions: int) -> Matrix:
    """Undo ``pack_vectors``: float32 ``(rows, dimensions)``."""
    import numpy as np

    return np.frombuffer(packed, "<f2").astype(np.float32).reshape(-1, dimensions)


def is_unit(packed: bytes) -> bool:
    """Whether this is one vector, of the length that every vector has: garbage hardly ever is."""
    import numpy as np

    if len(packed) % 2:
        return False
    length = np.linalg.norm(np.frombuffer(packed, "<f2").astype(np.float32))
    return bool(abs(length - 1) < TOLERANCE)


def mean_vector(vectors: Matrix) -> Vector:
    """The normalised mean of the rows: float32 ``(dimensions,)``; zeros when they cancel out."""
    import numpy as np

    mean: Vector = vectors.mean(axis=0, dtype=np.float32)
    return mean / max(float(np.linalg.norm(mean)), 1e-12)


def unpack_date(value: str | None) -> date | None:
    """A date as the catalog writes it; None for none."""
    return date.fromisoformat(value) if value else None


@_telling_damage()
def unpack_article(row: tuple[Any, ...]) -> Article:
    """An article from its row: key, id, the columns of its metadata, text, paragraphs, notes."""
    _, name, path, title, outlet, byline, published, url, text, paragraphs, notes = row
    return Article(
        path=path,
        text=text,
        title=title,
        paragraphs=unpack_paragraphs(paragraphs),
        outlet=outlet,
        byline=byline,
        published=unpack_date(published),
        url=url,
        notes=tuple(json.loads(notes)),
        identity=name,
    )


@_telling_damage()
def unpack_stored_article(row: tuple[Any, ...]) -> StoredArticle:
    """A listed article from its row: id, version, its counts, the columns of its metadata."""
    name, version, passages, words, path, title, outlet, byline, published, url = row
    return StoredArticle(
        id=name,
        version=version,
        path=path,
        title=title,
        outlet=outlet,
        byline=byline,
        published=unpack_date(published),
        url=url,
        number_of_passages=passages,
        number_of_words=words,
    )
