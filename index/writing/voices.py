"""Who says what in a sentence: "the mayor said that …", "…, according to the union"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from index.writing.days import read_days
from index.writing.reading import AUXILIARIES, OPENERS, is_past, is_saying, read_words
from index.writing.speaking import (
    A_COMMA,
    A_MARK,
    AFTER,
    LONGEST,
    RELATIVE,
    find_aside,
    is_noun_there,
    read_after,
    read_apposition,
    read_before,
)
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.writing.reading import Reading, Word

_QUOTE = re.compile(r"[”\"»]")
_SOURCING = frozenset({"citing", "quoting"})
_PRONOUNS = frozenset("he she they".split())
_PASSIVE = frozenset("is are was were be been being".split())
_ADJECTIVES = frozenset("written spoken".split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """Somebody who says something, by numbers of words.

    ``at`` is the verb, ``core`` how they are named, ``group`` that with what is set beside the name
    ("a spokesperson for the port"), ``reach`` what they say.
    """

    at: int
    core: frozenset[int]
    group: frozenset[int]
    reach: frozenset[int]


@lru_cache(maxsize=2_048)
def read_voices(text: str) -> tuple[Voice, ...]:
    """Everybody who says something in a sentence, in order."""
    reading = read_words(text)
    dated = {
        word.at for day in read_days(reading.text) for word in reading.find(day.start, day.end)
    }
    found: list[Voice] = []
    taken: set[int] = set()
    for word in reading.words:
        voice = _read(reading, word, dated, taken)
        if voice is not None:
            found.append(voice)
            taken |= voice.reach
    return tuple(_settle(reading, found))


def _settle(reading: Reading, found: list[Voice]) -> Iterator[Voice]:
    """Give what is quoted, and said by nobody, to whoever spoke last before it, or first."""
    voiced = {at for voice in found for at in voice.reach}
    loose = {w.at for w in reading.words if w.is_quoted and w.at not in voiced}
    speaking = {at for voice in found for at in (*voice.group, voice.at)}
    for number, voice in enumerate(found):
        own = set[int]()
        for at in loose:
            before = [n for n, v in enumerate(found) if min(v.core) < at]
            if (before[-1] if before else 0) == number:
                own.add(at)
        yield replace(voice, reach=(voice.reach | own) - speaking)


def _read(reading: Reading, word: Word, dated: set[int], taken: set[int]) -> Voice | None:  # noqa: PLR0911 - the first that fits
    words = reading.words
    following = words[word.at + 1] if word.at + 1 < len(words) else None
    if word.text == "according" and following and following.text == "to":
        return _read_according(reading, word, taken)
    if not is_saying(word.text) or is_noun_there(reading, word, following):
        return None
    before = words[word.at - 1].text if word.at else ""
    if before in _PASSIVE or before == "to" or word.text in _ADJECTIVES:
        return None
    if word.text in _SOURCING:
        return None
    if word.text.endswith("ing"):
        return _read_participle(reading, word, taken)
    if before in {"and", "but", "or"}:
        return None if word.at - 1 in taken else _read_subject(reading, word)
    if _is_inverted(reading, word, following):
        core, group = read_after(reading, word.at + 1, dated)
        said = _before(reading, word.at, set())
        return _voice(reading, word.at, core, group, said | _rest(reading, group))
    core, group, start = read_before(reading, word.at, dated)
    if not core:
        return None
    after = {w.at for w in words[word.at + 1 :] if w.segment == word.segment}
    is_silent = (
        following is None
        or following.segment != word.segment
        or bool(A_COMMA.search(reading.gap(following.at)))
    )
    if _stands_behind(reading, word, start, following):
        return _voice(reading, word.at, core, group, _before(reading, start, set()) | after)
    return None if is_silent else _voice(reading, word.at, core, group, after)


def _voice(
    reading: Reading, verb: int, core: list[int], group: list[int], reach: set[int]
) -> Voice | None:
    if not any(reading.words[at].term or reading.words[at].text in _PRONOUNS for at in core):
        return None
    return Voice(
        at=verb,
        core=frozenset(core),
        group=frozenset(group),
        reach=frozenset(reach - set(group) - {verb}),
    )


def _read_participle(reading: Reading, word: Word, taken: set[int]) -> Voice | None:
    """Who rules in "the court halted the work, ruling that …": the subject before."""
    if word.at in taken or not A_COMMA.search(reading.gap(word.at)):
        return None
    return _read_subject(reading, word)


def _read_subject(reading: Reading, word: Word) -> Voice | None:
    """Somebody named where the stretch starts, up to the first verb."""
    core = list[int]()
    for other in reading.words[: word.at]:
        if other.segment == word.segment and (core or other.text not in OPENERS):
            is_verb = not other.is_name and (is_past(other.text) or _is_present(other))
            if core and (other.text in AUXILIARIES | OPENERS or is_verb or other.is_opening):
                break
            core.append(other.at)
    return _voice(reading, word.at, core, core, _rest(reading, [word.at]))


def _before(reading: Reading, end: int, taken: set[int]) -> set[int]:
    """What stands before, in the same stretch, and is nobody else's."""
    found = set[int]()
    for word in reversed(reading.words[:end]):
        found.add(word.at)
        is_apart = word.at and reading.words[word.at - 1].segment != word.segment
        if is_apart and not A_COMMA.search(reading.gap(word.at)) and word.text not in OPENERS:
            break
    return found - taken


