"""Dates and times as newspapers write them: "Oct. 30, 2024", "last Friday", "February 2022".

They are found, not resolved: what an article says is what is quoted.
"""

from __future__ import annotations

import re

_S = r"[\s\xa0]{1,2}"
_MONTH = (
    r"(?:Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|Mar(?:ch|\b\.)|Apr(?:il|\b\.?)|May|June?|July?"
    r"|Aug(?:ust|\b\.?)|Sept?(?:ember|\b\.?)|Oct(?:ober|\b\.?)|Nov(?:ember|\b\.?)"
    r"|Dec(?:ember|\b\.?))(?![^\W\d_])"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
_YEAR = r"(?:1\d{3}|20\d{2})\b(?![,.]\d)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_PART = r"(?:morning|afternoon|evening|night)"
_PERIOD = rf"(?:week|month|year|decade|century|weekend|quarter|season|night|{_SEASON}|{_PART})"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|a few|few)"
_EDGE = r"(?:(?:early|late|mid|the end of|the start of|the beginning of)[\s-])?"

_DATE = re.compile(
    rf"""
    \b(?:
        (?:{_WEEKDAY},?{_S})?{_MONTH}{_S}{_DAY}(?:(?:{_S}(?:and|to){_S}|\s?[-–—]\s?){_DAY})?
            (?:(?:,{_S}|{_S}){_YEAR})?
        |(?:{_WEEKDAY},?{_S})?{_DAY}{_S}(?:of{_S})?{_MONTH}(?:,?{_S}{_YEAR})?
        |{_EDGE}{_MONTH}(?:,?{_S}|{_S}of{_S}){_YEAR}
        |{_EDGE}(?P<month>{_MONTH})
        |(?:20\d\d|1\d{{3}})-[01]\d-[0-3]\d\b
        |[0-3]?\d/[0-3]?\d/(?:20)?\d\d\b
        |(?:(?:last|next|this|early|late){_S})?{_WEEKDAY}(?:{_S}{_PART})?
        |(?:(?:early|late|earlier|later|mid)[\s-])?(?:last|next|this|previous){_S}
            (?:past{_S})?(?:early{_S}|late{_S})?{_PERIOD}(?:{_S}of{_S}{_YEAR})?
        |{_COUNT}{_S}(?:second|minute|hour|day|week|month|year|decade|centurie)s?{_S}
            (?:ago|earlier|later|before)
        |(?:yesterday|today|tomorrow|tonight|midnight|noon)
        |(?:(?:early|late|mid)[\s-])?{_SEASON}(?:{_S}(?:of{_S})?{_YEAR})
        |(?:early|late|mid)[\s-]{_SEASON}
        |(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?[\s\xa0]?[ap]\.?m\b\.?
        |(?:[01]?\d|2[0-3]):[0-5]\d(?:[\s\xa0]?[ap]\.?m\b\.?)?
        |\d{{1,2}}(?:st|nd|rd|th)(?:{_S}(?:and|to|or){_S}(?:early{_S}|late{_S})?
            \d{{1,2}}(?:st|nd|rd|th))?{_S}(?:centur(?:y|ies)|millennium)
            (?:{_S}(?:BC|AD)E?)?
        |(?:AD|A\.D\.){_S}\d{{1,4}}
        |\d{{1,4}}{_S}(?:BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.|C\.E\.)(?!\w)
        |{_EDGE}(?:1\d|20)\d0s\b
    )
    """,
    re.VERBOSE,
)
_BARE_YEAR = re.compile(
    rf"\b(?:(?:between|from){_S})?(?<![\w.,$€£#:/-]){_YEAR}"
    rf"(?:(?:\s?[-–—]\s?|{_S}(?:to|and|until|through){_S})(?:{_YEAR}|\d\d\b))?(?![\w%/])"
)
_START = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_TELLING = frozenset(
    "january jan february feb march mar april apr may june jun july jul august aug september sep"
    " sept october oct november nov december dec monday tuesday wednesday thursday friday saturday"
    " sunday last next this previous early late earlier later mid yesterday today tomorrow tonight"
    " midnight noon spring summer autumn fall winter ago before".split()
)
_OPENING = _TELLING | frozenset(
    "the ad a an one two three four five six seven eight nine ten several few between from".split()
)
# "May" and "March" are months only where something says so.
_AMBIGUOUS = frozenset({"May", "March"})
_TIME_WORDS = frozenset(
    "in since by until till from during early late mid last next this of before after between"
    " around through circa for to year".split()
)
_FIRST_PLAIN_YEAR = 1900
_REACH = 24  # characters before a date in which what tells of it stands
_AFTER_MONTH = re.compile(rf"\b{_MONTH}{_S}(?:and|or|to){_S}$")
_PREVIOUS = re.compile(r"([^\W\d_]+|[(\[,–—-])[\s\xa0-]{0,2}$")


def find_dates(text: str) -> list[tuple[int, int]]:
    """The spans of dates, years and times of day in ``text``, in order, none overlapping."""
    if not _DIGIT.search(text) and _TELLING.isdisjoint(_LETTERS.findall(text.lower())):
        return []
    spans: list[tuple[int, int]] = []
    end = 0
    for word in _START.finditer(text):
        start = word.start()
        if start < end or not (word[0][0].isdigit() or word[0].lower() in _OPENING):
            continue
        match = _DATE.match(text, start)
        if match is None or not _is_date(text, match):
            match = _BARE_YEAR.match(text, start)
            if match is None or not _is_year(text, match):
                continue
        spans.append(match.span())
        end = match.end()
    return spans


def previous_word(text: str, start: int) -> str:
    """The word, dash or bracket that stands just before ``start``, in lower case, or ''."""
    match = _PREVIOUS.search(text, max(0, start - _REACH), start)
    return match[1].lower() if match else ""


def _is_date(text: str, match: re.Match[str]) -> bool:
    if match["month"] not in _AMBIGUOUS:
        return True
    if _AFTER_MONTH.search(text, max(0, match.start() - _REACH), match.start()):
        return True
    return previous_word(text, match.start("month")) in _TIME_WORDS


def _is_year(text: str, match: re.Match[str]) -> bool:
    """A bare number of four digits is a year unless it counts something."""
    before = previous_word(text, match.start())
    if _COUNTED.match(text, match.end()):
        return before in {"in", "since", "the", "during", "by", "until", "from"}
    return int(re.sub(r"\D+", " ", match.group()).split()[0]) >= _FIRST_PLAIN_YEAR or (
        before in _TIME_WORDS
        or before in {"(", "[", "-", "–", "—"}
        or len(match.group()) > len("1500")
    )


_COUNTED = re.compile(
    r"[\s\xa0](?:[^\W\d_]+[\s\xa0]){0,1}(?!was|is|has|as\b|does|its|this|years\b)[a-z]{2,}(?<!s)s\b"
    r"|[\s\xa0](?:people|men|women|children|percent|feet|troops|million|km|kg)\b"
)
