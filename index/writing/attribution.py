"""Whose words a written sentence gives: nobody may be given another's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from index.language.words import terms
from index.writing.counted import find_twins
from index.writing.pairing import find_sure
from index.writing.quotations import find_quotations
from index.writing.thesaurus import open_thesaurus
from index.writing.voices import read_voices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.writing.pairing import Comparison
    from index.writing.reading import Word
    from index.writing.voices import Voice

# A quote that has so much of what is said, of what the best has, may be the one that is meant.
_SHARE = 0.6
_RELATIVE = frozenset("who which that whose".split())
# Whoever is called so may be called otherwise in the quote.
_IDLE = frozenset(
    "spokesperson spokeswoman spokesman official figure number side source report statement"
    " estimate account leader chief head group member one other person company".split()
)
_OWNERS = frozenset("his her its their".split())
_DENIALS = frozenset("deny dispute reject".split())


def find_other_speaker(c: Comparison, reporting: frozenset[int]) -> str | None:
    """Say "speaker" where somebody is said to say what a quote has another say."""
    for voice in read_voices(c.said.reading.original):
        if _is_described_falsely(c, voice, reporting):
            return "speaker"
        if _is_quoted_falsely(c, voice, reporting):
            return "speaker"
        counts = _count_words(c, voice)
        if not counts:
            continue
        enough = _SHARE * max(map(len, counts.values()))
        numbers = [number for number, places in counts.items() if len(places) >= enough]
        if not any(_may_say(c, voice, number, counts[number], reporting) for number in numbers):
            return "speaker"
    return None


def _is_described_falsely(c: Comparison, voice: Voice, reporting: frozenset[int]) -> bool:
    """Whether a speaker is described in words that no quote has: "a smiling minister"."""
    thesaurus, words = open_thesaurus(), c.said.reading.words
    unknown = [
        words[at]
        for at in _without_relative(words, voice)
        if at in c.links
        and at not in reporting
        and not c.links[at]
        and not thesaurus.find_lemmas(words[at].text) & _IDLE
        and c.said.reading.gap(at) != "-"
        and not any(f.start <= words[at].start < f.tail for f in c.said.figures)
    ]
    return len(unknown) > 1 or any("a" in thesaurus.find_letters(w.text) for w in unknown)


def _is_quoted_falsely(c: Comparison, voice: Voice, reporting: frozenset[int]) -> bool:
    """Whether one of several quotations that somebody is given is another's."""
    said = c.said.reading
    part = c.part_of(said.words[voice.at].start)
    voices = read_voices(said.original)
    for start, end in find_quotations(said.text):
        whole = {word.at for word in said.find(start, end)}
        quoted = whole - {at for v in voices if v.at in whole for at in (*v.group, v.at)}
        inner = {
            at
            for v in voices
            if len(v.reach) < len(voice.reach) and v.at not in whole
            for at in v.reach
        }
        if not quoted or not voice.reach.issuperset(quoted) or inner.issuperset(quoted):
            continue
        if c.part_of(start) is not part:
            continue
        fits = [
            _may_say(c, voice, number, places, reporting)
            for number in part.numbers
            if (places := _find_literally(c, number, said.text[start:end].rstrip(",. ")))
        ]
        if fits and not any(fits):
            return True
    return False


def _find_literally(c: Comparison, number: int, text: str) -> list[int]:
    """The words of a quote where ``text`` stands in it."""
    reading = c.quotes[number].reading
    start = reading.text.find(text)
    return [word.at for word in reading.find(start, start + len(text))] if start >= 0 else []


def _count_words(c: Comparison, voice: Voice) -> dict[int, list[int]]:
    """Where in each quote stands what somebody is given; a quote must have all its figures."""
    said = c.said.reading
    others = [v for v in read_voices(said.original) if v is not voice]
    inner = {at for v in others if v.reach < voice.reach for at in v.reach}
    speaking = {at for v in others for at in (*v.group, v.at)}
    part = c.part_of(said.words[voice.at].start)
    whole = {at for at in voice.reach - speaking if c.part_of(said.words[at].start) is part}
    known = [at for at in whole - inner if c.links.get(at)]
    own = whole - inner if len(known) > 1 else whole
    figures = [f for f in c.said.figures if any(w.at in own for w in said.find(f.start, f.end))]
    found: dict[int, list[int]] = {}
    for number in part.numbers:
        twins = [find_twins(c, figure, number) for figure in figures]
        if not all(twins):
            continue
        places = [at for each in twins for at in each]
        places += [
            link.at
            for at in sorted(own)
            for link in [k for k in find_sure(c, at) if k.number == number][:1]
        ]
        if places:
            found[number] = places
    return found


def _may_say(
    c: Comparison, voice: Voice, number: int, places: Sequence[int], reporting: frozenset[int]
) -> bool:
    """Whether a quote has somebody say what stands at ``places`` in it."""
    words = c.said.reading.words
    named = _find_named(c, voice)
    if not named or not reporting.isdisjoint(named):
        return not named or _is_of_outlet(c, named, number)
    theirs = _find_speaker(c, number, places)
    if theirs and _replaces(c, named, number, theirs):
        return False
    if theirs and _is_nobody(c.quotes[number].reading.words, theirs):
        # "She wrote": whoever that is stands elsewhere in the article.
        numbers = c.part_of(words[voice.at].start).numbers
        return not any(
            k.number != number
            for at in named
            for k in c.links.get(at, ())[:1]
            if k.number in numbers
        )
    if open_thesaurus().find_lemmas(words[voice.at].text) & _DENIALS:
        # What somebody denies is another's; that they deny it is theirs.
        theirs = _find_denier(c, voice, number)
    if theirs is None:
        return _is_subject(c, named, number, places)
    naming = _find_naming(c, named, number, theirs, places)
    return _all_stand_in(c, named, number, theirs.group | naming, naming)


