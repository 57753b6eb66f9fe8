"""What came, changed and went → a message now and then in the channel that a server has chosen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import discord

from bot import render
from bot.discord.blocks import LONGEST_NAME, LONGEST_TITLE, day_of
from bot.discord.changes import ArticleChange, Changes
from bot.discord.markdown import link, short, units
from bot.discord.servers import Server
from bot.discord.view import make_view
from bot.discord.wire import FAILURES, insist, may_pass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord.ui import LayoutView

    from bot.discord.changes import Kind
    from bot.discord.client import PullquoteBot

logger = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = ("new", "changed", "withdrawn")
HEADINGS = {"new": "**New**", "changed": "**Changed**", "withdrawn": "**Withdrawn**"}
MOST_LISTED = {"new": 10, "changed": 5, "withdrawn": 5}
"""Of each kind; the rest is counted."""

LONGEST_SECTION = {"new": 1700, "changed": 850, "withdrawn": 850}
"""In units: together they fit a message, whatever the titles and addresses are."""


UNKNOWN_CHANNEL = 10003

# So long Discord remembers a nonce, by which it tells what is sent a second time.
SECONDS_OF_A_NONCE = 240.0


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What one server has to be told: ``changes``, which are those from ``after`` to ``last``."""

    number: int
    server: Server
    changes: tuple[ArticleChange, ...]
    after: int
    last: int


async def announce(bot: PullquoteBot, changes: Changes) -> None:
    """Tell each server that wants it of what has changed, unless it was told a moment ago."""
    wanted = {
        number: server
        for number, server in bot.door.servers.announcing().items()
        # It is not there any more, or Discord has not told of it yet.
        if bot.get_guild(number)
    }
    for news in await asyncio.to_thread(find_news, changes, wanted):
        await _tell(bot, changes, news)


def find_news(changes: Changes, servers: Mapping[int, Server]) -> list[News]:
    """What is to be told now, by server; blocks."""
    newest, followed = changes.last_number(), changes.all_followed()
    now = time.time()
    found = []
    for number, server in servers.items():
        name = announced_name(number)
        after, at = followed.get(name, (newest, 0.0))
        # A clock that was set back must not silence it.
        if after >= newest or 0 <= now - at < 60 * server.announce_minutes:
            continue
        # What may have been sent already is sent alone once more, so that Discord can tell.
        sent, sent_at = followed.get(intended_name(number), (0, 0.0))
        is_unsure = after < sent < newest and 0 <= now - sent_at < SECONDS_OF_A_NONCE
        last = sent if is_unsure else newest
        if told := changes.since(after, last):
            found.append(News(number=number, server=server, changes=told, after=after, last=last))
        else:
            changes.follow(name, last, at=at)
    return found


async def _tell(bot: PullquoteBot, changes: Changes, news: News) -> None:
    """Tell a server; what it could not be told stays for later."""
    name, intended = announced_name(news.number), intended_name(news.number)
    await asyncio.to_thread(changes.follow, intended, news.last)
    try:
        await _post(bot, news)
    except FAILURES as error:
        if getattr(error, "code", None) == UNKNOWN_CHANNEL:
            logger.warning("the channel for news on server %d is gone: none is told", news.number)
            off = {"announce": None}
            await asyncio.to_thread(bot.door.servers.change, news.number, off)
            return
        logger.warning("new articles could not be announced yet: %s", error)
        if not may_pass(error):
            # Discord bars whoever tries too often what they may not do.
            await asyncio.to_thread(changes.follow, name, news.after)
        return
    await asyncio.to_thread(changes.follow, name, news.last)


async def _post(bot: PullquoteBot, news: News) -> None:
    channel = bot.get_partial_messageable(news.server.announce or 0)
    view = announcement_view(news.changes)
    # The nonce keeps Discord from posting twice what is sent twice.
    nonce = f"{news.last}.{channel.id % 10**12}"
    await insist(lambda: channel.send(view=view, nonce=nonce))


def begin_to_announce(folder: Path, server: int) -> None:
    """What comes from now on is told to this server, and the first of it at once; blocks."""
    changes = Changes(folder)
    changes.follow(announced_name(server), changes.last_number(), at=0.0)


def announced_name(server: int) -> str:
    """Under what it is kept up to where a server was told."""
    return f"announced to {server}"


def intended_name(server: int) -> str:
    """Under what it is kept up to where a server was being told last."""
    return f"announcing to {server}"


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
