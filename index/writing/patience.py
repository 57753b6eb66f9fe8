"""How long a language model is waited for, and that it is asked once more where that may help."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from index.errors import WriterError
from index.writing.fail import TOO_LONG

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from index.writing.model import Piece, Writer
    from index.writing.prompt import Prompt


class _Again(Exception):
    """Nothing has come, and another attempt is worth it after ``wait`` seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


async def stream_patiently(
    writer: Writer, prompt: Prompt, *, seconds: float
) -> AsyncGenerator[Piece, None]:
    """What ``writer`` writes within ``seconds``, a second attempt included.

    Raises:
        WriterError: it failed, or took longer; what it wrote before has been given.
    """
    # Imports are not the model's time.
    await asyncio.to_thread(writer.prepare)
    deadline = asyncio.get_running_loop().time() + seconds
    for is_last in (False, True):
        attempt = _attempt(writer, prompt, deadline, is_last=is_last)
        try:
            async with aclosing(attempt) as pieces:
                async for piece in pieces:
                    yield piece
        except _Again as again:
            await asyncio.sleep(again.wait)
        else:
            return


async def _attempt(
    writer: Writer, prompt: Prompt, deadline: float, *, is_last: bool
) -> AsyncGenerator[Piece, None]:
    has_come = False
    stream: Any = writer.stream(prompt.rules, prompt.asked)
    async with aclosing(stream):
        try:
            while True:
                # Not around the yield: who takes the piece may take as long as they like.
                async with asyncio.timeout_at(deadline):
                    piece = await anext(stream)
                has_come = has_come or bool(piece.text)
                yield piece
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise WriterError(TOO_LONG) from None
        except WriterError as error:
            wait = error.retry_after
            now = asyncio.get_running_loop().time()
            if is_last or has_come or wait is None or now + wait >= deadline:
                raise
            raise _Again(wait) from None
