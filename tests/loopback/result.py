"""What a person sees after doing something."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from tests.loopback.constants import AUTOCOMPLETE, COMMAND, THREADS, Json
from tests.loopback.message import Interaction, Message

if TYPE_CHECKING:
    from tests.loopback.world import World

CHOICES, SHOWN_MODAL, UPDATE_LATER = 8, 9, 6
TYPING_SHOWS = 9.5
"""Seconds for which a client shows that somebody is typing."""

FAILURES = {COMMAND: "The application did not respond", AUTOCOMPLETE: "Loading options failed"}


class Waiting(TypedDict, total=False):
    """How long to look: the keywords that all acts of users have."""

    timeout: float | None
    settle: float | None
    until: Callable[[Result], object] | None
    wait: bool


class Result:
    """What follows an act, settled when nothing more is under way.

    An interaction is acknowledged, no "thinking…" stands, the bot is not typing, nothing was
    written for `settle` seconds, and no empty rate-limit bucket may hold a write back; at the
    latest after `timeout`. A deferred update waits for its first edit or follow-up. `until`
    overrides all this.
    """

    def __init__(
        self,
        world: World,
        trigger: Interaction | Message,
        user: Json,
        channel: Json,
        *,
        since: str | None = None,
    ) -> None:
        self.world, self.user, self.channel = world, user, channel
        is_message = isinstance(trigger, Message)
        self.interaction: Interaction | None = None if is_message else trigger
        self.sent: Message | None = trigger if is_message else None
        self.since = int(since or trigger.id)
        self.begun = time.monotonic()
        self.elapsed = 0.0
        self.timed_out = False
        self.timeout, self.settle = world.timeout, world.settle
        self.until: Callable[[Result], object] | None = None

    def __repr__(self) -> str:
        return f"<Result ack={self.ack_type} error={self.error!r} {self.messages}>"

    @property
    def messages(self) -> list[Message]:
        """Standing messages: the response, then follow-ups; for `say` the bot's posts."""
        interaction = self.interaction
        if not interaction:
            return self.posts
        original = [interaction.original] if interaction.original else []
        return [each for each in [*original, *interaction.followups] if not each.deleted]

    @property
    def posts(self) -> list[Message]:
        """What the bot posted since, here or in threads of here, outside any interaction."""
        found: list[Message] = []
        for each in reversed(self.world.bot_posts):
            if int(each.id) <= self.since:
                break
            is_here = self.channel["id"] in (each.channel_id, each.channel.get("parent_id"))
            if is_here and not (each.deleted or each.interaction or each.is_system):
                found.append(each)
        return found[::-1]

    @property
    def message(self) -> Message:
        assert self.messages, f"no message; {self!r}"
        return self.messages[0]

    @property
    def text(self) -> str:
        return "\n".join(each.text for each in self.messages)

    @property
    def ack_type(self) -> int | None:
        return self.interaction.ack_type if self.interaction else None

    @property
    def ack_ms(self) -> float | None:
        interaction = self.interaction
        if not interaction or interaction.acked is None:
            return None
        return (interaction.acked - interaction.created) * 1000

    @property
    def modal(self) -> Json | None:
        return self.interaction.modal if self.interaction else None

    @property
    def choices(self) -> list[Json]:
        return (self.interaction.choices if self.interaction else None) or []

    @property
    def thinking(self) -> bool:
        """Whether "thinking…" still stands."""
        original = self.interaction.original if self.interaction else None
        return bool(original and original.loading and not original.deleted)

    @property
    def thread(self) -> Json | None:
        """The thread opened since: on the user's message, or else the first in this channel."""
        if self.sent and self.sent.thread:
            return self.sent.thread
        for channel in self.world.channels.values():
            is_thread_here = channel.get("parent_id") == self.channel["id"]
            if is_thread_here and channel["type"] in THREADS and int(channel["id"]) > self.since:
                return channel
        return None

    @property
    def error(self) -> str | None:
        """The client's own line that something failed, if it shows one."""
        interaction = self.interaction
        if not interaction or interaction.ack_type is not None:
            return None
        if time.monotonic() - interaction.created <= self.world.ack_deadline:
            return None
        return FAILURES.get(interaction.kind, "This interaction failed")

    def is_settled(self) -> bool:
        if self.until:
            return bool(self.until(self))
        interaction = self.interaction
        if interaction and interaction.ack_type is None:
            return self.error is not None
        if interaction and interaction.ack_type in (CHOICES, SHOWN_MODAL):
            return True
        last, now = self.last_write(), time.monotonic()
        if last is None or self.is_typing() or now - last < self.settle:
            return False
        token = interaction.token if interaction else None
        refills = self.world.buckets.refills(self.channel["id"], token)
        return now - max(refills, default=last) >= self.settle

    def last_write(self) -> float | None:
        """When the bot last wrote something; nothing when it surely has more to write."""
        posts, interaction = self.posts, self.interaction
        times = [each.history[-1][0] for each in posts]
        if interaction:
            awaits_update = interaction.ack_type == UPDATE_LATER and not interaction.writes
            if awaits_update or any(each.loading for each in self.messages):
                return None
            times.append(interaction.activity)
        return max(times, default=None)

    def is_typing(self) -> bool:
        """Whether the bot is typing here; beside an interaction it may be for somebody else."""
        if self.interaction:
            return False
        channels = self.world.channels
        here = [
            begun
            for channel_id, begun in list(self.world.typing.items())
            if self.channel["id"] in (channel_id, channels.get(channel_id, {}).get("parent_id"))
        ]
        return any(time.monotonic() - begun < TYPING_SHOWS for begun in here)

    async def wait(self, timeout: float | None = None) -> Result:
        """Wait until settled."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while not self.is_settled():
            if time.monotonic() > end:
                self.timed_out = True
                break
            await asyncio.sleep(0.01 if time.monotonic() - self.begun < 1 else 0.03)
        self.elapsed = time.monotonic() - self.begun
        return self
