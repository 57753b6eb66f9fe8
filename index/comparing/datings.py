"""What one sentence claims in answer to a question for a date."""

from __future__ import annotations

import re

from index.comparing.claims import Candidate, Claim
from index.comparing.support import read_wanted
from index.language.likeness import covers, has_like, term_set
from index.language.speakers import find_speaker
from index.language.values import find_values
from index.language.words import terms
from index.selecting.mark import mark_answer

# Of the question so much must be spoken of, and less where the reader sees the answer in the date.
_DATE_COVERAGE, _MARKED_COVERAGE = 0.95, 0.7
_HAPPENED = frozenset("happen occur take place took go went sinc so far".split())
_PARTS = re.compile(r"[,;:—]|\band\b|\bbut\b")


def find_date_claims(question: str, candidate: Candidate) -> list[Claim]:
    """The date the sentence gives in answer to ``question``, where it is clear."""
    text = candidate.text
    if not any(value.kind == "date" for value in find_values(text)):
        return []
    wanted = read_wanted(question)
    about = frozenset(terms(question)) - _HAPPENED
    support = covers(about, text)
    span = mark_answer(question, text, kind="date")
    least = _DATE_COVERAGE if span is None or not candidate.is_marked(*span) else _MARKED_COVERAGE
    if span is None or support < least or covers(wanted.names | wanted.numbers, text) < 1:
        return []
    if not _stands_with(about - wanted.names, text, span):
        return []
    said_by = find_speaker(text, *span, context=candidate.context)
    return [Claim(value=text[slice(*span)], said_by=said_by, candidate=candidate, support=support)]


def _stands_with(about: frozenset[str], text: str, span: tuple[int, int]) -> bool:
    """Whether a word of the question stands in the same part of the sentence as the date."""
    cuts = [0, *(match.end() for match in _PARTS.finditer(text)), len(text)]
    start = max(cut for cut in cuts if cut <= span[0])
    end = min(cut for cut in cuts if cut >= span[1])
    own = term_set(text[start:end])
    return not about or any(has_like(own, term) for term in about)
