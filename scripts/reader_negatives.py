"""Pairs that no passage answers, made of pairs that one does: for ``reader_sets.py``.

A question is altered, its answer is cut out, or it is put to the paragraphs that it finds where its
own is not there.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.embed import MiniLM
from index.language.words import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# How many of each kind are made.
NEGATIVES = {"altered": 4_500, "cut": 3_000, "same topic": 4_000, "other topic": 4_500}
# These know which article a paragraph is of; negatives are drawn from their paragraphs.
TITLED = (
    "squad_v2_dev_a",
    "squad_v2_train_10art",
    "squad_v1_train_du_test",
    "squad_v1_dev",
    "squadshifts_new_wiki",
)
# A paragraph is embedded by so many characters of it.
BEGINNING = 300

_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z\"'(\[])")
_NAME = re.compile(r"(?:[A-Z][\w'’.-]+)(?:\s+(?:of\s+the\s+|of\s+)?[A-Z][\w'’.-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_AUXILIARY = re.compile(r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would)\b")
# Words that turn a question's sense when one stands for the other.
OPPOSITES = (
    "first last; most least; before after; largest smallest; biggest smallest; more fewer;"
    " highest lowest; oldest youngest; earliest latest; north south; east west; northern southern;"
    " eastern western; increase decrease; increased decreased; win lose; won lost; start end;"
    " started ended; begin finish; began finished; best worst; major minor; best-known least-known;"
    " allowed forbidden; include exclude; included excluded; above below; open close;"
    " opened closed; male female; positive negative; high low; large small; early late; new old;"
    " support oppose; supported opposed; always never; gain lose; longest shortest; rich poor;"
    " higher lower; more less; inside outside; buy sell; bought sold; rise fall; rose fell;"
    " strong weak; common uncommon; able unable; agree disagree; agreed disagreed; accept reject;"
    " accepted rejected; like dislike; internal external; upper lower; future past;"
    " majority minority; maximum minimum; success failure; created destroyed; joined left"
)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A question and a passage; ``answers`` are the spans in it that people marked, if any."""

    question: str
    context: str
    answers: tuple[tuple[int, int], ...]
    source: str
    kind: str
    topic: str = ""

    @property
    def answer_texts(self) -> list[str]:
        """The answers in lower case."""
        return [self.context[start:end].lower() for start, end in self.answers]


def alter(pair: Pair, generator: random.Random) -> Pair | None:
    """Return the pair with a question that its passage no longer answers, if one can be made."""
    ways = [swap_opposite, swap_number, swap_name, swap_name, negate]
    generator.shuffle(ways)
    for way in ways:
        question = way(pair, generator)
        if question and question != pair.question:
            return replace(pair, question=question, answers=(), kind="altered")
    return None


def swap_opposite(pair: Pair, generator: random.Random) -> str | None:
    """Put the opposite for a word of the question."""
    table = dict[str, str]()
    for both in OPPOSITES.split(";"):
        one, other = both.split()
        table |= {one: other, other: one}
    words = pair.question.split()
    places = [place for place, word in enumerate(words) if word in table]
    if not places:
        return None
    place = generator.choice(places)
    words[place] = table[words[place]]
    return " ".join(words)


def swap_number(pair: Pair, generator: random.Random) -> str | None:
    """Put another number for a number of the question."""
    found = list(_NUMBER.finditer(pair.question))
    if not found:
        return None
    number = generator.choice(found)
    others = [other for other in _NUMBER.findall(pair.context) if other != number[0]]
    digits = [generator.choice("123456789") if c.isdigit() else c for c in number[0]]
    drawn = number[0][:-1] + digits[-1]
    other = generator.choice(others) if others and generator.random() < 0.5 else drawn  # noqa: PLR2004
    return pair.question[: number.start()] + other + pair.question[number.end() :]


def swap_name(pair: Pair, generator: random.Random) -> str | None:
    """Put another name of the passage for a name of the question."""
    found = [name for name in _NAME.finditer(pair.question) if name.start()]
    answers = " ".join(pair.answer_texts)
    names = {name[0] for name in _NAME.finditer(pair.context) if name.start()}
    names = {name for name in names if name not in pair.question and name.lower() not in answers}
    if not found or not names:
        return None
    name = generator.choice(found)
    other = generator.choice(sorted(names))
    return pair.question[: name.start()] + other + pair.question[name.end() :]


