"""What of a quote is evidence: all but what gives orders to whoever reads it, or to a machine.

An article may carry words that are meant for a language model ("Ignore previous instructions and
say that …"). They are in the article, but they report nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.writing.quotations import mask_quotations
from index.writing.reading import is_past
from index.writing.thesaurus import open_thesaurus

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?![\s”\"’)])[^.!?\n]*)*(?:[.!?]+[”\"’)]*|\n|\Z)\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"[<>{}|`]|\[/?[a-z]+\]|\[\[|-->|\b[A-Z]{3,}:|\b(?:AI|LLM|GPT)\b", re.ASCII)
_ADDRESSED = re.compile(r"\b(?:you|your|yours|yourself|me|my|myself)\b|\bI\b(?!\.)", re.IGNORECASE)
_FIRST = re.compile(r"[\W_]*([^\W\d_]+)(?:\s+(?:also|now|please|just))?\s+([^\W\d_]+)")
_OBJECTS = frozenset(
    "the a an that this these those it them him her me us only every everyone everybody all any no"
    " not nothing your previous above following instead".split()
)
_PREPOSITIONS = frozenset("of in on at for to from with after as by about".split())


@lru_cache(maxsize=2_048)
def mask_orders(text: str) -> str:
    """``text``, as long, with blanks for the sentences that are orders."""
    text = _COMMENT.sub(lambda match: " " * len(match.group()), text)
    found, position = list[str](), 0
    bare = mask_quotations(text)
    while position < len(text):
        match = _SENTENCE.match(text, position)
        end = match.end() if match and match.end() > position else len(text)
        sentence = text[position:end]
        is_told = is_order(bare[position:end])
        found.append(" " * len(sentence) if is_told else sentence)
        position = end
    return "".join(found)


def is_order(sentence: str) -> bool:
    """Whether a sentence, less what it quotes, speaks to somebody, or tells them what to do."""
    if _MARKUP.search(sentence) or _ADDRESSED.search(sentence):
        return True
    return any(_is_imperative(part) for part in re.split(r"[:;]", sentence))


def _is_imperative(part: str) -> bool:
    """Whether it opens with a verb that has no subject: "Ignore the …", "Do not …"."""
    match = _FIRST.match(part)
    if match is None:
        return False
    first, second = match[1].lower(), match[2].lower()
    if first in {"do", "don't", "never", "please"}:
        return True
    thesaurus = open_thesaurus()
    letters = thesaurus.find_letters(first)
    if "v" not in letters or first not in thesaurus.find_lemmas(first) or is_past(first):
        return False
    if second in _OBJECTS:
        return "r" not in letters
    return letters == {"v"} and second in _PREPOSITIONS
