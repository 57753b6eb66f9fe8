"""``pullquote ask``: one question from the command line, or one a line from standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.escape import clean_line, json_line
from bot.render import render_plain, to_json
from bot.streams import emit, make_console, say
from index.errors import PullquoteError, QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.open import Library
    from index.settings import Settings
    from index.types import Answer

ANSWERED, SILENT, FAILED = 0, 1, 2
STANDARD_INPUT = "-"


def run(
    words: Sequence[str], *, settings: Settings, number_of_articles: int | None, as_json: bool
) -> int:
    """Answer on standard output.

    Returns:
        0 answered, 1 the articles don't say, 2 a line could not be asked; of many lines the worst.
    """
    write = _write_json if as_json else _writer()
    with opened(settings) as library:
        if list(words) == [STANDARD_INPUT]:
            return _ask_lines(library, write, number_of_articles)
        answer = library.ask(clean_line(" ".join(words)), number_of_articles=number_of_articles)
        write(answer)
        return _status(answer)


def _ask_lines(
    library: Library, write: Callable[[Answer], None], number_of_articles: int | None
) -> int:
    worst = ANSWERED
    for number, line in enumerate(_read_lines(), start=1):
        try:
            answer = library.ask(_decode(line), number_of_articles=number_of_articles)
        except PullquoteError as error:
            say(f"line {number}: {error}")
            worst = FAILED
            continue
        write(answer)
        worst = max(worst, _status(answer))
    return worst


def _read_lines() -> Iterator[bytes]:
    if sys.stdin is None:
        raise QuestionError("standard input is closed: give questions there, one a line")
    try:
        yield from sys.stdin.buffer
    except OSError as error:
        raise QuestionError(f"standard input cannot be read: {error.strerror}") from None


def _decode(line: bytes) -> str:
    # What was pasted from a terminal may hold its colours, which are no words of the question.
    try:
        return clean_line(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise QuestionError("the question is not UTF-8 text") from None


def _status(answer: Answer) -> int:
    return ANSWERED if answer.grounded else SILENT


def _write_json(answer: Answer) -> None:
    emit(json_line(to_json(answer)) + "\n", flush=True)


def _writer() -> Callable[[Answer], None]:
    """Choose how answers are shown; between two of them stands an empty line."""
    separators = _separators()
    console = make_console()
    if not console.is_terminal:
        return lambda answer: emit(next(separators) + render_plain(answer), flush=True)
    from bot.terminal import render_answer

    return lambda answer: console.print(next(separators), render_answer(answer), sep="", end="")


def _separators() -> Iterator[str]:
    yield ""
    while True:
        yield "\n"
