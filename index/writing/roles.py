"""Who does what to whom, and who is called what: names may not change places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import KIN
from index.writing.reading import AUXILIARIES, is_past, is_saying
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.writing.pairing import Comparison, Link
    from index.writing.reading import Reading, Word

# So many places may part, in a quote, two words that the sentence has side by side.
_BESIDE = 5
_BE = frozenset("is are was were be been being gets got".split())
_BEFORE_VERB = AUXILIARIES | frozenset("not also now later already since had yet to".split())
_REACH = 8
_PREPOSITIONS = frozenset(
    "of in on at by to for from with of against into over after before".split()
)


def find_swapped(c: Comparison) -> str | None:
    """Say "role" where a name does what is done to it, or is called what another is called."""
    for word in c.said.reading.words:
        if _is_turned(c, word) or _is_misnamed(c, word):
            return "role"
    return "role" if _is_crossed(c) else None


def _is_crossed(c: Comparison) -> bool:
    """Whether two verbs have changed what they are of: "acquitted of A, convicted of B"."""
    pairs = list(_find_pairs(c))
    return any(
        verb.number == other_verb.number
        and (verb_clause, thing_clause) == (other_thing, other_clause)
        and verb_clause != thing_clause
        for verb, verb_clause, thing_clause in pairs
        for other_verb, other_clause, other_thing in pairs
    )


def _find_pairs(c: Comparison) -> Iterator[tuple[Link, int, int]]:
    """Each verb with the clauses of a quote in which it stands, and what follows it first."""
    words = c.said.reading.words
    for verb in words:
        links = c.links.get(verb.at, ())
        if not links or not is_past(verb.text):
            continue
        thing = next(
            (
                w
                for w in words[verb.at + 1 : verb.at + _REACH]
                if w.clause == verb.clause and c.links.get(w.at) and not is_past(w.text)
            ),
            None,
        )
        if thing and c.links[thing.at][0].number == links[0].number:
            quote = c.quotes[links[0].number].reading.words
            yield links[0], quote[links[0].at].clause, quote[c.links[thing.at][0].at].clause


# --- Who does what ----------------------------------------------------------------------------


def _is_turned(c: Comparison, verb: Word) -> bool:  # noqa: PLR0911 - the first that fits
    """Whether the subject of a verb is, in the quote, what the verb is done to, or the reverse."""
    if not is_past(verb.text) and not _is_finite(c, verb):
        return False
    numbers = c.part_of(verb.start).numbers
    links = [k for k in c.links.get(verb.at, ()) if k.number in numbers and k.score >= KIN]
    if not links or is_saying(verb.text):
        return False
    link = links[0]
    subject = _find_subject(c, verb)
    if subject is None:
        return False
    quote = c.quotes[link.number].reading
    if not _is_verb_there(quote, quote.words[link.at]) or _has_opposites(c, verb, link):
        return False
    passive = _is_passive(c.said.reading, verb)
    theirs_passive = _is_passive(quote, quote.words[link.at])
    if not theirs_passive and passive and not _is_active(quote, quote.words[link.at]):
        return False
    named = subject.is_name or any(
        quote.words[k.at].is_name for k in c.links[subject.at] if k.number == link.number
    )
    if named and _is_of_another(c, subject, link):
        return True
    if not (named or passive or _has_object(c, verb, link)):
        return False
    theirs = [
        k.at < link.at
        for k in c.links[subject.at]
        if k.number == link.number
        and k.score >= KIN
        and quote.words[k.at].segment == quote.words[link.at].segment
    ]
    if named and passive and not theirs_passive and _is_farther(c, subject, link):
        return True
    return bool(theirs) and all(before == (passive != theirs_passive) for before in theirs)


def _is_farther(c: Comparison, subject: Word, verb: Link) -> bool:
    """Whether another name stands between a quote's verb and the one it is said to be done to."""
    quote = c.quotes[verb.number].reading.words
    places = [k.at for k in c.links[subject.at] if k.number == verb.number and k.at > verb.at]
    if not places or any(k.at < verb.at for k in c.links[subject.at] if k.number == verb.number):
        return False
    between = quote[verb.at + 1 : min(places)]
    names = [w for w in between if w.is_name]
    return bool(names) and names[-1].at < min(places) - 1 and "and" not in {w.text for w in between}


def _is_of_another(c: Comparison, subject: Word, verb: Link) -> bool:
    """Whether a quote tells of a name elsewhere only, and the verb is another name's."""
    quote = c.quotes[verb.number].reading.words
    segments = {quote[k.at].segment for k in c.links[subject.at] if k.number == verb.number}
    own = quote[verb.at].segment
    before = quote[: verb.at]
    return (
        bool(segments)
        and own not in segments
        and any(
            w.is_name and w.segment == own and w.clause == quote[verb.at].clause for w in before
        )
    )


def _is_verb_there(reading: Reading, word: Word) -> bool:
    before = [w.text for w in reading.words[max(0, word.at - 3) : word.at]]
    return is_past(word.text) or bool((AUXILIARIES | {"to"}) & set(before))


def _is_active(reading: Reading, word: Word) -> bool:
    """Whether something stands behind a verb that it is done to."""
    following = reading.words[word.at + 1 : word.at + 2]
    return (
        bool(following)
        and following[0].clause == word.clause
        and (
            following[0].text in {"the", "a", "an", "his", "her", "its", "their", "no"}
            or following[0].is_name
            or following[0].term[:1].isdigit()
        )
    )


def _is_finite(c: Comparison, word: Word) -> bool:
    """Whether a word follows "will", "would", "has" and the like."""
    before = [w.text for w in c.said.reading.words[max(0, word.at - 2) : word.at]]
    return "v" in open_thesaurus().find_letters(word.text) and bool(AUXILIARIES & set(before))