def _rest(reading: Reading, group: list[int]) -> set[int]:
    """What follows in the same stretch, "adding that …"."""
    last = reading.words[max(group)] if group else reading.words[-1]
    return {w.at for w in reading.words[last.at + 1 :] if w.segment == last.segment}


def _is_present(word: Word) -> bool:
    return word.text.endswith("s") and "v" in open_thesaurus().find_letters(word.text)


def _is_inverted(reading: Reading, word: Word, following: Word | None) -> bool:
    gap = reading.gap(word.at)
    if not following or not (A_COMMA.search(gap) or A_MARK.search(gap)) or not word.at:
        return False
    if word.text.endswith("ing") or following.text in AFTER | AUXILIARIES | OPENERS:
        return False
    if A_MARK.search(reading.gap(following.at)) or following.term[:1].isdigit():
        return False
    if A_MARK.search(gap):
        return True
    aside = find_aside(reading, word.at)
    return aside is None


def _stands_behind(reading: Reading, word: Word, start: int, following: Word | None) -> bool:
    """Whether what is said stands before: "The dam held, the mayor said on Monday"."""
    opener = next(w for w in reading.words if w.clause == word.clause)
    if opener.text in RELATIVE or (following and following.text in {"that", "of"}):
        return False
    if following and A_MARK.search(reading.gap(following.at)) and ":" in reading.gap(following.at):
        return False
    gap = reading.gap(start)
    return (
        start > 0
        and bool(A_COMMA.search(gap) or re.search('[”"]', gap))
        and (
            reading.words[start].text not in OPENERS
            and reading.words[start - 1].segment == word.segment
            and _is_short(reading, word)
        )
    )


def _is_short(reading: Reading, word: Word) -> bool:
    """Whether no more follows in the clause than when and to whom it was said."""
    rest = [w for w in reading.words[word.at + 1 :] if w.clause == word.clause]
    return not any(w.text in AUXILIARIES or is_past(w.text) for w in rest)


def _read_according(reading: Reading, word: Word, taken: set[int]) -> Voice | None:
    words = reading.words
    core: list[int] = []
    at = word.at + 2
    while at < len(words) and len(core) < LONGEST:
        gap = reading.gap(at)
        if core and (A_COMMA.search(gap) or A_MARK.search(gap)):
            break
        if core and words[at].text in (OPENERS | AUXILIARIES | {"and", "as"}) - {"that"}:
            break
        if core and is_past(words[at].text) and not words[at].is_name:
            break
        core.append(at)
        at += 1
    is_first = word.at == 0 or reading.words[word.at - 1].segment != word.segment
    is_other = is_first and at < len(words) and words[at].text not in {"a", "an", "who", "which"}
    group = core + ([] if is_other else read_apposition(reading, at))
    named = [a for a in group if words[a].is_name]
    core = group if named and not any(words[a].is_name for a in core) else core
    reach = _rest(reading, core) if is_first else _before(reading, word.at, taken)
    return _voice(reading, word.at, core, group, reach)
