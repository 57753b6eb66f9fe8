"""Small made-up articles for the tests of comparing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from index.compare import Candidate
from index.types import Article, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_article(
    path: str, *sentences: str, published: date | None = None, title: str = "News"
) -> Article:
    text = " ".join(sentences)
    return Article(
        path=path,
        text=text,
        title=title,
        paragraphs=(Paragraph(start=0, end=len(text)),),
        published=published,
    )


def candidates_of(article: Article, *scored: tuple[str, float]) -> list[Candidate]:
    """The sentences of ``article`` as candidates, each with its score."""
    found = []
    before = ""
    for sentence, score in scored:
        start = article.text.index(sentence)
        found.append(
            Candidate(
                text=sentence,
                score=score,
                article=article,
                start=start,
                end=start + len(sentence),
                context=before,
            )
        )
        before = sentence
    return found


def newsroom(*stories: Sequence[str], score: float = 0.8, title: str = "News") -> list[Candidate]:
    """One article a story, a day apart, oldest first; every sentence is as relevant."""
    found: list[Candidate] = []
    for day, sentences in enumerate(stories, start=1):
        article = write_article(f"{day}.txt", *sentences, published=date(2023, 5, day), title=title)
        found += candidates_of(article, *((sentence, score) for sentence in sentences))
    return found
