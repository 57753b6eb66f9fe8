"""A statement against a sentence of an article: does it say the same, and if not, what differs.

Words are matched one by one, figures and dates by value, each with what it counts. Whatever of the
statement the sentence does not bear out keeps it from being the same; it differs only in what
stands in both, said of one thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.checking.align import align_values
from index.checking.exchange import find_other_name, has_other_order
from index.checking.match import find_stretch, find_telling, is_in, is_word_for_word, match_words
from index.checking.reading import read_sentence_to_compare
from index.language.synonyms import find_opposites, means_same
from index.language.words import WORD

if TYPE_CHECKING:
    from index.checking.align import Alignment
    from index.checking.match import Match, Subject
    from index.checking.reading import Reading, Span
    from index.language.values import Value
    from index.types import Article

# The share of a statement's words, by weight, that the sentence must have where it is to differ.
_REST, _REST_BY_NAME, _REST_TURNED = 0.8, 0.85, 0.85
# What may stand only around the sentence where it is to say the same.
_AROUND = 0.35
_COSINE = 0.5
_FEWEST_ANCHORS = 2
# Where more than these differ, it is another event.
_MOST_DIFFERING = 2
_DENIES = re.compile(r"den(?:y|i)|re(?:jec|fus|fut)|declin", re.IGNORECASE)
# What the statement says of all or of most, the sentence must say too.
_QUANTIFIERS = tuple(
    frozenset(group.split())
    for group in (
        "all every everyone everybody each both entire whole",
        "most majority mostly",
        "many lots numerous",
        "few",
        "always ever",
    )
)
# "He'd" is "he had" or "he would".
_SHORTENED = re.compile(r"[a-z]['’]d\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A slice of an article that may bear a statement out: ``article.text[start:end] == text``.

    ``around`` is what it leaves out: the sentence before, the title, the first paragraph.
    ``cosine`` is how near its meaning lies to the statement's.
    """

    text: str
    article: Article
    start: int
    end: int
    paragraph: int
    around: str
    cosine: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrast:
    """What a slice of an article has to say on a statement.

    ``differing`` holds (as stated, as the article has it); ``mark`` are offsets into the evidence's
    text, or None. "Close" is what has all values and words, but not surely in the same sense: no
    proof, yet it forbids to say that the articles differ. ``score`` tells how near the two are, 0
    to 1.
    """

    evidence: Evidence
    verdict: Literal["same", "differs", "close", "other"]
    score: float
    differing: tuple[tuple[str, str], ...] = ()
    mark: Span | None = None


def contrast(subject: Subject, evidence: Evidence) -> Contrast:
    """Tell whether ``evidence`` says the same as the statement, differs from it, or neither."""
    said, found = subject.reading, read_sentence_to_compare(evidence.text)
    match = match_words(subject, found, evidence.article, evidence.around)
    score = round((max(evidence.cosine, 0.0) + match.coverage) / 2, 4)
    other = Contrast(evidence=evidence, verdict="other", score=score)
    if is_word_for_word(said.text, found.text):
        return replace(other, verdict="same", score=1.0, mark=find_stretch(match, found))
    anchors = len(said.words) + len(said.quantities) + len(said.dates) + len(said.negations)
    is_question = evidence.text.rstrip('"”’ ').endswith("?")
    if evidence.cosine < _COSINE or anchors < _FEWEST_ANCHORS or is_question:
        return other
    alignment = align_values(said, found, evidence.article.published)
    if alignment.is_missing or _is_opposite(said, found, match):
        return other
    if _is_open(said, found, match) or match.coverage < _REST:
        return other
    return _judge(subject, found, match, alignment, other)


def _judge(
    subject: Subject, found: Reading, match: Match, alignment: Alignment, other: Contrast
) -> Contrast:
    """What it comes to, once all that is clear without weighing one against the other is out."""
    said = subject.reading
    is_turned = _is_turned(said, found, match)
    if alignment.differing:
        is_one_thing = not is_turned and not match.lost_names
        return _by_value(said, found, alignment, other) if is_one_thing else other
    if match.lost_names:
        return other if is_turned else _by_name(subject, found, match, other)
    if match.lost:
        return other
    if is_turned:
        return other if match.far_names else _by_denial(said, found, match, other)
    if match.far_names or match.around > _AROUND or has_other_order(subject, found):
        return replace(other, verdict="close") if alignment.agreeing else other
    spans = [_span(their) for _, their in alignment.agreeing]
    mark = spans[0] if len(spans) == 1 else find_stretch(match, found)
    return replace(other, verdict="same", mark=mark)


