"""How whoever says something is named: the words before the verb, or behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.reading import AUXILIARIES, OPENERS, is_past, is_saying
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from index.writing.reading import Reading, Word

A_COMMA = re.compile(r",")
A_MARK = re.compile(r"[;:—–()“”\"«»„]")
_NOUN_BEFORE = frozenset("the a an its their his her this that these those of no any each".split())
_SKIPPED = frozenset(
    "also later then now however previously recently still again both all has have had already not"
    " on in at early late privately".split()
)
_APART = frozenset(
    "the a an who which whose his her its their however meanwhile though too therefore".split()
)
AFTER = frozenset("that it he she they there this about".split())
# Behind these a word like "report" is a verb; and these are never nouns.
_OBJECTS = AFTER | frozenset("the a an no at him her them us more less some all".split())
_PLAIN = frozenset(
    "say says think thinks speak speaks believe believes tell tells insist insists add adds put"
    " warn warns accuse accuses deny denies write writes expect expects describe describes".split()
)
_SHORT = 4
RELATIVE = frozenset("who which whose".split())
_MANY = frozenset("they we you i people police men women".split())
_OFF = frozenset("out off up down back".split())
_BEHIND_NOUN = frozenset("of on in from for by at to and or with".split())
_STOPS = (OPENERS - {"than"}) | frozenset(
    "adding saying noting citing quoting as on in at by and or".split()
)
LONGEST = 12


def is_noun_there(reading: Reading, word: Word, following: Word | None) -> bool:  # noqa: PLR0911 - the first that fits
    """Whether a word like "report" or "call" is a noun where it stands."""
    if not word.at:
        return not word.text.endswith("ing")
    before = reading.words[word.at - 1].text
    if before in _NOUN_BEFORE or (before.endswith("'s") and not is_past(word.text)):
        return True
    if following and following.text in _OFF:
        return True
    is_base = open_thesaurus().find_lemmas(word.text) == {word.text}
    if "write" in open_thesaurus().find_lemmas(word.text) and following:
        is_said = following.text in {"that", "in", "on"} or A_MARK.search(reading.gap(following.at))
        return not is_said and not A_COMMA.search(reading.gap(word.at))
    if word.text in _PLAIN or word.text.endswith("ing") or (is_past(word.text) and not is_base):
        return False
    is_noun = "n" in open_thesaurus().find_letters(word.text)
    has_next = (
        following is not None and following.clause == word.clause and not is_past(following.text)
    )
    if (
        word.text.endswith("s")
        and following
        and has_next
        and following.text not in _BEHIND_NOUN
        and (following.term or following.is_name)
    ):
        return False
    if is_noun and is_base and not (before.endswith("s") or before in _MANY):
        # "The whole state a disaster area": no subject of a verb in the present.
        return True
    return is_noun and not (
        following
        and following.clause == word.clause
        and (following.text in _OBJECTS or following.term[:1].isdigit() or following.is_name)
    )


def _is_adverb_there(word: Word) -> bool:
    return word.text.endswith("ly") and not word.is_name


def find_aside(reading: Reading, end: int) -> int | None:
    """Where what is set between commas before ``end`` starts, or None where nothing is."""
    words = reading.words
    for at in range(end - 1, max(0, end - 1 - LONGEST), -1):
        gap = reading.gap(at)
        if A_MARK.search(gap):
            return None
        if A_COMMA.search(gap):
            text = words[at].text
            opens = text in _APART or words[at].is_name or text.endswith("ing") or is_past(text)
            is_verb = any(w.text in AUXILIARIES for w in words[at:end]) and text not in RELATIVE
            if at and end - at <= _SHORT and words[at - 1].is_name:
                return at
            return at if opens and at > 0 and not is_verb else None
    return None


def read_after(reading: Reading, start: int, dated: set[int]) -> tuple[list[int], list[int]]:
    """Who is named behind a verb: their name, and that with what is set beside it."""
    words = reading.words
    core: list[int] = []
    at = start
    while at < len(words) and at - start < LONGEST:
        gap = reading.gap(at)
        is_parted = at > start and (A_COMMA.search(gap) or A_MARK.search(gap))
        is_done = words[at].text in _STOPS and words[at].text != "and"
        if is_parted or at in dated or (at > start and (is_done or words[at].text in AUXILIARIES)):
            break
        core.append(at)
        at += 1
    if at < len(words) and words[at].text in RELATIVE and not A_COMMA.search(reading.gap(at)):
        clause = [w.at for w in words[at:] if w.clause == words[at].clause]
        return core, core + clause
    return core, core + read_apposition(reading, at)


def read_apposition(reading: Reading, start: int) -> list[int]:
    """What is set beside a name, behind a comma: "the mayor", "who leads the union"."""
    words = reading.words
    if start >= len(words) or not A_COMMA.search(reading.gap(start)):
        return []
    if words[start].text not in _APART and not words[start].is_name:
        return []
    found = []
    for word in words[start : start + LONGEST]:
        gap = reading.gap(word.at)
        if word.at > start and (A_COMMA.search(gap) or A_MARK.search(gap)):
            break
        found.append(word.at)
    return found


def read_before(reading: Reading, verb: int, dated: set[int]) -> tuple[list[int], list[int], int]:
    """Who is named before a verb: their name, that with what is set beside it, where it starts."""
    words = reading.words
    at, aside = _skip_to_name(reading, verb, dated)
    core = _read_core(reading, at, verb, dated)
    if core and words[core[0]].text in {"for", "of", "from"}:
        # "A man claiming to speak for the hijackers said".
        core = [*_phrase_before(reading, core[0], most=_SHORT + 2), *core]
    opener = next((w for w in words if core and w.clause == words[core[0]].clause), None)
    between = words[opener.at : core[0]] if opener and core else ()
    has_verb = any(w.text in AUXILIARIES or is_past(w.text) for w in between)
    if opener and opener.text in RELATIVE and opener.at and has_verb:
        # "A leader who met the minister said": the leader did.
        aside = [*range(opener.at, verb), *aside]
        core = _phrase_before(reading, opener.at)
    core = [*_read_description(reading, core), *core]
    named = core + aside
    # "The mayor, Anna Berg, said": either is their name.
    is_name = bool(aside) and words[aside[0]].is_name
    return named if is_name else core, named, core[0] if core else verb


def _skip_to_name(reading: Reading, verb: int, dated: set[int]) -> tuple[int, list[int]]:
    """The last word of the name before a verb, and the words of what is set between them."""
    at, aside = verb - 1, list[int]()
    while at >= 0:
        is_parted = A_COMMA.search(reading.gap(at + 1)) and not (aside and at + 1 == aside[0])
        if is_parted:
            start = find_aside(reading, at + 1)
            if start is None or aside:
                return -1, []
            aside = list(range(start, at + 1))
            at = start - 1
        elif (
            reading.words[at].text in _SKIPPED or _is_adverb_there(reading.words[at]) or at in dated
        ):
            if A_MARK.search(reading.gap(at + 1)):
                return -1, []
            at -= 1
        else:
            break
    return at, aside


def _read_core(reading: Reading, at: int, verb: int, dated: set[int]) -> list[int]:
    """The words of a name that ends at a word, back to where something else does."""
    words = reading.words
    core: list[int] = []
    while at >= 0 and len(core) < LONGEST:
        word, gap = words[at], reading.gap(at + 1)
        is_apart = A_MARK.search(gap) or A_COMMA.search(gap) or word.segment != words[verb].segment
        if not core and word.text in RELATIVE and at:
            # "The mayor, who had blamed the heat".
            at -= 1
            continue
        if (core and is_apart) or _ends_name(reading, word, dated, core):
            break
        core.insert(0, at)
        at -= 1
    return core


def _ends_name(reading: Reading, word: Word, dated: set[int], core: list[int]) -> bool:
    """Whether a word cannot be part of the name that follows it."""
    if word.text in OPENERS | AUXILIARIES or word.at in dated:
        return True
    if is_saying(word.text) and not is_noun_there(reading, word, reading.words[word.at + 1]):
        return True
    is_verb = is_past(word.text) and not word.is_name
    return bool(core) and is_verb and reading.words[core[0]].text != "by"


def _read_description(reading: Reading, core: list[int]) -> list[int]:
    """What describes a name before a comma, "its founder" of "Its founder, Anna Berg"."""
    words = reading.words
    if not core or not all(words[at].is_name for at in core):
        return []
    if reading.gap(core[0]).strip() != ",":
        return []
    described = _phrase_before(reading, core[0])
    opens = bool(described) and (not described[0] or words[described[0]].is_opening)
    is_plain = not any(is_past(words[at].text) or words[at].is_quoted for at in described)
    return described if opens and is_plain and len(described) <= _SHORT else []


def _phrase_before(reading: Reading, end: int, most: int = LONGEST) -> list[int]:
    """The words of the name or noun that ends before word ``end``."""
    core = list[int]()
    for word in reversed(reading.words[:end]):
        gap = reading.gap(word.at + 1)
        is_parted = core and (A_COMMA.search(gap) or A_MARK.search(gap))
        stops = OPENERS | AUXILIARIES | ({"to"} if most == LONGEST else set())
        if is_parted or word.text in stops or len(core) > most:
            break
        core.insert(0, word.at)
    return core
