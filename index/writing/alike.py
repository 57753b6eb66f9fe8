"""How surely one word may stand for another: the same, a kind of it, a people for its place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from index.checking.match import is_one_name
from index.embedding.word_vectors import WordVectors
from index.language.synonyms import find_opposites, means_same
from index.language.words import terms
from index.writing.thesaurus import open_thesaurus

SAME, KIN, NEAR, AKIN = 1.0, 0.9, 0.8, 0.5
# Words whose vectors lie so near stand for one another, if nothing speaks against it.
_COSINE = 0.5
_SHORTEST_PREFIX = 4
_LONG = 5
# A week is no month, however near the two words lie.
_SPANS = frozenset("second minut hour day week month year decad centuri".split())
_ALIASES = {
    "dr": "doctor", "prof": "professor", "gen": "general", "sen": "senator", "gov": "governor",
    "rep": "representative", "km": "kilometre", "kg": "kilogram", "gdp": "product",
    "tv": "television", "won": "win",
}  # fmt: skip
# Endings of places, each with those of their people: "Valdoria", "Valdorian".
_DEMONYMS = frozenset(
    (place, people)
    for place, peoples in {
        "": "ers lander", "a": "an ans ian ians ese ish", "y": "ian ians", "e": "ian ish an",
        "o": "an ans", "es": "ese", "land": "ish nish ic lander", "nland": "nnish", "ia": "ish ic",
    }.items()
    for people in peoples.split()
)  # fmt: skip
# Names of peoples that no ending tells, as terms.
_PEOPLES = frozenset(
    frozenset(pair.split())
    for pair in (
        "britain british|franc french|germani german|spain spanish|netherland dutch|denmark danish"
        "|sweden swedish|poland polish|turkey turkish|turkiy turkish|ireland irish"
        "|scotland scottish"
        "|wale welsh|england english|greec greek|switzerland swiss|portug portugues"
        "|china chines|norway norwegian|finland finnish|thailand thai|philippin filipino|iraq iraqi"
        "|israel isra|europ european|eu european|us american|uk british|uk britain|peru peruvian"
        "|cyprus cypriot|argentina argentin|belgium belgian|mexico mexican|ukrain ukrainian"
    ).split("|")
)
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")


@lru_cache(maxsize=1)
def _word_vectors() -> WordVectors:
    return WordVectors()


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str, are_names: tuple[bool, bool]) -> float:  # noqa: PLR0911
    """How surely a word of the sentence may stand for one of a quote, 0 to 1."""
    own, their = _term(one), _term(other)
    if all(are_names):
        # Endings that mean nothing in other words make another name.
        return _likeness_of_two_names(one, other)
    if own == their:
        return SAME
    if any(are_names):
        return _likeness_of_names(own, their, *are_names)
    if is_opposite(one, other) or (own in _SPANS and their in _SPANS):
        return 0.0
    thesaurus = open_thesaurus()
    if thesaurus.find_lemmas(one) & thesaurus.find_lemmas(other):
        return KIN
    if means_same(own, their) or thesaurus.is_near(one, other):
        return NEAR
    return AKIN if _cosine(one, other) >= _COSINE else 0.0


def _likeness_of_two_names(one: str, other: str) -> float:
    own, their = (name.removesuffix("'s").removesuffix("'") for name in (one, other))
    if own == their or _term(own) == _term(their) == _ALIASES.get(own, ""):
        return SAME
    short, long = sorted((own, their), key=len)
    if long in {short + "s", short + "es"}:
        return SAME
    is_known = frozenset((_term(own), _term(their))) in _PEOPLES
    is_spelt_alike = _fold(own) == _fold(their)
    return KIN if is_known or is_spelt_alike or is_demonym(own, their) else 0.0


def _fold(word: str) -> str:
    """A word without accents and stops: "U.S." is "us"."""
    folded = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in folded if letter.isalnum())


def _likeness_of_names(own: str, their: str, is_name: bool, other_is_name: bool) -> float:  # noqa: FBT001
    """How surely a name, as a term, stands for a word; nothing else stands for another's name."""
    if is_demonym(own, their):
        return KIN
    if is_name:
        is_short = not other_is_name and len(own) >= _LONG and their.startswith(own)
        return KIN if is_short else 0.0
    return KIN if means_same(own, their) and not other_is_name else 0.0


def _cosine(one: str, other: str) -> float:
    if one[0].isdigit() or other[0].isdigit():
        return 0.0
    vectors = _word_vectors().look_up([one, other])
    return float(vectors[0] @ vectors[1])


@lru_cache(maxsize=8_192)
def _term(word: str) -> str:
    found = terms(_ALIASES.get(word, word))
    return found[0] if found else word


@lru_cache(maxsize=16_384)
def is_demonym(one: str, other: str) -> bool:
    """Whether one name is the other with an ending: "Valdoria", "Valdorian"."""
    if is_one_name(one, other) or frozenset((one, other)) in _PEOPLES:
        return True
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    tails = (one[shared:], other[shared:])
    least = _SHORTEST_PREFIX - any(tail.endswith("land") for tail in tails)
    return shared >= least and (tails in _DEMONYMS or tails[::-1] in _DEMONYMS)


@lru_cache(maxsize=65_536)
def is_opposite(one: str, other: str) -> bool:
    """Whether the two say the opposite: "rose" and "fell", "disclosed" and "undisclosed"."""
    if one == other:
        return False
    if open_thesaurus().is_opposite(one, other) and not _shares_lemma(one, other):
        return True
    if find_opposites(frozenset({one}), frozenset({other})) is not None:
        return True
    return negates(one, other)


def negates(one: str, other: str) -> bool:
    """Whether one is the other with a prefix that turns it round."""
    own, their = _term(one), _term(other)
    short, long = sorted((own, their), key=len)
    pairs = ((short, long), sorted((one, other), key=len))
    return len(short) >= _SHORTEST_PREFIX and any(
        whole == prefix + bare for bare, whole in pairs for prefix in _PREFIXES
    )


def _shares_lemma(one: str, other: str) -> bool:
    thesaurus = open_thesaurus()
    return bool(thesaurus.find_lemmas(one) & thesaurus.find_lemmas(other))
