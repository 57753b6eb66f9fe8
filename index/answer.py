"""A question → an Answer: the one place that orders the steps.

read the question → retrieve → select → compare → quote and cite → verify.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.cite import cite_articles, describe_search, number_articles
from index.claims import Candidate
from index.compare import find_differences
from index.mark import mark_answer
from index.question import check_question, read_question
from index.retrieve import retrieve_hits
from index.select import choose_groups, group_same, select_sentences
from index.silence import is_silent
from index.types import Answer, Difference, DifferingValue, Place, Quote
from index.verify import join_quotes, verify_quotes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.compare import ClaimGroup
    from index.embed import Embedder
    from index.rank import Ranker
    from index.select import Choice, Selection
    from index.snapshot import Snapshot
    from index.types import Article
    from index.vectors import VectorIndex
    from index.word_vectors import WordVectors

NUMBER_OF_QUOTES = 4
NUMBER_NEAREST = 3

# The ranker was taught that one sentence answers: where several do, the others score too low to
# be compared by the same measure.
SEVERAL_MAY_ANSWER = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The concrete parts an answer is made with."""

    embedder: Embedder
    vectors: VectorIndex
    ranker: Ranker
    word_vectors: WordVectors


def answer_question(
    text: str,
    *,
    snapshot: Snapshot,
    parts: Parts,
    number_of_quotes: int = NUMBER_OF_QUOTES,
    number_of_articles: int | None = None,
) -> Answer:
    """Answer from the articles of ``snapshot``.

    Raises:
        QuestionError: the question is empty or far too long.
        EmbedderError: a model cannot be loaded or failed.
    """
    started = time.perf_counter()
    asked = check_question(text)
    selection, articles = _select(asked, snapshot, parts, number_of_articles)
    drafted = Answer(
        question=text,
        text="",
        grounded=False,
        confidence=round(selection.probability, 4),
        searched=describe_search(snapshot),
    )
    if is_silent(asked, (choice.text for choice in selection.choices)):
        drafted = replace(drafted, confidence=0.0)
    if selection.choices and drafted.confidence >= parts.ranker.threshold:
        drafted = _with_quotes(drafted, asked, selection.choices, articles, number_of_quotes)
    else:
        drafted = _with_nearest(drafted, selection.choices, articles)
    verified = verify_quotes(drafted, {article.path: article.text for article in articles.values()})
    return replace(verified, milliseconds=round(1000 * (time.perf_counter() - started), 3))


def _select(
    asked: str, snapshot: Snapshot, parts: Parts, number_of_articles: int | None
) -> tuple[Selection, Mapping[int, Article]]:
    question = read_question(
        asked, snapshot=snapshot, embedder=parts.embedder, word_vectors=parts.word_vectors
    )
    hits = retrieve_hits(question, snapshot=snapshot, vectors=parts.vectors)
    if number_of_articles is not None:
        best = list(dict.fromkeys(hit.passage.article_key for hit in hits))[:number_of_articles]
        hits = tuple(hit for hit in hits if hit.passage.article_key in best)
    articles = snapshot.load_articles(sorted({hit.passage.article_key for hit in hits}))
    selection = select_sentences(
        question,
        hits,
        titles={key: article.title for key, article in articles.items()},
        ranker=parts.ranker,
        word_vectors=parts.word_vectors,
    )
    return selection, articles


# With an answer


def _with_quotes(
    drafted: Answer,
    asked: str,
    choices: Sequence[Choice],
    articles: Mapping[int, Article],
    number_of_quotes: int,
) -> Answer:
    candidates = [_candidate(choice, articles) for choice in choices]
    differing = find_differences(asked, candidates)
    by_place = dict(zip(map(_place, candidates), choices, strict=True))
    claimed = {
        by_place[_place(claim.candidate)]: claim.value
        for group in differing
        for claim in group.claims
    }
    groups = choose_groups(group_same(choices), list(claimed), number_of_quotes)
    numbers = number_articles(
        [articles[choice.article_key].path for group in groups for choice in group]
        + [claim.candidate.article.path for group in differing for claim in group.claims]
    )
    quotes = tuple(_quote(asked, group, claimed, numbers, articles) for group in groups)
    return replace(
        drafted,
        grounded=True,
        text=join_quotes(quotes),
        quotes=quotes,
        citations=cite_articles(numbers, articles.values()),
        differences=tuple(_difference(group, numbers) for group in differing),
    )


def _candidate(choice: Choice, articles: Mapping[int, Article]) -> Candidate:
    return Candidate(
        text=choice.text,
        score=choice.probability**SEVERAL_MAY_ANSWER,
        article=articles[choice.article_key],
        start=choice.start,
        end=choice.end,
        paragraph=choice.paragraph,
        context=choice.before,
    )


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.article.path, candidate.start


def _quote(
    asked: str,
    group: Sequence[Choice],
    claimed: Mapping[Choice, str],
    numbers: Mapping[str, int],
    articles: Mapping[int, Article],
) -> Quote:
    """The first of the group as the quote, the others as where else it stands."""
    shown = next((choice for choice in group if choice in claimed), group[0])
    article = articles[shown.article_key]
    path, (start, end) = article.path, shown.whole
    others = [choice for choice in group if choice is not shown]
    return Quote(
        number=numbers[path],
        text=article.text[start:end],
        article=path,
        start=start,
        end=end,
        paragraph=shown.paragraph,
        answer_span=_mark(asked, shown, claimed.get(shown)),
        also=tuple(
            Place(number=numbers[other], article=other, start=choice.whole[0], end=choice.whole[1])
            for choice in others
            if (other := articles[choice.article_key].path) != path
        ),
        score=round(shown.probability, 4),
    )


def _mark(asked: str, shown: Choice, claimed: str | None) -> tuple[int, int] | None:
    """The answering words: what a side claims, else what is asked for where it is clear."""
    if claimed and (place := shown.text.find(claimed)) >= 0:
        return shown.start + place, shown.start + place + len(claimed)
    marked = mark_answer(asked, shown.text)
    return (shown.start + marked[0], shown.start + marked[1]) if marked else None


def _difference(group: ClaimGroup, numbers: Mapping[str, int]) -> Difference:
    values = tuple(
        DifferingValue(
            value=claim.value,
            said_by=claim.said_by,
            number=numbers[claim.candidate.article.path],
        )
        for claim in group.claims
    )
    return Difference(about=group.about, values=values)


# Without an answer


def _with_nearest(
    drafted: Answer, choices: Sequence[Choice], articles: Mapping[int, Article]
) -> Answer:
    groups = group_same(choices[: 3 * NUMBER_NEAREST])[:NUMBER_NEAREST]
    numbers = number_articles(articles[group[0].article_key].path for group in groups)
    nearest = tuple(_quote("", group[:1], {}, numbers, articles) for group in groups)
    return replace(drafted, nearest=nearest, citations=cite_articles(numbers, articles.values()))
