"""Where every REST call comes in: recorded, matched, authorized, faulted, rate limited, answered.

A call that no route knows is answered 404 and noted in `unimplemented`.
"""

from __future__ import annotations

import json
import re
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from tests.loopback.constants import Upload, Uploads
from tests.loopback.errors import ApiError
from tests.loopback.rest import account, channels, commands, interactions, messages, webhooks
from tests.loopback.rest.routes import Call, Route

if TYPE_CHECKING:
    from tests.loopback.fake import FakeDiscord

AREAS = (
    account.routes,
    commands.routes,
    channels.routes,
    messages.routes,
    interactions.routes,
    webhooks.routes,
)


async def serve(world: FakeDiscord, request: web.Request) -> web.StreamResponse:
    """Answer a call and keep a record of it."""
    record = SimpleNamespace(
        t=time.monotonic(),
        method=request.method,
        path=re.sub(r"^/api(/v\d+)?", "", request.path),
        query=dict(request.query),
        headers=dict(request.headers),
        json=None,
        files={},
        status=0,
        body=None,
        ms=0.0,
        # discord.py takes a 429 without Via for a ban by Cloudflare.
        answered={"Via": "1.1 google"},
    )
    world.requests.append(record)
    try:
        return await outcome(world, request, record)
    except ApiError as error:
        return answer(record, error.status, error.body)
    except Exception as error:
        # A defect here must not pass for an outage of Discord's.
        world.unimplemented.append(f"{record.method} {record.path}: {error!r}")
        raise
    finally:
        record.ms = (time.monotonic() - record.t) * 1000


def answer(record: SimpleNamespace, status: int, body: Any) -> web.Response:
    """JSON as Discord labels it: discord.py reads it only as exactly 'application/json'."""
    record.status, record.body = int(status), body
    if body is None:
        return web.Response(status=status, headers=record.answered)
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=record.answered,
        content_type="application/json",
    )


async def outcome(
    world: FakeDiscord, request: web.Request, record: SimpleNamespace
) -> web.StreamResponse:
    if world.offline:
        raise ApiError(503, 0, "upstream connect error")
    record.json, record.files = await read_body(request)
    route, arguments = find(world, record)
    if route.needs_token and request.headers.get("Authorization") != f"Bot {world.token}":
        raise ApiError(401, 0, "401: Unauthorized")
    fault = world.match_fault(record.method, record.path)
    if fault:
        await fault.delays()
        if fault.instead:
            return fault.response(request, record, route.template)
    if world.rate_limits:
        taken = (record.method, route.template, arguments, record.json, record.answered)
        if refused := world.buckets.take(*taken):
            return answer(record, 429, refused)
    result = route.handler(world, call_of(request, record), **arguments)
    if fault and fault.after:
        return fault.response(request, record, route.template)
    status, body = result if isinstance(result, tuple) else (200, result)
    return answer(record, status, body)


def find(world: FakeDiscord, record: SimpleNamespace) -> tuple[Route, dict[str, str]]:
    for routes in AREAS:
        if hit := routes.find(record.method, record.path):
            return hit[0], {name: unquote(value) for name, value in hit[1].items()}
    world.unimplemented.append(f"{record.method} {record.path}")
    raise ApiError(404, 0, "404: Not Found")


def call_of(request: web.Request, record: SimpleNamespace) -> Call:
    body = {} if record.json is None else record.json
    return Call(json=body, files=record.files, query=request.query)


async def read_body(request: web.Request) -> tuple[Any, Uploads]:
    if request.content_type == "multipart/form-data":
        return await read_form(request)
    raw = await request.read()
    if not raw:
        return None, {}
    try:
        return json.loads(raw), {}
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error


async def read_form(request: web.Request) -> tuple[Any, Uploads]:
    payload: Any = {}
    files: Uploads = {}
    async for part in await request.multipart():
        blob = bytes(await part.read(decode=False))
        if part.name == "payload_json":
            payload = json.loads(blob)
        elif part.filename:
            numbered = re.fullmatch(r"files\[(\d+)\]", part.name or "")
            number = int(numbered[1]) if numbered else len(files)
            files[number] = Upload(part.filename, blob, part.headers.get("Content-Type", ""))
    return payload, files
