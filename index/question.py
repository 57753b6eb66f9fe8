"""A question, read once: its terms and their weight, its vector, and what would answer it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.language.asked import Asked, read_asked
from index.language.spelling import correct_terms
from index.language.values import expected_kind
from index.language.words import split_words

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.embedding.word_vectors import WordVectors
    from index.storage.snapshot import Snapshot
    from index.types import Matrix, Vector

# Far above any question that people ask, far below what would hold the machine up.
MAX_CHARACTERS = 2_000

# Terms beyond these would only cost time.
MAX_TERMS = 40

_REASON = re.compile(
    r"\bwhy\b|\bwhat (?:was|is|were|are) the (?:reason|cause)|\bwhat caused", re.IGNORECASE
)
_MANNER = re.compile(r"\bhow\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]*|\b[A-Z]{2,}\b")
_SPEAKING = re.compile(
    r"\b(?:say|says|said|describe|call|tell|told|claim|respond|react|think|state|explain|argue"
    r"|warn|comment|announce)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question as retrieval and ranking see it.

    ``terms`` are distinct and in order, spelt as the articles spell them, ``weights`` their inverse
    document frequency, ``names`` tells which are capitalised within the question. ``kind`` is what
    would answer: that of ``expected_kind``, else "why", "how" or "what". The vectors have unit
    length.
    """

    text: str
    terms: tuple[str, ...]
    weights: Vector = field(compare=False)
    names: tuple[bool, ...]
    kind: str
    asked: Asked
    is_about_speech: bool
    vector: Vector = field(repr=False, compare=False)
    term_vectors: Matrix = field(repr=False, compare=False)


def check_question(text: str) -> str:
    """Return the question with its white space folded.

    Raises:
        QuestionError: there is no word in it, or it is far too long.
    """
    folded = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not any(map(str.isalnum, folded)):
        raise QuestionError("the question is empty: ask something in words")
    if len(folded) > MAX_CHARACTERS:
        raise QuestionError(
            f"the question has {len(folded):,} characters; ask in at most {MAX_CHARACTERS:,}"
        )
    return folded


def read_question(
    text: str, *, snapshot: Snapshot, embedder: Embedder, word_vectors: WordVectors
) -> Question:
    """Read a checked question against the articles of ``snapshot``."""
    words: dict[str, str] = {}
    for word in split_words(text):
        if word.term and len(words) < MAX_TERMS:
            words.setdefault(word.term, text[word.start : word.end])
    meant = correct_terms(words, snapshot=snapshot, word_vectors=word_vectors)
    surfaces = {meant.get(term, term): surface for term, surface in words.items()}
    terms = tuple(surfaces)
    capitalised = set(_CAPITALISED.findall(text))
    return Question(
        text=text,
        terms=terms,
        weights=_weigh(terms, snapshot),
        names=tuple(surface in capitalised for surface in surfaces.values()),
        kind=_kind(text),
        asked=read_asked(text),
        is_about_speech=bool(_SPEAKING.search(text)),
        vector=embedder.embed_question(text),
        term_vectors=word_vectors.look_up(
            [surfaces[term] if term in words else term for term in terms]
        ),
    )


def _weigh(terms: tuple[str, ...], snapshot: Snapshot) -> Vector:
    import numpy as np

    passages = snapshot.number_of_passages
    frequencies = snapshot.document_frequencies(terms)
    return np.array(
        [
            math.log(
                1 + (passages - min(frequencies[term], passages) + 0.5) / (frequencies[term] + 0.5)
            )
            for term in terms
        ],
        np.float32,
    )


def _kind(text: str) -> str:
    if kind := expected_kind(text):
        return kind
    if _REASON.search(text):
        return "why"
    return "how" if _MANNER.search(text) else "what"
