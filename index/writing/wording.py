"""What a word costs a written sentence that stands in none of its quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.language.events import is_people
from index.writing.alike import is_opposite, negates
from index.writing.operators import read_operators
from index.writing.opposites import FUNCTION, is_in_place
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from index.writing.pairing import Comparison
    from index.writing.reading import Word

# Words that only tell that something is told, or join two things that are.
_IDLE = frozenset(
    "although though whereas while meanwhile however also say tell report announce add state note"
    " cite quote accord speak describe call write mention point explain declare express remark"
    " number figure total estimate count differ difference accounts account version put give"
    " people person one other case thing issue matter include range per via amid despite even"
    " still already another earlier later respectively separately addition contrast caution insist"
    " warn confirm conclude argue tally arrive stand speak come back go get take make have compare"
    " member certain various different area amount size level sum hold happen occur mostly".split()
)
# Whether more or less, is told by the opposites.
_COMPARED = frozenset("more less fewer higher lower".split())
_SUBSTITUTED, _ADDED = 0.5, 1.2
_COST, MOST_COST, AKIN_COST = 1.0, 1.0, 0.3


def has_unknown(c: Comparison, word: Word) -> bool:
    """Whether what is "the largest" is so among what no quote tells of."""
    return any(
        other.clause == word.clause and not c.links.get(other.at, True) and find_cost(c, other)
        for other in c.said.reading.words
    )


def find_cost(c: Comparison, word: Word) -> float:  # noqa: PLR0911 - the first that fits
    """What a word costs that no quote has: less where it stands for one, more where it is added."""
    thesaurus = open_thesaurus()
    if word.text in FUNCTION or thesaurus.find_lemmas(word.text) & _IDLE:
        return 0.0
    before = c.said.reading.words[word.at - 1].text if word.at else ""
    if c.said.reading.gap(word.at) == "-" or before == "as" or word.text in _COMPARED:
        return 0.0
    numbers = c.part_of(word.start).numbers
    if any(negates(word.text, w.text) for n in numbers for w in c.quotes[n].reading.words):
        # "Not disclosed" for "undisclosed".
        return 0.0
    if len(word.text) == 1 or any(f.end <= word.start < f.tail for f in c.said.figures):
        # What a figure counts is compared with it.
        return 0.0
    is_denied = any(
        o.kind == "no" and word.clause in o.clauses for o in read_operators(c.said.reading.original)
    )
    if is_denied and any(
        is_opposite(word.text, w.text) for n in numbers for w in c.quotes[n].reading.words
    ):
        # "Will not reopen" for "will stay closed".
        return 0.0
    letters = thesaurus.find_letters(word.text)
    if not _has_company(c, word) or (letters and letters <= {"a", "r"}):
        return _ADDED
    is_like = _is_substitute(c, word, letters) or _is_of_people(word)
    return _SUBSTITUTED if is_like else _COST


def _is_of_people(word: Word) -> bool:
    """Whether a word is a plural of people, "workers", who may be "we" in a quote."""
    return is_people(word.text) or word.text.endswith("ers")


def _has_company(c: Comparison, word: Word) -> bool:
    """Whether a word of its clause stands in a quote: else all of the clause is added."""
    inside = [w for w in c.said.reading.words if w.clause == word.clause]
    words = [w for w in inside if w.at in c.links]
    if any(c.links[w.at] for w in words) or any(c.said.is_value(w) for w in inside):
        return True
    return len(words) == 1 and inside[0].text not in {"who", "which", "whose"}


def _is_substitute(c: Comparison, word: Word, letters: frozenset[str]) -> bool:
    """Whether a quote has a word in its place that the sentence lacks, of the same kind."""
    taken = {(link.number, link.at) for links in c.links.values() for link in links[:1]}
    return any(
        other.term
        and (number, other.at) not in taken
        and not other.is_name
        and not c.quotes[number].is_value(other)
        and open_thesaurus().find_letters(other.text) & letters
        and is_in_place(c, word, number, other)
        for number in c.part_of(word.start).numbers
        for other in c.quotes[number].reading.words
    )
