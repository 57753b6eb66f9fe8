"""Figures, dates and names in a sentence, and what the figures count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.language.kinds import Kind, expected_kind
from index.language.names import find_names
from index.language.numerals import Numeral, find_numerals
from index.language.times import find_dates, previous_word
from index.language.words import STOP_WORDS, terms

__all__ = ["Kind", "Value", "expected_kind", "find_values"]

# Sentences whose values are remembered, so that the same ones are not read for every question.
_REMEMBERED = 8_192

ValueKind = Literal["quantity", "date", "name"]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, date or name where it stands: ``text[start:end]``.

    ``lead`` is where its qualifier starts ("as many as"), ``tail`` where what it counts ends.
    ``amount`` is None for dates, names and vague figures ("dozens"); ``upper`` is the upper end of
    a range. ``unit`` holds the terms of what is counted ("french voter"), ``head`` the last
    of them. ``part`` tells that the figure counts a part of what was named before ("3,000 of
    them", "2,000 more").
    """

    kind: ValueKind
    start: int
    end: int
    amount: float | None = None
    upper: float | None = None
    unit: str = ""
    head: str = ""
    qualifier: str = ""
    lead: int = 0
    tail: int = 0
    part: bool = False


@lru_cache(maxsize=_REMEMBERED)
def find_values(text: str) -> tuple[Value, ...]:
    """Every figure, date and name of ``text``, in order of where they start."""
    dates = find_dates(text)
    numerals = [n for n in find_numerals(text) if not _overlaps(n.start, n.end, dates)]
    quantities = _quantities(text, numerals)
    taken = [*dates, *((value.start, value.end) for value in quantities)]
    values = [Value("date", start, end, lead=start, tail=end) for start, end in dates]
    values += quantities
    names = find_names(text, sorted(taken))
    values += [Value("name", start, end, lead=start, tail=end) for start, end in names]
    return tuple(sorted(values, key=lambda value: value.start))


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


_QUALIFIER = re.compile(
    r"\b(?:as (?:many|much|few|little|high|low) as|(?:no |not |slightly |significantly |far )?"
    r"(?:more|less|fewer|greater|higher|lower) than|at (?:least|most)|up to|close to|well over"
    r"|well under|just (?:over|under|below|above)|upwards? of|(?:an )?estimated|(?:an )?additional"
    r"|about|around|roughly|approximately|approx\.|nearly|almost|over|under|above|below|some|only"
    r"|just|exactly|another|circa|virtually|probably|perhaps|maybe)"
    r"(?: (?:an estimated|about|around|some|at least|the))?[\s\xa0]$",
    re.IGNORECASE,
)
_REACH = 40  # characters before a figure in which its qualifier stands
_MORE = frozenset({"another", "additional", "an additional"})
_LESSENING = frozenset({"more", "other", "additional", "further", "extra"})
_NEXT = re.compile(
    r"(?P<gap>[\s\xa0-]|[\s\xa0][“\"‘'(])(?P<word>(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’-][^\W\d_]+)*)"
)
_PARTITIVE = re.compile(
    r"[\s\xa0](?:of|from among|among)[\s\xa0](?:all )?"
    r"(?:them|those|these|its|their|the|his|her|our|us|which|whom)\b"
)
_IRREGULAR = frozenset(
    "people men women children police personnel staff aircraft troops feet teeth mice fish sheep"
    " cattle crew data media dead wounded injured percent spacecraft offspring".split()
)
_UNIT_WORDS = 6
_DESIGNATORS = frozenset(
    "article chapter section no number nos room flight resolution route highway phase level grade"
    " version unit figure page volume episode season type class category stage step line gate"
    " platform channel model mark amendment rule clause paragraph appendix annex protocol title"
    " group pier lane exit note apollo formula area district ward division union covid".split()
)
_BARE_DESIGNATION = 9999


def _quantities(text: str, numerals: list[Numeral]) -> list[Value]:
    values: list[Value] = []
    number = 0
    while number < len(numerals):
        numeral = numerals[number]
        following = numerals[number + 1] if number + 1 < len(numerals) else None
        ranged = following is not None and _is_range(text, numeral, following)
        last = following if ranged and following is not None else numeral
        value = _quantity(text, numeral, last)
        if value is not None:
            values.append(value)
        number += 2 if ranged else 1
    return values


def _is_range(text: str, first: Numeral, last: Numeral) -> bool:
    gap = text[first.end : last.start].replace("\xa0", " ")
    before = previous_word(text, first.start)
    if gap == " and ":
        return before == "between"
    return gap in {"-", "–", "—", " - ", " – "} or (gap in {" to ", " or "} and before != "from")


