"""The server of a scripted model: aiohttp on a thread of its own, so that any test can ask it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from aiohttp import web

from index.settings import WriterSettings
from tests.scripted_model import wires
from tests.scripted_model.replies import Asked, Reply, Script, quote_honestly

KEY = "sk-test-6f1d2b"
MODEL = "scripted-1"
WIRES = ("openai", "ollama", "anthropic")


class ScriptedModel:
    """A language model on loopback.

    Attributes:
        script: what it replies to what it is asked; by default it quotes honestly.
        asked: every request, in order.
        left: how many who asked went away before the end.
    """

    def __init__(self, script: Script = quote_honestly) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.left = 0
        self.address = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def settings(self, wire: str = "openai", *, seconds: float = 10.0) -> WriterSettings:
        """The settings of a client that speaks ``wire``."""
        path = "/v1" if wire == "openai" else ""
        return WriterSettings(
            model=f"{wire}/{MODEL}",
            address=self.address + path,
            key=KEY,
            key_setting="PULLQUOTE_LLM_KEY",
            seconds=seconds,
        )

    def environment(self, wire: str = "openai", *, seconds: float = 10.0) -> dict[str, str]:
        """The same, as the environment of a program."""
        settings = self.settings(wire, seconds=seconds)
        return {
            "PULLQUOTE_LLM": settings.model,
            "PULLQUOTE_LLM_URL": settings.address,
            "PULLQUOTE_LLM_KEY": settings.key,
            "PULLQUOTE_LLM_SECONDS": str(settings.seconds),
        }

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._openai)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/messages", self._anthropic)
        app.router.add_post("/api/chat", self._ollama)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"

    async def _stop(self) -> None:
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _models(self, _: web.Request) -> web.Response:
        listed = [{"id": MODEL, "object": "model", "created": 0, "owned_by": "test"}]
        return web.json_response({"object": "list", "data": listed})

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        return await self._reply("openai", request)

    async def _anthropic(self, request: web.Request) -> web.StreamResponse:
        return await self._reply("anthropic", request)

    async def _ollama(self, request: web.Request) -> web.StreamResponse:
        return await self._reply("ollama", request)

    async def _reply(self, wire: str, request: web.Request) -> web.StreamResponse:
        asked = wires.read_asked(wire, await request.json(), request.headers)
        self.asked.append(asked)
        reply = self.script(asked)
        if reply.status != 200:
            text = wires.refuse(wire, reply.status, asked.key)
            return web.Response(
                status=reply.status,
                headers=reply.headers,
                text=text,
                content_type="application/json",
            )
        response = web.StreamResponse(headers={"Content-Type": wires.MEDIA[wire]})
        try:
            await response.prepare(request)
            await self._stream(wire, asked, reply, response, request)
        except ConnectionError:
            self.left += 1
        return response

    async def _stream(
        self,
        wire: str,
        asked: Asked,
        reply: Reply,
        response: web.StreamResponse,
        request: web.Request,
    ) -> None:
        await asyncio.sleep(reply.delay)
        if reply.raw is not None:
            await response.write(reply.raw)
            return
        for part in wires.begin(wire, asked, reply):
            await response.write(part)
        sent = 0
        for text in _pieces(reply):
            if reply.cut is not None and sent >= reply.cut and request.transport:
                request.transport.abort()
                return
            await response.write(wires.piece(wire, asked, text))
            sent += len(text)
            await asyncio.sleep(reply.pause)
        for part in wires.end(wire, asked, reply):
            await response.write(part)


def _pieces(reply: Reply) -> Iterator[str]:
    while True:
        for start in range(0, len(reply.text), reply.size):
            yield reply.text[start : start + reply.size]
        if not reply.endless:
            return
