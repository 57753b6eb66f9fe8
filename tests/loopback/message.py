"""A message as people see it, and an interaction as Discord keeps it."""

from __future__ import annotations

import copy
import re
import secrets
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.loopback.constants import EPHEMERAL, LOADING, SYSTEM_MESSAGES, Json, Upload
from tests.loopback.limits.commands import STRING
from tests.loopback.limits.components import BUTTON, SELECTS, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.loopback.world import World

LINK = re.compile(r"https?://[^\s)>\]]+")


class Message:
    """Live: later edits show, and `history` keeps every version with the time it came at."""

    def __init__(self, world: World, data: Json, only_for: str | None = None) -> None:
        self.world, self.data, self.only_for = world, data, only_for
        self.channel: Json = world.channels[data["channel_id"]]
        self.deleted = False
        self.interaction: Interaction | None = None
        self.pings: Json = {"everyone": False, "users": [], "roles": []}
        self.history: list[tuple[float, Json]] = []

    def keep_version(self) -> None:
        self.history.append((time.monotonic(), copy.deepcopy(self.data)))

    def __repr__(self) -> str:
        buttons = [button.label for button in self.buttons]
        return f"<Message {self.author_name}: {self.text[:80]!r} buttons={buttons}>"

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def channel_id(self) -> str:
        return self.data["channel_id"]

    @property
    def guild_id(self) -> str | None:
        return self.channel.get("guild_id")

    @property
    def author_id(self) -> str:
        return self.data["author"]["id"]

    @property
    def author_name(self) -> str:
        return self.data["author"]["username"]

    @property
    def content(self) -> str:
        return self.data["content"]

    @property
    def embeds(self) -> list[Json]:
        return self.data["embeds"]

    @property
    def components(self) -> list[Json]:
        return self.data.get("components") or []

    @property
    def flags(self) -> int:
        return self.data.get("flags", 0)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def is_system(self) -> bool:
        return self.data["type"] in SYSTEM_MESSAGES

    @property
    def edits(self) -> int:
        return len(self.history) - 1

    @property
    def reactions(self) -> dict[str, int]:
        return {each["emoji"]["name"]: each["count"] for each in self.data.get("reactions", [])}

    @property
    def reply_to(self) -> str | None:
        """The id of the message this one answers."""
        return (self.data.get("message_reference") or {}).get("message_id")

    @property
    def attachments(self) -> list[SimpleNamespace]:
        """Each with .filename .size .url .bytes."""
        nothing = Upload("", b"")
        return [
            SimpleNamespace(**each, bytes=self.world.files.get(each["id"], nothing).blob)
            for each in self.data["attachments"]
        ]

    @property
    def thread(self) -> Json | None:
        """The thread that hangs from this message; it has the same id."""
        return self.world.channels.get(self.id)

    def walk(self) -> list[Json]:
        """Every component, outer before inner."""
        return list(walk(self.components))

    @property
    def buttons(self) -> list[SimpleNamespace]:
        """Each with .custom_id .label .style .disabled .url .raw."""
        return [
            SimpleNamespace(
                custom_id=each.get("custom_id"),
                label=each.get("label") or (each.get("emoji") or {}).get("name"),
                style=each.get("style"),
                disabled=bool(each.get("disabled")),
                url=each.get("url"),
                raw=each,
            )
            for each in self.walk()
            if each["type"] == BUTTON
        ]

    @property
    def selects(self) -> list[Json]:
        return [each for each in self.walk() if each["type"] in SELECTS]

    @property
    def text(self) -> str:
        """All text a reader sees: content, embeds, text displays."""
        texts: list[Any] = [self.content]
        for embed in self.embeds:
            texts.append((embed.get("author") or {}).get("name"))
            texts += [embed.get("title"), embed.get("description")]
            for field in embed.get("fields") or []:
                texts += [field["name"], field["value"]]
            texts.append((embed.get("footer") or {}).get("text"))
        texts += [each["content"] for each in self.walk() if each["type"] == TEXT]
        return "\n".join(text for text in texts if text)

    @property
    def links(self) -> list[str]:
        """Every web address in the text, of embeds, and of link buttons."""
        found = LINK.findall(self.text)
        found += [embed["url"] for embed in self.embeds if embed.get("url")]
        return found + [button.url for button in self.buttons if button.url]


def walk(components: list[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from walk(each.get("components") or [])
        yield from walk([each[part] for part in ("component", "accessory") if each.get(part)])


class Interaction:
    """One use of a command, component, autocomplete or modal, and what became of it."""

    def __init__(
        self,
        number: str,
        kind: int,
        user: Json,
        channel: Json,
        data: Json,
        *,
        message: Message | None = None,
        name: str = "",
        parent: Interaction | None = None,
        focus: int = STRING,
    ) -> None:
        self.id, self.token = number, secrets.token_urlsafe(96)
        self.kind, self.user, self.channel, self.data = kind, user, channel, data
        self.message, self.name, self.parent, self.focus = message, name, parent, focus
        self.created = self.activity = time.monotonic()
        self.ack_type: int | None = None
        self.acked: float | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.writes = 0
        self.modal: Json | None = None
        self.choices: list[Json] | None = None

    def wrote(self) -> None:
        """Note that the bot wrote something people see."""
        self.activity = time.monotonic()
        self.writes += 1
