"""Judged blocks → the article's headline: the line above the text that shares its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.words import STOP_WORDS
from index.pages import signs
from index.pages.dates import parse_date
from index.pages.judge import SURE_WORDS, Judged
from index.pages.masthead import ends_in_trade, is_name
from index.split import split_sentences

# A headline has most of its words in common with the article below it; an outlet's name has fewer
# of them than this.
COMMON_WORDS, TELLING_WORDS = 0.5, 2
# In words.
LONGEST_HEADLINE, LONGEST_SECTION = 30, 3
MOSTLY_LETTERS = 0.5

_TERM = re.compile(r"[^\W_]{4,}|\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """The words of a text: all of them, and those that are no names."""

    text: str
    all: frozenset[str]
    common: frozenset[str]


def _cut(words: Sequence[str]) -> frozenset[str]:
    """``words``, cut so that their forms agree."""
    folded = (word.casefold() for word in words)
    return frozenset(word[:5] for word in folded if word not in STOP_WORDS)


def _terms(plain: str) -> frozenset[str]:
    """The words of ``plain`` that carry meaning."""
    return _cut(_TERM.findall(plain))


def _words(text: str) -> _Words:
    found = _TERM.findall(text)
    small = [word for word in found if not word[0].isupper()]
    return _Words(text=text.casefold(), all=_cut(found), common=_cut(small or found))


def _overlap(plain: str, terms: frozenset[str]) -> float:
    own = _terms(plain)
    return len(own & terms) / max(1, len(own))


def _headlines(judged: Sequence[Judged], start: int) -> list[int]:
    """Where headlines may stand before ``start``."""
    first = next((at for at, item in enumerate(judged) if item.kind == "text"), start)
    return [
        at
        for at, item in enumerate(judged[:start])
        if item.words <= LONGEST_HEADLINE
        and (item.kind == "line" or (at == first and _asks(item) and not _opens(judged, at)))
        and not signs.is_byline(item.block.plain)
        and signs.measure(item.block.plain).letters >= MOSTLY_LETTERS
    ]


def _asks(item: Judged) -> bool:
    """Tell whether the item is one question, as some headlines are."""
    plain = item.block.plain
    one = len(split_sentences(plain, 0, len(plain))) == 1
    return item.words < SURE_WORDS and plain.endswith("?") and one


def _opens(judged: Sequence[Judged], at: int) -> bool:
    """Tell whether the question stands right between a line that may be a headline and the text."""
    around = [judged[at - 1] if at else None, judged[at + 1] if at + 1 < len(judged) else None]
    above, below = around
    headed = above is not None and above.kind == "line" and not is_name(above.block.plain)
    return headed and below is not None and below.kind == "text"


def _is_masthead(judged: Sequence[Judged], at: int, below: Sequence[int], body: _Words) -> bool:
    """Tell whether the line is the page's name: it says little of what the article is about.

    ``below`` are the lines under it that may be the headline instead.
    """
    plain = judged[at].block.plain
    if parse_date(plain) is not None:
        return True
    if not is_name(plain) or len(_terms(plain) & body.common) >= TELLING_WORDS:
        return False
    if ends_in_trade(plain) or plain.casefold() in body.text:
        return True
    telling = [low for low in below if _terms(judged[low].block.plain) & body.common]
    apart = bool(telling) and telling[0] - at > 1
    return apart or _overlap(plain, body.all) < COMMON_WORDS


def _without_mastheads(
    judged: Sequence[Judged], candidates: Sequence[int], body: _Words
) -> list[int]:
    """``candidates`` without the page's names, its dates and its sections."""
    kept: list[int] = []
    for at in reversed(candidates):
        better = [low for low in kept if _may_replace(judged[low], body)]
        masthead = _is_masthead(judged, at, better, body)
        if not masthead or not (better or ends_in_trade(judged[at].block.plain)):
            kept.insert(0, at)
    return kept


def _may_replace(item: Judged, body: _Words) -> bool:
    """Tell whether the line is more of a headline than a name above it."""
    plain = item.block.plain
    if is_name(plain) and not _terms(plain) & body.common:
        return False
    return item.words > LONGEST_SECTION or _fits(plain, body.all)


def find_headline(judged: Sequence[Judged], start: int, end: int) -> int | None:
    """Find the headline before ``start``, where the text sets in; None if there is none.

    It is the first that shares its words with the text, up to ``end``, or, of several copies, the
    last.
    """
    running = [
        item.block.plain for item in judged[start : end + 1] if item.kind in {"text", "short"}
    ]
    body = _words(" ".join(running))
    candidates = _without_mastheads(judged, _headlines(judged, start), body)
    marked = [at for at in candidates if judged[at].block.heading == 1]
    if marked:
        return marked[0]
    fitting = [at for at in candidates if _fits(judged[at].block.plain, body.all)]
    if not fitting:
        return max(candidates, key=lambda at: min(judged[at].words, 10), default=None)
    first = _most_telling(judged, fitting, body)
    while first - 1 in candidates and _is_above(judged[first - 1], judged[first], body.all):
        first -= 1
    terms = _terms(judged[first].block.plain)
    copies = [at for at in fitting if _overlap(judged[at].block.plain, terms) >= COMMON_WORDS]
    return max([first, *copies])


def _most_telling(judged: Sequence[Judged], fitting: Sequence[int], body: _Words) -> int:
    """The first line that shares two words with the text, best not only names."""
    shared = [_terms(judged[at].block.plain) & body.all for at in fitting]
    telling = [at for at, words in zip(fitting, shared, strict=True) if len(words) >= TELLING_WORDS]
    plain = [at for at in telling if _terms(judged[at].block.plain) & body.common]
    return (plain or telling or fitting)[0]


def _is_above(item: Judged, below: Judged, body: frozenset[str]) -> bool:
    """Tell whether ``item`` is the headline over the longer line ``below``."""
    shares = bool(_terms(item.block.plain) & body)
    return shares and 3 < item.words < below.words  # noqa: PLR2004


def _fits(plain: str, body: frozenset[str]) -> bool:
    """Tell whether ``plain`` may head a text of the words ``body``."""
    common = len(_terms(plain) & body)
    return common > 1 or _overlap(plain, body) >= COMMON_WORDS


def says_the_same(plain: str, headline: str) -> bool:
    """Tell whether ``plain`` says in other words what ``headline`` says."""
    shared = _overlap(plain, _terms(headline)) >= COMMON_WORDS
    return shared and signs.measure(plain).words <= LONGEST_HEADLINE
