"""A short story that the tests of cleaning put other things around."""

from __future__ import annotations

from index.clean import Body, clean_text

LEAD = "The harbor town of Tarsk lost its only bridge on Friday when ice broke two of its pillars."
NEXT = (
    "Nobody was hurt, the mayor said, but 3,000 people on the far bank cannot reach the hospital."
)
LAST = "Engineers hope to open a floating bridge within two weeks if the weather stays calm enough."
PARAGRAPHS = (LEAD, NEXT, LAST)
ALL = "\n".join(PARAGRAPHS)


def kinds(text: str, body: Body) -> list[tuple[str, str]]:
    return [(part.kind, text[part.start : part.end]) for part in body.paragraphs]


def quotable(text: str) -> str:
    body = clean_text(text)
    return "\n".join(words for kind, words in kinds(text, body) if kind != "heading")
