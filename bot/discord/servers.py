"""What a server's managers have set: where the bot may answer, whom, how often, how openly."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.discord.store import Store

ANNOUNCE_MINUTES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """The settings of one server; empty means everywhere, everybody.

    Attributes:
        channels: ids of the channels in which it may answer, threads in them included.
        roles: ids of the roles of which one is needed to ask.
        cooldown: seconds between two questions of a person; None for the bot's own pace, 0 for
            none.
        private: whether ``/ask`` answers privately unless told otherwise.
        announce: the channel in which new, changed and withdrawn articles are announced, if any.
        announce_minutes: between two announcements at least.
    """

    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    cooldown: float | None = None
    private: bool = False
    announce: int | None = None
    announce_minutes: int = ANNOUNCE_MINUTES

    def allows_channel(self, *ids: int | None) -> bool:
        """Whether one of these, a channel or what it is in, is a place to answer."""
        return not self.channels or bool(set(self.channels) & set(ids))

    def allows_roles(self, roles: Iterable[int]) -> bool:
        """Whether somebody with these roles may ask."""
        return not self.roles or bool(set(self.roles) & set(roles))


class Servers:
    """The settings of every server, in memory: they are looked at before every answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, Server] = {}

    def load(self) -> None:
        """Read them all; blocks."""
        self._known = {number: _read(text) for number, text in self._store.servers().items()}

    def of(self, number: int | None) -> Server:
        """A server's settings; None, as in a direct message, has none."""
        return self._known.get(number or 0, Server())

    def announcing(self) -> dict[int, Server]:
        """The servers in which what comes is announced."""
        return {number: server for number, server in self._known.items() if server.announce}

    def change(self, number: int, changes: Mapping[str, Any]) -> Server:
        """Set some of a server's settings and keep them; blocks."""
        changed = replace(self.of(number), **changes)
        self._store.set_server(number, json.dumps(asdict(changed)))
        self._known[number] = changed
        return changed


def _read(text: str) -> Server:
    """Read what was kept; a setting that a later version added has its default."""
    found = json.loads(text)
    cooldown, announce = found.get("cooldown"), found.get("announce")
    return Server(
        channels=tuple(map(int, found.get("channels", ()))),
        roles=tuple(map(int, found.get("roles", ()))),
        cooldown=None if cooldown is None else float(cooldown),
        private=bool(found.get("private")),
        announce=None if announce is None else int(announce),
        announce_minutes=int(found.get("announce_minutes", ANNOUNCE_MINUTES)),
    )
