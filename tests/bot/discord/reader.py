"""Discord's Markdown, read as its client reads it: rules tried in their order, from left to right.

The rules are those of simple-markdown with Discord's own additions. Where a client tries a rule
only at some places, this reader tries it everywhere: it sees more that is active, never less.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Run(NamedTuple):
    """Words as they are shown, with the kinds of all that they stand in."""

    text: str
    kinds: frozenset[str]


_INSIDE = r"(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*"
_ADDRESS = r"\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"]([\s\S]*?)['\"])?\s*"

_BLOCKS = {
    "quote": re.compile(r" *>>> ?([\s\S]+)| *> ([^\n]*(?:\n *> [^\n]*)*)\n?"),
    "heading": re.compile(r" *#{1,3} +([^\n]*)\n?"),
    "small": re.compile(r" *-# +([^\n]*)\n?"),
    "list": re.compile(r" *(?:[*+-]|[0-9]+\.) +([^\n]*)\n?"),
}
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(rf"\[({_INSIDE})\]\({_ADDRESS}\)")
# What is shown by itself: its words are its source.
_WHOLE = {
    "code": re.compile(r"```[\s\S]+?```|(`+)[\s\S]*?[^`]\1(?!`)"),
    "address": re.compile(r"<?(?:https?|steam|discord|mailto):(?://)?[^\s<]+"),
    "bare address": re.compile(r"www\.\w|discord(?:app)?\.(?:gg|com)/\w", re.IGNORECASE),
    "mention": re.compile(r"<(?:@[!&]?|#)[0-9]+>|@everyone|@here"),
    "command": re.compile(r"</[^>\n]+:[0-9]+>|<id:\w+>|<t:-?[0-9]+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:[0-9]+>|:[^\s:]+:"),
}
_PAIRS = {
    "bold": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "underline": re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    "italic": re.compile(
        r"_((?:__|\\[\s\S]|[^\\_])+?)_"
        r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    ),
    "struck": re.compile(r"~~([\s\S]+?)~~(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
}


def read(source: str) -> list[Run]:
    """What people see of a message's text, and what of it does something."""
    return _read(source, frozenset())


def words_of(source: str) -> str:
    """The words that people see."""
    return "".join(run.text for run in read(source))


def kinds_of(source: str) -> set[str]:
    """All that is more than words."""
    return {kind for run in read(source) for kind in run.kinds}


def words_in(source: str, kind: str) -> list[str]:
    """The words that are bold, small, …"""
    return [run.text for run in read(source) if kind in run.kinds]


def _read(source: str, kinds: frozenset[str]) -> list[Run]:
    runs: list[Run] = []
    place = 0
    while place < len(source):
        starts = place == 0 or source[place - 1] == "\n"
        found, place = _next(source, place, kinds, starts=starts)
        for run in found:
            if runs and runs[-1].kinds == run.kinds:
                run = Run(runs.pop().text + run.text, run.kinds)  # noqa: PLW2901 - joined
            runs.append(run)
    return runs


def _next(source: str, place: int, kinds: frozenset[str], *, starts: bool) -> tuple[list[Run], int]:
    """Read what stands at ``place``; return it and where it ends."""
    for kind, rule in _BLOCKS.items() if starts else ():
        found = rule.match(source, place)
        if found and kind not in kinds:
            inside = found[found.lastindex or 0]
            if kind == "quote":
                inside = re.sub(r"^ *> ?", "", inside, flags=re.MULTILINE)
            return _read(inside, kinds | {kind}), found.end()
    if found := _ESCAPE.match(source, place):
        return [Run(found[1], kinds)], found.end()
    if (found := _LINK.match(source, place)) and _can_be_label(found[1]):
        return _read(found[1], kinds | {"link", re.sub(r"\\(.)", r"\1", found[2])}), found.end()
    for kind, rule in _WHOLE.items():
        if found := rule.match(source, place):
            return [Run(found[0], kinds | {kind})], found.end()
    for kind, rule in _PAIRS.items():
        if (found := rule.match(source, place)) and kind not in kinds:
            return _read(found[found.lastindex or 0], kinds | {kind}), found.end()
    return [Run(source[place], kinds)], place + 1


def _can_be_label(label: str) -> bool:
    """Discord makes no link of a label that holds an emoji or an address."""
    is_emoji = any(unicodedata.category(one) == "So" or one == "\ufe0f" for one in label)
    return bool(label) and not is_emoji and not re.search(r"https?://|<[@#:]", label)
