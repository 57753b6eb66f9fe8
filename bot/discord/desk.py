"""Where the event loop hands questions to the library, and waits: never on the loop itself.

Answers are made in threads, a few at a time, behind a queue that is bounded.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot.discord.reports import Refusal, Reports
from bot.discord.store import Kept, new_id
from index.errors import IndexUnusable
from index.follow_up import remember_turn
from index.rerank import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.discord.store import Store
    from bot.discord.writings import Writings
    from bot.discord.written import Edit
    from index.follow_up import Turn
    from index.open import Library
    from index.types import Answer

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# One at a time: the work is Python's, so that a second thread would only slow the first, and the
# event loop with it.
AT_WORK = 1
MOST_WAITING = 500

BUSY = "So many questions are waiting that I cannot take another. Please ask again in a minute."
LEAVING = "I am being restarted. Please ask again in a minute."


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question that somebody asked.

    Attributes:
        text: the question.
        person: the Discord id of whoever asked.
        server: the server's id, None in a direct message.
        channel: where, a thread's own id in a thread.
        remembers: whether what was asked in ``channel`` before is the context: a thread, or a
            direct message.
        follows: the message of ours that it replies to.
        private: whether only the asker sees the answer.
    """

    text: str
    person: int
    server: int | None
    channel: int
    remembers: bool = False
    follows: int | None = None
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Before:
    """What is known of a question before it is answered.

    ``id`` is to be the answer's. ``turns`` are what it may lean on, ``parent`` the answer that it
    replies to, both where they were looked up. ``restated`` is the question as a model put it anew.
    """

    id: str
    turns: tuple[Turn, ...] | None = None
    parent: str | None = None
    restated: str | None = None


