"""Which addresses may be reached: none that lies in a network of our own.

Whoever may add an article could otherwise have the bot read the router, the cloud's secrets or a
database beside it. An address is taken apart once, and every later step uses these parts: two
readings of one address are how such checks are passed by. The name is checked here as it is
written; what it resolves to is checked by :func:`check_ip` where the connection is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from bot.escape import clean_line

DEFAULT_PORTS = {"http": 80, "https": 443}

LONGEST_ADDRESS = 4_000
LONGEST_SHOWN = 160

# The registries of special addresses (RFC 6890 and what has joined since), not what one version
# of Python knows of them. The last is not special by any registry, but on Azure every machine
# reaches its host there.
_CLOSED_V4 = {
    "unspecified": ["0.0.0.0/8"],
    "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    "shared by a provider's customers": ["100.64.0.0/10"],
    "loopback": ["127.0.0.0/8"],
    "link-local": ["169.254.0.0/16"],
    "multicast": ["224.0.0.0/4"],
    "reserved": [
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "168.63.129.16/32",
    ],
}
_CLOSED_V6 = {
    "unspecified": ["::/128"],
    "loopback": ["::1/128"],
    "private": ["fc00::/7", "fec0::/10"],
    "link-local": ["fe80::/10"],
    "multicast": ["ff00::/8"],
    "a tunnel (6to4)": ["2002::/16"],
    "a tunnel (Teredo)": ["2001::/32"],
    "reserved": ["2001::/23", "2001:db8::/32", "3fff::/20"],
}
_CLOSED = [
    (ip_network(network), word)
    for closed in (_CLOSED_V4, _CLOSED_V6)
    for word, networks in closed.items()
    for network in networks
]
# The part of IPv6 that is given out; all else is special or not yet anybody's.
_GIVEN_OUT_V6 = ip_network("2000::/3")
# Where a network has no IPv4, its resolver writes IPv4 addresses so (RFC 6052).
_NAT64 = ip_network("64:ff9b::/96")
# An interface that tunnels to the IPv4 address in its last 32 bits (RFC 5214).
_ISATAP = {0x00005EFE, 0x02005EFE}

LAST_32_BITS = 0xFFFF_FFFF

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What a C library reads as a number, "0x7f" and "017" among them, is no name (WHATWG's rule).
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OWN_NAMES = re.compile(
    r"(?:.*\.)?(?:local|localhost|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)"
)


class NotFetched(Exception):
    """What was refused or failed and why, in words that follow the address it is about.

    Attributes:
        status: what the server answered, where it did.
        retry_after: seconds for which it wants to be left alone, where it says so.
    """

    def __init__(
        self, reason: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """An address that may be asked for, in parts.

    Attributes:
        scheme: "http" or "https".
        host: in ASCII and lower case; an IPv6 address without brackets.
        port: 1 to 65535.
        path: with the query, percent-encoded; the query may hold secrets.
        allowed: a setting names this host, whatever it resolves to.
    """

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    allowed: bool = False

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the scheme's own, as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def shown(self) -> str:
        """Host and path for a line that people read; a query may be a key to something."""
        return clean_line(self.authority + self.path.partition("?")[0])[:LONGEST_SHOWN]


def read_address(address: str, *, allowed_hosts: frozenset[str] = frozenset()) -> Target:
    """Take an address apart and refuse what is not to be reached.

    Args:
        address: as a person, a feed or a redirect gives it.
        allowed_hosts: hosts ("news.lan", "[::1]") or hosts with ports ("127.0.0.1:8080") that may
            be reached although they would be refused.

    Raises:
        NotFetched: it is no address of the web, or one of a network of our own.
    """
    url = _parse(address.strip())
    if url.scheme not in DEFAULT_PORTS:
        raise NotFetched(_wrong_scheme(url.scheme))
    if url.userinfo:
        raise NotFetched("it holds a user name or password, which are not sent")
    host = url.raw_host.decode("ascii").lower()
    port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < 65_536:  # noqa: PLR2004 - ports have 16 bits
        raise NotFetched("its port does not exist")
    target = Target(scheme=url.scheme, host=host, port=port, path=url.raw_path.decode("ascii"))
    if _is_allowed(target, allowed_hosts):
        return Target(scheme=url.scheme, host=host, port=port, path=target.path, allowed=True)
    _check_host(host)
    return target


def show_address(address: str) -> str:
    """Write host and path of any address for a line, and nothing in it that may be secret."""
    try:
        url = _parse(address.strip())
    except NotFetched:
        url = httpx.URL()
    if url.scheme in DEFAULT_PORTS and url.host:
        shown = (url.netloc + url.raw_path.partition(b"?")[0]).decode("ascii", "replace")
    else:
        # Wherever its parts begin: before an "@" may stand a password, after a "?" a key.
        scheme, mark, rest = re.split(r"[?#]", address.strip())[0].partition("://")
        shown = scheme + mark + rest.rpartition("@")[2] if mark else scheme.rpartition("@")[2]
    return clean_line(shown)[:LONGEST_SHOWN]


def _parse(address: str) -> httpx.URL:
    if len(address) > LONGEST_ADDRESS:
        raise NotFetched(f"it is longer than {LONGEST_ADDRESS:,} characters")
    try:
        return httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise NotFetched("it is not an address of the web") from error


def _wrong_scheme(scheme: str) -> str:
    if not scheme:
        return "it is not an address of the web: one begins with https:// or http://"
    return f"only https:// and http:// are fetched, not {scheme}:"


def _is_allowed(target: Target, allowed_hosts: frozenset[str]) -> bool:
    host = f"[{target.host}]" if ":" in target.host else target.host
    names = {host, f"{host}:{target.port}"}
    return bool(target.host) and any(entry.strip().lower() in names for entry in allowed_hosts)


def _check_host(host: str) -> None:
    """Refuse a host by how it is written.

    Raises:
        NotFetched: an address that is closed, or no name of a host on the internet.
    """
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        check_ip(host)
    elif not all(map(_LABEL.fullmatch, labels)) or len(host) > 253:  # noqa: PLR2004 - RFC 1035
        raise NotFetched("that is not the name of a host")
    elif len(labels) == 1 or _OWN_NAMES.fullmatch(host):
        raise NotFetched("a name of one's own network is not reached")


def check_ip(text: str) -> str:
    """Give back an IP address in its one spelling, if anybody on the internet may reach it.

    Raises:
        NotFetched: it is private, loopback, link-local or closed in another way, also where an
            IPv6 address only wraps such an IPv4 one; or it is no IP address in plain spelling.
    """
    try:
        ip = ip_address(text)
    except ValueError as error:
        raise NotFetched("that is neither a name nor a plain IP address") from error
    if word := _closed(ip):
        raise NotFetched(f"{ip} is {word}, not an address of the internet")
    return str(ip)


def _closed(ip: IPv4Address | IPv6Address) -> str | None:
    """Say in what way an address is closed, or None where it is open."""
    if isinstance(ip, IPv6Address):
        wrapped = ip.ipv4_mapped or (IPv4Address(int(ip) & LAST_32_BITS) if ip in _NAT64 else None)
        if wrapped:
            return _closed(wrapped)
    word = next((word for network, word in _CLOSED if ip in network), None)
    return word or (_closed_v6(ip) if isinstance(ip, IPv6Address) else None)


def _closed_v6(ip: IPv6Address) -> str | None:
    if ip.scope_id is not None:
        return "link-local"
    if ip not in _GIVEN_OUT_V6:
        return "reserved"
    return "a tunnel (ISATAP)" if int(ip) >> 32 & LAST_32_BITS in _ISATAP else None
