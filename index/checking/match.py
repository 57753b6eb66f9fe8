"""Which words of a statement a sentence has, and in which of its clauses they stand.

A name must stand there itself; any other word may stand there by a synonym, or around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.language.likeness import term_set
from index.language.near import place_words
from index.language.roles import without_title
from index.language.synonyms import means_same
from index.language.words import WORD, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.checking.reading import Reading, Span
    from index.language.words import Word
    from index.types import Article

# What only a sentence's surroundings have counts for a part.
_NEARBY = 0.6
_SIGN = re.compile(r"[$€£¥₹%°]|(?<!\w)[-−](?=\d)")
_SHORTEST_NAME = 4
_DEMONYM = frozenset({"n", "an", "ian", "i", "s", "ish", "ese"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A statement with what the articles tell of its words.

    ``weights`` are the inverse document frequencies of its terms, ``named`` the terms that the
    articles have only in names.
    """

    reading: Reading
    weights: Mapping[str, float] = field(repr=False)
    named: frozenset[str] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Which of a statement's words a sentence has: shares by weight, and where they stand.

    ``lost`` are the words that stand neither there nor around it, ``far_names`` the words of names
    that stand around it only, ``lost_names`` those that stand nowhere and have no share.
    ``places`` tells of each word that is no name where it may stand in the sentence.
    """

    own: float
    around: float
    lost: tuple[Word, ...]
    far_names: tuple[Word, ...]
    lost_names: tuple[Word, ...]
    places: tuple[tuple[Span, ...], ...]

    @property
    def coverage(self) -> float:
        """The share of the statement's words that it has; what is only around counts for less."""
        return self.own + _NEARBY * self.around


def match_words(subject: Subject, found: Reading, article: Article, around: str) -> Match:
    """Find the words of a statement in a sentence of ``article`` and in what is ``around`` it."""
    said, nearby = subject.reading, term_set(around)
    hard = find_hard_terms(subject)
    there = [word for word in place_words(found.text) if word.term]
    own = near = missed = 0.0
    named: list[str] = []
    lost, far_names, lost_names, found_at = [], [], [], []
    for word in said.words:
        weight = subject.weights.get(word.term, 1.0)
        is_hard = word.term in hard
        same = is_one_name if is_hard and word.term not in said.speakers else means_same
        places = [(w.start, w.end) for w in there if same(word.term, w.term)]
        named += [word.term] if is_hard else []
        is_once_too_often = is_hard and _count(word.term, named) > len(places)
        if places and not is_once_too_often:
            own += weight
            found_at += [] if is_hard else [tuple(places)]
        elif is_hard and _is_known_as(said, word, found, article):
            own += weight
        elif any(same(word.term, term) for term in nearby):
            near += weight
            far_names += [word] if is_hard else []
        elif is_hard:
            lost_names.append(word)
        else:
            missed += weight
            lost.append(word)
    share = (own + near + missed) or 1.0
    return Match(
        own=own / share if said.words else 1.0,
        around=near / share,
        lost=tuple(lost),
        far_names=tuple(far_names),
        lost_names=tuple(lost_names),
        places=tuple(found_at),
    )


def _count(name: str, names: Iterable[str]) -> int:
    return sum(is_one_name(name, other) for other in names)


def find_hard_terms(subject: Subject) -> frozenset[str]:
    """The terms of a statement that stand for somebody, some place, or whoever says it."""
    said = subject.reading
    capitalised = {
        term
        for name in said.names
        if name.start or len(name_terms := terms(said.of(name))) > 1
        for term in (terms(said.of(name)) if name.start else name_terms)
    }
    known = {word.term for word in said.words if word.term in subject.named}
    return frozenset(capitalised | known | said.speakers)


def is_one_name(term: str, other: str) -> bool:
    """Whether two terms are one name, as "africa" and "african"."""
    short, long = sorted((term, other), key=len)
    is_demonym = len(short) >= _SHORTEST_NAME and long.startswith(short)
    return short == long or (is_demonym and long[len(short) :] in _DEMONYM)


def _is_known_as(said: Reading, word: Word, found: Reading, article: Article) -> bool:
    """Whether the sentence has the rest of a name that the article has in full: "Mr. Berg"."""
    name = next((n for n in said.names if n.start <= word.start < n.end), None)
    if name is None:
        return False
    bare = said.of(without_title(said.text, name))
    last = terms(bare)[-1:]
    return (
        word.term in terms(bare)[:-1]
        and last[0] in term_set(found.text)
        and re.search(rf"\b{re.escape(bare)}\b", article.text) is not None
    )


def is_word_for_word(text: str, source: str) -> bool:
    """Whether two sentences have the same words and signs in the same order."""
    words, theirs = ((WORD.findall(each.lower()), _SIGN.findall(each)) for each in (text, source))
    return bool(words[0]) and words == theirs


def find_stretch(match: Match, found: Reading) -> Span | None:
    """The stretch of the telling clause that holds the words it shares with the statement."""
    clauses = find_telling(match, found)
    if not match.places or not clauses:
        return None
    inside = [span for spans in match.places for span in spans if is_in(span, clauses[0])]
    return (min(a for a, _ in inside), max(b for _, b in inside)) if inside else None


def is_in(span: Span | Word, clause: Span) -> bool:
    """Whether a span or a word begins in a clause."""
    return clause[0] <= span[0] < clause[1]


def find_telling(match: Match, found: Reading) -> list[Span]:
    """The fewest clauses that have all of the statement's words, the fullest first.

    What another clause denies or leaves open is not what the statement is about.
    """
    clauses: list[Span] = []
    left = list(match.places)
    while left:
        counts = [sum(any(is_in(s, c) for s in spans) for spans in left) for c in found.clauses]
        best = found.clauses[counts.index(max(counts))]
        clauses.append(best)
        left = [spans for spans in left if not any(is_in(span, best) for span in spans)]
    return clauses or list(found.clauses)
