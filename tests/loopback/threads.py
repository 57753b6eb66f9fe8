"""Threads: opening them, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loopback import wire
from tests.loopback.constants import HAS_THREAD, PUBLIC_THREAD, Json
from tests.loopback.limits.form import Form
from tests.loopback.message import Message
from tests.loopback.world import now_text

if TYPE_CHECKING:
    from tests.loopback.world import World

ARCHIVE_MINUTES = (None, 60, 1440, 4320, 10080)


def open_thread(
    world: World,
    parent: Json,
    owner: Json,
    payload: Json,
    *,
    number: str | None = None,
    kind: int = PUBLIC_THREAD,
) -> Json:
    """Make a thread and tell of it; one on a message takes the message's id."""
    form = Form()
    form.text(("name",), payload.get("name"), 1, 100)
    minutes, pause = payload.get("auto_archive_duration"), payload.get("rate_limit_per_user")
    form.one_of(("auto_archive_duration",), minutes, ARCHIVE_MINUTES)
    form.integer(("rate_limit_per_user",), pause, 0, 21600)
    form.check()
    thread = {
        "id": number or world.new_id(),
        "type": kind,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": owner["id"],
        "name": payload["name"],
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": pause or 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": now_text(),
            "locked": False,
            "auto_archive_duration": minutes or 4320,
            "create_timestamp": now_text(),
        },
        "_members": [owner["id"]],
    }
    world.open_channel(thread)
    shown = {**wire.public(thread), "newly_created": True}
    if owner["id"] == world.bot["id"]:
        shown["member"] = thread_member(thread, owner["id"])
    world.dispatch("THREAD_CREATE", shown, thread["guild_id"], channel=thread)
    return thread


def open_thread_on(message: Message, owner: Json, payload: Json, kind: int) -> Json:
    """Make a thread that hangs from a message."""
    world = message.world
    thread = open_thread(world, message.channel, owner, payload, number=message.id, kind=kind)
    message.data["flags"] |= HAS_THREAD
    world.dispatch_message("MESSAGE_UPDATE", message)
    return thread


def thread_member(thread: Json, user_id: str) -> Json:
    return {"id": thread["id"], "user_id": user_id, "join_timestamp": now_text(), "flags": 1}


def join_thread(thread: Json, user_id: str) -> bool:
    """Make the user a member of the thread; whether they were not yet one."""
    if user_id in thread["_members"]:
        return False
    thread["_members"].append(user_id)
    thread["member_count"] = len(thread["_members"])
    return True
