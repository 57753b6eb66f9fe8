"""A PDF → the article in it: its lines put together to paragraphs again."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.intake.draft import Draft, Refused, tidy, tidy_value
from index.clean import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_PAGES = 100
# In characters, of all pages; what a stream is unpacked to, pypdf limits itself.
LONGEST_TEXT = 900_000
# A line that ends before this share of the usual width ends its paragraph.
FULL_LINE = 0.8
# A page's head or foot stands on this share of the pages, in the first or last lines of each.
REPEATED, EDGE_LINES = 0.5, 2

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_ENDS = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\Z")
_HYPHEN = re.compile(r"(?P<head>[^\W\d_]{2,})[-\u2010]\Z")
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|стор\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|з)\s*\d{1,4})?\W*", re.IGNORECASE
)


def read_pdf(content: bytes) -> Draft:
    """Read the article in the PDF ``content``; its metadata are mostly its maker's, not its own.

    Raises:
        Refused: it is broken, locked, or holds no text.
    """
    pages, stated = _read(content)
    lines = _without_edges(pages)
    paragraphs = tuple(_join(lines))
    if not any(any(map(str.isalpha, paragraph)) for paragraph in paragraphs):
        raise Refused("there is no text in this PDF (its pages may be pictures)")
    title = _title(stated, paragraphs)
    kept = [part for part in paragraphs if title is None or part.casefold() != title.casefold()]
    return Draft(paragraphs=tuple(kept) or paragraphs, title=title)


def _read(content: bytes) -> tuple[list[list[str]], str | None]:
    """The lines of each page, and the title in the metadata."""
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        _unlock(reader)
        pages = [text.splitlines() for text in _texts(reader)]
        stated = tidy_value(getattr(reader.metadata, "title", None))
    except (PyPdfError, *BROKEN) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("this PDF is broken and cannot be read") from None
    return pages, stated


# What pypdf lets out of itself for a file that is not as it should be.
BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    ImportError,
    OSError,
    EOFError,
)


def _unlock(reader: Any) -> None:  # noqa: ANN401
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("this PDF is locked with a password")


def _texts(reader: Any) -> Iterator[str]:  # noqa: ANN401
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise Refused(f"a PDF of {count:,} pages is no article; the most is {MOST_PAGES}")
    length = 0
    for page in reader.pages:
        text = page.extract_text().translate(_LIGATURES)
        length += len(text)
        if length > LONGEST_TEXT:
            raise Refused("this PDF holds more text than an article has")
        yield text


def _without_edges(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of all pages, without heads, feet and page numbers."""
    bare = [[tidy(line) for line in page] for page in pages]
    bare = [_strip(page) for page in bare]
    edges: Counter[str] = Counter()
    for page in bare:
        edges.update({_shape(line) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])})
    often = {
        shape for shape, times in edges.items() if times > 1 and times > REPEATED * len(bare) - 1
    }
    return [line for page in bare for line in _inner(page, often)]


def _strip(page: list[str]) -> list[str]:
    while page and not page[0]:
        page = page[1:]
    while page and not page[-1]:
        page = page[:-1]
    return page


def _inner(page: Sequence[str], often: set[str]) -> Iterator[str]:
    for at, line in enumerate(page):
        edge = at < EDGE_LINES or at >= len(page) - EDGE_LINES
        if not (edge and line and (_shape(line) in often or _NUMBER.fullmatch(line))):
            yield line


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line.casefold())


def _join(lines: Sequence[str]) -> Iterator[str]:
    """Put lines together to paragraphs: one goes on where its last line is full."""
    width = _width(lines)
    whole, text = " ".join(lines), ""
    last = ""
    for line in lines:
        if text and (not line or not _goes_on(last, line, width)):
            yield text
            text = ""
        text = _add(text, line, whole) if line else text
        last = line
    if text:
        yield text


def _width(lines: Sequence[str]) -> int:
    """The usual length of a full line."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 3 // 4] if lengths else 0


def _goes_on(last: str, line: str, width: int) -> bool:
    if line[:1].islower() or _HYPHEN.search(last):
        return True
    return len(last) >= FULL_LINE * width and not (_ENDS.search(last) and len(last) < 0.9 * width)


def _add(text: str, line: str, whole: str) -> str:
    """Add a line; a word that was parted for the line's sake is put together again."""
    parted = _HYPHEN.search(text)
    first = re.match(r"[^\W\d_]+", line)
    if parted and first and first[0][0].islower():
        compound = f"{parted['head']}-{first[0]}"
        kept = compound.casefold() in whole.casefold()
        return (text if kept else text[: parted.end("head")]) + line
    return f"{text} {line}".strip()


def _title(stated: str | None, paragraphs: Sequence[str]) -> str | None:
    """The title in the metadata if the text shows it; else the headline that the text has."""
    opening = " ".join(paragraphs[:6]).casefold()
    if stated and stated.casefold() in opening:
        return stated
    return tidy_value(clean_text("\n\n".join(paragraphs)).title)
