"""What a line of a scraped page looks like: a sentence, a date, a credit, a caption, a byline.

The signs are general: how long a line is, how it ends, how much of it is letters and small
letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.split import split_sentences

# A sentence of running text has at least this share of words that begin with a small letter;
# headlines in title case, credits and cries in capitals have less. Lists of names have less too,
# but are longer than those.
SMALL_LETTERS = 0.15
LONG_LIST = 30
# A sentence may be mostly figures, but not wholly.
FEWEST_LETTERS = 0.3
# A sentence of fewer words needs its context to be told from a button.
FEWEST_WORDS = 4
# Without a final stop, only a line this long is taken for running text; in a text that has no
# stops at all, a line this long.
LONG_WITHOUT_STOP, LONG_IN_STOPLESS = 20, 6
# "People are also reading…"
SHORT_BEFORE_ELLIPSIS = 8
# In words: a credit, the description of a picture before one, a caption.
LONGEST_CREDIT, SHORTEST_DESCRIPTION, LONGEST_CAPTION = 25, 6, 90
# Bylines, links and labels, in characters, are no longer than this.
LONGEST_LINE = 200

# A menu's entries, and the words in each.
FEWEST_IN_MENU, LONGEST_IN_MENU = 3, 3

_BARS, _PATH = re.compile(r"\s+[>›»|•·→/]\s+"), re.compile(r"\s[>›»→]\s")
_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_STOPPED = re.compile(
    r"[.!?…:;。！？؟।۔,](?:[\"'”’»)\]*_」』）]|\[\d+\]|\[[a-z ]{2,24}\])*\Z",
)
_CREDIT = re.compile(
    r"\b(?i:photo|photograph|photographer|image|picture|pic|handout|getty|courtesy|illustration)s?\b"
    r"|\bvia [A-Z]|\b[A-Z][\w.]{0,40}/[A-Z]|\w / [A-Z]|\b(?i:file (?:photo|picture))\b|\AFILE\b"
    r"|\A(?i:credit)\b"
)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{1,120}[)\]]\W?\Z")
_MAKER = re.compile(
    r"\W*(?:photo|photograph|image|picture|illustration|credit|courtesy|handout)s?"
    r"(?: by\b|:|/| \|)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\b[A-Z][\w.]{0,40}(?: [A-Z][\w.]{0,40}){0,5}\s?/\s?[A-Z][a-z]")
_CAPTION = re.compile(
    r"\bin this (?:\w+[ ,.]+){0,4}(?:file )?(?:photo|image|picture|frame|screen ?grab|handout)\b"
    r"|\A(?:file|pictured|seen here)\b(?: photo| picture| image)?\s?[-–—:]"
    r"|\b(?:photo|image|picture)s?(?: by [A-Z]| credit|: [A-Z])|\bgetty images\W*\Z",
    re.IGNORECASE,
)
_STAMP_WORDS = re.compile(
    r"\b(?:first|last|published|posted|updated?|modified|created|on|at|by|the|of|and|date|time|am|pm"
    r"|a\.m|p\.m|ago|hours?|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|read(?:ing)?|min"
    r"|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*"
    r"|mon|tues?|wed|thur?s?|fri|sat|sun|\w+day|today|yesterday|[A-Z]{1,2}[SD]?T|GMT|UTC|local"
    r"|\d+(?:st|nd|rd|th)?|h|m|s)\b",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w’'.-]*|de|van|von|der|al|bin|el|la|du)"
_NAMES = r"(?:[A-Z][\w’'.-]* ?){1,4}"
_BYLINE = re.compile(
    rf"\W*(?:by|By|BY|Words by|Story by|Written by|From)\W+{_NAME}(?: {_NAME}){{0,12}}"
    r"(?:[,|–—-]\s.*)?\Z"
    rf"|(?:[A-Z][\w’'.-]* ){{1,3}}[A-Z][\w’'.-]*(?:(?:,| and| And| &) {_NAMES}){{0,4}}"
    rf", (?:The |the )?{_NAMES}\Z",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What can be counted on a line.

    ``words``: how many; ``small``: share of them that begin with a small letter (or a letter of a
    script without capitals); ``letters``: share of letters among the characters that are no space.
    """

    words: int
    small: float
    letters: float
    stopped: bool


