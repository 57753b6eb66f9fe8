"""What is taken in, before it is a file: an article's text and what is known of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from index.errors import PullquoteError

LARGEST_CONTENT = 25_000_000
"""In bytes: what is larger is no article, nor a dump that one wants to wait for."""

NO_ARTICLE = "no article was found on this page"

# Front matter holds no longer value, in characters.
LONGEST_VALUE = 300
LONGEST_URL = 500

# What is no part of any text: control characters but white space, marks that turn the reading
# direction or cannot be seen, lone surrogates, non-characters. The joiners of Arabic, Indic
# scripts and emoji stay.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])", re.IGNORECASE)


def describe_too_large(size: int) -> str:
    """Say that so many bytes are too many."""
    largest = LARGEST_CONTENT // 1_000_000
    return f"{size / 1e6:.1f} MB, more than the {largest} MB that are taken in"


class Refused(PullquoteError):
    """Something is not taken in; the line says why, without naming it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An article that is not yet in the corpus; what is not evident is None, never guessed.

    ``paragraphs`` are lines of Markdown, in order: a subhead begins with "## ", a list's item with
    "- ", all else is text as it stands. ``language`` is a code such as "de". ``retrieved`` is when
    it was taken in; without it, when it is saved.
    """

    paragraphs: tuple[str, ...]
    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    retrieved: datetime | None = None

    def __post_init__(self) -> None:
        lines = (*self.paragraphs, self.title, self.outlet, self.byline, self.url)
        if any(line is not None and line != tidy(line) for line in lines) or "" in lines:
            raise ValueError("a draft is made of tidy lines")


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """What was found in a file: drafts, and a line for each thing in it that is none."""

    drafts: tuple[Draft, ...] = ()
    refused: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """Make ``text`` one line, composed (NFC), without characters that are no text."""
    return " ".join(_NO_TEXT.sub("", unicodedata.normalize("NFC", text)).split())


def tidy_value(text: object) -> str | None:
    """Make a value of ``text``, if it is one, and no longer than a value may be."""
    line = tidy(text) if isinstance(text, str) else ""
    return line if any(map(str.isalnum, line)) and len(line) <= LONGEST_VALUE else None


def tidy_url(text: object) -> str | None:
    """Make an address of the web of ``text``, without what only names a place on the page."""
    line = text.strip().partition("#")[0] if isinstance(text, str) else ""
    usable = re.fullmatch(r"https?://[^\s<>\"\\^`{|}\x00-\x20\x7f-\x9f]+", line, re.IGNORECASE)
    return line if usable and line == tidy(line) and len(line) <= LONGEST_URL else None


def tidy_language(text: object) -> str | None:
    """Make a language's code of such a thing as "de-AT"."""
    found = _LANGUAGE.match(text.strip()) if isinstance(text, str) else None
    return found[0].lower() if found else None
