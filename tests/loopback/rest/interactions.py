"""The route that answers an interaction: once, in time, and with what its kind allows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.loopback import posts, wire
from tests.loopback.constants import (
    AUTOCOMPLETE,
    CHAT_COMMAND,
    COMMAND,
    COMPONENT,
    EPHEMERAL,
    LOADING,
    MENU_COMMAND,
    MODAL,
    REPLY,
    SLASH,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    V2,
    Json,
    Uploads,
)
from tests.loopback.errors import ApiError, unknown
from tests.loopback.limits.commands import check_choices
from tests.loopback.limits.form import Form
from tests.loopback.limits.messages import check_message, check_modal, check_not_empty
from tests.loopback.message import Interaction, Message
from tests.loopback.rest.messages import note_unknown_parts
from tests.loopback.rest.routes import NO_CONTENT, Call, Routes

if TYPE_CHECKING:
    from tests.loopback.world import World

routes = Routes()

REPLY_NOW, REPLY_LATER, UPDATE_LATER, UPDATE_NOW, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
"""Kinds of answer, called callbacks."""

ALLOWED = {
    COMMAND: (REPLY_NOW, REPLY_LATER, SHOW_MODAL),
    COMPONENT: (REPLY_NOW, REPLY_LATER, UPDATE_LATER, UPDATE_NOW, SHOW_MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL: (REPLY_NOW, REPLY_LATER, UPDATE_LATER, UPDATE_NOW),
}
KEPT_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | V2 | SUPPRESS_NOTIFICATIONS


@routes.route("POST", "/interactions/{interaction}/{token}/callback", needs_token=False)
def callback(world: World, call: Call, interaction: str, token: str) -> Any:
    known = answerable(world, interaction, token)
    kind, data = call.json.get("type"), call.json.get("data") or {}
    check_kind(known, kind)
    message = ANSWERS[kind](world, known, data, call)
    known.ack_type, known.acked = kind, time.monotonic()
    known.activity = known.acked
    if kind in (REPLY_NOW, UPDATE_NOW):
        known.wrote()
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return NO_CONTENT
    return response_of(known, kind, message)


def answerable(world: World, interaction: str, token: str) -> Interaction:
    known = world.interactions.get(interaction)
    if known is None or known.token != token:
        raise unknown("interaction")
    if known.ack_type is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    if time.monotonic() - known.created > world.ack_deadline:
        raise unknown("interaction")
    return known


def check_kind(interaction: Interaction, kind: Any) -> None:
    allowed = ALLOWED[interaction.kind]
    if interaction.kind == MODAL and interaction.message is None:
        allowed = (REPLY_NOW, REPLY_LATER)
    if kind not in allowed:
        code = "INTERACTION_CALLBACK_TYPE_INVALID"
        code = code if kind in range(1, 13) else "BASE_TYPE_CHOICES"
        Form().reject(("type",), code, f"Value must be one of {allowed}.")


def reply_now(world: World, interaction: Interaction, data: Json, call: Call) -> Message:
    interaction.original = respond(world, interaction, data, call.files)
    return interaction.original


def reply_later(world: World, interaction: Interaction, data: Json, call: Call) -> None:
    """The message that says that the bot is thinking."""
    flags = (data.get("flags") or 0) & EPHEMERAL
    interaction.original = put(world, interaction, {}, {}, flags=flags | LOADING)


def update_later(world: World, interaction: Interaction, data: Json, call: Call) -> None:
    interaction.original = interaction.message


def update_now(world: World, interaction: Interaction, data: Json, call: Call) -> Message:
    note_unknown_parts(world, data)
    try:
        posts.edit(interaction.message, data, call.files)
    except ApiError as error:
        if "errors" in error.body:
            error.body["errors"] = {"data": error.body["errors"]}
        raise
    interaction.original = interaction.message
    return interaction.original


def offer_choices(world: World, interaction: Interaction, data: Json, call: Call) -> None:
    form = Form("data")
    check_choices(form, ("choices",), data.get("choices"), interaction.focus)
    form.check()
    interaction.choices = data.get("choices") or []


def show_modal(world: World, interaction: Interaction, data: Json, call: Call) -> None:
    check_modal(Form("data"), data)
    interaction.modal = data


ANSWERS = {
    REPLY_NOW: reply_now,
    REPLY_LATER: reply_later,
    UPDATE_LATER: update_later,
    UPDATE_NOW: update_now,
    CHOICES: offer_choices,
    SHOW_MODAL: show_modal,
}


def response_of(interaction: Interaction, kind: int, message: Message | None) -> Json:
    told: Json = {"id": interaction.id, "type": interaction.kind}
    if kind in (REPLY_NOW, REPLY_LATER, UPDATE_NOW):
        original = interaction.original
        told["response_message_id"] = original.id
        told["response_message_loading"] = original.loading
        told["response_message_ephemeral"] = original.ephemeral
    if message is None:
        return {"interaction": told}
    return {"interaction": told, "resource": {"type": kind, "message": wire.message(message)}}


def respond(
    world: World,
    interaction: Interaction,
    payload: Json,
    files: Uploads,
    *,
    followup: bool = False,
) -> Message:
    """Check and put a message that answers an interaction."""
    note_unknown_parts(world, payload)
    flags = (payload.get("flags") or 0) & KEPT_FLAGS
    names = {upload.name for upload in files.values()}
    check_message(Form() if followup else Form("data"), payload, names, flags)
    check_not_empty(payload, files)
    return put(world, interaction, payload, files, flags=flags, followup=followup)


def put(
    world: World,
    interaction: Interaction,
    payload: Json,
    files: Uploads,
    *,
    flags: int,
    followup: bool = False,
) -> Message:
    kind, reference = kind_of_answer(interaction, followup=followup)
    more = {
        "application_id": world.app_id,
        "webhook_id": world.app_id,
        "interaction_metadata": wire.interaction_metadata(interaction),
    }
    if interaction.kind == COMMAND and not followup:
        use = {"id": interaction.id, "type": COMMAND, "name": interaction.name}
        more["interaction"] = {**use, "user": interaction.user}
    message = posts.post(
        world,
        interaction.channel,
        world.bot,
        payload,
        files,
        kind=kind,
        flags=flags,
        reference=reference,
        more=more,
        only_for=interaction.user["id"] if flags & EPHEMERAL else None,
    )
    message.interaction = interaction
    world.dispatch_message("MESSAGE_CREATE", message)
    return message


def kind_of_answer(interaction: Interaction, *, followup: bool) -> tuple[int, Json | None]:
    """The kind of message an answer is, and the message that it replies to."""
    if interaction.kind == COMMAND and not followup:
        is_slash = interaction.data.get("type", SLASH) == SLASH
        return (CHAT_COMMAND if is_slash else MENU_COMMAND), None
    source = (interaction.original if followup else None) or interaction.message
    if source is None:
        return 0, None
    return REPLY, {"type": 0, "channel_id": source.channel_id, "message_id": source.id}
