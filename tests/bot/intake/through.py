"""A file through everything that reads it, in this process: extraction, and then the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.escape import clean_block
from bot.intake.confined import read_content
from bot.intake.draft import Draft, Refused
from bot.intake.extract import find_kind
from bot.intake.settle import settle, write_draft
from index.errors import ArticleError
from index.read import read_article
from index.types import Article

TODAY = date(2026, 1, 1)


def go_through(name: str, content: bytes) -> int | str:
    """Read a file as ``pullquote add`` does, and each article again as ``pullquote index`` does.

    Returns:
        How many articles came of it, or the line that refuses it. Whatever else is raised is a
        defect, as is an article that is not read as it was saved.
    """
    try:
        kind = find_kind(content, name=name)
        if name.endswith((".txt", ".md")):
            read(content)
            return 1
        found = read_content(content, kind=kind, charset=None, address=None, today=TODAY)
        return sum(map(comes_back, found.drafts))
    except (Refused, ArticleError) as error:
        return str(error)


def read(content: bytes) -> Article:
    return read_article(Path("a.md"), corpus=Path(), data=content, today=TODAY)


def comes_back(draft: Draft) -> bool:
    """Whether there is an article in the draft; it is then read back as it was written."""
    try:
        settled = settle(draft, today=TODAY)
    except Refused:
        return False
    article = read(write_draft(settled).encode())
    kept = [article.text[part.start : part.end] for part in article.paragraphs]
    lines = iter(settled.paragraphs)
    # What was rescued stands between what is read, and is not.
    wrong = [text for text in kept if not any(line.endswith(text) for line in lines)]
    assert (wrong, list(lines)) == ([], [])
    assert settled.title in {None, article.title}
    assert article.outlet == settled.outlet
    assert article.text == clean_block(article.text)
    return True
