"""When an article was published: from what it says itself, or not at all.

A line beside the article may say so. Otherwise the weekdays the text speaks of ("said
Wednesday") are resolved against a full date nearby; the day its opening speaks of is the day it
was written. A date that does not fit the rest of the text is an old picture's, and no evidence.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from index.pages.masthead import split_line
from index.split import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.types import Paragraph

# A full date further than this from the day that is reported does not resolve its weekday.
NEARBY_DAYS = 3
# Days and months named without a year lie at most so many days before the news; where they do
# not, the full date is an old picture's.
SAME_NEWS_DAYS, SAME_YEAR_DAYS = 100, 300
# The opening, in sentences: there a story says on which day it was written.
OPENING = 6
OLDEST_YEAR = 1900
# What a line says its date is, the best evidence first.
PUBLISHED, UNLABELLED, UPDATED = range(3)
# A line beside the article that states its date, in characters; so much of a dateline is read.
LONGEST_STATEMENT = 120

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = (
    r"(?P<month{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_FULL = re.compile(
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:"
    + _MONTH.format(1)
    + r" (?P<day1>\d{1,2})(?:st|nd|rd|th)?,? (?P<year1>\d{4})\b|\b(?P<day2>\d{1,2})(?:st|nd|rd|th)?"
    r"(?: of)? " + _MONTH.format(2) + r",? (?P<year2>\d{4})\b"
    r"|\b(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})(?![\d-]))",
    re.IGNORECASE,
)
_YEARLESS = re.compile(
    rf"\b{_MONTH.format(1)} (?P<day>\d{{1,2}})\b(?!,? \d{{4}})"
    rf"|\b[Ii]n {_MONTH.format(2)}(?![\w.]* \d)"
)
_WEEKDAY = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"(?!,? (?:night )?[A-Z][a-z]+ \d{1,2}(?!,? \d{4}))"
)
_PUBLISHED = re.compile(r"\W*(?:first )?(?:published|posted|date|issued)\b", re.IGNORECASE)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|modified|edited|revised)\b", re.IGNORECASE)
_BYLINE = re.compile(r"\W*by [A-Z]", re.IGNORECASE)
_DATELINE = re.compile(r"\A[A-Z][A-Z .’'/-]{1,40},[^()\n]{1,60}(?:\(|[—–-])")
_TIME = re.compile(
    r"\b(?:at|on|the|\d{1,2}[:.]\d{2}(?::\d{2})?|\d{1,2} ?(?=[ap]\.?m)|[ap]\.?m\.?|[A-Z]{2,4}"
    r"|local time)\b|T\d\d:\d\d\S*|[+-]\d\d:?\d\d\b",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"\bfile\b|\barchive|\b(?:since|until|before|after|ago|anniversary|born|died|years?|earlier"
    r"|previous|history|between)\b",
    re.IGNORECASE,
)
# A full date in the text is near the news if its sentence reports what somebody said.
_TOLD = re.compile(
    r"\b(?:said|says|told|spoke|speaking|announced|confirmed|reported|added|statement|briefing"
    r"|(?:news|press) conference|interview)\b"
)
_GAP = re.compile(r"\s{3,}")
_FILE = re.compile(r"\bfile\b|\barchiv", re.IGNORECASE)
# What says whether a weekday lies ahead or behind: the nearest of these in its sentence.
_AHEAD = (
    r"will|would|shall|may|could|should|scheduled|expected|due|set to|plan(?:s|ned|ning)?|going to"
    r"|starting|beginning|until|by|next|ahead of|intends?|hopes?|deadline|upcoming|vows?|pledged?"
)
_TENSE = re.compile(
    rf"\b(?:(?P<ahead>{_AHEAD})|(?P<behind>said|told|met|held|sent|came|went|took|made|gave|began|saw"
    r"|became|won|lost|struck|shot|led|found|was|were|had|did|fell|rose|left|spoke|hit|killed|wrote"
    r"|says|saying|brought|broke|grew|put|cut|set|[a-z]{2,}ed))\b"
)
_OTHER_WEEK = re.compile(
    r"\b(?:last|next|previous|following|every|each|past|until|starting|beginning|by|before|since|a)"
    r"\s*\Z",
    re.IGNORECASE,
)


def _make(match: re.Match[str]) -> date | None:
    for number in "123":
        year = match.group(f"year{number}")
        if year is None:
            continue
        month = match.group(f"month{number}")
        at = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        try:
            day = date(int(year), at, int(match.group(f"day{number}")))
        except ValueError:
            return None
        return day if day.year >= OLDEST_YEAR else None
    return None


def parse_date(text: str) -> date | None:
    """Read the one full date that ``text`` states; None if it states none, or several."""
    days = {_make(match) for match in _FULL.finditer(text)}
    return days.pop() if len(days) == 1 else None


def _is_only_date(line: str) -> bool:
    rest = _TIME.sub("", _FULL.sub("", line))
    return not any(map(str.isalnum, rest))


def _states_only_date(line: str) -> bool:
    """Tell whether ``line``, or a part of it behind a gap or a bar, is nothing but a date."""
    parts = split_line(line)
    return any(_FULL.search(part) and _is_only_date(part) for part in parts) and not (
        len(parts) > 1 and _FILE.search(line)
    )


def _stated(lines: Iterable[str], head: Iterable[str]) -> Iterator[tuple[int, date]]:
    """The dates that lines beside the article state, with what they say they are."""
    for line in lines:
        day = parse_date(line)
        if day and _PUBLISHED.match(line):
            yield PUBLISHED, day
        elif day and _UPDATED.match(line):
            yield UPDATED, day
    for line in head:
        day = parse_date(line)
        if day and (_states_only_date(line) or _BYLINE.match(line)):
            yield UNLABELLED, day


def _split_around(text: str, parts: Sequence[Paragraph], start: int) -> tuple[list[str], list[str]]:
    """The lines before the first paragraph of running text, and those after the last."""
    running = [part for part in parts if part.kind == "text"]
    first = running[0].start if running else len(text)
    last = parts[-1].end if parts else len(text)
    spans = [(part.start, part.end) for part in parts if part.start < first]
    edges = [start, *(edge for span in spans for edge in span), first]
    gaps = [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    return _short_lines("\n".join(gaps)), _short_lines(text[last:])


def _short_lines(text: str) -> list[str]:
    lines = (_GAP.sub("   ", line.strip(" \t#*_>")) for line in text.splitlines())
    return [line for line in lines if len(line) <= LONGEST_STATEMENT]


def _is_behind(sentence: str, start: int, end: int) -> bool:
    """Tell whether the weekday at ``start`` of ``sentence`` lies in the past."""
    if _OTHER_WEEK.search(sentence[:start]):
        return False
    before = list(_TENSE.finditer(sentence, 0, start))
    if before:
        return before[-1].group("ahead") is None
    after = _TENSE.search(sentence, end)
    return after is not None and after.group("ahead") is None


def _past_weekdays(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """The weekdays that the text says something happened on: (sentence, 0 for Monday)."""
    return [
        (number, _DAYS.index(match.group().lower()))
        for number, sentence in enumerate(sentences)
        for match in _WEEKDAY.finditer(sentence)
        if _is_behind(sentence, match.start(), match.end())
    ]


def _mentions(sentences: Iterable[str], *, in_caption: bool) -> Iterator[date]:
    """The full dates that may be near the news: a picture's, or of what somebody said."""
    for sentence in sentences:
        if (_FILE if in_caption else _OLD).search(sentence):
            continue
        if not in_caption and not _TOLD.search(sentence):
            continue
        for match in _FULL.finditer(sentence):
            day, weekday = _make(match), match.group("weekday")
            if day is None or (weekday is None and not in_caption):
                continue
            if weekday is None or weekday.lower().startswith(_DAYS[day.weekday()]):
                yield day


