"""Running what a test asks for on the server's own event loop, whatever loop it asks from."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any


def on_server(act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Make an async method of the world run on the loop of its server."""

    @functools.wraps(act)
    async def run(self: Any, *arguments: Any, **more: Any) -> Any:
        if asyncio.get_running_loop() is self.loop:
            return await act(self, *arguments, **more)
        there = asyncio.run_coroutine_threadsafe(act(self, *arguments, **more), self.loop)
        return await asyncio.wrap_future(there)

    return run
