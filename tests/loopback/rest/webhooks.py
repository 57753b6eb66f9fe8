"""Routes of an interaction's webhook: follow-ups, and the answer itself, for 15 minutes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.loopback import posts, wire
from tests.loopback.constants import V2, Json
from tests.loopback.errors import ApiError, unknown
from tests.loopback.limits.messages import check_not_empty
from tests.loopback.message import Interaction, Message
from tests.loopback.rest.interactions import respond
from tests.loopback.rest.messages import note_unknown_parts
from tests.loopback.rest.routes import NO_CONTENT, Call, Routes

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()

WEBHOOK = "/webhooks/{app}/{token}"
MESSAGE = WEBHOOK + "/messages/{message}"


def acknowledged(world: World, app: str, token: str) -> Interaction:
    known = world.by_token.get(token)
    if app != world.app_id or known is None:
        raise unknown("Webhook")
    if time.monotonic() - known.created > world.token_ttl:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if known.ack_type is None:
        raise unknown("Webhook")
    return known


def own_message(world: World, interaction: Interaction, message_id: str) -> Message:
    """A message of this interaction's, for its webhook reaches no other."""
    there = world.messages.get(interaction.channel["id"], {})
    known = interaction.original if message_id == "@original" else there.get(message_id)
    if known is None or known.deleted:
        raise unknown("Message")
    if known is not interaction.original and known not in interaction.followups:
        raise unknown("Message")
    return known


@routes.route("POST", WEBHOOK, needs_token=False)
def follow_up(world: World, call: Call, app: str, token: str) -> Json:
    interaction = acknowledged(world, app, token)
    interaction.wrote()
    original = interaction.original
    if original and original.loading and not original.deleted:
        return fill(world, original, call)
    message = respond(world, interaction, call.json, call.files, followup=True)
    interaction.followups.append(message)
    return wire.message(message)


def fill(world: World, original: Message, call: Call) -> Json:
    """The first follow-up fills in "thinking…", which stays as ephemeral as it was."""
    body = {name: value for name, value in call.json.items() if name != "flags"}
    if (call.json.get("flags") or 0) & V2:
        body["flags"] = V2
    note_unknown_parts(world, body)
    check_not_empty(body, call.files)
    posts.edit(original, body, call.files)
    return wire.message(original)


@routes.route("GET", MESSAGE, needs_token=False)
def get(world: World, call: Call, app: str, token: str, message: str) -> Json:
    return wire.message(own_message(world, acknowledged(world, app, token), message))


@routes.route("PATCH", MESSAGE, needs_token=False)
def change(world: World, call: Call, app: str, token: str, message: str) -> Json:
    interaction = acknowledged(world, app, token)
    known = own_message(world, interaction, message)
    note_unknown_parts(world, call.json)
    posts.edit(known, call.json, call.files)
    interaction.wrote()
    return wire.message(known)


@routes.route("DELETE", MESSAGE, needs_token=False)
def delete(world: World, call: Call, app: str, token: str, message: str) -> Any:
    interaction = acknowledged(world, app, token)
    posts.remove(own_message(world, interaction, message))
    interaction.wrote()
    return NO_CONTENT
