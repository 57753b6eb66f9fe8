"""Files of every format, and what becomes of them when they are damaged, cut and joined."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from tests.bot.intake.papers import make_pdf, story_pdf, wrap
from tests.bot.intake.texts import STORY, make_dump, make_page, make_record

PAGES = Path(__file__).parent / "pages"

TOKENS = (
    b"\x00",
    b"\xff\xfe",
    b"\xf0\x9f\x8e\x88",
    b"\xe2\x80\xae",
    b"\x1b[2J",
    b"\r\n\r\n",
    b"---\n",
    b"---\ntitle: &a [*a]\n---\n",
    b">>> [1] ",
    b"<p>",
    b"</article>",
    b"<div>" * 50,
    b"<br><br>" * 30,
    b"<table><tr><td>",
    b"<script type='application/ld+json'>{",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&#0;&#x110000;&a;",
    b"<![CDATA[",
    b"<!--",
    b'"',
    b"{" * 60,
    b"[" * 60,
    b'{"@type": "NewsArticle", "author": ',
    b"1e999",
    b"\\ud800",
    b"NaN",
    b"endobj",
    b"<< /Length -1 >>",
    b"/Filter /FlateDecode",
    b"stream\n",
    b"9999999999",
    b"0 0 0 0 0 Tm (x) Tj",
    b"*" * 80,
    b"# ",
    b"> " * 40,
    b"[a](" * 30,
    b"- " * 40,
    b"Mr. " * 60,
)


def seeds() -> list[tuple[str, bytes]]:
    """Whole files by name, some of every format; the text comes in both of its own."""
    text = "\n\n".join([STORY.title or "", "By Dell Hargrove", *STORY.paragraphs])
    front = "---\ntitle: A headline\nurl: https://a.example/b\npublished: 2022-09-08\n---\n"
    lines = [STORY.title or "", *wrap(STORY.paragraphs)]
    records = [json.dumps(make_record()), json.dumps({"a": [{}]})]
    pages = [(path.name, path.read_bytes()) for path in sorted(PAGES.glob("*.html"))]
    return [
        *pages,
        ("story.html", make_page().encode()),
        *[("story.pdf", story_pdf()), ("packed.pdf", make_pdf([lines, lines], packed=True))] * 4,
        *[("dump.json", make_dump(make_record())), ("dump.jsonl", "\n".join(records).encode())] * 3,
        *[("story.txt", text.encode()), ("story.md", (front + f"# {text}").encode())] * 4,
    ]


def mutate(seed: int, *, most_copies: int = 400) -> tuple[str, bytes]:
    """Damage a file, in a way that follows from ``seed`` alone.

    Returns:
        Its name and content.
    """
    chance = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing
    files = seeds()
    name, content = chance.choice(files)
    if chance.random() < 0.02:
        content = chance.choice(files)[1]
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        content = chance.choice(DAMAGES)(content, chance, most_copies)
    return name, content


def _place(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


def _span(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = _place(content, chance)
    return start, min(len(content), start + int(chance.expovariate(1 / 60)))


def _flip(content: bytes, chance: random.Random, _: int) -> bytes:
    changed = bytearray(content)
    for _number in range(chance.choice((1, 3, 30)) if content else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random, _: int) -> bytes:
    start, end = _span(content, chance)
    return content[:start] + content[end:]


def _end(content: bytes, chance: random.Random, _: int) -> bytes:
    return content[: _place(content, chance)]


def _insert(content: bytes, chance: random.Random, _: int) -> bytes:
    at = _place(content, chance)
    return content[:at] + chance.choice(TOKENS) + content[at:]


def _repeat(content: bytes, chance: random.Random, most_copies: int) -> bytes:
    start, end = _span(content, chance)
    times = chance.choice((2, 10, most_copies))
    return (content[:end] + content[start:end] * times + content[end:])[:3_000_000]


def _swell(content: bytes, chance: random.Random, most_copies: int) -> bytes:
    at = _place(content, chance)
    return content[:at] + chance.choice(TOKENS) * most_copies + content[at:]


def _join(content: bytes, chance: random.Random, _: int) -> bytes:
    _name, other = chance.choice(seeds())
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def _move(content: bytes, chance: random.Random, _: int) -> bytes:
    start, end = _span(content, chance)
    rest = content[:start] + content[end:]
    at = _place(rest, chance)
    return rest[:at] + content[start:end] + rest[at:]


DAMAGES: tuple[Callable[[bytes, random.Random, int], bytes], ...] = (
    _flip,
    _cut,
    _end,
    _insert,
    _insert,
    _repeat,
    _swell,
    _join,
    _move,
)
