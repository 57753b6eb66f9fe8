"""What is said in half → a whole question: a phrase or a question word put into the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.conversation.swap import find_whereabouts
from index.language.asked import read_asked
from index.language.phrases import AUXILIARY, find_phrases, find_place, find_subject, is_plural
from index.selecting.mark import mark_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.conversation.refer import Turn

_CUE = (
    r"(?:(?:in|on|at|by|for|since|until|to|from|with|of|above|below|under|about) )?"
    r"(?:why|when|where"
    r"|how (?:many|much|far|long|old|tall|high|deep|wide|often|big|large|fast|heavy)"
    r"|how|who|whom|what|which)"
)
_NOT_IN_NOUN = (
    rf"(?!(?:the|an?|in|on|at|to|from|that|by|with|for|about|and|or|there|he|she|it|they|one|ones"
    rf"|{AUXILIARY})\b)"
)
_WHOLE = re.compile(
    rf"(?P<cue>{_CUE})\b(?P<noun>(?: {_NOT_IN_NOUN}[\w'’-]+){{0,5}}?)"
    rf"(?:['’]s)? (?P<aux>{AUXILIARY})(?:n['’]t)? (?P<rest>[^?]+)",
    re.IGNORECASE,
)
_POLAR = re.compile(rf"(?P<aux>{AUXILIARY})(?:n['’]t)? (?P<rest>[^?]+)", re.IGNORECASE)
_BARE = re.compile(
    rf"(?P<cue>{_CUE})(?: exactly| else| come| so| ones?)?(?P<no> not)?", re.IGNORECASE
)
_WITH_NOUN = re.compile(
    rf"(?P<cue>(?:by |in |for |at |on )?(?:how (?:many|much)|what|which))"
    rf"(?P<noun>(?: {_NOT_IN_NOUN}[\w'’-]+){{1,4}})",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    rf"(?P<cue>how (?:many|much)|which) (?P<aux>{AUXILIARY})\b"
    r"(?P<rest>(?: (?!(?:there|he|she|they|it|the|an?)\b)[\w'’-]+)*)(?: there)?",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    r"(?:who (?:said|says|told|claim(?:s|ed)|wrote|report(?:s|ed)) (?:that|this|so|it)|says who"
    r"|according to (?:who|whom)|who(?:['’]s| is) (?:saying|claiming) (?:that|this|so)"
    r"|whose words are (?:they|these|those))",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r" (?:of|in|on|at|to|from|for|by|with|about|above|below|off|near|against|during|after|before"
    r"|since|until|according to|along)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"](?P<words>[^“”\"]{8,})[”\"]")
_CLAUSE_END = re.compile(r"[,.;:?!](?=\s|$)|—")
# Characters of a quotation that are enough to know it by.
_LEAST_QUOTED, _MOST_QUOTED = 15, 60
_MASS_WORDS = re.compile(r"(?P<before>.*\b(?:[\w’'-]+)) (?P<noun>[a-z]+)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """A question in pieces: "How many" " people" "were" "hurt in the crash"."""

    cue: str
    noun: str
    aux: str
    rest: str


def _split(question: str) -> _Parts | None:
    match = _WHOLE.match(question) or _POLAR.match(question)
    if match is None:
        return None
    found = match.groupdict()
    return _Parts(
        cue=found.get("cue") or "",
        noun=(found.get("noun") or "").strip(),
        aux=found["aux"].lower(),
        rest=found["rest"].rstrip(" .!"),
    )


# A question word alone


def fill_fragment(question: str, last: Turn) -> list[str]:
    """The readings of a question word without its question ("Why?", "How many?"), or none."""
    bare = question.strip(" ?.!")
    before = last.understood.strip(" ?.!")
    if _WHO_SAID.fullmatch(bare):
        return _who_said(before, last)
    if match := _BARE.fullmatch(bare):
        return _ask_anew(bare, match, before, last)
    match = _WITH_NOUN.fullmatch(bare)
    if match and (len(match["noun"].split()) == 1 or read_asked(bare).end == len(bare)):
        return _ask_for(match, before)
    match = _NO_NOUN.fullmatch(bare)
    asked = read_asked(before)
    if match and asked.head and not match["rest"].strip().startswith("of"):
        noun = before[asked.start : asked.end].strip()
        place = "" if find_place(bare) else find_whereabouts(before)
        return [f"{match['cue']} {noun} {match['aux']}{match['rest']} {place}"]
    return []


def _who_said(before: str, last: Turn) -> list[str]:
    """By the words that were quoted, where somebody's words were; else by what was asked."""
    readings = []
    if last.texts and (quoted := _QUOTED.search(last.texts[0])):
        words = quoted["words"].strip()
        end = next(
            (m.start() for m in _CLAUSE_END.finditer(words) if m.start() > _LEAST_QUOTED),
            len(words),
        )
        if end <= _MOST_QUOTED:
            readings.append(f"Who said “{words[:end]}”")
    return [f"Who said {_embed(before)}", *readings]


def _embed(question: str) -> str:
    """The question as a clause: "how many people were hurt"."""
    parts = _split(question)
    lower = question[:1].lower() + question[1:]
    if parts is None and re.search(rf"\b{AUXILIARY}\b", question):
        return f"that: {lower}"
    if parts is None or (parts.cue and parts.noun and not parts.aux.startswith("d")):
        return lower
    subject = find_subject(question)
    rest = re.sub(r"^(?:the|an?) ", "the ", parts.rest, flags=re.IGNORECASE)
    if not subject or parts.aux.startswith("d") or not rest.startswith(subject):
        return f"that: {lower}"
    cue = f"{parts.cue} {parts.noun}".strip().lower() or "that"
    return f"{cue} {subject} {parts.aux}{rest[len(subject) :]}"


