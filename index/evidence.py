"""What an article says about itself: outlet, byline and link, from evidence or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.dates import find_published
from index.signs import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from index.types import Paragraph

_NAME = r"(?:The |the )?[A-Z][\w&.’'-]*(?: (?:of |for |and |& )?[A-Z][\w&’'-]*){0,4}"
# A dateline such as "TARSK, Arvenia, Oct. 30 (ANP) —" names the agency.
_DATELINE = re.compile(
    r"\A[A-Z][A-Z .’'/-]{1,40}(?:,[^()\n]{1,60})?\s\((?P<outlet>[A-Z][\w .&-]{1,40})\)\s*[—–-]"
)
_PERSON = r"[A-Z][\w’'.-]*(?: (?:[A-Z][\w’'.-]*|de|van|von|der|al|bin|el|la|du)){1,3}"
_PEOPLE = rf"{_PERSON}(?:(?:, {_PERSON}){{0,4}},? (?:[Aa]nd|AND|&) {_PERSON})?"
# "By Jane Doe", "By Jane Doe, The Associated Press", "By JANE DOE and RICHARD ROE | Reuters"
_BY = re.compile(
    rf"\A(?:By|BY|by|Written by|Story by)[: ]\s?(?P<people>{_PEOPLE})"
    rf"(?:(?:,| \||  ?[—–-]| for| of)\s?(?P<outlet>{_NAME}))?(?:\s*[|—–-]\s.*|\s*)\Z"
)
# "Jane Doe and Richard Roe, The Associated Press"
_CREDIT = re.compile(rf"\A(?P<people>{_PEOPLE})(?:,| \|| [—–-]) (?P<outlet>{_NAME})\Z")
_BY_OUTLET = re.compile(rf"\A(?:By|BY) (?P<outlet>{_NAME})\Z")
# "Asked by VOA", "told The Associated Press": the outlet speaks of itself.
_ASKED = re.compile(
    rf"\b(?i:asked|pressed|interviewed|contacted|obtained|seen|reviewed) by (?P<outlet>{_NAME})"
    rf"|\b(?i:told|tells|speaking to|spoke to|in an interview with) (?P<told>{_NAME})"
)
# What makes a name the name of an outlet: the trade's own words.
_TRADE = re.compile(
    r"\b(?:Press|News|Newspaper|Times|Post|Journal|Tribune|Herald|Gazette|Agency|Agence|Radio|Observer"
    r"|Chronicle|Daily|Weekly|Media|Television|TV|Broadcasting|Telegraph|Courier|Dispatch|Inquirer"
    r"|Sentinel|Examiner|Register|Mail|Mirror|Standard|Independent|Globe|Star|Sun|Voice|Wire"
    r"|Bulletin|Reporter|Review|Magazine)\b"
)
_ACRONYM = re.compile(r"\A[A-Z]{2,5}\Z")
# Bodies that are told and asked things too, and are no outlets.
_NO_OUTLETS = frozenset(
    """
    UN EU NATO WHO IMF FBI CIA NSA NASA OPEC WTO ICC ICJ IAEA UNESCO UNICEF UNHCR ASEAN AU BRICS MP
    MPS PM US UK UAE USA DRC GOP DOJ DOD DHS EPA FDA CDC SEC FCC FAA FEMA ICE IRS NHS IDF PLO OSCE
    OECD ECB RSF NGO NGOS CEO CEOS UAW WFP ILO IOC FIFA UEFA NBA NFL
    """.split()
)
_DOES = r"(?:said|has|had|is|was|will|asked|announced|leaders|members|allies|officials|lawmakers)\b"
_NO_PEOPLE = re.compile(
    r"\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June"
    r"|July|August|September|October|November|December|Photo|Image|Getty|Continuing|Clicking|Using)\b"
)
_WHEN = re.compile(r" (?:[A-Z][a-z]+day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b.*\Z")
_LINK = re.compile(
    r"\A(?:url|link|source|canonical|original(?:ly published (?:at|on))?)\s*:?\s*(?P<url>https?://\S{4,500})\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What a text says about itself; None where it does not, or contradicts itself."""

    outlet: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None


