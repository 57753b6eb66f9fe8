"""Names that are exchanged: another in the place of one, or two that stand the other way round."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from index.checking.match import find_hard_terms, is_one_name
from index.checking.statements import is_idle
from index.language.near import place_words
from index.language.roles import without_title
from index.language.synonyms import means_same
from index.language.words import STOP_WORDS, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.checking.match import Match, Subject
    from index.checking.reading import Reading
    from index.language.values import Value

# So many words around a name are read to tell what it stands for.
_ROLE_WORDS = 3
# How often the words of a statement may step back in the sentence.
_MOVED, _MOVED_BY = 1, 2
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|got)\s(?:\w+\s){0,2}?(?P<verb>\w{2,}(?:ed|en|t|n|d|k))"
    r"\s(?:\w+\s){0,3}?by\s(?![\d$€£])"
)
# What tells that a name is in its place: the word before and after, and where something is.
_WHERE = frozenset("according above below near inside outside across beyond from into".split())
_WHERE_BACK = 3
_OF = frozenset({"of", "in", "at", "for"})


def find_other_name(subject: Subject, found: Reading, match: Match) -> tuple[Value, Value] | None:
    """A name of the statement and the one that the sentence has in its place, if it is clear."""
    said = subject.reading
    lost = [
        without_title(said.text, name)
        for name in said.names
        if any(name.start <= word.start < name.end for word in match.lost_names)
    ]
    known = {word.term for word in said.words}
    if len(lost) != 1 or any(
        w.start < lost[0].start or w.start >= lost[0].end for w in match.lost_names
    ):
        return None
    others = [
        bare
        for name in found.names
        if (bare := without_title(found.text, name)) and known.isdisjoint(terms(found.of(bare)))
    ]
    shared = [_count_beside(said, lost[0], found, other) for other in others]
    best = max(shared, default=0)
    if not best or shared.count(best) > 1:
        return None
    return lost[0], others[shared.index(best)]


def _is_mere_subject(said: Reading, name: Value) -> bool:
    """Whether a statement opens with a name alone: others may have done the same."""
    is_described = said.text[name.end : name.end + 1] == ","
    return not is_described and not any(
        word.term and not is_idle(said.slice(word.start, word.end))
        for word in place_words(said.text)
        if word.end <= name.start
    )


def _count_beside(said: Reading, name: Value, found: Reading, other: Value) -> int:
    """How many words two names both stand by: "nearby Ellerby", "the prosecutor, Anna Berg"."""
    own, theirs = _beside(said, name), _beside(found, other)
    return sum(any(means_same(a, b) for b in theirs) for a in own)


def _beside(reading: Reading, name: Value) -> list[str]:
    words = [w for w in place_words(reading.text) if not name.start <= w.start < name.end]
    before = [w.term for w in words if w.end <= name.start][-_ROLE_WORDS:]
    after = [w.term for w in words if w.start >= name.end][:_ROLE_WORDS]
    return [term for term in (*before, *after) if term]


def has_other_order(subject: Subject, found: Reading) -> bool:
    """Whether the words they share stand in another order: "A beat B", "B beat A".

    A clause may have moved, once, and its names with it; a passive turns round who does it to whom.
    """
    said, hard = subject.reading, find_hard_terms(subject)
    steps = _find_steps(said, found)
    words = said.words
    if any(_is_hard(words[at - 1].term, hard) and _is_hard(words[at].term, hard) for at in steps):
        return True
    if _is_passive_in_one(said, found):
        return not 0 < len(steps) <= _MOVED_BY
    edges = [words[at].start for step in steps for at in (step - 1, step)]
    return len(steps) > _MOVED or not _keeps_names(said, found, hard, edges)


def _find_steps(said: Reading, found: Reading) -> list[int]:
    """The places in the statement's words where the sentence must be read from further back."""
    there = [word.term for word in place_words(found.text)]
    steps, last = [], -1
    for number, word in enumerate(said.words):
        places = [at for at, term in enumerate(there) if term and means_same(word.term, term)]
        if places and last not in places:
            following = next((at for at in places if at > last), None)
            if following is None and number:
                steps.append(number)
            last = places[0] if following is None else following
    return steps


def _is_passive_in_one(said: Reading, found: Reading) -> bool:
    """Whether what one says that somebody did, the other says was done by somebody."""
    return _has_own_passive(said, found) or _has_own_passive(found, said)


def _has_own_passive(one: Reading, other: Reading) -> bool:
    own, their = (
        {term for match in _PASSIVE.finditer(each.text) for term in terms(match["verb"])}
        for each in (one, other)
    )
    return any(
        any(means_same(verb, word.term) for word in other.words)
        and not any(means_same(verb, passive) for passive in their)
        for verb in own
    )


class _Placed(NamedTuple):
    """A run of words of names, with what stands just before and just after it.

    ``owned`` is the word before where the name follows as in "shares in A", "the mine of A".
    """

    start: int
    end: int
    name: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    owned: frozenset[str]

    def is_in_place_of(self, other: _Placed) -> bool:
        """Whether one name stands beside the same word in both: "A shares" as "shares in A"."""
        return bool(self.name & other.name) and bool(
            self.before & other.before
            or self.after & (other.after | other.owned)
            or self.owned & other.after
        )


def _keeps_names(said: Reading, found: Reading, hard: frozenset[str], edges: Sequence[int]) -> bool:
    """Whether the names at ``edges``, starts of words, stand beside the same words in both."""
    theirs = list(_place_names(found, hard))
    return all(
        any(own.is_in_place_of(other) for other in theirs)
        for own in _place_names(said, hard)
        if any(own.start <= edge < own.end for edge in edges)
    )


def _place_names(reading: Reading, hard: frozenset[str]) -> Iterator[_Placed]:
    placed = place_words(reading.text)
    words = [w.term or reading.text[w.start : w.end].lower() for w in placed]
    kept = [at for at, word in enumerate(words) if word in _WHERE or word not in STOP_WORDS]
    telling = [words[at] for at in kept]
    for is_name, run in groupby(range(len(telling)), key=lambda at: _is_hard(telling[at], hard)):
        places = list(run)
        if is_name:
            inside = {telling[at] for at in places}
            yield _Placed(
                start=placed[kept[places[0]]].start,
                end=placed[kept[places[-1]]].end,
                name=frozenset(t for t in hard if any(is_one_name(t, word) for word in inside)),
                before=frozenset(_before(telling, places[0])),
                after=frozenset(telling[places[-1] + 1 : places[-1] + 2]),
                owned=_owned(words[: kept[places[0]]]),
            )


def _owned(words: list[str]) -> frozenset[str]:
    """The word before "of" and the like, where such a word ends ``words``."""
    back = [word for word in words[-_WHERE_BACK:] if word != "the"]
    return frozenset(back[-2:-1]) if back and back[-1] in _OF else frozenset()


def _is_hard(word: str, hard: frozenset[str]) -> bool:
    return any(is_one_name(word, term) for term in hard)


def _before(words: list[str], at: int) -> set[str]:
    """The word before, and the nearest one before that says where."""
    back = words[max(0, at - _WHERE_BACK) : at]
    where = [word for word in back if word in _WHERE][-1:]
    return {*back[-1:], *where}
