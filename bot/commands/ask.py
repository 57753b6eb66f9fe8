"""``pullquote ask``: one question from the command line, or one a line from standard input."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.contract import to_json
from bot.escape import clean_line, json_line
from bot.screen import Screen
from bot.scribe import ask_library, open_scribe
from bot.streams import emit, say
from index.errors import PullquoteError, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.scribe import Scribe
    from index.open import Library
    from index.settings import Settings
    from index.types import Answer

ANSWERED, SILENT, FAILED = 0, 1, 2
STANDARD_INPUT = "-"


def run(
    words: Sequence[str], *, settings: Settings, number_of_articles: int | None, as_json: bool
) -> int:
    """Answer on standard output; with a language model its prose follows below.

    Returns:
        0 answered, 1 the articles don't say, 2 a line could not be asked; of many lines the worst.
    """
    with open_scribe(settings) as scribe, opened(settings) as library:
        asking = _Asking(library, scribe, number_of_articles, as_json=as_json)
        if list(words) == [STANDARD_INPUT]:
            return _ask_lines(asking)
        return _status(asking.ask(clean_line(" ".join(words))))


class _Asking:
    """Answers questions, one after the other."""

    def __init__(
        self,
        library: Library,
        scribe: Scribe | None,
        number_of_articles: int | None,
        *,
        as_json: bool,
    ) -> None:
        self._library = library
        self._scribe = scribe
        self._number_of_articles = number_of_articles
        self._screen = None if as_json else Screen()

    def ask(self, question: str) -> Answer:
        """Answer and show it: the quotes at once, JSON when all of it is there."""
        scribe = self._scribe
        answer = ask_library(
            self._library, question, scribe=scribe, number_of_articles=self._number_of_articles
        )
        if self._screen is None:
            answer = scribe.finish(answer) if scribe else answer
            emit(json_line(to_json(answer)) + "\n", flush=True)
            return answer
        self._screen.show(answer)
        if scribe:
            with closing(scribe.write(answer)) as proses:
                self._screen.show_prose(proses)
        return answer


def _ask_lines(asking: _Asking) -> int:
    worst = ANSWERED
    for number, line in enumerate(read_lines(), start=1):
        try:
            answer = asking.ask(decode(line))
        except PullquoteError as error:
            say(f"line {number}: {error}")
            worst = FAILED
            continue
        worst = max(worst, _status(answer))
    return worst


def read_lines() -> Iterator[bytes]:
    """Read standard input, a line at a time.

    Raises:
        QuestionError: it is closed or cannot be read.
    """
    if sys.stdin is None:
        raise QuestionError("standard input is closed: give questions there, one a line")
    try:
        yield from sys.stdin.buffer
    except OSError as error:
        raise QuestionError(f"standard input cannot be read: {error.strerror}") from None


def decode(line: bytes) -> str:
    """Read a line as a question.

    Raises:
        QuestionError: it is not UTF-8.
    """
    # What was pasted from a terminal may hold its colours, which are no words of the question.
    try:
        return clean_line(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise QuestionError("the question is not UTF-8 text") from None


def _status(answer: Answer) -> int:
    return ANSWERED if answer.grounded else SILENT
