"""Beside the answers: a language model writes around their quotes, for whoever waits for no prose.

The quotes stand in Discord before a model is asked. Whatever it does then, the quotes stay, and at
most a line in small print tells that there is no prose.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.discord.restating import SECONDS_TO_RESTATE, Restating
from bot.discord.showing import Showing
from bot.discord.written import Written
from index.errors import PullquoteError
from index.types import Prose
from index.write import with_prose, write_prose

if TYPE_CHECKING:
    from bot.discord.allowance import Allowance, Whose
    from bot.discord.store import Kept, Store
    from bot.discord.written import Edit
    from index.writing.model import Writer

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 4
SECONDS_IN_LINE = 20.0
"""Whoever waits longer for a model's time goes without prose."""

SECONDS_TO_FOLLOW = 120.0
"""By then every model has given up."""

SECONDS_TO_END = 3.0
"""What was written when the bot is stopped is shown within this time."""

NO_PROSE = "No prose this time: {why}."
NO_TIME = NO_PROSE.format(why="too many answers are being written")
USED_UP: dict[Whose, str] = {
    "person": "No more prose for you today: {most} in 24 hours. Quotes come as always.",
    "server": "No more prose on this server today: {most} in 24 hours. Quotes come as always.",
    "all": "No more prose from me today: {most} in 24 hours. Quotes come as always.",
}


