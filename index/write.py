"""An answer and a language model → prose around its quotes, vouched for sentence by sentence.

ask → cut into sentences → vouch for each → show. The model is given the question and the quotes and
nothing else, and what it writes is shown only where the quotes that it cites bear it out. Nothing
that a model does or fails to do touches the answer that it writes for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.errors import WriterError
from index.types import Prose, WrittenSentence
from index.verify import join_quotes
from index.writing.cut import Cutter
from index.writing.gather import cite_quotes, gather_sources
from index.writing.marked import split_marks
from index.writing.patience import stream_patiently
from index.writing.prompt import CHARACTERS_A_TOKEN, build_prompt
from index.writing.smooth import find_smoothed
from index.writing.vouch import find_fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from index.conversation.refer import Turn
    from index.types import Answer
    from index.writing.model import Writer
    from index.writing.prompt import Prompt
    from index.writing.source import Source

NOTHING_WRITTEN = "the language model wrote nothing"
NOTHING_KEPT = "the language model wrote nothing that the quotes bear out"
ONE_SIDED = "the language model left out that the articles differ"
SMOOTHED = "difference_smoothed"
UNFINISHED, REPEATED, TOO_LONG = "unfinished", "repeated", "too_long"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much prose there may be.

    Attributes:
        sentences: that are kept.
        proposed: that are looked at.
        characters: of all that are kept.
        longest: the characters that one of them may have.
        seconds: how long it may take; None for what the model's setting says.
    """

    sentences: int = 3
    proposed: int = 8
    characters: int = 1_200
    longest: int = 600
    seconds: float | None = None


_LIMITS = Limits()


async def write_prose(
    answer: Answer, writer: Writer, *, turns: Sequence[Turn] = (), limits: Limits = _LIMITS
) -> AsyncGenerator[Prose, None]:
    """What ``writer`` writes for ``answer``: yielded whenever a sentence more is vouched for.

    The last that is yielded is final: it has sentences, or a note that says why there are none.
    An answer that is not grounded, or whose every quote gives a model orders, has nothing to write
    about: the model is not even asked, and nothing is yielded. Nothing is raised for what a model
    does. Close it (``contextlib.aclosing``) to stop early.
    """
    sources = {source.number: source for source in gather_sources(answer)}
    if not (answer.grounded and sources):
        return
    started = time.perf_counter()
    prompt = build_prompt(answer, turns=turns, most_sentences=limits.sentences)
    draft = _Draft(
        answer=answer,
        limits=limits,
        model=writer.name,
        prompt=prompt,
        sources=sources,
    )
    failure = None
    try:
        async with aclosing(_propose(draft, writer)) as sentences:
            async for sentence in sentences:
                # Reading takes milliseconds, of a strange sentence more: others are not held up.
                if await asyncio.to_thread(draft.take, sentence):
                    yield draft.read(note=None)
                if draft.is_full:
                    break
    except WriterError as error:
        failure = str(error)
    prose = draft.read(note=failure or draft.describe_nothing())
    _log(prose, failure, time.perf_counter() - started)
    yield prose


def with_prose(answer: Answer, prose: Prose) -> Answer:
    """``answer`` with ``prose``, which leads it where a sentence of it was kept."""
    if not (answer.grounded and prose.sentences):
        text = join_quotes(answer.quotes) if answer.grounded else answer.text
        return replace(answer, mode="extractive", text=text, prose=prose)
    return replace(answer, mode="written", text=join_sentences(prose.sentences), prose=prose)


