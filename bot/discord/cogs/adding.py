"""For people who manage a server: a file or a page becomes articles that are answered from."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands.index import describe_counts
from bot.discord.markdown import escape, short
from bot.discord.pages import notice_view
from bot.discord.reports import Refusal
from bot.discord.view import make_view
from bot.intake.draft import LARGEST_CONTENT
from bot.writer import WriterFailed, run_add

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.client import PullquoteBot

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 2000
LONGEST_LINE = 250
MOST_LISTED = 10

# Of an attachment's name: it becomes the name of a file.
LONGEST_NAME = 80

ONE_OF_THEM = "Give me either a file or an address."
NO_ADDRESS = "An address begins with https:// or http://."
TOO_LARGE = f"That file is larger than the {LARGEST_CONTENT // 1_000_000} MB that I take."
READING = "Reading what you gave me …"
QUEUED = "Reading what has come already; after that it is your turn …"
NOT_INDEXED = "The articles could not be read into the index; the log says why."
SIGNS = {"added": "✅ added", "changed": "✅ changed", "unchanged": "☑️ there already"}


class Adding(commands.Cog):
    """Adds articles; in direct messages for the bot's owners, who manage no server."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot

    @app_commands.command(description="Add articles: a file (text, web page, PDF, JSON) or a page.")
    @app_commands.describe(
        file="A .txt, .md, .html, .pdf, .json or .jsonl file of at most 25 MB",
        address="Of a page on the web: https://…",
    )
    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.default_permissions(manage_guild=True)
    async def add(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        address: app_commands.Range[str, 1, LONGEST_ADDRESS] | None = None,
    ) -> None:
        """Acknowledge, have it read by a process of its own, say what became of it."""
        self.bot.door.check_manager(interaction)
        check_given(file, address)
        await interaction.response.defer(ephemeral=True, thinking=True)
        waits = self.bot.desk.writing.locked()
        line = notice_view(QUEUED if waits else READING, tone="waiting")
        await interaction.edit_original_response(view=line)
        async with self.bot.desk.writing, _source(file, address) as source:
            told = await self._add(source)
        self.bot.desk.published.set()
        await interaction.edit_original_response(view=result_view(told))

    async def _add(self, source: str) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        try:
            async with aclosing(run_add(self.bot.settings.library, source)) as adding:
                async for one in adding:
                    told.append(one)  # noqa: PERF401 - what was told before it failed counts
        except WriterFailed as error:
            logger.error("adding failed: %s", error)  # noqa: TRY400 - no defect of ours
            if not told:
                raise Refusal(NOT_INDEXED) from error
            told.append({"state": "refused", "article": None, "reason": NOT_INDEXED})
        return told


def check_given(file: discord.Attachment | None, address: str | None) -> None:
    """Raise Refusal where that is not one of the two, or cannot be taken."""
    if (file is None) == (address is None):
        raise Refusal(ONE_OF_THEM)
    # Anything else would be a file of the machine that the bot runs on.
    if address is not None and not re.match(r"https?://", address, re.IGNORECASE):
        raise Refusal(NO_ADDRESS)
    if file and file.size > LARGEST_CONTENT:
        raise Refusal(TOO_LARGE)


@contextlib.asynccontextmanager
async def _source(file: discord.Attachment | None, address: str | None) -> AsyncIterator[str]:
    """What to add: the address, or a file that is there as long as this lasts."""
    if file is None:
        yield address or ""
        return
    content = await file.read()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file_name(file.filename)
        await asyncio.to_thread(path.write_bytes, content)
        yield str(path)


def file_name(name: str) -> str:
    """A name for a file like the attachment's, whatever that is: its end says what is in it."""
    stem, dot, suffix = name.rpartition(".")
    clean = re.sub(r"[^\w.\- ]", "_", stem if dot else name).strip(". -")[:LONGEST_NAME]
    ending = re.sub(r"\W", "", suffix)[:8] if dot else ""
    return f"{clean or 'attachment'}.{ending}" if ending else clean or "attachment"


def result_view(told: Sequence[dict[str, Any]]) -> discord.ui.LayoutView:
    """A line for each article, the refused ones first, and what the index holds now."""
    results = sorted(
        (one for one in told if "state" in one), key=lambda one: one["state"] != "refused"
    )
    lines = [_line(one) for one in results[:MOST_LISTED]]
    left = len(results) - len(lines)
    more = f"-# and {left:,} more" if left else ""
    summary = next((one for one in told if "generation" in one), None)
    counts = f"-# {escape(describe_counts(summary))}" if summary else ""
    refused = any(one["state"] == "refused" for one in results)
    colour = discord.Colour.red() if refused else discord.Colour.green()
    return make_view([["\n".join(filter(None, [*lines, more]))], [counts]], colour=colour)


def _line(result: dict[str, Any]) -> str:
    if result["state"] == "refused":
        reason = str(result["reason"] or "it was refused")
        return f"⚠️ {short(reason[:1].upper() + reason[1:], LONGEST_LINE)}"
    return f"{SIGNS[result['state']]}: {short(str(result['article']), LONGEST_LINE)}"
