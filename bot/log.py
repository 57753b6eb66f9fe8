"""The bot's log, on standard error: it holds no secret and nothing of what people asked.

What is logged on purpose is seen to where that is done. This sees to the rest: to exceptions, whose
messages may repeat what was worked on, and to addresses, which hold the tokens of interactions.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import traceback
from copy import copy
from typing import TYPE_CHECKING, Any, TextIO

from index.errors import PullquoteError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

HIDDEN = "…"

# Whoever has the token of an interaction may write in its place for a quarter of an hour.
_TOKENS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")

# Exceptions whose messages are about the machine or Discord, and not about a question.
_HARMLESS = (OSError, sqlite3.Error, PullquoteError)

RECONNECTING = "discord.client"


def set_up_log(level: str, token: str) -> None:
    """Log to standard error, our own lines from ``level`` on, those of libraries from WARNING."""
    handler = discreet_handler(sys.stderr, token, says_all=level == "DEBUG")
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("bot", "index"):
        logging.getLogger(name).setLevel(level)


def discreet_handler(stream: TextIO, token: str, *, says_all: bool = False) -> logging.Handler:
    """What writes records to ``stream``; see ``Discreet``."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Discreet(token, says_all=says_all))
    handler.addFilter(_is_wanted)
    return handler


class Discreet(logging.Formatter):
    """Writes no secret, and of exceptions where they were raised, but not what they say.

    Args:
        token: the bot's own.
        says_all: whether to write what exceptions say after all.
    """

    def __init__(self, token: str, *, says_all: bool = False) -> None:
        super().__init__(FORMAT)
        self._token = token
        self._says_all = says_all

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its exception below it."""
        # A copy, without what another handler may have made of the exception.
        record = copy(record)
        record.exc_text = None
        if record.name == RECONNECTING:
            _shorten(record)
        return _TOKENS.sub(rf"\1{HIDDEN}", super().format(record).replace(self._token, HIDDEN))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as logging declares it
        """Write an exception and those that led to it."""
        if self._says_all:
            return super().formatException(ei)
        return "".join(_describe(ei[1])).rstrip("\n")


def _describe(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from _describe(before)
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    said = f": {error}" if isinstance(error, _HARMLESS) else ""
    yield f"{name}{said}\n"


def _is_wanted(record: logging.LogRecord) -> bool:
    """discord.py also warns that it cannot speak aloud, which nobody asks of it."""
    return record.name != RECONNECTING or record.levelno >= logging.ERROR


def _shorten(record: logging.LogRecord) -> None:
    """discord.py writes a traceback whenever the network fails; a line says as much."""
    error = record.exc_info[1] if record.exc_info else None
    record.msg = f"{record.msg} ({type(error).__name__})"
    record.exc_info = None
    record.levelname = "WARNING"
