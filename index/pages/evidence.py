"""What an article says about itself: outlet, byline and link, from evidence or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.pages import notices
from index.pages.bylines import NAME, bare_name, find_credits
from index.pages.dates import find_published
from index.pages.masthead import (
    MOST_NAMES,
    acts,
    ends_in_trade,
    find_names,
    is_trade_name,
    may_publish,
    names_pattern,
    owner_of,
    promotes,
    short_forms,
)
from index.pages.signs import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from index.types import Paragraph

# A dateline such as "TARSK, Arvenia, Oct. 30 (ANP) —" names the agency.
_DATELINE = re.compile(
    r"\A[A-Z][A-Z .’'/-]{1,40}(?:,[^()\n]{1,60})?\s\((?P<outlet>[A-Z][\w .&-]{1,40})\)\s*[—–-]"
)
# "Asked by VOA", "told The Associated Press": the outlet speaks of itself.
_ASKED = re.compile(
    rf"\b(?i:asked|pressed|interviewed|contacted|obtained|seen|reviewed) by (?P<outlet>{NAME})"
    rf"|\b(?i:told|tells|speaking to|spoke to|in an interview with) (?P<told>{NAME})"
)
_STAFF = r"(?:['’]s?)? (?:own )?(?:reporter|correspondent|journalist|photographer|newsroom)s?\b"
# An author is spoken of so, an outlet is not.
_THEIRS = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
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


def _around(text: str, paragraphs: Sequence[Paragraph], start: int) -> list[list[str]]:
    """The lines of ``text`` before, between and after ``paragraphs``, gap by gap."""
    edges = [start, *(edge for part in paragraphs for edge in (part.start, part.end)), len(text)]
    gaps = [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    lines = [[line.strip(" \t#*_>") for line in gap.splitlines()] for gap in gaps]
    return [[line for line in gap if line and len(line) <= LONGEST_LINE] for gap in lines]


def _askers(body: str, mastheads: Sequence[str] = ()) -> set[str]:
    """Outlets whom somebody in the text told something, or who asked, and who do nothing else."""
    found = {match.group("outlet") or match.group("told") for match in _ASKED.finditer(body)}
    known = {
        name
        for name in map(bare_name, found)
        if is_trade_name(name) or any(_is_called(masthead, name) for masthead in mastheads)
    }
    return {name for name in known if not acts(name, body)} if len(known) <= MOST_NAMES else set()


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


def _is_called(masthead: str, name: str) -> bool:
    """Tell whether ``name`` is how a text calls the outlet of ``masthead``."""
    folded = name.casefold()
    whole, *shorter = short_forms(masthead)
    if folded.removeprefix("the ") == whole.casefold():
        return True
    return ends_in_trade(masthead) and folded in {form.casefold() for form in shorter}


def _confirm(masthead: str, askers: Iterable[str], owners: Iterable[str], body: str) -> str | None:
    """The outlet's name, if the text or who owns the rights says that ``masthead`` is one."""
    for name in askers:
        if _is_called(masthead, name):
            return name if len(name.split()) > 1 and name[:4] != "the " else masthead
    pattern = names_pattern([masthead])
    if pattern is None or not may_publish(masthead, body):
        return None
    owned = any(map(pattern.fullmatch, owners))
    staff = re.search(rf"{pattern.pattern}{_STAFF}", body, re.IGNORECASE)
    return masthead if owned or staff else None


def _speaks(masthead: str, body: str, lines: Iterable[str]) -> bool:
    """Tell whether a line of the page addresses its readers and names ``masthead`` as itself."""
    pattern = names_pattern([masthead])
    if pattern is None or not may_publish(masthead, body):
        return False
    return any(_is_own_word(line, pattern) for line in lines)


def _is_own_word(line: str, pattern: re.Pattern[str]) -> bool:
    named = pattern.search(line)
    if named is None or any(word[0].islower() and word != "the" for word in named.group().split()):
        return False
    of_author = notices.presented_author(line) or _THEIRS.search(line)
    return not of_author and (notices.is_notice(line) or promotes(line, pattern))


def _find_outlet(body: str, head: Sequence[str], lines: Sequence[str]) -> str | None:
    """The outlet that asks the questions in the text, or that its masthead names, confirmed."""
    mastheads = find_names(head)
    askers = _askers(body, mastheads)
    owners = {owner for owner in map(owner_of, lines) if owner}
    confirmed = (_confirm(masthead, askers, owners, body) for masthead in mastheads)
    known = set(filter(None, confirmed))
    if not known:
        # Only the first name on a page, or one of the trade's, speaks to the readers as "we".
        own = [name for name in mastheads if ends_in_trade(name) or name == mastheads[0]]
        own = [name for name in own if len(name.split()) > 1 and _speaks(name, body, lines)]
        known.update(own)
    for name in filter(is_trade_name, askers):
        if not any(_is_called(masthead, name) for masthead in mastheads):
            # It asked, but the page goes by another name.
            known |= {name, *filter(ends_in_trade, mastheads)}
    return _agree(known)


def find_evidence(
    text: str,
    paragraphs: Sequence[Paragraph],
    *,
    start: int = 0,
    title: str | None = None,
    today: date,
) -> Evidence:
    """Find what the article in ``text`` says about itself.

    Args:
        text: the whole text.
        paragraphs: what of it is the article; the rest is looked through for bylines and dates.
        start: where the text begins, after any front matter.
        title: the article's headline, which is no outlet's name.
        today: dates after this day are no evidence.
    """
    body = [text[part.start : part.end] for part in paragraphs if part.kind == "text"]
    gaps = _around(text, paragraphs, start)
    lines = [line for gap in gaps for line in gap]
    head = [line for line in gaps[0] if line != title]
    datelines = {m.group("outlet") for part in body[:3] if (m := _DATELINE.match(part))}
    people, credited = find_credits(lines)
    links = {match.group("url") for line in lines if (match := _LINK.match(line))}
    stated = datelines | credited
    asked = _askers("\n".join(body))
    return Evidence(
        outlet=_agree(stated | asked) if stated else _find_outlet("\n".join(body), head, lines),
        byline=people.pop() if len(people) == 1 else None,
        published=find_published(text, paragraphs, start=start, today=today),
        url=links.pop() if len(links) == 1 else None,
    )
