"""The world: users, guilds, channels, roles, commands, and the records of what happened.

It can be built before the server starts and changed while it runs.
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.loopback import wire
from tests.loopback.constants import DM_CHANNEL, INTENTS, PRIVILEGED, THREADS, Json, Upload
from tests.loopback.errors import ApiError, unknown
from tests.loopback.message import Interaction, Message
from tests.loopback.permissions import EVERYONE, PERMISSIONS, permissions_of_member
from tests.loopback.rest.buckets import Buckets

if TYPE_CHECKING:
    from tests.loopback.gateway import Connection, Session

EPOCH = 1420070400000
"""Milliseconds of Unix time at which Discord's ids begin."""


def now_text() -> str:
    """This moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


class World:
    """One guild with #general, its owner, alice and bob, and a bot that is a member."""

    def __init__(
        self,
        *,
        token: str = "fake.bot.token",  # noqa: S107 - it opens nothing
        ack_deadline: float = 3.0,
        token_ttl: float = 900.0,
        rate_limits: bool = True,
        heartbeat_interval: float = 41.25,
        privileged: Iterable[str] = PRIVILEGED,
        bot_permissions: int | None = None,
        settle: float = 0.3,
        timeout: float = 15.0,
    ) -> None:
        self.token, self.ack_deadline, self.token_ttl = token, ack_deadline, token_ttl
        self.rate_limits, self.heartbeat_interval = rate_limits, heartbeat_interval
        self.privileged, self.settle, self.timeout = set(privileged), settle, timeout
        self.keep_records()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.port = 0
        self.ids = itertools.count()
        self.bot = self.new_user("answerbot", bot=True)
        self.app_id = self.bot["id"]
        self.owner = self.new_user("owner")
        self.guild = self.add_guild("Test Guild", self.owner, bot_permissions=bot_permissions)
        self.add_channel("general")
        self.alice = self.add_user("alice")
        self.bob = self.add_user("bob")

    def keep_records(self) -> None:
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.files: dict[str, Upload] = {}
        self.commands: dict[str | None, dict[str, Json]] = {None: {}}
        self.overwrites_seen = 0
        self.interactions: dict[str, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.nonces: dict[tuple[str, str], Message] = {}
        self.bot_posts: list[Message] = []
        self.typing: dict[str, float] = {}
        self.closed_dms: set[str] = set()
        self.buckets = Buckets()
        # Switches a test may turn at any time.
        self.stop_acks = False
        self.offline = False
        self.duplicate_on_resume = 0
        # The record a test may assert on.
        self.requests: list[SimpleNamespace] = []
        self.unimplemented: list[str] = []
        self.gateway_log: list[tuple[float, str]] = []
        self.heartbeats: list[float] = []
        self.events: list[tuple[float, str, Json]] = []

    @property
    def mention(self) -> str:
        """What a person types to mention the bot."""
        return f"<@{self.bot['id']}>"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def cdn_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def new_id(self) -> str:
        """A snowflake: later ones are greater."""
        milliseconds = int(time.time() * 1000) - EPOCH
        return str((milliseconds << 22) | (next(self.ids) & 0x3FFFFF))

    # People, roles and guilds

    def new_user(self, name: str, *, bot: bool = False) -> Json:
        user = {
            "id": self.new_id(),
            "username": name,
            "discriminator": "0",
            "global_name": None if bot else name.title(),
            "avatar": None,
            "bot": bot,
            "public_flags": 0,
            "system": False,
        }
        self.users[user["id"]] = user
        return user

    def add_user(
        self,
        name: str,
        *,
        guild: Json | None = None,
        roles: Iterable[Json] = (),
        permissions: int = 0,
    ) -> Json:
        """A human member of the guild; permissions give them a role of their own."""
        guild, user = guild or self.guild, self.new_user(name)
        role_ids = [role["id"] for role in roles]
        if permissions:
            role_ids.append(self.add_role(f"{name}-role", permissions, guild=guild)["id"])
        self.new_member(guild, user, role_ids)
        return user

    def new_member(self, guild: Json, user: Json, role_ids: list[str]) -> None:
        guild["_members"][user["id"]] = {
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": role_ids,
            "joined_at": now_text(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        guild["member_count"] = len(guild["_members"])

    def add_role(
        self, name: str, permissions: int = 0, *, guild: Json | None = None, **more: Any
    ) -> Json:
        roles = (guild or self.guild)["roles"]
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        role = {
            "id": self.new_id(),
            "name": name,
            "color": 0,
            "colors": colors,
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": len(roles),
            "permissions": str(permissions),
            "managed": False,
            "mentionable": False,
            "flags": 0,
            **more,
        }
        roles.append(role)
        return role

    def add_guild(
        self, name: str, owner: Json | None = None, *, bot_permissions: int | None = None
    ) -> Json:
        """A guild with its owner and the bot; `join_guild` tells a running bot of it."""
        owner, number = owner or self.owner, self.new_id()
        guild = wire.new_guild(number, name, owner["id"])
        self.guilds[number] = guild
        self.commands.setdefault(number, {})
        # The role @everyone has the id of its guild.
        self.add_role("@everyone", EVERYONE, guild=guild)["id"] = number
        granted = EVERYONE if bot_permissions is None else bot_permissions
        tags = {"bot_id": self.bot["id"]}
        role = self.add_role(self.bot["username"], granted, guild=guild, managed=True, tags=tags)
        self.new_member(guild, self.bot, [role["id"]])
        self.new_member(guild, owner, [])
        return guild

    # Channels

    def add_channel(
        self, name: str, kind: int = 0, *, guild: Json | None = None, **more: Any
    ) -> Json:
        """Kinds: 0 text, 4 category, 5 news, 15 forum."""
        guild_id = (guild or self.guild)["id"]
        channel = {
            "id": self.new_id(),
            "type": kind,
            "guild_id": guild_id,
            "name": name,
            "topic": None,
            "position": sum(each.get("guild_id") == guild_id for each in self.channels.values()),
            "permission_overwrites": [],
            "nsfw": False,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "flags": 0,
            **more,
        }
        self.open_channel(channel)
        self.dispatch_soon("CHANNEL_CREATE", channel)
        return channel

    def open_channel(self, channel: Json) -> None:
        self.channels[channel["id"]] = channel
        self.messages[channel["id"]] = {}

    def dm(self, user: Json | None = None) -> Json:
        """The direct-message channel between the bot and a user."""
        user = user or self.alice
        for channel in self.channels.values():
            if channel["type"] == DM_CHANNEL and channel["recipients"][0]["id"] == user["id"]:
                return channel
        channel = {
            "id": self.new_id(),
            "type": DM_CHANNEL,
            "recipients": [user],
            "last_message_id": None,
            "flags": 0,
            "name": None,
        }
        self.open_channel(channel)
        return channel

    def channel(self, which: str | Json | Message) -> Json:
        """By name ('general'), by id, a channel itself, or a message's."""
        if isinstance(which, Message):
            return which.channel
        if isinstance(which, dict):
            return which
        if which in self.channels:
            return self.channels[which]
        for channel in self.channels.values():
            if channel.get("name") == which:
                return channel
        raise KeyError(which)

    def overwrite(
        self,
        channel: str | Json | Message,
        target: Json | None = None,
        *,
        allow: int = 0,
        deny: int = 0,
    ) -> None:
        """Change what a role or user (the bot, if not said) may do in a channel."""
        channel, target = self.channel(channel), target or self.bot
        kept = [each for each in channel["permission_overwrites"] if each["id"] != target["id"]]
        new = {
            "id": target["id"],
            "type": 1 if "username" in target else 0,
            "allow": str(allow),
            "deny": str(deny),
        }
        channel["permission_overwrites"] = [*kept, new]
        self.dispatch_soon("CHANNEL_UPDATE", channel)

    def close_dms(self, user: Json) -> None:
        """From now on sending this user a direct message answers 403 50007."""
        self.closed_dms.add(user["id"])

    def permissions(self, user_id: str, channel: Json) -> int:
        """What a user may do here; a thread has the permissions of its parent."""
        if "guild_id" not in channel:
            return EVERYONE
        of_whom = self.channels[channel["parent_id"]] if channel["type"] in THREADS else channel
        return permissions_of_member(self.guilds[channel["guild_id"]], of_whom, user_id)

    def may(self, channel: Json, name: str) -> bool:
        """Whether the bot may do this here."""
        return bool(self.permissions(self.bot["id"], channel) & PERMISSIONS[name])

    def need(self, channel: Json, *names: str) -> None:
        """Refuse as Discord does unless the bot sees the channel and may do all this."""
        if not self.may(channel, "view_channel"):
            raise ApiError(403, 50001, "Missing Access")
        if not all(self.may(channel, name) for name in names):
            raise ApiError(403, 50013, "Missing Permissions")

    # What REST calls name by id

    def known_guild(self, guild_id: str) -> Json:
        if guild_id not in self.guilds:
            raise unknown("Guild")
        return self.guilds[guild_id]

    def known_channel(self, channel_id: str) -> Json:
        if channel_id not in self.channels:
            raise unknown("Channel")
        return self.channels[channel_id]

    def known_message(self, channel_id: str, message_id: str) -> Message:
        self.known_channel(channel_id)
        message = self.messages[channel_id].get(message_id)
        if message is None or message.deleted or message.ephemeral:
            raise unknown("Message")
        return message

    # Events

    def dispatch(
        self,
        event: str,
        data: Json | Message,
        guild_id: str | None = None,
        *,
        channel: Json | None = None,
    ) -> None:
        """Send an event to the sessions whose intents want it, if the bot sees the channel."""
        self.events.append((time.monotonic(), event, data if isinstance(data, dict) else {}))
        if channel is not None and not self.permissions(self.bot["id"], channel):
            return
        for session in list(self.sessions.values()):
            if session.dead or not session.wants(event, guild_id):
                continue
            if isinstance(data, Message):
                with_content = bool(session.intents & INTENTS["message_content"])
                session.push(event, wire.message(data, with_content=with_content, gateway=True))
            else:
                session.push(event, copy.deepcopy(data))

    def dispatch_message(self, event: str, message: Message) -> None:
        if not message.ephemeral:
            self.dispatch(event, message, message.guild_id, channel=message.channel)

    def dispatch_soon(self, event: str, channel: Json) -> None:
        """Tell of a channel that was changed from a test's thread."""
        if self.loop:
            data = wire.public(channel)
            self.loop.call_soon_threadsafe(self.dispatch, event, data, channel["guild_id"])
