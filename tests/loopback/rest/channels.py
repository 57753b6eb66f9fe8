"""Routes of channels and threads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.loopback import posts, threads, wire
from tests.loopback.constants import (
    FORUM,
    MEDIA,
    NEWS_CHANNEL,
    NEWS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT_CHANNEL,
    THREAD_CREATED,
    THREAD_STARTER,
    THREADS,
    Json,
)
from tests.loopback.errors import ApiError
from tests.loopback.limits.form import Form
from tests.loopback.rest.routes import NO_CONTENT, Call, Routes
from tests.loopback.world import now_text

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()

CHANGEABLE = ("name", "rate_limit_per_user", "flags")
CHANGEABLE_METADATA = ("archived", "locked", "auto_archive_duration", "invitable")


@routes.route("GET", "/channels/{channel}")
def get(world: World, call: Call, channel: str) -> Json:
    known = world.known_channel(channel)
    if "guild_id" in known:
        world.need(known)
    return wire.public(known)


@routes.route("PATCH", "/channels/{channel}")
def change(world: World, call: Call, channel: str) -> Json:
    known = world.known_channel(channel)
    form = Form()
    if "name" in call.json:
        form.text(("name",), call.json["name"], 1, 100)
    form.check()
    if known["type"] in THREADS:
        change_thread(world, known, call.json)
    else:
        world.need(known, "manage_channels")
        known.update(call.json)
    event = "THREAD_UPDATE" if known["type"] in THREADS else "CHANNEL_UPDATE"
    world.dispatch(event, wire.public(known), known["guild_id"], channel=known)
    return wire.public(known)


def change_thread(world: World, thread: Json, body: Json) -> None:
    is_locked = thread["thread_metadata"]["locked"]
    if body == {"archived": False} and not is_locked:
        # Whoever may speak there may open it again.
        world.need(thread, "send_messages_in_threads")
    else:
        is_own = thread["owner_id"] == world.bot["id"] and not is_locked
        world.need(thread, *(() if is_own else ("manage_threads",)))
    metadata = {name: body[name] for name in CHANGEABLE_METADATA if name in body}
    thread["thread_metadata"].update(metadata, archive_timestamp=now_text())
    thread.update({name: body[name] for name in CHANGEABLE if name in body})


@routes.route("DELETE", "/channels/{channel}")
def delete(world: World, call: Call, channel: str) -> Json:
    known = world.known_channel(channel)
    is_thread = known["type"] in THREADS
    world.need(known, "manage_threads" if is_thread else "manage_channels")
    event = "THREAD_DELETE" if is_thread else "CHANNEL_DELETE"
    world.dispatch(event, wire.public(known), known["guild_id"])
    del world.channels[channel]
    return wire.public(known)


@routes.route("POST", "/channels/{channel}/messages/{message}/threads")
def open_thread_on(world: World, call: Call, channel: str, message: str) -> tuple[int, Json]:
    parent = world.known_channel(channel)
    if "guild_id" not in parent:
        raise ApiError(400, 50003, "Cannot execute action on a DM channel")
    if parent["type"] not in (TEXT_CHANNEL, NEWS_CHANNEL):
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    world.need(parent, "create_public_threads", "read_message_history")
    root = world.known_message(channel, message)
    if root.thread:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    kind = NEWS_THREAD if parent["type"] == NEWS_CHANNEL else PUBLIC_THREAD
    thread = threads.open_thread_on(root, world.bot, call.json, kind)
    reference = reference_to(parent["guild_id"], channel, message)
    starter = posts.post(
        world, thread, root.data["author"], {}, {}, kind=THREAD_STARTER, reference=reference
    )
    # The line that repeats the first message does not count.
    thread["message_count"] = thread["total_message_sent"] = 0
    world.dispatch_message("MESSAGE_CREATE", starter)
    return 201, wire.public(thread)


def reference_to(guild_id: str, channel_id: str, message_id: str) -> Json:
    place = {"channel_id": channel_id, "message_id": message_id}
    return {"type": 0, "guild_id": guild_id, **place}


@routes.route("POST", "/channels/{channel}/threads")
def open_thread(world: World, call: Call, channel: str) -> tuple[int, Json]:
    parent = world.known_channel(channel)
    if parent["type"] in (FORUM, MEDIA):
        world.unimplemented.append("posts in forums")
    if "guild_id" not in parent or parent["type"] not in (TEXT_CHANNEL, NEWS_CHANNEL):
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    kind = call.json.get("type", PRIVATE_THREAD)
    private = kind == PRIVATE_THREAD
    world.need(parent, "create_private_threads" if private else "create_public_threads")
    thread = threads.open_thread(world, parent, world.bot, call.json, kind=kind)
    if not private:
        reference = reference_to(parent["guild_id"], thread["id"], thread["id"])
        line = {"content": thread["name"]}
        told = posts.post(
            world, parent, world.bot, line, {}, kind=THREAD_CREATED, reference=reference
        )
        world.dispatch_message("MESSAGE_CREATE", told)
    return 201, wire.public(thread)


@routes.route("PUT", "/channels/{channel}/thread-members/{user}")
def join(world: World, call: Call, channel: str, user: str) -> Any:
    thread = world.known_channel(channel)
    user_id = world.bot["id"] if user == "@me" else user
    if threads.join_thread(thread, user_id):
        data = {
            "id": channel,
            "guild_id": thread["guild_id"],
            "member_count": thread["member_count"],
            "added_members": [{**threads.thread_member(thread, user_id), "presence": None}],
        }
        world.dispatch("THREAD_MEMBERS_UPDATE", data, thread["guild_id"])
    return NO_CONTENT


@routes.route("DELETE", "/channels/{channel}/thread-members/{user}")
def leave(world: World, call: Call, channel: str, user: str) -> Any:
    thread = world.known_channel(channel)
    left = world.bot["id"] if user == "@me" else user
    thread["_members"] = [each for each in thread["_members"] if each != left]
    thread["member_count"] = len(thread["_members"])
    return NO_CONTENT


@routes.route("GET", "/channels/{channel}/thread-members")
def members(world: World, call: Call, channel: str) -> list[Json]:
    thread = world.known_channel(channel)
    return [threads.thread_member(thread, each) for each in thread["_members"]]


@routes.route("POST", "/channels/{channel}/typing")
def typing(world: World, call: Call, channel: str) -> Any:
    known = world.known_channel(channel)
    if "guild_id" in known:
        in_thread = known["type"] in THREADS
        world.need(known, "send_messages_in_threads" if in_thread else "send_messages")
    world.typing[channel] = time.monotonic()
    return NO_CONTENT
