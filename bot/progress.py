"""A reindexing under way → a progress bar on standard error, then its summary."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.escape import clean_line
from bot.streams import make_console, warn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from index.reindex import Progress, Summary


def follow(
    steps: Generator[Progress, None, Summary], show: Callable[[Progress], None] | None = None
) -> Summary:
    """Run a reindexing to its end, showing where it is, and warn of what failed.

    Whatever interrupts it, the generator is closed, so that the index is left usable.

    Args:
        steps: the reindexing.
        show: shows a step; by default a bar on a terminal does.
    """
    try:
        with _shown() as bar:
            summary = _exhaust(steps, show or bar)
    finally:
        steps.close()
    for note in summary.notes:
        warn(note)
    for failure in summary.failures:
        warn(str(failure))
    return summary


def _exhaust(
    steps: Generator[Progress, None, Summary], show: Callable[[Progress], None]
) -> Summary:
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            summary: Summary = end.value
            return summary
        show(step)


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Give a function that shows a step: in a bar on a terminal, elsewhere nowhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich import progress as rich_progress

    columns = (
        rich_progress.TextColumn("Indexing"),
        rich_progress.BarColumn(bar_width=24),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("{task.description}", style="dim", markup=False),
    )
    console = make_console(stderr=True)
    with rich_progress.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(step: Progress) -> None:
            article = clean_line(step.article)
            bar.update(task, total=step.total, completed=step.done, description=article)

        yield show
