"""Making, changing and removing messages: attachments, mentions, embeds."""

from __future__ import annotations

import copy
import mimetypes
import re
from typing import TYPE_CHECKING, Any

from tests.loopback.constants import (
    EPHEMERAL,
    LOADING,
    MOST_FILE_BYTES,
    SUPPRESS_EMBEDS,
    THREADS,
    V2,
    Json,
    Upload,
    Uploads,
)
from tests.loopback.errors import ApiError
from tests.loopback.limits.form import Form
from tests.loopback.limits.messages import check_message
from tests.loopback.message import Message
from tests.loopback.permissions import PERMISSIONS
from tests.loopback.world import now_text

if TYPE_CHECKING:
    from tests.loopback.world import World

MOST_ATTACHMENTS = 10


def post(
    world: World,
    channel: Json,
    author: Json,
    payload: Json,
    files: Uploads,
    *,
    kind: int = 0,
    flags: int = 0,
    reference: Json | None = None,
    more: Json | None = None,
    only_for: str | None = None,
) -> Message:
    """Put a message into a channel; telling of it is the caller's."""
    attachments = attach(world, channel, payload, files, ephemeral=bool(flags & EPHEMERAL))
    data = {
        "id": world.new_id(),
        "channel_id": channel["id"],
        "author": author,
        "content": (payload.get("content") or "").strip(),
        "timestamp": now_text(),
        "edited_timestamp": None,
        "tts": bool(payload.get("tts")),
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": attachments,
        "embeds": [] if flags & SUPPRESS_EMBEDS else clean_embeds(payload.get("embeds")),
        "pinned": False,
        "type": kind,
        "flags": flags,
        "components": copy.deepcopy(payload.get("components") or []),
        **(more or {}),
    }
    data |= {"message_reference": reference} if reference else {}
    data |= {"nonce": payload["nonce"]} if payload.get("nonce") is not None else {}
    resolve_urls(data)
    message = Message(world, data, only_for)
    mention(message, payload)
    message.keep_version()
    world.messages[channel["id"]][message.id] = message
    note_in_channel(world, message)
    return message


def note_in_channel(world: World, message: Message) -> None:
    channel = message.channel
    channel["last_message_id"] = message.id
    if message.author_id == world.bot["id"]:
        world.bot_posts.append(message)
        world.typing.pop(channel["id"], None)
    if channel["type"] in THREADS:
        channel["message_count"] += 1
        channel["total_message_sent"] += 1
        if not channel["thread_metadata"]["locked"]:
            channel["thread_metadata"]["archived"] = False


def attach(
    world: World,
    channel: Json,
    payload: Json,
    files: Uploads,
    *,
    kept: list[Json] | None = None,
    ephemeral: bool = False,
) -> list[Json]:
    """The attachments of a message: those it keeps, then the new ones, which are stored."""
    described = {str(each.get("id")): each for each in payload.get("attachments") or []}
    keeps_all = "attachments" not in payload
    found = [each for each in kept or [] if keeps_all or each["id"] in described]
    if len(found) + len(files) > MOST_ATTACHMENTS:
        message = "Maximum number of attachments in a message reached (10)"
        raise ApiError(400, 30015, message)
    for number, upload in files.items():
        if len(upload.blob) > MOST_FILE_BYTES:
            raise ApiError(413, 40005, "Request entity too large")
        stored = store(world, channel["id"], upload, described.get(str(number), {}))
        found.append(stored | ({"ephemeral": True} if ephemeral else {}))
    return found


def store(world: World, channel_id: str, upload: Upload, described: Json) -> Json:
    number = world.new_id()
    name = described.get("filename") or upload.name or "unknown"
    name = re.sub(r"[^\w.\-()]", "_", name)
    content_type = mimetypes.guess_type(name)[0] or upload.content_type
    world.files[number] = upload._replace(content_type=content_type)
    url = f"{world.cdn_url}/attachments/{channel_id}/{number}/{name}"
    attachment = {
        "id": number,
        "filename": name,
        "size": len(upload.blob),
        "url": url,
        "proxy_url": url,
        "content_type": content_type,
    }
    if described.get("description"):
        attachment["description"] = described["description"]
    return attachment


