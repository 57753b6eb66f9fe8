"""Who says yes and who says no to a question that asks whether something is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.comparing.claims import Claim
from index.language.likeness import covers, has_like, is_same, term_set
from index.language.speakers import find_speaker
from index.language.values import find_values
from index.language.words import split_words, terms

if TYPE_CHECKING:
    from index.comparing.claims import Candidate
    from index.language.words import Word

# What somebody calls a thing that they deny.
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|dismiss(?:es|ed|ing)?|reject(?:s|ed|ing)?|refut(?:es|ed|ing)"
    r"|no evidence|(?:[\w-]+\s)?(?:lies|rumou?rs|fabrications?)|groundless|baseless|unfounded"
    r"|false(?:hoods?)?|fake(?:\snews)?|untrue|not true|hoax|fabricated|nonsense|disinformation"
    r"|(?:has|have|had|is|are|was|were|did|does|do|will|would)(?:\snot|n['’]t)\s(?:yet\s)?\w+"
    r"|never\s\w+)\b",
    re.IGNORECASE,
)
# "did not deny", "cannot dismiss": no denial, and no plain yes either.
_UNDENIED = re.compile(
    r"\b(?:not|never|n['’]t|neither|nor|without|cannot|refused to|declined to)\s(?:\w+\s)?"
    r"(?:den(?:y|ies|ied|ying)|dismiss|reject|refut)\w*",
    re.IGNORECASE,
)
# What is asked, wished, feared, foretold or possible is not affirmed.
_OPEN = re.compile(
    r"\b(?:could|(?-i:may)|might|would|should|will|if|whether|possib\w+|consider\w*|plan(?:s|ned)?"
    r"|asked|urge[sd]?|unclear|remains? to be seen|reports (?:that|of)|unverified|unconfirmed"
    r"|alleg\w+|suspect\w*|no information|accus\w+|call(?:s|ed)? (?:on|for)|demand\w*|hope[sd]?"
    r"|fear\w*|likely|intend\w*|prepar\w+|expect\w*|going to|about to|set to|due to)\b|\?",
    re.IGNORECASE,
)
# Words on both sides of these do not say one thing.
_JOINED = re.compile(r"[;:“”\"]|\b(?:but|while|whereas|although|though|because)\b")
_NO = re.compile(r"(?:^|[“\"‘(]|\bthat )(?P<no>[Nn]o (?P<who>[^\W\d_]+))\b")
_PREPOSITION = re.compile(
    r"\s(?:from|in|at|on|during|after|before|since|inside|outside|near|into|out of)\s",
    re.IGNORECASE,
)
_CORE_TERMS = 3
_SPACE = 1  # characters between two words of one phrase
_DENIAL_COVERAGE = 0.6
_YES_COVERAGE = 0.95
_LONGEST_WORDS = 60  # characters that are shown as a yes


def find_sides(question: str, candidate: Candidate) -> tuple[bool, Claim] | None:
    """Whether the sentence affirms (True) or denies what is asked, and its words; None if neither.

    Only what speaks of every name in the question counts.
    """
    text = candidate.text
    if _UNDENIED.search(text) or not _speaks_of(question, text):
        return None
    wanted = set(terms(question))
    denial = _DENIAL.search(text) or _nobody(wanted, text)
    if denial is not None:
        is_about = covers(wanted, text) >= _DENIAL_COVERAGE
        span = denial.span("no") if "no" in denial.groupdict() else denial.span()
        return (False, _side(candidate, span)) if is_about else None
    core = set(terms(_core(question)))
    if _OPEN.search(text) or covers(core, text) < _YES_COVERAGE:
        return None
    spoken = _spoken(core, text)
    return (True, _side(candidate, spoken)) if spoken else None


def _nobody(wanted: set[str], text: str) -> re.Match[str] | None:
    """A denial like "No soldier fired", where it is of one that the question names."""
    match = _NO.search(text)
    named = terms(match["who"]) if match else []
    return match if named and has_like(wanted, named[0]) else None


def _core(question: str) -> str:
    """Who does what to whom, without where and when: the question up to a late preposition."""
    for match in _PREPOSITION.finditer(question):
        if len(terms(question[: match.start()])) >= _CORE_TERMS:
            return question[: match.start()]
    return question


def _speaks_of(question: str, text: str) -> bool:
    """Whether every name of the question stands in the sentence."""
    having = term_set(text)
    names = {
        term
        for value in find_values(question)
        if value.kind == "name"
        for term in terms(question[value.start : value.end])
    }
    return all(has_like(having, term) for term in names)


def _spoken(wanted: set[str], text: str) -> tuple[int, int] | None:
    """The shortest stretch that holds every word of the question, if it is short enough."""
    shared = [
        (word, term)
        for word in split_words(text)
        for term in wanted
        if word.term and is_same(word.term, term)
    ]
    shortest: tuple[int, int] | None = None
    last: dict[str, int] = {}
    for word, term in shared:
        last[term] = word.start
        start = min(last.values())
        is_whole = len(last) == len({term for _, term in shared})
        if is_whole and (shortest is None or word.end - start < shortest[1] - shortest[0]):
            shortest = (start, word.end)
    if shortest is not None:
        shortest = (_widen(shared, shortest[0]), shortest[1])
    if shortest is None or shortest[1] - shortest[0] > _LONGEST_WORDS:
        return None
    return None if _JOINED.search(text, *shortest) else shortest


def _widen(shared: list[tuple[Word, str]], start: int) -> int:
    """Where the phrase starts when the word before is one of the question's too."""
    before = [word for word, _ in shared if start - _SPACE <= word.end < start]
    return min((word.start for word in before), default=start)


def _side(candidate: Candidate, span: tuple[int, int]) -> Claim:
    # "denied" is a verb of saying itself: its subject stands before it.
    said_by = find_speaker(candidate.text, span[1], span[1], context=candidate.context)
    return Claim(value=candidate.text[slice(*span)], said_by=said_by, candidate=candidate)