def _find_denier(c: Comparison, voice: Voice, number: int) -> Voice | None:
    """Who, in the quote, denies something by the same verb."""
    verbs = {link.at for link in find_sure(c, voice.at) if link.number == number}
    voices = read_voices(c.quotes[number].reading.original)
    return next((other for other in voices if other.at in verbs), None)


def _find_named(c: Comparison, voice: Voice) -> list[int]:
    """The words that name a speaker of the sentence."""
    words = c.said.reading.words
    beside = _without_relative(words, voice)
    everybody = voice.core | {at for at in beside if words[at].is_name}
    return [at for at in sorted(everybody) if words[at].term and not c.said.is_value(words[at])]


def _is_of_outlet(c: Comparison, named: Iterable[int], number: int) -> bool:
    """Whether the outlet that is named is the one of the quote."""
    source, words = c.quotes[number].source, c.said.reading.words
    outlet = set(terms(source.outlet or "")) if source else set[str]()
    return any(words[at].term in outlet for at in named)


def _find_naming(
    c: Comparison, named: Iterable[int], number: int, theirs: Voice, places: Iterable[int]
) -> frozenset[int]:
    """The words of a quote that name its speaker."""
    quote = c.quotes[number].reading.words
    naming = _without_relative(quote, theirs)
    if not any(quote[at].text in _OWNERS for at in theirs.group):
        return naming
    # "Their leaders": whose they are stands elsewhere in the quote.
    segments = {quote[at].segment for at in (*theirs.core, *places)}
    is_named = any(
        link.number == number and link.at in theirs.core
        for at in named
        for link in c.links.get(at, ())
    )
    names = (w.at for w in quote if w.is_name and w.segment in segments)
    return naming | frozenset(names if is_named else ())


def _is_nobody(words: Sequence[Word], voice: Voice) -> bool:
    """Whether a speaker is only "she" or "one"."""
    lemmas = open_thesaurus().find_lemmas
    return not any(
        words[at].is_name or (words[at].term and not lemmas(words[at].text) & {"one"})
        for at in voice.core
    )


def _replaces(c: Comparison, named: Iterable[int], number: int, theirs: Voice) -> bool:
    """Whether a speaker is named with another word: "the city board" for "the county board"."""
    words, quote = c.said.reading.words, c.quotes[number].reading.words
    lemmas = open_thesaurus().find_lemmas
    unknown = [at for at in named if not c.links.get(at) and not lemmas(words[at].text) & _IDLE]
    taken = {link.at for links in c.links.values() for link in links if link.number == number}
    rest = [
        at
        for at in theirs.core
        if quote[at].term and at not in taken and not lemmas(quote[at].text) & _IDLE
    ]
    known = [at for at in named if c.links.get(at)]
    return bool(unknown and rest and known)


def _find_speaker(c: Comparison, number: int, places: Sequence[int]) -> Voice | None:
    """Who says, in the quote, most of what stands at ``places``."""
    counts: Counter[Voice | None] = Counter()
    voices = read_voices(c.quotes[number].reading.original)
    # Who is quoted as saying that somebody said it has said all of it.
    outer = [voice for voice in voices if voice.at not in places]
    inner = {at for voice in voices if voice.at in places for at in (*voice.group, voice.at)}
    whole = [voice for voice in outer if voice.reach.issuperset(set(places) - inner)]
    if whole:
        return min(whole, key=lambda voice: len(voice.reach))
    speaking = {at for voice in voices for at in voice.group}
    for at in [at for at in places if at not in speaking] or places:
        saying = [voice for voice in voices if at in voice.reach]
        counts[min(saying, key=lambda voice: len(voice.reach)) if saying else None] += 1
    return counts.most_common(1)[0][0]


def _without_relative(words: Sequence[Word], voice: Voice) -> frozenset[int]:
    """How a speaker is named, without "who leads the union of …"."""
    first = min((at for at in voice.group if words[at].text in _RELATIVE), default=None)
    if first is None:
        return voice.group
    return frozenset(at for at in voice.group if at < first) | voice.core


def _all_stand_in(
    c: Comparison,
    ats: Iterable[int],
    number: int,
    group: frozenset[int],
    naming: frozenset[int],
) -> bool:
    words = c.said.reading.words
    known = 0
    for at in ats:
        allowed = naming if words[at].is_name else group
        numbers = c.part_of(words[at].start).numbers
        links = [link for link in c.links.get(at, ()) if link.number in numbers]
        if any(link.number == number and link.at in allowed for link in links):
            known += 1
        elif (links or words[at].is_name) and not (
            open_thesaurus().find_lemmas(words[at].text) & _IDLE
        ):
            return False
    return known > 0


def _is_subject(c: Comparison, ats: Iterable[int], number: int, places: Sequence[int]) -> bool:
    """Whether they do, in the quote, what they are said to say: "police arrested 87"."""
    quote = c.quotes[number].reading.words
    segments = {quote[at].segment for at in places}
    group = frozenset(w.at for w in quote if w.segment in segments)
    return _all_stand_in(c, ats, number, group, group)
