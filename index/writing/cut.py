"""What a language model writes, as it comes → whole sentences with their citations.

Models are asked for plain text. Some think aloud first, fence what they write, or insist on JSON:
the first two are left out, the last is read once it is whole.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.split import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A model that does not end is not listened to; what it thinks aloud may be longer.
LONGEST, LONGEST_THOUGHT = 4_000, 60_000  # characters

_CITED = re.compile(r"\s*(?:\[[0-9]{1,3}(?:\s*[,;]\s*[0-9]{1,3})*\]\s*)+")
_ENDED = re.compile(r"(?:\]|[.!?…][\"”’)]*)[.\s]*\Z")
_THOUGHT = re.compile(r"\A\s*<(?P<name>think|thinking)>.*?</(?P=name)>", re.DOTALL)
_THINKING = re.compile(r"\A\s*<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g?>?)?)?)?)?)?)?)?)?\Z|\A\s*<think")
# A word of another sentence, and white space behind it.
_BEGUN = re.compile(r"\s*[^\[\s]\S*\s")
# A citation with a stop ends a sentence, also where the next follows without a space.
_STOPPED = re.compile(r"\][.!?](?=[^\s\[\].!?,;:\"”’)])")
# A line that was broken within a sentence.
_WRAPPED = re.compile(r"(?<=[\w,;–—-])\n(?=[ \t]*[\w“\"‘'(])")
_FENCE = re.compile(r"^[ \t]*```\w*[ \t]*$", re.MULTILINE)
_FENCING = re.compile(r"\A\s*`{1,3}\w*\Z")
_BULLET = re.compile(r"\A\s*(?:[-*•–—]|[0-9]{1,2}[.)])\s+")
_JSON = re.compile(r"\A\s*(?:\{|\[\s*[\{\"\]])")
_LISTS = ("sentences", "answer", "prose", "text")
_TEXTS = ("text", "sentence", "content")
_MOST_LISTED = 20
_NUMBERS = ("citations", "numbers", "quotes", "sources", "cites")


class Cutter:
    """Cuts a text that comes in pieces into sentences, as early as they are whole."""

    def __init__(self) -> None:
        self._waiting = ""
        self._length = 0
        self._has_begun = False
        self._is_json = False

    @property
    def is_full(self) -> bool:
        """Whether more came than anybody asked for."""
        return self._length > (LONGEST if self._has_begun else LONGEST_THOUGHT)

    def feed(self, piece: str) -> list[str]:
        """The sentences that are whole now."""
        self._length += len(piece)
        self._waiting += piece
        if not self._has_begun and not self._begin():
            return []
        if self._is_json:
            return []
        text = _FENCE.sub("", self._waiting)
        spans = _split(text)
        # Citations may still follow the last but one, until a word of the next stands there.
        is_next = bool(spans) and _BEGUN.match(text, spans[-1][0]) is not None
        whole = spans[: -1 if is_next else -2]
        self._waiting = text[spans[len(whole)][0] :] if whole else text
        return list(_cleaned(text[start:end] for start, end in whole))

    def finish(self) -> list[str]:
        """The sentences that are left once nothing more comes; of JSON all of them.

        A text that breaks off within a sentence gives that sentence too: "" says so.
        """
        waiting, self._waiting = _FENCE.sub("", self._waiting), ""
        if self._is_json:
            return list(_read_json(waiting))
        if not self._has_begun:
            return []
        left = _cleaned(waiting[start:end] for start, end in _split(waiting))
        return [one if _ENDED.search(one) else "" for one in left]

    def _begin(self) -> bool:
        """Whether the text itself has begun; what stands before it is taken off."""
        text = _FENCE.sub("", _THOUGHT.sub("", self._waiting, count=1), count=1)
        if not text.strip() or _THINKING.search(text) or _FENCING.match(text):
            return False
        if re.fullmatch(r"\s*[\[{]\s*", text):
            return False
        self._waiting = text
        self._length = len(text)
        self._has_begun = True
        self._is_json = _JSON.match(text) is not None
        return True


def _cleaned(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        text = _BULLET.sub("", sentence, count=1).strip()
        if text:
            yield text


def _split(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of ``text``; the last may not be whole.

    Citations behind the stop, "… died. [1] Others …", belong to the sentence before.
    """
    found: list[tuple[int, int]] = []
    for start, end in _spans(_WRAPPED.sub(" ", text)):
        begin = start
        if found and (cited := _CITED.match(text, start, end)):
            begin = cited.end()
            found[-1] = (found[-1][0], begin)
        if text[begin:end].strip(" ."):
            found.append((begin, end))
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of sentences, none of them across two lines or beyond a citation and a stop."""
    start = 0
    for line in text.splitlines(keepends=True):
        for begin, end in split_sentences(text, start, start + len(line)):
            edges = [begin, *(match.end() for match in _STOPPED.finditer(text, begin, end)), end]
            yield from pairwise(edges)
        start += len(line)


# JSON


def _read_json(text: str) -> Iterator[str]:
    """The sentences of {"sentences": [{"text": …, "citations": [1]}]}, or of what looks like it."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        yield ""
        return
    yield from _find_sentences(read)


def _find_sentences(read: object) -> Iterator[str]:
    if isinstance(read, str):
        yield from _cleaned(read[start:end] for start, end in _split(read))
    elif isinstance(read, list):
        for each in read[:_MOST_LISTED]:
            yield from _find_sentences(each)
    elif isinstance(read, dict):
        inner = next((read[name] for name in _LISTS if isinstance(read.get(name), list)), None)
        yield from _find_sentences(inner) if inner is not None else _find_text(read)


def _find_text(read: dict[str, object]) -> Iterator[str]:
    """The text of an object, with the citations beside it where it has none within."""
    text = next((read[name] for name in (*_TEXTS, *_LISTS) if isinstance(read.get(name), str)), "")
    beside = next((read[name] for name in _NUMBERS if isinstance(read.get(name), list)), None)
    if not isinstance(text, str) or _CITED.search(text) or not isinstance(beside, list):
        yield from _find_sentences(text)
    else:
        yield text + "".join(f"[{number}]" for number in beside if type(number) is int)
