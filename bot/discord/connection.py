"""One connection to Discord, from logging in to its end, and why it ended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import discord

from bot.discord.wire import FAILURES
from index.errors import PullquoteError

if TYPE_CHECKING:
    from bot.discord.client import PullquoteBot

REFUSED = "Discord refuses the token: copy it anew from the developer portal into DISCORD_TOKEN"

# Codes with which Discord closes a connection so that trying again would be in vain.
FINAL = {
    4004: REFUSED,
    4010: "Discord does not let the bot in as one part of many (code 4010)",
    4011: "the bot is on more servers than one connection may serve (code 4011)",
    4012: "Discord no longer speaks with this version of discord.py: update it (code 4012)",
    4013: "Discord does not know what the bot wants to hear: update discord.py (code 4013)",
    4014: "Discord does not let the bot hear what it asks for: see docs/discord.md (code 4014)",
}

# A socket that Discord does not close by itself is not waited for longer.
SECONDS_TO_CLOSE = 4.0
# What is being sent when a connection is given up may take so long.
SECONDS_TO_SEND = 5.0

NOT_CONNECTED = "Discord was not to be reached for too long"
NOT_THERE = "the gateway cannot be reached"
NOT_UNDERSTOOD = "what Discord sent could not be read"
EVENT = "an event from Discord"


class DiscordError(PullquoteError):
    """Discord cannot be reached, or lets the bot not in."""


async def stay_connected(bot: PullquoteBot, token: str, patience: float) -> str:
    """Log in and stay connected for as long as it goes; say in a few words why it ended.

    Args:
        bot: a new one: a used one cannot start again.
        token: lets it in.
        patience: seconds without a connection after which it is given up.

    Raises:
        DiscordError: Discord does not want the bot; trying again would not help.
    """
    try:
        await bot.login(token)
        return await _listen(bot, patience)
    except discord.LoginFailure as error:
        raise DiscordError(REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordError(FINAL[4014]) from error
    except discord.ConnectionClosed as error:
        if error.code in FINAL:
            raise DiscordError(FINAL[error.code]) from error
        return describe_failure(error)
    except FAILURES as error:
        return describe_failure(error)
    finally:
        await bot.desk.finish(SECONDS_TO_SEND)
        await close(bot)


async def _listen(bot: PullquoteBot, patience: float) -> str:
    """Hear Discord until that fails, or there was no connection for too long; say which.

    discord.py comes back by itself, but after a long outage it waits up to a quarter of an hour;
    and an event in which it misses something ends it.
    """
    hearing = asyncio.create_task(_hear(bot))
    losing = asyncio.create_task(bot.wait_lost(patience))
    try:
        await asyncio.wait({hearing, losing}, return_when=asyncio.FIRST_COMPLETED)
        if not hearing.done():
            return NOT_CONNECTED
        error = hearing.exception()
        if error is None or isinstance(error, FAILURES):
            await hearing
            return NOT_CONNECTED
        bot.reports.describe(error, EVENT)
        return NOT_UNDERSTOOD
    finally:
        for task in (hearing, losing):
            task.cancel()
        await asyncio.gather(hearing, losing, return_exceptions=True)


async def _hear(bot: PullquoteBot) -> None:
    try:
        await bot.connect(reconnect=True)
    except AttributeError as error:
        # Where the first connection to the gateway fails, discord.py 2.7.1 goes on with a socket
        # that is not there.
        if getattr(bot, "ws", None) is None and isinstance(error.__context__, FAILURES):
            raise discord.GatewayNotFound from error
        raise


async def close(bot: PullquoteBot) -> None:
    """Leave Discord and close every socket, whether or not Discord says goodbye."""
    with contextlib.suppress(*FAILURES):
        await asyncio.wait_for(bot.close(), SECONDS_TO_CLOSE)
    with contextlib.suppress(*FAILURES):
        await bot.http.close()


def describe_failure(error: BaseException) -> str:
    """A few words on what failed, without the addresses of calls, which hold secrets."""
    if isinstance(error, discord.GatewayNotFound):
        return NOT_THERE
    if isinstance(error, discord.HTTPException):
        return f"Discord answered {error.status}"
    return " ".join(str(error).split())[:200] or type(error).__name__