def _by_value(said: Reading, found: Reading, alignment: Alignment, other: Contrast) -> Contrast:
    pairs = tuple((said.of(own), found.of(their)) for own, their in alignment.differing)
    if len(pairs) > _MOST_DIFFERING:
        return other
    return replace(other, verdict="differs", differing=pairs, mark=_span(alignment.differing[0][1]))


def _by_name(subject: Subject, found: Reading, match: Match, other: Contrast) -> Contrast:
    name = find_other_name(subject, found, match) if match.coverage >= _REST_BY_NAME else None
    if name is None:
        return other
    own, their = name
    pair = (subject.reading.of(own), found.of(their))
    return replace(other, verdict="differs", differing=(pair,), mark=_span(their))


def _by_denial(said: Reading, found: Reading, match: Match, other: Contrast) -> Contrast:
    turned = _find_turn(said, found, match) if match.coverage >= _REST_TURNED else None
    if turned is None:
        return other
    return replace(other, verdict="differs", differing=(turned[0],), mark=turned[1])


def _span(value: Value) -> Span:
    return value.start, value.end


# --- What turns a sentence round --------------------------------------------------------------


def _is_turned(said: Reading, found: Reading, match: Match) -> bool:
    """Whether one denies more than the other, in the clauses that are at issue."""
    clauses = find_telling(match, found)
    there = [n for n in found.negations if any(is_in(found.scope(n), c) for c in clauses)]
    return len(there) != len(said.negations)


def _is_open(said: Reading, found: Reading, match: Match) -> bool:
    """Whether one of the two is planned, possible or alleged, and the other is not."""
    if _SHORTENED.search(said.text) or _SHORTENED.search(found.text):
        return False
    clauses = find_telling(match, found)
    is_open = any(is_in(found.scope(o), c) for o in found.openings for c in clauses)
    return is_open != bool(said.openings)


def _is_opposite(said: Reading, found: Reading, match: Match) -> bool:
    """Whether the two have opposite words, "rose" and "fell", or one says "all" and one not."""
    own = frozenset(word.lower() for word in WORD.findall(said.text))
    clauses = find_telling(match, found)
    theirs = frozenset(w.lower() for a, b in clauses for w in WORD.findall(found.text[a:b]))
    lacks = any(group & own and not group & theirs for group in _QUANTIFIERS)
    return lacks or find_opposites(own, theirs) is not None


def _find_turn(said: Reading, found: Reading, match: Match) -> tuple[tuple[str, str], Span] | None:
    """The words that deny what the other affirms, from both, where one clause is at issue."""
    start, end = telling = find_telling(match, found)[0]
    there = [n for n in found.negations if is_in(found.scope(n), telling)]
    if len(there) + len(said.negations) != 1:
        return None
    if there:
        phrase, key = _denial(found, there[0])
        own = next((w for w in said.words if key and means_same(w.term, key)), None)
        return (said.slice(*own[:2]) if own else "", found.slice(*phrase)), phrase
    if _DENIES.match(said.text, said.negations[0][0]):
        # That somebody denied something is not gainsaid by whoever affirms it.
        return None
    phrase, key = _denial(said, said.negations[0])
    inside = [w for w in found.words if start <= w.start < end]
    their = next((w for w in inside if key and means_same(w.term, key)), None)
    if their is None:
        return None
    return (said.slice(*phrase), found.slice(*their[:2])), their[:2]


def _denial(reading: Reading, negation: Span) -> tuple[Span, str]:
    """What denies, up to the word that it denies, and that word's term."""
    following = next((w for w in reading.words if w.start >= negation[1]), None)
    if following is None:
        return negation, ""
    return (negation[0], following.end), following.term
