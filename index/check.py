"""A message → for each sentence that states something, what the articles say on it.

Nothing is judged true or false: a statement is "same" where a sentence of an article says this,
"differs" where one says it with another figure, date or name, or denies it, and else "not
mentioned". Every quote is a literal slice of its article.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.checking.gather import contrast_all
from index.checking.statements import read_statements
from index.language.alike import is_same_sentence
from index.selecting.cite import cite_articles, describe_search, number_articles
from index.types import Citation, Place, Quote, Searched
from index.verify import has_words, keep_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.answer import Parts
    from index.checking.contrast import Contrast
    from index.checking.statements import Said
    from index.storage.snapshot import Snapshot

# Statements of one message that are checked; each costs about as much as a question.
MOST_STATEMENTS = 10
# Quotes that bear one statement out, or differ from it.
MOST_QUOTES = 3

Verdict = Literal["same", "differs", "not mentioned"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A sentence of a message, and what the articles say on it.

    ``text`` is without markup; ``start`` and ``end`` are offsets into the message as it was given.
    ``quotes`` bear the verdict out, the closest first, with the words that do marked. ``differing``
    holds (as stated, as an article has it) for each value that differs. Where a sentence says the
    same and others differ, as when a toll rises, the verdict is "same" and ``otherwise`` holds the
    quotes of those others. ``nearest`` comes closest to what is not mentioned, and is no evidence.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    quotes: tuple[Quote, ...] = ()
    differing: tuple[tuple[str, str], ...] = ()
    otherwise: tuple[Quote, ...] = ()
    nearest: tuple[Quote, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A message, checked against the articles.

    ``statements`` are in the order of the message; ``not_checked`` counts those beyond
    ``MOST_STATEMENTS``. A message that states nothing has none.
    """

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    searched: Searched
    not_checked: int = 0
    milliseconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Decided:
    """A statement with the slices of articles that are to be shown for it."""

    said: Said
    verdict: Verdict
    shown: tuple[list[Contrast], ...] = ()
    otherwise: tuple[list[Contrast], ...] = ()
    nearest: tuple[list[Contrast], ...] = ()

    def contrasts(self) -> Iterator[Contrast]:
        for group in (*self.shown, *self.otherwise, *self.nearest):
            yield from group


def check_text(text: str, *, snapshot: Snapshot, parts: Parts) -> Checked:
    """Check a message of any length against the articles of ``snapshot``.

    Raises:
        EmbedderError: the model cannot be loaded or failed.
    """
    started = time.perf_counter()
    said = read_statements(text)
    decided = [
        _decide(one, contrast_all(one.text, snapshot=snapshot, parts=parts))
        for one in said[:MOST_STATEMENTS]
    ]
    articles = {
        each.evidence.article.path: each.evidence.article
        for one in decided
        for each in one.contrasts()
    }
    numbers = number_articles(articles)
    citations = cite_articles(numbers, articles.values())
    texts = {path: article.text for path, article in articles.items()}
    statements = [_verify(_state(one, numbers), citations, texts) for one in decided]
    used = {number for one in statements for number in _numbers_of(one)}
    return Checked(
        statements=tuple(statements),
        citations=tuple(each for each in citations if each.number in used),
        searched=describe_search(snapshot),
        not_checked=max(0, len(said) - MOST_STATEMENTS),
        milliseconds=round(1000 * (time.perf_counter() - started), 3),
    )


def _decide(said: Said, contrasts: Sequence[Contrast]) -> _Decided:
    """What the contrasts, the closest first, come to."""
    same = _group([each for each in contrasts if each.verdict == "same"])
    other = _group([each for each in contrasts if each.verdict == "differs"])
    if same:
        return _Decided(
            said=said,
            verdict="same",
            shown=tuple(same[:MOST_QUOTES]),
            otherwise=tuple(other[: MOST_QUOTES - 1]),
        )
    close = [each for each in contrasts if each.verdict == "close"]
    if other and not close:
        return _Decided(said=said, verdict="differs", shown=tuple(other[:MOST_QUOTES]))
    nearest = tuple([each] for each in (*close, *contrasts)[:1])
    return _Decided(said=said, verdict="not mentioned", nearest=nearest)


def _group(contrasts: Sequence[Contrast]) -> list[list[Contrast]]:
    """Those that are nearly the same sentence go together; none that another shows too."""
    groups: list[list[Contrast]] = []
    for each in contrasts:
        if any(_overlaps(each, other) for group in groups for other in group):
            continue
        for group in groups:
            if is_same_sentence(group[0].evidence.text, each.evidence.text):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _overlaps(one: Contrast, other: Contrast) -> bool:
    a, b = one.evidence, other.evidence
    return a.article.path == b.article.path and a.start < b.end and b.start < a.end


def _state(decided: _Decided, numbers: Mapping[str, int]) -> Statement:
    differing = [
        pair for group in (*decided.shown, *decided.otherwise) for pair in group[0].differing
    ]
    return Statement(
        text=decided.said.text,
        start=decided.said.start,
        end=decided.said.end,
        verdict=decided.verdict,
        quotes=tuple(_quote(group, numbers) for group in decided.shown),
        differing=tuple(dict.fromkeys(differing)),
        otherwise=tuple(_quote(group, numbers) for group in decided.otherwise),
        nearest=tuple(_quote(group, numbers) for group in decided.nearest),
    )


def _quote(group: Sequence[Contrast], numbers: Mapping[str, int]) -> Quote:
    """The first of the group as the quote, the others as where else it stands."""
    shown, evidence = group[0], group[0].evidence
    path, mark = evidence.article.path, shown.mark
    return Quote(
        number=numbers[path],
        text=evidence.text,
        article=path,
        start=evidence.start,
        end=evidence.end,
        paragraph=evidence.paragraph,
        answer_span=(evidence.start + mark[0], evidence.start + mark[1]) if mark else None,
        also=tuple(
            Place(
                number=numbers[other.article.path],
                article=other.article.path,
                start=other.start,
                end=other.end,
            )
            for other in (each.evidence for each in group[1:])
            if other.article.path != path
        ),
        score=shown.score,
    )


def _verify(
    statement: Statement, citations: Sequence[Citation], texts: Mapping[str, str]
) -> Statement:
    """The statement with only what the articles bear out: without a quote it has no verdict."""
    quotes = keep_literal(statement.quotes, citations, texts)
    otherwise = keep_literal(statement.otherwise, citations, texts)
    shown = [quote.text for quote in (*quotes, *otherwise)]
    differing = tuple(
        pair for pair in statement.differing if any(has_words(pair[1], text) for text in shown)
    )
    is_borne_out = bool(quotes) and (statement.verdict == "same" or bool(differing))
    return replace(
        statement,
        verdict=statement.verdict if is_borne_out else "not mentioned",
        quotes=quotes if is_borne_out else (),
        differing=differing if is_borne_out else (),
        otherwise=otherwise if is_borne_out else (),
        nearest=keep_literal(statement.nearest, citations, texts),
    )


def _numbers_of(statement: Statement) -> Iterator[int]:
    for quote in (*statement.quotes, *statement.otherwise, *statement.nearest):
        yield quote.number
        yield from (place.number for place in quote.also)
