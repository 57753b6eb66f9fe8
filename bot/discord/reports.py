"""What went wrong: a line for the person who asked, a reference and the details for the log.

discord.py only logs what a button raises, and would leave "thinking…" standing for ever after a
command failed. Every way in therefore stands in ``async with reports.watch(interaction)``, which is
also how a bot that is told to stop knows whom it still owes an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.pages import notice_view
from bot.discord.wire import FAILURES, insist
from index.errors import PullquoteError, QuestionError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

logger = logging.getLogger(__name__)

MOST_REPORTS = 10

# Discord's codes for an interaction that nobody can answer any more.
UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, TOKEN_EXPIRED = 10062, 10015, 50027
TOO_LATE = {UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, TOKEN_EXPIRED}

DEFECT = "Something went wrong. If it happens again, report it as {reference}."
NO_INDEX = (
    "I can't look into the articles just now. Please try again in a minute; "
    "if it stays like this, tell whoever runs me: {reference}."
)
STOPPED = "I am being restarted and could not finish this. Please try again in a minute."
SECONDS_TO_SAY_SO = 1.5

CHANGED = "This command has changed since your Discord was started. Reload it, and try again."


class Refusal(PullquoteError):
    """Something that a person may not do or must wait for; its text is shown to them alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A defect that somebody met: find its details in the log by ``reference``."""

    reference: str
    when: datetime
    what: str


class Reports:
    """The last defects, for ``/status``, and how each is told to whoever met it.

    Attributes:
        last: the newest at the end.
        at_work: what is being done for somebody who waits for it.
    """

    def __init__(self) -> None:
        self.last: deque[Report] = deque(maxlen=MOST_REPORTS)
        self.at_work: set[asyncio.Task[Any]] = set()

    def watch(self, interaction: discord.Interaction[Any]) -> Watch:
        """A block in which whatever is raised becomes a line for the person who clicked."""
        return self.watch_for(lambda error: self.tell(interaction, error))

    def watch_for(self, tell: Callable[[Exception], Awaitable[None]]) -> Watch:
        """A block in which whatever is raised goes to ``tell``."""
        return Watch(tell, self.at_work)

    def describe(self, error: BaseException, what: str) -> str:
        """The line for a person; the details of it go to the log, under a reference.

        What is wrong with the index is for whoever runs the bot: it names folders of the machine.
        """
        if isinstance(error, (Refusal, QuestionError)):
            return str(error)
        if isinstance(error, STALE):
            return CHANGED
        reference = secrets.token_hex(4)
        self.last.append(Report(reference=reference, when=datetime.now(UTC), what=what))
        if isinstance(error, PullquoteError):
            logger.error("%s failed (reference %s): %s", what, reference, error)
            return NO_INDEX.format(reference=reference)
        logger.error("%s failed (reference %s)", what, reference, exc_info=error)
        return DEFECT.format(reference=reference)

    async def tell(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Say what went wrong in answer to an interaction, whatever was sent to it before."""
        error = getattr(error, "original", error)
        if isinstance(error, discord.HTTPException) and error.code in TOO_LATE:
            logger.warning("%s could not be answered in time: %s", _name(interaction), error)
            return
        line = self.describe(error, _name(interaction))
        if interaction.type is discord.InteractionType.autocomplete:
            return
        try:
            await _send(interaction, line)
        except FAILURES as failure:
            logger.warning("nobody could be told of it: %s", failure)


# What Discord offers is not what we have: its commands were registered by another version.
STALE = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)


class Watch:
    """A block in which an exception is told and goes no further; see ``Reports.watch``."""

    def __init__(
        self, tell: Callable[[Exception], Awaitable[None]], at_work: set[asyncio.Task[Any]]
    ) -> None:
        self._tell = tell
        self._at_work = at_work

    async def __aenter__(self) -> None:
        if task := asyncio.current_task():
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if isinstance(error, asyncio.CancelledError):
            # Else "thinking…" would stand there for a quarter of an hour. RuntimeError is what a
            # connection raises that was closed already.
            with contextlib.suppress(TimeoutError, RuntimeError, *FAILURES):
                await asyncio.wait_for(self._tell(Refusal(STOPPED)), SECONDS_TO_SAY_SO)
        if not isinstance(error, Exception):
            return False
        await self._tell(error)
        return True


def _name(interaction: discord.Interaction[Any]) -> str:
    """What was done, without a word of what was asked."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    return ":".join(custom_id.split(":")[:2]) or "an interaction"


async def _send(interaction: discord.Interaction[Any], line: str) -> None:
    view = notice_view(line, tone="warning")
    if not interaction.response.is_done():
        await interaction.response.send_message(view=view, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await insist(lambda: interaction.edit_original_response(view=view))
    else:
        await interaction.followup.send(view=view, ephemeral=True)


class Tree(app_commands.CommandTree[Any]):
    """The commands; what one of them raises is told to whoever gave it."""

    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        # Everything that a command does happens in here, its checks included, whose exceptions
        # would otherwise be told to nobody.
        async with interaction.client.reports.watch(interaction):
            await super()._call(interaction)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the person; the library would only write it to the log."""
        await interaction.client.reports.tell(interaction, error)
