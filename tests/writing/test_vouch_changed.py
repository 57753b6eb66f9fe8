"""Honest sentences with one thing changed: a digit, a day, a month, a letter of a name, a "not"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from index.writing.vouch import find_fault
from tests.writing.test_sets import read
from tests.writing.test_vouch_sets import judge, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April June July August September October November December".split()
CITED = re.compile(r"\[[\d, ]+\]")


def others(text: str, pattern: str, change: dict[str, str] | None = None) -> Iterator[str]:
    """``text`` once for each match of ``pattern`` outside citations, with that match changed."""
    cited = [match.span() for match in CITED.finditer(text)]
    for match in re.finditer(pattern, text):
        if not any(start <= match.start() < end for start, end in cited):
            other = change[match.group()] if change else f"{match.group()} not"
            yield text[: match.start()] + other + text[match.end() :]


def after(words: list[str]) -> dict[str, str]:
    return dict(zip(words, [*words[1:], words[0]], strict=True))


CHANGES = {
    "digit": (r"\d", {str(n): str((n + 3) % 10) for n in range(10)}),
    "day": (rf"\b(?:{'|'.join(DAYS)})\b", after(DAYS)),
    "month": (rf"\b(?:{'|'.join(MONTHS)})\b", after(MONTHS)),
    "name": (
        r"(?<=[a-z] [A-Z])[a-z](?=[a-z]{3})",
        {c: "o" if c != "o" else "a" for c in "abcdefghijklmnopqrstuvwxyz"},
    ),
    "not": (r"\b(?:was|were|has|have|had|will|would)\b(?! not)", None),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_an_honest_sentence_with_one_thing_changed_is_dropped(kind: str) -> None:
    pattern, change = CHANGES[kind]
    changed = [
        (row["source"], text)
        for row in read("honest")
        if judge(row) is None
        for text in others(row["text"], pattern, change)
    ]
    passing = [text for source, text in changed if find_fault(text, sources()[source]) is None]
    assert len(changed) >= 50
    assert passing == []
