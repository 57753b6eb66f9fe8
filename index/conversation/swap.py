"""A phrase without a question ("And in Tarsk?") → the question before, with it in its place."""

from __future__ import annotations

import re

from index.conversation.refer import Turn, describes, find_places, person_names
from index.language.asked import find_asked_speaker, read_asked
from index.language.phrases import find_phrases, find_place, find_subject, is_plural, is_role
from index.language.times import find_dates
from index.language.values import find_values

_SPEECH = re.compile(
    r"\b(?:say|says|said|think|thinks|thought|claim|believe|respond|answer|explain|warn|comment"
    r"|call|describe|tell \w+)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|on|of) (?P<what>[^?]+)", re.IGNORECASE)
# What opens a phrase, and what opens one that it can replace.
_ALIKE = (
    "in|at|on|near|off|inside|outside",
    "before|after|during",
    *("about from to with by since until against for of under".split()),
    "according to",
)
_NEXT = r"(?= (?:in|at|on|about|according to|from|to|since|after|before|during) |$)"
_WITH_TAIL = re.compile(
    r"(?P<head>(?!the )[^?]+?) (?P<tail>(?:about|in|at|on|according to|from|to|since) [^?]+)",
    re.IGNORECASE,
)
_TELLS_NUMBER = re.compile(r"\b(?:is|are|was|were|has|have|do|does) $", re.IGNORECASE)


def swap_phrase(phrase: str, last: Turn) -> list[str]:
    """The readings of a phrase alone, most natural first: the question of ``last``, with it."""
    before = last.understood.strip(" ?.!")
    if _find_alike(phrase):
        return [_put_prepositional(before, phrase)]
    if find_dates(phrase)[:1] == [(0, len(phrase))]:
        return [_put_date(before, phrase)]
    if tailed := _WITH_TAIL.fullmatch(phrase):
        readings = _put_noun(before, tailed["head"], last)
        return [_put_prepositional(one, tailed["tail"]) for one in readings]
    return _put_noun(before, phrase, last)


def _find_alike(phrase: str) -> str:
    """The words, as alternatives, that open phrases like this one, or ""."""
    found = (one for one in _ALIKE if re.match(rf"(?:{one})\b", phrase, re.IGNORECASE))
    return next(found, "")


def _put_prepositional(before: str, phrase: str) -> str:
    """``phrase`` in place of the last that opens alike, else at the end."""
    alike = re.compile(rf"\b(?:{_find_alike(phrase)}) [^?]+?{_NEXT}", re.IGNORECASE)
    found = list(alike.finditer(before))
    if not found:
        return f"{before} {phrase}"
    return before[: found[-1].start()] + phrase + before[found[-1].end() :]


def _put_date(before: str, phrase: str) -> str:
    dates = find_dates(before)
    if not dates:
        return f"{before} {phrase}"
    start, end = dates[-1]
    return before[:start] + phrase + before[end:]


def _put_noun(before: str, phrase: str, last: Turn) -> list[str]:
    """``phrase`` in each place of a like kind, and as what is spoken about."""
    readings = [
        before[:start] + _fit(phrase, before[:start]) + before[end:]
        for start, end in _slots(before, phrase, last)
    ]
    about = _ABOUT.search(before) if _SPEECH.search(before) else None
    speaker = find_asked_speaker(before)
    if about and not _is_named_person(phrase, last):
        is_speaker = is_role(phrase) or is_role(phrase.removesuffix("s"))
        readings.insert(1 if is_speaker else 0, before[: about.start("what")] + phrase)
    elif speaker and not _is_named_person(phrase, last):
        readings.append(f"What did {speaker} say about {phrase}")
    place = find_place(before)
    return [*readings, f"What about {phrase} {place if place not in phrase else ''}"]


def _is_named_person(phrase: str, last: Turn) -> bool:
    return phrase in set(person_names(f"did {phrase} say", last.texts))


def _fit(phrase: str, before: str) -> str:
    """The phrase without an article where the place has one or counts."""
    if re.search(r"\b(?:how many|how much|the|which|what) $", before, re.IGNORECASE):
        return re.sub(r"^(?:the|an?) ", "", phrase, flags=re.IGNORECASE)
    return phrase


def _slots(before: str, phrase: str, last: Turn) -> list[tuple[int, int]]:
    """Where ``phrase`` can stand: a name for a name, what is counted, a noun for a noun."""
    nouns = [find_asked_speaker(before), find_subject(before), *find_phrases(before)]
    spans = [(at, at + len(one)) for one in nouns if one and (at := before.find(one)) >= 0]
    spans = [span for span in spans if _agrees(before, span, phrase)]
    if any(value.kind == "name" and value.end == len(phrase) for value in find_values(phrase)):
        named = _named_slots(before, phrase, last)
        return list(dict.fromkeys([*named, *spans[:1]]))
    asked = read_asked(before)
    counted = (asked.start + (before[asked.start : asked.start + 1] == " "), asked.end)
    fits = asked.head and is_plural(before[slice(*counted)]) is is_plural(phrase)
    return list(dict.fromkeys([*([counted] if fits else []), *spans]))


def _named_slots(before: str, phrase: str, last: Turn) -> list[tuple[int, int]]:
    """Where names stand, those of the same kind first: a person's for a person's."""
    persons = set(person_names(before, last.texts))
    wants = _is_named_person(phrase, last)
    found = [v for v in find_values(before) if v.kind == "name" and not describes(before, v)]
    spans = [(value.start, value.end) for value in found]
    return sorted(spans, key=lambda span: (before[slice(*span)] in persons) is not wants)


def _agrees(before: str, span: tuple[int, int], phrase: str) -> bool:
    """Whether the verb does not tell one from several, or ``phrase`` has the same number."""
    return not _TELLS_NUMBER.search(before[: span[0]]) or is_plural(
        before[slice(*span)]
    ) is is_plural(phrase)


# The topic


def find_topic(turn: Turn, *, is_speech: bool = False) -> str:
    """What ties a question to the topic of ``turn``: "in Tarsk", "about the dam", or ""."""
    about = (
        _ABOUT.search(turn.understood) if is_speech and _SPEECH.search(turn.understood) else None
    )
    if about:
        return about.group().rstrip(" ?.!")
    return find_whereabouts(turn.understood)


def find_whereabouts(question: str) -> str:
    """The place that ``question`` names, else the thing it is about as a place, or ""."""
    if place := find_place(question):
        return place
    phrases = [one for one in find_phrases(question) if not is_role(one)]
    if phrases:
        return f"at {phrases[-1]}"
    places = find_places(Turn(understood=question))
    return places[0] if places else ""