@lru_cache(maxsize=4096)
def measure(plain: str) -> Shape:
    """Count what can be counted on the line ``plain``."""
    found = _WORD.findall(plain)
    alphabetic = [word for word in found if word[0].isalpha()]
    small = sum(not word[0].isupper() for word in alphabetic)
    spaceless = len(_SPACELESS.findall(plain))
    solid = sum(not letter.isspace() for letter in plain)
    return Shape(
        words=len(found) + spaceless // 2,
        small=small / max(1, len(alphabetic)),
        letters=sum(map(str.isalpha, plain)) / max(1, solid),
        stopped=_STOPPED.search(plain) is not None,
    )


def is_sentence(plain: str, *, relaxed: bool = False) -> bool:
    """Tell whether ``plain`` is running text; ``relaxed`` asks neither for stops nor for case."""
    shape = measure(plain)
    if shape.words < FEWEST_WORDS or shape.letters < FEWEST_LETTERS:
        return False
    if relaxed:
        return shape.stopped or shape.words >= LONG_IN_STOPLESS
    if plain[-1] == "…" and shape.words < SHORT_BEFORE_ELLIPSIS:
        return False
    if shape.stopped and plain[-1] not in ",;":
        return shape.small >= SMALL_LETTERS or (shape.words >= LONG_LIST and shape.small > 0)
    return shape.words >= LONG_WITHOUT_STOP and shape.small >= 2 * SMALL_LETTERS


def is_short_sentence(plain: str) -> bool:
    """Tell whether ``plain`` may be a sentence of one to three words ("He declined.")."""
    shape = measure(plain)
    ends = shape.stopped and plain[-1] not in ",;:"
    return 0 < shape.words < FEWEST_WORDS and ends and shape.letters >= FEWEST_LETTERS


def is_menu(plain: str) -> bool:
    """Tell whether ``plain`` is a row of a page's sections, or the path to this one."""
    parts = _BARS.split(plain)
    enough = len(parts) >= FEWEST_IN_MENU or (len(parts) > 1 and _PATH.search(plain) is not None)
    return enough and all(
        measure(part).words <= LONGEST_IN_MENU and not measure(part).stopped for part in parts
    )


def is_stamp(plain: str) -> bool:
    """Tell whether ``plain`` is nothing but a date, a time, or how long ago or long it is."""
    if not any(map(str.isdigit, plain)):
        return False
    return _WORD.search(_STAMP_WORDS.sub("", plain)) is None


def is_fragment(plain: str) -> bool:
    """Tell whether ``plain``, at the end of a paragraph, is no sentence, or one in capitals."""
    shape = measure(plain)
    if shape.words > 1 and shape.small == 0:
        return True
    return not (is_sentence(plain) or is_short_sentence(plain) or _describes(shape))


def _describes(shape: Shape) -> bool:
    return shape.words >= SHORTEST_DESCRIPTION and shape.small >= 2 * SMALL_LETTERS


def is_credit(plain: str) -> bool:
    """Tell whether ``plain`` says who made a picture and little else."""
    shape = measure(plain)
    if shape.words > LONGEST_CREDIT or _CREDIT.search(plain) is None:
        return False
    if not shape.stopped or (_MAKER.match(plain) and shape.words <= LONGEST_CREDIT // 2):
        return True
    return shape.small < (2 if _SLASH.search(plain) else 1) * SMALL_LETTERS


def ends_in_credit(plain: str) -> bool:
    """Tell whether ``plain``, the last sentence of a caption, is none, or the maker's name."""
    return is_fragment(plain) or (not measure(plain).stopped and is_credit(plain))


def _credit_behind(plain: str) -> bool:
    """Tell whether a description ends in a credit, in brackets or as sentences of its own."""
    start, credited = len(plain), False
    if brackets := _BRACKETS.search(plain, max(0, len(plain) - LONGEST_LINE)):
        start, credited = brackets.start(), is_credit(brackets.group().strip(" ()[]"))
    for left, right in reversed(split_sentences(plain, 0, start)):
        if not ends_in_credit(plain[left:right]):
            break
        start, credited = left, credited or is_credit(plain[left:right])
    return credited and _describes(measure(plain[:start]))


def is_caption(plain: str) -> bool:
    """Tell whether ``plain`` describes a picture: it says so, or a credit stands at its end."""
    if not SHORTEST_DESCRIPTION <= measure(plain).words <= LONGEST_CAPTION:
        return False
    if _credit_behind(plain):
        return True
    if is_credit(plain):
        return False
    slash = _SLASH.search(plain[-LONGEST_LINE // 2 :])
    return _CAPTION.search(plain) is not None or (slash is not None and not measure(plain).stopped)


def is_byline(plain: str) -> bool:
    """Tell whether ``plain`` names the authors."""
    return len(plain) <= LONGEST_LINE and _BYLINE.match(plain) is not None
