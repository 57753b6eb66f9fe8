"""The whole bot: in this process as ``pullquote bot`` runs it, or in one of its own."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.discord.run import Runner
from bot.log import discreet_handler
from bot.settings import BotSettings
from tests.loopback import FakeDiscord
from tests.loopback.bots import BotProcess, point_discord_at
from tests.loopback.fake import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from index.open import Library
    from index.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
SETTLED = 0.1


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A bot that stays connected by itself, the Discord it is in, and its log."""

    world: FakeDiscord
    runner: Runner
    running: asyncio.Task[None]
    written: io.StringIO

    @property
    def log(self) -> str:
        return self.written.getvalue()

    async def comes_online(self) -> None:
        await self.world.wait_commands("ask")
        await self.world.wait_ready()


@contextmanager
def log_of(token: str) -> Iterator[io.StringIO]:
    """What whoever runs the bot reads in its log."""
    written = io.StringIO()
    handler = discreet_handler(written, token)
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel("INFO")
    try:
        yield written
    finally:
        root.removeHandler(handler)
        ours.setLevel(before)


@asynccontextmanager
async def whole_bot(
    library: Library,
    settings: Settings,
    *,
    prepare: Callable[[FakeDiscord], object] | None = None,
    kind: type[FakeDiscord] = FakeDiscord,
    rules: Mapping[str, float] | None = None,
    **more: Any,  # noqa: ANN401 - of bot_in
) -> AsyncIterator[Whole]:
    """Run a bot in a world of its own; ``prepare`` is called before it starts."""
    async with new_world(kind, **(rules or {})) as world:
        if prepare:
            prepare(world)
        async with bot_in(world, library, settings, **more) as whole:
            yield whole


@asynccontextmanager
async def new_world(
    kind: type[FakeDiscord] = FakeDiscord, **rules: float
) -> AsyncIterator[FakeDiscord]:
    """A Discord, in the end without a hole."""
    async with kind(**{"settle": SETTLED, "timeout": 10.0, **rules}) as world:
        yield world
        assert world.unimplemented == []


@asynccontextmanager
async def bot_in(  # noqa: PLR0913 - it can be run in that many ways
    world: FakeDiscord,
    library: Library,
    settings: Settings,
    *,
    patience: float = 60.0,
    waits: bool = True,
    watch: Literal["true", "false", "poll"] = "false",
) -> AsyncIterator[Whole]:
    """Run a bot; ``waits`` says to wait until it is up. What it logs never holds a secret."""
    asks = BotSettings(library=settings, token=world.token, watch=watch)
    runner = Runner(asks, library, patience=patience)
    with log_of(world.token) as written, point_discord_at(world):
        running = asyncio.create_task(runner.run())
        whole = Whole(world=world, runner=runner, running=running, written=written)
        try:
            if waits:
                await whole.comes_online()
            yield whole
        finally:
            runner.stop()
            await asyncio.wait({running}, timeout=10)
    assert asks.token not in whole.log
    assert [token for token in world.by_token if token in whole.log] == []


def start_bot(
    world: FakeDiscord, settings: Settings, *arguments: str, **environment: str
) -> BotProcess:
    """Start ``pullquote bot`` as a process of its own."""
    folders = {"PULLQUOTE_CORPUS": str(settings.corpus), "PULLQUOTE_INDEX": str(settings.folder)}
    path = os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)])
    return world.spawn(
        *(sys.executable, "-W", "default::ResourceWarning", "-m", "bot", "bot", *arguments),
        cwd=str(settings.corpus.parent),
        **{**folders, "PYTHONPATH": path, **environment},
    )


async def ends(process: BotProcess, timeout: float = 60.0) -> int:  # noqa: ASYNC109 - says how long
    """Wait until a process has ended; its exit status."""
    await until(lambda: not process.alive, timeout, f"it does not end: {process.output}")
    return process.process.returncode


async def comes_true(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Wait for what happens in the bot."""
    await until(condition, seconds, what)
