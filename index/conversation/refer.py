"""What a pronoun may stand for: the persons, things and places of the turns before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.language.asked import read_asked
from index.language.phrases import find_phrases, find_place, find_subject, is_plural, is_role
from index.language.roles import stands_for, without_title
from index.language.speakers import find_speaker
from index.language.values import Value, expected_kind, find_values
from index.language.words import terms
from index.selecting.mark import mark_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Turns further back than this are not what a pronoun means.
_TURNS_BACK = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A question that was asked before: as it was understood, and the texts that answered it.

    ``texts`` are what was quoted, best first, and titles: whoever is named there may be meant.
    """

    understood: str
    texts: tuple[str, ...] = ()


_OUTDOORS = re.compile(r"\b(?:Island|Isle|Islands|Square|Street|Road|Avenue|Bridge|Peninsula)$")
_SENTENCE_ENDS = (".", "!", "?", ".”", "!”", "?”", '."', '!"', '?"')
_THE = re.compile(r"\b[Tt]he $")
_OF_A_PEOPLE = re.compile(r"[^?]*(?:an|ish|ese|ic) [a-z]$")
_MANY_OF_A_KIND = re.compile(r"(?:\b[A-Z][\w.]+ )+[a-z]+\b")
_TITLES = {
    "he": r"(?:Mr\.?|Mister|King|Prince|Lord|Sir|Councilman|\w*[a-z]sman|chairman|policeman)",
    "she": r"(?:Mrs\.?|Ms\.?|Miss|Queen|Princess|Lady|Dame|Councilwoman|\w*[a-z]swoman"
    r"|chairwoman|actress)",
}
_SPOKEN_OF = {"he": re.compile(r"\b[Hh](?:e|is|im)\b"), "she": re.compile(r"\b(?:[Ss]he|[Hh]er)\b")}


def find_places(turn: Turn) -> list[str]:
    """What "there" may be: the place that the question names, else its names as places."""
    place = find_place(turn.understood)
    things = find_thing_names(turn)
    return _distinct([place, *(f"{_within(one)} {one}" for one in things)])


# Persons


def find_persons(earlier: Sequence[Turn], pronoun: str) -> list[str]:
    """Who "he" or "she" may be, likeliest first.

    The subject of the last question, whoever else it names, who answers it, then who spoke in its
    quotes; then the turns before; else who is named there. Nobody whom a text calls otherwise.
    """
    turns = list(reversed(earlier))[:_TURNS_BACK]
    texts = [text for turn in turns for text in turn.texts]
    found = [person for turn in turns for person in _persons_of(turn)]
    other = "she" if pronoun == "he" else "he"
    meant = [one for one in _distinct(found) if not is_called(one, other, texts)]
    if meant:
        return meant
    named = [name for text in texts for name in person_names(text, texts)]
    return [one for one in _distinct(named) if not is_called(one, other, texts)]


def _persons_of(turn: Turn) -> Iterator[str]:
    asked = turn.understood.replace("’s ", " ").replace("'s ", " ")
    subject = find_subject(turn.understood)
    if subject.startswith("the ") and is_role(subject):
        yield subject
    named = list(person_names(asked, turn.texts))
    yield from named
    if expected_kind(asked) == "person":
        yield from _answers(turn)
    for text in turn.texts:
        yield from _speakers(text)


def _answers(turn: Turn) -> Iterator[str]:
    for text in turn.texts[:2]:
        if marked := mark_answer(turn.understood, text):
            yield text[slice(*marked)]


def _speakers(text: str) -> Iterator[str]:
    speaker = find_speaker(text, len(text), 0)
    if speaker and (names := list(person_names(f"said {speaker}", ()))):
        # In a headline one word may be anybody: "Engineer warned …", "Ministry denies …".
        name = next((one for one in names if " " in one), names[-1])
        if " " in name or text.endswith(_SENTENCE_ENDS):
            yield name
    elif speaker and is_role(speaker) and speaker.split()[0].lower() in {"a", "an", "the"}:
        yield "the " + speaker.partition(" ")[2]


def person_names(text: str, texts: Sequence[str]) -> Iterator[str]:
    """The names in ``text`` that can be a person's, without titles; ``texts`` may say otherwise."""
    for whole in find_values(text):
        value = without_title(text, whole)
        if value.kind == "name" and _is_person(text, value):
            name = re.sub(r"^(?:Mr|Mrs|Ms|Dr)\.\s", "", text[value.start : value.end])
            if whole != value or not any(_names_place(name, other) for other in texts):
                yield name


