"""What in a quote answers a word that denies or leaves open: for "would not", "refused to"."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from index.language.resolve import resolve_moment
from index.writing.alike import NEAR, is_opposite
from index.writing.operators import read_operators
from index.writing.pairing import find_sure
from index.writing.reading import is_verb
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.writing.operators import Operator
    from index.writing.pairing import Comparison
    from index.writing.reading import Reading

# Which kinds of the other side answer an operator of one.
ANSWERS = {
    "no": {"no"},
    "may": {"may", "if", "can"},
    "ahead": {"ahead", "to", "must"},
    "can": {"can", "may", "to", "must"},
    "must": {"must", "to", "ahead"},
    "to": {"to", "ahead", "must", "may"},
    "alleged": {"alleged", "may", "no", "ahead", "if"},
    "if": {"if", "may", "no"},
}
_OF_NOUNS = frozenset("no none nobody nothing without neither".split())
_POLLS = frozenset("poll polls survey surveys".split())
TELLING = frozenset("say tell disclose reveal comment specify explain give name".split())
_REJECTS = frozenset("deny reject dispute dismiss refute contest".split())
_NOTHING = frozenset("none nothing no".split())
_STOPPED = frozenset("stop cease end halt quit close".split())
_FEWEST = 2
_REFUSES = frozenset({"refuse", "decline", "reject"})
_ABSENT = frozenset("lose lack".split())


def find_answers(c: Comparison, operator: Operator) -> set[tuple[int, int]]:
    """Where a quote denies, or leaves open, what the sentence does: its number, the word's."""
    words = c.said.reading.words
    found = {(link.number, link.at) for link in find_sure(c, operator.at)}
    if found and operator.kind == "no":
        return found
    inside = [w.at for w in words if w.clause in operator.clauses and w.at in c.links]
    core = [at for at in operator.core if find_sure(c, at)] or inside
    if words[operator.at].text not in _OF_NOUNS and find_sure(c, core[0] if core else -1):
        core = core[:1]
    for number in c.part_of(words[operator.at].start).numbers:
        quote = c.quotes[number].reading
        for other in read_operators(quote.original):
            if other.kind in ANSWERS[operator.kind] and (
                _links_into(c, core, number, _find_scope(quote, other))
                or _links_into(c, inside, number, other.core[:1])
                or _is_reworded(c, operator, number, other)
                or _are_both_none(c, operator, number, other)
            ):
                found.add((number, other.at))
        if operator.kind == "ahead" and _is_meant(c, operator, number):
            found.add((number, -1))
        if operator.kind == "no" and _is_denied_otherwise(c, operator, number):
            found.add((number, -1 - operator.at))
    if not found and words[operator.at].is_quoted:
        # It stands in a quotation, which is literal.
        found.add((0, operator.at))
    return found