def _ask_anew(bare: str, match: re.Match[str], before: str, last: Turn) -> list[str]:
    """The question before with another question word."""
    cue = re.sub(r" (?:exactly|else|so|ones?|not)$", "", bare, flags=re.IGNORECASE)
    cue = "Why" if cue.lower() == "how come" else cue
    parts = _split(before)
    if cue.lower() in {"how many", "which"}:
        return _count(cue, parts, before)
    if parts is None:
        return [_without_auxiliary(cue, before, last)]
    if cue.lower() == "how much" and not parts.cue and (mass := _split_mass(before, parts.rest)):
        return [f"{cue} {mass[1]} {parts.aux} {mass[0]}", f"By how much {parts.aux} {parts.rest}"]
    aux = _negate(parts.aux) if match["no"] else parts.aux
    return [f"{cue} {_ask_about(aux, parts, last)}"]


def _ask_about(aux: str, parts: _Parts, last: Turn) -> str:
    """What follows the new question word: what was asked for is put back in its place."""
    is_object = aux.startswith("d")
    if parts.noun:
        rest = _insert(parts.rest, parts.noun) if is_object else f"{parts.noun} {parts.rest}"
        return f"{aux} {rest}"
    if parts.cue.lower() == "who" and not is_object:
        return f"{aux} {_answer_of(last) or 'they'} {parts.rest}"
    if parts.cue.lower() in {"who", "what", "which"}:
        return f"{aux} {_insert(parts.rest, 'that')}"
    return f"{aux} {parts.rest}"


def _without_auxiliary(cue: str, before: str, last: Turn) -> str:
    """Ask "When was it that people died …" after "How many people died …"."""
    match = re.match(rf"(?:{_CUE})\b ?", before, re.IGNORECASE)
    if match is None:
        return f"{cue}: {before[:1].lower()}{before[1:]}"
    rest = before[match.end() :]
    if match.group().strip().lower() in {"who", "what", "which"}:
        rest = f"{_answer_of(last) or 'they'} {rest}"
    return f"{cue} was it that {rest}"


def _insert(rest: str, words: str) -> str:
    """The words after the verb: before the first preposition, or at the end."""
    place = _PREPOSITION.search(rest)
    at = place.start() if place else len(rest)
    return f"{rest[:at]} {words}{rest[at:]}"


def _answer_of(turn: Turn) -> str:
    for text in turn.texts[:1]:
        if marked := mark_answer(turn.understood, text):
            return text[slice(*marked)]
    return ""


def _negate(aux: str) -> str:
    return {"can": "can’t", "will": "won’t"}.get(aux, f"{aux}n’t")


def _count(cue: str, parts: _Parts | None, before: str) -> list[str]:
    """Ask "How many boxes did police remove" after "Did police remove boxes"."""
    cue = cue.lower()
    if parts is None:
        return [f"{cue}: {before[:1].lower()}{before[1:]}"]
    nouns = [n for n in _nouns(before, parts) if is_plural(n) is (cue == "how many")]
    readings = []
    for noun in nouns:
        whole = re.compile(rf"(?:\b(?:the|an?|any|some) )?\b{re.escape(noun)}\b", re.IGNORECASE)
        without = whole.sub("", parts.rest, count=1)
        readings.append(f"{cue} {noun} {parts.aux} {without}")
        if find_subject(before).removeprefix("the ") == noun and cue == "how many":
            readings.append(f"{cue} {parts.aux} {without}")
    return readings or [f"{cue}: {before[:1].lower()}{before[1:]}"]


def _nouns(before: str, parts: _Parts) -> Iterator[str]:
    """The nouns that the question before speaks of, its subject first."""
    if parts.noun:
        yield parts.noun
    if subject := find_subject(before):
        yield subject.removeprefix("the ")
    yield from (phrase.removeprefix("the ") for phrase in find_phrases(before))
    yield from (m.group() for m in re.finditer(r"(?:\b[a-z]+ )?\b[a-z]+s\b", parts.rest))


def _split_mass(before: str, rest: str) -> tuple[str, str] | None:
    """What a question is without the stuff at its end, "contain" and "copper"."""
    subject = find_subject(before)
    match = _MASS_WORDS.fullmatch(rest)
    if match is None or not subject or _PREPOSITION.search(f" {rest.split()[-2]} "):
        return None
    of_subject = re.sub(r"^the ", "", subject)
    after = rest.partition(of_subject)[2].split()
    return (match["before"], match["noun"]) if len(after) > 1 else None


def _ask_for(match: re.Match[str], before: str) -> list[str]:
    """Ask "How many officers are in Tarsk" after "How many soldiers are in Tarsk"."""
    new = f"{match['cue']}{match['noun']}"
    parts = _split(before)
    if parts and parts.noun:
        return [f"{new} {parts.aux} {parts.rest}"]
    asked = read_asked(before)
    if asked.head:
        return [f"{new}{before[asked.end :]}"]
    if parts and not parts.cue and not parts.aux.startswith("d"):
        return [f"{new} {parts.aux} {parts.rest}"]
    return [f"{new} were there {find_whereabouts(before)}"]
