"""Pages written for the tests, each line marked with what it is.

``T`` the headline, ``+`` the article's own words, ``H`` a subhead, ``C`` a caption, ``-`` the
page's furniture. A ``‖`` parts what is to be kept on a line from the credit behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page as it would be scraped, and where each of its lines belongs, by its mark."""

    name: str
    text: str
    lines: tuple[tuple[str, int, int], ...]

    def spans(self, mark: str) -> list[tuple[int, int]]:
        return [(start, end) for line, start, end in self.lines if line == mark and start < end]


def read_page(path: Path, *, newline: str = "\n") -> Page:
    text, lines = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        kept, _, credit = line[2:].partition("‖")
        lines.append((line[0], len(text), len(text) + len(kept.rstrip())))
        text += kept
        if credit:
            lines.append(("-", len(text), len(text) + len(credit)))
        text += credit + newline
    return Page(name=path.stem, text=text, lines=tuple(lines))


def read_pages() -> list[Page]:
    return [read_page(path) for path in sorted(PAGES.glob("*.page"))]
