"""An answer given earlier → what has become of each of its quotes: stands, edited, withdrawn.

A quote stands where the article says the same sentences still, word for word, at the same place or
at another; white space and the shape of quotation marks may differ. Otherwise the versions tell
what those sentences read now, and since when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.lineage.history import Slice, compare_sentences, compare_versions, list_sentences
from index.split import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from index.lineage.history import Change
    from index.lineage.versions import Version
    from index.storage.snapshot import Snapshot
    from index.types import Answer, Article

Verdict = Literal["stands", "edited", "withdrawn"]

_DOUBLE, _SINGLE = '"“”„«»', "'‘’"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedQuote:
    """A quote of an answer, and what has become of it.

    Attributes:
        number: its citation's.
        article: the path that was cited.
        text: what was quoted.
        verdict: whether it stands.
        path: where the article's file is now; the cited path where it is gone.
        now: the slice of the article as it is: of the quote where it stands, of each sentence
            that now reads otherwise where it was edited; empty where nothing is left of it.
        since: when it was edited or withdrawn, in UTC; None where it stands, or nobody knows.
    """

    number: int
    article: str
    text: str
    verdict: Verdict
    path: str
    now: tuple[Slice, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What has become of an answer; ``generation`` is that of the index it was checked against."""

    answer: Answer
    quotes: tuple[CheckedQuote, ...]
    generation: int

    @property
    def stands(self) -> bool:
        """Whether every quote does."""
        return all(quote.verdict == "stands" for quote in self.quotes)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cited:
    """A quote, with the version that it is of; ``quoted`` is None where that was forgotten."""

    number: int
    path: str
    start: int
    text: str
    quoted: Article | None


def verify_receipt(answer: Answer, snapshot: Snapshot) -> Receipt:
    """Look for every quote of ``answer``, and wherever else it was cited from, in ``snapshot``."""
    checked = tuple(_check(cited, snapshot) for cited in _list_cited(answer, snapshot))
    return Receipt(answer=answer, quotes=checked, generation=snapshot.generation)


def _list_cited(answer: Answer, snapshot: Snapshot) -> Iterator[_Cited]:
    versions = {cited.number: cited.version for cited in answer.citations}
    for quote in answer.quotes:
        found = snapshot.find_version(quote.article, versions.get(quote.number, ""))
        yield _Cited(
            number=quote.number,
            path=quote.article,
            start=quote.start,
            text=quote.text,
            quoted=found[0] if found else None,
        )
        for place in quote.also:
            other = snapshot.find_version(place.article, versions.get(place.number, ""))
            if other:
                yield _Cited(
                    number=place.number,
                    path=place.article,
                    start=place.start,
                    text=other[0].text[place.start : place.end],
                    quoted=other[0],
                )


def _check(cited: _Cited, snapshot: Snapshot) -> CheckedQuote:
    versions = (
        snapshot.list_versions_of(cited.quoted.id)
        if cited.quoted
        else snapshot.list_versions(cited.path)
    )
    if not versions or not versions[-1].is_live:
        since = versions[-1].ended if versions else None
        path = versions[-1].path if versions else cited.path
        return _tell(cited, "withdrawn", path, (), since)
    articles = snapshot.load_articles([version.key for version in versions])
    current = articles[versions[-1].key]
    if place := find_slice(current, cited.text, near=cited.start):
        return _tell(cited, "stands", current.path, (place,), None)
    since = _find_edit(cited, versions, articles)
    return _tell(cited, "edited", current.path, _read_now(cited, current), since)


def _tell(
    cited: _Cited, verdict: Verdict, path: str, now: tuple[Slice, ...], since: datetime | None
) -> CheckedQuote:
    return CheckedQuote(
        number=cited.number,
        article=cited.path,
        text=cited.text,
        verdict=verdict,
        path=path,
        now=now,
        since=since,
    )


# Where it stands


def find_slice(article: Article, text: str, *, near: int) -> Slice | None:
    """Where the article's body says ``text`` in whole sentences: the place nearest to ``near``."""
    sentences = list_sentences(article)
    starts = {sentence.start for sentence in sentences}
    ends = {sentence.end for sentence in sentences}
    found = [
        match.span()
        for match in _pattern(text).finditer(article.text)
        if match.start() in starts and match.end() in ends
    ]
    if not found:
        return None
    start, end = min(found, key=lambda span: abs(span[0] - near))
    return Slice(text=article.text[start:end], start=start, end=end)


def _pattern(text: str) -> re.Pattern[str]:
    """The text, with any white space for white space and any quotation mark for such a mark."""
    words = (
        "".join(
            f"[{_DOUBLE}]"
            if mark in _DOUBLE
            else f"[{_SINGLE}]"
            if mark in _SINGLE
            else re.escape(mark)
            for mark in word
        )
        for word in text.split()
    )
    return re.compile(r"\s+".join(words))


def _find_edit(
    cited: _Cited, versions: Sequence[Version], articles: dict[int, Article]
) -> datetime:
    """When the first version was made that lacked the quote, of those that lack it ever since."""
    since = versions[-1].made
    for version in reversed(versions):
        if find_slice(articles[version.key], cited.text, near=cited.start):
            break
        since = version.made
    return since


# What it reads now


def _read_now(cited: _Cited, current: Article) -> tuple[Slice, ...]:
    """What the quoted sentences read now, those that are as they were among them."""
    changes, start, end = _compare(cited, current)
    return tuple(
        change.after
        for change in changes
        if change.before
        and change.after
        and change.before.start < end
        and change.before.end > start
    )


def _compare(cited: _Cited, current: Article) -> tuple[tuple[Change, ...], int, int]:
    """What became of the sentences, and between which offsets those that were quoted were."""
    if cited.quoted and (was := find_slice(cited.quoted, cited.text, near=cited.start)):
        return compare_versions(cited.quoted, current), was.start, was.end
    quoted = tuple(
        Slice(text=cited.text[start:end], start=start, end=end)
        for start, end in split_sentences(cited.text, 0, len(cited.text))
    )
    return compare_sentences(quoted, list_sentences(current)), 0, len(cited.text)
