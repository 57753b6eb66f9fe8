"""A message that changes as it is written: edited now and then, until it shows what came last."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.discord.wire import FAILURES, may_pass

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Discord takes five edits in five seconds in a channel, and people read no faster.
SECONDS_BETWEEN_EDITS = 1.0

# How often the last state is tried again where an edit failed that may pass another time.
MOST_TRIES = 2

SECONDS_FOR_AN_EDIT = 60.0
"""discord.py waits by itself where it is told to, which may be for very long."""


class Showing(Generic[T]):
    """Edits one message, never sooner than a second after it was last written.

    What comes meanwhile takes the place of what was not shown yet.

    Args:
        edit: shows a state, and raises what a call to Discord raises.
        lost: is called once when the message can be edited no more.
    """

    def __init__(self, edit: Callable[[T], Awaitable[object]], lost: Callable[[], object]) -> None:
        self._edit = edit
        self._lost = lost
        self._next: T | None = None
        self._free_at = time.monotonic() + SECONDS_BETWEEN_EDITS
        self._task: asyncio.Task[None] | None = None
        self._tries = 0
        self.is_lost = False

    def show(self, state: T) -> None:
        """Show a state as soon as may be; returns at once."""
        self._next, self._tries = state, 0
        if not self.is_lost and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())

    async def finish(self) -> None:
        """Wait until the last state is shown."""
        if self._task:
            await self._task

    async def _run(self) -> None:
        while self._next is not None and not self.is_lost:
            await asyncio.sleep(max(0.0, self._free_at - time.monotonic()))
            state, self._next = self._next, None
            await self._show(state)
            self._free_at = time.monotonic() + SECONDS_BETWEEN_EDITS

    async def _show(self, state: T) -> None:
        try:
            await asyncio.wait_for(self._edit(state), SECONDS_FOR_AN_EDIT)
        except (*FAILURES, RuntimeError) as error:
            # The message is gone, or its channel, or the quarter of an hour in which an interaction
            # may be answered. RuntimeError is what a connection raises that was closed.
            self.is_lost = isinstance(error, RuntimeError) or not may_pass(error)
            logger.info(
                "an answer %s be written on: %s",
                "can no longer" if self.is_lost else "could not",
                error,
            )
            if self.is_lost:
                self._lost()
            elif self._next is None and self._tries < MOST_TRIES:
                # Nothing newer will come: the last state is worth another try.
                self._tries += 1
                self._next = state
