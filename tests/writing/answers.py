"""Answers to write prose for, and a writer that needs no server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date

from index.follow_up import Turn
from index.types import Answer, Citation, Difference, DifferingValue, Prose, Quote, Searched
from index.write import Limits, write_prose
from index.writing.model import Piece, Writer

FLOOD = (
    "The river Orle flooded the old town of Velden on Tuesday, the fire brigade said.",
    "At least 12 people died in the flood, said Mayor Ines Kolbe.",
    "“We did not order an evacuation,” Kolbe told reporters.",
)
"""What three articles say of one event."""

SEARCHED = Searched(articles=3, passages=9, earliest=None, latest=None, generation=1)


def make_answer(
    *texts: str,
    question: str = "What happened in Velden?",
    numbers: Sequence[int] = (),
    differences: tuple[Difference, ...] = (),
    understood: str | None = None,
) -> Answer:
    """A grounded answer of these quotes; ``numbers`` are the citations that they share."""
    texts = texts or FLOOD
    numbers = numbers or range(1, len(texts) + 1)
    quotes = tuple(
        Quote(
            number=number,
            text=text,
            article=f"{number}.txt",
            start=10,
            end=10 + len(text),
            paragraph=2,
        )
        for number, text in zip(numbers, texts, strict=True)
    )
    citations = tuple(
        Citation(
            number=number,
            article=f"{number}.txt",
            title="Flood in Velden",
            outlet="Orle Courier" if number == 1 else None,
            published=date(2024, 5, 7) if number == 1 else None,
            url=None,
        )
        for number in sorted(set(numbers))
    )
    return Answer(
        question=question,
        text=" ".join(f"“{quote.text}” [{quote.number}]" for quote in quotes),
        grounded=True,
        confidence=0.9,
        searched=SEARCHED,
        quotes=quotes,
        citations=citations,
        differences=differences,
        understood=understood,
    )


def differing(*sides: tuple[str, int]) -> tuple[Difference, ...]:
    """A difference of these values, each with its citation."""
    values = tuple(
        DifferingValue(value=value, said_by=None, number=number) for value, number in sides
    )
    return (Difference(about="people", values=values),)


@dataclass
class Typist:
    """A writer that writes what it is given; remembers what it was asked."""

    text: str
    size: int = 5
    name: str = "typist/1"
    seconds: float = 5.0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def prepare(self) -> None:
        """Nothing takes long here."""

    async def stream(self, rules: str, asked: str) -> AsyncIterator[Piece]:
        self.asked.append((rules, asked))
        for start in range(0, len(self.text), self.size):
            yield Piece(text=self.text[start : start + self.size])


async def read_proses(
    answer: Answer, writer: Writer, *, turns: Sequence[Turn] = (), limits: Limits | None = None
) -> list[Prose]:
    """Everything that is shown while the prose is written, the last being final."""
    proses = write_prose(answer, writer, turns=turns, limits=limits or Limits())
    async with aclosing(proses):
        return [prose async for prose in proses]