class _Writing:
    """One answer that a model writes on, and the messages that show it."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.written = Written(answer=kept.answer)
        self.reading: asyncio.Task[None] | None = None
        self._showings: list[Showing[Written]] = []

    def show_in(self, edit: Edit, *, now: bool = False) -> None:
        """Show in one more message what there is from here on; ``now`` also what there is."""
        self._showings.append(Showing(edit, self._lose))
        if now:
            self._showings[-1].show(self.written)

    def show(self, written: Written) -> None:
        """Show it in every message."""
        self.written = written
        for showing in self._showings:
            showing.show(written)

    async def finish(self) -> None:
        """Wait until every message shows what was written last."""
        await asyncio.gather(*(showing.finish() for showing in self._showings))

    def stop(self) -> None:
        """Have the model write no further."""
        if self.reading:
            self.reading.cancel()

    def _lose(self) -> None:
        """Nobody reads what is written once every message that showed it is gone."""
        if all(showing.is_lost for showing in self._showings):
            self.stop()


def _describe_note(prose: Prose) -> str:
    """Why there is no prose, without what whoever runs the bot may do about it."""
    why = (prose.note or "").partition(":")[0]
    return NO_PROSE.format(why=why) if why else ""


def _is_late(started: float) -> bool:
    """Whether a model that begins only now is too slow for what somebody waits for."""
    return time.monotonic() - started > SECONDS_TO_RESTATE


class Writings:
    """Has a model write, a few answers at a time, within everybody's allowance.

    Args:
        writer: the model.
        allowance: how often it may be asked.
        store: where the answers are kept, and their prose with them.
        seconds_in_line: how long an answer waits for the model's time.

    Attributes:
        allowance: the same.
        restating: has the model put questions anew.
    """

    def __init__(
        self,
        writer: Writer,
        allowance: Allowance,
        store: Store,
        *,
        seconds_in_line: float = SECONDS_IN_LINE,
    ) -> None:
        self.allowance = allowance
        self.restating = Restating(writer, allowance)
        self._writer = writer
        self._store = store
        self._seconds_in_line = seconds_in_line
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._at_work: dict[str, _Writing] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def model(self) -> str:
        """Which model writes; the address of a server is for nobody in Discord."""
        name = self._writer.name
        is_address = name.lower().startswith("http")
        return (name.partition("#")[2] or "a language model") if is_address else name

    def describe(self, *, with_tokens: bool = False) -> str:
        """Which model writes and how much it wrote today; blocks."""
        used, most = self.allowance.used(), self.allowance.most("all")
        answers = "answer" if used.answers == 1 and not most else "answers"
        of = f" of {most:,}" if most else ""
        tokens = f", {used.tokens_read:,} tokens read and {used.tokens_written:,} written"
        return (
            f"{self.model}, for {used.answers:,}{of} {answers} in the last 24 hours"
            f"{tokens if with_tokens else ''}"
        )

    def begin(self, kept: Kept, server: int | None, edit: Edit) -> None:
        """Have an answer written on that stands in a message; returns at once.

        Args:
            kept: the answer, which is grounded.
            server: where it was asked, None in a direct message.
            edit: shows in the message how far it is.
        """
        writing = _Writing(kept)
        writing.show_in(edit)
        writing.reading = asyncio.create_task(self._wait_and_read(writing, server))
        self._at_work[kept.id] = writing
        self._tasks[kept.id] = asyncio.create_task(self._follow(writing))

    def is_writing(self, answer: str) -> bool:
        """Whether the message of this answer is still to change."""
        return answer in self._at_work

    async def follow(self, kept: Kept, edit: Edit) -> None:
        """Show also in another message what is written on an answer, until that is done.

        What was written since ``kept`` was found is shown, too.
        """
        if writing := self._at_work.get(kept.id):
            writing.show_in(edit, now=True)
            await self.finish(SECONDS_TO_FOLLOW, kept.id)
            return
        now = await asyncio.to_thread(self._store.find, kept.id)
        if now and now.answer != kept.answer:
            await edit(Written(answer=now.answer))

    def stop(self, answer: str) -> None:
        """Have nothing more written on an answer that nobody is to see."""
        if writing := self._at_work.get(answer):
            writing.stop()

    async def finish(self, seconds: float, *answers: str) -> None:
        """Wait until these answers are written, or all of them, for so many seconds."""
        tasks = [task for key, task in self._tasks.items() if not answers or key in answers]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def leave(self, seconds: float) -> None:
        """Have nothing more written, and show what was, for so many seconds at most."""
        for writing in self._at_work.values():
            writing.stop()
        await self.finish(min(seconds, SECONDS_TO_END))
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, writing: _Writing) -> None:
        """Wait until all is written and shown; what goes wrong here is for the log alone."""
        reading, answer = writing.reading, writing.kept.id
        try:
            if reading:
                await asyncio.wait({reading})
            await writing.finish()
        finally:
            writing.stop()
            del self._at_work[answer], self._tasks[answer]
        error = reading.exception() if reading and not reading.cancelled() else None
        if isinstance(error, PullquoteError):
            logger.warning("answer %s could not be written on: %s", answer, error)
        elif error:
            logger.error("answer %s could not be written on", answer, exc_info=error)

    async def _wait_and_read(self, writing: _Writing, server: int | None) -> None:
        try:
            await asyncio.wait_for(self._slots.acquire(), self._seconds_in_line)
        except TimeoutError:
            writing.show(Written(answer=writing.kept.answer, note=NO_TIME))
            return
        try:
            await self._take_and_read(writing, server)
        finally:
            self._slots.release()

    async def _take_and_read(self, writing: _Writing, server: int | None) -> None:
        kept = writing.kept
        whose = await asyncio.to_thread(self.allowance.take, kept.id, kept.asker, server)
        if whose is None:
            await self._read(writing)
            return
        logger.info("prose answer=%s refused=%s", kept.id, whose)
        if await asyncio.to_thread(self.allowance.tell, kept.asker):
            note = USED_UP[whose].format(most=f"{self.allowance.most(whose):,}")
            writing.show(Written(answer=kept.answer, note=note))

    async def _read(self, writing: _Writing) -> None:
        """Show what the model writes as it comes; what was begun counts, even if it is stopped."""
        kept, started, prose, is_whole = writing.kept, time.monotonic(), Prose(), False
        writes = write_prose(kept.answer, self._writer, turns=kept.turns)
        try:
            async with aclosing(writes) as growing:
                async for prose in growing:
                    if writing.written.answer is kept.answer and _is_late(started):
                        self.restating.distrust()
                    await self._show(writing, prose)
            is_whole = True
        finally:
            self._log(kept, prose, time.monotonic() - started)
            if is_whole and not (prose.proposed or prose.tokens[1]):
                await asyncio.to_thread(self.allowance.give_back, kept.id)
            else:
                await asyncio.to_thread(self.allowance.note, kept.id, prose.tokens)

    async def _show(self, writing: _Writing, prose: Prose) -> None:
        kept = writing.kept
        written = with_prose(kept.answer, prose) if prose.sentences else kept.answer
        # Kept first: what is built anew for a click then holds all that was seen.
        await asyncio.to_thread(self._store.rewrite, kept.id, written)
        writing.show(Written(answer=written, note=_describe_note(prose)))

    def _log(self, kept: Kept, prose: Prose, seconds: float) -> None:
        """Write one line to the log, without a word of the question or the prose."""
        logger.info(
            "prose who=%s answer=%s model=%s ms=%.0f kept=%d of=%d dropped=%s tokens=%d+%d",
            kept.asker[:8],
            kept.id,
            self.model,
            1000 * seconds,
            len(prose.sentences),
            prose.proposed,
            ",".join(prose.dropped) or "none",
            *prose.tokens,
        )
