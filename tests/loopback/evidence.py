"""What a test may look at besides results: messages that stand, and calls that were refused.

The records themselves are attributes of the world: `requests`, `events`, `gateway_log`,
`heartbeats`, `unimplemented`.
"""

from __future__ import annotations

from types import SimpleNamespace

from tests.loopback.constants import THREADS, Json
from tests.loopback.message import Message
from tests.loopback.world import World


class Evidence(World):
    """The world, with questions to ask about it."""

    def rejected(self) -> list[SimpleNamespace]:
        """REST calls answered 4xx, 429 aside; a correct bot mostly has none."""
        return [each for each in self.requests if 400 <= each.status < 500 and each.status != 429]

    def posted(
        self, channel: str | Json | Message | None = None, *, bot: bool = True
    ) -> list[Message]:
        """Messages now standing (by the bot) in a channel, or everywhere."""
        ids = list(self.messages) if channel is None else [self.channel(channel)["id"]]
        return [
            message
            for each in ids
            for message in list(self.messages[each].values())
            if not message.deleted and not message.is_system
            if not bot or message.author_id == self.bot["id"]
        ]

    def transcript(self, channel: str | Json | Message | None = None) -> str:
        """What stands in a channel (or everywhere), readable; for failure messages."""
        ids = list(self.messages) if channel is None else [self.channel(channel)["id"]]
        lines: list[str] = []
        for each in ids:
            messages = [one for one in list(self.messages[each].values()) if not one.is_system]
            if messages:
                place = self.channels.get(each, {})
                thread = " (thread)" if place.get("type") in THREADS else ""
                lines.append(f"# {place.get('name') or 'dm'}{thread}")
            lines += [line_of(message) for message in messages]
        return "\n".join(lines)


def line_of(message: Message) -> str:
    """One message in a transcript."""
    states = {
        "deleted": message.deleted,
        "only you": message.ephemeral,
        "thinking...": message.loading,
        f"{message.edits} edits": message.edits,
    }
    tags = ", ".join(name for name, on in states.items() if on)
    line = f"{message.author_name}{f' [{tags}]' if tags else ''}: {message.text}"
    shown = [f"[{button.label}]" for button in message.buttons]
    shown += [f"<{each.get('placeholder') or each['custom_id']}>" for each in message.selects]
    shown += [f"({each.filename})" for each in message.attachments]
    return "\n    ".join([line, " ".join(shown)] if shown else [line])
