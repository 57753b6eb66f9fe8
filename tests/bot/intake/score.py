"""How well articles are told from the pages around them, page by page.

``python -m tests.bot.intake.score`` writes the table in docs/extraction.md anew.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.intake.confined import read_content
from bot.intake.draft import Draft, Refused

PAGES = Path(__file__).parent / "pages"
TABLE = Path(__file__).parents[3] / "docs" / "extraction.md"
BEGIN, END = "<!-- scores -->\n", "<!-- end -->\n"
TODAY = date(2026, 1, 1)
FIELDS = ("title", "outlet", "byline", "published", "url", "language")


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A page: which facts are right, and of the body's words, the shares found and rightly found.

    ``refusal`` is the line where there is no article; ``fields`` and shares are then of no use.
    ``is_right`` tells that nothing is wrong but what is known to be, "misses" in the page's JSON.
    """

    name: str
    fields: dict[str, bool]
    recall: float = 1.0
    precision: float = 1.0
    refusal: str | None = None
    is_right: bool = True


def expected(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return value


def page_names() -> list[str]:
    return sorted(file.stem for file in PAGES.glob("*.html"))


@cache
def read(name: str) -> Draft | str:
    """The draft on a page, or the line that refuses it."""
    content = (PAGES / f"{name}.html").read_bytes()
    try:
        found = read_content(content, kind="page", charset=None, address=None, today=TODAY)
    except Refused as error:
        return str(error)
    return found.drafts[0]


def bare(paragraph: str) -> str:
    return re.sub(r"\A(?:## |- )", "", paragraph)


def score(name: str) -> Score:
    wanted, found = expected(name), read(name)
    if isinstance(found, str):
        right = "refused" in wanted and wanted["refused"] in found
        return Score(name=name, fields={}, refusal=found, is_right=right)
    if "refused" in wanted:
        return Score(name=name, fields={}, is_right=False)
    fields = {field: _shown(getattr(found, field)) == wanted[field] for field in FIELDS}
    own = Counter(" ".join(map(bare, found.paragraphs)).split())
    theirs = Counter(" ".join(wanted["body"]).split())
    shared = (own & theirs).total()
    return Score(
        name=name,
        fields=fields,
        recall=shared / theirs.total(),
        precision=shared / max(1, own.total()),
        is_right=[name for name in FIELDS if not fields[name]] == wanted.get("misses", []),
    )


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def table() -> str:
    """The scores as Markdown."""
    scores = [score(name) for name in page_names()]
    lines = "".join(map(_row, scores))
    head = "".join(f" {field} |" for field in ("page", *FIELDS, "words found", "of them right"))
    rule = "|---" * (len(FIELDS) + 3)
    return f"|{head}\n{rule}|\n{lines}{_total(scores)}"


def _row(one: Score) -> str:
    if not one.fields:
        said = f"refused: {one.refusal}" if one.refusal else "taken for an article, which it is not"
        return f"| {one.name} | {said}{' |' * (len(FIELDS) + 2)}\n"
    marks = " ".join(f"{'yes' if one.fields[field] else 'no'} |" for field in FIELDS)
    return f"| {one.name} | {marks} {one.recall:.3f} | {one.precision:.3f} |\n"


def _total(scores: list[Score]) -> str:
    taken = [one for one in scores if one.fields]
    counts = " ".join(f"{sum(one.fields[field] for one in taken)} |" for field in FIELDS)
    recall = sum(one.recall for one in taken) / len(taken)
    precision = sum(one.precision for one in taken) / len(taken)
    return f"| **of {len(taken)} articles** | {counts} {recall:.3f} | {precision:.3f} |\n"


def parts() -> Iterator[str]:
    """The document before the table, in it, and after it."""
    before, _, rest = TABLE.read_text(encoding="utf-8").partition(BEGIN)
    shown, _, after = rest.partition(END)
    yield from (before, shown, after)


def main() -> None:
    before, _, after = parts()
    TABLE.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