def join_sentences(sentences: Iterable[WrittenSentence]) -> str:
    """Written sentences as one text, each with its citations' numbers."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.numbers)}"
        for sentence in sentences
    )


async def _propose(draft: _Draft, writer: Writer) -> AsyncGenerator[str, None]:
    """The sentences that the model writes, as each is whole; "" for one that breaks off."""
    cutter = Cutter()
    seconds = writer.seconds if draft.limits.seconds is None else draft.limits.seconds
    async with aclosing(stream_patiently(writer, draft.prompt, seconds=seconds)) as pieces:
        async for piece in pieces:
            draft.count(piece.text, piece.tokens)
            for sentence in cutter.feed(piece.text):
                yield sentence
            if cutter.is_full:
                return
    for sentence in cutter.finish():
        yield sentence


@dataclass(kw_only=True, slots=True)
class _Draft:
    """The prose so far."""

    answer: Answer
    limits: Limits
    model: str
    prompt: Prompt
    sources: Mapping[int, Source]
    kept: list[WrittenSentence] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    told: tuple[int, int] | None = None
    untold: int = 0

    @property
    def is_full(self) -> bool:
        proposed = len(self.kept) + len(self.dropped)
        return len(self.kept) >= self.limits.sentences or proposed >= self.limits.proposed

    @property
    def is_smoothed(self) -> bool:
        """Whether a difference is left out: nothing is shown then, or not yet."""
        texts = [sentence.text for sentence in self.kept]
        return find_smoothed(self.answer.differences, texts) is not None

    def count(self, text: str, tokens: tuple[int, int] | None) -> None:
        """Note how much the model wrote, and what it says of that so far."""
        if tokens and tokens != self.told:
            self.told, self.untold = tokens, 0
        self.untold += len(text)

    def take(self, sentence: str) -> bool:
        """Keep ``sentence`` if it may be shown; whether there is more to show now."""
        text, numbers = split_marks(sentence)
        if fault := self._find_fault(sentence, text):
            self.dropped.append(fault)
            return False
        cited = cite_quotes(self.answer, numbers)
        places = tuple(number - 1 for number in numbers)
        self.kept.append(WrittenSentence(text=text, numbers=cited, places=places))
        return not self.is_smoothed

    def _find_fault(self, sentence: str, text: str) -> str | None:
        if not sentence:
            return UNFINISHED
        if len(sentence) > self.limits.longest:
            return TOO_LONG
        if fault := find_fault(sentence, self.sources):
            return fault
        if any(text == one.text for one in self.kept):
            return REPEATED
        length = sum(len(one.text) for one in self.kept) + len(text)
        return TOO_LONG if length > self.limits.characters else None

    def read(self, *, note: str | None) -> Prose:
        """The prose so far; without any to show, ``note`` says why."""
        kept, dropped = self.kept, self.dropped
        if kept and self.is_smoothed:
            kept, dropped = [], [*dropped, *(SMOOTHED for _ in kept)]
        return Prose(
            sentences=tuple(kept),
            proposed=len(kept) + len(dropped),
            dropped=tuple(dropped),
            note=None if kept else note,
            model=self.model,
            tokens=self.tokens,
        )

    def describe_nothing(self) -> str:
        """Why there is no prose, where the model did not fail."""
        if self.kept:
            return ONE_SIDED
        return NOTHING_KEPT if self.dropped else NOTHING_WRITTEN

    @property
    def tokens(self) -> tuple[int, int]:
        """What the model says, and an estimate of what it has not told of."""
        asked = len(self.prompt.rules) + len(self.prompt.asked)
        read, written = self.told or (asked // CHARACTERS_A_TOKEN, 0)
        return read, written + self.untold // CHARACTERS_A_TOKEN


def _log(prose: Prose, failure: str | None, seconds: float) -> None:
    """Note what came of it, by reasons and counts: nothing that was asked or written."""
    reasons = ",".join(f"{why}:{times}" for why, times in sorted(Counter(prose.dropped).items()))
    _logger.info(
        "prose model=%s kept=%d proposed=%d dropped=%s tokens=%d/%d seconds=%.2f note=%r",
        prose.model,
        len(prose.sentences),
        prose.proposed,
        reasons or "none",
        *prose.tokens,
        seconds,
        failure or prose.note,
    )
