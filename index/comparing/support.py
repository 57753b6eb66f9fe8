"""How much of a question a sentence speaks of, by itself and with what surrounds it.

A sentence of a news story leaves out what the story is about: the title, the first paragraph and
the sentence before say it. What they say counts for less than what the sentence says itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.language.asked import find_asked_speaker, read_asked
from index.language.events import find_asked_event, is_event
from index.language.likeness import covers, has_like, term_set
from index.language.values import find_values
from index.language.words import terms

if TYPE_CHECKING:
    from index.language.asked import Asked
    from index.types import Article

# How much of a question must be spoken of, in the sentence itself and in all.
_OWN_COVERAGE = 0.3
_COVERAGE = 0.5
_DESCRIBED = 0.7
_NAMED = 0.6
# With the event or the thing that is asked about in the sentence, the rest may stand around it.
_SURE_COVERAGE = 0.35
_SURE = 0.75
# Characters of an article's first paragraph that say what it is about.
_LEAD = 400

_EMPTY = frozenset("sinc begin began start now current so far total number go went happen".split())
_CUE = re.compile(
    r"\b(?:far|long|old|tall|high|deep|wide|percent(?:age)?|number|amount|much|many|cost|price"
    r"|total)\b",
    re.IGNORECASE,
)
_FOCUS = re.compile(
    r"\b(?:how much|what) (?:do|does|did|will|would|is|are|was|were|has|have)"
    r" (?:an?|the|its|their)? ?"
    r"(?P<subject>(?:[\w'’-]+ ){0,4}?[\w'’-]+)"
    r"(?= (?:on|of|for|in|from|to|at|with|by|cost|be|have)\b|\?|$)",
    re.IGNORECASE,
)
_NAMED_MEASURE = re.compile(
    r"\b(?:turnout|toll|fare|fee|salary|budget|population|magnitude)\b", re.IGNORECASE
)
_PREDICATE = re.compile(
    r"\s?(?:(?:has|have|had|is|are|was|were|been|being|be|still|now|also|already|currently"
    r"|since|so far)\s)*(?P<verb>[^\W\d_]+(?:ed|en|ing|t|d|de|ve|k|w|g|n|m|l|p|y|rt)?)\b"
)
# "Were sent to the island" asks for as much as "are on the island".
_THERE = re.compile(
    r"\bthere (?:is|are|were|could be)\b"
    r"|\b(?:is|are|were|now|currently|already|deployed) (?:in|on|at)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\s?(?:(?:do|does|did)\s|(?:has|have|had|will|would)\s(?=(?:the|an?|its|their)\s|[A-Z]))"
    r"(?P<subject>[^?,]{2,60})"
)
_PRESENT = frozenset("send sent deploi dispatch station locat base arriv live there".split())
COUNT_NOUN = re.compile(
    r"\b(?:the|a|its|their|death|official)\s(?:(?!they|we)\w+\s){0,2}"
    r"(?:number|toll|total|count|figure|tally|estimate|price|cost|vote|age|distance)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"(?:It|They|He|She|Its|Their|His|Her|There)\b")
# "A crash on the same road killed 12 people last year" is another crash.
_ANOTHER_TIME = re.compile(
    r"\blast (?:year|month|decade|century)\b|\b(?:years|months|decades) (?:ago|earlier|before)\b"
    r"|\b(?:a|an|the) (?:similar|earlier|previous)\b|\b(?:recent|previous|past) (?:years|months)\b",
    re.IGNORECASE,
)
# A year from which on something has been so does not part a sentence from today.
_SINCE = re.compile(r"\b[Ss]ince [^.;]{0,100}")
_YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a question asks about, as sets of terms.

    ``about`` is all but what is counted, ``topic`` that less what tells of an event, ``events`` the
    events, ``names`` and ``numbers`` are parts of ``about``; ``focus`` is the thing that is
    measured ("ticket") or the measure itself ("turnout"), ``predicate`` what is done by or to those
    who are counted ("captured"), or ""; ``is_present`` that it asks for no more than who is there.
    """

    asked: Asked
    about: frozenset[str]
    topic: frozenset[str]
    events: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    focus: str
    predicate: str
    is_present: bool
    subject: str


@lru_cache(maxsize=1_024)
def read_wanted(question: str) -> Wanted:
    """Read what ``question`` asks about."""
    asked = read_asked(question)
    if speaker := find_asked_speaker(question):
        question = question.replace(speaker, "")
    whole = set(terms(question))
    about = whole - set(asked.nouns) - _EMPTY - set(terms(" ".join(_CUE.findall(question))))
    events = find_asked_event(question, asked.end, asked.nouns)
    predicate = _read_predicate(question, asked)
    names = (value for value in find_values(question) if value.kind == "name")
    return Wanted(
        asked=asked,
        about=frozenset(about),
        topic=frozenset(term for term in about if not is_event(term, events)),
        events=events,
        names=frozenset(
            term for value in names for term in terms(question[value.start : value.end])
        ),
        numbers=frozenset(term for term in whole if term[0].isdigit()),
        focus=_read_focus(question, asked),
        predicate="" if predicate in _PRESENT else predicate,
        is_present=predicate in _PRESENT,
        subject=_read_subject(question, asked),
    )


