"""A statement → the sentences of articles that may bear it out, each contrasted with it.

What is closest is told by meaning, the cosine of the sentences' vectors, and by how many of the
statement's words stand in the sentence: either alone brings up sentences on the same subject.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.checking.contrast import Evidence, contrast
from index.checking.match import Subject
from index.checking.reading import read_sentence_to_compare
from index.comparing.support import read_surroundings
from index.question import read_question
from index.retrieve import retrieve_hits
from index.selecting.rows import list_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.answer import Parts
    from index.checking.contrast import Contrast
    from index.selecting.rows import Row
    from index.storage.snapshot import Snapshot
    from index.types import Article, Hit, Vector

# What is less near than this, by meaning, is not looked at.
_FARTHEST = 0.25
# A sentence that begins so speaks of what the one before names: the two are quoted together.
_PRONOUN = re.compile(r"[\"“‘']?(?:He|She|It|They|His|Her|Its|Their|These|Those|This|That)\b")
_LONGEST = 700  # characters of two sentences that are quoted together


def contrast_all(text: str, *, snapshot: Snapshot, parts: Parts) -> list[Contrast]:
    """What the sentences of the passages nearest to a statement say on it, the closest first."""
    question = read_question(
        text, snapshot=snapshot, embedder=parts.embedder, word_vectors=parts.word_vectors
    )
    hits = retrieve_hits(question, snapshot=snapshot, vectors=parts.vectors, with_copies=True)
    if not hits:
        return []
    rows = list_rows(hits)
    articles = snapshot.load_articles(sorted({hit.passage.article_key for hit in hits}))
    subject = Subject(
        reading=read_sentence_to_compare(text),
        weights=dict(zip(question.terms, map(float, question.weights), strict=True)),
        named=_find_named(rows),
    )
    found = [
        contrast(subject, evidence) for evidence in _gather(rows, hits, articles, question.vector)
    ]
    return sorted(found, key=lambda each: -each.score)


def _gather(
    rows: Sequence[Row], hits: Sequence[Hit], articles: Mapping[int, Article], vector: Vector
) -> Iterator[Evidence]:
    """Every sentence that is near enough, and with the one before where it needs that."""
    import numpy as np

    cosines = (np.concatenate([hit.passage.vectors for hit in hits]) @ vector).tolist()
    for number, row in enumerate(rows):
        if row.sentence.kind == "heading" or cosines[number] < _FARTHEST:
            continue
        article = articles[hits[row.hit].passage.article_key]
        before = rows[number - 1] if number and rows[number - 1].hit == row.hit else None
        yield _evidence(row, row, article, before, cosines[number])
        if before is not None and _needs(row, before):
            higher = max(cosines[number], cosines[number - 1])
            yield _evidence(before, row, article, None, higher)


def _needs(row: Row, before: Row) -> bool:
    """Whether a sentence is not understood without the one before, in the same paragraph."""
    length = row.sentence.end - before.sentence.start
    is_one_paragraph = row.sentence.paragraph == before.sentence.paragraph
    return is_one_paragraph and length <= _LONGEST and bool(_PRONOUN.match(row.words.text))


def _evidence(
    first: Row, last: Row, article: Article, before: Row | None, cosine: float
) -> Evidence:
    start, end = first.sentence.start, last.sentence.end
    return Evidence(
        text=article.text[start:end],
        article=article,
        start=start,
        end=end,
        paragraph=last.sentence.paragraph,
        around=read_surroundings(article, before.words.text if before else ""),
        cosine=cosine,
    )


def _find_named(rows: Sequence[Row]) -> frozenset[str]:
    """The terms that stand in these sentences in names, and never as plain words."""
    named: set[str] = set()
    plain: set[str] = set()
    for row in rows:
        inside = {
            term
            for value, terms in row.words.values
            if value.kind == "name" and (value.start or len(terms) > 1)
            for term in terms
        }
        named |= inside
        plain |= set(row.words.terms) - inside - _at_start(row)
    return frozenset(named - plain)


def _at_start(row: Row) -> set[str]:
    """The first term of a sentence has a capital whatever it is."""
    return set(row.words.terms[:1])
