"""An answer → what the language model may cite: its quotes, numbered one by one.

An article may give several quotes, which share a citation's number; what is written is held against
the one quote that it cites, so here each has a number of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.writing.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.types import Answer

# Sentences that speak to a language model and not to readers. The marks around the material are
# what makes them inert, and the vouching what keeps the rest out: this only spares a weak model
# from the plainest of them.
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}"
    r"\b(?:instructions?|rules?|prompts?|guidelines?|guardrails|told you)\b"
    r"|\b(?:your|new|following|updated|real) (?:system )?(?:instructions?|prompt|directives?)\b"
    r"|\bsystem (?:prompt|message|override)\b|\bdeveloper mode\b|\bjailbreak"
    r"|\byou are (?:now )?(?:a|an|the|my)? ?\w* ?(?:assistant|chatbot|language model|AI|DAN)\b"
    r"|\b(?:as|dear|attention,?|note to|hey) (?:an? |the |any |all )?(?:AI|LLM|language model"
    r"|assistant|chatbot)s?\b"
    r"|<\|?\w+\|?>|<!--|\[/?(?:INST|SYS)\]|<</?SYS>>|<<\w{8,}|\w{8,}>>|[{\[]\s*\"\w+\"\s*:"
    r"|\b(?:system|assistant|instructions?|prompt|question|answer)s?\s*:\s"
    r"|\b(?:repeat|say) after me\b|\brespond (?:only )?(?:with|in)\b",
    re.IGNORECASE,
)


def gather_sources(answer: Answer) -> tuple[Source, ...]:
    """The quotes of ``answer`` as the model is given them, numbered from 1.

    Those that give a language model orders are left out; the numbers of the others stay.
    """
    cited = {citation.number: citation for citation in answer.citations}
    found = []
    for number, quote in enumerate(answer.quotes, start=1):
        if _ORDERS.search(quote.text):
            continue
        citation = cited.get(quote.number)
        found.append(
            Source(
                number=number,
                text=quote.text,
                outlet=citation.outlet if citation else None,
                published=citation.published if citation else None,
            )
        )
    return tuple(found)


def cite_quotes(answer: Answer, numbers: Iterable[int]) -> tuple[int, ...]:
    """The citations of ``answer`` for quotes numbered as above, each once."""
    return tuple(dict.fromkeys(answer.quotes[number - 1].number for number in numbers))
