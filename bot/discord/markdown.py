r"""Text of articles and people → Discord's Markdown, in which it is only words.

A backslash before a sign makes Discord show the sign and nothing else, and what is copied from
the message is the text as it was. So a backslash stands wherever one works: before all signs of
Markdown, before ``<``, ``>`` and ``@`` of mentions (``\<\@1\>``), before the colon of addresses
and emoji names (``https\://``, ``\:smile:``), before the stop of invites (``discord\.gg/x``), and
before what makes a heading, a list or a quote at the start of a line.

One thing a backslash cannot stop: Discord's servers read ``@everyone`` and ``@here`` in the raw
text. Between the sign and the word stands a zero-width space, and so only there.

Taken out is what nobody sees: control and direction characters, zero-width ones (joiners stay
between letters that need them), and combining marks beyond four on one letter.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encode

from bot.escape import clean_block, clean_line

if TYPE_CHECKING:
    from bot.render import MarkedText

MOST_MARKS = 4
"""Combining marks on one letter; the fullest spellings in use need so many."""

LONGEST_ADDRESS = 512
"""Discord's one stated limit for an address in a message is that of link buttons."""

REACH = 8
"""How far a text is read that is to be short, in so many times what it may have: white space and
invisible characters aside, more of it cannot be shown."""

LINK = "link"
"""What is linked where the title itself cannot be."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Persian, Indic scripts and emoji of several parts need single joiners; elsewhere nobody sees them.
_OTHER = "[^\x00-\x7f\u200c\u200d]"
_JOINER = re.compile(f"((?<={_OTHER})[\u200c\u200d](?={_OTHER}))|[\u200c\u200d]")
# The last character of every match is the one that gets the backslash.
_ACTIVE = re.compile(
    r"[\\*_~`|\[\]<>@]"
    r"|:(?!\s)"
    # Only directly behind a bracket does a parenthesis hold an address.
    r"|(?:(?<=\])|^)\("
    r"|(?<=\w)\.(?=[A-Za-z]{2,24}/)"
    r"|(?<=[Ww]{3})\."
    r"|^[ \t]*(?:[#+\-]|[0-9]+\.(?!\S))",
    re.MULTILINE,
)
_MARKS = frozenset({"Mn", "Me"})
_EVERYBODY = re.compile("@(?=everyone|here)")
# What keeps Discord from making a link of a label: brackets, addresses, mentions and emoji
# (in Components V2: discord-api-docs issues 7673 and 7721).
_NO_LABEL = re.compile(
    r"[\[\]@<]|://|www\.|\.[a-z]{2,24}/|:\S+:|[\u203c\u2049\u2139\u20e3\u3030\u303d\ufe0f]",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(r"[^!#$%&'+,\-./0-9:;=?@A-Z_a-z~]|@(?=everyone|here)")


def units(text: str) -> int:
    """Count UTF-16 code units, in which a length is never below what Discord counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def visible(text: str) -> str:
    """``text`` without what nobody sees; control characters become spaces, line feeds stay."""
    kept = clean_block(text)
    if kept.isascii():
        return kept
    return _thin(_JOINER.sub(r"\1", _INVISIBLE.sub("", kept)))


def _thin(text: str) -> str:
    """Keep the first few of many combining marks on one letter."""
    kept = []
    run = 0
    for character in text:
        kind = unicodedata.category(character)
        run = run + (kind in _MARKS) if kind in _MARKS or kind == "Cf" else 0
        if run <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def escape(text: str) -> str:
    """Write ``text`` so that Discord shows its words and does nothing else with it."""
    inert = _ACTIVE.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", visible(text))
    return _EVERYBODY.sub("@\u200b", inert)


# A message that must shrink to fit is written again and again, of the same titles and names.
@lru_cache(maxsize=256)
def short(text: str, most: int) -> str:
    """One line of ``text``, escaped, in at most ``most`` units: cut at a word, with "…".

    Not for quotes. A text that runs from right to left keeps to itself what is beside it.
    """
    reach = REACH * most
    line = " ".join(visible(clean_line(text[:reach])).split())
    room = most - 2 * _turns(line)
    whole = escape(line)
    if len(text) > reach or units(whole) > room:
        whole = _cut(line, room)
    return _isolated(whole)


def _cut(line: str, room: int) -> str:
    # Escaping never shortens: there is no room for more of the line than this.
    start = line[: room + 1]
    for ends in ([space.start() for space in re.finditer(" ", start)], range(1, len(start))):
        best = bisect_right(ends, room, key=lambda end: units(escape(line[:end])) + 1)
        if best:
            return f"{escape(line[: ends[best - 1]])}…"
    return "…"


def _turns(text: str) -> bool:
    """Whether some of ``text`` is written from right to left."""
    return not text.isascii() and any(
        unicodedata.bidirectional(character) in {"R", "AL"} for character in text
    )


def _isolated(text: str) -> str:
    # Isolates are our own: those of the text were taken out, so that these are paired.
    return f"\u2068{text}\u2069" if _turns(text) else text


def strong(inert: str) -> str:
    """Set in bold what is escaped already; of nothing nothing comes."""
    return f"**{inert}**" if inert else ""


def mark_up(marked: MarkedText) -> str:
    """Escape a text that was cut at its answering words, and set these in bold."""
    words = marked.marked.strip()
    if not visible(words):
        return escape(marked.whole)
    start = marked.marked.index(words)
    before = marked.before + marked.marked[:start]
    after = marked.marked[start + len(words) :] + marked.after
    return f"{escape(before)}**{escape(words)}**{escape(after)}"


def link(title: str, address: str | None, *, most: int) -> str:
    """``title``, linked to ``address``, in at most ``most`` units besides the address.

    Discord shows a link's signs instead of the link where the label holds an emoji, a bracket or
    an address: beside such a title stands the word "link". An address that is too long is left
    out.
    """
    label = short(title, most)
    target = _target(address or "")
    if not target:
        return label
    if label and not _NO_LABEL.search(title) and not any(map(_is_symbol, title)):
        return f"[{label}]({target})"
    return f"{label} [{LINK}]({target})".lstrip()


def _is_symbol(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character) in {"So", "Sk", "Sm"}


def _target(address: str) -> str:
    """``address`` in signs that end no link and start nothing, or "" where that is too long."""
    if len(address) > LONGEST_ADDRESS:
        return ""
    target = _NO_ADDRESS.sub(lambda match: percent_encode(match[0], "", errors="replace"), address)
    return target if len(target) <= LONGEST_ADDRESS else ""
