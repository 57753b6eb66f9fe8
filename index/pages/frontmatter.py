"""The front matter of a text file: YAML between two ``---`` lines at the top."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = frozenset({"title", "outlet", "byline", "published", "url"})
_ALSO = {"author": "byline", "authors": "byline", "date": "published", "headline": "title"}
# More than this, in characters, is no front matter.
LARGEST = 5_000
# PyYAML's time grows with the square of the depth.
MOST_BRACKETS = 100
_LONGEST_VALUE = 500

_OPEN = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_LINE = re.compile(r"^([A-Za-z]+)[ \t]*:[ \t]*(\S[^\r\n]*)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontMatter:
    """What the front matter says: ``values`` by key; ``end`` is where the text begins."""

    values: Mapping[str, str] = field(default_factory=dict)
    end: int = 0
    notes: tuple[str, ...] = ()


def _by_line(block: str) -> dict[object, object]:
    return {key: value.strip().strip("\"'") for key, value in _LINE.findall(block)}


def _clean(value: object) -> str | None:
    """The text of a value that is one, or of a list of such."""
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        value = ", ".join(texts) if len(texts) == len(value) else None
    if not isinstance(value, str):
        return None
    line = " ".join(value.split())
    return line if line and len(line) <= _LONGEST_VALUE and line not in {"~", "null"} else None


def _choose(found: Mapping[object, object]) -> tuple[dict[str, str], tuple[str, ...]]:
    values: dict[str, str] = {}
    notes = []
    for key, value in found.items():
        name = str(key).lower() if isinstance(key, str) else ""
        name = _ALSO.get(name, name)
        if name not in KEYS or name in values:
            continue
        if text := _clean(value):
            values[name] = text
        elif value not in ("", None):
            notes.append(f"front matter: {name} is not a line of text, ignored")
    return values, tuple(notes)


def _read_by_line(block: str, end: int, error: Exception) -> FrontMatter:
    """What is not YAML may still hold "title: …" lines; if not, it is text between two rules."""
    values, _ = _choose(_by_line(block))
    if not values:
        return FrontMatter()
    line = getattr(getattr(error, "problem_mark", None), "line", None)
    where = "" if line is None else f" (line {line + 2})"
    note = f"front matter is not valid YAML{where}, read line by line"
    return FrontMatter(values=values, end=end, notes=(note,))


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter at the top of ``text``; what is wrong with it becomes a note."""
    opened = _OPEN.match(text)
    closed = _CLOSE.search(text, opened.end(), opened.end() + LARGEST) if opened else None
    if opened is None or closed is None:
        return FrontMatter()
    import yaml

    block = text[opened.end() : closed.start()]
    try:
        if block.count("[") + block.count("{") > MOST_BRACKETS:
            raise yaml.YAMLError("too many brackets")  # noqa: TRY301
        # BaseLoader makes nothing but strings, lists and mappings.
        found = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _read_by_line(block, closed.end(), error)
    if not isinstance(found, dict):
        return FrontMatter(end=closed.end() if found in (None, "") else 0)
    values, notes = _choose(found)
    return FrontMatter(values=values, end=closed.end(), notes=notes)