def _read_focus(question: str, asked: Asked) -> str:
    """What has a price, or the measure by its name; what is far or long may be said in any way."""
    named = _NAMED_MEASURE.search(question)
    match = _FOCUS.search(question) if asked.is_money and not named else None
    found = terms(named.group() if named else match["subject"] if match else "")
    return found[-1] if found else ""


def _read_predicate(question: str, asked: Asked) -> str:
    """The verb that follows what is counted."""
    match = _PREDICATE.match(question, asked.end) if asked.head else None
    found = terms(match["verb"]) if match else []
    return found[0] if found else ""


def _read_subject(question: str, asked: Asked) -> str:
    """The first word of who has or does what is counted, "party" of "how many … does the party"."""
    match = _SUBJECT.match(question, asked.end) if asked.head else None
    found = terms(match["subject"]) if match else []
    return found[0] if found else ""


def read_surroundings(article: Article, context: str) -> str:
    """The title, the first paragraph and the sentence before: what a sentence leaves out."""
    paragraph = next((one for one in article.paragraphs if one.kind == "text"), None)
    lead = article.text[paragraph.start : paragraph.end][:_LEAD] if paragraph else ""
    return f"{article.title} {context} {lead}"


def measure_support(wanted: Wanted, text: str, article: Article, context: str) -> float:
    """How much of the question is spoken of, 0 to 1; 0 where it must be about something else."""
    if not _may_speak_of(wanted, text, article, context):
        return 0.0
    if wanted.events:
        found = covers(wanted.topic, text, read_surroundings(article, context))
        return max(found, _SURE) if found >= _SURE_COVERAGE else 0.0
    found = covers(wanted.about, text, f"{article.title} {context}")
    if wanted.is_present and found >= _COVERAGE and _THERE.search(text):
        return max(found, _SURE)
    if wanted.focus:
        is_sure = found >= _SURE_COVERAGE and has_like(term_set(text), wanted.focus)
        return max(found, _SURE) if is_sure else 0.0
    return found if found >= _COVERAGE and _speaks_itself(wanted, text) else 0.0


def _may_speak_of(wanted: Wanted, text: str, article: Article, context: str) -> bool:
    """Whether nothing that the question insists on is missing: names, figures, what was done."""
    nearby = f"{article.title} {context}"
    described = frozenset(wanted.asked.nouns) - {wanted.asked.head}
    if wanted.predicate and not wanted.events:
        said = term_set(text) | term_set(context)
        if not has_like(said, wanted.predicate):
            return False
    return (
        covers(described, text, nearby) >= _DESCRIBED
        and covers(wanted.names, text, read_surroundings(article, context)) >= _NAMED
        and _has_numbers(wanted, text, article)
        and _has_subject(wanted, text, context)
        and not _tells_of_another_year(wanted, text, article)
        and not (wanted.events and _ANOTHER_TIME.search(text))
    )


def _speaks_itself(wanted: Wanted, text: str) -> bool:
    about = wanted.about
    own = covers(about | frozenset(wanted.asked.nouns), text) >= _OWN_COVERAGE
    return (own and (not about or covers(about, text) > 0)) or bool(COUNT_NOUN.search(text))


def _has_numbers(wanted: Wanted, text: str, article: Article) -> bool:
    """Whether the figures of the question stand in the sentence; a year may be the article's."""
    year = str(article.published.year) if article.published else ""
    own = term_set(text)
    return all(
        number in own or number == year or (_YEAR.fullmatch(number) and number in article.title)
        for number in wanted.numbers
    )


def _tells_of_another_year(wanted: Wanted, text: str, article: Article) -> bool:
    """Whether the sentence looks back to a year nobody asked for, and at something else."""
    years = set(_YEAR.findall(_SINCE.sub("", text))) - wanted.numbers
    if article.published:
        years -= {str(article.published.year), str(article.published.year - 1)}
        if wanted.events and years:
            return True
    return bool(years) and covers(wanted.topic, text) < _COVERAGE


def _has_subject(wanted: Wanted, text: str, context: str) -> bool:
    """Whether the sentence speaks of the one that the question asks about, if only as "it"."""
    if not wanted.subject or has_like(term_set(text), wanted.subject):
        return True
    return bool(_IT.match(text)) and has_like(term_set(context), wanted.subject)
