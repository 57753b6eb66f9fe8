"""Registering the commands with Discord: when their definition has changed, not at every start."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot


def describe_commands(bot: PullquoteBot) -> str:
    """A digest of all commands as Discord would be told of them."""
    payloads = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    payloads += [
        command.to_dict(bot.tree)
        for kind in (discord.AppCommandType.message, discord.AppCommandType.user)
        for command in bot.tree.get_commands(type=kind)
    ]
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


async def sync_if_changed(bot: PullquoteBot) -> bool:
    """Register the commands unless the same were registered before; whether that was done."""
    name, digest = f"commands of {bot.application_id}", describe_commands(bot)
    if await asyncio.to_thread(bot.desk.store.fact, name) == digest:
        return False
    await bot.tree.sync()
    await asyncio.to_thread(bot.desk.store.set_fact, name, digest)
    return True


async def sync_now(bot: PullquoteBot, server: int | None) -> int:
    """Register the commands everywhere, or with one server alone; how many there are."""
    if server is None:
        commands = await bot.tree.sync()
        name, digest = f"commands of {bot.application_id}", describe_commands(bot)
        await asyncio.to_thread(bot.desk.store.set_fact, name, digest)
        return len(commands)
    guild = discord.Object(server)
    bot.tree.copy_global_to(guild=guild)
    return len(await bot.tree.sync(guild=guild))
