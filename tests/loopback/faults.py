"""Faults: of single REST calls, chosen by method and path, and of the gateway."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from aiohttp import web

from tests.loopback.constants import Json
from tests.loopback.evidence import Evidence
from tests.loopback.gateway import HEARTBEAT, INVALID_SESSION, RECONNECT
from tests.loopback.loop import on_server
from tests.loopback.rest.buckets import bucket_headers, refuse

DROP = 0
"""The status that stands for a connection cut instead of answered."""


@dataclass(kw_only=True, slots=True)
class Fault:
    """What befalls the next `times` calls that match; `after`: only when they have taken effect.

    With a `gate` they wait until it is open; `waiting` counts them.
    """

    method: str
    path: str
    times: int = 1
    delay: float = 0.0
    after: bool = False
    status: int | None = None
    body: Json = field(default_factory=dict)
    retry_after: float = 0.0
    scope: str = "user"
    cloudflare: bool = False
    gate: asyncio.Event | None = None
    waiting: int = 0

    async def delays(self) -> None:
        """Wait as the call must before it takes effect."""
        await asyncio.sleep(self.delay)
        if self.gate:
            self.waiting += 1
            await self.gate.wait()

    @property
    def instead(self) -> bool:
        """Whether the call is answered without taking effect; slowing it down is no answer."""
        return self.status is not None and not self.after

    def response(
        self, request: web.Request, record: SimpleNamespace, template: str
    ) -> web.StreamResponse:
        record.status, record.body = self.status, self.body
        headers = record.answered
        if self.cloudflare:
            page, headers = "<html>error code: 1015</html>", {"Retry-After": "3600"}
            return web.Response(status=429, text=page, content_type="text/html", headers=headers)
        if self.status == DROP:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        if self.status == 429:
            remaining = 0 if self.scope == "user" else 4
            if self.scope == "global":
                headers["X-RateLimit-Global"] = "true"
            else:
                of = (request.method, template)
                headers |= bucket_headers(*of, 5, remaining, self.retry_after)
            record.body = refuse(headers, self.retry_after, scope=self.scope)
        return web.Response(
            body=json.dumps(record.body).encode(),
            status=self.status,
            headers=headers,
            content_type="application/json",
        )


class Faults(Evidence):
    """The world, with what can go wrong in it."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(**rules)
        self.faults: list[Fault] = []

    def rate_limit(
        self,
        method: str,
        path: str,
        *,
        retry_after: float = 0.5,
        times: int = 1,
        scope: str = "user",
        cloudflare: bool = False,
    ) -> None:
        """Answer calls whose path has this pattern with 429; scope: user, shared or global.

        With `cloudflare` it is the HTML page of a ban, which discord.py does not try again.
        """
        self.faults.append(
            Fault(
                method=method,
                path=path,
                times=times,
                status=429,
                retry_after=retry_after,
                scope=scope,
                cloudflare=cloudflare,
            )
        )

    def fail(
        self,
        method: str,
        path: str,
        status: int = 500,
        *,
        code: int = 0,
        message: str = "",
        times: int = 1,
        after: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Answer matching calls with an error; status 0 cuts the connection instead.

        With `after` the call takes effect first, so that trying again does it twice.
        """
        body = {"message": message or f"{status}: injected", "code": code}
        self.faults.append(
            Fault(
                method=method,
                path=path,
                times=times,
                status=status,
                body=body,
                after=after,
                delay=delay,
            )
        )

    def slow(self, method: str, path: str, seconds: float, times: int = 1) -> None:
        """Make matching calls wait before they take effect."""
        self.faults.append(Fault(method=method, path=path, times=times, delay=seconds))

    def hold(self, method: str, path: str, times: int = 1) -> Fault:
        """Make matching calls wait until they are let go: whatever a test waits for first."""
        fault = Fault(method=method, path=path, times=times, gate=asyncio.Event())
        self.faults.append(fault)
        return fault

    @on_server
    async def let_go(self, held: Fault) -> None:
        """Let the calls go that were held, and those that would be."""
        if held.gate:
            held.gate.set()

    def match_fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            right_method = fault.method in ("*", method)
            if fault.times > 0 and right_method and re.search(fault.path, path):
                fault.times -= 1
                return fault
        return None

    @on_server
    async def reconnect(self, *, duplicate: int = 0) -> None:
        """Op 7; on the resume the last `duplicate` events, already delivered, come again."""
        self.duplicate_on_resume = duplicate
        for connection in list(self.connections):
            connection.send(RECONNECT)

    @on_server
    async def invalidate(self, resumable: bool = False) -> None:  # noqa: FBT001, FBT002 - Discord's
        """Op 9; not resumable makes discord.py wait up to 5 s and identify anew."""
        for connection in list(self.connections):
            if connection.session and not resumable:
                connection.session.dead = True
            connection.send(INVALID_SESSION, resumable)

    @on_server
    async def drop(self, code: int | None = None, *, duplicate: int = 0) -> None:
        """Cut the websocket: with a close code, or (None) by resetting the TCP connection."""
        self.duplicate_on_resume = duplicate
        for connection in list(self.connections):
            connection.cut = True
            if code is not None:
                await connection.socket.close(code=code)
            elif connection.request.transport:
                connection.request.transport.abort()

    @on_server
    async def beat(self) -> None:
        """Op 1: ask the client for a heartbeat now."""
        for connection in list(self.connections):
            connection.send(HEARTBEAT)

    @on_server
    async def redeliver(self, event: str = "MESSAGE_CREATE", n: int = 1) -> int:
        """Push the last n events of this name once more, numbered anew; how many were pushed."""
        pushed = 0
        for session in self.sessions.values():
            for packet in [each for each in session.sent if each["t"] == event][-n:]:
                session.push(event, copy.deepcopy(packet["d"]))
                pushed += 1
        return pushed
