"""The buttons under what the bot posts; they work after a restart.

All that a button needs stands in its ``custom_id``, which Discord hands back with the click:
``pq:WHAT:ANSWER…``. What a click does is said in one place, ``bot/discord/actions.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import discord
from discord.ui import Button, DynamicItem

if TYPE_CHECKING:
    import re

Vote = Literal["up", "down"]

ANSWER = r"(?P<answer>[0-9a-f]{12})"
"""An answer's id, as the catalog gives it."""


class SourceButton(DynamicItem[Button[Any]], template=rf"pq:source:{ANSWER}:(?P<place>\d{{1,2}})"):
    """What a quote goes by: shows it in its surroundings; ``place`` counts quotes from 0."""

    def __init__(self, answer_id: str, place: int, label: str = "1") -> None:
        super().__init__(
            Button(
                label=label,
                emoji="🔍",
                style=discord.ButtonStyle.secondary,
                custom_id=f"pq:source:{answer_id}:{place}",
            )
        )
        self.answer_id = answer_id
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Read the button back from its id."""
        return cls(match["answer"], int(match["place"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the quote where it stands."""
        await interaction.client.actions.show_source(interaction, self.answer_id, self.place)


class _AnswerButton(DynamicItem[Button[Any]], template=r"pq:never:(?P<answer>\b)"):
    """A button that needs to know its answer and nothing else."""

    what: str
    label: str | None = None
    emoji: str | None = None
    style = discord.ButtonStyle.secondary

    def __init__(self, answer_id: str) -> None:
        super().__init__(
            Button(
                label=self.label,
                emoji=self.emoji,
                style=self.style,
                custom_id=f"pq:{self.what}:{answer_id}",
            )
        )
        self.answer_id = answer_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Read the button back from its id."""
        return cls(match["answer"])


class MoreButton(_AnswerButton, template=rf"pq:more:{ANSWER}"):
    """Shows the quotes that had no room."""

    what = "more"
    label = "More quotes"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show them to whoever clicked."""
        await interaction.client.actions.show_more(interaction, self.answer_id)


class ShareButton(_AnswerButton, template=rf"pq:share:{ANSWER}"):
    """Posts a private answer for everyone."""

    what = "share"
    label = "Share"
    style = discord.ButtonStyle.primary

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Post it in the channel."""
        await interaction.client.actions.share(interaction, self.answer_id)


class FollowUpButton(_AnswerButton, template=rf"pq:thread:{ANSWER}"):
    """Opens a thread in which the bot remembers what was asked."""

    what = "thread"
    label = "Ask a follow-up"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the thread."""
        await interaction.client.actions.open_thread(interaction, self.answer_id)


class DeleteButton(_AnswerButton, template=rf"pq:delete:{ANSWER}"):
    """Takes an answer away; for whoever asked, and managers."""

    what = "delete"
    emoji = "🗑️"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the message."""
        await interaction.client.actions.delete(interaction, self.answer_id)


class VoteButton(DynamicItem[Button[Any]], template=rf"pq:vote:{ANSWER}:(?P<vote>up|down)"):
    """Says whether the answer helped; one vote a person, and it can be changed."""

    def __init__(self, answer_id: str, vote: Vote) -> None:
        super().__init__(
            Button(
                emoji="👍" if vote == "up" else "👎",
                style=discord.ButtonStyle.secondary,
                custom_id=f"pq:vote:{answer_id}:{vote}",
            )
        )
        self.answer_id = answer_id
        self.vote: Vote = vote

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Read the button back from its id."""
        return cls(match["answer"], "up" if match["vote"] == "up" else "down")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Keep the vote."""
        await interaction.client.actions.vote(interaction, self.answer_id, self.vote)


class ArticlesButton(
    DynamicItem[Button[Any]], template=r"pq:articles:(?P<page>\d{1,6}):(?P<outlet>[0-9a-f]{0,12})"
):
    """Turns to a page of the list of articles; ``outlet`` is a key of its filter, or ""."""

    def __init__(self, page: int, outlet: str, label: str = "", *, disabled: bool = False) -> None:
        super().__init__(
            Button(
                label=label or str(page),
                style=discord.ButtonStyle.secondary,
                custom_id=f"pq:articles:{page}:{outlet}",
                disabled=disabled,
            )
        )
        self.page = page
        self.outlet = outlet

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, __: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Read the button back from its id."""
        return cls(int(match["page"]), match["outlet"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn the page."""
        await interaction.client.actions.turn_page(interaction, self.page, self.outlet)


BUTTONS = (
    SourceButton,
    MoreButton,
    ShareButton,
    FollowUpButton,
    DeleteButton,
    VoteButton,
    ArticlesButton,
)
