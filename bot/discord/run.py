"""Running the bot: from the first look at the articles to a clean stop, over lost connections."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import time
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.admission import Door
from bot.discord.client import PullquoteBot
from bot.discord.connection import (
    REFUSED,
    DiscordError,
    close,
    describe_failure,
    stay_connected,
)
from bot.discord.desk import Desk
from bot.discord.keeping import watching
from bot.discord.pace import Pace
from bot.discord.servers import Servers
from bot.discord.store import Store
from bot.discord.sync import sync_now
from bot.discord.wire import FAILURES
from index.errors import WriterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from bot.discord.writings import Writings
    from bot.look import Look
    from bot.settings import BotSettings
    from index.open import Library

logger = logging.getLogger(__name__)

# Before it was ever connected it gives up after a few tries, so that whoever started it is told;
# afterwards it tries for ever.
FIRST_TRIES = 3
# Discord takes a token back that comes in more than 1,000 times a day.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 90.0

SECONDS_WITHOUT_A_CONNECTION = 60.0
SECONDS_TO_FINISH = 20.0

SALT = "salt"


async def run_bot(settings: BotSettings, library: Library, seen: Look | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT; see ``Runner``."""
    runner = Runner(settings, library, seen=seen)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.stop)
    await runner.run()


async def sync_commands(settings: BotSettings, library: Library, server: int | None) -> int:
    """Register the commands, everywhere or with one server, without going online; how many.

    Raises:
        DiscordError: the token is refused, or Discord cannot be reached or refuses.
    """
    async with open_desk(settings, library) as (desk, door):
        bot = PullquoteBot(settings=settings, desk=desk, door=door, syncs=False)
        try:
            await bot.login(settings.token)
            return await sync_now(bot, server)
        except discord.LoginFailure as error:
            raise DiscordError(REFUSED) from error
        except FAILURES as error:
            reason = describe_failure(error)
            raise DiscordError(f"the commands were not registered: {reason}") from error
        finally:
            await close(bot)


@contextlib.asynccontextmanager
async def open_desk(settings: BotSettings, library: Library) -> AsyncIterator[tuple[Desk, Door]]:
    """What a bot works with, however often it connects: made here, and let go of in the end."""
    store = Store(settings.library.folder)
    servers = Servers(store)
    salt = await asyncio.to_thread(_read_salt, store)
    await asyncio.to_thread(servers.load)
    async with _open_writings(settings, store) as writings:
        desk = Desk(library, store, salt, writings)
        try:
            yield desk, Door(servers=servers, pace=Pace(), owners=settings.owners)
        finally:
            await desk.leave(0)


@contextlib.asynccontextmanager
async def _open_writings(settings: BotSettings, store: Store) -> AsyncIterator[Writings | None]:
    """What has a language model write, where one is set; nothing of it is imported where not."""
    if settings.library.writer is None:
        yield None
        return
    from bot.discord.allowance import Allowance
    from bot.discord.writings import Writings
    from index.writing.model import open_writer

    writer = open_writer(settings.library.writer)
    try:
        await asyncio.to_thread(writer.prepare)
    except WriterError as error:
        # It is tried again with every answer, and none of them needs it.
        logger.warning("%s", error)
    try:
        yield Writings(writer, Allowance(settings.library.folder, settings.budgets), store)
    finally:
        await writer.close()


class Runner:
    """Keeps a bot connected until it is told to stop.

    Args:
        settings: the bot's settings.
        library: the articles, indexed.
        seen: how their folder looked when they were, None where nobody knows.
        patience: seconds without a connection after which it begins anew.
    """

    def __init__(
        self,
        settings: BotSettings,
        library: Library,
        *,
        seen: Look | None = None,
        patience: float = SECONDS_WITHOUT_A_CONNECTION,
    ) -> None:
        self._settings = settings
        self._library = library
        self._seen = seen
        self._patience = patience
        self._stopping = asyncio.Event()
        self._hurrying = asyncio.Event()

    def stop(self) -> None:
        """Finish what is asked and leave; told a second time, leave at once."""
        if self._stopping.is_set():
            self._hurrying.set()
        self._stopping.set()

    async def run(self) -> None:
        """Run until it is told to stop, then finish the answers at work and leave.

        Raises:
            DiscordError: the token is refused, or Discord could not be reached at all.
        """
        async with (
            open_desk(self._settings, self._library) as (desk, door),
            watching(self._settings, desk, self._seen),
        ):
            running = asyncio.create_task(self._keep_connected(desk, door))
            await _first(running, self._stopping.wait())
            if not running.done():
                await self._finish(desk)
                running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    async def _finish(self, desk: Desk) -> None:
        number = len(desk.reports.at_work)
        answers = "1 answer is" if number == 1 else f"{number:,} answers are"
        logger.info("stopping%s", f": {answers} finished first" if number else "")
        leaving = asyncio.create_task(desk.leave(SECONDS_TO_FINISH))
        await _first(leaving, self._hurrying.wait())
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            if not await leaving:
                logger.warning("not everybody could be answered in time")

    async def _keep_connected(self, desk: Desk, door: Door) -> None:
        """Connect; after a failure anew, with a new client, as a used one cannot start again."""
        pause, tries, was_connected = FIRST_PAUSE, 0, False
        while True:
            bot = PullquoteBot(settings=self._settings, desk=desk, door=door)
            started = time.monotonic()
            reason = await stay_connected(bot, self._settings.token, self._patience)
            was_connected |= bot.was_connected
            tries = 0 if bot.was_connected else tries + 1
            if bot.was_connected and time.monotonic() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            if not was_connected and tries >= FIRST_TRIES:
                raise DiscordError(f"Discord cannot be reached ({reason}); check the network")
            logger.warning("%s; connecting again in %.0f s", reason, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _first(task: asyncio.Task[Any], other: Coroutine[Any, Any, object]) -> None:
    """Wait until a task or something else is done, which then is waited for no longer."""
    beside = asyncio.create_task(other)
    await asyncio.wait({task, beside}, return_when=asyncio.FIRST_COMPLETED)
    beside.cancel()


def _read_salt(store: Store) -> str:
    """What makes digests of people's ids this bot's own; made once."""
    salt = store.fact(SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        store.set_fact(SALT, salt)
    return salt