def _is_meant(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether a quote tells of what is to come without a word like "will"."""
    quote = c.quotes[number].reading
    return (
        # What people told a poll is what they would do.
        any(word.text in _POLLS for word in quote.words)
        or _is_shifted(c, operator, number)
        or _is_yet_to_come(c, operator, number)
        or _is_refused(c, operator, number)
    )


def _is_denied_otherwise(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether a quote denies by a verb: "rejects", or the opposite of what is denied."""
    lemmas = open_thesaurus().find_lemmas
    quote = c.quotes[number].reading
    if lemmas(c.said.reading.words[operator.at].text) & _REJECTS:
        return any(lemmas(word.text) & _REJECTS for word in quote.words)
    return _is_said_by_opposite(c, operator, number)


def _find_scope(reading: Reading, operator: Operator) -> set[int]:
    """The words that an operator may be about: those that follow it, and its core."""
    inside = {w.at for w in reading.words if w.clause in operator.clauses}
    if operator.kind != "no":
        return inside
    return {at for at in inside if at > operator.at} | set(operator.core)


def _are_both_none(c: Comparison, operator: Operator, number: int, other: Operator) -> bool:
    """Whether both say of one thing that there is none: "won nothing", "won none"."""
    own, their = c.said.reading.words, c.quotes[number].reading.words
    return {own[operator.at].text, their[other.at].text} <= _NOTHING and any(
        k.number == number and k.at in other.core for at in operator.core for k in find_sure(c, at)
    )


def _is_reworded(c: Comparison, operator: Operator, number: int, other: Operator) -> bool:
    """Whether "refuses to step down" stands for "would not resign"."""
    own, their = c.said.reading.words, c.quotes[number].reading.words
    if operator.core and other.core:
        lemmas = open_thesaurus().find_lemmas
        if all(
            lemmas(word.text) & TELLING for word in (own[operator.core[0]], their[other.core[0]])
        ):
            return True
    if own[operator.at].text in _OF_NOUNS or their[other.at].text in _OF_NOUNS:
        # "No trains will run" for "rail services will not resume", said of the same.
        if own[operator.at].text != "no" or their[other.at].text != "not":
            return False
        shared = [w for w in own if w.clause in operator.clauses and find_sure(c, w.at)]
        there = {w.at for w in their if w.clause in other.clauses}
        if len(shared) < _FEWEST or not _links_into(c, [w.at for w in shared], number, there):
            return False
    inside = [w.at for w in own if w.clause in operator.clauses]
    there = {w.at for w in their if w.clause in other.clauses}
    is_of_same = bool(own[operator.at].term) or _links_into(c, inside, number, there)
    if not is_of_same or (operator.core and operator.core[0] not in c.links):
        return False
    return not any(find_sure(c, at) for at in operator.core[:1]) and not is_told(
        c, number, other.core[:1]
    )


def _is_yet_to_come(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether it is said of a day after the quote was published: "goes on sale on 1 October"."""
    quote, words = c.quotes[number], c.said.reading.words
    published = quote.source.published if quote.source else None
    if published is None:
        return False
    for day in quote.days:
        moment = day.moment and resolve_moment(day.moment, quote.reading.text, day.start, published)
        if not moment or not (moment.year and moment.month and moment.day):
            continue
        is_shared = any(
            own.moment and own.moment.agrees(moment) is True
            for own in c.said.days
            if any(
                w.segment == words[operator.at].segment
                for w in c.said.reading.find(own.start, own.end)
            )
        )
        if is_shared and date(moment.year, moment.month, moment.day) > published:
            return True
    return False


def _is_shifted(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether "would come" reports what somebody said "comes"."""
    quote = c.quotes[number].reading.words
    return c.said.reading.words[operator.at].text == "would" and any(
        k.number == number
        and quote[k.at].text.endswith("s")
        and is_verb(quote[k.at].text)
        and k.at > 0
        and quote[k.at - 1].text not in {"the", "a", "of"}
        for at in operator.core[:1]
        for k in find_sure(c, at)
    )


def _is_refused(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether "would not" stands for "refused to"."""
    words, quote = c.said.reading.words, c.quotes[number].reading
    following = words[operator.at + 1].text if operator.at + 1 < len(words) else ""
    return following == "not" and any(
        other.kind == "no" and open_thesaurus().find_lemmas(quote.words[other.at].text) & _REFUSES
        for other in read_operators(quote.original)
        if _links_into(c, operator.core, number, other.core)
    )


def _links_into(c: Comparison, ats: Iterable[int], number: int, places: Iterable[int]) -> bool:
    wanted = set(places)
    best = (next((link for link in find_sure(c, at) if link.number == number), None) for at in ats)
    return any(link is not None and link.at in wanted for link in best)


def is_told(c: Comparison, number: int, core: Iterable[int]) -> bool:
    """Whether the sentence has a word of a quote's."""
    wanted = set(core)
    return any(
        link.number == number and link.at in wanted
        for links in c.links.values()
        for link in links[:1]
        if link.score >= NEAR
    )


def _is_said_by_opposite(c: Comparison, operator: Operator, number: int) -> bool:
    """Whether "not reopen" stands for "stay closed", or "without power" for "lost power"."""
    words = c.said.reading.words
    theirs = c.quotes[number].reading.words
    following = words[operator.at + 1].text if operator.at + 1 < len(words) else ""
    if following == "longer" and any(
        open_thesaurus().find_lemmas(other.text) & _STOPPED for other in theirs
    ):
        return True
    if any(find_sure(c, at) for at in operator.core[:1]):
        return False
    if words[operator.at].text == "without" and any(
        open_thesaurus().find_lemmas(other.text) & _ABSENT for other in theirs
    ):
        return True
    return any(
        is_opposite(words[at].text, other.text)
        for at in operator.core[:1]
        for other in theirs
        if other.term
    )
