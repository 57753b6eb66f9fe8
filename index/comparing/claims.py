"""What the comparing works on: a sentence that may answer, what it claims, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Article


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A sentence that may answer: ``article.text[start:end] == text``.

    ``score`` is the probability that it answers (0 to 1), ``context`` the sentence before it or
    "". ``source`` is what it counts as: the same for all copies of one story, "" for its article.
    ``mark`` is where the reader sees the answer, offsets into ``text``, or None.
    """

    text: str
    score: float
    article: Article
    start: int
    end: int
    paragraph: int = 1
    context: str = ""
    source: str = ""
    mark: tuple[int, int] | None = None

    def is_marked(self, start: int, end: int) -> bool:
        """Whether the reader sees the answer in what stands there in ``text``."""
        return self.mark is not None and start < self.mark[1] and self.mark[0] < end


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One side: ``value`` and ``said_by`` are slices of the article.

    ``amount`` and ``upper`` are the figure in its base unit, None for dates and for yes or no.
    ``support`` is how much of the question the sentence speaks of, 0 to 1.
    """

    value: str
    said_by: str | None
    candidate: Candidate
    amount: float | None = None
    upper: float | None = None
    unit: str = ""
    qualifier: str = ""
    support: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimGroup:
    """Claims that differ on one thing, oldest first; ``about`` is a slice of the question."""

    about: str
    claims: tuple[Claim, ...]
