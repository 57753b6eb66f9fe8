"""Threads for follow-ups: opened under an answer, when somebody asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord

from bot.discord.view import make_view
from bot.escape import clean_line

if TYPE_CHECKING:
    from discord.abc import MessageableChannel

LONGEST_NAME = 100
MINUTES_UNTIL_ARCHIVED: Literal[1440] = 1440

HAS_A_THREAD = 160004
MISSING_PERMISSIONS, MISSING_ACCESS = 50013, 50001

OPENED = "Go on asking in <#{thread}>: I remember what was asked there."
WELCOME = (
    "Go on asking here: with **/ask**, by mentioning me, or by replying to me. "
    "I remember the last questions of this thread, so “and what did she say about it?” is enough."
)
MAY_NOT = (
    "I may not open threads in this channel; a manager can allow it. "
    "You can also reply to my answer: I will know what it is about."
)
NO_THREAD = "There can be no thread here. Reply to my answer: I will know what it is about."


async def open_thread(interaction: discord.Interaction[Any], question: str) -> str:
    """Open a thread under the message that was clicked, or find it; return what to say of it."""
    message = interaction.message
    if message is None or not isinstance(interaction.channel, discord.TextChannel):
        return NO_THREAD
    try:
        thread = await interaction.channel.create_thread(
            name=thread_name(question),
            message=discord.Object(message.id),
            auto_archive_duration=MINUTES_UNTIL_ARCHIVED,
        )
    except discord.HTTPException as error:
        if error.code == HAS_A_THREAD:
            # A thread has the id of the message under which it was opened.
            return OPENED.format(thread=message.id)
        if error.code in {MISSING_PERMISSIONS, MISSING_ACCESS}:
            return MAY_NOT
        raise
    await _welcome(thread)
    return OPENED.format(thread=thread.id)


async def _welcome(thread: MessageableChannel) -> None:
    """Say how to ask on; a thread in which the bot may not speak is of use all the same."""
    try:
        await thread.send(view=make_view([[WELCOME]]), nonce=str(thread.id))
    except discord.Forbidden:
        return


def thread_name(question: str) -> str:
    """The question, shortened at a word where a thread's name must be shorter."""
    name = clean_line(question)
    if len(name) <= LONGEST_NAME:
        return name or "Follow-up"
    return name[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + "…"
