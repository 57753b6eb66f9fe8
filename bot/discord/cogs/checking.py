"""Checking what somebody wrote against the articles: right-click a message, choose Apps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.checked import checked_view
from bot.discord.receipt import receipt_view
from bot.discord.reports import Refusal
from bot.discord.said import statements_of

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot

NAME = "Check against the articles"

NOTHING_TO_CHECK = "There is nothing in this message that could be checked: it has no text."
OWN_WORDS = "I wrote this myself, and it is no answer that I still have."


class Checking(commands.Cog):
    """The message command; a cog cannot declare one by itself."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(name=NAME, callback=self.check)
        self._menu.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )

    async def cog_load(self) -> None:
        """Add the command."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def check(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Acknowledge, check, send: to whoever asked alone."""
        self.bot.door.check_place(interaction.user, interaction.channel, interaction.guild_id)
        self.bot.desk.check_open()
        if message.author == self.bot.user:
            await self._check_own(interaction, message)
            return
        text = statements_of(message)
        if not text:
            raise Refusal(NOTHING_TO_CHECK)
        self.bot.door.check_person(interaction.user, interaction.guild_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        checked = await self.bot.desk.work(self.bot.desk.library.check, text)
        view = await asyncio.to_thread(checked_view, checked)
        await interaction.edit_original_response(view=view)

    async def _check_own(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Look whether the quotes of an answer stand still."""
        self.bot.door.check_person(interaction.user, interaction.guild_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await asyncio.to_thread(self.bot.desk.store.find_by_message, message.id)
        if kept is None:
            raise Refusal(OWN_WORDS)
        receipt = await self.bot.desk.work(self.bot.desk.library.verify_receipt, kept.answer)
        view = await asyncio.to_thread(receipt_view, receipt, kept.id)
        await interaction.edit_original_response(view=view)
