"""Calls that the network cuts off are made again; what Discord took twice, people see once.

discord.py tries again after 5xx and 429, but on Linux not after a connection that was reset. And a
call that took effect before it failed is refused when it is made again: an interaction that was
"already acknowledged" was so by ourselves.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord.http import Route

T = TypeVar("T")

ALREADY_ACKNOWLEDGED = 40060

# Seconds before another try; an interaction must be acknowledged within three.
PAUSES = (0.2, 0.8)

CUT_OFF = (aiohttp.ClientConnectionError, ConnectionError, TimeoutError)
"""What a call raises that got no answer: nobody knows whether it took effect."""

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""Everything that a call to Discord raises, cut off or refused."""


TOO_MANY_REQUESTS = 429


def may_pass(error: BaseException) -> bool:
    """Whether the same call may succeed later: it was cut off, or Discord is out of order."""
    status = getattr(error, "status", None)
    return status is None or status == TOO_MANY_REQUESTS or status >= 500  # noqa: PLR2004 - HTTP's


async def insist(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call again while it is cut off or Discord is out of order, a few times.

    Only for what may take effect twice: an edit, or a message with a nonce.
    """
    for pause in PAUSES:
        try:
            return await call()
        except (*CUT_OFF, discord.DiscordServerError):
            await asyncio.sleep(pause)
    return await call()


def make_calls_patient() -> None:
    """From here on, in this task and those it starts, calls for interactions are patient."""
    async_context.set(PatientCalls())  # type: ignore[no-untyped-call] # it says nothing of itself


class PatientCalls(AsyncWebhookAdapter):
    """What discord.py makes the calls for an interaction with: answers, edits, follow-ups."""

    async def request(self, route: Route, session: aiohttp.ClientSession, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """Make a call, again when it was cut off and may take effect twice."""
        for pause in PAUSES:
            try:
                return await super().request(route, session, **more)
            except CUT_OFF:
                if _adds_a_message(route):
                    raise
                for file in more.get("files") or ():
                    file.reset()
                await asyncio.sleep(pause)
        return await super().request(route, session, **more)

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        **more: Any,  # noqa: ANN401 - handed on
    ) -> Any:  # noqa: ANN401 - JSON
        """Acknowledge or answer; that it was done already means an earlier try took effect."""
        try:
            return await super().create_interaction_response(interaction_id, token, **more)
        except discord.HTTPException as error:
            if error.code != ALREADY_ACKNOWLEDGED:
                raise
            return {"interaction": {"id": interaction_id}}


def _adds_a_message(route: Route) -> bool:
    """Whether doing it twice would be seen: a follow-up, which has no nonce."""
    return route.method == "POST" and not route.path.endswith("/callback")
