"""Lines → the people and the outlets that they credit: "By Jane Roe", "Reporting by …"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.pages.masthead import is_trade_name, split_line

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = r"(?:The |the )?[A-Z][\w&.’'-]*(?: (?:of |for |and |& )?[A-Z][\w&’'-]*){0,4}"
_PERSON = r"[A-Z][\w’'.-]*(?: (?:[A-Z][\w’'.-]*|de|van|von|der|al|bin|el|la|du)){1,3}"
_PEOPLE = rf"{_PERSON}(?:(?:, {_PERSON}){{0,4}},? (?:[Aa]nd|AND|&) {_PERSON})?"
# "By Jane Doe", "By Jane Doe, The Associated Press", "By JANE DOE and RICHARD ROE | Reuters"
_BY = re.compile(
    rf"\A(?:By|BY|by|Written by|Story by)[: ]\s?(?P<people>{_PEOPLE})"
    rf"(?:(?:,| \||  ?[—–-]| for| of)\s?(?P<outlet>{NAME}))?(?:\s*[|—–-]\s.*|\s*)\Z"
)
# "Jane Doe and Richard Roe, The Associated Press"
_CREDIT = re.compile(rf"\A(?P<people>{_PEOPLE})(?:,| \|| [—–-]) (?P<outlet>{NAME})\Z")
_BY_OUTLET = re.compile(rf"\A(?:By|BY) (?P<outlet>{NAME})\Z")
# A magazine's "Words: Jane Doe", with "Pictures: …" behind it.
_WORDS = re.compile(rf"\A(?:Words|Text|Story|Report)(?: by|:) (?P<people>{_PEOPLE})(?=[.;|)\n]|\Z)")
# An agency's last line: "(Reporting by Jane Doe in Paris and Richard Roe; editing by …)".
_REPORTING = re.compile(
    r"\A\W{0,3}[Rr]eporting by (?P<people>[^;()|\n]{3,160}?)\.?\s*(?:[;()|]|\Z)"
)
_ANOTHER = re.compile(r",? (?:and|&) |, ")
_REPORTER = re.compile(rf"(?P<person>{_PERSON})(?: (?:in|from) [A-Z][\w’'. -]{{1,40}})?\Z")
_NO_PEOPLE = re.compile(
    r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June"
    r"|July|August|September|October|November|December|Photo|Image|Getty|Continuing|Clicking|Using)\b"
)
_WHEN = re.compile(r" (?:[A-Z][a-z]+day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b.*\Z")


def bare_name(name: str) -> str:
    """``name`` without the weekday, the stop or the possessive behind it."""
    name = _WHEN.sub("", name).strip(" .,’'")
    return name.removesuffix("'s").removesuffix("’s")


def _reporters(line: str) -> str | None:
    """The people in "(Reporting by …", without where they were; None unless all are people."""
    found = _REPORTING.match(line)
    if found is None:
        return None
    named = [_REPORTER.match(one.strip()) for one in _ANOTHER.split(found.group("people"))]
    people = [one.group("person") for one in named if one is not None]
    if not people or len(people) < len(named):
        return None
    return " and ".join(filter(None, [", ".join(people[:-1]), people[-1]]))


def find_credits(lines: Iterable[str]) -> tuple[set[str], set[str]]:
    """The people and the outlets that bylines and credit lines name.

    Who reported, by a line at the end, counts only where no byline says who wrote.
    """
    people: set[str] = set()
    reporters: set[str] = set()
    outlets: set[str] = set()
    for line in lines:
        reporters.update(filter(None, [_reporters(line)]))
        parts = [part for part in split_line(line) if _NO_PEOPLE.search(part) is None]
        writers, credited = _credited(" | ".join(parts))
        people |= writers
        outlets |= credited
    return people or reporters, outlets


def _credited(line: str) -> tuple[set[str], set[str]]:
    """The people and the outlets of one line."""
    agency, named, credit = _BY_OUTLET.match(line), _BY.match(line), _CREDIT.match(line)
    if agency and is_trade_name(agency.group("outlet")):
        return set(), {bare_name(agency.group("outlet"))}
    if named:
        outlet = named.group("outlet")
        known = {bare_name(outlet)} if outlet and is_trade_name(outlet) else set()
        return {named.group("people")}, known
    if credit and is_trade_name(credit.group("outlet")):
        return {credit.group("people")}, {bare_name(credit.group("outlet"))}
    words = _WORDS.match(line)
    return ({words.group("people")} if words else set()), set()
