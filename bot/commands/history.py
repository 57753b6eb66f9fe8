"""``pullquote show ARTICLE --history``: every version, and what became of its sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.commands.show import refuse
from bot.escape import clean_line, json_line
from bot.streams import emit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from index.lineage.history import Change, Slice
    from index.lineage.versions import Version
    from index.open import Library
    from index.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A version, with the sentences that are not as in the one before."""

    version: Version
    changes: tuple[Change, ...]


def run(reference: str, *, settings: Settings, as_json: bool) -> int:
    """Show the history of the one article that ``reference`` means; by its path also once gone.

    Returns:
        0, or 2 where no article or more than one matches.
    """
    with opened(settings) as library:
        found = library.find_article(reference)
        path = found[0].path if len(found) == 1 else reference
        versions = library.versions(path) if len(found) < 2 else ()  # noqa: PLR2004 (ambiguous)
        if not versions:
            return refuse(reference, found)
        steps = list(read_steps(library, versions))
    if as_json:
        emit(json_line(history_to_json(steps)) + "\n")
    else:
        emit("".join(f"{line}\n" for line in describe_history(steps)))
    return 0


def read_steps(library: Library, versions: Sequence[Version]) -> Iterator[Step]:
    """Give each version with what has changed in it."""
    yield Step(version=versions[0], changes=())
    for before, after in pairwise(versions):
        changes = library.compare_versions(before, after)
        yield Step(version=after, changes=tuple(c for c in changes if c.fate != "kept"))


def history_to_json(steps: Sequence[Step]) -> dict[str, object]:
    """Write a history as the values that ``show --history --json`` prints; texts are exact."""
    return {
        "article": steps[-1].version.path,
        "live": steps[-1].version.is_live,
        "versions": [
            {
                "version": step.version.version,
                "article": step.version.path,
                "title": step.version.title,
                "made": step.version.made.isoformat(timespec="seconds"),
                "ended": step.version.ended and step.version.ended.isoformat(timespec="seconds"),
                "changes": [
                    {
                        "fate": change.fate,
                        "before": _slice_to_json(change.before),
                        "after": _slice_to_json(change.after),
                    }
                    for change in step.changes
                ],
            }
            for step in steps
        ],
    }


def _slice_to_json(piece: Slice | None) -> dict[str, object] | None:
    return {"text": piece.text, "start": piece.start, "end": piece.end} if piece else None


def describe_history(steps: Sequence[Step]) -> Iterator[str]:
    """Write a history as lines: when, what; below each version the sentences that differ."""
    last = steps[-1].version
    yield clean_line(last.title)
    yield clean_line(last.path)
    before: Version | None = None
    for step in steps:
        yield ""
        yield f"{describe_time(step.version.made)}  {_describe_step(step, before)}"
        yield from _describe_changes(step.changes)
        before = step.version
    if last.ended:
        yield ""
        yield f"{describe_time(last.ended)}  withdrawn: its file has gone"


def describe_time(moment: datetime) -> str:
    """Write a moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _describe_step(step: Step, before: Version | None) -> str:
    if before is None:
        return "indexed"
    came_back = before.ended is not None and before.ended < step.version.made
    told = ["came back"] if came_back else []
    if before.path != step.version.path:
        told.append(f"moved from {clean_line(before.path)}")
    fates: Counter[str] = Counter(change.fate for change in step.changes)
    told += [f"{fates[fate]:,} {fate}" for fate in ("changed", "gone", "new") if fate in fates]
    return ", ".join(told) or "title or other details edited"


def _describe_changes(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        if change.before:
            yield f"  - {clean_line(change.before.text)}"
        if change.after:
            yield f"  + {clean_line(change.after.text)}"
