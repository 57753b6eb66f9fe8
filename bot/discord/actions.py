"""What a click on a button does."""

from __future__ import annotations

import asyncio
import contextlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.admission import NOBODYS, NOT_YOURS
from bot.discord.corrections import Corrections, correct_answer
from bot.discord.fit import quotes_of
from bot.discord.layout import answer_view
from bot.discord.listing import list_page
from bot.discord.more import More, more_pages
from bot.discord.pages import notice_view
from bot.discord.reports import Refusal
from bot.discord.surroundings import surroundings_view
from bot.discord.threads import open_thread
from bot.discord.view import make_view
from bot.discord.written import Written

if TYPE_CHECKING:
    from bot.discord.buttons import Vote
    from bot.discord.client import PullquoteBot
    from bot.discord.store import Kept

FORGOTTEN = "I no longer have this answer. Please ask again."
VERSION_GONE = "I no longer have the version of the article that this quote is from."
VOTED = {"up": "👍 Noted, thank you!", "down": "👎 Noted, thank you: this helps to improve."}
VOTED_BEFORE = "I have that vote of yours already, thank you."
FILE = "quotes.txt"
IN_FILE = "What fits no message stands whole in this file:"
ALREADY_SHARED = "This answer is shared already."


class Actions:
    """Carries out clicks for ``bot``; each is answered, whatever happens."""

    def __init__(self, bot: PullquoteBot) -> None:
        self._bot = bot
        self._sharing: set[str] = set()

    async def show_source(
        self, interaction: discord.Interaction[Any], answer_id: str, place: int
    ) -> None:
        """Show a quote in its article, to whoever clicked."""
        async with self._bot.reports.watch(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            view = await asyncio.to_thread(self._surroundings, answer_id, place)
            await interaction.edit_original_response(view=view)

    def _surroundings(self, answer_id: str, place: int) -> discord.ui.LayoutView:
        answer = self._find(answer_id).answer
        quotes = quotes_of(answer)
        if place >= len(quotes):
            raise Refusal(FORGOTTEN)
        quote = quotes[place]
        cited = next(one for one in answer.citations if one.number == quote.number)
        found = self._bot.desk.library.find_version(quote.article, cited.version)
        if found is None:
            raise Refusal(VERSION_GONE)
        article, is_current = found
        return surroundings_view(article, quote, outdated=not is_current)

    async def show_more(self, interaction: discord.Interaction[Any], answer_id: str) -> None:
        """Show the quotes that had no room, to whoever clicked."""
        async with self._bot.reports.watch(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            more = await asyncio.to_thread(self._more, answer_id)
            views = list(more.views)
            # An edit may take effect twice; a follow-up that does is seen twice.
            if more.file:
                file = discord.File(io.BytesIO(more.file.encode("utf-8", "replace")), FILE)
                await interaction.edit_original_response(content=IN_FILE, attachments=[file])
            elif views:
                await interaction.edit_original_response(view=views.pop(0))
            for view in views:
                await interaction.followup.send(view=view, ephemeral=True)

    def _more(self, answer_id: str) -> More:
        answer = self._find(answer_id).answer
        return more_pages(answer, answer_id=answer_id)

    async def share(self, interaction: discord.Interaction[Any], answer_id: str) -> None:
        """Post a private answer for everyone; once."""
        async with self._bot.reports.watch(interaction):
            kept = await asyncio.to_thread(self._find, answer_id)
            if not kept.private or answer_id in self._sharing:
                raise Refusal(ALREADY_SHARED)
            self._sharing.add(answer_id)
            try:
                await self._share(interaction, kept)
            finally:
                self._sharing.discard(answer_id)

    async def _share(self, interaction: discord.Interaction[Any], kept: Kept) -> None:
        async def view_of(written: Written) -> discord.ui.LayoutView:
            return await asyncio.to_thread(
                answer_view,
                written.answer,
                answer_id=kept.id,
                private=False,
                in_thread=not can_have_thread(interaction),
                note=f"Asked and shared by {interaction.user.display_name}",
            )

        async def show(written: Written) -> None:
            await interaction.edit_original_response(view=await view_of(written))

        view = await view_of(Written(answer=kept.answer))
        response = await interaction.response.send_message(view=view)
        message = response.message_id
        await asyncio.to_thread(self._bot.desk.store.posted, kept.id, message, private=False)
        if writings := self._bot.desk.writings:
            await writings.follow(kept, show)
        # While it was private, nobody looked whether it still stands.
        shared = replace(kept, message=message, private=False)
        corrections = Corrections(self._bot.settings.library.folder)
        await correct_answer(self._bot, shared, corrections)

    async def open_thread(self, interaction: discord.Interaction[Any], answer_id: str) -> None:
        """Open a thread under an answer, in which follow-ups are understood."""
        async with self._bot.reports.watch(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            kept = await asyncio.to_thread(self._find, answer_id)
            line = await open_thread(interaction, kept.answer.question)
            await interaction.edit_original_response(view=make_view([[line]]))

    async def vote(self, interaction: discord.Interaction[Any], answer_id: str, vote: Vote) -> None:
        """Keep a vote; the last one of a person counts."""
        async with self._bot.reports.watch(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            is_new = await asyncio.to_thread(self._vote, answer_id, interaction.user.id, vote)
            line = VOTED[vote] if is_new else VOTED_BEFORE
            await interaction.edit_original_response(view=notice_view(line, tone="fine"))

    def _vote(self, answer_id: str, person: int, vote: Vote) -> bool:
        desk = self._bot.desk
        return desk.store.vote(self._find(answer_id), desk.digest(person), vote)

    async def delete(self, interaction: discord.Interaction[Any], answer_id: str) -> None:
        """Delete an answer, for whoever asked and for managers."""
        async with self._bot.reports.watch(interaction):
            kept = await asyncio.to_thread(self._bot.desk.store.find, answer_id)
            is_theirs = kept and kept.asker == self._bot.desk.digest(interaction.user.id)
            if not (is_theirs or self._bot.door.may_delete(interaction)):
                raise Refusal(NOT_YOURS if kept else NOBODYS)
            await interaction.response.defer()
            if writings := self._bot.desk.writings:
                writings.stop(answer_id)
            with contextlib.suppress(discord.NotFound):
                await interaction.delete_original_response()
            await asyncio.to_thread(self._bot.desk.store.forget, answer_id)

    async def turn_page(
        self, interaction: discord.Interaction[Any], page: int, outlet: str
    ) -> None:
        """Show another page of the list of articles in place of this one."""
        async with self._bot.reports.watch(interaction):
            view = await asyncio.to_thread(list_page, self._bot.desk.library, page, outlet)
            await interaction.response.edit_message(view=view)

    def _find(self, answer_id: str) -> Kept:
        kept = self._bot.desk.store.find(answer_id)
        if kept is None:
            raise Refusal(FORGOTTEN)
        return kept


def can_have_thread(interaction: discord.Interaction[Any]) -> bool:
    """Whether a message here can have a thread: not in a direct message, nor in a thread."""
    in_text_channel = isinstance(interaction.channel, discord.TextChannel)
    return interaction.guild_id is not None and in_text_channel