def _is_person(text: str, value: Value) -> bool:
    if _THE.search(text, 0, value.start) and " " not in text[value.start : value.end]:
        return False
    return stands_for("person", text, value) and not stands_for("place", text, value)


def _names_place(name: str, text: str) -> bool:
    """Whether ``text`` uses the name for a place or for no person, as in "in Tarsk"."""
    uses = [value for value in find_values(text) if text[value.start : value.end] == name]
    return any(stands_for("place", text, value) for value in uses)


def is_called(name: str, pronoun: str, texts: Iterable[str]) -> bool:
    """Whether a title, or the only pronoun beside the only name, tells that it is ``pronoun``."""
    last = re.escape(name.rsplit(maxsplit=1)[-1])
    title = _TITLES[pronoun]
    titled = re.compile(
        rf"\b{title}(?:\.|\b)[^.;“”\"]{{0,40}}?\b{last}\b|\b{last}, (?:an? |the )?{title}\b"
    )
    other = _SPOKEN_OF["she" if pronoun == "he" else "he"]
    for text in texts:
        if titled.search(text):
            return True
        if _SPOKEN_OF[pronoun].search(text) and not other.search(text):
            named = {one.split()[-1] for one in person_names(text, ())}
            if named == {name.rsplit(maxsplit=1)[-1]}:
                return True
    return False


# Things


def _within(name: str) -> str:
    return "on" if _OUTDOORS.search(name) else "in"


def find_things(earlier: Sequence[Turn], *, plural: bool) -> list[str]:
    """What "it" or, where ``plural``, "they" may be, likeliest first."""
    found = (
        thing
        for turn in list(reversed(earlier))[:_TURNS_BACK]
        for thing in _things_of(turn, plural=plural)
    )
    return list(dict.fromkeys(filter(None, found)))


def _things_of(turn: Turn, *, plural: bool) -> Iterator[str]:
    question = turn.understood
    asked = read_asked(question)
    counted = [f"the {question[asked.start : asked.end].strip()}"] if asked.head else []
    kinds = [f"the {match.group()}" for match in _MANY_OF_A_KIND.finditer(question)]
    phrases = find_phrases(question)
    subject = find_subject(question)
    whole = next((one for one in phrases if subject and one.startswith(subject)), subject)
    # "The dam" may be better known than "the dam at Tarsk"; "the range" alone is of anything.
    subjects = [whole] if whole.startswith(f"{subject} of ") else [whole, subject]
    names = find_thing_names(turn, without_places=plural)
    found = [*counted, *subjects, *phrases, *kinds] if plural else [*subjects, *phrases, *counted]
    fitting = [one for one in found if one in names or (one and is_plural(one) is plural)]
    if plural:
        persons = set(person_names(question, turn.texts))
        fitting = [one for one in fitting if one not in persons]
        fitting += [one for one in names if one not in persons]
        fitting += [one for text in turn.texts for one in _speaking_groups(text)]
    yield from fitting
    if not (plural and fitting):
        yield from names


def find_thing_names(turn: Turn, *, without_places: bool = False) -> list[str]:
    """The names in the question that need not be a person's; those that can be come last."""
    question = turn.understood
    persons = list(person_names(question, turn.texts))
    known = {one for one in persons for p in ("he", "she") if is_called(one, p, turn.texts)}
    names = [v for v in find_values(question) if v.kind == "name" and is_untitled(question, v)]
    names = [value for value in names if not describes(question, value)]
    if without_places:
        names = [value for value in names if not stands_for("place", question, value)]
    found = [question[value.start : value.end] for value in names]
    return sorted((one for one in found if one not in known), key=lambda one: one in persons)


def describes(text: str, value: Value) -> bool:
    """Whether the name only tells of which people the noun is that follows, "Spanish troops"."""
    return _OF_A_PEOPLE.match(text, value.start, value.end + 2) is not None


def is_untitled(text: str, value: Value) -> bool:
    """Whether no title stands in the name, as one does in "Mayor Anna Berg"."""
    return without_title(text, value) == value


def _speaking_groups(text: str) -> Iterator[str]:
    speaker = find_speaker(text, len(text), 0)
    if speaker and is_plural(speaker):
        yield (
            speaker[0].lower() + speaker[1:] if speaker.split()[0] in {"The", "Police"} else speaker
        )


def _distinct(found: Iterable[str]) -> list[str]:
    """Each once: a name that is part of one before it is the same."""
    kept: list[str] = []
    for one in found:
        if one and not any(set(terms(one)) <= set(terms(other)) for other in kept):
            kept.append(one)
    return kept
