"""A corpus folder → its articles; a file → an Article, or an error that says why not."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from index.clean import clean_text, shorten
from index.errors import ArticleError, CorpusError
from index.pages.dates import parse_date
from index.pages.evidence import find_evidence
from index.pages.frontmatter import FrontMatter, read_front_matter
from index.split import split_sentences
from index.types import Article

SUFFIXES = frozenset({".txt", ".md"})
# No news article is larger, in bytes; nor has it longer lines, in characters, or more of them.
LARGEST_FILE = 1_000_000
LONGEST_LINE = 100_000
MOST_LINES = 10_000
# More control characters than this share, and it is no text.
CONTROL_SHARE = 0.002
# A file that is UTF-8 but for a few broken bytes is still read as UTF-8.
BROKEN_SHARE = 0.01

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_README = re.compile(r"readme(?![a-z])", re.IGNORECASE)
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FOREIGN = (
    (b"%PDF-", "a PDF, not text"),
    (b"{\\rtf", "a rich text document, not text"),
    (b"PK\x03\x04", "an archive or office document, not text"),
    (b"\x89PNG", "an image, not text"),
    (b"GIF8", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"\x1f\x8b", "a compressed file, not text"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Decoded:
    text: str
    notes: tuple[str, ...] = ()


def _display(path: str) -> str:
    """``path`` on one line, whatever bytes it is made of."""
    shown = path.encode("utf-8", "backslashreplace").decode()
    return "".join(mark if mark.isprintable() else f"\\x{ord(mark):02x}" for mark in shown)


def _relative(path: Path, corpus: Path) -> str:
    return path.relative_to(corpus).as_posix() if path.is_relative_to(corpus) else path.as_posix()


def _reason(error: OSError) -> str:
    return (error.strerror or "cannot be opened").lower()


def _is_named_like_article(name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return suffix in SUFFIXES and not name.startswith(".") and not _README.match(name)


def _why_not(path: Path, corpus: Path) -> str | None:
    """Why the thing at ``path``, named like an article, cannot be one."""
    name = path.as_posix()
    if any(not mark.isprintable() for mark in name):
        return "the file's name cannot be shown on one line; rename it"
    try:
        mode = path.stat().st_mode
        if path.is_symlink() and not path.resolve().is_relative_to(corpus.resolve()):
            return "a link that leads out of the corpus; copy the file instead"
    except FileNotFoundError:
        return "a broken link" if path.is_symlink() else "no such file"
    except OSError as error:
        return _reason(error)
    if stat.S_ISDIR(mode):
        return "a folder, not a file"
    return None if stat.S_ISREG(mode) else "not a regular file"


def _check_corpus(corpus: Path) -> None:
    try:
        if not corpus.exists():
            raise CorpusError(f"no corpus folder at {corpus}: create it and put articles in it")
        if not corpus.is_dir():
            raise CorpusError(f"the corpus {corpus} is not a folder: name the folder of articles")
        os.scandir(corpus).close()
    except OSError as error:
        raise CorpusError(f"the corpus folder {corpus} cannot be read: {_reason(error)}") from error


def find_articles(corpus: Path) -> tuple[tuple[Path, ...], tuple[ArticleError, ...]]:
    """Find every article file below ``corpus``, by name, and what only looks like one.

    Hidden files and folders, and README files, are passed over; linked folders are not followed.

    Raises:
        CorpusError: the folder is missing, no folder, or unreadable.
    """
    _check_corpus(corpus)
    paths: list[Path] = []
    errors: list[ArticleError] = []

    def report(error: OSError) -> None:
        folder = _relative(Path(error.filename), corpus)
        errors.append(ArticleError(_display(folder), f"cannot be listed: {_reason(error)}"))

    for folder, folders, files in os.walk(corpus, onerror=report):
        named = [name for name in [*folders, *files] if _is_named_like_article(name)]
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in named):
            if reason := _why_not(path, corpus):
                errors.append(ArticleError(_display(_relative(path, corpus)), reason))
            else:
                paths.append(path)
    paths.sort(key=lambda path: _relative(path, corpus))
    errors.sort(key=lambda error: error.path)
    return tuple(paths), tuple(errors)


def _read_bytes(path: Path, corpus: Path, name: str) -> bytes:
    if reason := _why_not(path, corpus):
        raise ArticleError(name, reason)
    try:
        size = path.stat().st_size
        _check_size(size, name)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ArticleError(name, _reason(error)) from error


def _check_size(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        largest = LARGEST_FILE // 1_000_000
        reason = f"{size / 1_000_000:.1f} MB, more than the {largest} MB an article may have"
        raise ArticleError(name, reason)


def _decode(data: bytes, name: str) -> _Decoded:
    """Decode ``data``, with a note if it is not plain UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return _Decoded(
                    text=data.decode(encoding), notes=(f"not UTF-8, read as {encoding.upper()}",)
                )
            except UnicodeDecodeError:
                raise ArticleError(name, f"marked as {encoding.upper()}, but is not") from None
    if b"\x00" in data:
        raise ArticleError(name, "binary, not text: it holds NUL bytes")
    try:
        return _Decoded(text=data.decode("utf-8"))
    except UnicodeDecodeError:
        return _decode_other(data, name)


