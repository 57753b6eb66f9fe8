"""The bot as discord.py runs it: what it hears, which commands and buttons it has."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.discord.actions import Actions
from bot.discord.buttons import BUTTONS
from bot.discord.cogs.adding import Adding
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.checking import Checking
from bot.discord.cogs.explaining import Explaining
from bot.discord.cogs.managing import Managing
from bot.discord.cogs.reading import Reading
from bot.discord.following import follow_index, tell_end
from bot.discord.reports import Tree
from bot.discord.sync import keep_synced
from bot.discord.wire import make_calls_patient

if TYPE_CHECKING:
    from bot.discord.admission import Door
    from bot.discord.desk import Desk
    from bot.settings import BotSettings

logger = logging.getLogger(__name__)

COGS = (Asking, Checking, Reading, Explaining, Managing, Adding)


class PullquoteBot(commands.Bot):
    """Listens to Discord; every question goes to the desk.

    None of its intents is privileged: Discord gives it the text of messages that mention it, and
    of those written to it directly, and of no other.

    Args:
        settings: the bot's settings.
        desk: answers questions.
        door: decides who may ask.
        syncs: whether it registers its commands by itself, where they have changed.
    """

    def __init__(
        self, *, settings: BotSettings, desk: Desk, door: Door, syncs: bool = True
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            activity=discord.CustomActivity(name="/ask the articles"),
        )
        self.settings = settings
        self.desk = desk
        self.door = door
        self.reports = desk.reports
        self.actions = Actions(self)
        self.was_connected = False
        self._syncs = syncs
        self._beside: list[asyncio.Task[None]] = []
        self._is_connected = asyncio.Event()
        self._is_lost = asyncio.Event()
        self._is_lost.set()

    async def setup_hook(self) -> None:
        """Add commands and buttons; register the commands, beside everything else."""
        make_calls_patient()
        self.add_dynamic_items(*BUTTONS)
        for cog in COGS:
            await self.add_cog(cog(self))
        if self._syncs:
            self._beside = [
                asyncio.create_task(keep_synced(self), name="registering the commands"),
                asyncio.create_task(follow_index(self), name="telling what is new"),
            ]
            for task in self._beside:
                task.add_done_callback(tell_end)

    def dispatch(self, event_name: str, /, *args: object, **kwargs: object) -> None:
        """Tell of an event; of none once it has left, as discord.py then has no loop to do so.

        It waits two seconds for servers after it has come in, even when it is closed meanwhile.
        """
        if not self.is_closed():
            super().dispatch(event_name, *args, **kwargs)

    async def close(self) -> None:
        """Leave Discord."""
        for task in self._beside:
            task.cancel()
        await super().close()

    async def on_ready(self) -> None:
        """Say so; Discord may say it again after a lost connection."""
        number = len(self.guilds)
        servers = "1 server" if number == 1 else f"{number:,} servers"
        logger.info("connected as %s, on %s", self.user, servers)
        # Which servers there are is known now: some may have to be told what is new.
        self.desk.published.set()

    async def on_connect(self) -> None:
        """Note it, for ``wait_lost``."""
        self.was_connected = True
        self._is_lost.clear()
        self._is_connected.set()

    async def on_resumed(self) -> None:
        """Note it, too."""
        await self.on_connect()

    async def on_disconnect(self) -> None:
        """Note it; it is said again after every vain try to come back."""
        self._is_connected.clear()
        self._is_lost.set()

    async def wait_lost(self, seconds: float) -> None:
        """Return when there was no connection, not even a first one, for so many seconds."""
        while True:
            await self._is_lost.wait()
            try:
                await asyncio.wait_for(self._is_connected.wait(), seconds)
            except TimeoutError:
                return

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to ``Asking``: there are no commands by prefix."""

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Keep what an event raised, under a reference."""
        if error := sys.exc_info()[1]:
            self.reports.describe(error, event_method)
