"""Limits of embeds: 10 a message, the lengths of their parts, and 6,000 characters in all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.loopback.constants import Json
from tests.loopback.limits.form import Form, Keys

MEDIA = ("http", "https", "attachment")
PARTS = "title description fields footer author image thumbnail url".split()


def check_embeds(form: Form, embeds: Any) -> None:
    total = 0
    for place, embed in enumerate(form.items(("embeds",), embeds, 0, 10)):
        keys = ("embeds", place)
        if form.mapping(keys, embed):
            total += texts_of(form, keys, embed)
            check_rest(form, keys, embed)
    if total > 6000:
        message = "Embed size exceeds maximum size of 6000"
        form.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def texts_of(form: Form, keys: Keys, embed: Json) -> int:
    """Check every text of an embed; return their length together."""

    def text(*last: Any, value: Any, low: int = 0, high: int) -> int:
        return form.text((*keys, *last), value, low, high, strip=True)

    total = text("title", value=embed.get("title"), high=256)
    total += text("description", value=embed.get("description"), high=4096)
    for place, field in enumerate(form.items((*keys, "fields"), embed.get("fields"), 0, 25)):
        total += text("fields", place, "name", value=field.get("name"), low=1, high=256)
        total += text("fields", place, "value", value=field.get("value"), low=1, high=1024)
    footer, author = embed.get("footer") or {}, embed.get("author") or {}
    total += text("footer", "text", value=footer.get("text"), high=2048)
    total += text("author", "name", value=author.get("name"), high=256)
    return total


def check_rest(form: Form, keys: Keys, embed: Json) -> None:
    form.url((*keys, "author", "url"), (embed.get("author") or {}).get("url"))
    form.url((*keys, "url"), embed.get("url"))
    form.integer((*keys, "color"), embed.get("color"), 0, 0xFFFFFF)
    for part in ("image", "thumbnail"):
        form.url((*keys, part, "url"), (embed.get(part) or {}).get("url"), MEDIA)
    stamp = embed.get("timestamp")
    if stamp is not None and not is_time(str(stamp)):
        message = f"Could not parse {stamp}. Should be ISO8601."
        form.add((*keys, "timestamp"), "DATE_TIME_TYPE_PARSE", message)
    if not any(embed.get(part) for part in PARTS):
        form.required((*keys, "description"))


def is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
