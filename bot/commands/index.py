"""``pullquote index``: bring the index in line with the folder of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.commands.opening import unbuilt
from bot.escape import json_line
from bot.progress import follow
from bot.streams import emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.reindex import Progress, Summary
    from index.settings import Settings


def run(*, settings: Settings, wait: float, as_json: bool, with_progress: bool = False) -> int:
    """Reindex and write the summary to standard output; with progress, each step before it.

    Returns:
        0, or 2 where an article failed; the others are indexed all the same.
    """
    with unbuilt(settings) as library:
        steps = library.reindex(wait=wait)
        summary = follow(steps, show=_emit_step if with_progress else None)
    told = summary_to_json(summary)
    emit((json_line(told) if as_json else describe_counts(told)) + "\n")
    return 2 if summary.failed else 0


def _emit_step(step: Progress) -> None:
    emit(
        json_line({"stage": step.stage, "done": step.done, "total": step.total}) + "\n", flush=True
    )


def describe_counts(summary: Mapping[str, Any]) -> str:
    """Write a summary, as ``summary_to_json`` gives it, as one line."""
    counts = ", ".join(
        f"{summary[name]:,} {name}" for name in ("new", "changed", "gone", "unchanged", "failed")
    )
    return f"Articles: {counts}. {summary['passages']:,} passages, {summary['seconds']:.1f} s."


def summary_to_json(summary: Summary) -> dict[str, object]:
    """Write a summary as the values that ``index --json`` prints."""
    return {
        "new": summary.new,
        "changed": summary.changed,
        "gone": summary.gone,
        "unchanged": summary.unchanged,
        "failed": summary.failed,
        "passages": summary.passages,
        "seconds": round(summary.seconds, 3),
        "generation": summary.generation,
        "failures": [
            {"article": failure.path, "reason": failure.reason} for failure in summary.failures
        ],
        "notes": list(summary.notes),
    }
