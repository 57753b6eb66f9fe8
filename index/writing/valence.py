"""Whether a verb tells that something goes ahead or grows, or that it is stopped or shrinks."""

from __future__ import annotations

from functools import lru_cache

from index.writing.reading import is_saying
from index.writing.thesaurus import open_thesaurus

_AHEAD = frozenset(
    """
    approve accept allow permit back support endorse authorise authorize open start begin launch
    resume increase rise raise add gain grow win agree admit confirm acknowledge free release hire
    build create expand join arrive enter survive improve succeed pass advance continue extend
    strengthen restore boost climb soar surge double help protect save welcome praise uphold work
    """.split()
)
_BACK = frozenset(
    """
    suspend halt reject refuse ban block oppose close end stop decrease fall cut reduce shed lose
    shrink decline drop deny dispute contest arrest detain jail fire sack demolish destroy leave
    exit depart die kill worsen fail cancel prohibit forbid retreat recede postpone delay abandon
    scrap weaken plunge slump tumble halve hinder attack condemn criticise criticize dismiss
    overturn
    """.split()
)
_NOUNS = (
    frozenset(
        "surplus profit survivor ally friend victory winner increase rise gain growth".split()
    ),
    frozenset("deficit loss victim enemy rival defeat loser decrease fall decline drop".split()),
)
# What an adverb or "for" and "against" do to it is not read here.


@lru_cache(maxsize=16_384)
def find_valence(word: str) -> int:
    """1 where ``word``, in lower case, tells of going ahead, -1 of being stopped, 0 of neither."""
    lemmas = open_thesaurus().find_lemmas(word)
    ahead = bool(lemmas & (_AHEAD | _NOUNS[0]))
    back = bool(lemmas & (_BACK | _NOUNS[1]))
    return 0 if ahead == back else 1 if ahead else -1


def is_against(one: str, other: str) -> bool:
    """Whether one tells of going ahead and the other of being stopped."""
    if is_saying(one) or is_saying(other):
        return False
    return find_valence(one) * find_valence(other) < 0
