"""A small bot that does everything once, for the tests of the loopback Discord itself."""

from __future__ import annotations

import asyncio
import os
import re

import discord
from discord import app_commands

TOPICS = ["politics", "science", "sport"]


class Again(discord.ui.DynamicItem[discord.ui.Button], template=r"again:(?P<count>\d+)"):
    """A button that keeps its state in its custom_id, so that it works after a restart."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(discord.ui.Button(label=f"Again {count}", custom_id=f"again:{count}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item, match: re.Match[str]
    ) -> Again:
        return cls(int(match["count"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=view_with(Again(self.count + 1)))


class Form(discord.ui.Modal, title="A question"):
    subject = discord.ui.Label(text="Subject", component=discord.ui.TextInput(max_length=20))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"asked about {self.subject.component.value}")


def view_with(*items: discord.ui.Item) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def layout(*texts: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    for text in texts:
        view.add_item(discord.ui.TextDisplay(text))
    return view


class ExampleBot(discord.Client):
    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.heard: list[int] = []
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        addressed = self.user in message.mentions or message.guild is None
        if message.author.bot or not addressed or message.id in self.heard:
            return
        self.heard.append(message.id)
        if "thread" in message.content:
            thread = await message.create_thread(name="More about it")
            await thread.send("in the thread")
            return
        async with message.channel.typing():
            await message.reply(f"heard {message.clean_content!r}, @everyone")


def add_commands(tree: app_commands.CommandTree) -> None:
    @tree.command(description="Answer at once.")
    @app_commands.describe(text="What to say.", private="Only to you.")
    async def echo(interaction: discord.Interaction, text: str, *, private: bool = False) -> None:
        await interaction.response.send_message(text, ephemeral=private, view=view_with(Again(1)))

    @tree.command(description="Answer later.")
    async def later(interaction: discord.Interaction, topic: str) -> None:
        await interaction.response.defer()
        await interaction.followup.send(f"about {topic}")

    @later.autocomplete("topic")
    async def topics(interaction: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in TOPICS if text in name]

    @tree.command(description="Answer too late.")
    async def late(interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.5)
        await interaction.response.send_message("too late")

    @tree.command(description="Open a form.")
    @app_commands.default_permissions(manage_guild=True)
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    @tree.context_menu(name="Shout")
    async def shout(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(view=layout(message.content.upper()))


if __name__ == "__main__":
    ExampleBot().run(os.environ["DISCORD_TOKEN"])
