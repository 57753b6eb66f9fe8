"""A question that leans on those before it → what it may mean → the reading that is answered best.

No model reads it: names and topic of the turns before take the places that it leaves open.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.conversation.fill import fill_fragment
from index.conversation.refer import Turn, find_persons, find_places, find_things
from index.conversation.swap import find_topic, swap_phrase
from index.language.phrases import AUXILIARY, find_phrases, find_place, is_plural, is_role
from index.language.values import find_values
from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.types import Answer

__all__ = ["Turn", "answer_follow_up", "leans_on_earlier", "read_follow_up", "remember_turn"]

MOST_READINGS = 4
# How much likelier a later reading must be than the one before it to be preferred: one that
# carries something over into a question that is whole by itself, and one less natural.
OVER_LITERAL, OVER_NATURAL = 0.2, 0.2

_LEAD = re.compile(
    r"\A(?:(?:and|but|so|ok|okay|also|then|well|yes|no|hm+|thanks|alright)\b[,.:;!…]*\s+)+",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:what|how) about|what of|(?:and )?(?:the )?same (?:for|with)|how is it with", re.IGNORECASE
)
_OPENS = re.compile(
    r"(?:(?:in|on|at|by|for|since|until|to|from|with|of|according to|above|below|under|about) )?"
    r"(?:why|when|where|how|who|whom|whose|what|which|did|does|do|is|are|was|were|has|have|had|will"
    r"|would|can|could|should|may|might|must|tell|show|give|explain|describe|name|list|says)\b",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must"
    r"|sa(?:y|ys|id))\b|n['’]t\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?P<he>he|him|his|himself)\b|\b(?P<she>she|her|hers|herself)\b"
    r"|\b(?P<they>they|them|their|theirs)\b|\b(?P<it>it|its)\b",
    re.IGNORECASE,
)
_IDLE_IT = re.compile(
    r"\b(?:is|was|will|would|be|does|did) it (?:\w+ )?(?:\w+ (?:to|that|for|if|when)\b|rain|snow)"
    r"|\b(?:is|was) it (?:safe|true|possible|legal|likely|because)\b|\bmake it\b",
    re.IGNORECASE,
)
_OWNING = re.compile(r" (?!to\b|in\b|at\b|on\b|about\b|for\b|from\b|with\b|by\b|and\b|as\b)[\w“]")
_NOUN_BEFORE = re.compile(r"\b(?:the|an?) (?:[\w'’-]+ )*?(?P<noun>[\w'’-]+) ", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\b(?! (?:is|are|was|were)\b)"
)
_THAT = re.compile(
    r"\b(?:did|does|do|is|was|will|would|has|can|could) (?:that|this)\b(?! \w+ed\b)"
    r"|\b(?:that|this|so|those|these)(?=\W*$)|\b(?:that|this) (?=(?:about|in|to|on)\b)",
    re.IGNORECASE,
)
_AUXILIARY_LAST = re.compile(rf"\b{AUXILIARY}(?:n['’]t)? $", re.IGNORECASE)
_ONE_OF_MANY = re.compile(r"\b(have|are|were|do) $", re.IGNORECASE)
_SINGULAR = {"have": "has", "are": "is", "were": "was", "do": "does"}
# So few words of weight, and no name, may lean on what was said before.
_FEW = 3
_PHRASE_WORDS = 7


def read_follow_up(question: str, earlier: Sequence[Turn]) -> tuple[str, ...]:
    """What ``question`` may mean after ``earlier`` (oldest first), most natural first.

    The question as it stands is always among them: first where it leaves nothing open, else last,
    as then it does not say what it asks.
    """
    return _read(question, earlier)[0]


def leans_on_earlier(question: str, earlier: Sequence[Turn]) -> bool:
    """Whether ``question`` may mean something else after ``earlier`` than by itself."""
    readings, is_open = _read(question, earlier)
    return is_open or len(readings) > 1


def _read(question: str, earlier: Sequence[Turn]) -> tuple[tuple[str, ...], bool]:
    """The readings, and whether the question is open: no question without those before it."""
    asked = " ".join(question.split())
    if not earlier:
        return (asked,), False
    bare = _LEAD.sub("", asked, count=1)
    carried, is_open = _carry(bare, earlier, is_led=bare != asked)
    readings = [one for one in dict.fromkeys(map(_polish, carried)) if one != _polish(asked)]
    if is_open:
        return (*readings[: MOST_READINGS - 1], asked), True
    return (asked, *readings[: MOST_READINGS - 2]), False


def _carry(bare: str, earlier: Sequence[Turn], *, is_led: bool) -> tuple[list[str], bool]:
    """The readings that carry something over, and whether the question is open without it."""
    last = earlier[-1]
    about = _ABOUT.match(bare)
    if about or not _OPENS.match(bare):
        phrase = (bare[about.end() :] if about else bare).strip(" ?.!")
        is_open = bool(about or is_led or bare.endswith("?"))
        most = _PHRASE_WORDS if is_open else _FEW - 1
        if not phrase or len(phrase.split()) > most or _VERBAL.search(phrase):
            return [], False
        resolved = _resolve(phrase, earlier) or [phrase]
        return swap_phrase(resolved[0], last), is_open
    if fragment := fill_fragment(bare, last):
        return fragment, True
    if _find_pronouns(bare) or _THERE.search(bare) or _leans(bare):
        return _resolve(bare, earlier), True
    whole = _name_in_full(bare, earlier)
    names = [value for value in find_values(bare) if value.kind == "name"]
    if names or len(terms(bare)) > _FEW or find_place(bare):
        return ([whole] if whole != bare or is_led else []), False
    topic = find_topic(last)
    carried = [whole] if whole != bare else [_append(bare, topic)] if topic else []
    return carried, is_led and bool(carried)


def _name_in_full(question: str, earlier: Sequence[Turn]) -> str:
    """The question with "the vote" as one before it named it, "the council's vote"."""
    for phrase in (one for turn in reversed(earlier) for one in find_phrases(turn.understood)):
        core = re.split(r" (?:of|at|in|on|above|below|off|for|into) ", phrase)[0]
        short = re.compile(rf"\b(?:the|that|this) {re.escape(core.split()[-1])}\b(?! of\b)")
        if core.count(" ") > 1 or core != phrase:
            question = short.sub(phrase.replace("\\", r"\\"), question, count=1)
    return question


def _polish(reading: str) -> str:
    reading = " ".join(reading.split()).rstrip(" ?.!,")
    return f"{reading[:1].upper()}{reading[1:]}?"


def _append(question: str, topic: str) -> str:
    return f"{question.rstrip(' ?.!')} {topic}?"


# Pronouns


def _find_pronouns(question: str) -> list[str]:
    """Which of he, she, they and it stand for somebody or something outside the question."""
    found = []
    for match in _PRONOUN.finditer(question):
        kind, before = str(match.lastgroup), question[: match.start()]
        if kind == "it" and _IDLE_IT.search(question):
            continue
        if not _is_bound(kind, before) or _is_object(match, question):
            found.append(kind)
    return list(dict.fromkeys(found))


def _is_bound(kind: str, before: str) -> bool:
    """Whether a noun or name stands before that the pronoun may be for; not before "did they"."""
    if _AUXILIARY_LAST.search(before) and "," not in before:
        return False
    nouns = [noun["noun"] for noun in _NOUN_BEFORE.finditer(before)]
    if kind in {"he", "she"}:
        fits = any(map(is_role, nouns))
    elif kind == "they":
        fits = bool(nouns) or any(map(is_plural, before.split()))
    else:
        fits = bool(nouns)
    return fits or any(value.kind == "name" for value in find_values(before))


def _is_object(match: re.Match[str], question: str) -> bool:
    """Whether it is never for the subject, as in "What does Anna Berg think of it?"."""
    word, before = match.group().lower(), question[: match.start()].lower()
    is_last = word in {"him", "her", "it", "them"} and not question[match.end() :].strip(" ?.!")
    return is_last and before.endswith((" about ", " of ", " on ", " to ", " with ", " for "))


def _resolve(question: str, earlier: Sequence[Turn]) -> list[str]:
    """The question with what its pronouns may stand for; none where nothing is found."""
    readings = [question]
    for kind in _find_pronouns(question):
        if kind in {"he", "she"}:
            candidates = find_persons(earlier, kind)
        else:
            candidates = find_things(earlier, plural=kind == "they")
        said = set(terms(question))
        candidates = [one for one in candidates if not said.issuperset(terms(one))]
        candidates = candidates[: MOST_READINGS - 1]
        readings = [_put(one, kind, name) for one in readings for name in candidates]
    readings = [placed for one in readings for placed in _put_place(one, earlier)]
    topic = find_topic(earlier[-1], is_speech=True)
    readings = [_append(one, topic) if _leans(one) and topic else one for one in readings]
    return [one for one in readings if one != question]


def _put(question: str, kind: str, name: str) -> str:
    """``name`` in place of the first pronoun of its kind."""
    match = next(m for m in _PRONOUN.finditer(question) if m.lastgroup == kind)
    word = match.group().lower()
    owns = word in {"his", "their", "its", "hers", "theirs"}
    if word == "her":
        owns = bool(_OWNING.match(question, match.end()))
    ending = ("’" if name.endswith("s") else "’s") if owns else ""
    before = question[: match.start()]
    if kind == "they" and not owns and not is_plural(name):
        before = _ONE_OF_MANY.sub(lambda many: _SINGULAR[many[1].lower()] + " ", before)
    return before + name + ending + question[match.end() :]


def _put_place(question: str, earlier: Sequence[Turn]) -> list[str]:
    """The question with the places that "there" may be."""
    if not _THERE.search(question):
        return [question]
    places = [place for turn in reversed(earlier) for place in find_places(turn)]
    places = places or [f"at {thing}" for thing in find_things(earlier, plural=False)]
    return [_THERE.sub(place, question, count=1) for place in places]


def _leans(question: str) -> bool:
    """Whether "that" or "so" is for what was said before, not for a clause of its own."""
    match = _THAT.search(question)
    return match is not None and not re.search(r", |\band ", question[: match.start()])


# Asking


def answer_follow_up(
    question: str,
    earlier: Sequence[Turn],
    ask: Callable[[str], Answer],
    *,
    restated: str | None = None,
) -> Answer:
    """Ask the readings of ``question`` and give the answer of the best, saying which it was.

    ``restated`` is how a language model puts it, where one was asked: that is asked first, and the
    rules read the question only where the articles do not answer it so.

    A question that leaves nothing open is answered as it stands, unless that is answered clearly
    worse than with the topic carried over. An open one is never answered from its own words:
    where no reading is answered, the articles do not say.
    """
    if restated and (answer := ask(restated)).grounded:
        return replace(answer, question=question, understood=restated)
    readings, is_open = _read(question, earlier)
    asked = " ".join(question.split())
    if len(readings) == 1:
        return _withhold(ask(question)) if is_open else ask(question)
    tried = readings[:-1] if is_open else readings
    margin = OVER_NATURAL if is_open else OVER_LITERAL
    best, *others = (ask(question if reading == asked else reading) for reading in tried)
    for answer in others:
        best = answer if _is_better(answer, best, margin) else best
    if best.question == question:
        return best
    return replace(best, question=question, understood=best.question)


def _is_better(answer: Answer, best: Answer, margin: float) -> bool:
    if answer.grounded is not best.grounded:
        return answer.grounded
    return answer.grounded and answer.confidence > best.confidence + margin


def _withhold(answer: Answer) -> Answer:
    """The answer as none: what stood as quotes is at most near."""
    if not answer.grounded:
        return answer
    return replace(
        answer,
        grounded=False,
        confidence=0.0,
        text="",
        quotes=(),
        differences=(),
        nearest=answer.quotes,
    )


def remember_turn(answer: Answer) -> Turn:
    """What a later question may lean on: the question as understood, the quotes and titles."""
    titles = {one.title: None for one in answer.citations} if answer.grounded else {}
    return Turn(
        understood=answer.understood or answer.question,
        texts=(*(quote.text for quote in answer.quotes), *titles),
    )
