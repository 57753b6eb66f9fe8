"""A sentence read for comparing: its words, values, negations, and the clauses they stand in.

A statement and a sentence of an article are read alike, so that what differs is not the reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.checking.statements import is_idle
from index.language.events import is_people
from index.language.speakers import find_speaker
from index.language.values import find_values
from index.language.words import Word, split_words

if TYPE_CHECKING:
    from index.language.values import Value

# Each is as long as what it stands for, so that offsets stay: "12 000" is "12,000".
_SPACED_DIGITS = re.compile(r"(?<![\w.,])(\d{1,3})((?:[ \xa0\u202f]\d{3}){1,5})(?![\w.,]?\d)")
_DAY_OR_MONTH = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|march|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?=\.?\s\d)"
    r"|(?<=\d\s)(?:jan|feb|mar|march|apr|may|jun|jul|aug|sept?|oct|nov|dec))\b"
)
_SMALL_INITIALS = re.compile(r"\b(?!a\.m|p\.m|e\.g|i\.e)(?:[a-z]\.){2,6}")
_HALF_DAY = re.compile(r"(?<=\d)\s?[AP]\.?M\b")

# What turns a sentence round, in the spelling of a newspaper and of a chat.
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|without|nothing|nobody|noone|cannot|nowhere|hardly"
    r"|[a-z]+n['’]t|(?:is|was|are|were|did|do|does|has|have|had|could|would|should|ca|wo|ai)nt"
    r"|den(?:y|ies|ied|ying|ial)|reject(?:s|ed|ing)?|refus(?:e|es|ed|ing)|refut(?:e|es|ed|ing)"
    r"|(?:failed|declined)(?=\sto\b))\b",
    re.IGNORECASE,
)
# What is planned, possible, asked for or alleged is not so, or not yet.
_OPEN = re.compile(
    r"\b(?:could|(?-i:may)|might|would|should|will|shall|['’]ll|if|whether|possib\w+|perhaps|maybe"
    r"|plan(?:s|ned|ning)?|urge[sd]?|unclear|alleg\w+|suspect\w*|accus\w+|calls? (?:on|for)"
    r"|called (?:on|for)|demand\w*|hope[sd]?|fear\w*|likely|intend\w*|expect\w*|going to|set to"
    r"|(?:is|are|was|were) to|promis\w+|pledg\w+|vow\w*|recommend\w*|propos\w+|suggest\w*"
    r"|consider\w*|want(?:s|ed)? to|unverified|unconfirmed|rumou?r\w*)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:—–“”\"()]\s|[“\"(]|[.!?]\s(?=[A-Z])|\s(?:but|and|while|whereas|although|though|because|which|who|when|before"
    r"|after|since|as)\s"
)
_TITLES = frozenset("mr mrs ms dr gen sen rep gov prof capt col sgt".split())
_PEOPLE = frozenset("peopl person ppl folk".split())
_SMALL_WORDS = frozenset("within upon via amid per".split())

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A sentence as it is compared.

    ``words`` are those with a meaning that are part of no figure and no date; ``quantities``,
    ``dates`` and ``names`` its values; ``negations`` and ``openings`` the spans of what denies and
    of what leaves open; ``clauses`` the spans of its parts. ``text`` has figures and dates in one
    spelling and is as long as ``original``; ``speakers`` are the terms of whoever says it.
    """

    text: str
    original: str
    words: tuple[Word, ...]
    quantities: tuple[Value, ...]
    dates: tuple[Value, ...]
    names: tuple[Value, ...]
    negations: tuple[Span, ...]
    openings: tuple[Span, ...]
    clauses: tuple[Span, ...]
    speakers: frozenset[str]

    def of(self, value: Value) -> str:
        """A value as it was written."""
        return self.original[value.start : value.end]

    def scope(self, span: Span) -> Span:
        """Where the word stands that a negation, or what leaves open, is about."""
        return next(((w.start, w.end) for w in self.words if w.start >= span[1]), span)

    def slice(self, start: int, end: int) -> str:
        """What stands there, as it was written."""
        return self.original[start:end]


@lru_cache(maxsize=4_096)
def read_sentence_to_compare(text: str) -> Reading:
    """Read a sentence, of a message or of an article."""
    original, text = text, unify(text)
    values = find_values(text)
    quantities = tuple(value for value in values if value.kind == "quantity")
    dates = tuple(value for value in values if value.kind == "date")
    negations = tuple(match.span() for match in _NEGATION.finditer(text))
    taken = [(v.lead, v.end) for v in (*quantities, *dates)] + list(negations)
    cuts = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    speaker = find_speaker(text, len(text), len(text)) or ""
    return Reading(
        text=text,
        original=original,
        words=tuple(
            word
            for word in split_words(text)
            if word.term
            and not any(start <= word.start < end for start, end in taken)
            and not _is_empty(text, word, quantities)
        ),
        quantities=quantities,
        dates=dates,
        names=tuple(value for value in values if value.kind == "name"),
        negations=negations,
        openings=tuple(match.span() for match in _OPEN.finditer(text)),
        clauses=tuple((a, b) for a, b in pairwise(cuts) if a < b),
        speakers=frozenset(
            word.term for word in split_words(speaker) if word.term and not is_idle(word.term)
        ),
    )


def unify(text: str) -> str:
    """``text``, as long as it was, with figures and dates in a newspaper's spelling."""
    text = _SPACED_DIGITS.sub(lambda m: m[1] + re.sub(r"[ \xa0\u202f]", ",", m[2]), text)
    text = _DAY_OR_MONTH.sub(lambda match: match.group().capitalize(), text)
    text = _SMALL_INITIALS.sub(lambda match: match.group().upper(), text)
    return _HALF_DAY.sub(lambda match: match.group().lower(), text)


def _is_empty(text: str, word: Word, quantities: tuple[Value, ...]) -> bool:
    """Whether a word only fills: chat, a title before a name, "people" after a figure."""
    surface = text[word.start : word.end]
    if is_idle(surface) or word.term in _TITLES | _SMALL_WORDS or _OPEN.fullmatch(surface):
        return True
    is_counted = any(value.end <= word.start < value.tail for value in quantities)
    return word.term in _PEOPLE or (is_counted and is_people(surface))
