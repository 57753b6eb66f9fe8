"""Answer → JSON under the contract's keys.

Texts are exact here, and escaped only where they are written out (:func:`bot.escape.json_line`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Answer, Article, Citation, Difference, Prose, Quote, StoredArticle


def to_json(answer: Answer) -> dict[str, object]:
    """The answer under the contract's keys; texts are exact, offsets are the article's."""
    found: dict[str, object] = {
        "question": answer.question,
        "grounded": answer.grounded,
        "mode": answer.mode,
        "confidence": round(float(answer.confidence), 4),
        "answer": answer.text,
        "quotes": [_quote_to_json(quote) for quote in answer.quotes],
        "citations": [_citation_to_json(citation) for citation in answer.citations],
        "differences": [_difference_to_json(difference) for difference in answer.differences],
    }
    if not answer.grounded:
        found["nearest"] = [_quote_to_json(quote) for quote in answer.nearest]
    if answer.understood:
        found["understood"] = answer.understood
    if answer.prose is not None:
        found["prose"] = _prose_to_json(answer.prose)
    found["milliseconds"] = round(float(answer.milliseconds), 2)
    return found


def head_to_json(article: Article | StoredArticle) -> dict[str, object]:
    """What is known of an article, as every listing of articles begins."""
    return {
        "article": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
    }


def _quote_to_json(quote: Quote) -> dict[str, object]:
    return {
        "number": quote.number,
        "text": quote.text,
        "article": quote.article,
        "start": quote.start,
        "end": quote.end,
        "answer_span": list(quote.answer_span) if quote.answer_span else None,
        "paragraph": quote.paragraph,
        "also": [
            {
                "number": place.number,
                "article": place.article,
                "start": place.start,
                "end": place.end,
            }
            for place in quote.also
        ],
    }


def _citation_to_json(citation: Citation) -> dict[str, object]:
    return {
        "number": citation.number,
        "article": citation.article,
        "title": citation.title,
        "outlet": citation.outlet,
        "published": citation.published.isoformat() if citation.published else None,
        "url": citation.url,
    }


def _difference_to_json(difference: Difference) -> dict[str, object]:
    values = [
        {"value": value.value, "said_by": value.said_by, "number": value.number}
        for value in difference.values
    ]
    return {"about": difference.about, "values": values}


def _prose_to_json(prose: Prose) -> dict[str, object]:
    read, written = prose.tokens
    return {
        "sentences": [
            {"text": sentence.text, "numbers": list(sentence.numbers)}
            for sentence in prose.sentences
        ],
        "proposed": prose.proposed,
        "dropped": list(prose.dropped),
        "note": prose.note,
        "model": prose.model,
        "tokens": {"read": read, "written": written},
    }
