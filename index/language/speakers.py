"""Who is credited with what a sentence says: "U.S. officials say", "according to a diplomat"."""

from __future__ import annotations

import re

from index.language.times import find_dates
from index.language.words import STOP_WORDS

_SAYS = re.compile(
    r"\b(?:sa(?:id|ys?)|t(?:old|ells?)|estimate[sd]?|report(?:s|ed)?|claim(?:s|ed)?"
    r"|announce[sd]?|confirm(?:s|ed)?|believe[sd]?|assess(?:es|ed)?|add(?:s|ed)|not(?:es|ed)"
    r"|state[sd]|warn(?:s|ed)?|testif(?:y|ies|ied)|allege[sd]?|acknowledge[sd]?|admit(?:s|ted)?"
    r"|insist(?:s|ed)?|maintain(?:s|ed)|conclude[sd]?|found|finds|puts?|den(?:y|ies|ied)"
    r"|dismiss(?:es|ed)?|reject(?:s|ed)?|call(?:s|ed)|characteri[sz]e[sd]|suggest(?:s|ed)?"
    r"|replied|declared?|revealed|disclosed|indicate[sd]?|has|have|sp(?:eaks?|oke)(?= of\b)"
    r"|count(?:s|ed)|(?:gives?|gave|given)(?= (?:it|them|that|the|a)\b)"
    r"|show(?:s|ed)?(?= that\b))\b",
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
# These are nouns where nothing that is said follows: "in a first report the ministry …".
_NOUNS = frozenset("report reports claim claims estimate estimates call calls notes states".split())
_SAYS_THAT = re.compile(r"\s(?:that|there|about|around|some|at least|more than|up to|over|\d)")
_ANONYMOUS = re.compile(
    r"(?:(?:the|some|other|available|early|initial|latest|public|these|those)\s){0,2}"
    r"(?:information|figures|data|estimates|reports|accounts|records)\b(?! (?:of|by|from))"
)
_PRONOUN = re.compile(r"[“\"]?(?:He|She)\s")
_OWNERS = frozenset({"his", "her", "their", "its"})
# "The number of people confirmed dead …": what is counted says nothing.
_COUNTED = re.compile(
    r"(?:the|a|an|its|their)\s(?:\w+\s){0,2}(?:number|toll|total|count|figure|tally|share|rate"
    r"|turnout|price|cost)s?\b(?!['’])",
    re.IGNORECASE,
)
# A clause set off by commas between somebody and their verb.
_ASIDE = re.compile(r",\s(?:which|who|whose|where)\b[^,;]{1,80}$")
_APPOSITION = re.compile(r"(?:an?|the|its|his|her|their)\s[a-z][^,;]{2,80}$")
_NAME = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s){1,3}[^\W\d_a-z][\w'’-]*$")
_PREPOSITION = re.compile(
    r"(?:in|on|at|to|for|by|of|from|with|about|after|before|during|under|since)\s", re.IGNORECASE
)
_DETERMINED = re.compile(
    r"(?<!\bin )(?<!\bof )(?<!\bon )(?<!\bat )(?<!\bto )(?<!\bby )(?<!\bfor )"
    r"(?<!\bfrom )(?<!\bwith )\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir)\s"
)
_DID = frozenset(
    "ran took led went made had was were came saw got gave held left kept began won lost met sent"
    " rose fell stood spent".split()
)
_NOBODY = frozenset(
    "he she it they i we you who this that there these those both one some"
    " estimates reports figures data of in on at to by for from with about into over".split()
)
# "500 boats sank, said …": the speaker follows the verb.
_INVERTED = re.compile(r"[^,;:—“”\"]*[,”\"]+\s?")
_PASSIVE = frozenset({"is", "are", "was", "were", "be", "been", "being", "to", "not"})
_ON = re.compile(r"(?:[Oo]n |[Ii]n |[Ee]arly |[Ll]ate )?")
_MOST_WORDS = 12


def find_speaker(
    text: str, start: int, end: int, *, since: int = 0, context: str = ""
) -> str | None:
    """Who says what stands at ``text[start:end]``: a slice of ``text`` or ``context``, or None.

    ``since`` is where the clause starts in which that stands; its speaker comes first. The subject
    of the first verb of saying before it counts, then "according to", then the speaker named after
    it. "He" and "she" are who spoke in ``context``, the sentence before, if a name stands there;
    other pronouns are nobody.
    """
    for first, last in ((since, start), (0, since)):
        if speaker := _before(text, first, last):
            return speaker
    if _PRONOUN.match(text) and context and (speaker := find_speaker(context, len(context), 0)):
        return speaker if speaker[0].isupper() and not speaker.startswith("The ") else None
    if speaker := _according(text):
        return speaker
    return _after(text, end)


def has_speaker_verb(text: str) -> bool:
    """Whether anything in ``text`` is said, counted or put at a figure by somebody."""
    return any(not verb.group().startswith("ha") for verb in _SAYS.finditer(text))


def _before(text: str, first: int, last: int) -> str | None:
    for verb in _SAYS.finditer(text, first, last):
        if verb.group().startswith("ha") and not _HAS.match(text, verb.start()):
            continue
        if verb.group() in _NOUNS and not _SAYS_THAT.match(text, verb.end()):
            continue
        if speaker := _subject(text, verb.start()):
            return speaker
    return None


def _according(text: str) -> str | None:
    match = _ACCORDING.search(text)
    return _tidy(match[1]) if match and not _ANONYMOUS.match(match[1]) else None


def _after(text: str, end: int) -> str | None:
    for verb in _SAYS.finditer(text, end):
        if verb.group().startswith("ha") or _INVERTED.fullmatch(text, end, verb.start()):
            continue
        if (speaker := _subject(text, verb.start())) and not _is_relative(text, speaker, verb):
            return speaker
    match = _SAID_BY.search(text, end)
    return _tidy(_cut_date(match[1])) if match else None


def _is_relative(text: str, speaker: str, verb: re.Match[str]) -> bool:
    """Whether they said something else, as in "not the $9 that the port announced"."""
    return text[: text.rfind(speaker, 0, verb.start())].endswith((" that ", " which "))


def _subject(text: str, verb: int) -> str | None:
    """The noun phrase that ends where the verb starts."""
    before = _ASIDE.sub("", text[:verb].rstrip(" ,"))
    before = _BETWEEN.sub("", before.rstrip(" ,")).rstrip(" ,")
    dates = find_dates(before)
    if dates and dates[-1][1] == len(before) and dates[-1][0]:
        before = _BETWEEN.sub("", before[: dates[-1][0]].rstrip(" ,")).rstrip(" ,")
    boundaries = [match.end() for match in _BOUNDARY.finditer(before)]
    start = boundaries[-1] if boundaries else 0
    phrase = before[start:].strip()
    if start and before[start - 1] == "," and _APPOSITION.fullmatch(phrase):
        named = _NAME.search(before, 0, start - 1)
        phrase = named.group() if named and not find_dates(named.group()) else phrase
    return _tidy(_skip_place(_skip_date(phrase)))


def _skip_place(phrase: str) -> str:
    """The phrase without what opens it, "In a first report the ministry"."""
    if not _PREPOSITION.match(phrase):
        return phrase
    starts = [match.start() for match in _DETERMINED.finditer(phrase) if match.start()]
    return phrase[starts[-1] :] if starts else phrase


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
    if words[-1].lower() in _PASSIVE or words[0] in _DID or _COUNTED.match(phrase):
        return None
    if words[0].lower() in _OWNERS and len(words) == 1:
        return None
    if all(word.lower() in STOP_WORDS for word in words) or not phrase[0].isalpha():
        return None
    return phrase
