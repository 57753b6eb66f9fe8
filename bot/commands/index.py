"""``pullquote index``: bring the index in line with the folder of articles, or look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.commands.opening import unbuilt
from bot.escape import clean_line, json_line
from bot.progress import follow
from bot.streams import emit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.inspect import Finding
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


def check(*, settings: Settings, wait: float, as_json: bool) -> int:
    """Write one line for each thing in which catalog, vectors and corpus differ.

    Returns:
        0, or 2 where something differs.
    """
    with unbuilt(settings) as library:
        findings = library.inspect(wait=wait)
    if as_json:
        told = [finding_to_json(finding) for finding in findings]
        emit(json_line({"differs": bool(findings), "findings": told}) + "\n")
    else:
        emit("".join(clean_line(str(finding)) + "\n" for finding in findings))
        emit(describe_findings(findings) + "\n")
    return 2 if findings else 0


def mend(*, settings: Settings, wait: float, as_json: bool, anew: bool) -> int:
    """Repair the index, or rebuild it from the corpus, and write the summary.

    Returns:
        0, or 2 where an article failed.
    """
    with unbuilt(settings) as library:
        steps = library.rebuild(wait=wait) if anew else library.repair(wait=wait)
        summary = follow(steps)
    told = summary_to_json(summary)
    emit((json_line(told) if as_json else describe_counts(told)) + "\n")
    return 2 if summary.failed else 0


def prune(*, settings: Settings, wait: float, as_json: bool) -> int:
    """Forget what no answer needs any more, and say how much that was.

    Returns:
        0.
    """
    with unbuilt(settings) as library:
        pruned = library.prune(wait=wait)
    told = {"versions": pruned.versions, "vectors": pruned.vectors, "bytes": pruned.bytes}
    versions = _count(pruned.versions, "superseded version")
    vectors = _count(pruned.vectors, "unused vector")
    smaller = f"the catalog is {pruned.bytes / 1_000_000:.1f} MB smaller"
    line = f"Forgotten: {versions} and {vectors}; {smaller}."
    emit((json_line(told) if as_json else line) + "\n")
    return 0


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def finding_to_json(finding: Finding) -> dict[str, object]:
    """Write a finding as the values that ``index --check --json`` prints."""
    return {
        "part": finding.part,
        "article": finding.about or None,
        "says": finding.says,
        "remedy": finding.remedy,
    }


def describe_findings(findings: Sequence[Finding]) -> str:
    """Say in one line whether anything differs, and what to do about it."""
    if not findings:
        return "Catalog, vectors and corpus agree."
    needs_repair = any(finding.remedy == "repair" for finding in findings)
    command = "pullquote index --repair" if needs_repair else "pullquote index"
    things = "1 thing differs" if len(findings) == 1 else f"{len(findings):,} things differ"
    return f"{things}; to set it right: {command}"


def _emit_step(step: Progress) -> None:
    emit(
        json_line({"stage": step.stage, "done": step.done, "total": step.total}) + "\n", flush=True
    )


def describe_counts(summary: Mapping[str, Any]) -> str:
    """Write a summary, as ``summary_to_json`` gives it, as one line."""
    counts = ", ".join(
        f"{summary[name]:,} {name}" for name in ("new", "changed", "gone", "unchanged", "failed")
    )
    for name, said in (("moved", "moved"), ("copies", "left out as copies")):
        if number := summary.get(name):
            counts += f", {number:,} {said}"
    passages = _count(summary["passages"], "passage")
    return f"Articles: {counts}. {passages}, {summary['seconds']:.1f} s."


def summary_to_json(summary: Summary) -> dict[str, object]:
    """Write a summary as the values that ``index --json`` prints."""
    return {
        "new": summary.new,
        "changed": summary.changed,
        "gone": summary.gone,
        "unchanged": summary.unchanged,
        "moved": summary.moved,
        "copies": summary.copies,
        "failed": summary.failed,
        "passages": summary.passages,
        "seconds": round(summary.seconds, 3),
        "generation": summary.generation,
        "failures": [
            {"article": failure.path, "reason": failure.reason} for failure in summary.failures
        ],
        "notes": list(summary.notes),
    }
