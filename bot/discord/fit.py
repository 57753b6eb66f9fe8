"""An answer → the texts of it that fit one message.

Nothing is cut to fit. An answer that is too long loses first the part of its links that scrolls
to the quotes, then whole quotes, the last first, then sides of what the articles differ about.
Prose takes only what room is left, so that it changes nothing of the rest.
What was left out is behind *More quotes* (:mod:`bot.discord.more`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot import render
from bot.discord.blocks import (
    Links,
    by_number,
    describe_lengths,
    difference_lines,
    label_quotes,
    other_places,
    place_line,
    quote_line,
    source_line,
)
from bot.discord.markdown import escape, short, strong, units
from bot.discord.prose import lay_out_prose
from bot.discord.view import MOST_TEXT
from index.verify import NOT_SAID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.types import Answer, Difference, Quote

MOST_OF_A_QUOTE = 2300
"""What one quote may take, so that what must stand beside it always has room."""

MOST_QUOTES = 8
"""More of them, with their buttons, would not read well on a phone."""

MOST_OF_SOURCES = 1200
LONGEST_QUESTION = 250
LONGEST_REMARK = 160

LEFT_OUT = "-# There is more than fits here: see More quotes."


class Detail(NamedTuple):
    """How much is said beside the quotes; ``sides`` is of all differences together."""

    links: Links
    sides: int
    sources: bool = True


# Given up one after the other: a link's way to its quote, the last quotes, sides of differences,
# links. Beside the barest detail one quote always fits.
DETAILS = (
    (Detail("scroll", 12), Detail("plain", 12)),
    (Detail("plain", 6),),
    (Detail("plain", 0),),
    (Detail("none", 0, sources=False),),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Texts that fit a message; ``places`` are those of the quotes shown, counted from 0.

    ``question`` is the heading, ``understood`` what it was taken for where that is something else,
    ``prose`` what a language model wrote, with whose words it is in a line of its own.
    ``has_all_sides`` tells that no side of a difference was left out, ``is_whole`` also that no
    quote was.
    """

    question: str
    understood: str
    head: tuple[str, ...]
    quotes: tuple[str, ...]
    differences: tuple[str, ...]
    foot: tuple[str, ...]
    places: tuple[int, ...]
    has_all_sides: bool
    is_whole: bool
    prose: str = ""

    @property
    def size(self) -> int:
        """UTF-16 units of all texts but the prose."""
        first = (f"{self.question}\n", self.understood)
        return sum(map(units, (*first, *self.head, *self.quotes, *self.differences, *self.foot)))


def quotes_of(answer: Answer) -> tuple[Quote, ...]:
    """The quotes of an answer, or where the articles are silent the nearest passages."""
    return answer.quotes if answer.grounded else answer.nearest


def fit_answer(answer: Answer) -> Draft:
    """Choose what is shown of ``answer``, beside a remark of ``LONGEST_REMARK`` units."""
    lines = [quote_line(quote) for quote in quotes_of(answer)[:MOST_QUOTES]]
    fitting = [place for place, line in enumerate(lines) if units(line) <= MOST_OF_A_QUOTE]
    too_long = [place for place in range(len(lines)) if place not in fitting]
    drafts = (
        _draft(answer, {place: lines[place] for place in fitting[:count]}, too_long, detail)
        for details in DETAILS
        for count in range(len(fitting), -1 if not fitting else 0, -1)
        for detail in details
    )
    most = MOST_TEXT - LONGEST_REMARK
    draft = next(draft for draft in drafts if draft.size <= most)
    return replace(draft, prose=_prose(answer, most - draft.size - 1))


def _draft(
    answer: Answer, shown: Mapping[int, str], too_long: Sequence[int], detail: Detail
) -> Draft:
    quotes = quotes_of(answer)
    labels = label_quotes(quotes)
    cited = by_number(answer.citations)
    differences, numbers, has_all_sides = _differences(answer, detail.sides)
    numbers |= {quotes[place].number for place in too_long}
    used = [quotes[place] for place in shown]
    is_whole = has_all_sides and len(shown) == len(quotes)
    foot = (
        _sources(answer, used, numbers, detail.links) if detail.sources else "",
        f"-# {_describe_long(quotes, labels, too_long)}" if too_long else "",
        "" if is_whole else LEFT_OUT,
    )
    return Draft(
        question=f"### {short(answer.question, LONGEST_QUESTION)}",
        understood=_understood(answer),
        head=tuple(filter(None, _head(answer))),
        quotes=tuple(
            f"{line}\n{place_line(quotes[place], cited, detail.links, labels[place])}"
            for place, line in shown.items()
        ),
        differences=differences,
        foot=tuple(filter(None, foot)),
        places=tuple(shown),
        has_all_sides=has_all_sides,
        is_whole=is_whole,
    )


def _prose(answer: Answer, room: int) -> str:
    if not (answer.grounded and answer.prose):
        return ""
    # Where articles differ, its first sentence may name one side and the second the other.
    is_divisible = not answer.differences
    return lay_out_prose(answer.prose, answer.quotes, room, is_divisible=is_divisible)


def _head(answer: Answer) -> Iterator[str]:
    if not answer.grounded:
        yield f"{strong(NOT_SAID)} {escape(render.describe_searched(answer.searched))}"
        if answer.nearest:
            yield strong(render.NEAREST)


def _understood(answer: Answer) -> str:
    if not answer.understood:
        return ""
    return f"-# Understood as: {short(answer.understood, LONGEST_REMARK)}"


def _describe_long(quotes: Sequence[Quote], labels: Sequence[str], places: Sequence[int]) -> str:
    return describe_lengths((labels[place], quotes[place]) for place in places)


def _differences(answer: Answer, most_sides: int) -> tuple[tuple[str, ...], set[int], bool]:
    """The differences in at most ``most_sides`` lines, whom they cite, and whether that is all.

    One side alone would be no difference.
    """
    texts = []
    numbers: set[int] = set()
    room = most_sides
    for difference in islice(answer.differences, most_sides // 2):
        values = difference.values[:room]
        if len(values) < min(2, len(difference.values)):
            break
        room -= len(values)
        numbers |= {value.number for value in values}
        lines = difference_lines(difference, answer.citations, values)
        texts.append("\n".join([*lines, *_more_sides(difference, len(values))]))
    sides = sum(len(difference.values) for difference in answer.differences)
    return tuple(texts), numbers, sides == most_sides - room


def _more_sides(difference: Difference, shown: int) -> Iterator[str]:
    if shown < len(difference.values):
        yield f"- and {len(difference.values) - shown:,} more"


def _sources(answer: Answer, shown: Sequence[Quote], numbers: set[int], links: Links) -> str:
    """The sources that stand under no quote."""
    own = {quote.number for quote in shown}
    others = sorted(numbers.union(*map(other_places, shown)) - own)
    cited = by_number(answer.citations)
    lines: list[str] = []
    room = MOST_OF_SOURCES
    for number in filter(cited.get, others):
        line = source_line(cited[number], (), links)
        room -= units(line)
        if room < 0:
            left = len(others) - len(lines)
            return "\n".join([*lines, f"-# and {left:,} more source{'s' * (left > 1)}"])
        lines.append(line)
    return "\n".join(lines)
