"""What a reindex tells: each step while it runs, and at the end what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

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
        changed: articles whose title, metadata or body differ from before, moved or not.
        gone: articles whose file is no longer there, nor has moved.
        unchanged: articles left as they were.
        failed: files that could not be read; a version read earlier stays.
        passages: live passages now.
        seconds: how long it took.
        failures: one error a failed file.
        notes: one-line remarks: why something was rebuilt, which encodings were assumed.
        generation: the generation that readers see now.
        moved: articles whose file has only another path now.
        copies: files that are not indexed, as each is another copy of an article.
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
    moved: int = 0
    copies: int = 0


Outcome = Literal["new", "changed", "moved", "unchanged"]


@dataclass(kw_only=True, slots=True)
class Tally:
    """What has been found so far; ``outcomes`` are by the articles' ids."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    gone: int = 0
    copies: int = 0
    failures: list[ArticleError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def summarise(self, *, passages: int, generation: int, seconds: float) -> Summary:
        """What was done; ``passages`` and ``generation`` are those that are live now."""
        outcomes = [*self.outcomes.values()]
        return Summary(
            new=outcomes.count("new"),
            changed=outcomes.count("changed"),
            moved=outcomes.count("moved"),
            unchanged=outcomes.count("unchanged"),
            gone=self.gone,
            copies=self.copies,
            failed=len(self.failures),
            passages=passages,
            seconds=seconds,
            failures=tuple(self.failures),
            notes=tuple(self.notes),
            generation=generation,
        )
