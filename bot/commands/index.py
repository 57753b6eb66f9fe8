"""``pullquote index``: bring the index in line with the folder of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.opening import unbuilt
from bot.escape import json_line
from bot.progress import follow
from bot.streams import emit

if TYPE_CHECKING:
    from index.reindex import Summary
    from index.settings import Settings


def run(*, settings: Settings, wait: float, as_json: bool) -> int:
    """Reindex and write the summary to standard output.

    Returns:
        0, or 2 where an article failed; the others are indexed all the same.
    """
    with unbuilt(settings) as library:
        summary = follow(library.reindex(wait=wait))
    emit((json_line(summary_to_json(summary)) if as_json else describe(summary)) + "\n")
    return 2 if summary.failed else 0


def describe(summary: Summary) -> str:
    """Write a summary as one line."""
    counts = ", ".join(
        f"{getattr(summary, name)} {name}"
        for name in ("new", "changed", "gone", "unchanged", "failed")
    )
    return f"Articles: {counts}. {summary.passages:,} passages, {summary.seconds:.1f} s."


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
