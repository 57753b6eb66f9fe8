"""Who is credited with what a sentence says: "U.S. officials say", "according to a diplomat"."""

from __future__ import annotations

import re

from index.times import find_dates
from index.words import STOP_WORDS

_SAYS = re.compile(
    r"\b(?:sa(?:id|ys?)|t(?:old|ells?)|estimate[sd]?|report(?:s|ed)?|claim(?:s|ed)?"
    r"|announce[sd]?|confirm(?:s|ed)?|believe[sd]?|assess(?:es|ed)?|add(?:s|ed)|not(?:es|ed)"
    r"|state[sd]|warn(?:s|ed)?|testif(?:y|ies|ied)|allege[sd]?|acknowledge[sd]?|admit(?:s|ted)?"
    r"|insist(?:s|ed)?|maintain(?:s|ed)|conclude[sd]?|found|finds|puts?|den(?:y|ies|ied)"
    r"|dismiss(?:es|ed)?|reject(?:s|ed)?|call(?:s|ed)|characteri[sz]e[sd]|suggest(?:s|ed)?"
    r"|replied|declared?|revealed|disclosed|indicate[sd]?|has|have)\b",
)
# "has" credits somebody only with evidence or with the verb that follows.
_HAS = re.compile(r"(?:has|have) (?:no )?[“\"'‘]?(?:evidence|information|proof)\b")
_ACCORDING = re.compile(
    r"\b[Aa]ccording to ((?:[^,.;:—“”\"()]|\.(?=\w|\s[A-Z][\w.]*\s[A-Z])|(?<=\b[A-Z])\.){2,90})"
)
_SAID_BY = re.compile(
    r"[,”\"]\s?(?:said|says|wrote|added|told)\s((?:[^,;:—“”\"().]|\.(?=\w)|(?<=\b[A-Z])\.){2,80})"
)
_BETWEEN = re.compile(
    r"(?:\s(?:has|have|had|also|later|previously|recently|now|then|earlier|repeatedly|still"
    r"|on|in|at|the|initially|first|officially|,|however|meanwhile))+$"
)
_BOUNDARY = re.compile(
    r"[,;:“”\"()—–]|\b(?:that|but|while|whereas|when|because|which|who|if|after|although|though"
    r"|before|where|whether|as|than)\b"
)
_NOBODY = frozenset(
    "he she it they i we you who this that there these those his her their its both one some"
    " estimates reports figures data of in on at to by for from with about into over".split()
)
_PASSIVE = frozenset({"is", "are", "was", "were", "be", "been", "being", "to", "not"})
_ON = re.compile(r"(?:[Oo]n |[Ii]n |[Ee]arly |[Ll]ate )?")
_MOST_WORDS = 12


def find_speaker(text: str, start: int, end: int, *, since: int = 0) -> str | None:
    """Who says what stands at ``text[start:end]``: a slice of ``text``, or None.

    ``since`` is where the clause starts in which that stands; its speaker comes first. The subject
    of the first verb of saying before it counts, then "according to", then the speaker named after
    it. Pronouns are nobody.
    """
    for first, last in ((since, start), (0, since)):
        if speaker := _before(text, first, last):
            return speaker
    if speaker := _according(text):
        return speaker
    return _after(text, end)


def _before(text: str, first: int, last: int) -> str | None:
    for verb in _SAYS.finditer(text, first, last):
        if verb.group().startswith("ha") and not _HAS.match(text, verb.start()):
            continue
        if speaker := _subject(text, verb.start()):
            return speaker
    return None


def _according(text: str) -> str | None:
    match = _ACCORDING.search(text)
    return _tidy(match[1]) if match else None


def _after(text: str, end: int) -> str | None:
    for verb in _SAYS.finditer(text, end):
        if not verb.group().startswith("ha") and (speaker := _subject(text, verb.start())):
            return speaker
    match = _SAID_BY.search(text, end)
    return _tidy(_cut_date(match[1])) if match else None


def _subject(text: str, verb: int) -> str | None:
    """The noun phrase that ends where the verb starts."""
    before = _BETWEEN.sub("", text[:verb].rstrip(" ,")).rstrip(" ,")
    dates = find_dates(before)
    if dates and dates[-1][1] == len(before) and dates[-1][0]:
        before = _BETWEEN.sub("", before[: dates[-1][0]].rstrip(" ,")).rstrip(" ,")
    boundaries = [match.end() for match in _BOUNDARY.finditer(before)]
    return _tidy(_skip_date(before[boundaries[-1] if boundaries else 0 :].strip()))


def _skip_date(phrase: str) -> str:
    """The phrase without the day that opens it, "On May 16 the ministry"."""
    opened = _ON.match(phrase)
    dates = find_dates(phrase) if opened else []
    starts = opened is not None and bool(dates) and dates[0][0] == opened.end()
    return phrase[dates[0][1] :].strip() if starts else phrase


def _cut_date(phrase: str) -> str:
    dates = find_dates(phrase)
    return phrase[: dates[0][0]] if dates and dates[0][0] else phrase


def _tidy(phrase: str) -> str | None:
    """The phrase without what surrounds it, or None when it is no name of anybody."""
    phrase = phrase.strip(" ,.'’\n\xa0") if not phrase.rstrip().endswith(".") else phrase.strip()
    phrase = re.sub(
        r"^(?:and|but|so|yet|also|however|meanwhile)\s", "", phrase, flags=re.IGNORECASE
    )
    words = phrase.split()
    if not words or len(words) > _MOST_WORDS or words[0].lower() in _NOBODY:
        return None
    if words[-1].lower() in _PASSIVE:
        return None
    if all(word.lower() in STOP_WORDS for word in words) or not phrase[0].isalpha():
        return None
    return phrase
