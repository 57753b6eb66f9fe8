"""The articles themselves: the list of them, and one of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.listing import list_outlet, offer_articles, offer_outlets
from bot.discord.pages import article_page
from bot.discord.reports import Refusal
from index.errors import IndexUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.discord.client import PullquoteBot
    from index.open import Library

NO_ARTICLE = "No article fits that. Begin to type a title and choose one from the list."
SEVERAL = "{number} articles fit that. Begin to type a title and choose one from the list."


class Reading(commands.Cog):
    """Lists and shows articles, to whoever asked alone."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot

    @app_commands.command(description="List the articles that I answer from, newest first.")
    @app_commands.describe(outlet="Only those of one outlet")
    async def articles(self, interaction: discord.Interaction[Any], outlet: str = "") -> None:
        """Acknowledge, look up, send."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await asyncio.to_thread(list_outlet, self.bot.desk.library, outlet)
        await interaction.edit_original_response(view=view)

    @articles.autocomplete("outlet")
    async def _outlets(
        self, _: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offer(offer_outlets, typed)

    @app_commands.command(description="Show an article that I answer from.")
    @app_commands.describe(title="Its title, or a part of it")
    async def article(self, interaction: discord.Interaction[Any], title: str) -> None:
        """Acknowledge, look up, send."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await asyncio.to_thread(self.bot.desk.library.find_article, title)
        if len(found) != 1:
            raise Refusal(SEVERAL.format(number=len(found)) if found else NO_ARTICLE)
        view = await asyncio.to_thread(article_page, found[0])
        await interaction.edit_original_response(view=view)

    @article.autocomplete("title")
    async def _titles(
        self, _: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offer(offer_articles, typed)

    async def _offer(
        self, offer: Callable[[Library, str], list[tuple[str, str]]], typed: str
    ) -> list[app_commands.Choice[str]]:
        """What there is to choose; nothing while there is no index, of which the command tells."""
        try:
            offered = await asyncio.to_thread(offer, self.bot.desk.library, typed)
        except IndexUnusable:
            return []
        return [app_commands.Choice(name=label, value=value) for label, value in offered]
