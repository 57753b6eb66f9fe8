"""Limits of a message body and of a modal."""

from __future__ import annotations

from tests.loopback.constants import V2, Json, Uploads
from tests.loopback.errors import ApiError
from tests.loopback.limits.components import MODAL_TOP, ComponentTree, check_components
from tests.loopback.limits.embeds import check_embeds
from tests.loopback.limits.form import Form

LEGACY = ("content", "embeds", "poll", "sticker_ids")
"""What a message of Components V2 cannot have."""


def check_message(form: Form, body: Json, filenames: set[str], flags: int) -> None:
    """Reject what Discord rejects in a message that is created, edited or answered with."""
    v2 = bool(flags & V2)
    for field in LEGACY:
        if v2 and body.get(field):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            message = f"The '{field}' field cannot be used when using"
            form.add((field,), code, f"{message} MessageFlags.IS_COMPONENTS_V2")
    form.text(("content",), body.get("content"), 0, 2000)
    check_embeds(form, body.get("embeds"))
    if v2 or "components" in body:
        check_components(form, body.get("components"), filenames, v2=v2)
    check_mentions(form, body.get("allowed_mentions") or {})
    if body.get("nonce") is not None:
        form.text(("nonce",), str(body["nonce"]), 0, 25)
    for place, attachment in enumerate(body.get("attachments") or []):
        keys = ("attachments", place, "description")
        form.text(keys, attachment.get("description"), 0, 1024)
    form.check()


def check_mentions(form: Form, allowed: Json) -> None:
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            form.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        form.items(("allowed_mentions", kind), allowed.get(kind), 0, 100)


def check_not_empty(body: Json, files: Uploads) -> None:
    """Reject a message that shows nothing."""
    content = str(body.get("content") or "").strip()
    if not (content or files or any(body.get(part) for part in (*LEGACY[1:], "components"))):
        raise ApiError(400, 50006, "Cannot send an empty message")


def check_modal(form: Form, body: Json) -> None:
    form.text(("custom_id",), body.get("custom_id"), 1, 100)
    form.text(("title",), body.get("title"), 1, 45)
    components = form.items(("components",), body.get("components"), 1, 5)
    ComponentTree(form, set()).run(components, MODAL_TOP)
    form.check()
