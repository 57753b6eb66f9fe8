"""Hits → the sentences that answer, best first, each once however often it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.language.alike import is_same_sentence
from index.rerank import Judgement
from index.selecting.coherence import measure_coherence
from index.selecting.extend import whole_quotation
from index.selecting.features import measure_sentences
from index.selecting.rows import list_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.answer import Parts
    from index.question import Question
    from index.rank import Ranker
    from index.selecting.rows import Row
    from index.types import Hit, Matrix

# Sentences that are looked at further, best first.
MOST_CHOICES = 30

# A further quote must be this likely to answer, by itself and next to the best.
LIKELY, LIKELY_TO_BEST = 0.003, 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A sentence with the probability that it answers; offsets are its article's.

    ``whole`` is what to quote: the sentence, or all of the quotation that it stands in. ``before``
    is the sentence before it in its passage, or "". ``mark`` is where the reader sees the answer.
    """

    text: str
    article_key: int
    start: int
    end: int
    paragraph: int
    probability: float
    whole: tuple[int, int]
    before: str = ""
    mark: tuple[int, int] | None = None

    def is_within(self, other: Choice) -> bool:
        """Whether quoting ``other`` shows this sentence too."""
        start, end = other.whole
        return self.article_key == other.article_key and start <= self.start and self.end <= end


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The sentences of the hits, best first, and the probability that they answer at all.

    Below ``threshold`` they are taken not to.
    """

    probability: float
    threshold: float
    choices: tuple[Choice, ...]


def select_sentences(
    question: Question,
    hits: Sequence[Hit],
    *,
    titles: Mapping[int, str],
    parts: Parts,
    read_until: float | None = None,
) -> Selection:
    """Rank the sentences of ``hits``; headings help to rank and are never chosen.

    Where there is a close reader, the best passages are read, as many as can be until
    ``time.monotonic()`` is ``read_until``.
    """
    import numpy as np

    rows = list_rows(hits)
    quotable = [number for number, row in enumerate(rows) if row.sentence.kind != "heading"]
    if not quotable:
        return Selection(probability=0.0, threshold=parts.ranker.threshold, choices=())
    features = measure_sentences(
        question, hits, rows, titles=titles, word_vectors=parts.word_vectors
    )
    kept = [rows[number] for number in quotable]
    judged = _judge_by_ranker(question, hits, features[quotable], parts.ranker)
    if parts.close_reader:
        reads = parts.close_reader
        judged = reads.judge(question.text, hits, kept, judged, until=read_until)
    choices = [
        _choice(rows, hits, quotable[place], float(judged.relevance[place]), judged.marks[place])
        for place in np.argsort(-judged.scores, kind="stable")[:MOST_CHOICES]
    ]
    return Selection(
        probability=judged.probability, threshold=judged.threshold, choices=tuple(choices)
    )


def _judge_by_ranker(
    question: Question, hits: Sequence[Hit], features: Matrix, ranker: Ranker
) -> Judgement:
    """What the ranker thinks of the sentences with these features."""
    scores = ranker.score(features)
    coherence = measure_coherence(hits)
    probability = ranker.answerable_probability(features, scores, question, coherence)
    return Judgement(
        scores=scores,
        relevance=ranker.relevance_probabilities(scores, probability),
        probability=probability,
        threshold=ranker.threshold,
        marks=(None,) * len(scores),
    )


def _choice(
    rows: Sequence[Row],
    hits: Sequence[Hit],
    number: int,
    probability: float,
    mark: tuple[int, int] | None,
) -> Choice:
    row, sentence = rows[number], rows[number].sentence
    first, last = whole_quotation(rows, number)
    previous = rows[number - 1] if number and rows[number - 1].hit == row.hit else None
    return Choice(
        text=row.words.text,
        article_key=hits[row.hit].passage.article_key,
        start=sentence.start,
        end=sentence.end,
        paragraph=sentence.paragraph,
        probability=probability,
        whole=(rows[first].sentence.start, rows[last].sentence.end),
        before=previous.words.text if previous else "",
        mark=mark,
    )


def group_same(choices: Iterable[Choice]) -> list[list[Choice]]:
    """Choices that say the same go together, the best of each group first."""
    groups: list[list[Choice]] = []
    for choice in choices:
        for group in groups:
            if is_same_sentence(group[0].text, choice.text):
                group.append(choice)
                break
        else:
            groups.append([choice])
    return groups


def choose_groups(
    groups: Sequence[list[Choice]], wanted: Sequence[Choice], number_of_quotes: int
) -> list[list[Choice]]:
    """The groups to quote, best first: the best, those of ``wanted``, then what is likely.

    ``wanted`` are choices that must be shown if there is room, as an answer's sides must.
    """
    if not groups:
        return []
    floor = max(LIKELY, LIKELY_TO_BEST * groups[0][0].probability)
    sides = [group for group in groups if any(choice in wanted for choice in group)]
    likely = [group for group in groups[1:] if group[0].probability >= floor]
    order = [*(sides or groups[:1]), groups[0], *likely]
    chosen: list[list[Choice]] = []
    for group in order:
        is_shown = any(group[0].is_within(other[0]) for other in chosen)
        if not is_shown and len(chosen) < number_of_quotes:
            chosen.append(group)
    return sorted(chosen, key=lambda group: -group[0].probability)
