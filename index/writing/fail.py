"""What goes wrong with a language model → one line for people, and whether to ask once more.

What an error says is never shown or logged: it may repeat a key, an address or what was asked.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from index.errors import WriterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from index.settings import WriterSettings

# Seconds before it is asked once more: after a failure, and where it says nothing of how long to
# wait; whoever is told to wait longer than the last has their quotes and nothing more.
AFTER_FAILURE, AFTER_TOO_MUCH, LONGEST_WAIT = 0.5, 1.0, 5.0

TOO_LONG = "the language model took too long"

_REFUSED, _UNKNOWN, _TOO_MUCH, _FAILED, _OVERLOADED = (401, 403), 404, 429, 500, 529
_BROKE_OFF = {"RemoteProtocolError", "ReadError", "WriteError", "APIStatusError", "APIError"}
_UNREACHABLE = {"ConnectError", "ConnectionError", "APIConnectionError", "gaierror"}
_logger = logging.getLogger(__name__)


class Failing:
    """A context that turns whatever a client of a language model raises into a WriterError."""

    def __init__(self, settings: WriterSettings) -> None:
        self._settings = settings

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, WriterError):
            _logger.info("the language model failed: %s, %s", type(error).__name__, _status(error))
            raise describe_failure(error, self._settings) from None


def describe_failure(error: Exception, settings: WriterSettings) -> WriterError:
    """The line for people, which names the setting to look at where one may be wrong."""
    status = _status(error)
    if status in _REFUSED:
        name = settings.key_setting or "PULLQUOTE_LLM_KEY"
        return WriterError(f"the language model does not take the key: check {name}")
    if status == _UNKNOWN:
        return WriterError("the server has no such language model: check PULLQUOTE_LLM")
    if status == _TOO_MUCH:
        return WriterError("the language model is asked too much now", retry_after=_wait(error))
    if status >= _FAILED:
        return WriterError("the language model's server failed", retry_after=AFTER_FAILURE)
    if status:
        return WriterError(f"the language model refuses to write ({status}): check PULLQUOTE_LLM")
    return WriterError(_describe_connection(error))


def _describe_connection(error: Exception) -> str:
    names = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    if any("Timeout" in name for name in names):
        return TOO_LONG
    if names & _UNREACHABLE and not names & {"RemoteProtocolError", "ReadError"}:
        return "the language model cannot be reached: check that its server runs"
    if names & _BROKE_OFF:
        return "the language model broke off"
    return "the language model's answer cannot be read"


def _status(error: BaseException) -> int:
    """The HTTP status of a refusal, or 0: a stream that breaks has the status it began with."""
    status = getattr(error, "status_code", 0)
    return status if isinstance(status, int) and status >= _REFUSED[0] - 1 else 0


def _wait(error: Exception) -> float | None:
    """The seconds that a server asks to wait, where they are few."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    told = headers.get("retry-after", "")
    try:
        wait = float(told) if told else AFTER_TOO_MUCH
    except ValueError:
        # A date, which nobody gives who means seconds.
        return None
    return wait if 0 <= wait <= LONGEST_WAIT else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