class Desk:
    """Answers questions for the event loop.

    Args:
        library: the articles.
        store: what the bot remembers.
        salt: makes the digests of people's ids our own.
        writings: has a language model write around the quotes, where there is one.

    Attributes:
        writing: held by whoever runs the writer: one at a time, the others wait.
        published: set when the writer has made a new generation.
    """

    def __init__(
        self, library: Library, store: Store, salt: str, writings: Writings | None = None
    ) -> None:
        self.library = library
        self.store = store
        self.writings = writings
        self.reports = Reports()
        self.writing = asyncio.Lock()
        self.published = asyncio.Event()
        self._salt = salt
        self._threads = ThreadPoolExecutor(AT_WORK, thread_name_prefix="answers")
        self._is_open = True
        self.waiting = 0
        self.answered = 0

    def digest(self, person: int) -> str:
        """A name for a person that tells nobody else who it is."""
        return hashlib.sha256(f"{self._salt}:{person}".encode()).hexdigest()[:16]

    def check_open(self) -> None:
        """Raise Refusal, in words for whoever asks, when no question can be taken now."""
        if not self._is_open:
            raise Refusal(LEAVING)
        self._check_room()

    def _check_room(self) -> None:
        if self.waiting >= MOST_WAITING:
            raise Refusal(BUSY)

    async def ask(self, asked: Asked) -> Kept:
        """Answer, keep the answer, and write one line to the log; raises PullquoteError."""
        started = time.perf_counter()
        before = await self._prepare(asked)
        kept = await self.work(self._answer, asked, before, time.monotonic())
        self.answered += 1
        logger.info(
            "question who=%s answer=%s server=%s ms=%.0f waited_ms=%.0f grounded=%s quotes=%d"
            " generation=%d",
            kept.asker[:8],
            kept.id,
            asked.server or "direct",
            kept.answer.milliseconds,
            1000 * (time.perf_counter() - started) - kept.answer.milliseconds,
            "yes" if kept.answer.grounded else "no",
            len(kept.answer.quotes),
            kept.answer.searched.generation,
        )
        logger.debug("question text=%r", asked.text)
        return kept

    def write(self, asked: Asked, kept: Kept, edit: Edit) -> None:
        """Have a language model write on an answer that stands in a message, if there is one.

        ``edit`` shows in that message how far it is. Returns at once.
        """
        if self.writings and self._is_open and kept.answer.grounded:
            self.writings.begin(kept, asked.server, edit)

    async def _prepare(self, asked: Asked) -> _Before:
        """What was asked before, and the question put anew by the model where it needs that."""
        if self.writings is None:
            return _Before(id=new_id())
        turns, parent = await asyncio.to_thread(self._remember, asked)
        before = _Before(id=new_id(), turns=tuple(turns), parent=parent)
        restated = await self.writings.restating.restate(
            asked.text,
            turns,
            answer=before.id,
            person=self.digest(asked.person),
            server=asked.server,
        )
        return replace(before, restated=restated)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what is slow in its turn; raises Refusal when the queue is full.

        Whoever was let in before the desk was closed still gets their answer.
        """
        self._check_room()
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))
        finally:
            self.waiting -= 1

    async def finish(self, seconds: float) -> bool:
        """Wait until everybody who waits has been answered; whether that was in time.

        It is the whole of what is done for somebody: an answer that was found is not yet sent.
        """
        end = time.monotonic() + seconds
        while self.reports.at_work and (left := end - time.monotonic()) > 0:
            await asyncio.wait(set(self.reports.at_work), timeout=left)
        if self.writings:
            await self.writings.finish(max(0.0, end - time.monotonic()))
        return not self.reports.at_work

    async def leave(self, seconds: float) -> bool:
        """Take no more questions and finish those at work; whether that was done in time."""
        self._is_open = False
        try:
            if self.writings:
                # Its quotes stand: what a model would still write is not waited for.
                await self.writings.leave(seconds)
            return await self.finish(seconds)
        finally:
            for task in self.reports.at_work:
                task.cancel()
            self._threads.shutdown(wait=False, cancel_futures=True)

    # In a thread

    def _answer(self, asked: Asked, before: _Before, since: float) -> Kept:
        earlier: Sequence[Turn] | None = before.turns
        parent = before.parent
        if earlier is None:
            earlier, parent = self._remember(asked)
        # Whoever waited long for their turn gets the quicker answer, or the queue would grow.
        seconds = max(0.0, since + SECONDS - time.monotonic())
        answer = self._ask(asked.text, earlier, before.restated, seconds)
        kept = Kept(
            id=before.id,
            asker=self.digest(asked.person),
            channel=asked.channel,
            answer=answer,
            parent=parent,
            private=asked.private,
            turns=tuple(earlier),
        )
        try:
            self.store.keep(kept)
        except IndexUnusable:
            # The answer is worth more than the buttons under it, which will find nothing.
            logger.warning("an answer could not be kept", exc_info=True)
        return kept

    def _ask(
        self, text: str, earlier: Sequence[Turn], restated: str | None, seconds: float
    ) -> Answer:
        if earlier or restated:
            return self.library.ask_follow_up(
                text, earlier, restated=restated, reading_seconds=seconds
            )
        return self.library.ask(text, reading_seconds=seconds)

    def _remember(self, asked: Asked) -> tuple[list[Turn], str | None]:
        """What was asked before, and the answer that is replied to."""
        try:
            before = self._before(asked)
        except IndexUnusable:
            logger.warning("what was asked before cannot be read", exc_info=True)
            before = []
        parent = before[-1].id if before else None
        return [remember_turn(kept.answer) for kept in before], parent

    def _before(self, asked: Asked) -> list[Kept]:
        replied = self.store.find_by_message(asked.follows) if asked.follows else None
        if replied:
            return self.store.chain_to(replied)
        if not asked.remembers:
            return []
        # A thread has the id of the message that it was opened under.
        opening = self.store.find_by_message(asked.channel)
        # What only the asker saw may be the context of what only they will see.
        is_alone = asked.private or asked.server is None
        asker = self.digest(asked.person) if is_alone else None
        return [
            *([opening] if opening else []),
            *self.store.last_in(asked.channel, asker=asker),
        ]
