"""What turns a clause round or leaves it open: "not", "could", "plans to", "allegedly", "if"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.writing.reading import AUXILIARIES, OPENERS, is_past, is_saying, is_verb, read_words
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from index.writing.reading import Reading, Word

_NO = frozenset(
    "no not never none neither nor nobody nothing nowhere without cannot hardly barely scarcely"
    " noone unable unless unlikely".split()
)
_NOUNS_OF_NO = frozenset({"failure", "refusal", "inability"})
_NO_VERBS = frozenset("refuse decline deny".split())
_MAY = frozenset(
    "could may might possibly perhaps maybe possible likely probably potentially potential"
    " possibility risk".split()
)
_MAY_VERBS = frozenset("fear consider threaten weigh mull contemplate".split())
_AHEAD = frozenset(
    "plan intend expect hope aim propose promise pledge vow want forecast foresee predict seek"
    " prepare schedule project mean suppose anticipate".split()
)
_AHEAD_WORDS = frozenset(
    "will would shall due 'll wo set going expected scheduled upcoming".split()
)
_ALLEGED = frozenset(
    "allege accuse suspect claim complain argue suggest believe think contend appear seem"
    " speculate assume assert".split()
)
_ALLEGED_WORDS = frozenset("allegedly alleged reportedly purportedly apparently accused".split())
_MUST = frozenset("should must ought".split())
_MUST_VERBS = frozenset("urge demand recommend order require".split())
_PLAIN = {"can": "can", "if": "if", "whether": "if", "provided": "if"}
# "failed to", "managed to": what was done or not; "voted to" does it.
_DONE = frozenset(
    "manage begin start continue fail able unable vote decide use appear seem force cause help"
    " enable prompt lead get".split()
)
_GOVERNING = frozenset(
    "agree plan order tell ask urge want intend promise vow offer threaten prepare seek try"
    " attempt hope allow permit authorize authorise invite call demand require need ready way"
    " right day week month chance proposal bid deal pledge propose request instruct command"
    " encourage advise warn expect schedule due commit choose time refuse decline move rule let"
    " accuse suspect consider".split()
)
_NO_INFINITIVES = frozenset("hospital work school court become date blame".split())
_BACK = 5
# What these open may stand between "will" and what follows from it.
_SMALL = frozenset("as until since than before after".split())
_PLANNED = frozenset("planned scheduled expected intended proposed forecast projected due".split())
_MODALS = frozenset("could may might will would shall should must not".split())
_OF_ALL = frozenset("no none neither nobody".split())
_BOUNDS = frozenset("more less fewer later least only earlier".split())
_AFTER_VERB = frozenset("to that for it the a an".split())
_NOUNS = frozenset("the a an its their his her this that of no".split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """A word that turns round or leaves open what follows it in its clause.

    ``kind`` is "no", "may", "ahead", "alleged", "must" or "if"; ``at`` the number of the word,
    ``core`` those of the words that it is about first of all, ``clauses`` the clauses it reaches.
    """

    kind: str
    at: int
    core: tuple[int, ...]
    clauses: frozenset[int]
    segment: int


@lru_cache(maxsize=2_048)
def read_operators(text: str) -> tuple[Operator, ...]:
    """The operators of a sentence, in order."""
    reading = read_words(text)
    found = []
    for word in reading.words:
        if kind := _kind(reading, word):
            clauses = _reach(reading, word, kind)
            found.append(
                Operator(
                    kind=kind,
                    at=word.at,
                    core=_core(reading, word, clauses),
                    clauses=clauses,
                    segment=word.segment,
                )
            )
    return tuple(found)


def _kind(reading: Reading, word: Word) -> str | None:  # noqa: PLR0911 - the first that fits
    """Which kind of operator a word is, by the words around it; None where it is none."""
    following = reading.words[word.at + 1].text if word.at + 1 < len(reading.words) else ""
    before = reading.words[word.at - 1].text if word.at else ""
    if word.text == "to":
        return _kind_of_infinitive(reading, word, before, following)
    if _denies(reading, word, before, following):
        return "no"
    if _leaves_open(word, before, following):
        return "may"
    if word.text in _PLAIN:
        return _PLAIN[word.text]
    if _looks_ahead(reading, word, before, following):
        return "ahead"
    lemmas = open_thesaurus().find_lemmas(word.text)
    if word.text in _ALLEGED_WORDS or (before not in _NOUNS and lemmas & _ALLEGED):
        return "alleged"
    return "must" if _demands(reading, word, before, following) else None


def _denies(reading: Reading, word: Word, before: str, following: str) -> bool:
    text, lemmas = word.text, open_thesaurus().find_lemmas(word.text)
    if text in _NO or text.endswith("n't"):
        is_bound = following in _BOUNDS and text in {"no", "not", "nothing"}
        return not is_bound and not (text == "no" and _is_vote(reading, word))
    if before not in _NOUNS and lemmas & _NO_VERBS:
        return True
    is_failing = text in _NOUNS_OF_NO or (before not in _NOUNS and "fail" in lemmas)
    return following == "to" and is_failing


def _leaves_open(word: Word, before: str, following: str) -> bool:
    if word.text == "could" and following == "not":
        # What could not be done was not done.
        return False
    if word.text == "may" and word.is_name and word.at:
        return False
    lemmas = open_thesaurus().find_lemmas(word.text)
    return word.text in _MAY or bool(before not in _NOUNS and lemmas & _MAY_VERBS)


def _looks_ahead(reading: Reading, word: Word, before: str, following: str) -> bool:
    text, lemmas = word.text, open_thesaurus().find_lemmas(word.text)
    if text in _AHEAD_WORDS:
        is_idle = text in {"set", "going"} and following != "to"
        return not is_idle and not (text.endswith("ed") and _describes(reading, word))
    if before in _NOUNS or not lemmas & _AHEAD or not is_verb(text):
        return False
    may_be_noun = "n" in open_thesaurus().find_letters(text) and not text.endswith("ed")
    wanted = {"to"} if lemmas & {"want", "hope", "seek"} else _AFTER_VERB
    if may_be_noun and following not in wanted:
        return False
    return not (text.endswith("ed") and _describes(reading, word))


def _demands(reading: Reading, word: Word, before: str, following: str) -> bool:
    if word.text in _MUST:
        # "As they should" leaves nothing open.
        return bool(following) and reading.words[word.at + 1].clause == word.clause
    if word.text in {"have", "has", "had", "need", "needs"}:
        return following == "to"
    after = {other.text for other in reading.words[word.at + 1 : word.at + _BACK]}
    lemmas = open_thesaurus().find_lemmas(word.text)
    return before not in _NOUNS and bool(lemmas & _MUST_VERBS) and bool({"to", "that"} & after)


def _kind_of_infinitive(reading: Reading, word: Word, before: str, following: str) -> str | None:
    if not _is_infinitive(reading, word, before, following):
        return None
    is_parted = following == "be" and "," in reading.gap(word.at)
    return "ahead" if is_parted or before in {"is", "are", "was", "were"} else "to"


def _describes(reading: Reading, word: Word) -> bool:
    """Whether a participle stands before its noun, "the proposed amendments"."""
    back = {w.text for w in reading.words[max(0, word.at - 2) : word.at]}
    following = reading.words[word.at + 1] if word.at + 1 < len(reading.words) else None
    before = reading.words[word.at - 1] if word.at else None
    is_finite = before is not None and (
        before.is_name or "n" in open_thesaurus().find_letters(before.text)
    )
    return (
        not back & AUXILIARIES
        and not is_finite
        and following is not None
        and following.clause == word.clause
        and "n" in open_thesaurus().find_letters(following.text)
        and following.text not in {"a", "in", "at", "no"}
    )


def _is_vote(reading: Reading, word: Word) -> bool:
    """Whether "No" is what people vote, or an answer by itself."""
    is_capital = reading.text[word.start].isupper() and word.at > 0
    following = reading.gap(word.at + 1) if word.at + 1 < len(reading.words) else ""
    before = reading.gap(word.at)
    return (is_capital and not re.search('[“".!?]', before)) or following.startswith(":")


def _is_infinitive(reading: Reading, word: Word, before: str, following: str) -> bool:
    if not following or not before or reading.words[word.at + 1].is_name:
        return False
    is_base = following == "be" or (
        is_verb(following) and following in open_thesaurus().find_lemmas(following)
    )
    lemmas = open_thesaurus().find_lemmas(before)
    back = {
        lemma
        for other in reading.words[max(0, word.at - _BACK) : word.at]
        if other.clause == word.clause
        for lemma in open_thesaurus().find_lemmas(other.text)
    }
    is_future = following == "be" or before in {"is", "are", "was", "were"}
    if not is_future and not back & _GOVERNING:
        # "Blocked the road to protest": what was done for is done.
        return False
    if (
        not is_base
        or back & _DONE
        or lemmas & (_DONE | _NO_VERBS | _AHEAD | {"due", "have", "need"})
    ):
        return False
    return following not in _NO_INFINITIVES


def _reach(reading: Reading, word: Word, kind: str) -> frozenset[int]:
    """The clauses that an operator reaches: its own, and those that "that" ties to it."""
    clauses, skipped = {word.clause}, set[int]()
    opener = next(other for other in reading.words if other.clause == word.clause)
    # "It will succeed him, becoming …", but not "ruled that it may stay, overturning …".
    is_main = kind == "ahead" and opener.text not in OPENERS
    last = word.clause
    following = reading.words[word.at + 1 : word.at + 2]
    if following and following[0].clause != last and word.text in _MODALS:
        # "That could, in the worst case, flood the village".
        clauses |= {other.clause for other in reading.words[word.at + 1 :]}
        return frozenset(clauses)
    for other in reading.words[word.at + 1 :]:
        if other.segment != word.segment:
            break
        if other.clause != last:
            is_tied = other.text == "that" or (kind == "alleged" and other.text in {"it", "he"})
            is_tied = is_tied or (is_main and other.text.endswith("ing"))
            joined = reading.words[other.at + 1 : other.at + 2]
            is_tied = is_tied or (
                other.text in {"and", "or"} and bool(joined) and joined[0].text == "be"
            )
            is_tied = is_tied or (word.text in _OF_ALL and other.text in {"who", "which", "that"})
            if other.text in _SMALL or (other.clause in skipped):
                skipped.add(other.clause)
                continue
            if not (
                other.is_opening and is_tied and kind in {"no", "alleged", "ahead", "must", "may"}
            ):
                break
            last = other.clause
            clauses.add(last)
    return frozenset(clauses)


def _is_adverb(text: str) -> bool:
    return text.endswith("ly") and open_thesaurus().find_letters(text) <= {"r"}


def _core(reading: Reading, word: Word, clauses: frozenset[int]) -> tuple[int, ...]:
    """The first word with a meaning after an operator, and the verbs that follow it."""
    after = [
        other
        for other in reading.words[word.at + 1 :]
        if other.clause in clauses and other.term and not _is_adverb(other.text)
    ]
    following = reading.words[word.at + 1 : word.at + 2]
    if following and following[0].clause != word.clause:
        # Whatever is set between commas is not what "could" is about.
        after = [other for other in after if other.clause != following[0].clause] or after
    before = [
        other.at for other in reading.words[: word.at] if other.clause == word.clause and other.term
    ] or [
        other.at
        for other in reading.words[: word.at]
        if other.segment == word.segment and other.term
    ]
    if not after:
        return tuple(before[-1:])
    verbs = [
        other.at
        for other in after[1:]
        if not other.is_name
        and not is_saying(other.text)
        and (is_past(other.text) or (other.text.endswith("ing") and is_verb(other.text)))
    ]
    is_passive = (
        word.text in _PLANNED
        and word.at > 0
        and reading.words[word.at - 1].text in AUXILIARIES
        and (not following or following[0].text != "to")
    )
    first = after[:2] if after[0].text == "one" or after[0].term[:1].isdigit() else after[:1]
    return (*(other.at for other in first), *verbs, *(before[-1:] if is_passive else ()))
