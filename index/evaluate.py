"""A set of questions with what their answers must hold → how well they are answered.

A set is a file of JSON lines: ``id``, ``kind``, ``question``, ``expect`` (groups of strings: of
each group one string must stand within one of the quotes; case, quotation marks and spacing aside).
Kinds: "abstain" must not be grounded; "conflict" must also have differences; all others are plain.
"""

from __future__ import annotations

import json
import re
import statistics
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from index.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from index.types import Answer

ABSTAIN = "abstain"
CONFLICT = "conflict"

_QUOTATION_MARKS = re.compile("[\"'`´‘’‚‛“”„‟«»‹›]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """A question and what its answer must hold: one string of each group, within the quotes."""

    id: str
    kind: str
    question: str
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one question went.

    ``missing`` names what was expected and did not come; the question is a hit when it is empty.
    ``sides_complete`` says for a conflict whether every group stands among the differences.
    """

    expectation: Expectation
    answer: Answer
    missing: tuple[str, ...]
    sides_complete: bool
    not_literal: int
    milliseconds: float

    @property
    def hit(self) -> bool:
        """Whether everything expected came."""
        return not self.missing


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """So many of so many."""

    right: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How a whole set went; times are milliseconds of wall clock a question."""

    by_kind: dict[str, Tally]
    overall: Tally
    wrong_abstentions: Tally
    sides_complete: Tally
    literal_quotes: Tally
    median: float
    percentile_95: float


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """Read a set of questions.

    Raises:
        QuestionError: the file cannot be read or a line is not of the form; the message says which.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QuestionError(f"{path} cannot be read: {reason}") from None
    rows = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise QuestionError(f"{path} holds no question")
    return tuple(_read_line(path, number, line) for number, line in rows)


def _read_line(path: Path, number: int, line: str) -> Expectation:
    try:
        row: dict[str, Any] = json.loads(line)
        groups = tuple(tuple(map(str, group)) for group in row.get("expect") or ())
        return Expectation(
            id=str(row.get("id", number)),
            kind=str(row["kind"]),
            question=str(row["question"]),
            groups=groups,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        wanted = 'a JSON object with "kind", "question" and "expect"'
        raise QuestionError(f"{path} line {number} is not {wanted}") from None


def evaluate(
    expectations: Iterable[Expectation],
    *,
    ask: Callable[[str], Answer],
    read_text: Callable[[str], str],
) -> Iterator[Outcome]:
    """Ask every question and judge its answer, one at a time.

    Args:
        expectations: the questions, in order.
        ask: answers a question.
        read_text: gives an article's text by its path, against which quotes are checked literally.
    """
    for expectation in expectations:
        started = perf_counter()
        answer = ask(expectation.question)
        milliseconds = (perf_counter() - started) * 1000
        yield Outcome(
            expectation=expectation,
            answer=answer,
            missing=tuple(_missing(expectation, answer)),
            sides_complete=_sides_complete(expectation, answer),
            not_literal=_count_not_literal(answer, read_text),
            milliseconds=milliseconds,
        )


def _missing(expectation: Expectation, answer: Answer) -> Iterator[str]:
    if expectation.kind == ABSTAIN:
        if answer.grounded:
            yield "should not be answered"
        return
    texts = [fold(quote.text) for quote in answer.quotes]
    for group in expectation.groups:
        if not _holds(texts, group):
            yield " or ".join(group)
    if not expectation.groups and not answer.grounded:
        yield "an answer"
    if expectation.kind == CONFLICT and not answer.differences:
        yield "differences"


def _sides_complete(expectation: Expectation, answer: Answer) -> bool:
    sides = [fold(value.value) for one in answer.differences for value in one.values]
    return bool(sides) and all(_holds(sides, group) for group in expectation.groups)


def _holds(texts: Sequence[str], group: Sequence[str]) -> bool:
    return any(fold(expected) in text for expected in group for text in texts)


def fold(text: str) -> str:
    """Fold what does not count when texts are compared: case, quotation marks, spacing."""
    return " ".join(_QUOTATION_MARKS.sub("", text).casefold().split())


def _count_not_literal(answer: Answer, read_text: Callable[[str], str]) -> int:
    places = [
        (quote.article, quote.start, quote.end, quote.text)
        for quote in (*answer.quotes, *answer.nearest)
    ]
    return sum(read_text(path)[start:end] != text for path, start, end, text in places)


def summarize(outcomes: Sequence[Outcome]) -> Score:
    """Count hits by kind, abstentions, complete differences, literal quotes, and time."""
    kinds = dict.fromkeys(outcome.expectation.kind for outcome in outcomes)
    answerable = [one for one in outcomes if one.expectation.kind != ABSTAIN]
    conflicts = [one for one in outcomes if one.expectation.kind == CONFLICT]
    quotes = sum(len(one.answer.quotes) + len(one.answer.nearest) for one in outcomes)
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return Score(
        by_kind={
            kind: _tally_hits([o for o in outcomes if o.expectation.kind == kind]) for kind in kinds
        },
        overall=_tally_hits(outcomes),
        wrong_abstentions=_tally(not one.answer.grounded for one in answerable),
        sides_complete=_tally(one.sides_complete for one in conflicts),
        literal_quotes=Tally(right=quotes - sum(o.not_literal for o in outcomes), total=quotes),
        median=statistics.median(times) if times else 0.0,
        percentile_95=times[min(len(times) - 1, int(0.95 * len(times)))] if times else 0.0,
    )


def _tally_hits(outcomes: Iterable[Outcome]) -> Tally:
    return _tally(outcome.hit for outcome in outcomes)


def _tally(marks: Iterable[bool]) -> Tally:
    counted = list(marks)
    return Tally(right=sum(counted), total=len(counted))
