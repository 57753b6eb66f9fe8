"""Running the bot: from the first look at the articles to a clean stop, over lost connections."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.admission import Door
from bot.discord.client import PullquoteBot
from bot.discord.desk import Desk
from bot.discord.pace import Pace
from bot.discord.servers import Servers
from bot.discord.store import Store
from bot.discord.sync import sync_now
from index.errors import PullquoteError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import BotSettings
    from index.open import Library

logger = logging.getLogger(__name__)

# Before it was ever connected it gives up after a few tries, so that whoever started it is told;
# afterwards it tries for ever.
FIRST_TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0

SECONDS_TO_FINISH = 20.0

# A refused token closes the gateway with this code.
AUTHENTICATION_FAILED = 4004

SALT = "salt"


class DiscordError(PullquoteError):
    """Discord cannot be reached, or lets the bot not in."""


async def run_bot(settings: BotSettings, library: Library) -> None:
    """Run the bot until SIGTERM or SIGINT; see ``Runner.run``."""
    await Runner(settings, library).run()


async def sync_commands(settings: BotSettings, library: Library, server: int | None) -> int:
    """Register the commands; see ``Runner.sync``."""
    return await Runner(settings, library).sync(server)


class Runner:
    """Keeps a bot connected until it is told to stop.

    Args:
        settings: the bot's settings.
        library: the articles, indexed.
    """

    def __init__(self, settings: BotSettings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._stopping = asyncio.Event()
        self._was_ready = False

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT, then finish the answers at work and leave.

        Raises:
            DiscordError: the token is refused, or Discord could not be reached at all.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        async with self._desk() as (desk, door):
            running = asyncio.create_task(self._keep_connected(desk, door))
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not running.done():
                logger.info("stopping: %d questions are finished first", desk.waiting)
                if not await desk.leave(SECONDS_TO_FINISH):
                    logger.warning("not every question could be answered in time")
                running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    @contextlib.asynccontextmanager
    async def _desk(self) -> AsyncIterator[tuple[Desk, Door]]:
        store = Store(self._settings.library.folder)
        servers = Servers(store)
        salt = await asyncio.to_thread(_read_salt, store)
        await asyncio.to_thread(servers.load)
        desk = Desk(self._library, store, salt)
        try:
            yield desk, Door(servers=servers, pace=Pace(), owners=self._settings.owners)
        finally:
            await desk.leave(0)

    async def _keep_connected(self, desk: Desk, door: Door) -> None:
        """Connect; after a failure anew, with a new client, as a used one cannot start again."""
        pause, tries = FIRST_PAUSE, 0
        while True:
            bot = PullquoteBot(settings=self._settings, desk=desk, door=door)
            try:
                await _connect(bot, self._settings.token)
                reason = "the connection ended"
            except DiscordError:
                raise
            except CONNECTION_FAILURES as error:
                reason = _describe(error)
            finally:
                with contextlib.suppress(*CONNECTION_FAILURES):
                    await bot.close()
            self._was_ready |= bot.was_ready
            pause, tries = (FIRST_PAUSE, 0) if bot.was_ready else (pause, tries + 1)
            if not self._was_ready and tries >= FIRST_TRIES:
                raise DiscordError(f"Discord cannot be reached ({reason}); check the network")
            logger.warning("%s; connecting again in %.0f s", reason, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def sync(self, server: int | None) -> int:
        """Register the commands, without connecting to the gateway; how many there are.

        Raises:
            DiscordError: the token is refused, or Discord cannot be reached or refuses.
        """
        async with self._desk() as (desk, door):
            bot = PullquoteBot(settings=self._settings, desk=desk, door=door)
            try:
                await _log_in(bot, self._settings.token, with_parts=False)
                await bot.add_parts()
                return await sync_now(bot, server)
            except CONNECTION_FAILURES as error:
                raise DiscordError(
                    f"the commands were not registered: {_describe(error)}"
                ) from error
            finally:
                await bot.close()


# AttributeError: where the first connection to the gateway fails, discord.py 2.7.1 reads a socket
# that is not there.
CONNECTION_FAILURES = (
    OSError,
    TimeoutError,
    AttributeError,
    aiohttp.ClientError,
    discord.DiscordException,
)


async def _connect(bot: PullquoteBot, token: str) -> None:
    """Log in and stay connected; raises DiscordError where trying again would not help."""
    await _log_in(bot, token)
    try:
        await bot.connect(reconnect=True)
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise _token_refused() from error
        raise


async def _log_in(bot: PullquoteBot, token: str, *, with_parts: bool = True) -> None:
    if not with_parts:
        vars(bot)["setup_hook"] = _nothing
    try:
        await bot.login(token)
    except discord.LoginFailure as error:
        raise _token_refused() from error


async def _nothing() -> None: ...


def _token_refused() -> DiscordError:
    return DiscordError(
        "Discord refuses the token: copy it anew from the developer portal into DISCORD_TOKEN"
    )


def _describe(error: BaseException) -> str:
    """One line of what failed, without addresses that hold secrets."""
    if isinstance(error, AttributeError):
        return "the gateway cannot be reached"
    if isinstance(error, discord.HTTPException):
        return f"Discord answered {error.status}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _read_salt(store: Store) -> str:
    """What makes digests of people's ids this bot's own; made once."""
    salt = store.fact(SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        store.set_fact(SALT, salt)
    return salt
