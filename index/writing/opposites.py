"""Words that turn round what the word of a quote in their place says: "rose" for "fell"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import AKIN, is_opposite, negates
from index.writing.operators import read_operators
from index.writing.valence import find_valence, is_against

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.writing.pairing import Comparison, Side
    from index.writing.reading import Word

_DIRECTIONS = frozenset("up down more less fewer above below inside outside".split())
_AGAINST = frozenset(
    "against oppose opposes opposed opposing opposition opponents protest protested protests versus"
    " anti compared vs".split()
)
_UP = frozenset("up more above higher".split())
_DOWN = frozenset("down less fewer below lower".split())
FUNCTION = frozenset(
    "might may shall unless without whether though although since among amid behind beyond upon"
    " toward towards across along around despite except whereas while within onto versus via per"
    " earliest latest rather instead perhaps often yet already even soon meanwhile thus hence"
    " therefore likewise next beside near alongside nearby longer starting beginning unclear"
    " disputed new".split()
)
_TURNED = 1.8
WINDOW = 4


def find_opposite(c: Comparison) -> str | None:
    """Say "opposite" where a word of the sentence turns round the word of a quote in its place."""
    denials = [o for o in read_operators(c.said.reading.original) if o.kind == "no"]
    for word in c.said.reading.words:
        if word.text in FUNCTION or (word.text in _DIRECTIONS and _is_bound(c.said, word)):
            continue
        is_denied = any(word.clause in o.clauses for o in denials)
        links = c.links.get(word.at, ())
        if word.text not in _DIRECTIONS and links and links[0].score > AKIN:
            if not is_denied and _is_turned_in_place(c, word):
                return "opposite"
        elif (word.text in _DIRECTIONS or word.at in c.links) and _turns_any(
            c, word, is_denied=is_denied
        ):
            return "opposite"
    return None


def _turns_any(c: Comparison, word: Word, *, is_denied: bool) -> bool:
    """Whether a word that no quote has turns round one that stands in its place."""
    numbers = c.part_of(word.start).numbers
    # A denial that the quote has too does not take back a word's prefix.
    is_denied_there = any(
        o.kind == "no" and not quote.reading.words[o.at].text.startswith("un")
        for quote in c.quotes.values()
        for o in read_operators(quote.reading.original)
    )
    for number in numbers:
        quote = c.quotes[number]
        if word.text in {other.text for other in quote.reading.words}:
            return False
        for other in _find_open(c, number):
            if is_denied and not (is_denied_there and negates(word.text, other.text)):
                continue
            are_directions = {word.text, other.text} <= _DIRECTIONS
            is_plain = are_directions or negates(word.text, other.text)
            if _turns(word.text, other.text) and (is_plain or is_in_place(c, word, number, other)):
                return True
    return False


def _find_open(c: Comparison, number: int) -> Iterator[Word]:
    """The words of a quote for which no word of the sentence stands."""
    texts = {word.text for word in c.said.reading.words}
    linked = {k.at for links in c.links.values() for k in links[:1] if k.number == number}
    for other in c.quotes[number].reading.words:
        is_kind = other.term or other.text in _DIRECTIONS
        is_free = other.at not in linked and other.text not in texts
        if is_kind and is_free and not _is_bound(c.quotes[number], other):
            yield other


def _turns(one: str, other: str) -> bool:
    """Whether one word says the opposite of the other; "up" does of "fewer", and of "fell"."""
    if one in _DIRECTIONS and not (other in _DIRECTIONS or find_valence(other)):
        return False
    if {one, other} & _UP and {one, other} & _DOWN:
        return True
    return is_opposite(one, other) or is_against(one, other)


def find_for(c: Comparison) -> str | None:
    """Say "opposite" where "against" is left out, or has become "for"."""
    said = c.said.reading
    if any(w.text in _AGAINST or find_valence(w.text) < 0 for w in said.words):
        return None
    for number, quote in c.quotes.items():
        words = quote.reading.words
        for other in words:
            if other.text != "against" or quote.is_value(words[min(other.at + 1, len(words) - 1)]):
                continue
            taken = {k.at for links in c.links.values() for k in links[:1] if k.number == number}
            before = any(other.at - 3 <= at < other.at for at in taken)
            after = any(other.at < at <= other.at + 3 for at in taken)
            if before and after:
                return "opposite"
    return None


def _is_bound(side: Side, word: Word) -> bool:
    """Whether "more" and the like bound a figure: "more than 40", "40 or more"."""
    if any(f.lead <= word.start < f.end for f in side.figures):
        return True
    words = side.reading.words
    return word.at > 0 and words[word.at - 1].text in {"or", "no", "once", "much"}


def _is_turned_in_place(c: Comparison, word: Word) -> bool:
    """Whether a word stands where the quote has its opposite: "profit rose" for "profit fell"."""
    best = c.links[word.at][0]
    quote = c.quotes[best.number].reading
    rivals = [w for w in quote.words if w.term and is_opposite(word.text, w.text)]
    own = _measure_closeness(c, word, best.number, quote.words[best.at])
    return any(_measure_closeness(c, word, best.number, w) > _TURNED * own for w in rivals)


def _measure_closeness(c: Comparison, word: Word, number: int, other: Word) -> float:
    """How near a quote's word stands to those that stand near one of the sentence."""
    said, quote = c.said.reading.words, c.quotes[number].reading.words
    return sum(
        1 / (1 + abs(near.place - word.place)) / (1 + abs(quote[link.at].place - other.place))
        for near in said
        if near.at != word.at and abs(near.place - word.place) <= WINDOW
        for link in c.links.get(near.at, ())[:1]
        if link.number == number and link.at != other.at
    )


def is_in_place(c: Comparison, word: Word, number: int, other: Word) -> bool:
    """Whether a word of the sentence stands among the words that a quote's stands among."""
    said, quote = c.said.reading.words, c.quotes[number].reading.words
    return any(
        link.number == number and abs(quote[link.at].place - other.place) <= WINDOW + 1
        for near in said
        if near.at != word.at and abs(near.place - word.place) <= WINDOW
        for link in c.links.get(near.at, ())[:1]
    )
