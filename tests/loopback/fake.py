"""FakeDiscord: the world on a server of its own, and the bots that run against it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.loopback import gateway
from tests.loopback.bots import BotProcess, environment, point_discord_at
from tests.loopback.loop import on_server
from tests.loopback.rest import door
from tests.loopback.users import Users

if TYPE_CHECKING:
    import discord

MOST_BODY_BYTES = 256 * 1024 * 1024
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da6364f8cfc0500f0003860180ba1a1c9d0000000049454e44ae426082"
)


class FakeDiscord(Users):
    """A loopback Discord: REST, gateway and the people who use it.

    It has a thread and an event loop of its own, so that a bot that blocks its loop is seen to:
    its answers come late and its heartbeats are missed.
    """

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self.stop)

    # The server

    def start(self, port: int = 0) -> None:
        """Listen on this port of 127.0.0.1, or any free one; returns once it does."""
        self.folder = tempfile.TemporaryDirectory(prefix="loopback-")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(
            target=self.loop.run_forever, name="loopback-discord", daemon=True
        )
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.listen(port), self.loop).result()

    async def listen(self, port: int) -> None:
        application = web.Application(client_max_size=MOST_BODY_BYTES)
        application.router.add_route("*", "/api/{rest:.*}", self.serve_rest)
        application.router.add_get("/attachments/{channel}/{number}/{name}", self.serve_file)
        application.router.add_get("/", self.serve_gateway)
        application.router.add_get("/{rest:.*}", serve_image)
        # A client's kept-alive connections are no reason to wait long when stopping.
        self.runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", port).start()
        self.port = self.runner.addresses[0][1]

    def stop(self) -> None:
        """Close every connection and end the thread."""
        asyncio.run_coroutine_threadsafe(self.hang_up(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        self.folder.cleanup()

    async def hang_up(self) -> None:
        for connection in list(self.connections):
            # A client that no longer answers would keep its socket open for long.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(connection.socket.close(code=1001), 1)
        await self.runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def serve_rest(self, request: web.Request) -> web.StreamResponse:
        return await door.serve(self, request)

    async def serve_gateway(self, request: web.Request) -> web.StreamResponse:
        return await gateway.serve(self, request)

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["number"])
        if file is None:
            return web.Response(status=404)
        kind = file.content_type or "application/octet-stream"
        return web.Response(body=file.blob, content_type=kind)

    # Bots

    @on_server
    async def wait_ready(self, timeout: float = 20.0) -> None:
        """Wait until a bot has identified; it receives events from then on."""

        def is_ready() -> bool:
            return any(each.connection and not each.dead for each in self.sessions.values())

        await until(is_ready, timeout, "no bot identified")

    @on_server
    async def wait_commands(self, *names: str, timeout: float = 20.0) -> None:
        """Wait until these commands are registered, or any if none is named."""

        def are_known() -> bool:
            tables = self.commands.values()
            known = {command["name"] for table in tables for command in table.values()}
            if not names:
                return bool(known or self.overwrites_seen)
            return {name.split(" ")[0] for name in names} <= known

        await until(are_known, timeout, f"commands {names} were not registered")

    @contextlib.asynccontextmanager
    async def running(
        self,
        client: discord.Client,
        *,
        fast_ready: bool = True,
        commands: bool = True,
        timeout: float = 20.0,
    ) -> AsyncIterator[discord.Client]:
        """Run a client in this process; yields once it is ready, and closes it in the end.

        `fast_ready` shortens the client's wait for guilds, of 2 s. `commands` also waits until
        commands are registered: give False for a bot that never syncs.
        """
        with point_discord_at(self):
            if fast_ready:
                client._connection.guild_ready_timeout = 0.05  # noqa: SLF001 - it has no setting
            bot = asyncio.create_task(client.start(self.token))
            ready = asyncio.create_task(self.is_up(client, commands=commands, timeout=timeout))
            try:
                await asyncio.wait([bot, ready], return_when=asyncio.FIRST_COMPLETED)
                if bot.done():
                    # Raises what ended it.
                    bot.result()
                    raise RuntimeError("the client stopped before it was ready")
                await ready
                yield client
            finally:
                ready.cancel()
                await client.close()
                await asyncio.wait([bot, ready], timeout=5)
                # Whatever ended the bot, the test has seen its effects or will say what it misses.
                bot.cancel()
                await asyncio.gather(bot, ready, return_exceptions=True)

    async def is_up(self, client: discord.Client, *, commands: bool, timeout: float) -> None:
        await self.wait_ready(timeout)
        if commands:
            await self.wait_commands(timeout=timeout)
        await asyncio.wait_for(client.wait_until_ready(), timeout)

    def env(self, **more: str) -> dict[str, str]:
        """The environment in which a bot in a process of its own finds this server."""
        return environment(self, more)

    def spawn(
        self, *command: str, cwd: str | None = None, log: str | None = None, **more: str
    ) -> BotProcess:
        """Start a bot as a process of its own; keywords are variables of its environment.

        What it writes goes to `log`, by default a file that goes with this server.
        """
        name = f"bot-{len(self.sessions)}-{self.new_id()}"
        log = log or f"{self.folder.name}/{name}.log"
        reaches = f"{self.folder.name}/{name}.reaches"
        env = self.env(**{"REACHES_LOG": reaches, **more})
        return BotProcess(list(command), cwd=cwd, env=env, log_path=log)


async def serve_image(request: web.Request) -> web.StreamResponse:
    """Serve any avatar or icon."""
    return web.Response(body=ONE_PIXEL, content_type="image/png")


async def until(condition: Callable[[], Any], timeout: float, otherwise: str) -> None:
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        await asyncio.sleep(0.01)
