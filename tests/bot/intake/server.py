"""A server of the web on this machine that answers as scripted, and an internet made of it.

``serving`` starts a server; what it answers is a ``Reply`` for each path, or a function that makes
one of what was asked. ``Internet`` gives names to it: a name resolves as scripted, and whatever
address a connection is made to, the local server is there. So a test says what is reached.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus

import trustme

from bot.intake.connect import Network, connect_to

LOCAL = "127.0.0.1"
SECURE_NAME = "news.example"


@cache
def authority() -> trustme.CA:
    """Whoever signs the certificates of these tests; made anew in every run."""
    return trustme.CA()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request: its path with the query, its headers by their names in lower case."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer, honest unless ``headers`` say otherwise.

    Attributes:
        body: as it is sent, so packed already where ``headers`` say so.
        piece: bytes that are sent at a time, 0 for all at once.
        pause: seconds before each piece.
        chunked: the body is sent in chunks, one for each piece.
        ends_with_connection: no length is announced.
        raw: sent instead of everything above.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    piece: int = 0
    pause: float = 0.0
    chunked: bool = False
    ends_with_connection: bool = False
    raw: bytes | None = None

    def head(self) -> bytes:
        """The status line and the headers."""
        headers = {"Content-Type": "text/html; charset=utf-8", "Connection": "close"}
        if self.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif not self.ends_with_connection:
            headers["Content-Length"] = str(len(self.body))
        phrase = HTTPStatus(self.status).phrase
        lines = [f"{name}: {value}" for name, value in (headers | dict(self.headers)).items()]
        return "\r\n".join([f"HTTP/1.1 {self.status} {phrase}", *lines, "", ""]).encode()

    def sent(self) -> Iterator[bytes]:
        """Everything that is sent, in pieces."""
        if self.raw is None:
            yield self.head()
        body = self.body if self.raw is None else self.raw
        step = self.piece or max(len(body), 1)
        for start in range(0, len(body), step):
            piece = body[start : start + step]
            yield b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunked else piece
        if self.chunked:
            yield b"0\r\n\r\n"


Route = Reply | Callable[[Asked], Reply]

NOTHING_THERE = Reply(status=404, body=b"nothing here")


def page(text: str, **headers: str) -> Reply:
    """A page; ``Retry_After=`` and the like are headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body=text.encode(), headers=named)


def redirect(location: str, status: int = 302) -> Reply:
    """The way to somewhere else."""
    return Reply(status=status, headers={"Location": location})


def packed(text: str) -> Reply:
    """A page packed with gzip."""
    return Reply(body=gzip.compress(text.encode()), headers={"Content-Encoding": "gzip"})


def versioned(text: str, *, etag: str, last_modified: str) -> Route:
    """A page that is sent only to who does not have it yet."""
    marks = {"ETag": etag, "Last-Modified": last_modified}

    def answer(asked: Asked) -> Reply:
        has = asked.headers.get("if-none-match") == etag
        has |= asked.headers.get("if-modified-since") == last_modified
        if has:
            return Reply(status=304, headers=marks, ends_with_connection=True)
        return Reply(body=text.encode(), headers=marks)

    return answer


class Server(socketserver.ThreadingTCPServer):
    """A server on a free port of this machine; ``routes`` may be changed while it runs."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, routes: Mapping[str, Route], *, secure: bool = False) -> None:
        super().__init__((LOCAL, 0), Handler)
        self.routes = dict(routes)
        self.asked: list[Asked] = []
        self.is_ending = threading.Event()
        self.context: ssl.SSLContext | None = None
        if secure:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority().issue_cert(SECURE_NAME).configure_cert(self.context)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @property
    def host(self) -> str:
        """Host and port, as a setting that allows it names them."""
        return f"{LOCAL}:{self.port}"

    def url(self, path: str = "/", host: str = LOCAL) -> str:
        """The address of a path, on this machine or under another name."""
        return f"{'https' if self.context else 'http'}://{host}:{self.port}{path}"


class Handler(socketserver.StreamRequestHandler):
    """Answers one request of one connection."""

    server: Server

    def handle(self) -> None:
        # Who is refused, or has heard enough, hangs up.
        with contextlib.suppress(OSError):
            if self.server.context is None:
                self.answer(self.request)
            else:
                with self.server.context.wrap_socket(self.request, server_side=True) as secured:
                    self.answer(secured)

    def answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            asked = read_request(iter(stream.readline, b""))
        if asked is None:
            return
        self.server.asked.append(asked)
        route = self.server.routes.get(asked.path.partition("?")[0], NOTHING_THERE)
        reply = route if isinstance(route, Reply) else route(asked)
        for piece in reply.sent():
            if self.server.is_ending.wait(reply.pause):
                return
            connection.sendall(piece)


def read_request(lines: Iterator[bytes]) -> Asked | None:
    """Read a request without a body; None where nobody asked anything."""
    words = next(lines, b"").decode("latin-1").split(" ")
    if len(words) != 3:
        return None
    headers = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            break
        headers[name.strip().lower()] = value.strip()
    return Asked(path=words[1], headers=headers)


@contextlib.contextmanager
def serving(routes: Mapping[str, Route], *, secure: bool = False) -> Iterator[Server]:
    """A server that runs until the end of the block."""
    with Server(routes, secure=secure) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.is_ending.set()
            server.shutdown()
            thread.join()


class Internet:
    """Names that resolve as scripted, and addresses behind which the local server is.

    Attributes:
        names: for each name its answers, one for each time it is asked for; the last stays.
        resolved: the names that were asked for, in order.
        reached: the addresses that a connection was made to, in order.
    """

    def __init__(self, **names: Sequence[Sequence[str]]) -> None:
        self.names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.resolved: list[str] = []
        self.reached: list[str] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The next scripted answer."""
        del port
        self.resolved.append(host)
        answers = self.names.get(host)
        if not answers:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, ip: str, port: int, seconds: float) -> socket.socket:
        """Reach the local server, whatever the address."""
        self.reached.append(ip)
        return connect_to(LOCAL, port, seconds)

    def network(self) -> Network:
        """This internet, as fetching takes it; the certificate of these tests is trusted."""
        return Network(resolve=self.resolve, connect=self.connect, trust=trust_the_tests)


def trust_the_tests() -> ssl.SSLContext:
    """Trust the certificate of these tests and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context
