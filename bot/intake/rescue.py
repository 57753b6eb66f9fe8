"""Paragraphs that look like the page's → which of them are the article's all the same.

"Sign up for the course, Holub tells every baker" begins as pitches do. The library leaves such
lines outside what it quotes; but a page may be gone tomorrow, and what stands in no file is lost.
So a sentence in the midst of the article is kept in its file where it speaks of the article's own
people and places, or reports what somebody said. Pitches do neither.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence

from index.pages.signs import is_sentence

# Shorter ones, in words, are more often buttons; what only holds a name may lead to its page.
FEWEST_WORDS, FEWEST_BESIDE_NAME = 5, 8

_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*\Z")
_ELSEWHERE = re.compile(r"://|www\.|\S@\S|©")
_ADDRESSED = re.compile(r"\b(?:you|your|yours|we|our|us)\b", re.IGNORECASE)
_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“")
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|wrote|writes|asked|advised|added|warned|announced|according)\b"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# A capital that no sentence begins with.
_NAME = re.compile(r"(?<![.!?…:“\"«„] )(?<=\S )(?<![“\"«„])[^\W\d_a-z][^\W\d_]{2,}")
_DATES = frozenset(map(str.casefold, (*calendar.day_name, *calendar.month_name)))


def rescue(lines: Sequence[str], read: Sequence[bool], *, site: str = "") -> list[bool]:
    """Tell for each of ``lines`` whether it is the article's.

    Args:
        lines: the article's paragraphs as they were found on the page.
        read: for each, whether the library takes it for the article's.
        site: the site's name, which tells nothing.
    """
    if not any(read):
        return list(read)
    first, last = list(read).index(True), len(read) - list(read)[::-1].index(True)
    names = _names(line for line, is_read in zip(lines, read, strict=True) if is_read)
    names -= set(_words(site))
    return [
        is_read or (first < at < last and _speaks_of(line, names))
        for at, (line, is_read) in enumerate(zip(lines, read, strict=True))
    ]


def _names(lines: Iterable[str]) -> set[str]:
    """The names in the running text, in lower case; days and months are none."""
    return {_fold(name) for line in lines for name in _NAME.findall(line)} - _DATES


def _words(text: str) -> list[str]:
    return [_fold(word) for word in _WORD.findall(text) if word[0].isupper()]


def _fold(word: str) -> str:
    return re.sub(r"[’']s\Z", "", word.casefold())


def _speaks_of(line: str, names: set[str]) -> bool:
    """Tell whether a sentence speaks of those names, or reports; and not to the page's reader."""
    own, words = _QUOTATION.sub("", line), len(line.split())
    if words < FEWEST_WORDS or not (_ENDED.search(line) and is_sentence(line)):
        return False
    if _ELSEWHERE.search(line) or line.startswith("## "):
        return False
    if _REPORTED.search(own):
        return True
    if words < FEWEST_BESIDE_NAME or _ADDRESSED.search(own):
        return False
    return not names.isdisjoint(_words(own))
