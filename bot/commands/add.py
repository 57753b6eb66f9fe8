"""``pullquote add``: take files and addresses into the corpus, then index them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.index import describe_counts, summary_to_json
from bot.commands.opening import unbuilt
from bot.escape import clean_line, json_line
from bot.progress import follow
from bot.streams import emit, say

if TYPE_CHECKING:
    from bot.intake.add import Result
    from bot.settings import IntakeSettings
    from index.reindex import Summary

INDEXING_WAIT = 300.0
"""Seconds that indexing waits for another process that is writing the index."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def run(sources: Sequence[str], *, settings: IntakeSettings, as_json: bool) -> int:
    """Add each of ``sources``, write a line for each article, then index what has come.

    Returns:
        0, or 2 where something was refused or cannot be indexed; the rest is added all the same.
    """
    refused = come = False
    for result in _add(sources, settings):
        refused = refused or result.state == "refused"
        come = come or result.state in {"added", "changed"}
        _tell(result, as_json=as_json)
    if not come:
        return 2 if refused else 0
    summary = _index(settings)
    told = summary_to_json(summary)
    emit((json_line(told) if as_json else describe_counts(told)) + "\n")
    return 2 if refused or summary.failed else 0


def _add(sources: Sequence[str], settings: IntakeSettings) -> Iterator[Result]:
    from bot.intake.add import add_address, add_each

    corpus = settings.library.corpus
    for source in sources:
        if _ADDRESS.match(source):
            yield from add_address(source, corpus, allowed_hosts=settings.allowed_hosts)
        else:
            yield from add_each([Path(source)], corpus)


def _index(settings: IntakeSettings) -> Summary:
    with unbuilt(settings.library) as library:
        return follow(library.reindex(wait=INDEXING_WAIT))


def _tell(result: Result, *, as_json: bool) -> None:
    if as_json:
        emit(json_line(result_to_json(result)) + "\n", flush=True)
    elif result.path is None:
        say(f"{result.source}: {result.line}")
    else:
        emit(f"{result.state}: {clean_line(result.path)}\n", flush=True)


def result_to_json(result: Result) -> dict[str, object]:
    """Write a result as the values that ``add --json`` prints."""
    return {
        "source": result.source,
        "state": result.state,
        "article": result.path,
        "reason": result.line or None,
    }
