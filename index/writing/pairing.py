"""Which word of a quote each word of a written sentence stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from index.writing.alike import NEAR, likeness
from index.writing.days import read_days
from index.writing.evidence import mask_orders
from index.writing.figures import read_figures
from index.writing.reading import read_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.writing.days import Day
    from index.writing.figures import Figure
    from index.writing.marked import Part
    from index.writing.reading import Reading, Word
    from index.writing.source import Source

_LESS = 0.11


class Link(NamedTuple):
    """A word of a quote: the number of the source, of the word, and how alike it is, 0 to 1."""

    number: int
    at: int
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A sentence read: the written one, or a quote with its source."""

    reading: Reading
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    source: Source | None = None

    def is_value(self, word: Word) -> bool:
        """Whether a word is part of a figure or a date."""
        spans = [(f.lead, f.end) for f in self.figures] + [(d.start, d.end) for d in self.days]
        return any(start <= word.start < end for start, end in spans)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A written sentence beside the quotes that it cites.

    ``links`` are, for each word by number, the words that it may stand for, best first; those of
    the quotes that its part cites come before those that only the sentence cites.
    """

    said: Side
    parts: tuple[Part, ...]
    quotes: Mapping[int, Side]
    links: Mapping[int, tuple[Link, ...]]

    def part_of(self, start: int) -> Part:
        """The part in which an offset lies."""
        return next((p for p in self.parts if p.start <= start < p.end), self.parts[-1])

    def best(self, at: int) -> Link | None:
        """The word that a word most likely stands for."""
        links = self.links.get(at, ())
        return links[0] if links else None


@lru_cache(maxsize=2_048)
def read_side(text: str) -> tuple[Reading, tuple[Figure, ...], tuple[Day, ...]]:
    """Read a sentence with its values."""
    reading = read_words(text)
    figures = read_figures(reading.text)
    days = tuple(
        day
        for day in read_days(reading.text)
        if not any(f.start < day.end and day.start < f.end for f in figures)
    )
    return reading, figures, days


def compare(text: str, parts: tuple[Part, ...], sources: Mapping[int, Source]) -> Comparison:
    """Set a sentence, without its citations, beside the sources that it cites."""
    reading, figures, days = read_side(text)
    said = Side(reading=reading, figures=figures, days=days)
    cited = dict.fromkeys(number for part in parts for number in part.numbers)
    quotes = {}
    for number in cited:
        their, values, dates = read_side(mask_orders(sources[number].text))
        quotes[number] = Side(reading=their, figures=values, days=dates, source=sources[number])
    bare = Comparison(said=said, parts=parts, quotes=quotes, links={})
    links = {
        word.at: _find_links(bare, word)
        for word in reading.words
        if word.term and not said.is_value(word)
    }
    return Comparison(said=said, parts=parts, quotes=quotes, links=_settle(bare, links))


def _find_links(comparison: Comparison, word: Word) -> list[Link]:
    found = []
    for number, quote in comparison.quotes.items():
        for other in quote.reading.words:
            if other.term and not quote.is_value(other):
                score = likeness(word.text, other.text, (word.is_name, other.is_name))
                if score:
                    found.append(Link(number, other.at, score))
    return found


def _settle(comparison: Comparison, links: Mapping[int, list[Link]]) -> dict[int, tuple[Link, ...]]:
    """Order each word's links: its part's quotes first, then the likest, then the nearest.

    Nearest is what stands by the words for which its neighbours surely stand.
    """
    said = comparison.said.reading
    sure = {
        at: found[0]
        for at, found in links.items()
        if len({link.at for link in found if link.score >= NEAR}) == 1
        and len([link for link in found if link.score >= NEAR]) == 1
    }
    settled: dict[int, tuple[Link, ...]] = {}
    for at, found in links.items():
        cited = comparison.part_of(said.words[at].start).numbers

        def rank(link: Link, at: int = at, cited: tuple[int, ...] = cited) -> tuple[bool, float]:
            total = 0.0
            words = comparison.quotes[link.number].reading.words
            for other, anchor in sure.items():
                if anchor.number == link.number and other != at:
                    near = abs(said.words[other].place - said.words[at].place)
                    far = abs(words[anchor.at].place - words[link.at].place)
                    total += 1 / (1 + near) / (1 + far)
            return link.number not in cited, -(link.score + 0.3 * min(total, 1.0))

        settled[at] = tuple(sorted(found, key=rank))
    return settled


def find_sure(c: Comparison, at: int) -> list[Link]:
    """The words that a word surely stands for: one that a quote has itself stands for no other."""
    links = c.links.get(at, ())
    least = max([NEAR, *(link.score - _LESS for link in links)])
    return [link for link in links if link.score >= least]
