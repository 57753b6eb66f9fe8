"""Adding and indexing in a process of its own, which tells how far it is.

The writer never runs inside a process that answers: it would hold it up, and what kills it must not
kill the answers.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.child import child_command, child_environment
from index.errors import PullquoteError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from index.settings import Settings

# The last line names every file that failed, however many there are.
LONGEST_LINE = 64 * 1024 * 1024

# Whatever interrupts the writer, it leaves the index usable, and is soon gone.
SECONDS_TO_END = 5.0

# What the writer says when another one is at it, of which it names the folder.
OTHER_WRITER = "another process is indexing"


class WriterFailed(PullquoteError):
    """The writer ended without a summary; its text is what it said, and names folders.

    Attributes:
        is_locked: whether another writer was at it.
    """

    def __init__(self, said: str, status: int | None) -> None:
        super().__init__(said or f"the writer ended with status {status}")
        self.is_locked = OTHER_WRITER in said


async def run_writer(
    settings: Settings, *, wait: float = 0
) -> AsyncGenerator[dict[str, Any], None]:
    """Reindex in a child process; yield its steps as it tells them, at last its summary.

    The summary is the one with a "generation"; see ``bot.commands.index``. Whoever stops listening
    must close the iterator, which ends the process.

    Args:
        settings: where the articles and the index are.
        wait: as many seconds are waited for another writer.

    Raises:
        WriterFailed: it could not be done.
    """
    async with _started("bot", _index(settings, wait)) as writer:
        async for told in writer.listen():
            yield told


async def run_add(settings: Settings, source: str) -> AsyncGenerator[dict[str, Any], None]:
    """Add a file or an address, and index it, in a child process; yield what it tells.

    That is a result with a "state" for each article, as ``bot.commands.add`` writes it, and the
    summary where any has come. What is added may be anybody's, and take much time and memory.

    Raises:
        WriterFailed: it could not be done, or what has come could not be indexed.
    """
    arguments = ["add", "--json", *_folders(settings), "--", source]
    async with _started("bot", arguments) as writer:
        async for told in writer.listen():
            yield told


@asynccontextmanager
async def ready_writer(settings: Settings, *, wait: float = 0) -> AsyncIterator[Writer]:
    """Give a writer that has imported what it needs and waits for ``write``; end it afterwards.

    The arguments, and what it raises, are those of ``run_writer``.
    """
    async with _started("bot.ready", _index(settings, wait)) as writer:
        yield writer


def _index(settings: Settings, wait: float) -> list[str]:
    return ["index", "--json", "--progress", "--wait", str(wait), *_folders(settings)]


def _folders(settings: Settings) -> list[str]:
    return ["--corpus", str(settings.corpus), "--index", str(settings.folder)]


class Writer:
    """A child process that reindexes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        # Read at the same time: a full pipe would stop it.
        self._complaints = asyncio.create_task(_read(process.stderr))

    async def write(self) -> dict[str, Any]:
        """Tell a ready one to begin; its summary. Raises WriterFailed."""
        last: dict[str, Any] = {}
        if self._process.stdin:
            self._process.stdin.write(b"\n")
        async for told in self.listen():
            last = told
        return last

    async def listen(self) -> AsyncGenerator[dict[str, Any], None]:
        """Yield what it tells until it ends; raises WriterFailed when a summary is missing."""
        last: dict[str, Any] = {}
        states = set()
        if self._process.stdout:
            async for line in self._process.stdout:
                last = json.loads(line)
                states.add(last.get("state"))
                yield last
        errors = (await self._complaints).decode(errors="replace")
        await self._process.wait()
        nothing_came = bool(states) and states <= {"refused", "unchanged"}
        if "generation" not in last and not nothing_came:
            raise WriterFailed(_last_line(errors), self._process.returncode)

    async def end(self) -> None:
        """End it, wherever it is."""
        self._complaints.cancel()
        if self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), SECONDS_TO_END)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream else b""


def _last_line(errors: str) -> str:
    """What it said in the end: before that it warns of what does not matter then."""
    lines = errors.strip().splitlines() or [""]
    return lines[-1].removeprefix("pullquote: ")


@asynccontextmanager
async def _started(module: str, arguments: Sequence[str]) -> AsyncIterator[Writer]:
    """Start the writer; end it afterwards."""
    try:
        process = await asyncio.create_subprocess_exec(
            *child_command(module, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            env=child_environment(),
            # Ctrl-C in a terminal is for us alone, who then end the writer.
            start_new_session=True,
        )
    except OSError as error:
        raise WriterFailed(f"the writer cannot be started: {error.strerror}", None) from error
    writer = Writer(process)
    try:
        yield writer
    finally:
        await writer.end()
