"""``pullquote bot``: index what is new, then answer questions in Discord."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from bot.commands.index import describe_counts, summary_to_json
from bot.commands.opening import FIRST_BUILD_WAIT, unbuilt
from bot.log import set_up_log
from bot.look import look_at
from bot.progress import follow
from bot.streams import emit, say, warn
from index.errors import CorpusError, IndexLocked, SettingsError

if TYPE_CHECKING:
    from bot.settings import BotSettings
    from index.open import Library

# The event loop must get its turn soon while an answer is worked on in a thread: heartbeats, and
# three seconds to acknowledge whoever asks next.
SECONDS_BETWEEN_THREADS = 0.001


def run(*, settings: BotSettings, sync: bool, server: int | None) -> int:
    """Run the bot until it is stopped, or register its commands.

    Returns:
        0.
    """
    if server is not None and not sync:
        raise SettingsError("--guild goes with --sync: it names the server to register with")
    set_up_log(settings.log_level, settings.token)
    sys.setswitchinterval(SECONDS_BETWEEN_THREADS)
    with unbuilt(settings.library) as library:
        seen = look_at(settings.library.corpus)
        is_indexed = _index(library)
        from bot.discord.run import run_bot, sync_commands

        if sync:
            number = asyncio.run(sync_commands(settings, library, server))
            where = "everywhere" if server is None else f"on server {server}"
            emit(f"{number} commands registered {where}.\n")
        else:
            # Loads the models before anybody waits for them.
            library.prepare()
            asyncio.run(run_bot(settings, library, seen if is_indexed else None))
    return 0


def _index(library: Library) -> bool:
    """Index what is new; while somebody else does, an index that can answer is good enough.

    Returns:
        Whether it was done here.
    """
    wait = FIRST_BUILD_WAIT if library.needs_index() else 0.0
    try:
        summary = follow(library.reindex(wait=wait))
    except IndexLocked as error:
        if wait:
            raise
        warn(f"{error}; answering from the index as it is")
        return False
    if not summary.passages:
        raise CorpusError(
            "there is no article to answer from: put .txt or .md files into the corpus"
        )
    say(describe_counts(summary_to_json(summary)))
    return True
