"""Registering the commands with Discord: when their definition has changed, not at every start."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import TYPE_CHECKING

import discord

from bot.discord.wire import CUT_OFF, may_pass
from index.errors import IndexUnusable

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0


def describe_commands(bot: PullquoteBot) -> str:
    """A digest of all commands as Discord would be told of them."""
    payloads = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    payloads += [
        command.to_dict(bot.tree)
        for kind in (discord.AppCommandType.message, discord.AppCommandType.user)
        for command in bot.tree.get_commands(type=kind)
    ]
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


async def keep_synced(bot: PullquoteBot) -> None:
    """Register the commands if need be, however long Discord is out of order.

    Questions are answered meanwhile, with the commands that Discord knows from before.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await sync_if_changed(bot)
        except (discord.HTTPException, *CUT_OFF) as error:
            if not may_pass(error):
                logger.warning("Discord refuses the commands: %s", error)
                return
            logger.warning("the commands could not be registered; again in %.0f s", pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def sync_if_changed(bot: PullquoteBot) -> None:
    """Register the commands unless the same were registered before."""
    if await asyncio.to_thread(_recall, bot) == describe_commands(bot):
        return
    await bot.tree.sync()
    await asyncio.to_thread(_remember, bot)
    logger.info("the commands were registered with Discord")


async def sync_now(bot: PullquoteBot, server: int | None) -> int:
    """Register the commands everywhere, or with one server alone; how many there are."""
    if server is None:
        commands = await bot.tree.sync()
        await asyncio.to_thread(_remember, bot)
        return len(commands)
    guild = discord.Object(server)
    bot.tree.copy_global_to(guild=guild)
    return len(await bot.tree.sync(guild=guild))


def _recall(bot: PullquoteBot) -> str | None:
    """What was registered last; None where nothing was, or nobody can tell."""
    try:
        return bot.desk.store.fact(_name(bot))
    except IndexUnusable as error:
        logger.warning("whether the commands are registered is not known: %s", error)
        return None


def _remember(bot: PullquoteBot) -> None:
    try:
        bot.desk.store.set_fact(_name(bot), describe_commands(bot))
    except IndexUnusable as error:
        logger.warning("the commands will be registered again at the next start: %s", error)


def _name(bot: PullquoteBot) -> str:
    return f"commands of {bot.application_id}"
