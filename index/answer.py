"""A question → an Answer: the one place that orders the steps.

read the question → retrieve → select → compare → quote and cite → verify.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.compare import find_differences
from index.comparing.claims import Candidate
from index.lineage.reprints import Reprint, find_reprints, list_stories
from index.question import check_question, read_question
from index.retrieve import retrieve_hits
from index.select import choose_groups, group_same, select_sentences
from index.selecting.cite import cite_articles, describe_search, number_articles
from index.selecting.mark import mark_answer
from index.selecting.silence import is_silent
from index.types import Answer, Difference, DifferingValue, Place, Quote
from index.verify import join_quotes, verify_quotes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.compare import ClaimGroup
    from index.embed import Embedder
    from index.embedding.word_vectors import WordVectors
    from index.rank import Ranker
    from index.rerank import CloseReader
    from index.select import Choice, Selection
    from index.storage.snapshot import Snapshot
    from index.types import Article
    from index.vectors import VectorIndex

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
    close_reader: CloseReader | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much an answer may be made of, and how long the best passages may be read closely.

    ``number_of_articles`` is None for as many as there are. ``read_until`` is a time of
    ``time.monotonic()``, None for none; what is not read by then stays as the ranker has it.
    """

    number_of_quotes: int = NUMBER_OF_QUOTES
    number_of_articles: int | None = None
    read_until: float | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sources:
    """The articles that may be cited, by key; of those that are copies, all of the story."""

    snapshot: Snapshot
    articles: Mapping[int, Article]
    stories: Mapping[int, tuple[int, ...]]

    def others(self, group: Sequence[Choice], shown: Choice) -> tuple[Reprint, ...]:
        """Where else than in ``shown`` a group's sentence stands: its choices, then reprints."""
        found = [
            Reprint(self.articles[choice.article_key].path, *choice.whole)
            for choice in group
            if choice is not shown and choice.article_key != shown.article_key
        ]
        has = {choice.article_key for choice in group}
        members = sorted({key for each in has for key in self.stories.get(each, ())} - has)
        text = self.articles[shown.article_key].text[slice(*shown.whole)]
        found += find_reprints(text, members, snapshot=self.snapshot, articles=self.articles)
        return tuple(found)


def answer_question(
    text: str,
    *,
    snapshot: Snapshot,
    parts: Parts,
    limits: Limits = NO_LIMITS,
) -> Answer:
    """Answer from the articles of ``snapshot``.

    Raises:
        QuestionError: the question is empty or far too long.
        EmbedderError: a model cannot be loaded or failed.
    """
    started = time.perf_counter()
    asked = check_question(text)
    selection, sources = _select(asked, snapshot, parts, limits)
    articles = sources.articles
    drafted = Answer(
        question=text,
        text="",
        grounded=False,
        confidence=round(selection.probability, 4),
        searched=describe_search(snapshot),
    )
    if is_silent(asked, (choice.text for choice in selection.choices)):
        drafted = replace(drafted, confidence=0.0)
    if selection.choices and drafted.confidence >= selection.threshold:
        drafted = _with_quotes(drafted, asked, selection.choices, sources, limits.number_of_quotes)
    else:
        drafted = _with_nearest(drafted, selection.choices, articles)
    verified = verify_quotes(drafted, {article.path: article.text for article in articles.values()})
    return replace(verified, milliseconds=round(1000 * (time.perf_counter() - started), 3))


