"""What a written sentence gives as a cause must be one in the quote, and of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import KIN, NEAR
from index.writing.reading import AUXILIARIES
from index.writing.thesaurus import open_thesaurus
from index.writing.voices import read_voices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.writing.pairing import Comparison
    from index.writing.reading import Reading, Word

_BECAUSE = frozenset("because owing thanks due".split())
_VERBS = frozenset("cause trigger spark prompt provoke".split())
# What joins a cause to what follows from it in a newspaper, the cause behind it.
_JOINING = frozenset(
    "because as since after when over due owing following for amid by with once thanks from so if"
    " that".split()
)
_TELLING = frozenset("cause blame trigger spark prompt provoke force lead result reason".split())
_MOST = 0.5
# So many words of what follows must stand in the same quote.
_SHARE = 0.6
_FEWEST = 2


def find_false_cause(c: Comparison) -> str | None:
    """Say "cause" where the sentence joins as cause and effect what no quote joins."""
    words = c.said.reading.words
    for word in words:
        following = words[word.at + 1].text if word.at + 1 < len(words) else ""
        if word.text in _BECAUSE and (word.text != "due" or following == "to"):
            if word.text == "due" and words[max(0, word.at - 1)].text in AUXILIARIES:
                # "Is due to start" tells what is to come.
                continue
            if not _is_joined(c, word):
                return "cause"
        elif open_thesaurus().find_lemmas(word.text) & _VERBS and not any(
            k.score >= KIN for k in c.links.get(word.at, ())
        ):
            before = [w for w in words[: word.at] if w.clause == word.clause and w.at in c.links]
            if not _has_joint(c, word) or (before and not c.links[before[-1].at]):
                return "cause"
        elif word.text == "response" and not c.links.get(word.at):
            return "cause"
    return None


def _has_joint(c: Comparison, word: Word) -> bool:
    return any(
        other.text in _BECAUSE or open_thesaurus().find_lemmas(other.text) & _TELLING
        for number in c.part_of(word.start).numbers
        for other in c.quotes[number].reading.words
    )


def _is_joined(c: Comparison, joint: Word) -> bool:
    """Whether a quote joins what stands behind "because" to what stands before it."""
    cause, effect = _split(c.said.reading, joint)
    unknown = [w for w in cause if w.at in c.links and not c.links[w.at]]
    known = [w for w in cause if c.links.get(w.at)]
    opening = next((w for w in cause if w.at in c.links), None)
    if len(unknown) > 1 or (unknown and (len(known) < _FEWEST or opening in unknown)):
        return False
    speaking = {
        at for voice in read_voices(c.said.reading.original) for at in (*voice.group, voice.at)
    }
    effect = [w for w in effect if w.at not in speaking]
    for number in c.part_of(joint.start).numbers:
        reading = c.quotes[number].reading
        for other in reading.words:
            is_telling = bool(open_thesaurus().find_lemmas(other.text) & _TELLING)
            opens = other.text in _JOINING or is_telling or other.text.endswith("ing")
            if opens and _fits(c, number, (cause, effect), (reading, other)):
                return True
    return False


def _split(reading: Reading, joint: Word) -> tuple[list[Word], list[Word]]:
    """The words that tell the cause, and those that tell what follows from it."""
    segment = [w for w in reading.words if w.segment == joint.segment]
    behind = [w for w in segment if w.at > joint.at]
    before = [w for w in segment if w.at < joint.at]
    cut = next(
        (w.at for w in behind[1:] if w.is_opening and "," in reading.gap(w.at)),
        None,
    )
    cause = behind if cut is None else [w for w in behind if w.at < cut]
    rest = [] if cut is None else [w for w in behind if w.at >= cut]
    return cause, before or rest


def _fits(
    c: Comparison,
    number: int,
    told: tuple[Sequence[Word], Sequence[Word]],
    joint: tuple[Reading, Word],
) -> bool:
    """Whether the cause stands behind a quote's joint, and what follows from it before."""
    reading, word = joint
    behind = {w.at for w in reading.words if w.at >= word.at and w.segment == word.segment}
    places = [[k for w in words if (k := _link(c, w, number)) is not None] for words in told]
    linked = [
        [w for w in words if any(k.score >= NEAR for k in c.links.get(w.at, ()))] for words in told
    ]
    if not places[0] or len(places[0]) < len(linked[0]):
        return False
    if len(places[1]) < _SHARE * len(linked[1]):
        return False
    causes = sum(at in behind for at in places[0]) / len(places[0])
    effects = sum(at not in behind for at in places[1]) / max(1, len(places[1]))
    effects = effects if places[1] else causes
    # "Because of A, B", and "A forced B": the cause comes first.
    may_turn = word.text not in _JOINING or word.is_opening
    return (causes > _MOST and effects > _MOST) or (may_turn and causes < _MOST and effects < _MOST)


def _link(c: Comparison, word: Word, number: int) -> int | None:
    return next(
        (k.at for k in c.links.get(word.at, ()) if k.number == number and k.score >= NEAR), None
    )
