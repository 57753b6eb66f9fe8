"""What the bot is and how it is used: ``/help`` and ``/about``."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.cogs.checking import NAME as CHECK
from bot.discord.markdown import escape
from bot.discord.view import make_view
from bot.render import describe_date

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot
    from index.types import Searched

WHAT_I_DO = (
    "### What I do\n"
    "You ask, and I answer with what the articles say: **word for word**, with outlet, title and"
    " date. I never write a quote myself. Where articles differ, I show every side; where they are"
    " silent, I say so."
)
HOW_TO_ASK = (
    "### How to ask\n"
    "- **/ask** with your question; `private` shows the answer to you alone\n"
    "- mention me with your question, or write to me directly\n"
    "- reply to my answer (leave its @ on), or press **Ask a follow-up**, to go on asking:"
    " “and why did she say so?”\n"
    f"- right-click a message, or hold it → Apps → **{CHECK}**\n"
    "- **/articles** lists what I answer from, **/article** shows one of them"
)
UNDER_AN_ANSWER = (
    "### Under an answer\n"
    "🔍 shows a quote where it stands · **More quotes** shows what had no room ·"
    " 👍 👎 tell whether it helped · 🗑️ deletes it, for whoever asked"
)
HELP = (WHAT_I_DO, HOW_TO_ASK, UNDER_AN_ANSWER)


class Explaining(commands.Cog):
    """Says what the bot is, to whoever asked alone."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot

    @app_commands.command(description="How to ask me, and what the buttons do.")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Send it."""
        view = make_view([[text] for text in HELP], colour=discord.Colour.blurple())
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(description="Version, articles, models and languages.")
    async def about(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge, look up, send."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        lines = await asyncio.to_thread(self._describe)
        view = make_view([[lines]], colour=discord.Colour.blurple())
        await interaction.edit_original_response(view=view)

    def _describe(self) -> str:
        about = self.bot.desk.library.about()
        facts = {
            "Version": version("pullquote"),
            "Articles": _describe_articles(about.searched),
            "Passages": f"{about.searched.passages:,}",
            "Generation of the index": f"{about.searched.generation:,}",
            "Embedding model": about.embedder,
            "Sentences are chosen by": about.ranker,
            "Languages": ", ".join(about.languages),
        }
        if writings := self.bot.desk.writings:
            facts["Prose is written by"] = writings.describe()
        lines = [f"**{name}**: {escape(value)}" for name, value in facts.items()]
        head = "### Pullquote\nVerbatim, cited quotes from a folder of news articles."
        return "\n".join([head, "", *lines])


def _describe_articles(searched: Searched) -> str:
    """How many there are, and the days of the first and the last."""
    days = (searched.earliest, searched.latest)
    span = " to ".join(dict.fromkeys(describe_date(day) for day in days if day))
    return f"{searched.articles:,}, from {span}" if span else f"{searched.articles:,}"