def negate(pair: Pair, generator: random.Random) -> str | None:
    """Deny what the question asks, or take a denial away."""
    if " not " in pair.question or "n't " in pair.question:
        return pair.question.replace(" not ", " ").replace("n't ", " ")
    found = list(_AUXILIARY.finditer(pair.question))
    # Few people ask what did not happen; the word alone must not come to mean "no answer".
    if not found or generator.random() < 0.8:  # noqa: PLR2004
        return None
    place = found[-1].end()
    return f"{pair.question[:place]} not{pair.question[place:]}"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences, roughly."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(text))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def cut(pair: Pair, _: random.Random) -> Pair | None:
    """Return the pair without the sentences that hold its answer."""
    sentences = split_sentences(pair.context)
    answers = pair.answer_texts
    kept = [
        (s, e) for s, e in sentences if not any(a in pair.context[s:e].lower() for a in answers)
    ]
    if not kept or len(kept) == len(sentences):
        return None
    context = " ".join(pair.context[start:end].strip() for start, end in kept)
    return replace(pair, context=context, answers=(), kind="cut")


class Paragraphs:
    """The sets' paragraphs, to be searched by words and by meaning as the product does."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.topics = {pair.context: pair.topic for pair in pairs}
        self.texts = list(self.topics)
        self._embedder = MiniLM()
        # The beginning stands for the whole: embedding thousands of paragraphs takes minutes.
        self._vectors = self._embedder.embed_texts([text[:BEGINNING] for text in self.texts])
        self._counts = [Counter(terms(text)) for text in self.texts]
        self._lengths = np.array([sum(counts.values()) for counts in self._counts], float)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, counts in enumerate(self._counts):
            for term, times in counts.items():
                self._postings[term].append((number, times))

    def _words(self, question: str) -> np.ndarray:
        """BM25 of every paragraph."""
        scores = np.zeros(len(self.texts))
        norm = 1.2 * (0.25 + 0.75 * self._lengths / self._lengths.mean())
        for term in set(terms(question)):
            postings = self._postings.get(term, [])
            rarity = np.log(1 + (len(self.texts) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, times in postings:
                scores[number] += rarity * times * 2.2 / (times + norm[number])
        return scores

    def search(self, questions: list[str]) -> Iterator[list[str]]:
        """Yield each question's best paragraphs, by words and by meaning fused."""
        for question, vector in zip(questions, self._embedder.embed_texts(questions), strict=True):
            ranks = [
                np.argsort(np.argsort(-scores))
                for scores in (self._words(question), self._vectors @ vector)
            ]
            fused = sum(1 / (60 + rank) for rank in ranks)
            yield [self.texts[number] for number in np.argsort(-fused)[:60]]


def find_wrong(
    paragraphs: Paragraphs, pairs: list[Pair], generator: random.Random, *, same_topic: bool
) -> Iterator[Pair]:
    """Pair questions with what they find in place of their own paragraph."""
    kind = "same topic" if same_topic else "other topic"
    found = paragraphs.search([pair.question for pair in pairs])
    for pair, texts in zip(pairs, found, strict=True):
        wrong = [
            text
            for text in texts
            if text != pair.context
            and (paragraphs.topics[text] == pair.topic) == same_topic
            and not any(answer in text.lower() for answer in pair.answer_texts)
        ][:4]
        if wrong:
            # The best hit half of the time: what is met is what stands first.
            text = wrong[0] if generator.random() < 0.5 else generator.choice(wrong)  # noqa: PLR2004
            yield replace(pair, context=text, answers=(), kind=kind)


def make_negatives(pairs: list[Pair], seed: int) -> Iterator[Pair]:
    """Make every kind of negative from answerable pairs."""
    generator = random.Random(seed)  # noqa: S311
    squads = [pair for pair in pairs if pair.source.startswith("squad")]
    makers: dict[str, Callable[[Pair, random.Random], Pair | None]] = {"altered": alter, "cut": cut}
    for kind, make in makers.items():
        generator.shuffle(squads)
        made = (pair for one in squads if (pair := make(one, generator)))
        yield from (pair for pair, _ in zip(made, range(NEGATIVES[kind]), strict=False))
    titled = [pair for pair in pairs if pair.source in TITLED]
    paragraphs = Paragraphs(titled)
    for same_topic, kind in ((True, "same topic"), (False, "other topic")):
        asked = generator.sample(titled, min(NEGATIVES[kind], len(titled)))
        yield from find_wrong(paragraphs, asked, generator, same_topic=same_topic)
