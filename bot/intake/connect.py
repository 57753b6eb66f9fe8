"""A target → a connection to exactly the address that was checked, with an end in time and bytes.

A name is resolved once for each connection, and the connection is made to an address of that one
answer: a name that answers differently the second time ("DNS rebinding") is not asked again.
The operating system's part, to resolve and to connect, is behind two seams.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpcore
import httpx

from bot.intake.addresses import NotFetched, Target, check_ip

# A host with more addresses than these is not in reach when none of them answers.
MOST_TRIED = 4


class Resolver(Protocol):
    """Finds the addresses of a host."""

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """IP addresses, the best first; raises OSError where there are none."""
        ...


class Connector(Protocol):
    """Makes a connection to an IP address."""

    def __call__(self, ip: str, port: int, seconds: float) -> socket.socket:
        """A connected socket; raises OSError where it fails or takes longer than ``seconds``."""
        ...


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connect_to(ip: str, port: int, seconds: float) -> socket.socket:
    """Connect to an IP address, and to nothing that it might be a name for."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((ip, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection


def trust_known_authorities() -> ssl.SSLContext:
    """Certificates must come from a known authority and name the host; no variable changes it."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """What the internet is reached by."""

    resolve: Resolver = resolve_host
    connect: Connector = connect_to
    trust: Callable[[], ssl.SSLContext] = trust_known_authorities


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """When everything has to be done, redirects and a slow drip included.

    Attributes:
        seconds: the time that there was, for the line that says it is over.
        end: on the clock of ``time.monotonic``.
    """

    seconds: float
    end: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline that lies so many seconds ahead."""
        return cls(seconds=seconds, end=time.monotonic() + seconds)

    def left(self, at_most: float = float("inf")) -> float:
        """The seconds that are left, no more than ``at_most``; raises NotFetched where none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return min(left, at_most)

    def passed(self) -> NotFetched:
        """The error that says time is over."""
        return NotFetched(f"it takes longer than {round(self.seconds, 1):g} seconds")


class CheckedBackend(httpcore.NetworkBackend):
    """Makes the connections of one target, each to an address that it has just checked."""

    def __init__(
        self, target: Target, network: Network, deadline: Deadline, connect_seconds: float
    ) -> None:
        self._target = target
        self._network = network
        self._deadline = deadline
        self._connect_seconds = connect_seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, connect to the first that answers."""
        del host, port, timeout, local_address, socket_options  # The target and deadline say it.
        soon = Deadline.after(self._deadline.left(self._connect_seconds))
        found = self._addresses(soon)[:MOST_TRIED]
        for place, ip in enumerate(found):
            try:
                # The last may take all that is left; those before it leave time for the others.
                seconds = soon.left() / (len(found) - place)
                connection = self._network.connect(ip, self._target.port, seconds)
            except OSError:
                continue
            return BoundedStream(connection, self._deadline, self._connect_seconds)
        raise NotFetched("no connection could be made")

    def _addresses(self, deadline: Deadline) -> list[str]:
        """The addresses to connect to; one that is closed makes all of them suspect."""
        if _is_ip(self._target.host):
            found: Sequence[str] = [self._target.host]
        else:
            found = _resolve(self._network.resolve, self._target, deadline)
        return list(found) if self._target.allowed else [check_ip(ip) for ip in found]


class BoundedStream(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly it drips."""

    def __init__(
        self, connection: socket.socket, deadline: Deadline, connect_seconds: float
    ) -> None:
        self._connection = connection
        self._deadline = deadline
        self._connect_seconds = connect_seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, at most ``max_bytes``; nothing when the other side has finished."""
        del timeout
        self._connection.settimeout(self._deadline.left())
        try:
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise self._deadline.passed() from error
        except OSError as error:
            raise NotFetched("the connection broke off") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        del timeout
        self._connection.settimeout(self._deadline.left())
        try:
            self._connection.sendall(buffer)
        except TimeoutError as error:
            raise self._deadline.passed() from error
        except OSError as error:
            # A server may have refused already; its answer is worth reading.
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Secure the connection, with a certificate for ``server_hostname``."""
        del timeout
        try:
            self._connection.settimeout(self._deadline.left(self._connect_seconds))
            # An end that is not announced may be a cut, so it is not taken for the end.
            secured = ssl_context.wrap_socket(
                self._connection, server_hostname=server_hostname, suppress_ragged_eofs=False
            )
        except ssl.SSLCertVerificationError as error:
            raise NotFetched(f"its certificate is refused: {error.verify_message}") from error
        except (OSError, ValueError) as error:
            raise NotFetched("no secure connection could be made") from error
        finally:
            # The secured one has taken over what it needs.
            self._connection.close()
        return BoundedStream(secured, self._deadline, self._connect_seconds)


def _is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _resolve(resolve: Resolver, target: Target, deadline: Deadline) -> Sequence[str]:
    """Ask a resolver, no longer than there is time: the system's own knows no limit."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(target.host, target.port))
        except OSError as error:
            answers.put(error)
        except UnicodeError as error:
            answers.put(OSError(str(error)))

    # Nobody waits for it when the program ends.
    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty as error:
        raise NotFetched("its name was not resolved in time") from error
    if isinstance(answer, OSError) or not answer:
        raise NotFetched("its name is not known")
    return answer
