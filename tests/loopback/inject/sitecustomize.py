"""Put first on the path of a child process: points its discord.py at the loopback Discord.

Nothing is imported early: each module is changed right after its own first import. Reaches beyond
this machine are refused and written down, as tests/offline does it, which refuses this machine as
well and therefore stays out while this one is on guard.
"""  # noqa: INP001 - python looks for a file of this name by itself, so it is in no package

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
HOST_OF = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
"""The audited events, and which of their arguments names the host."""


def set_api(module: object) -> None:
    module.Route.BASE = os.environ["LOOPBACK_API"]


def set_gateway(module: object) -> None:
    import yarl

    module.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["LOOPBACK_GATEWAY"])


def set_cdn(module: object) -> None:
    module.Asset.BASE = os.environ["LOOPBACK_CDN"]


CHANGES = {"discord.http": set_api, "discord.gateway": set_gateway, "discord.asset": set_cdn}


class Changer:
    """Finds the modules to change, and has their loader change them once they are there."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> object:
        change = CHANGES.pop(name, None)
        if change is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def execute_and_change(module: object) -> None:
            execute(module)
            change(module)

        spec.loader.exec_module = execute_and_change
        return spec


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in HOST_OF:
        return
    address = arguments[HOST_OF[event]]
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    family = getattr(arguments[0], "family", None)
    if host is None or host in LOOPBACK or (family is not None and family.name == "AF_UNIX"):
        return
    with Path(os.environ["REACHES_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{event} {arguments[HOST_OF[event] :]!r}\n")
    raise OSError("the network is off")


def hand_over() -> None:
    """Run the sitecustomize that this one hides, with its own guard of the network off."""
    here = Path(__file__).resolve().parent
    others = [folder for folder in sys.path if Path(folder or ".").resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is None:
        return
    log = os.environ.pop("REACHES_LOG", None)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    if log is not None:
        os.environ["REACHES_LOG"] = log


hand_over()
if "LOOPBACK_API" in os.environ:
    sys.meta_path.insert(0, Changer)
    if "REACHES_LOG" in os.environ:
        sys.addaudithook(refuse)
