"""What a reindex tells: each step while it runs, and at the end what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import ArticleError


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a reindex has come.

    Attributes:
        done: articles dealt with.
        total: articles in the corpus.
        article: the path just dealt with; empty while publishing.
        stage: "read", "embed" or "publish".
    """

    done: int
    total: int
    article: str
    stage: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What a reindex did.

    Attributes:
        new: articles that were not in the index.
        changed: articles whose title, metadata or body differ from before.
        gone: articles whose file is no longer there.
        unchanged: articles left as they were.
        failed: files that could not be read; a version read earlier stays.
        passages: live passages now.
        seconds: how long it took.
        failures: one error a failed file.
        notes: one-line remarks: why something was rebuilt, which encodings were assumed.
        generation: the generation that readers see now.
    """

    new: int
    changed: int
    gone: int
    unchanged: int
    failed: int
    passages: int
    seconds: float
    failures: tuple[ArticleError, ...]
    notes: tuple[str, ...]
    generation: int


@dataclass(kw_only=True, slots=True)
class Tally:
    """What has been counted so far."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failures: list[ArticleError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
