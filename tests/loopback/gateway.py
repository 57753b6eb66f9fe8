"""The gateway, version 10: websocket connections, sessions that can be resumed, and intents."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
import zlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.loopback import wire
from tests.loopback.constants import INTENTS, PRIVILEGED, Json

if TYPE_CHECKING:
    from tests.loopback.world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
KNOWN_ELSEWHERE = {4: "voice state", 8: "guild members", 31: "soundboard sounds"}
"""Commands that Discord knows and this server does not."""

MOST_BYTES, MOST_A_MINUTE = 4096, 120
REPLAYABLE = 5000

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, BAD_TOKEN, ALREADY_AUTHENTICATED = range(
    4001, 4006
)
TOO_FAST, TIMED_OUT, INVALID_SHARD = 4008, 4009, 4010
INVALID_INTENTS, DISALLOWED_INTENTS = 4013, 4014
"""Codes with which Discord closes a connection."""

CLEAN = (1000, 1001)


class Session:
    """What a bot has identified for: it outlives its connections, and can be resumed."""

    def __init__(self, intents: int) -> None:
        self.id, self.intents = secrets.token_hex(16), intents
        self.number = 0
        self.sent: deque[Json] = deque(maxlen=REPLAYABLE)
        self.connection: Connection | None = None
        self.dead = False

    def wants(self, event: str, guild_id: str | None) -> bool:
        """Whether the intents cover this event."""
        place = "dm" if guild_id is None else "guild"
        needed = {
            "MESSAGE_REACTION": f"{place}_reactions",
            "MESSAGE_": f"{place}_messages",
            "TYPING_": f"{place}_typing",
            "GUILD_MEMBER_": "members",
            "GUILD_": "guilds",
            "CHANNEL_": "guilds",
            "THREAD_": "guilds",
        }
        for beginning, intent in needed.items():
            if event.startswith(beginning):
                return bool(self.intents & INTENTS[intent])
        return True

    def push(self, event: str, data: Any) -> None:
        self.number += 1
        packet = {"op": DISPATCH, "s": self.number, "t": event, "d": data}
        self.sent.append(packet)
        if self.connection:
            self.connection.send_packet(packet)


class Connection:
    """One websocket; a task of its own writes to it, in order and compressed as asked."""

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, compression: str | None
    ) -> None:
        self.socket, self.request = socket, request
        self.queue: asyncio.Queue[Json] = asyncio.Queue()
        self.session: Session | None = None
        self.cut = False
        """Whether this side ended it: then the session can be resumed however it closed."""
        self.last_beat = time.monotonic()
        self.commands: deque[float] = deque()
        self.compress = compressor(compression)
        self.writer = asyncio.create_task(self.write())

    def send(self, op: int, data: Any = None) -> None:
        self.send_packet({"op": op, "d": data, "s": None, "t": None})

    def send_packet(self, packet: Json) -> None:
        self.queue.put_nowait(packet)

    async def write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                raw = json.dumps(await self.queue.get())
                if self.compress:
                    await self.socket.send_bytes(self.compress(raw.encode()))
                else:
                    await self.socket.send_str(raw)


def compressor(kind: str | None) -> Callable[[bytes], bytes] | None:
    """The transport compression that the client asked for; one stream for all its packets."""
    if kind == "zlib-stream":
        stream = zlib.compressobj()
        return lambda raw: stream.compress(raw) + stream.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        # A client asks for it only where it has this library itself.
        import zstandard

        frames = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda raw: frames.compress(raw) + frames.flush(block)
    return None


async def serve(world: World, request: web.Request) -> web.StreamResponse:
    """Hold one connection for as long as it lasts."""
    if world.offline:
        return web.Response(status=503)
    socket = web.WebSocketResponse(max_msg_size=0, autoping=True)
    await socket.prepare(request)
    log(world, f"connect {request.query_string}")
    connection = Connection(socket, request, request.query.get("compress"))
    world.connections.add(connection)
    connection.send(HELLO, {"heartbeat_interval": int(world.heartbeat_interval * 1000)})
    watch = asyncio.create_task(watch_heartbeats(world, connection))
    try:
        await read(world, connection)
    finally:
        watch.cancel()
        connection.writer.cancel()
        world.connections.discard(connection)
        log(world, f"closed {socket.close_code}")
        leave_session(connection)
    return socket


def log(world: World, line: str) -> None:
    world.gateway_log.append((time.monotonic(), line))


async def read(world: World, connection: Connection) -> None:
    """Obey the client's commands until it goes or one has to be punished."""
    async for message in connection.socket:
        is_text = message.type is WSMsgType.TEXT
        code = command(world, connection, message.data) if is_text else DECODE_ERROR
        if code:
            log(world, f"server closes {code}")
            await connection.socket.close(code=code)
            return


