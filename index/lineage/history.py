"""Two versions of an article → what became of each sentence: kept, changed, gone, new.

Sentences that stand in both, in the same order, are kept; between them, those that went are paired
with those that came where their words are much alike, in the order in which they stand. What was
only moved is kept too. Nothing here confirms a quote: it tells what a sentence reads now.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from index.split import split_article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.types import Article

Fate = Literal["kept", "changed", "gone", "new"]

# Shared words over all words of the two, counted as often as they stand: an edited sentence keeps
# more than half, sentences on the same subject hardly ever do.
ALIKE = 0.5

# More pairs than this are not compared one by one: so many sentences at once are no edit.
MOST_PAIRS = 100_000

_WORD = re.compile(r"[^\W_]+(?:[.,'’]?[^\W_]+)*")
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """A literal slice of one version: ``text == article.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What became of a sentence: ``before`` is None where it is new, ``after`` where it is gone."""

    fate: Fate
    before: Slice | None = None
    after: Slice | None = None


class _Pair(NamedTuple):
    before: int
    after: int


def compare_versions(before: Article, after: Article) -> tuple[Change, ...]:
    """Every sentence of both, in the order of ``after``; what went stands where it was."""
    return compare_sentences(list_sentences(before), list_sentences(after))


def list_sentences(article: Article) -> tuple[Slice, ...]:
    """Every sentence of the article's body, headings too."""
    return tuple(
        Slice(text=article.text[each.start : each.end], start=each.start, end=each.end)
        for passage in split_article(article)
        for each in passage.sentences
    )


def compare_sentences(before: Sequence[Slice], after: Sequence[Slice]) -> tuple[Change, ...]:
    """What became of each sentence of ``before``, and which of ``after`` are new."""
    old, new = [fold(each.text) for each in before], [fold(each.text) for each in after]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pairs: list[_Pair] = []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            pairs += map(_Pair, range(start, end), range(other_start, other_end))
        elif kind == "replace":
            found = _pair(old[start:end], new[other_start:other_end])
            pairs += [_Pair(start + one, other_start + other) for one, other in found]
    pairs += _find_moved(old, new, pairs)
    return tuple(_tell(before, after, old, new, pairs))


def fold(text: str) -> str:
    """A sentence with its white space and quotation marks in one shape: all that may differ."""
    return " ".join(text.translate(_MARKS).split())


def likeness(text: str, other: str) -> float:
    """How many of their words two sentences share, 0 to 1."""
    words, theirs = _count_words(text), _count_words(other)
    total = words.total() + theirs.total()
    return 2 * (words & theirs).total() / total if total else float(text == other)


def _count_words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text))


def _pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair sentences that are alike, in order, so that the sum of likeness is the greatest."""
    if len(old) * len(new) > MOST_PAIRS:
        return []
    counted = [[_count_words(text) for text in texts] for texts in (old, new)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for one, words in enumerate(counted[0]):
        for other, theirs in enumerate(counted[1]):
            total = words.total() + theirs.total()
            value = 2 * (words & theirs).total() / total if total else 0.0
            if value >= ALIKE:
                alike[one, other] = value
            best[one + 1][other + 1] = max(
                best[one][other + 1],
                best[one + 1][other],
                best[one][other] + value if value >= ALIKE else 0.0,
            )
    return _trace(best, alike)


def _trace(
    best: Sequence[Sequence[float]], alike: dict[tuple[int, int], float]
) -> list[tuple[int, int]]:
    """Walk back from the greatest sum to the pairs that make it."""
    one, other = len(best) - 1, len(best[0]) - 1
    pairs: list[tuple[int, int]] = []
    while one and other:
        value = alike.get((one - 1, other - 1))
        if value is not None and best[one][other] == best[one - 1][other - 1] + value:
            one, other = one - 1, other - 1
            pairs.append((one, other))
        elif best[one][other] == best[one - 1][other]:
            one -= 1
        else:
            other -= 1
    return pairs[::-1]


def _find_moved(old: Sequence[str], new: Sequence[str], pairs: Sequence[_Pair]) -> list[_Pair]:
    """Sentences that have no counterpart in their place and the very same elsewhere."""
    left = {pair.before for pair in pairs}
    came = {pair.after for pair in pairs}
    places: dict[str, list[int]] = {}
    for number, text in enumerate(new):
        if number not in came:
            places.setdefault(text, []).append(number)
    return [
        _Pair(number, places[text].pop(0))
        for number, text in enumerate(old)
        if number not in left and places.get(text)
    ]


def _tell(
    before: Sequence[Slice],
    after: Sequence[Slice],
    old: Sequence[str],
    new: Sequence[str],
    pairs: Sequence[_Pair],
) -> Iterator[Change]:
    """The changes in order: what went stands behind the sentence that it followed."""
    by_after = {pair.after: pair.before for pair in pairs}
    paired = set(by_after.values())
    lost = [number for number in range(len(before)) if number not in paired][::-1]
    following = [by_after[number] for number in sorted(by_after)][::-1]
    for number, now in enumerate(after):
        bound = following[-1] if following else len(before)
        while lost and lost[-1] < bound:
            yield Change(fate="gone", before=before[lost.pop()])
        if number not in by_after:
            yield Change(fate="new", after=now)
            continue
        was = following.pop()
        fate: Fate = "kept" if old[was] == new[number] else "changed"
        yield Change(fate=fate, before=before[was], after=now)
    for number in lost[::-1]:
        yield Change(fate="gone", before=before[number])


def summarise(changes: Sequence[Change]) -> dict[Fate, int]:
    """How many sentences met each fate."""
    fates = sorted(change.fate for change in changes)
    counted = {fate: len(list(group)) for fate, group in groupby(fates)}
    return {fate: counted.get(fate, 0) for fate in ("kept", "changed", "gone", "new")}
