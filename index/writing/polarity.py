"""What a written sentence denies or leaves open, the quote must, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.writing.alike import KIN, NEAR
from index.writing.answers import ANSWERS, TELLING, find_answers, is_told
from index.writing.counted import find_twins
from index.writing.operators import read_operators
from index.writing.pairing import find_sure
from index.writing.reading import AUXILIARIES, is_past, is_saying, is_verb
from index.writing.thesaurus import open_thesaurus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.writing.operators import Operator
    from index.writing.pairing import Comparison
    from index.writing.reading import Reading, Word

# What of the sentence keeps what a quote leaves open.
_KEEPS = {
    **ANSWERS,
    "ahead": {"ahead", "must", "if"},
    "may": {"may"},
    "can": {"can", "may", "ahead"},
    "must": {"must", "to", "ahead"},
    "to": {"to", "must", "may", "can"},
}
_OWED = {"no", "may", "can", "ahead", "must"}
# "Had to spend the night": it was so.
_NOT_OWED = frozenset("have has had need needs likely".split())
_PROJECTED = frozenset("projection projections forecast forecasts prediction predictions".split())
_BEFORE_NOUN = frozenset("the a an of its their his her against for".split())
_SOURCED = frozenset(
    "say said says saying according reported report reports claimed claims says told called puts"
    " put estimate estimates estimated citing quoting denied denies deny view argues warned warns"
    " announced adding added insisted insists complained spoke speaks count believes".split()
)


def find_turned(c: Comparison) -> str | None:
    """Say "denial" or "openness" where the two do not deny, or leave open, the same."""
    own = read_operators(c.said.reading.original)
    denials = []
    for operator in own:
        if operator.kind == "no" and _is_double(c, operator, own):
            return "denial"
        if operator.kind not in _OWED or c.said.reading.words[operator.at].text in _NOT_OWED:
            continue
        answers = find_answers(c, operator)
        if not answers:
            return "denial" if operator.kind == "no" else "openness"
        denials += [answers] if operator.kind == "no" else []
    if _share_answers(denials):
        return "denial"
    if _is_made_fact(c, own):
        return "openness"
    for number in c.quotes:
        for operator in read_operators(c.quotes[number].reading.original):
            if not _is_kept(c, number, operator, own) or _is_replaced(c, number, operator, own):
                return "denial" if operator.kind == "no" else "openness"
    return None


def _is_double(c: Comparison, operator: Operator, own: Iterable[Operator]) -> bool:
    """Whether a denial is denied, "does not deny", and in no quote."""
    denials = {o.at for o in own if o.kind == "no"}
    if not operator.core or operator.core[0] not in denials:
        return False
    for quote in c.quotes.values():
        theirs = [o for o in read_operators(quote.reading.original) if o.kind == "no"]
        if any(o.core and o.core[0] in {other.at for other in theirs} for o in theirs):
            return False
    return True


def _is_made_fact(c: Comparison, own: Iterable[Operator]) -> bool:
    """Whether a figure of a projection is told without it."""
    words = c.said.reading.words
    kinds = {o.kind for o in own} & {"ahead", "may", "alleged"}
    for number, quote in c.quotes.items():
        for noun in [w for w in quote.reading.words if w.text in _PROJECTED]:
            if kinds or any(
                k.number == number and k.at == noun.at for w in words for k in c.links.get(w.at, ())
            ):
                continue
            for figure in c.said.figures:
                places = find_twins(c, figure, number)
                if any(quote.reading.words[at].clause == noun.clause for at in places):
                    return True
    return False


def _share_answers(denials: list[set[tuple[int, int]]]) -> bool:
    """Whether several denials of the sentence have but one of a quote to answer them."""
    taken = set[tuple[int, int]]()
    for answers in sorted(denials, key=len):
        free = answers - taken
        if not free:
            return True
        taken.add(min(free))
    return False


def _is_kept(c: Comparison, number: int, operator: Operator, own: Iterable[Operator]) -> bool:
    """Whether what a quote denies or leaves open is so in the sentence wherever it speaks of it."""
    words = c.said.reading.words
    if any(
        link.number == number and link.at == operator.at for o in own for link in find_sure(c, o.at)
    ):
        return True
    answers = _find_keeping(c, number, operator)
    return all(
        _is_open_there(c, number, operator, at)
        or any(
            o.kind in answers
            and o.at != at
            and words[at].clause in o.clauses
            and not (operator.kind == "ahead" and words[o.at].text in _NOT_OWED)
            for o in own
        )
        or (
            operator.kind in {"to", "if"}
            and any(o.kind in answers and o.segment == words[at].segment for o in own)
        )
        for at in _find_told(c, number, operator)
    )


def _find_told(c: Comparison, number: int, operator: Operator) -> list[int]:
    """The words of the sentence that tell what a quote's operator is about."""
    words = c.said.reading.words
    return [
        at
        for at, links in c.links.items()
        if links
        and links[0].number == number
        and links[0].at in operator.core
        and links[0].score >= NEAR
        and number in c.part_of(words[at].start).numbers
        and (links[0].score >= KIN or not is_saying(words[at].text))
        and not _is_doer(words[at].text)
    ]


