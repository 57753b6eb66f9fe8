"""A language model, asked from code that does not await: one event loop for as long as it is open.

Without the setting there is none, and nothing of it is imported.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from index.follow_up import Turn
    from index.open import Library
    from index.settings import Settings
    from index.types import Answer, Prose
    from index.writing.model import LanguageModel


class Scribe:
    """Has a language model put questions anew, and write prose around answers.

    Args:
        writer: the model.
        runner: the event loop that it is asked on.
    """

    def __init__(self, writer: LanguageModel, runner: asyncio.Runner) -> None:
        self._writer = writer
        self._runner = runner

    def restate(self, question: str, earlier: Sequence[Turn]) -> str | None:
        """The question as the model puts it; None where that is not needed, or failed."""
        from index.writing.restate import needs_restating, restate_question

        if not needs_restating(question, earlier):
            return None
        return self._runner.run(restate_question(question, earlier, self._writer))

    def write(self, answer: Answer, earlier: Sequence[Turn] = ()) -> Generator[Prose, None, None]:
        """The prose around ``answer``, again with every sentence more; the last is whole."""
        from index.write import write_prose

        proses = write_prose(answer, self._writer, turns=earlier)

        async def read_next() -> Prose | None:
            return await anext(proses, None)

        try:
            while (prose := self._runner.run(read_next())) is not None:
                yield prose
        finally:
            self._runner.run(proses.aclose())

    def finish(self, answer: Answer, earlier: Sequence[Turn] = ()) -> Answer:
        """``answer`` with all of its prose."""
        from index.write import with_prose

        *_, prose = (None, *self.write(answer, earlier))
        return answer if prose is None else with_prose(answer, prose)


@contextmanager
def open_scribe(settings: Settings) -> Iterator[Scribe | None]:
    """Give what asks the language model of ``settings``, if there is one, and close it after.

    Raises:
        SettingsError: there is no such model, or something that it takes is missing.
    """
    if settings.writer is None:
        yield None
        return
    from index.writing.model import open_writer

    writer = open_writer(settings.writer)
    with asyncio.Runner() as runner:
        try:
            yield Scribe(writer, runner)
        finally:
            runner.run(writer.close())


def ask_library(
    library: Library,
    question: str,
    *,
    scribe: Scribe | None,
    earlier: Sequence[Turn] = (),
    number_of_articles: int | None = None,
) -> Answer:
    """Answer ``question`` as it is meant, put anew by the model where that may help."""
    restated = scribe.restate(question, earlier) if scribe else None
    if not (restated or earlier):
        return library.ask(question, number_of_articles=number_of_articles)
    return library.ask_follow_up(
        question, earlier, restated=restated, number_of_articles=number_of_articles
    )
