"""A story that many tests take in, as text, page and record."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import date

from bot.intake.draft import Draft

STORY = Draft(
    title="Town of Marrow Bay buys its own lighthouse",
    paragraphs=(
        (
            "The town of Marrow Bay has bought its lighthouse from the state for one dollar,"
            " the council said on Thursday, and will have to spend two million on its walls."
        ),
        (
            "The tower was built in 1871 and has stood dark since the coastguard moved its"
            " lamp to a mast on the breakwater eleven years ago."
        ),
        (
            "“We could not watch it fall into the sea,” said Ruth Alder, who led the"
            " campaign. “It is the first thing that our children learn to draw.”"
        ),
        (
            "Engineers found in spring that salt has eaten the iron stairs, and that the"
            " gallery leans by four centimetres towards the water."
        ),
        (
            "The council hopes to open the tower to visitors in three years. A ticket would"
            " cost six dollars, which is less than the ferry to the island."
        ),
    ),
    outlet="Marrow Bay Observer",
    byline="Dell Hargrove",
    published=date(2022, 9, 8),
    url="https://observer.example/news/lighthouse",
)


def make_page(
    body: Sequence[str] = STORY.paragraphs,
    *,
    head: str = "",
    title: str = STORY.title or "",
    lang: str = "en",
) -> str:
    """A page as newspapers make it: the story between a menu and a footer."""
    shown = "".join(f"<p>{html.escape(text)}</p>" for text in body)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{html.escape(title)}</title>'
        f'<meta property="og:type" content="article">{head}</head><body>'
        '<nav><a href="/">Home</a><a href="/sport">Sport</a></nav>'
        f"<article><h1>{html.escape(title)}</h1>{shown}</article>"
        '<footer><a href="/privacy">Privacy</a> © 2022 The publisher</footer></body></html>'
    )


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{html.escape(content)}">'


def make_record(**changes: object) -> dict[str, object]:
    """The story as a record of a dump."""
    return {
        "title": STORY.title,
        "body": "\n\n".join(STORY.paragraphs),
        "source": STORY.outlet,
        "author": STORY.byline,
        "published_at": "2022-09-08T06:00:00Z",
        "url": STORY.url,
        **changes,
    }


def make_dump(*records: object) -> bytes:
    return json.dumps(records or [make_record()], ensure_ascii=False).encode()
