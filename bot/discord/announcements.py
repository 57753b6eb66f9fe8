"""What came, changed and went → a message now and then in the channel that a server has chosen."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import discord

from bot import render
from bot.discord.blocks import LONGEST_NAME, LONGEST_TITLE, day_of
from bot.discord.changes import Changes
from bot.discord.markdown import link, short, units
from bot.discord.view import make_view
from bot.discord.wire import FAILURES, insist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import LayoutView

    from bot.discord.changes import ArticleChange, Kind
    from bot.discord.client import PullquoteBot
    from bot.discord.servers import Server

logger = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = ("new", "changed", "withdrawn")
HEADINGS = {"new": "**New**", "changed": "**Changed**", "withdrawn": "**Withdrawn**"}
MOST_LISTED = {"new": 10, "changed": 5, "withdrawn": 5}
"""Of each kind; the rest is counted."""

LONGEST_SECTION = {"new": 1700, "changed": 850, "withdrawn": 850}
"""In units: together they fit a message, whatever the titles and addresses are."""


async def announce(bot: PullquoteBot, changes: Changes) -> None:
    """Tell each server that wants it of what has changed, unless it was told a moment ago."""
    for number, server in bot.door.servers.announcing().items():
        name = announced_name(number)
        last = await asyncio.to_thread(changes.followed, name)
        if last and time.time() - last[1] < 60 * server.announce_minutes:
            continue
        found = await asyncio.to_thread(changes.since, last[0] if last else 0)
        newest = max((change.number for change in found), default=0)
        if found and await _post(bot, server, announcement_view(found), newest):
            await asyncio.to_thread(changes.follow, name, newest)


def begin_to_announce(folder: Path, server: int) -> None:
    """What comes from now on is told to this server, and the first of it at once; blocks."""
    changes = Changes(folder)
    changes.follow(announced_name(server), changes.last_number(), at=0.0)


def announced_name(server: int) -> str:
    """Under what it is kept up to where a server was told."""
    return f"announced to {server}"


async def _post(bot: PullquoteBot, server: Server, view: LayoutView, number: int) -> bool:
    """Post it; whether that is done with, as it also is where the bot may not speak any more."""
    channel = bot.get_partial_messageable(server.announce or 0)
    # The nonce keeps Discord from posting twice what is sent twice.
    nonce = f"{number}.{channel.id % 10**12}"
    try:
        await insist(lambda: channel.send(view=view, nonce=nonce))
    except (discord.Forbidden, discord.NotFound) as error:
        logger.warning("new articles could not be announced: %s", error)
    except FAILURES as error:
        logger.warning("new articles could not be announced yet: %s", error)
        return False
    return True


def announcement_view(changes: Sequence[ArticleChange]) -> LayoutView:
    """List the articles by what became of them: the last ones first, the rest counted."""
    by_kind = {kind: [one for one in changes if one.kind == kind][::-1] for kind in KINDS}
    counts = ", ".join(f"{len(found):,} {kind}" for kind, found in by_kind.items() if found)
    sections = [[f"### Articles: {counts}"]]
    sections += [list(_section(kind, found)) for kind, found in by_kind.items() if found]
    return make_view(sections, colour=discord.Colour.blurple())


def _section(kind: Kind, changes: Sequence[ArticleChange]) -> Iterator[str]:
    room = LONGEST_SECTION[kind]
    lines = [HEADINGS[kind]]
    for change in changes[: MOST_LISTED[kind]]:
        line = _entry(change)
        room -= units(line)
        if room < 0:
            break
        lines.append(line)
    left = len(changes) - len(lines) + 1
    yield "\n".join([*lines, *([f"-# and {left:,} more"] if left else [])])


def _entry(change: ArticleChange) -> str:
    """Title, outlet and date; the title is linked where it has an address and is still there."""
    address = render.web_address(change.url) if change.kind != "withdrawn" else None
    title = link(change.title, address, most=LONGEST_TITLE)
    known = (title, short(change.outlet or "", LONGEST_NAME), day_of(change.published))
    return f"- {' · '.join(filter(None, known))}"
