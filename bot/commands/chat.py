"""``pullquote chat``: one question after the other, each of which may lean on those before it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from bot.commands.ask import decode, read_lines
from bot.commands.opening import opened
from bot.escape import clean_line
from bot.render import plain_source
from bot.screen import Screen
from bot.scribe import ask_library, open_scribe
from bot.streams import emit, say
from bot.typed import remembered
from index.errors import PullquoteError
from index.follow_up import remember_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.scribe import Scribe
    from index.follow_up import Turn
    from index.open import Library
    from index.settings import Settings
    from index.types import Answer

PROMPT = "> "
MOST_TURNS = 6
"""Questions further back are not what anybody means by "he" or "there"."""

GREETING = "Ask a question; /help tells what else there is."
HELP = """\
/sources  where the quotes of the last answer stand
/new      begin anew, without the questions so far
/help     this
/quit     leave, as Ctrl-D does
Everything else is a question, which may lean on those before it: "And why?"
"""


def run(*, settings: Settings, number_of_articles: int | None) -> int:
    """Answer one question after the other, until whoever asks leaves.

    Returns:
        0.
    """
    with open_scribe(settings) as scribe, opened(settings) as library:
        chat = Chat(library, scribe, number_of_articles)
        is_typed = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
        if not is_typed:
            for line in read_lines():
                if not chat.take_line(line):
                    break
            return 0
        with remembered(settings.folder):
            emit(f"{GREETING}\n", flush=True)
            for typed in _typed():
                if not chat.take(typed):
                    break
    return 0


def _typed() -> Iterator[str]:
    """What is typed, line by line, until Ctrl-D; Ctrl-C only drops the line."""
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            emit("\n", flush=True)
            return
        except KeyboardInterrupt:
            emit("\n", flush=True)


class Chat:
    """A conversation with the articles.

    Args:
        library: answers.
        scribe: writes around the quotes, if there is one.
        number_of_articles: how many are quoted from, at most.
    """

    def __init__(
        self, library: Library, scribe: Scribe | None, number_of_articles: int | None
    ) -> None:
        self._library = library
        self._scribe = scribe
        self._number_of_articles = number_of_articles
        self._screen = Screen()
        self._earlier: tuple[Turn, ...] = ()
        self._last: Answer | None = None

    def take_line(self, line: bytes) -> bool:
        """Do as ``take`` with a line as it was read."""
        try:
            text = decode(line)
        except PullquoteError as error:
            say(str(error))
            return True
        return self.take(text)

    def take(self, typed: str) -> bool:
        """Answer a question, or do what a command says; whether to go on."""
        text = clean_line(typed)
        if not text:
            return True
        if text.startswith("/"):
            return self._obey(text.lower())
        try:
            self._answer(text)
        except PullquoteError as error:
            say(str(error))
        except KeyboardInterrupt:
            # Of this answer, and not of the conversation.
            say("stopped")
        return True

    def _answer(self, question: str) -> None:
        earlier = self._earlier
        answer = ask_library(
            self._library,
            question,
            scribe=self._scribe,
            earlier=earlier,
            number_of_articles=self._number_of_articles,
        )
        self._last = answer
        self._earlier = (*earlier, remember_turn(answer))[-MOST_TURNS:]
        self._screen.show(answer)
        if self._scribe:
            with closing(self._scribe.write(answer, earlier)) as proses:
                self._screen.show_prose(proses)

    def _obey(self, command: str) -> bool:
        if command in {"/quit", "/exit", "/q"}:
            return False
        commands: dict[str, Callable[[], None]] = {
            "/sources": self._show_sources,
            "/new": self._begin_anew,
            "/help": lambda: emit(HELP, flush=True),
        }
        if command in commands:
            commands[command]()
        else:
            say(f"there is no {command.split(maxsplit=1)[0]}; /help tells what there is")
        return True

    def _begin_anew(self) -> None:
        self._earlier, self._last = (), None
        emit("A new conversation.\n", flush=True)

    def _show_sources(self) -> None:
        if self._last is None or not self._last.citations:
            emit("Nothing has been quoted yet.\n", flush=True)
        else:
            emit("".join(f"{line}\n" for line in describe_places(self._last)), flush=True)


def describe_places(answer: Answer) -> Iterator[str]:
    """Write each source, and below it how to see its quotes in their surroundings."""
    quotes = answer.quotes or answer.nearest
    for citation in answer.citations:
        yield plain_source(citation, quotes)
        for quote in quotes:
            if quote.number == citation.number:
                path = clean_line(quote.article)
                yield f"    pullquote show {path} --quote {quote.start}:{quote.end}"
