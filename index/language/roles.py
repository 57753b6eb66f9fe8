"""Whether a name stands for a person or for a place in its sentence, by what stands around it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from index.language.names import find_dateline_end

if TYPE_CHECKING:
    from index.language.values import Value

# What stands before a place, and never before the person a sentence is about.
_INSIDE = r"\b(?:in|at|near|throughout|across|inside|outside)"
_ARTICLE = re.compile(r"\b[Tt]he[\s\xa0]$")
_REACH = 60  # characters before a name in which its preposition stands

_ORGANISATIONS = frozenset(
    "agency air airlines airport alliance army assembly association authority bank board bureau"
    " business center centre church city club college commission committee company conference"
    " congress corp corporation council country county court creek department district dynasty"
    " electric empire energy enterprises faculty federation festival force forces foundation front"
    " fund game games government group guard hall herald high holdings hospital hotel house inc"
    " industries institute institution international island islands journal kingdom laboratory lake"
    " league library limited ltd magazine media ministry motors mountain movement museum national"
    " network news office orchestra organisation organization parliament party police post press"
    " programme project province publishing radio railway republic river road school schools"
    " sea senate service services society states station street studio studios survey systems team"
    " technologies television times tribunal trust tv union university valley village war watch"
    " works act bay bridge cathedral festival north south east west super bowl treaty".split()
)


@cache
def _within() -> re.Pattern[str]:
    return re.compile(rf"{_INSIDE} (?:the |an? |its |his |her |their )?$", re.IGNORECASE)


@cache
def _located() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_INSIDE}|\b(?:to|from|into|toward|towards|around"
        r"|reach(?:ed)?|visit(?:ed)?|enter(?:ed)?|left)) (?:the |nearby |neighbou?ring )?$"
        r"|(?:north|south|east|west)(?:ern)? (?:of )?$",
        re.IGNORECASE,
    )


_DESCRIBES = re.compile(
    r"-[a-z]|[\s\xa0](?!(?:and|or|to|in|on|at|with|of|for|by|from|as|is|was|were|are|had|has|have"
    r"|who|said|says|told|that|which|when|while|after|before|during|will|would|could|where)\b)[a-z]"
)
_DEMONYM = re.compile(r"(?:an|ish|ese|ic|i|ch|ss|ek|ed)$")
_POSSESSIVE = re.compile(r"['’](?:s\b| )")
# "led by a retired judge, Ana Berg": the doer, whatever stands between.
_DOER = re.compile(
    r"\bby[\s\xa0](?:(?:an?|the|its|his|her|their)[\s\xa0][^,.;:—]{2,50},[\s\xa0])?$"
)


@cache
def _title() -> re.Pattern[str]:
    return re.compile(
        r"(?:[\w.'’-]+\s){0,5}(?:President|Premier|Minister|Secretary|Ambassador|General|Gen\.|Governor"
        r"|Mayor|King|Queen|Prince|Princess|Pope|Judge|Justice|Senator|Sen\.|Rep\.|Chancellor"
        r"|Director|Chief|Commissioner|Colonel|Captain|Major|Professor|Councilwoman|Councilman"
        r"|Councillor|Doctor|Mr\.|Mrs\.|Ms\.|Dr\.)\s(?=[^\W\d_a-z]\w)"
    )


def without_title(sentence: str, value: Value) -> Value:
    """The name alone, "Anna Berg" of "Prime Minister Anna Berg"."""
    title = _title().match(sentence, value.start, value.end) if value.kind == "name" else None
    return replace(value, start=title.end()) if title else value


def find_doer(sentence: str, value: Value) -> int | None:
    """Where "by" stands if the name says by whom something was done."""
    match = _DOER.search(sentence, max(0, value.start - _REACH), value.start)
    return match.start() if match else None


def stands_for(kind: Literal["person", "place"], sentence: str, value: Value) -> bool:
    """Whether a name can be a place, by the preposition before it, or a person."""
    if value.start < find_dateline_end(sentence):
        return False
    if _POSSESSIVE.match(sentence, value.end) or _is_demonym(sentence, value):
        return False
    before = sentence[max(0, value.start - _REACH) : value.start]
    if kind == "place":
        return bool(_located().search(before))
    closed = sentence[value.end : value.end + 1] == "-"
    if closed or before[-1:] in {'"', "“", "("} or _within().search(before):
        return False
    name = sentence[value.start : value.end]
    return not _is_single_word(name, before) and not _is_organisation(name, before)


def _is_demonym(sentence: str, value: Value) -> bool:
    """Whether the name only describes the noun that follows, as in "Spanish governor"."""
    name = sentence[value.start : value.end]
    return bool(_DEMONYM.search(name) and _DESCRIBES.match(sentence, value.end))


def _is_single_word(name: str, before: str) -> bool:
    """Whether the name is one word that may be any: at the start, in the plural, after "of"."""
    if " " in name or "\xa0" in name:
        return False
    return not before.strip("\"“‘'( ") or before.endswith(" of ") or name.endswith(("s", "ism"))


def _is_organisation(name: str, before: str) -> bool:
    """Whether the name is none of a person: "the …", an abbreviation, "… University"."""
    words = name.split()
    is_abbreviation = len(words) == 1 and name.replace(".", "").isupper()
    has_article = _ARTICLE.search(before) is not None and len(words) > 1
    return is_abbreviation or has_article or any(w.lower() in _ORGANISATIONS for w in words)
