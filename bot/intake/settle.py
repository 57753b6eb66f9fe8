"""A draft → the Markdown file that the library reads as exactly this article.

What the library takes for a page's furniture is left out of the file, unless it speaks of what the
article does (``rescue``): such a line stands in the file and is not quoted. What the text itself
says of outlet, author, date and address is kept in the front matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.intake.days import latest_day
from bot.intake.draft import Draft, Refused, tidy, tidy_url, tidy_value
from bot.intake.rescue import rescue
from index.errors import ArticleError
from index.read import LARGEST_FILE, read_article
from index.types import Article

# Each round may only take away; texts of people take two.
MOST_ROUNDS = 12

_MARK = re.compile(r"(?:(?:#{2,6}|-|\d{1,2}[.)])\s+)+\Z")


def settle(draft: Draft, *, today: date | None = None) -> Draft:
    """Bring ``draft`` to what is read back from its file, and what is rescued beside that.

    Args:
        draft: the draft; what is None in it is filled in where its text says it.
        today: later days are not believed; by default the current day.

    Raises:
        Refused: the library finds no article in it.
    """
    today = today or latest_day()
    for _ in range(MOST_ROUNDS):
        text, starts = _write(draft, draft.retrieved or datetime.now(UTC))
        settled = _follow(draft, _read(text, today), starts)
        if settled == draft:
            return draft
        draft = settled
    raise Refused("its text cannot be kept: it is read in another way each time")


def write_draft(draft: Draft) -> str:
    """Write ``draft`` as a Markdown file with front matter."""
    return _write(draft, draft.retrieved or datetime.now(UTC))[0]


def _write(draft: Draft, retrieved: datetime) -> tuple[str, list[int]]:
    """The file's text, and where in it each paragraph starts."""
    import yaml

    known = {
        "title": draft.title,
        "outlet": draft.outlet,
        "byline": draft.byline,
        "published": draft.published,
        "url": draft.url,
        "retrieved": f"{retrieved.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    values = {name: value for name, value in known.items() if value is not None}
    front = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    # The headline stands above the text too, or the first subhead would be taken for it.
    text = f"---\n{front}---\n\n" + (f"# {draft.title}\n\n" if draft.title else "")
    starts = []
    for paragraph in draft.paragraphs:
        starts.append(len(text))
        text += f"{paragraph}\n\n"
    return text[:-1], starts


def _read(text: str, today: date) -> Article:
    data = text.encode()
    if len(data) > LARGEST_FILE:
        raise Refused(f"its text is larger than the {LARGEST_FILE // 1_000_000} MB of an article")
    try:
        return read_article(Path("draft.md"), corpus=Path(), data=data, today=today)
    except ArticleError as error:
        raise Refused(error.reason) from None


def _follow(draft: Draft, article: Article, starts: list[int]) -> Draft:
    """Keep of ``draft`` what was read, and fill in what the text told."""
    title = draft.title or tidy_value(article.title)
    if draft.title and article.title != draft.title:
        raise Refused("its headline cannot be kept as it is written")
    return replace(
        draft,
        title=title,
        outlet=draft.outlet or tidy_value(article.outlet),
        byline=draft.byline or tidy_value(article.byline),
        published=article.published,
        url=draft.url or tidy_url(article.url),
        paragraphs=tuple(_kept(draft, article, starts)),
    )


def _kept(draft: Draft, article: Article, starts: list[int]) -> list[str]:
    read = list(_read_back(draft, article, starts))
    found = [text is not None for text in read]
    return [
        text or paragraph
        for text, paragraph, kept in zip(
            read,
            draft.paragraphs,
            rescue(draft.paragraphs, found, site=draft.outlet or ""),
            strict=True,
        )
        if kept
    ]


def _read_back(draft: Draft, article: Article, starts: list[int]) -> Iterator[str | None]:
    """Each paragraph of the draft as it was read, None where it was not."""
    read = {paragraph.start: paragraph.end for paragraph in article.paragraphs}
    opened = sorted(read)
    at = 0
    for start, paragraph in zip(starts, draft.paragraphs, strict=True):
        while at < len(opened) and opened[at] < start:
            at += 1
        if at < len(opened) and opened[at] < start + len(paragraph):
            mark = article.text[start : opened[at]]
            body = article.text[opened[at] : read[opened[at]]]
            yield tidy((mark if _MARK.match(mark) else "") + body)
        else:
            yield None
