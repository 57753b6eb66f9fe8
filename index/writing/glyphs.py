"""Marks and letters that may not stand in a written sentence, whatever its words say.

Figures in other scripts, signs that nobody sees, faces, marks of astonishment and denials in other
languages change what a sentence says, and no step that reads words reads them. So a sentence may be
made of plain letters and marks, and beyond them of what stands in the quotes that it cites.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from index.writing.quotations import find_quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

Fault = Literal["glyph", "tone", "denial"]

_MARKS = frozenset(" \xa0.,;:'’‘\"“”„«»()%€$£°/&–—…-")
# What is not seen, or is no character: never, though an article may have it.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_TONE = frozenset("!?")
_DENIALS = frozenset(
    "nicht kein keine keinen keiner nein nie niemals ne pas jamais aucun aucune non não nunca nem"
    " ningún ninguna ninguno nada nessun nessuno mai niet geen ikke ikkje inte inget nej nein nei"
    " nikdy nie żaden nem".split()
)
_WORD = re.compile(r"[^\W\d_]+(?![\w-])")


def find_strange(text: str, sources: Sequence[str]) -> Fault | None:
    """Why a sentence that cites these texts may not be shown, or None.

    "glyph": a character of its own; "tone": astonishment, a question, or a word between quotation
    marks that nobody said; "denial": a denial in another language.
    """
    given = set[str]().union(*sources)
    own = [character for character in text if character not in given]
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        return "glyph"
    if any(character.isnumeric() and not character.isascii() for character in own):
        return "glyph"
    if any(character in _TONE for character in own) or _has_scare_quotes(text, sources):
        return "tone"
    if not all(_is_plain(character) for character in own):
        return "glyph"
    words = {word for each in sources for word in _WORD.findall(each)}
    return "denial" if any(w in _DENIALS - words for w in _WORD.findall(text)) else None


def _is_plain(character: str) -> bool:
    is_letter = character.isalpha() and unicodedata.name(character, "").startswith("LATIN")
    return is_letter or (character.isdigit() and character.isascii()) or character in _MARKS


def _has_scare_quotes(text: str, sources: Sequence[str]) -> bool:
    """Whether one word is quoted that no source has between quotation marks."""
    said = [source[slice(*place)] for source in sources for place in find_quotations(source)]
    quoted = (text[slice(*place)].strip(" ,.") for place in find_quotations(text))
    return any(
        word and " " not in word and not any(word in each for each in said) for word in quoted
    )
