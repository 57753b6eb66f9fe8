"""Pointing discord.py at the loopback Discord, in this process or in a child."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tests.loopback.world import World

INJECT = Path(__file__).resolve().parent / "inject"


@contextlib.contextmanager
def point_discord_at(world: World) -> Iterator[None]:
    """Set the three addresses that discord.py has as class attributes, and set them back."""
    import yarl
    from discord.asset import Asset
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE)
    Route.BASE = world.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(world.gateway_url)
    Asset.BASE = world.cdn_url
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = before


def environment(world: World, more: dict[str, str]) -> dict[str, str]:
    """This process's environment, with the addresses and what puts them into discord.py."""
    path = os.pathsep.join(filter(None, [str(INJECT), os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "DISCORD_TOKEN": world.token,
        "LOOPBACK_API": world.api_url,
        "LOOPBACK_GATEWAY": world.gateway_url,
        "LOOPBACK_CDN": world.cdn_url,
        **more,
        "PYTHONPATH": os.pathsep.join(filter(None, [path, more.get("PYTHONPATH")])),
    }


class BotProcess:
    """A bot in a process of its own, in a process group of its own; a context that stops it."""

    def __init__(
        self, command: list[str], *, cwd: str | None, env: dict[str, str], log_path: str
    ) -> None:
        self.log_path, self.reaches_path = log_path, env["REACHES_LOG"]
        with Path(log_path).open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def output(self) -> str:
        """What it has written so far, on both streams."""
        return Path(self.log_path).read_text(encoding="utf-8", errors="replace")

    @property
    def reaches(self) -> list[str]:
        """Its attempts to reach beyond this machine; they were all refused."""
        path = Path(self.reaches_path)
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def stop(self, timeout: float = 10.0, sig: int = signal.SIGINT) -> int:
        """Ask it to end and wait; kill it and its children after `timeout`. Its exit status."""
        if self.alive:
            self.process.send_signal(sig)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def kill(self) -> None:
        """Kill it, as a crash does."""
        if self.alive:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
