"""Text → words: the one place that says what a word is, for full text, ranking and comparing.

A term is a word folded for matching: lower case, no accents, no possessive, stemmed (Snowball
English); "U.S." and "US" are one term, so are "10,000" and "10000". Stop words carry no term.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from Stemmer import Stemmer

# A number with its separators, an abbreviation with its stops, or letters with inner apostrophes.
WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?\b"
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"
    r"|[^\W_]+(?:['’][^\W\d_]+)*"
)

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren as at be because been before
    being below between both but by can could couldn did didn do does doesn doing don down during
    each few for from further had hadn has hasn have haven having he her here hers herself him
    himself his how i if in into is isn it its itself just ll me more most much must mustn my myself
    no nor not now of off on once only or other our ours ourselves out over own re same shan she
    should shouldn so some such than that the their theirs them themselves then there these they
    this those through to too under until up us ve very was wasn we were weren what when where which
    while who whom whose why will with won would wouldn you your yours yourself yourselves s t d m
    many according
    """.split()
)


class Word(NamedTuple):
    """A word where it stands: ``text[start:end]``; ``term`` is empty for a stop word.

    A tuple, as reading a text makes thousands of them.
    """

    start: int
    end: int
    term: str


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("english")


@lru_cache(maxsize=65_536)
def _term(word: str) -> str:
    if word[0].isdigit():
        number = word.replace(",", "")
        return number[:-2] if number[-2:] in {"st", "nd", "rd", "th"} else number
    folded = unicodedata.normalize("NFKD", word.replace("’", "'"))
    folded = "".join(letter for letter in folded if not unicodedata.combining(letter))
    bare = folded.replace(".", "").removesuffix("'s").removesuffix("'S")
    if bare.lower().partition("'")[0] in STOP_WORDS and not (len(bare) > 1 and bare.isupper()):
        return ""
    return str(_stemmer().stemWord(bare.lower().replace("'", "")))


def split_words(text: str) -> tuple[Word, ...]:
    """Every word of ``text`` in order, stop words with an empty term."""
    return tuple([Word(m.start(), m.end(), _term(m[0])) for m in WORD.finditer(text)])


def terms(text: str) -> list[str]:
    """The terms of ``text`` in order, repeated as they stand; stop words are left out."""
    return [term for word in WORD.findall(text) if (term := _term(word))]
