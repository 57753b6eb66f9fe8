"""The bot as discord.py runs it: what it hears, which commands and buttons it has."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.discord.actions import Actions
from bot.discord.buttons import BUTTONS
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.checking import Checking
from bot.discord.cogs.explaining import Explaining
from bot.discord.cogs.managing import Managing
from bot.discord.cogs.reading import Reading
from bot.discord.reports import Reports, Tree
from bot.discord.sync import sync_if_changed

if TYPE_CHECKING:
    from bot.discord.admission import Door
    from bot.discord.desk import Desk
    from bot.settings import BotSettings

logger = logging.getLogger(__name__)

COGS = (Asking, Checking, Reading, Explaining, Managing)


class PullquoteBot(commands.Bot):
    """Listens to Discord; every question goes to the desk.

    None of its intents is privileged: Discord gives it the text of messages that mention it, and
    of those written to it directly, and of no other.

    Args:
        settings: the bot's settings.
        desk: answers questions.
        door: decides who may ask.
    """

    def __init__(self, *, settings: BotSettings, desk: Desk, door: Door) -> None:
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
        self.reports = Reports()
        self.actions = Actions(self)
        self.was_ready = False

    async def add_parts(self) -> None:
        """Add commands and buttons; nothing is sent."""
        self.add_dynamic_items(*BUTTONS)
        for cog in COGS:
            await self.add_cog(cog(self))

    async def setup_hook(self) -> None:
        """Add commands and buttons, and register the commands where they have changed."""
        await self.add_parts()
        if await sync_if_changed(self):
            logger.info("the commands were registered with Discord")

    async def on_ready(self) -> None:
        """Say so; Discord may say it again after a lost connection."""
        self.was_ready = True
        logger.info("connected as %s, on %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to ``Asking``: there are no commands by prefix."""

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Keep what an event raised, under a reference."""
        import sys

        if error := sys.exc_info()[1]:
            self.reports.describe(error, event_method)