def _find_subject(c: Comparison, verb: Word) -> Word | None:
    """The last word with a link before a verb, in its clause."""
    words = c.said.reading.words
    inside = [w for w in words[: verb.at] if w.clause == verb.clause]
    for word in reversed(inside[-_REACH:]):
        if word.text in _BEFORE_VERB or word.text.endswith("ly") or c.said.is_value(word):
            continue
        if is_past(word.text) or word.at not in c.links:
            return None
        head = _find_head(words, word)
        return head if c.links.get(head.at) else None
    return None


def _find_head(words: Sequence[Word], word: Word) -> Word:
    """What "of" and the like describe: the limit, of "the limit for fine particles"."""
    for at in range(word.at - 1, max(0, word.at - _REACH), -1):
        if words[at].clause != word.clause:
            break
        if words[at].text in _PREPOSITIONS and at and words[at - 1].clause == word.clause:
            return _find_head(words, words[at - 1])
    return word


def _nearest(c: Comparison, word: Word, verb: Link) -> Link | None:
    """The word of the verb's quote that a word stands for, the one nearest to the verb."""
    links = [k for k in c.links[word.at] if k.number == verb.number and k.score >= KIN]
    return min(links, key=lambda k: abs(k.at - verb.at), default=None)


def _is_passive(reading: Reading, verb: Word) -> bool:
    before = [w for w in reading.words[max(0, verb.at - 4) : verb.at] if w.clause == verb.clause]
    after = [w.text for w in reading.words[verb.at + 1 : verb.at + 4] if w.clause == verb.clause]
    if any(w.text in _BE for w in before) and not verb.text.endswith("ing"):
        return True
    has_aux = any(w.text in AUXILIARIES for w in before)
    by = after.index("by") if "by" in after else -1
    is_amount = (
        by >= 0
        and verb.at + by + 2 < len(reading.words)
        and (reading.words[verb.at + by + 2].term[:1].isdigit())
    )
    return is_past(verb.text) and by >= 0 and not is_amount and not has_aux


def _has_object(c: Comparison, verb: Word, link: Link) -> bool:
    """Whether a verb is done to what stands before it in the quote."""
    for word in c.said.reading.words[verb.at + 1 : verb.at + _BESIDE]:
        if word.clause != verb.clause or word.text in _PREPOSITIONS:
            return False
        if word.at in c.links:
            their = _nearest(c, word, link)
            return their is not None and their.at < link.at
    return False


def _has_opposites(c: Comparison, verb: Word, link: Link) -> bool:
    """Whether "behind" for "ahead" tells the same of the other."""
    own = {w.text for w in c.said.reading.words if w.segment == verb.segment}
    quote = c.quotes[link.number].reading.words
    theirs = {w.text for w in quote if w.segment == quote[link.at].segment}
    return bool(own & _AHEAD) and bool(theirs & _AHEAD) and (own & _AHEAD) != (theirs & _AHEAD)


_AHEAD = frozenset({"ahead", "behind"})


# --- Who is called what -----------------------------------------------------------------------


def _is_misnamed(c: Comparison, name: Word) -> bool:
    """Whether what stands right by a name stands, in the quote, by another."""
    links = [k for k in c.links.get(name.at, ()) if k.score >= KIN]
    if not name.is_name or not links:
        return False
    if _has_other_title(c, name, links[0]):
        return True
    return any(_is_by_another(c, word, links) for word in _find_beside(c, name))


def _has_other_title(c: Comparison, name: Word, link: Link) -> bool:
    """Whether another word stands before a name: "admiral" for "general"."""
    if not name.at or not link.at:
        return False
    reading, quote = c.said.reading, c.quotes[link.number].reading
    own, their = reading.words[name.at - 1], quote.words[link.at - 1]
    taken = {k.at for links in c.links.values() for k in links[:1] if k.number == link.number}
    return (
        own.at in c.links
        and not c.links[own.at]
        and not is_saying(own.text)
        and "n" in open_thesaurus().find_letters(own.text)
        and bool(their.term)
        and not their.is_name
        and their.at not in taken
        and reading.gap(name.at) == " "
        and quote.gap(link.at) == " "
        and not is_past(own.text)
    )


def _find_beside(c: Comparison, name: Word) -> list[Word]:
    reading = c.said.reading
    found = []
    for at, gap in ((name.at - 1, name.at), (name.at + 1, name.at + 1)):
        is_owner = at > name.at and name.text.endswith(("'s", "s'"))
        if is_owner or not 0 <= at < len(reading.words):
            continue
        word = reading.words[at]
        is_noun = bool(open_thesaurus().find_letters(word.text) & {"n", "a"})
        parts = reading.gap(gap).strip("\xa0 ")
        is_close = parts in ({"", ",", "'s", "’s"} if at < name.at else {""})
        is_verb = (is_saying(word.text) and not word.text.endswith("ing")) or (
            is_past(word.text) and at > name.at
        )
        if is_close and is_noun and not is_verb and not word.is_name and c.links.get(at):
            found.append(word)
    return found


def _is_by_another(c: Comparison, word: Word, links: Sequence[Link]) -> bool:
    theirs = [k for k in c.links[word.at] if k.score >= KIN]
    if not theirs:
        return False
    near = False
    for k in theirs:
        quote = c.quotes[k.number].reading.words
        for link in links:
            if link.number == k.number:
                gap = abs(quote[link.at].place - quote[k.at].place)
                near = near or gap <= _BESIDE
    if near:
        return False
    best = theirs[0]
    words = c.quotes[best.number].reading.words
    beside = words[max(0, best.at - 2) : best.at] + words[best.at + 1 : best.at + 3]
    return any(w.is_name for w in beside) and any(link.number == best.number for link in links)