def _find_keeping(c: Comparison, number: int, operator: Operator) -> set[str]:
    """Which kinds of operators of the sentence keep what one of a quote says."""
    quote = c.quotes[number].reading
    following = quote.words[operator.at + 1 : operator.at + 2]
    answers = {operator.kind} | _KEEPS[operator.kind]
    if quote.words[operator.at].text == "unlikely":
        answers = {"may"}
    if operator.kind == "to" and _is_of_verb(quote, operator):
        answers.add("ahead")
    if following and following[0].text == "to":
        answers.add("to")
    return answers


def _is_open_there(c: Comparison, number: int, operator: Operator, at: int) -> bool:
    """Whether a word of the sentence says no more than the quote, though it has no such operator.

    It is a noun there, or in the present of a timetable, or somebody is said to say so.
    """
    words = c.said.reading.words
    word = words[at]
    if operator.kind != "no" and _is_nominal(words, at):
        return True
    if operator.kind == "to":
        quote = c.quotes[number].reading.words
        told = [k.at for k in find_sure(c, at) if k.number == number and k.at in operator.core]
        return not is_verb(word.text) and any(is_verb(quote[k].text) for k in told)
    if operator.kind == "alleged":
        return _is_sourced(c, at)
    return operator.kind == "ahead" and any(
        _is_scheduled(c, number, operator, w.at)
        for w in words
        if w.clause == word.clause and operator.core[0] in {k.at for k in find_sure(c, w.at)}
    )


def _is_replaced(c: Comparison, number: int, operator: Operator, own: Iterable[Operator]) -> bool:
    """Whether a clause tells what a quote denies, or leaves open, with another verb.

    "Parliament passed a motion" for "will debate a motion".
    """
    if operator.kind not in {"no", "ahead", "may"} or is_told(c, number, operator.core[:1]):
        return False
    quote, words = c.quotes[number].reading, c.said.reading.words
    if operator.kind == "no" and _is_disclosed(c, number, operator, own):
        return True
    scope = {
        w.at
        for w in quote.words
        if w.clause == quote.words[operator.at].clause
        and w.term
        and w.at not in {operator.at, *operator.core[:1]}
        and not c.quotes[number].is_value(w)
    }
    for clause in {w.clause for w in words}:
        inside = [w for w in words if w.clause == clause]
        told = {
            k.at
            for w in inside
            for k in find_sure(c, w.at)[:1]
            if k.number == number and k.at in scope
        }
        has_new = any(is_past(w.text) and not c.links.get(w.at, True) for w in inside)
        is_open = any(clause in o.clauses and o.kind in ANSWERS[operator.kind] for o in own)
        is_much = bool(told) and max(told) > operator.at and len(told) * 2 >= len(scope)
        if has_new and is_much and not is_open:
            return True
    return False


def _is_disclosed(c: Comparison, number: int, operator: Operator, own: Iterable[Operator]) -> bool:
    """Whether "said whether" stands for "without disclosing whether"."""
    quote, words = c.quotes[number].reading.words, c.said.reading.words
    if not operator.core or "whether" not in {w.text for w in quote[operator.at :]}:
        return False
    lemmas = open_thesaurus().find_lemmas
    if not lemmas(quote[operator.core[0]].text) & TELLING:
        return False
    denied = {clause for o in own if o.kind == "no" for clause in o.clauses}
    return any(
        lemmas(word.text) & TELLING
        and word.clause not in denied
        and "whether" in {w.text for w in words[word.at + 1 : word.at + 3]}
        for word in words
    )


def _is_scheduled(c: Comparison, number: int, operator: Operator, at: int) -> bool:
    """Whether "stays closed on Monday" tells of what "will stay closed"."""
    word = c.said.reading.words[at]
    before = [w.text for w in c.said.reading.words[max(0, at - 3) : at]]
    return (
        c.quotes[number].reading.words[operator.at].text in {"will", "shall"}
        and is_verb(word.text)
        and not is_past(word.text)
        and not word.text.endswith("ing")
        and not AUXILIARIES & set(before)
    )


def _is_doer(text: str) -> bool:
    """Whether a word is a noun like "drinkers"."""
    return text.endswith(("ers", "er")) and "n" in open_thesaurus().find_letters(text)


def _is_of_verb(reading: Reading, operator: Operator) -> bool:
    """Whether "to" follows a verb, "agreed to freeze", and no noun, "days to appeal"."""
    before = [w for w in reading.words[: operator.at] if w.clause in operator.clauses]
    return any(is_past(w.text) or is_saying(w.text) for w in before) and not (
        before
        and not before[-1].is_name
        and open_thesaurus().find_letters(before[-1].text) == {"n"}
    )


def _is_nominal(words: Sequence[Word], at: int) -> bool:
    """Whether a verb stands as a noun, "the reopening", "opponents of raising the age"."""
    before = words[at - 1].text if at else ""
    if words[at].text.endswith("ing"):
        return before in _BEFORE_NOUN
    is_noun = is_verb(words[at].text) and not is_past(words[at].text)
    return is_noun and before in {"the", "a", "an", "this", "that"}


def _is_sourced(c: Comparison, at: int) -> bool:
    """Whether somebody is said to say so."""
    words = c.said.reading.words
    return any(w.text in _SOURCED for w in words if w.segment == words[at].segment)
