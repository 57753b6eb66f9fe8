"""``pullquote bot``: index what is new, then answer questions in Discord."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

from bot.commands.index import describe_counts, summary_to_json
from bot.commands.opening import FIRST_BUILD_WAIT, unbuilt
from bot.progress import follow
from bot.streams import emit, say

if TYPE_CHECKING:
    from bot.settings import BotSettings
    from index.open import Library

# The event loop must get its turn soon while an answer is worked on in a thread: heartbeats, and
# three seconds to acknowledge whoever asks next.
SECONDS_BETWEEN_THREADS = 0.001

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def run(*, settings: BotSettings, sync: bool, server: int | None) -> int:
    """Run the bot until it is stopped, or register its commands.

    Returns:
        0.
    """
    _set_up_log(settings.log_level)
    sys.setswitchinterval(SECONDS_BETWEEN_THREADS)
    with unbuilt(settings.library) as library:
        _prepare(library)
        from bot.discord.run import run_bot, sync_commands

        if sync:
            number = asyncio.run(sync_commands(settings, library, server))
            where = "everywhere" if server is None else f"on server {server}"
            emit(f"{number} commands registered {where}.\n")
        else:
            asyncio.run(run_bot(settings, library))
    return 0


def _prepare(library: Library) -> None:
    """Index what is new, and load the models before anybody waits for them."""
    summary = follow(library.reindex(wait=FIRST_BUILD_WAIT))
    say(describe_counts(summary_to_json(summary)))
    library.prepare()


def _set_up_log(level: str) -> None:
    logging.basicConfig(stream=sys.stderr, format=LOG_FORMAT, level=level, force=True)
    # discord.py writes of every request that it makes, and of voice, which is not wanted here.
    logging.getLogger("discord").setLevel(logging.WARNING)
    logging.getLogger("discord.client").setLevel(logging.ERROR)
