"""Articles that nobody should write, and answers from them."""

from __future__ import annotations

from datetime import date
from typing import Any

from index.types import (
    Answer,
    Article,
    Citation,
    Difference,
    DifferingValue,
    Paragraph,
    Place,
    Quote,
)
from tests.bot.examples import SEARCHED

VILE = (
    "@everyone <@1> **b** _i_ [x](https://evil.example) `c` ||s|| \u202e\u200bשלום 😀 :smile: "
    "discord.gg/abc <t:1:R> e\u0301\u0301\u0301\u0301\u0301\u0301 \\ > # - 1. "
)
"""About 110 characters of all that a message must not act on."""


def vile(length: int) -> str:
    """So many characters of it; no white space at the ends."""
    return (VILE * (length // len(VILE) + 1))[: length - 1] + "x"


def vile_quote(length: int, number: int = 1, also: int = 0) -> Quote:
    return Quote(
        number=number,
        text=vile(length),
        article=f"{number}.txt",
        start=7,
        end=7 + length,
        paragraph=1,
        # It ends between two letters, not between the marks on one.
        answer_span=(7, 8 + length // 2 // len(VILE) * len(VILE)),
        also=tuple(
            Place(number=number + 1 + other, article="x", start=0, end=1) for other in range(also)
        ),
    )


def vile_citation(number: int, length: int = 10_000, url_length: int = 400) -> Citation:
    return Citation(
        number=number,
        article=f"{number}.txt",
        title=vile(length),
        outlet=vile(length),
        published=date(2024, 10, 30),
        url="https://ok.example/" + "y" * url_length,
    )


def vile_answer(
    lengths: list[int], *, sides: int = 0, also: int = 0, grounded: bool = True
) -> Answer:
    """An answer with quotes of these lengths, and two differences of so many ``sides``."""
    quotes = tuple(
        vile_quote(length, number, also) for number, length in enumerate(lengths, start=1)
    )
    value, said_by = vile(200), vile(10_000)
    values = tuple(
        DifferingValue(value=value, said_by=said_by, number=1 + side % 50) for side in range(sides)
    )
    differences = tuple(
        Difference(about=vile(10_000), values=values) for _ in range(2 * bool(sides))
    )
    fields: dict[str, Any] = {
        "question": vile(5000),
        "text": vile(5000),
        "grounded": grounded,
        "confidence": 0.9,
        "searched": SEARCHED,
        "quotes" if grounded else "nearest": quotes,
        "citations": tuple(map(vile_citation, range(1, 120))),
        "differences": differences if grounded else (),
    }
    return Answer(**fields)


def vile_article(paragraphs: list[int]) -> Article:
    """An article with paragraphs of these lengths and nothing good in any field."""
    text = ""
    spans = []
    for number, length in enumerate(paragraphs):
        spans.append(
            Paragraph(
                start=len(text),
                end=len(text) + length,
                kind=("text", "heading", "caption")[number % 3],  # type: ignore[arg-type]
            )
        )
        text += vile(length) + "\n\n"
    return Article(
        path="a.txt",
        text=text,
        title=vile(10_000),
        paragraphs=tuple(spans),
        outlet=vile(10_000),
        byline=vile(10_000),
        published=None,
        url="https://ok.example/" + "y" * 400,
    )
