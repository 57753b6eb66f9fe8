"""A written sentence, or a quote, read for comparing: its words, and the clauses they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.checking.reading import unify
from index.language.words import STOP_WORDS, WORD, split_words
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.language.words import Word as Split

_MARK = re.compile(r"[;:—–“”\"()«»„]|--")
_PARTING = re.compile(r"[;:—–()]|--")
_COMMA = re.compile(r",")
_STOP = re.compile(r"[.!?][”\"’)]*\s")
_STRONG = re.compile(r"[;—]")
_TITLES = frozenset("mr mrs ms dr st gen sen rep gov prof capt col sgt lt jr no".split())
_QUOTE = re.compile(r"[“”\"«»„]")
AUXILIARIES = frozenset(
    "is are was were be been being has have had do does did will would can could may might shall"
    " should must am 'll 'd".split()
)
OPENERS = frozenset(
    "but while whereas although though because if unless whether who which whose where that when"
    " after before since as until so than once unless".split()
)
# Verbs of saying: whoever is their subject is whose words they are.
SAYING = frozenset(
    "say tell report add announce state warn explain argue insist claim confirm conclude write call"
    " describe speak estimate note caution mutter quote cite predict forecast acknowledge admit"
    " complain believe think deny accuse express stress declare reveal disclose indicate"
    " remark reply respond testify allege contend maintain assert concede rule blame"
    " mention recall whisper shout comment agree put count expect urge".split()
)
_CONNECTIVES = frozenset(
    "although though whereas while however meanwhile besides furthermore moreover nevertheless"
    " nonetheless therefore thus hence despite amid unlike among".split()
)
_BEFORE_THAT = frozenset("of in at by with from on for to after before like".split())
# Stop words elsewhere, from "won't"; verbs here.
_VERBS_OF_TWO_KINDS = {"won": "win"}
_JOINERS = frozenset({"and", "or", "nor"})
_SUBJECTS = frozenset("he she it they that this these those there no not neither none who".split())
_APART = frozenset({"but", "while", "whereas", "although", "though"})
# So far behind "and" may the verb stand that makes what follows a clause.
_REACH = 5
_COMMA_PLACES, _MARK_PLACES = 2, 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word where it stands: ``text[start:end]`` of its sentence.

    ``at`` is its number, ``place`` counts words too, and more across a comma or a mark;
    ``clause`` and ``segment`` number the clauses, and the stretches between semicolons and the
    like; ``term`` is empty for a stop word. ``is_name`` tells that it has a capital of its own.
    """

    at: int
    place: int
    start: int
    end: int
    text: str
    term: str
    clause: int
    segment: int
    is_name: bool
    is_quoted: bool
    is_opening: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """``text`` has figures and dates in one spelling and is as long as ``original``."""

    text: str
    original: str
    words: tuple[Word, ...]

    def gap(self, at: int) -> str:
        """What stands between word ``at`` and the one before it."""
        start = self.words[at - 1].end if at else 0
        return self.text[start : self.words[at].start]

    def find(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that stand in ``text[start:end]``."""
        return tuple(word for word in self.words if start <= word.start < end)


@lru_cache(maxsize=2_048)
def read_words(original: str) -> Reading:
    """Read a sentence of prose, or a quote."""
    text = unify(original)
    splits = split_words(text)
    lowers = [text[s.start : s.end].lower().replace("’", "'") for s in splits]
    gaps = [
        _mend(text[splits[n - 1].end if n else 0 : split.start], lowers[n - 1], text, split.start)
        for n, split in enumerate(splits)
    ]
    words: list[Word] = []
    clause = last = segment = place = 0
    before = list[int]()
    is_quoted = False
    for n, split in enumerate(splits):
        opens = n > 0 and _opens_clause(splits, lowers, gaps, n)
        if opens and _resumes(lowers, gaps, n) and before:
            # "The museum, which had no insurance, will stay closed": back to what was broken off.
            clause = before.pop()
        elif opens:
            before = [*before[-1:], clause] if _COMMA.search(gaps[n]) else [clause]
            last += 1
            clause = last
        segment += n > 0 and _opens_segment(gaps, lowers, n)
        place += 1 + _width(gaps[n]) if n else 0
        if len(_QUOTE.findall(gaps[n])) % 2:
            is_quoted = not is_quoted
        words.append(
            Word(
                at=n,
                place=place,
                start=split.start,
                end=split.end,
                text=lowers[n],
                term=_VERBS_OF_TWO_KINDS.get(lowers[n], split.term),
                clause=clause,
                segment=segment,
                is_name=_is_name(text, splits, gaps, n),
                is_quoted=is_quoted,
                is_opening=opens or n == 0,
            )
        )
    return Reading(text=text, original=original, words=tuple(words))


def _mend(gap: str, before: str, text: str, start: int) -> str:
    """What parts two words, without a stop that ends no sentence: "Dr. Berg", "E. coli"."""
    ends = len(before) > 1 and before not in _TITLES and not text[start].islower()
    return gap if ends else _STOP.sub(" ", gap)


def _width(gap: str) -> int:
    if _MARK.search(gap) or _STOP.search(gap):
        return _MARK_PLACES
    return _COMMA_PLACES if _COMMA.search(gap) else 0


def _opens_segment(gaps: Sequence[str], lowers: Sequence[str], n: int) -> bool:
    if _STRONG.search(gaps[n]) or _STOP.search(gaps[n]):
        return True
    return lowers[n] in _APART and bool(_COMMA.search(gaps[n]) or lowers[n] != "though")


def _resumes(lowers: Sequence[str], gaps: Sequence[str], n: int) -> bool:
    """Whether a comma ends an aside, and the verb of the clause before it follows."""
    if not _COMMA.search(gaps[n]) or _MARK.search(gaps[n]):
        return False
    return lowers[n] in AUXILIARIES or (is_past(lowers[n]) and not is_saying(lowers[n]))


def _opens_clause(  # noqa: PLR0911 - the first that fits
    splits: Sequence[Split], lowers: Sequence[str], gaps: Sequence[str], n: int
) -> bool:
    if _PARTING.search(gaps[n]) or _COMMA.search(gaps[n]) or _STOP.search(gaps[n]):
        return True
    if _QUOTE.search(gaps[n]) and (is_saying(lowers[n - 1]) or is_saying(lowers[n])):
        return True
    if lowers[n] in OPENERS and not (lowers[n] == "that" and lowers[n - 1] in _BEFORE_THAT):
        return True
    if lowers[n] not in _JOINERS:
        return False
    following = lowers[n + 1 : n + 1 + _REACH]
    for number, word in enumerate(following):
        is_parted = number and (_COMMA.search(gaps[n + 1 + number]) or word in OPENERS)
        if word in _JOINERS or is_parted or (number and _MARK.search(gaps[n + 1 + number])):
            return False
        if word in AUXILIARIES or (not number and word in _SUBJECTS):
            return True
        if is_past(word) and not splits[n + 1 + number].term[:1].isdigit():
            return True
    return False


@lru_cache(maxsize=8_192)
def is_past(word: str) -> bool:
    """Whether ``word`` is a verb in the past, or a participle: "fell", "banned"."""
    thesaurus = open_thesaurus()
    if (
        word in STOP_WORDS and word not in _VERBS_OF_TWO_KINDS
    ) or "v" not in thesaurus.find_letters(word):
        return False
    if word.endswith("ed"):
        return True
    return word in _IRREGULAR or bool(
        {lemma for lemma in thesaurus.find_lemmas(word) if lemma != word}
        and not word.endswith(("s", "ing", "er", "est"))
        and word in thesaurus.irregular
    )


_IRREGULAR = frozenset("put cut hit set let shut cost hurt spread quit split bid beat".split())


@lru_cache(maxsize=8_192)
def is_saying(word: str) -> bool:
    """Whether ``word`` is a form of a verb of saying."""
    return bool(open_thesaurus().find_lemmas(word) & SAYING)


def is_verb(word: str) -> bool:
    """Whether ``word`` may be a verb."""
    return "v" in open_thesaurus().find_letters(word)


def _is_name(text: str, splits: Sequence[Split], gaps: Sequence[str], n: int) -> bool:
    """Whether a word has a capital, and not only as it opens a sentence or a quotation."""
    surface = text[splits[n].start : splits[n].end]
    if (
        not surface[0].isupper()
        or (not splits[n].term)
        or surface.lower() in _CONNECTIVES | OPENERS
    ):
        return False
    opens = n == 0 or _STOP.search(gaps[n]) or _MARK.search(gaps[n])
    if not opens or (len(surface) > 1 and surface.isupper()):
        return True
    bare = surface.lower().replace("’", "'").removesuffix("'s")
    if not open_thesaurus().knows(bare):
        return True
    following = splits[n + 1] if n + 1 < len(splits) else None
    return bool(
        following
        and text[following.start].isupper()
        and following.term
        and gaps[n + 1].strip("-") in {"", " ", "\xa0"}
    )


__all__ = ["AUXILIARIES", "OPENERS", "WORD", "Reading", "Word", "is_past", "is_verb", "read_words"]
