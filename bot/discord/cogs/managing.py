"""For people who manage a server: how the bot does, a new reading of the articles, settings."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.announcements import begin_to_announce
from bot.discord.indexing import run_index
from bot.discord.markdown import escape
from bot.discord.pace import QUESTIONS, SECONDS
from bot.discord.pages import notice_view
from bot.discord.reports import Refusal
from bot.discord.servers import ANNOUNCE_MINUTES
from bot.discord.view import make_view

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot
    from bot.discord.servers import Server

LONGEST_COOLDOWN = 3_600
LONGEST_ANNOUNCE = 10_080
MOST_NAMED = 25
ONE_AT_A_TIME = "The articles are being read already. Please wait until that is done."
QUEUED = "Reading what has come already; after that I look again …"
EVERYWHERE = (
    "I answer in every channel now. To keep me out of some, name those in which I may answer;"
    " I will be silent in all others."
)
EVERYBODY = (
    "Everybody may ask me now. To keep some from it, name the roles that may ask;"
    " nobody without one of them will get an answer."
)
MAY_NOT_ANNOUNCE = "I may not write in #{name}. Let me see that channel and send messages there."
TOO_MANY = f"At most {MOST_NAMED} can be named."

Channel = discord.abc.GuildChannel | discord.Thread


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Config(app_commands.Group):
    """Settings of this server."""

    def __init__(self, bot: PullquoteBot) -> None:
        super().__init__(name="config", description="Settings of this server, for its managers.")
        self.bot = bot

    @app_commands.command(description="Show the settings.")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show them."""
        self.bot.door.check_manager(interaction)
        settings = self.bot.door.servers.of(interaction.guild_id)
        await interaction.response.send_message(view=_settings_view(settings), ephemeral=True)

    @app_commands.command(description="Say whether I may answer in a channel; unset, everywhere.")
    @app_commands.describe(channel="Which channel or category", answer="May I answer there?")
    async def channel(
        self,
        interaction: discord.Interaction[Any],
        channel: Channel,
        answer: bool,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Add the channel to those where it may answer, or take it out."""
        before = self.bot.door.servers.of(interaction.guild_id).channels
        if not (before or answer):
            raise Refusal(EVERYWHERE)
        await self._change(interaction, channels=_with(before, channel.id, wanted=answer))

    @app_commands.command(description="Say whether a role may ask; unset, everybody may.")
    @app_commands.describe(role="Which role", ask="May its members ask?")
    async def role(
        self,
        interaction: discord.Interaction[Any],
        role: discord.Role,
        ask: bool,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Add the role to those that may ask, or take it out."""
        before = self.bot.door.servers.of(interaction.guild_id).roles
        if not (before or ask):
            raise Refusal(EVERYBODY)
        await self._change(interaction, roles=_with(before, role.id, wanted=ask))

    @app_commands.command(description="Seconds that a person must wait between two questions.")
    @app_commands.describe(seconds="0 for none; leave it out for my own pace")
    async def cooldown(
        self,
        interaction: discord.Interaction[Any],
        seconds: app_commands.Range[int, 0, LONGEST_COOLDOWN] | None = None,
    ) -> None:
        """Set the pace."""
        await self._change(interaction, cooldown=seconds)

    @app_commands.command(description="Whether /ask answers everyone or the asker alone.")
    @app_commands.describe(visible="To whom an answer is shown unless the asker says otherwise")
    async def answers(
        self,
        interaction: discord.Interaction[Any],
        visible: Literal["to everyone", "to the asker"],
    ) -> None:
        """Set the default."""
        await self._change(interaction, private=visible == "to the asker")

    @app_commands.command(description="Announce new, changed and withdrawn articles in a channel.")
    @app_commands.describe(
        channel="Where; leave it out for nowhere", minutes="How far apart at least"
    )
    async def announce(
        self,
        interaction: discord.Interaction[Any],
        channel: discord.TextChannel | None = None,
        minutes: app_commands.Range[int, 1, LONGEST_ANNOUNCE] = ANNOUNCE_MINUTES,
    ) -> None:
        """Set the channel, once it is clear that the bot may write there."""
        self.bot.door.check_manager(interaction)
        if channel and not _may_announce(channel):
            raise Refusal(MAY_NOT_ANNOUNCE.format(name=channel.name))
        server = interaction.guild_id or 0
        await interaction.response.defer(ephemeral=True, thinking=True)
        if channel and self.bot.door.servers.of(server).announce is None:
            # First, or all that has ever come would be new to this server.
            await asyncio.to_thread(begin_to_announce, self.bot.settings.library.folder, server)
        await self._set(
            interaction, announce=channel.id if channel else None, announce_minutes=minutes
        )

    async def _change(self, interaction: discord.Interaction[Any], **changes: object) -> None:
        self.bot.door.check_manager(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._set(interaction, **changes)

    async def _set(self, interaction: discord.Interaction[Any], **changes: object) -> None:
        servers = self.bot.door.servers
        settings = await asyncio.to_thread(servers.change, interaction.guild_id or 0, changes)
        await interaction.edit_original_response(view=_settings_view(settings))


class Managing(commands.Cog):
    """Status and reindexing; in direct messages for the bot's owners, who manage no server."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot
        self._indexing = asyncio.Lock()
        self._config = Config(bot)

    async def cog_load(self) -> None:
        """Add the group of settings."""
        self.bot.tree.add_command(self._config)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self.bot.tree.remove_command(self._config.name)

    @app_commands.command(description="How I am doing, for this server's managers.")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.default_permissions(manage_guild=True)
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge, look up, send."""
        self.bot.door.check_manager(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        about = await asyncio.to_thread(self.bot.desk.library.about)
        votes = await asyncio.to_thread(self.bot.desk.store.count_votes)
        reports = [
            f"- `{one.reference}` {escape(one.what)}, {discord.utils.format_dt(one.when, 'R')}"
            for one in reversed(self.bot.reports.last)
        ]
        latency = self.bot.latency
        lines = [
            f"**Latency** {1000 * latency:.0f} ms" if math.isfinite(latency) else "**Latency** –",
            (
                f"**Questions** {self.bot.desk.waiting:,} waiting, "
                f"{self.bot.desk.answered:,} answered since the start"
            ),
            f"**Votes** {votes.get('up', 0):,} 👍 {votes.get('down', 0):,} 👎",
            (
                f"**Index** generation {about.searched.generation:,}, "
                f"{about.searched.articles:,} articles, {about.searched.passages:,} passages"
            ),
        ]
        if writings := self.bot.desk.writings:
            told = await asyncio.to_thread(writings.describe, with_tokens=True)
            lines.append(f"**Prose** {escape(told)}")
        errors = ["**Last errors**", *reports] if reports else ["**Last errors** none"]
        view = make_view(
            [["### Status", "\n".join(lines)], ["\n".join(errors)]],
            colour=discord.Colour.blurple(),
        )
        await interaction.edit_original_response(view=view)

    @app_commands.command(description="Read new, changed and gone articles now.")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.default_permissions(manage_guild=True)
    async def reindex(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge, run the writer, show where it is, show what it did."""
        self.bot.door.check_manager(interaction)
        if self._indexing.locked():
            raise Refusal(ONE_AT_A_TIME)
        async with self._indexing:
            await interaction.response.defer(ephemeral=True, thinking=True)
            if self.bot.desk.writing.locked():
                await interaction.edit_original_response(view=notice_view(QUEUED, tone="waiting"))
            async with self.bot.desk.writing:
                async for line, tone in run_index(self.bot.settings.library):
                    await interaction.edit_original_response(view=notice_view(line, tone=tone))
            self.bot.desk.published.set()


def _with(before: tuple[int, ...], number: int, *, wanted: bool) -> tuple[int, ...]:
    rest = tuple(each for each in before if each != number)
    if wanted and len(rest) >= MOST_NAMED:
        raise Refusal(TOO_MANY)
    return (*rest, number) if wanted else rest


def _may_announce(channel: discord.TextChannel) -> bool:
    may = channel.permissions_for(channel.guild.me)
    return may.view_channel and may.send_messages


def _describe_announcing(settings: Server) -> str:
    if settings.announce is None:
        return "nowhere"
    minutes = settings.announce_minutes
    apart = "a minute" if minutes == 1 else f"{minutes:,} minutes"
    return f"<#{settings.announce}>, {apart} apart at least"


def _describe_pace(cooldown: float | None) -> str:
    if cooldown is None:
        return f"{QUESTIONS} questions in {SECONDS:.0f} seconds"
    if not cooldown:
        return "as often as they like"
    return "once a second" if cooldown == 1 else f"once in {cooldown:.0f} seconds"


def _settings_view(settings: Server) -> discord.ui.LayoutView:
    channels = " ".join(f"<#{number}>" for number in settings.channels) or "every channel"
    roles = " ".join(f"<@&{number}>" for number in settings.roles) or "everybody"
    visible = "the asker, who can share it" if settings.private else "everyone"
    lines = (
        f"**I answer in** {channels}",
        f"**I answer** {roles}",
        f"**A person may ask** {_describe_pace(settings.cooldown)}",
        f"**Answers to /ask are shown to** {visible}",
        f"**New articles are announced in** {_describe_announcing(settings)}",
    )
    sections = [["### Settings of this server", "\n".join(lines)]]
    return make_view(sections, colour=discord.Colour.blurple())