def _quantity(text: str, first: Numeral, last: Numeral) -> Value | None:
    amount, upper = first.amount, last.amount if last is not first else None
    if amount is not None and upper is not None:
        if first.scaled == 1.0 and amount * last.scaled <= upper:
            amount *= last.scaled
        upper = upper if upper > amount else None
    lead, qualifier = _qualifier(text, first.start)
    unit, tail, part = _unit(text, last)
    if not qualifier and not unit and _is_designation(text, first):
        return None
    if _is_designation(text, first, strict=True) or _is_idle_one(text, first, unit, part=part):
        return None
    return Value(
        "quantity",
        first.start,
        last.end,
        amount=amount,
        upper=upper,
        unit=" ".join(unit),
        head=unit[-1] if unit else "",
        qualifier=qualifier,
        lead=lead,
        tail=tail,
        part=part or qualifier in _MORE,
    )


def _qualifier(text: str, start: int) -> tuple[int, str]:
    floor = max(0, start - _REACH)
    match = _QUALIFIER.search(text[floor:start])
    if match is None:
        return start, ""
    return floor + match.start(), match.group().strip().lower()


def _is_designation(text: str, numeral: Numeral, *, strict: bool = False) -> bool:
    """Whether the number names something, as in "Article 5" or "Boeing 737"."""
    if numeral.unit or numeral.amount is None or numeral.amount > _BARE_DESIGNATION:
        return False
    if previous_word(text, numeral.start) == "number":
        return True
    if not text[numeral.start].isdigit() or "," in text[numeral.start : numeral.end]:
        return False
    match = _BEFORE.search(text, max(0, numeral.start - 24), numeral.start)
    if match is None:
        return text[numeral.start - 1 : numeral.start] == "#"
    word = match[1].lower()
    if word in _DESIGNATORS or (word == "world" and not strict):
        return not strict or match[1][0].isupper() or word in {"no", "number"}
    at_start = match.start() == 0 or text[match.start() - 2 : match.start()] in {". ", "? ", "! "}
    return not strict and match[1][0].isupper() and not at_start and word not in STOP_WORDS


_BEFORE = re.compile(r"([^\W\d_]+)(?:\.?[\s\xa0]|-)$")


_BEFORE_IDLE_ONE = frozenset({"no", "any", "every", "the", "this", "that"})


def _is_idle_one(text: str, numeral: Numeral, unit: list[str], *, part: bool) -> bool:
    """Whether "one" is a pronoun, as in "no one" or "one of the most"."""
    if text[numeral.start : numeral.end].lower() != "one":
        return False
    return part or not unit or previous_word(text, numeral.start) in _BEFORE_IDLE_ONE


def _unit(text: str, numeral: Numeral) -> tuple[list[str], int, bool]:
    """The terms of what is counted, where they end, and whether it is a part of a whole."""
    if numeral.unit == "percent" or (numeral.unit and text[numeral.start].isdigit()):
        return [numeral.unit], numeral.end, False
    if partitive := _PARTITIVE.match(text, numeral.end):
        counted, tail = read_counted(text, partitive.end())
        return counted, tail, True
    if numeral.unit:
        return [numeral.unit], numeral.end, False
    position = numeral.end
    if of := _OF.match(text, position):
        position = of.end()
    match = _NEXT.match(text, position)
    more = match is not None and match["word"].lower() in _LESSENING
    counted, tail = read_counted(text, match.end() if more and match else position)
    return counted, tail if counted else numeral.end, more


_OF = re.compile(r"[\s\xa0]of(?=[\s\xa0])")


def read_counted(text: str, position: int) -> tuple[list[str], int]:
    """The terms of the noun phrase that starts at ``position``, and where it ends.

    It reaches to its first plural noun; without one it is one word.
    """
    words: list[tuple[str, int]] = []
    plural = False
    while len(words) < _UNIT_WORDS and (match := _NEXT.match(text, position)):
        word, joined = match["word"], match["gap"] == "-"
        if plural and not _is_plural(word):
            break
        if word.lower() in STOP_WORDS and not word.isupper():
            break
        position = match.end()
        words.append((word, position))
        plural = _is_plural(word)
        if joined:
            break
    if not plural and words:
        words = words[: 1 + next((n for n, (word, _) in enumerate(words) if word[0].islower()), 0)]
    return [term for word, _ in words for term in terms(word)], words[-1][1] if words else position


def _is_plural(word: str) -> bool:
    if word[0].isupper():
        return False
    return (
        word in _IRREGULAR
        or word.endswith("men")
        or (word[-1] == "s" and not word.endswith(("ss", "us", "is", "'s", "’s", "ous")))
    )