def _select(
    asked: str, snapshot: Snapshot, parts: Parts, limits: Limits
) -> tuple[Selection, _Sources]:
    question = read_question(
        asked, snapshot=snapshot, embedder=parts.embedder, word_vectors=parts.word_vectors
    )
    hits = retrieve_hits(question, snapshot=snapshot, vectors=parts.vectors)
    if limits.number_of_articles is not None:
        best = list(dict.fromkeys(hit.passage.article_key for hit in hits))[
            : limits.number_of_articles
        ]
        hits = tuple(hit for hit in hits if hit.passage.article_key in best)
    keys = {hit.passage.article_key for hit in hits}
    stories = list_stories(snapshot, sorted(keys))
    if limits.number_of_articles is not None:
        stories = {key: tuple(keys.intersection(story)) for key, story in stories.items()}
    articles = snapshot.load_articles(sorted(keys.union(*stories.values())))
    selection = select_sentences(
        question,
        hits,
        titles={key: article.title for key, article in articles.items()},
        parts=parts,
        read_until=limits.read_until,
    )
    return selection, _Sources(snapshot=snapshot, articles=articles, stories=stories)


# With an answer


def _with_quotes(
    drafted: Answer,
    asked: str,
    choices: Sequence[Choice],
    sources: _Sources,
    number_of_quotes: int,
) -> Answer:
    articles = sources.articles
    candidates = [_candidate(choice, sources) for choice in choices]
    differing = find_differences(asked, candidates)
    by_place = dict(zip(map(_place, candidates), choices, strict=True))
    claimed = {
        by_place[_place(claim.candidate)]: claim.value
        for group in differing
        for claim in group.claims
    }
    groups = choose_groups(group_same(choices), list(claimed), number_of_quotes)
    shown = [next((one for one in group if one in claimed), group[0]) for group in groups]
    others = list(map(sources.others, groups, shown))
    numbers = number_articles(
        [
            path
            for choice, places in zip(shown, others, strict=True)
            for path in (articles[choice.article_key].path, *(place.path for place in places))
        ]
        + [claim.candidate.article.path for group in differing for claim in group.claims]
    )
    quotes = tuple(
        _quote(articles[choice.article_key], choice, places, numbers, _mark(asked, choice, claimed))
        for choice, places in zip(shown, others, strict=True)
    )
    return replace(
        drafted,
        grounded=True,
        text=join_quotes(quotes),
        quotes=quotes,
        citations=cite_articles(numbers, articles.values()),
        differences=tuple(_difference(group, numbers) for group in differing),
    )


def _candidate(choice: Choice, sources: _Sources) -> Candidate:
    story = sources.stories.get(choice.article_key)
    return Candidate(
        text=choice.text,
        score=choice.probability**SEVERAL_MAY_ANSWER,
        article=sources.articles[choice.article_key],
        start=choice.start,
        end=choice.end,
        paragraph=choice.paragraph,
        context=choice.before,
        source=str(min(story)) if story else "",
        mark=(choice.mark[0] - choice.start, choice.mark[1] - choice.start)
        if choice.mark
        else None,
    )


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.article.path, candidate.start


def _quote(
    article: Article,
    shown: Choice,
    others: Sequence[Reprint],
    numbers: Mapping[str, int],
    mark: tuple[int, int] | None,
) -> Quote:
    """The choice as the quote, the others as where else it stands."""
    start, end = shown.whole
    return Quote(
        number=numbers[article.path],
        text=article.text[start:end],
        article=article.path,
        start=start,
        end=end,
        paragraph=shown.paragraph,
        answer_span=mark,
        also=tuple(
            Place(number=numbers[place.path], article=place.path, start=place.start, end=place.end)
            for place in others
        ),
        score=round(shown.probability, 4),
    )


def _mark(asked: str, shown: Choice, claimed: Mapping[Choice, str]) -> tuple[int, int] | None:
    """The answering words: what a side claims, else what is asked for where it is clear."""
    value = claimed.get(shown)
    if value and (place := shown.text.find(value)) >= 0:
        return shown.start + place, shown.start + place + len(value)
    if shown.mark:
        return shown.mark
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
    nearest = tuple(
        _quote(articles[best.article_key], best, (), numbers, _mark("", best, {}))
        for best in (group[0] for group in groups)
    )
    return replace(drafted, nearest=nearest, citations=cite_articles(numbers, articles.values()))