def _days_after(day: date, month: int, number: int) -> list[int]:
    """How many days after ``day`` that day of the month may lie, in the years around."""
    days = []
    for year in (day.year - 1, day.year, day.year + 1):
        try:
            days.append((date(year, month, number) - day).days)
        except ValueError:
            continue
    return days


def _fits(day: date, sentences: Iterable[str]) -> bool:
    """Tell whether the dates without a year agree with ``day``: they lie a few months back."""
    for sentence in sentences:
        if any(tense.group("ahead") for tense in _TENSE.finditer(sentence)):
            continue
        for match in _YEARLESS.finditer(sentence):
            month = _MONTHS.index((match.group("month1") or match.group("month2"))[:3].lower()) + 1
            back = SAME_NEWS_DAYS if match.group("day") else SAME_YEAR_DAYS
            after = _days_after(day, month, int(match.group("day") or 1))
            if not any(-back <= days <= NEARBY_DAYS for days in after):
                return False
    return True


def _resolve(text: str, parts: Sequence[Paragraph]) -> date | None:
    """Resolve the weekday that the opening speaks of against a full date nearby."""
    body = _sentences(text, parts, "text")
    captions = _sentences(text, parts, "caption")
    past = _past_weekdays(body)
    if not past or past[0][0] >= OPENING:
        return None
    lead, spoken = past[0][1], {weekday for _, weekday in past}
    if (lead + 1) % 7 in spoken:
        # The day after the opening's, or six days before it: the text was updated, or was not.
        return None
    mentions = [*_mentions(captions, in_caption=True), *_mentions(body, in_caption=False)]
    days = {
        mention + timedelta(days=(lead - mention.weekday()) % 7)
        for mention in mentions
        if mention.weekday() in spoken and (lead - mention.weekday()) % 7 <= NEARBY_DAYS
    }
    day = days.pop() if len(days) == 1 else None
    if day is None or max(_all_days([*body, *captions])) > day:
        return None
    return day if _fits(day, body) else None


def _all_days(sentences: Iterable[str]) -> list[date]:
    found = (_make(match) for sentence in sentences for match in _FULL.finditer(sentence))
    return [day for day in found if day is not None]


def _sentences(text: str, parts: Sequence[Paragraph], kind: str) -> list[str]:
    return [
        " ".join(text[start:end].split())
        for part in parts
        if part.kind == kind
        for start, end in split_sentences(text, part.start, part.end)
    ]


def find_published(
    text: str, paragraphs: Sequence[Paragraph], *, start: int = 0, today: date
) -> date | None:
    """Find the day on which the article in ``text`` was published; None when in doubt.

    ``paragraphs`` are the article's; ``start`` is where the text begins after any front matter;
    days after ``today`` are no evidence.
    """
    head, tail = _split_around(text, paragraphs, start)
    stated = [*_stated([*head, *tail], head), *_from_dateline(text, paragraphs)]
    if not stated:
        day = _resolve(text, paragraphs)
        return day if day and day <= today else None
    best = min(rank for rank, _ in stated)
    days = {day for rank, day in stated if rank == best}
    if len(days) != 1:
        return None
    day = days.pop()
    latest = max(_all_days(_sentences(text, paragraphs, "text")), default=day)
    return None if day > today or (best == UNLABELLED and latest > day) else day


def _from_dateline(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, date]]:
    """The full date in "TARSK, March 3, 2021 (ANP) —"."""
    opening = next((part.start for part in paragraphs if part.kind == "text"), len(text))
    dateline = _DATELINE.match(text[opening : opening + LONGEST_STATEMENT])
    day = parse_date(dateline.group()) if dateline else None
    if day is not None:
        yield PUBLISHED, day
