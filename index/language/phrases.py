"""The noun phrases of a question: its subject, what else it speaks of, and where."""

from __future__ import annotations

import re

from index.language.names import find_names
from index.language.times import find_dates
from index.language.values import read_counted
from index.language.words import STOP_WORDS

_PHRASE_WORDS = 5

AUXILIARY = (
    r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)"
)
_AFTER_AUXILIARY = re.compile(rf"\b(?P<aux>{AUXILIARY})(?:n['’]t)? (?=\S)", re.IGNORECASE)
_DETERMINER = re.compile(r"\b(?:the|an?|this|these|those)\s(?=[\w“\"])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_](?:[\w.]*\w)?(?:['’-]\w+)*")
_PLACE = re.compile(
    r"\b(?:in|at|on|off|near|above|below|along|outside|inside) (?=[\w“])", re.IGNORECASE
)
_EXTENSION = re.compile(r" (?:of|at|in|on|off|above|below|for|into) (?=[\w“])")
_PARTICIPLE = re.compile(
    r"(?:\w+ed|\w+en|\w+ing|found|built|held|made|sent|hit|lost|put|shut|cut|won|sold|paid|hurt)$"
)
_ROLE = re.compile(
    r"(?:[eo]r|ist|man|woman|person|ian|ent|ant|king|queen|judge|chief|girl|boy|pilot|doctor"
    r"|clerk|secretary|general|mother|father|wife|husband|son|champion)$"
)
_PLURAL = re.compile(
    r"(?:[^su\W]s|people|police|men|women|children|troops|staff|crew|personnel)$", re.IGNORECASE
)


def find_subject(question: str) -> str:
    """The noun phrase after the first auxiliary, "the mayor" of "What did the mayor say?", or "".

    Where its end cannot be told, the verb that follows is taken off.
    """
    match = _AFTER_AUXILIARY.search(question)
    if match is None:
        return ""
    start = match.end()
    determined = _DETERMINER.match(question, start)
    names = find_names(question[start:], [])
    if not determined and names and names[0][0] == 0:
        return re.sub(r"['’]s$", "", question[start : start + names[0][1]])
    if not determined:
        end = read_counted(question, start - 1)[1]
        return question[start:end] if _PLURAL.search(question[start:end]) else ""
    end = _phrase_end(question, determined.end(), before_verb=match["aux"].lower().startswith("d"))
    return "the " + question[determined.end() : end] if end > determined.end() else ""


def find_phrases(question: str) -> list[str]:
    """The noun phrases of ``question`` with a determiner, as "the …", with what they are of."""
    found = []
    for match in _DETERMINER.finditer(question):
        before = _AFTER_AUXILIARY.search(question)
        opens = before is not None and before.end() == match.start()
        does = opens and before is not None and before["aux"].lower().startswith("d")
        end = _phrase_end(question, match.end(), before_verb=does)
        if end > match.end() and not find_dates(question[match.start() : end]):
            found.append("the " + question[match.end() : _extend(question, end)])
    return found


def _phrase_end(text: str, start: int, *, before_verb: bool) -> int:
    """Where the words of a noun phrase end: at a small word, a participle, or before its verb."""
    ends: list[int] = []
    position = start
    while len(ends) < _PHRASE_WORDS and (word := _WORD.match(text, position)):
        lower = word.group().lower()
        if lower in STOP_WORDS:
            break
        if ends and word.group()[0].islower() and _PARTICIPLE.fullmatch(lower):
            return ends[-1]
        ends.append(word.end())
        position = word.end() + 1
        if text[word.end() : position] not in {" ", "-"}:
            break
    if before_verb and len(ends) > 1 and text[start : ends[-1]].rpartition(" ")[2].islower():
        ends.pop()
    return ends[-1] if ends else start


def _extend(text: str, end: int) -> int:
    """Where a phrase ends with a place or an owner that follows it, "the dam at Tarsk"."""
    match = _EXTENSION.match(text, end)
    if match is None:
        return end
    determined = _DETERMINER.match(text, match.end())
    if determined:
        return _phrase_end(text, determined.end(), before_verb=False)
    names = find_names(text[match.end() :], [])
    is_name = bool(names) and names[0][0] == 0
    dates = find_dates(text[match.end() :])
    return match.end() + names[0][1] if is_name and not dates else end


def find_place(question: str) -> str:
    """The last words of ``question`` that say where, "in the town of Tarsk", or ""."""
    places = []
    for match in _PLACE.finditer(question):
        start = match.end()
        determined = _DETERMINER.match(question, start)
        names = find_names(question[start:], [])
        if names and names[0][0] == 0:
            end = start + names[0][1]
        else:
            start_of = determined.end() if determined else start
            end = _phrase_end(question, start_of, before_verb=False)
        end = _extend(question, end)
        if end > start and not find_dates(question[start:end]) and question[start].isalpha():
            places.append(question[match.start() : end])
    return places[-1] if places else ""


def is_role(phrase: str) -> bool:
    """Whether a noun phrase is of somebody by what they do, "the mining minister"."""
    return bool(_ROLE.search(re.split(r" (?:of|at|in|on) ", phrase)[0]))


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase is of several, by the last word before what it is of."""
    return bool(_PLURAL.search(re.split(r" (?:of|at|in|on) ", phrase)[0]))