def _around(text: str, paragraphs: Sequence[Paragraph], start: int) -> list[str]:
    """The lines of ``text`` that are not in ``paragraphs``: what surrounds the article."""
    edges = [start, *(edge for part in paragraphs for edge in (part.start, part.end)), len(text)]
    gaps = [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    lines = [line.strip(" \t#*_>") for gap in gaps for line in gap.splitlines()]
    return [line for line in lines if line and len(line) <= LONGEST_LINE]


def _is_trade_name(name: str) -> bool:
    return _TRADE.search(name) is not None or (
        _ACRONYM.match(name) is not None and name not in _NO_OUTLETS
    )


def _bare(name: str) -> str:
    name = _WHEN.sub("", name).strip(" .,’'")
    return name.removesuffix("'s").removesuffix("’s")


def _acts(name: str, body: str) -> bool:
    """Tell whether ``name`` does things in the text, as outlets that only ask do not."""
    subject = rf"(?<!by )(?<!told )\b{re.escape(name)} (?:on \w+day |also )?"
    return re.search(subject + _DOES, body) is not None


def _askers(body: str) -> set[str]:
    names = set()
    for match in _ASKED.finditer(body):
        name = _bare(match.group("outlet") or match.group("told"))
        if _is_trade_name(name) and not _acts(name, body):
            names.add(name)
    return names


def _credits(lines: Iterable[str]) -> tuple[set[str], set[str]]:
    """The people and the outlets that bylines and credit lines name."""
    people, outlets = set(), set()
    for line in lines:
        if _NO_PEOPLE.search(line):
            continue
        named, credit = _BY.match(line), _CREDIT.match(line)
        agency = _BY_OUTLET.match(line)
        if agency and _is_trade_name(agency.group("outlet")):
            outlets.add(_bare(agency.group("outlet")))
        elif named:
            people.add(named.group("people"))
            if named.group("outlet") and _is_trade_name(named.group("outlet")):
                outlets.add(_bare(named.group("outlet")))
        elif credit and _is_trade_name(credit.group("outlet")):
            people.add(credit.group("people"))
            outlets.add(_bare(credit.group("outlet")))
    return people, outlets


def _same_outlet(one: str, other: str) -> bool:
    """Tell whether both are one name: with or without "The", or one the initials of the other."""
    short, long = sorted((one, other), key=len)
    words = [word for word in long.split() if word[0].isupper() and word != "The"]
    initials = "".join(word[0] for word in words)
    return long.removeprefix("The ").casefold() == short.removeprefix(
        "The "
    ).casefold() or initials == short.removeprefix("The ")


def _agree(names: Iterable[str]) -> str | None:
    """The longest of ``names`` if all are the same outlet's."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    if ordered and all(_same_outlet(ordered[0], name) for name in ordered[1:]):
        return ordered[0]
    return None


def find_evidence(
    text: str, paragraphs: Sequence[Paragraph], *, start: int = 0, today: date
) -> Evidence:
    """Find what the article in ``text`` says about itself.

    Args:
        text: the whole text.
        paragraphs: what of it is the article; the rest is looked through for bylines and dates.
        start: where the text begins, after any front matter.
        today: dates after this day are no evidence.
    """
    body = [text[part.start : part.end] for part in paragraphs if part.kind == "text"]
    lines = _around(text, paragraphs, start)
    datelines = {m.group("outlet") for part in body[:3] if (m := _DATELINE.match(part))}
    people, credited = _credits(lines)
    links = {match.group("url") for line in lines if (match := _LINK.match(line))}
    return Evidence(
        outlet=_agree(datelines | credited | _askers("\n".join(body))),
        byline=people.pop() if len(people) == 1 else None,
        published=find_published(text, paragraphs, start=start, today=today),
        url=links.pop() if len(links) == 1 else None,
    )
