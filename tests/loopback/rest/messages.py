"""Routes of messages and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback import posts, reactions, wire
from tests.loopback.constants import (
    CATEGORY,
    DM_CHANNEL,
    FORUM,
    MEDIA,
    REPLY,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    THREADS,
    V2,
    Json,
)
from tests.loopback.errors import ApiError
from tests.loopback.limits.form import Form
from tests.loopback.limits.messages import check_message, check_not_empty
from tests.loopback.message import Message
from tests.loopback.rest.routes import NO_CONTENT, Call, Routes

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()

MESSAGES = "/channels/{channel}/messages"
MESSAGE = MESSAGES + "/{message}"
REACTION = MESSAGE + "/reactions/{emoji}"

UNKNOWN_PARTS = ("poll", "sticker_ids")


@routes.route("POST", MESSAGES)
def create(world: World, call: Call, channel: str) -> Json:
    known, body = world.known_channel(channel), call.json
    check_may_post(world, known, call)
    nonce = body.get("nonce")
    key = (channel, str(nonce))
    if nonce is not None and body.get("enforce_nonce") and key in world.nonces:
        return wire.message(world.nonces[key])
    note_unknown_parts(world, body)
    flags = (body.get("flags") or 0) & (SUPPRESS_EMBEDS | V2 | SUPPRESS_NOTIFICATIONS)
    check_message(Form(), body, call.filenames, flags)
    check_not_empty(body, call.files)
    reference = reference_of(world, known, body.get("message_reference"))
    kind = REPLY if reference else 0
    message = posts.post(
        world, known, world.bot, body, call.files, kind=kind, flags=flags, reference=reference
    )
    if nonce is not None:
        world.nonces[key] = message
    world.dispatch_message("MESSAGE_CREATE", message)
    return wire.message(message)


def note_unknown_parts(world: World, body: Json) -> None:
    """Note the parts of a message that are not kept here."""
    world.unimplemented += [f"message with {part}" for part in UNKNOWN_PARTS if body.get(part)]


def check_may_post(world: World, channel: Json, call: Call) -> None:
    if channel["type"] in (CATEGORY, FORUM, MEDIA):
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    if channel["type"] == DM_CHANNEL and channel["recipients"][0]["id"] in world.closed_dms:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    if "guild_id" not in channel:
        return
    in_thread = channel["type"] in THREADS
    world.need(channel, "send_messages_in_threads" if in_thread else "send_messages")
    if in_thread and channel["thread_metadata"]["locked"]:
        raise ApiError(403, 160005, "Thread is locked")
    if call.json.get("embeds"):
        world.need(channel, "embed_links")
    if call.files:
        world.need(channel, "attach_files")


def reference_of(world: World, channel: Json, asked: Json | None) -> Json | None:
    """What the new message answers: none when nothing is asked for or it is gone."""
    if not asked:
        return None
    there = world.messages.get(str(asked.get("channel_id") or channel["id"]), {})
    target = there.get(str(asked.get("message_id")))
    if target is None or target.deleted or target.ephemeral:
        if asked.get("fail_if_not_exists", True):
            code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
            Form().reject(("message_reference",), code, "Unknown message")
        return None
    if "guild_id" in channel and not world.may(channel, "read_message_history"):
        message = "Cannot reply without permission to read message history"
        raise ApiError(403, 160002, message)
    reference = {"type": 0, "channel_id": target.channel_id, "message_id": target.id}
    return reference | ({"guild_id": channel["guild_id"]} if "guild_id" in channel else {})


@routes.route("GET", MESSAGES)
def list_messages(world: World, call: Call, channel: str) -> list[Json]:
    known = world.known_channel(channel)
    if "guild_id" in known:
        world.need(known)
        if not world.may(known, "read_message_history"):
            return []
    form, limit = Form(), int(call.query.get("limit", 50))
    form.integer(("limit",), limit, 1, 100)
    form.check()
    standing = [each for each in world.messages[channel].values() if not each.deleted]
    standing = sorted((each for each in standing if not each.ephemeral), key=number_of)
    return [shown(world, each) for each in reversed(page_of(standing, call, limit))]


def page_of(messages: list[Message], call: Call, limit: int) -> list[Message]:
    """The page that was asked for, of messages oldest first."""
    if "before" in call.query:
        edge = int(call.query["before"])
        return [each for each in messages if number_of(each) < edge][-limit:]
    if "after" in call.query:
        edge = int(call.query["after"])
        return [each for each in messages if number_of(each) > edge][:limit]
    if "around" in call.query:
        edge, half = int(call.query["around"]), limit // 2
        before = [each for each in messages if number_of(each) < edge][-half:]
        return before + [each for each in messages if number_of(each) >= edge][: limit - half]
    return messages[-limit:]


def number_of(message: Message) -> int:
    return int(message.id)


def shown(world: World, message: Message) -> Json:
    """A message as REST shows it: its content hangs on what the application is granted."""
    return wire.message(message, with_content="message_content" in world.privileged)


@routes.route("GET", MESSAGE)
def get(world: World, call: Call, channel: str, message: str) -> Json:
    known = world.known_channel(channel)
    if "guild_id" in known:
        world.need(known, "read_message_history")
    return shown(world, world.known_message(channel, message))


@routes.route("PATCH", MESSAGE)
def change(world: World, call: Call, channel: str, message: str) -> Json:
    known = world.known_message(channel, message)
    if known.author_id != world.bot["id"]:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    check_open(known.channel)
    posts.edit(known, call.json, call.files)
    return wire.message(known)


@routes.route("DELETE", MESSAGE)
def delete(world: World, call: Call, channel: str, message: str) -> Any:
    known = world.known_message(channel, message)
    if known.author_id != world.bot["id"]:
        world.need(known.channel, "manage_messages")
    check_open(known.channel)
    posts.remove(known)
    return NO_CONTENT


def check_open(channel: Json) -> None:
    if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
        raise ApiError(400, 50083, "Thread is archived")


@routes.route("PUT", REACTION + "/@me")
def react(world: World, call: Call, channel: str, message: str, emoji: str) -> Any:
    known = world.known_message(channel, message)
    world.need(known.channel, "read_message_history", "add_reactions")
    reactions.react(known, emoji, world.bot["id"], add=True)
    return NO_CONTENT


@routes.route("DELETE", REACTION + "/{user}")
def unreact(world: World, call: Call, channel: str, message: str, emoji: str, user: str) -> Any:
    known = world.known_message(channel, message)
    if user != "@me":
        world.need(known.channel, "manage_messages")
    reactions.react(known, emoji, world.bot["id"] if user == "@me" else user, add=False)
    return NO_CONTENT
