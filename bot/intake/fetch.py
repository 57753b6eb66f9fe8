"""An address of the web → what is there, fetched so that neither we nor the server is harmed.

Redirects are followed here, one connection for each, and every address on the way is checked as
the first was. Proxies, cookies and the environment play no part. Whatever goes wrong is a
``FetchError`` of one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import urljoin

import httpcore

from bot.intake.addresses import NotFetched, Target, read_address, show_address
from bot.intake.connect import CheckedBackend, Deadline, Network
from bot.intake.decompress import ACCEPTED, decompress
from bot.intake.headers import (
    read_content_type,
    read_headers,
    read_retry_after,
    read_validator,
)
from index.errors import PullquoteError

ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
    "application/xml;q=0.9, text/plain;q=0.9, application/pdf;q=0.8, */*;q=0.5"
)

IF_NONE_MATCH = "If-None-Match"
IF_MODIFIED_SINCE = "If-Modified-Since"

# Digits that are more are no number of bytes but an attack on whoever counts them.
LONGEST_NUMBER = 20

REDIRECTED = ", redirected to "
"""Parts, in a place, the address that was asked for from the one that it led to."""

REDIRECTS = {301, 302, 303, 307, 308}
NOT_MODIFIED = 304
SUCCESSES = {200, 203}

# At 64 kB or a packet at a time, 25 MB come in fewer; in chunks of a byte they cost minutes.
MOST_PIECES = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Where fetching ends: in seconds, and in bytes of one body as sent and unpacked."""

    seconds: float = 30.0
    connect_seconds: float = 10.0
    sent: int = 25_000_000
    unpacked: int = 50_000_000
    redirects: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What an address holds.

    Attributes:
        url: the address that it came from in the end, after redirects.
        content: the body, unpacked; empty when ``not_modified``.
        content_type: as "text/html", in lower case; "" where the server does not say.
        charset: what the server says it is written in, where Python knows that.
        etag: the server's mark of this version, to ask next time whether it has changed.
        last_modified: the server's date of this version, for the same.
        not_modified: it is what was there when the given mark or date was.
    """

    url: str
    content: bytes = field(repr=False)
    content_type: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


class FetchError(PullquoteError):
    """An address was refused or could not be fetched.

    Attributes:
        place: host and path, without a query, which may be secret.
        reason: why, without the place.
        status: what the server answered, where it did.
        retry_after: seconds for which the server wants to be left alone, where it says so.
    """

    def __init__(
        self,
        place: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason
        self.status = status
        self.retry_after = retry_after


def fetch(
    address: str,
    *,
    allowed_hosts: frozenset[str] = frozenset(),
    etag: str | None = None,
    last_modified: str | None = None,
    accept: str = ACCEPT,
) -> Fetched:
    """Fetch an address from the internet; blocks for up to half a minute.

    Args:
        address: begins with http:// or https://.
        allowed_hosts: hosts, or hosts with ports, that are reached although they are ours.
        etag: what an earlier ``Fetched`` had; if nothing has changed, no body is sent.
        last_modified: the same.
        accept: media types that are welcome.

    Raises:
        FetchError: it is refused, or fails.
    """
    fetcher = Fetcher(allowed_hosts=allowed_hosts)
    return fetcher.fetch(address, etag=etag, last_modified=last_modified, accept=accept)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetcher:
    """Fetches with other means or limits than the usual ones.

    Attributes:
        allowed_hosts: hosts, or hosts with ports, that are reached although they are ours.
        network: what the internet is reached by.
        limits: where it ends.
        objection: asked about each address on the way; a reason not to fetch it now, or None.
    """

    allowed_hosts: frozenset[str] = frozenset()
    network: Network = field(default_factory=Network)
    limits: Limits = field(default_factory=Limits)
    objection: Callable[[str], str | None] | None = None

    def fetch(
        self,
        address: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT,
    ) -> Fetched:
        """Fetch an address: see :func:`fetch`."""
        headers = _headers(accept, etag, last_modified)
        deadline = Deadline.after(self.limits.seconds)
        with _naming(show_address(address)):
            target = read_address(address, allowed_hosts=self.allowed_hosts)
        place = first = target.shown
        for _ in range(self.limits.redirects + 1):
            with _naming(place):
                found = self._ask(target, headers, deadline)
            if isinstance(found, Fetched):
                return found
            place = f"{first}{REDIRECTED}{show_address(found)}"
            with _naming(place):
                target = self._follow(target, found)
        raise FetchError(first, f"it redirects more than {self.limits.redirects} times")

    def _follow(self, target: Target, location: str) -> Target:
        """Check where a redirect leads to, as if a stranger had given the address."""
        following = read_address(location, allowed_hosts=self.allowed_hosts)
        if target.scheme == "https" and following.scheme == "http":
            raise NotFetched("a secure address may not lead to one that is not")
        return following

    def _ask(self, target: Target, headers: dict[str, str], deadline: Deadline) -> Fetched | str:
        """Ask for a target: what it holds, or the address that it redirects to."""
        if self.objection and (reason := self.objection(target.address)):
            raise NotFetched(reason)
        backend = CheckedBackend(target, self.network, deadline, self.limits.connect_seconds)
        trust = self.network.trust() if target.scheme == "https" else None
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        asked = [("Host", target.authority), *headers.items()]
        with (
            httpcore.ConnectionPool(ssl_context=trust, network_backend=backend) as pool,
            pool.stream("GET", url, headers=asked) as response,
        ):
            said = read_headers(response.headers)
            if response.status in REDIRECTS:
                return _location(target, said)
            if response.status not in SUCCESSES:
                return _unchanged(target, response.status, said, headers)
            return self._read(target, response, said)

    def _read(self, target: Target, response: httpcore.Response, said: dict[str, str]) -> Fetched:
        length = said.get("content-length", "")
        if length.isdecimal() and len(length) < LONGEST_NUMBER and int(length) > self.limits.sent:
            raise _too_large(self.limits.sent)
        encodings = said.get("content-encoding", "")
        content = decompress(self._pieces(response), encodings, self.limits.unpacked)
        content_type, charset = read_content_type(said.get("content-type", ""))
        return Fetched(
            url=target.address,
            content=content,
            content_type=content_type,
            charset=charset,
            etag=read_validator(said.get("etag")),
            last_modified=read_validator(said.get("last-modified")),
        )

    def _pieces(self, response: httpcore.Response) -> Iterator[bytes]:
        """The body as it comes in, up to the limit."""
        received = 0
        try:
            for number, piece in enumerate(response.iter_stream()):
                if number == MOST_PIECES:
                    raise NotFetched("it is sent in too many pieces")
                received += len(piece)
                if received > self.limits.sent:
                    raise _too_large(self.limits.sent)
                yield piece
        except httpcore.RemoteProtocolError as error:
            raise NotFetched("its body is cut off or garbled") from error


def _too_large(limit: int) -> NotFetched:
    return NotFetched(f"it is larger than {limit / 1e6:g} MB")


def _headers(accept: str, etag: str | None, last_modified: str | None) -> dict[str, str]:
    """What every request of one fetch says."""
    headers = {
        "User-Agent": f"Pullquote/{version('pullquote')}",
        "Accept": accept,
        "Accept-Encoding": ACCEPTED,
        "Connection": "close",
    }
    if mark := read_validator(etag):
        headers[IF_NONE_MATCH] = mark
    if date := read_validator(last_modified):
        headers[IF_MODIFIED_SINCE] = date
    return headers


def _location(target: Target, said: dict[str, str]) -> str:
    """Where a redirect leads to, as a whole address; it has not been checked."""
    if not said.get("location"):
        raise NotFetched("it redirects, but does not say where to")
    try:
        return urljoin(target.address, said["location"])
    except ValueError as error:
        raise NotFetched("it redirects to what is not an address") from error


def _unchanged(
    target: Target, status: int, said: dict[str, str], headers: dict[str, str]
) -> Fetched:
    """Accept that nothing has changed, if that was the question; every other answer is an error."""
    if status != NOT_MODIFIED or not headers.keys() & {IF_NONE_MATCH, IF_MODIFIED_SINCE}:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no known code"
        wait = read_retry_after(said.get("retry-after"))
        raise NotFetched(f"the server says {status} ({phrase})", status=status, retry_after=wait)
    return Fetched(
        url=target.address,
        content=b"",
        content_type="",
        etag=read_validator(said.get("etag")) or headers.get(IF_NONE_MATCH),
        last_modified=read_validator(said.get("last-modified")) or headers.get(IF_MODIFIED_SINCE),
        not_modified=True,
    )


@contextmanager
def _naming(place: str) -> Iterator[None]:
    """Turn what goes wrong within into the one error that leaves this file."""
    try:
        yield
    except NotFetched as error:
        raise FetchError(
            place, str(error), status=error.status, retry_after=error.retry_after
        ) from error
    except httpcore.ProtocolError as error:
        raise FetchError(place, "it does not answer in proper HTTP") from error
