"""Asking: with ``/ask``, by mentioning the bot, by replying to it, or in a direct message."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.actions import can_have_thread
from bot.discord.desk import Asked
from bot.discord.layout import answer_view
from bot.discord.pages import notice_view
from bot.discord.reports import Refusal
from bot.discord.said import names_in, words_of
from bot.discord.view import make_view
from bot.discord.wire import FAILURES, insist
from bot.discord.written import Written
from index.question import MAX_CHARACTERS, check_question

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot
    from bot.discord.store import Kept

logger = logging.getLogger(__name__)

# So many messages are remembered, as Discord may deliver one again after a lost connection.
MOST_SEEN = 4_000

SECONDS_UNTIL_TYPING = 1.0
SECONDS_A_REFUSAL_STANDS = 12.0

HOW_TO_ASK = "Ask me something: mention me with your question, or use **/ask**."
HOW_TO_ASK_HERE = "Ask me something: write your question here, or use **/ask**."

_KINDS = {discord.MessageType.default, discord.MessageType.reply}


class Asking(commands.Cog):
    """Questions and their answers."""

    def __init__(self, bot: PullquoteBot) -> None:
        self.bot = bot
        self._seen: OrderedDict[int, None] = OrderedDict()

    @app_commands.command(description="Ask the articles a question; they answer in quotes.")
    @app_commands.describe(
        question="What do you want to know?",
        private="Show the answer to you alone? You can share it afterwards.",
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_CHARACTERS],
        private: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Acknowledge, answer, send."""
        server = interaction.guild_id
        self._admit(interaction.user, interaction.channel, server)
        text = check_question(words_of(question, {}))
        if private is None:
            private = self.bot.door.servers.of(server).private
        await interaction.response.defer(ephemeral=private, thinking=True)
        asked = Asked(
            text=text,
            person=interaction.user.id,
            server=server,
            channel=interaction.channel_id or 0,
            remembers=_remembers(interaction.channel),
            private=private,
        )
        kept = await self.bot.desk.ask(asked)

        async def show(written: Written) -> discord.Message:
            view = await self._view(kept, written, in_thread=not can_have_thread(interaction))
            return await interaction.edit_original_response(view=view)

        message = await show(Written(answer=kept.answer))
        self.bot.desk.write(asked, kept, show)
        await self._posted(kept, message.id)

    def _admit(
        self, person: discord.User | discord.Member, channel: object, server: int | None
    ) -> None:
        self.bot.door.check_place(person, channel, server)
        self.bot.desk.check_open()
        self.bot.door.check_person(person, server)

    async def _view(
        self, kept: Kept, written: Written, *, in_thread: bool, with_question: bool = True
    ) -> discord.ui.LayoutView:
        # In a thread: where articles are monstrous this takes long.
        return await asyncio.to_thread(
            answer_view,
            written.answer,
            answer_id=kept.id,
            private=kept.private,
            in_thread=in_thread,
            with_question=with_question,
            note=written.note,
        )

    async def _posted(self, kept: Kept, message: int) -> None:
        store = self.bot.desk.store
        await asyncio.to_thread(store.posted, kept.id, message, private=kept.private)

    # Mentions, replies, direct messages

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot, once; be silent on every other."""
        if not self._is_meant(message) or message.id in self._seen:
            return
        self._seen[message.id] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        async with self.bot.reports.watch_for(lambda error: self._tell(message, error)):
            await self._answer(message)

    def _is_meant(self, message: discord.Message) -> bool:
        if message.author.bot or message.webhook_id or message.type not in _KINDS:
            return False
        is_named = self.bot.user in message.mentions
        return is_named or (message.guild is None and bool(message.content))

    async def _answer(self, message: discord.Message) -> None:
        server = message.guild.id if message.guild else None
        if not self.bot.door.may_answer_in(message.channel, server):
            return
        question = self._read(message)
        if not any(map(str.isalnum, question)):
            if not self._is_ours(message.reference):
                how = HOW_TO_ASK if message.guild else HOW_TO_ASK_HERE
                await _reply(message, make_view([[how]]))
            return
        self._admit(message.author, message.channel, server)
        asked = Asked(
            text=check_question(question),
            person=message.author.id,
            server=server,
            channel=message.channel.id,
            remembers=_remembers(message.channel),
            follows=message.reference.message_id if message.reference else None,
        )
        kept = await _while_typing(message.channel, self.bot.desk.ask(asked))
        has_thread = isinstance(message.channel, discord.TextChannel)
        view = partial(
            self._view, kept, in_thread=not has_thread, with_question=not _can_reply(message)
        )
        posted = await _reply(message, await view(Written(answer=kept.answer)))

        async def show(written: Written) -> None:
            await posted.edit(view=await view(written))

        self.bot.desk.write(asked, kept, show)
        await self._posted(kept, posted.id)

    def _is_ours(self, reference: discord.MessageReference | None) -> bool:
        """Whether a reply is to what the bot wrote: there, signs alone are no question."""
        replied = reference.resolved if reference else None
        return isinstance(replied, discord.Message) and replied.author == self.bot.user

    def _read(self, message: discord.Message) -> str:
        """The message without the bot's own name; others who are mentioned go by their names."""
        names = names_in(message)
        if self.bot.user:
            names[self.bot.user.id] = ""
        return " ".join(words_of(message.content, names).split())

    async def _tell(self, message: discord.Message, error: Exception) -> None:
        """Say what went wrong; a refusal takes itself away again, as it cannot be ephemeral."""
        if isinstance(error, (discord.Forbidden, discord.NotFound)):
            # It may not speak there, or the place is gone: nobody's fault, and nobody to tell.
            logger.warning("a mention could not be answered: %s", error)
            return
        line = self.bot.reports.describe(error, "a mention")
        after = SECONDS_A_REFUSAL_STANDS if isinstance(error, Refusal) else None
        try:
            await _reply(message, notice_view(line, tone="warning"), delete_after=after)
        except FAILURES as failure:
            logger.warning("a mention could not be answered: %s", failure)


def _remembers(channel: object) -> bool:
    """Whether what was asked here before is the context of a question: in threads, and alone."""
    return isinstance(channel, (discord.Thread, discord.DMChannel))


def _can_reply(message: discord.Message) -> bool:
    """Whether Discord lets it reply here, which needs the permission to read what was said."""
    guild = message.guild
    return guild is None or message.channel.permissions_for(guild.me).read_message_history


async def _reply(
    message: discord.Message, view: discord.ui.LayoutView, *, delete_after: float | None = None
) -> discord.Message:
    """Reply without a ping; the nonce keeps Discord from posting twice what is sent twice."""
    reply: dict[str, Any] = {}
    if _can_reply(message):
        reply["reference"] = message.to_reference(fail_if_not_exists=False)
    posted = await insist(
        lambda: message.channel.send(
            view=view, mention_author=False, nonce=str(message.id), **reply
        )
    )
    if delete_after is not None:
        await posted.delete(delay=delete_after)
    return posted


async def _while_typing(channel: discord.abc.Messageable, work: Any) -> Kept:  # noqa: ANN401
    """Wait for an answer; when it takes long, show that somebody is at it."""
    task: asyncio.Task[Kept] = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=SECONDS_UNTIL_TYPING)
    if not task.done():
        try:
            await channel.typing()
        except FAILURES as error:
            logger.debug("typing could not be shown: %s", error)
    return await task