def resolve_urls(data: Json) -> None:
    """Turn attachment://name into the stored file's address, in embeds and in media."""
    urls = {f"attachment://{each['filename']}": each["url"] for each in data["attachments"]}

    def resolve(value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                resolve(each)
        elif isinstance(value, dict):
            if value.get("url") in urls:
                value["url"] = value["proxy_url"] = urls[value["url"]]
            elif set(value) == {"url"}:
                value["proxy_url"] = value["url"]
            for each in list(value.values()):
                resolve(each)

    resolve(data["embeds"])
    resolve(data["components"])


def clean_embeds(embeds: list[Json] | None) -> list[Json]:
    cleaned = copy.deepcopy(embeds or [])
    for embed in cleaned:
        embed.pop("flags", None)
        embed["type"] = "rich"
        for key in ("title", "description"):
            if isinstance(embed.get(key), str):
                embed[key] = embed[key].strip()
        for field in embed.get("fields") or []:
            field["inline"] = bool(field.get("inline", False))
    return cleaned


def mention(message: Message, payload: Json) -> None:
    """Fill in mentions, and `pings`: who is really notified, given allowed_mentions."""
    world, text, data = message.world, message.content, message.data
    users = list(dict.fromkeys(re.findall(r"<@!?(\d+)>", text)))
    roles = list(dict.fromkeys(re.findall(r"<@&(\d+)>", text)))
    everyone = bool(re.search(r"@(everyone|here)\b", text))
    allowed = payload.get("allowed_mentions")
    if allowed is not None:
        parse = allowed.get("parse") or []
        users = [each for each in users if "users" in parse or each in named(allowed, "users")]
        roles = [each for each in roles if "roles" in parse or each in named(allowed, "roles")]
        everyone = everyone and "everyone" in parse
    author = answered_author(message)
    if author and (allowed is None or allowed.get("replied_user")) and author not in users:
        users.append(author)
    users = [each for each in users if each in world.users]
    guild_roles = world.guilds[message.guild_id]["roles"] if message.guild_id else []
    permissions = world.permissions(message.author_id, message.channel)
    may_all = bool(permissions & PERMISSIONS["mention_everyone"])
    pinged = {each["id"] for each in guild_roles if each["mentionable"] or may_all}
    data["mentions"] = [dict(world.users[each]) for each in users]
    data["mention_roles"] = roles
    data["mention_everyone"] = everyone and may_all
    message.pings = {
        "everyone": everyone and may_all,
        "users": users,
        "roles": [each for each in roles if each in pinged],
    }


def named(allowed: Json, kind: str) -> list[str]:
    return [str(each) for each in allowed.get(kind) or []]


def answered_author(message: Message) -> str | None:
    """Who wrote the message this one answers, for it is they who are notified.

    An edit notifies nobody anew.
    """
    reference = message.data.get("message_reference")
    if not reference or message.history:
        return None
    there = message.world.messages.get(reference["channel_id"], {})
    answered = there.get(reference["message_id"])
    return answered.author_id if answered else None


def edit(message: Message, payload: Json, files: Uploads) -> None:
    """Change a message of the bot's, with all the checks of a new one."""
    data, was_loading = message.data, message.loading
    flags = edited_flags(data["flags"], payload.get("flags"))
    names = {each["filename"] for each in data["attachments"]}
    names |= {upload.name for upload in files.values()}
    check_message(Form(), merged(data, payload, flags), names, flags)
    kept = data["attachments"]
    attachments = attach(
        message.world, message.channel, payload, files, kept=kept, ephemeral=message.ephemeral
    )
    new = {**data, "flags": flags, "attachments": attachments}
    # Filling in "thinking…" is not shown as an edit.
    new["edited_timestamp"] = None if was_loading else now_text()
    if "content" in payload:
        new["content"] = (payload["content"] or "").strip()
    if "embeds" in payload:
        new["embeds"] = clean_embeds(payload["embeds"])
    if "components" in payload:
        new["components"] = copy.deepcopy(payload["components"] or [])
    if not any(new[part] for part in ("content", "embeds", "attachments", "components")):
        raise ApiError(400, 50006, "Cannot send an empty message")
    resolve_urls(new)
    data.clear()
    data.update(new)
    if "content" in payload:
        before = message.pings
        mention(message, payload)
        if not was_loading:
            message.pings = before
    message.keep_version()
    message.world.dispatch_message("MESSAGE_UPDATE", message)


def edited_flags(old: int, new: int | None) -> int:
    flags = old & ~LOADING
    if new is None:
        return flags
    if old & V2 and not new & V2:
        code = "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"
        Form().reject(("flags",), code, "IS_COMPONENTS_V2 cannot be removed")
    return (flags & ~SUPPRESS_EMBEDS) | (new & (SUPPRESS_EMBEDS | V2))


def merged(data: Json, payload: Json, flags: int) -> Json:
    """The body to check: what the edit brings, and for V2 also what would be left of before.

    A message turned into V2 must have its legacy fields cleared.
    """
    parts = ("content", "embeds", "components")
    body = {part: payload[part] for part in parts if part in payload}
    if flags & V2:
        body = {part: data[part] for part in parts} | body
    return body | {
        "allowed_mentions": payload.get("allowed_mentions"),
        "attachments": payload.get("attachments"),
    }


def remove(message: Message) -> None:
    message.deleted = True
    if message.ephemeral:
        return
    data = {"id": message.id, "channel_id": message.channel_id}
    data |= {"guild_id": message.guild_id} if message.guild_id else {}
    message.world.dispatch("MESSAGE_DELETE", data, message.guild_id, channel=message.channel)
