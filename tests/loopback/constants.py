"""Discord's numbers that several files share: flags, intents, and kinds of things."""

from __future__ import annotations

from typing import Any, NamedTuple

Json = dict[str, Any]
"""A JSON object as it travels."""

EPHEMERAL = 1 << 6
HAS_THREAD = 1 << 5
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
V2 = 1 << 15
"""Message flags; V2 is IS_COMPONENTS_V2."""

TEXT_CHANNEL, DM_CHANNEL, CATEGORY, NEWS_CHANNEL, FORUM, MEDIA = 0, 1, 4, 5, 15, 16
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = THREADS = 10, 11, 12

THREAD_CREATED, REPLY, CHAT_COMMAND, THREAD_STARTER, MENU_COMMAND = 18, 19, 20, 21, 23
"""Kinds of message other than 0, an ordinary one."""

SYSTEM_MESSAGES = (THREAD_CREATED, THREAD_STARTER)
"""Messages that nobody wrote."""

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
"""Kinds of interaction."""

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
"""Kinds of application command."""

INTENTS = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "guild_reactions": 1 << 10,
    "guild_typing": 1 << 11,
    "dm_messages": 1 << 12,
    "dm_reactions": 1 << 13,
    "dm_typing": 1 << 14,
    "message_content": 1 << 15,
}
PRIVILEGED = ("members", "presences", "message_content")

MOST_FILE_BYTES = 10 * 1024 * 1024


class Upload(NamedTuple):
    """A file on its way in."""

    name: str
    blob: bytes
    content_type: str = ""


Uploads = dict[int, Upload]
"""Uploads by their number in the form."""