def leave_session(connection: Connection) -> None:
    """A client that closes cleanly has ended its session; any other may resume it."""
    session = connection.session
    if session and session.connection is connection:
        session.connection = None
        if connection.socket.close_code in CLEAN and not connection.cut:
            session.dead = True


async def watch_heartbeats(world: World, connection: Connection) -> None:
    while True:
        await asyncio.sleep(world.heartbeat_interval / 4)
        silence = time.monotonic() - connection.last_beat
        if silence > world.heartbeat_interval * 1.5 + 5:
            log(world, "zombie: no heartbeat")
            connection.cut = True
            await connection.socket.close(code=TIMED_OUT)
            return


def command(world: World, connection: Connection, raw: str) -> int | None:
    """Obey one command; the code to close with when it was wrong."""
    if len(raw.encode()) > MOST_BYTES:
        return DECODE_ERROR
    try:
        packet = json.loads(raw)
        op, data = packet["op"], packet.get("d")
    except (ValueError, KeyError, TypeError):
        return DECODE_ERROR
    now = time.monotonic()
    connection.commands.append(now)
    while connection.commands[0] < now - 60:
        connection.commands.popleft()
    if len(connection.commands) > MOST_A_MINUTE:
        return TOO_FAST
    if op in COMMANDS:
        return COMMANDS[op](world, connection, data)
    if op != PRESENCE and op not in KNOWN_ELSEWHERE:
        return UNKNOWN_OPCODE
    if op in KNOWN_ELSEWHERE:
        world.unimplemented.append(f"gateway op {op}: {KNOWN_ELSEWHERE[op]}")
    return None if connection.session else NOT_AUTHENTICATED


def heartbeat(world: World, connection: Connection, data: Any) -> None:
    connection.last_beat = time.monotonic()
    world.heartbeats.append(connection.last_beat)
    if not world.stop_acks:
        connection.send(HEARTBEAT_ACK)


def identify(world: World, connection: Connection, data: Json) -> int | None:
    intents = data.get("intents")
    if connection.session:
        return ALREADY_AUTHENTICATED
    if data.get("token") != world.token:
        return BAD_TOKEN
    if not isinstance(intents, int):
        return INVALID_INTENTS
    if data.get("shard") not in (None, [0, 1]):
        return INVALID_SHARD
    if any(intents & INTENTS[name] for name in set(PRIVILEGED) - world.privileged):
        return DISALLOWED_INTENTS
    session = Session(intents)
    world.sessions[session.id] = session
    connection.session, session.connection = session, connection
    log(world, f"identify intents={intents}")
    session.push("READY", ready(world, session))
    if intents & INTENTS["guilds"]:
        for guild in world.guilds.values():
            session.push("GUILD_CREATE", wire.guild(world, guild, intents))
    return None


def ready(world: World, session: Session) -> Json:
    application = {"id": world.app_id, "flags": wire.application(world)["flags"]}
    return {
        "v": 10,
        "user": wire.bot_user(world),
        "guilds": [{"id": number, "unavailable": True} for number in world.guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway_url,
        "shard": [0, 1],
        "application": application,
        "private_channels": [],
        "presences": [],
        "relationships": [],
    }


def resume(world: World, connection: Connection, data: Json) -> int | None:
    """Give the session to this connection and replay what it has missed."""
    if data.get("token") != world.token:
        return BAD_TOKEN
    session = world.sessions.get(data.get("session_id"))
    if session is None or session.dead:
        log(world, "resume refused")
        connection.send(INVALID_SESSION, data=False)
        return None
    old = session.connection
    session.connection, connection.session = connection, session
    if old and old is not connection:
        # Its own task closes it; it no longer has a session to end.
        old.cut = True
        old.writer.cancel()
        old.request.transport.abort()
    seen = int(data.get("seq") or 0) - world.duplicate_on_resume
    replay = [packet for packet in session.sent if packet["s"] > seen]
    log(world, f"resume seq={data.get('seq')} replay={len(replay)}")
    for packet in replay:
        connection.send_packet(packet)
    session.push("RESUMED", {})
    return None


COMMANDS: dict[int, Callable[[World, Connection, Any], int | None]] = {
    HEARTBEAT: heartbeat,
    IDENTIFY: identify,
    RESUME: resume,
}
