"""Pages written for the tests, each line marked with what it is.

``T`` the headline, ``+`` the article's own words, ``H`` a subhead, ``C`` a caption, ``-`` the
page's furniture. A ``‖`` parts what is to be kept on a line from the credit behind it. Lines with
``@`` stand above the page and say what it tells of itself: ``@ outlet: one form|another``; what is
left empty, it does not tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page as it would be scraped, and where each of its lines belongs, by its mark.

    ``told`` holds the accepted forms of what the page tells of itself, by field.
    """

    name: str
    text: str
    lines: tuple[tuple[str, int, int], ...]
    told: dict[str, list[str]] = field(default_factory=dict)

    def spans(self, mark: str) -> list[tuple[int, int]]:
        return [(start, end) for line, start, end in self.lines if line == mark and start < end]


def read_page(path: Path, *, newline: str = "\n") -> Page:
    text, lines, told = "", [], {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[0] == "@":
            name, _, forms = line[2:].partition(":")
            told[name] = [form for form in forms.strip().split("|") if form]
            continue
        kept, _, credit = line[2:].partition("‖")
        lines.append((line[0], len(text), len(text) + len(kept.rstrip())))
        text += kept
        if credit:
            lines.append(("-", len(text), len(text) + len(credit)))
        text += credit + newline
    return Page(name=path.stem, text=text, lines=tuple(lines), told=told)


def read_pages() -> list[Page]:
    return [read_page(path) for path in sorted(PAGES.glob("*.page"))]
