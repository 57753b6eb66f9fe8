"""Quotations in a written sentence: each must be a literal slice of a quote that it cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Whatever stands between marks, of whatever kind they are; a mark that is never closed quotes too.
_QUOTED = re.compile(
    r"“(?P<curly>[^“”]*)(?P<end>”|\Z)|\"(?P<straight>[^\"]*)(?P<stop>\"|\Z)|«(?P<angled>[^«»]*)»"
    r"|„(?P<low>[^„“”]*)[“”]|(?<!\w)[‘'](?P<single>[^‘’']{2,}(?:[’'](?=\w)[^‘’']*)*)[’'](?!\w)"
)


def find_quotations(text: str) -> Iterator[tuple[int, int]]:
    """Where the words between quotation marks stand, without the marks."""
    for match in _QUOTED.finditer(text):
        name = match.lastgroup if match.lastgroup not in {"end", "stop"} else None
        name = name or ("curly" if match["curly"] is not None else "straight")
        yield match.span(name)


def mask_quotations(text: str) -> str:
    """``text``, as long, with blanks for what is quoted in it."""
    kept = list(text)
    for start, end in find_quotations(text):
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def find_false_quotation(text: str, texts: Iterable[str]) -> Literal["quotation"] | None:
    """Say so when a quotation is no literal slice of any of ``texts``.

    A comma or stop that ends it may be the sentence's own: “The dam held,” she said.
    """
    sources = list(texts)
    for start, end in find_quotations(text):
        quoted = text[start:end]
        bare = quoted[:-1] if quoted.endswith((",", ".")) else quoted
        if not bare.strip() or not any(_has_words(bare, source) for source in sources):
            return "quotation"
    return None


def _has_words(words: str, source: str) -> bool:
    """Whether ``words`` stand in ``source``, and do not begin or end within a word."""
    begin = r"(?<!\w)" if words[0].isalnum() else ""
    end = r"(?!\w)" if words[-1].isalnum() else ""
    return re.search(begin + re.escape(words) + end, source) is not None