def _decode_other(data: bytes, name: str) -> _Decoded:
    """Decode what is not UTF-8: as UTF-8 with a few broken bytes, or as windows-1252."""
    patched = data.decode("utf-8", "replace")
    broken = patched.count("\ufffd")
    whole = sum(mark > "\x7f" for mark in patched) - broken
    mostly = broken <= BROKEN_SHARE * len(patched)
    note = f"not quite UTF-8, {broken} broken characters read as \ufffd"
    if mostly and whole > broken:
        return _Decoded(text=patched, notes=(note,))
    try:
        return _Decoded(text=data.decode("cp1252"), notes=("not UTF-8, read as windows-1252",))
    except UnicodeDecodeError:
        if mostly:
            return _Decoded(text=patched, notes=(note,))
        raise ArticleError(name, "neither UTF-8 nor windows-1252; save it as UTF-8") from None


def _check_text(text: str, name: str) -> None:
    if not any(map(str.isalnum, text)):
        raise ArticleError(name, "empty" if not text.strip("\ufeff").strip() else "holds no words")
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > CONTROL_SHARE * len(text) or "\x00" in text:
        raise ArticleError(name, "binary, not text")
    if re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.IGNORECASE):
        raise ArticleError(name, "a web page or XML, not text; save its text")
    lines = text.splitlines()
    longest = max(map(len, lines), default=0)
    if longest > LONGEST_LINE:
        raise ArticleError(name, f"a line of {longest:,} characters is no paragraph of an article")
    if len(lines) > MOST_LINES:
        raise ArticleError(name, f"{len(lines):,} lines, more than an article has")


def _to_text(data: bytes, name: str) -> _Decoded:
    _check_size(len(data), name)
    if not data.strip():
        raise ArticleError(name, "empty")
    for start, reason in _FOREIGN:
        if data.startswith(start):
            raise ArticleError(name, reason)
    decoded = _decode(data, name)
    _check_text(decoded.text, name)
    return decoded


def _stated_day(front: FrontMatter, today: date) -> tuple[date | None, tuple[str, ...]]:
    """The date in the front matter, with a note if it cannot be one."""
    stated = front.values.get("published")
    if stated is None:
        return None, ()
    day = parse_date(stated.replace("T", " ", 1) if stated[:4].isdigit() else stated)
    if day is None:
        return None, (f"front matter: published is no date that can be read: {stated[:40]}",)
    if day > today:
        return None, (f"front matter: published lies in the future, ignored: {day}",)
    return day, ()


def read_article(
    path: Path, *, corpus: Path, data: bytes | None = None, today: date | None = None
) -> Article:
    """Read the file at ``path``, below ``corpus``, as an Article.

    Args:
        path: the file.
        corpus: the folder that the article's path is relative to.
        data: the file's bytes, if they were read already.
        today: dates after this day are not believed; the current day, everywhere on earth, if None.

    Raises:
        ArticleError: the file cannot be read, is no text, too large, or holds no article.
    """
    name = _display(_relative(path, corpus))
    decoded = _to_text(_read_bytes(path, corpus, name) if data is None else data, name)
    text = decoded.text
    today = today or (datetime.now(UTC) + timedelta(hours=14)).date()
    front = read_front_matter(text)
    body = clean_text(text, front.end)
    if not body.paragraphs:
        raise ArticleError(name, "no running text found in it")
    found = find_evidence(text, body.paragraphs, start=front.end, title=body.title, today=today)
    published, notes = _stated_day(front, today)
    stated = front.values
    return Article(
        path=name,
        text=text,
        title=stated.get("title")
        or body.title
        or _first_sentence(text, body.paragraphs[0].start)
        or path.stem,
        paragraphs=body.paragraphs,
        outlet=stated.get("outlet") or found.outlet,
        byline=stated.get("byline") or found.byline,
        published=published if "published" in stated else found.published,
        url=stated.get("url") or found.url,
        notes=(*decoded.notes, *front.notes, *notes),
    )


def _first_sentence(text: str, start: int) -> str:
    spans = split_sentences(text, start, min(len(text), start + 2_000))
    return shorten(text[slice(*spans[0])]) if spans else ""
