"""Judged blocks → the article's headline: the line above the text that shares its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import signs
from index.judge import SURE_WORDS, Judged
from index.split import split_sentences

# A headline has most of its words in common with the article below it; an outlet's name has fewer
# of them than this.
COMMON_WORDS, TELLING_WORDS = 0.5, 2
# In words.
LONGEST_HEADLINE = 30
MOSTLY_LETTERS = 0.5


def _terms(plain: str) -> frozenset[str]:
    """The words of ``plain`` that carry meaning, cut so that their forms agree."""
    found = re.findall(r"[^\W_]{4,}|\d+", plain.casefold())
    return frozenset(word[:5] for word in found)


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
        and (item.kind == "line" or (at == first and _asks(item)))
        and not signs.is_byline(item.block.plain)
        and signs.measure(item.block.plain).letters >= MOSTLY_LETTERS
    ]


def _asks(item: Judged) -> bool:
    """Tell whether the item is one question, as some headlines are."""
    plain = item.block.plain
    one = len(split_sentences(plain, 0, len(plain))) == 1
    return item.words < SURE_WORDS and plain.endswith("?") and one


def find_headline(judged: Sequence[Judged], start: int) -> int | None:
    """Find the headline before ``start``, where the text sets in; None if there is none.

    It is the first that shares its words with the text or, of several copies, the last.
    """
    candidates = _headlines(judged, start)
    marked = [at for at in candidates if judged[at].block.heading == 1]
    if marked:
        return marked[0]
    running = [item.block.plain for item in judged[start:] if item.kind in {"text", "short"}]
    body = _terms(" ".join(running))
    fitting = [at for at in candidates if _fits(judged[at].block.plain, body)]
    if not fitting:
        return max(candidates, key=lambda at: min(judged[at].words, 10), default=None)
    named = [at for at in fitting if len(_terms(judged[at].block.plain) & body) >= TELLING_WORDS]
    first = (named or fitting)[0]
    while first - 1 in candidates and _is_above(judged[first - 1], judged[first], body):
        first -= 1
    terms = _terms(judged[first].block.plain)
    copies = [at for at in fitting if _overlap(judged[at].block.plain, terms) >= COMMON_WORDS]
    return max([first, *copies])


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
