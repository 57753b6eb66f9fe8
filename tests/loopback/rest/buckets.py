"""Rate limits: buckets per route and channel, 50 a second in all, 2 renames in ten minutes.

Discord documents no numbers; these are the customary ones.
"""

from __future__ import annotations

import time
import zlib
from collections import deque
from typing import Any

from tests.loopback.constants import Json

MESSAGE = "/channels/{channel}/messages/{message}"
REACTION = MESSAGE + "/reactions/{emoji}/"
WEBHOOK = "/webhooks/{app}/{token}"
BUCKETS = {
    ("POST", "/channels/{channel}/messages"): (5, 5.0),
    ("PATCH", MESSAGE): (5, 5.0),
    ("DELETE", MESSAGE): (5, 1.0),
    ("POST", "/channels/{channel}/typing"): (5, 5.0),
    ("PUT", REACTION + "@me"): (1, 0.25),
    ("DELETE", REACTION + "{user}"): (1, 0.25),
    ("POST", WEBHOOK): (5, 2.0),
    ("PATCH", WEBHOOK + "/messages/{message}"): (5, 2.0),
    ("GET", WEBHOOK + "/messages/{message}"): (5, 2.0),
    ("DELETE", WEBHOOK + "/messages/{message}"): (5, 2.0),
}
"""Calls allowed, in how many seconds."""

OTHERS = (50, 1.0)
MOST_A_SECOND = 50
MOST_RENAMES, RENAMES_SECONDS = 2, 600.0


class Buckets:
    """What is left of every limit."""

    def __init__(self) -> None:
        self.buckets: dict[tuple[Any, ...], list[float]] = {}
        self.calls: deque[float] = deque()
        self.renames: dict[str, deque[float]] = {}

    def take(
        self, method: str, template: str, arguments: Json, body: Any, headers: dict[str, str]
    ) -> Json | None:
        """Count a call and write its headers; the body of a 429 when it is one too many."""
        by_webhook = template.startswith(("/interactions", "/webhooks"))
        refused = None if by_webhook else self.take_global(headers)
        if not refused and (method, template) == ("PATCH", "/channels/{channel}"):
            refused = self.take_rename(arguments["channel"], body or {}, headers)
        if refused or template.endswith("/callback"):
            return refused
        return self.take_bucket(method, template, arguments, headers)

    def take_global(self, headers: dict[str, str]) -> Json | None:
        left = wait_for(self.calls, MOST_A_SECOND, 1.0)
        if left is None:
            return None
        headers.update({"X-RateLimit-Global": "true"})
        return refuse(headers, left, scope="global")

    def take_rename(self, channel_id: str, body: Json, headers: dict[str, str]) -> Json | None:
        if not {"name", "topic"} & set(body):
            return None
        times = self.renames.setdefault(channel_id, deque())
        left = wait_for(times, MOST_RENAMES, RENAMES_SECONDS)
        return None if left is None else refuse(headers, left, scope="shared")

    def take_bucket(
        self, method: str, template: str, arguments: Json, headers: dict[str, str]
    ) -> Json | None:
        now = time.monotonic()
        limit, window = BUCKETS.get((method, template), OTHERS)
        major = (arguments.get(part) for part in ("channel", "guild", "token"))
        key = (method, template, *major)
        bucket = self.buckets.get(key)
        if bucket is None or now >= bucket[1]:
            bucket = self.buckets[key] = [limit, now + window]
        left = round(max(bucket[1] - now, 0.001), 3)
        refused = bucket[0] <= 0
        if not refused:
            bucket[0] -= 1
        headers |= bucket_headers(method, template, limit, int(bucket[0]), left)
        return refuse(headers, left, scope="user") if refused else None

    def refills(self, channel_id: str, token: str | None) -> list[float]:
        """When the empty buckets of a channel or interaction fill again.

        The bot's library may be holding back a write until then.
        """
        return [
            refill
            for (_, _, channel, _, of_token), (left, refill) in list(self.buckets.items())
            if left <= 0 and (channel == channel_id or (token and of_token == token))
        ]


def wait_for(times: deque[float], most: int, window: float) -> float | None:
    """Note a call at this moment, or return the seconds until one is allowed."""
    now = time.monotonic()
    while times and times[0] < now - window:
        times.popleft()
    if len(times) >= most:
        return round(times[0] + window - now, 3)
    times.append(now)
    return None


def bucket_headers(
    method: str, template: str, limit: int, remaining: int, left: float
) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{time.time() + left:.3f}",
        "X-RateLimit-Reset-After": f"{left:.3f}",
        "X-RateLimit-Bucket": f"{zlib.crc32((method + template).encode()):08x}",
    }


def refuse(headers: dict[str, str], left: float, *, scope: str) -> Json:
    """The body of a 429, with its headers."""
    headers.update({"Retry-After": str(int(left) + 1), "X-RateLimit-Scope": scope})
    shared = "The resource is being rate limited."
    message = shared if scope == "shared" else "You are being rate limited."
    return {"message": message, "retry_after": left, "global": scope == "global"}
