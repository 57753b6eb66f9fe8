"""The address of an article on the web, in one spelling: what tells that two files are the same.

Only what the front matter states is taken: a link further down may lead to another's report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from index.pages.frontmatter import read_front_matter

if TYPE_CHECKING:
    from index.types import Article

_PORTS = {"http": 80, "https": 443}

# What is added to an address to tell where its readers come from, and names nothing.
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|dc|tw|ms|yandex_|wbra|gbra)clid|gclsrc|mc_[ce]id|igshid?|_ga|_gl|_hs\w+"
    r"|mkt_tok|icid|ncid|ocid|cmpid|cmp|smid|sref|ito|at_(?:medium|campaign|custom\d|link_\w+)",
    re.IGNORECASE,
)


def normalise_address(url: str) -> str | None:
    """The same for every spelling of an address; None for what names no single page.

    The case of scheme and host, a default port, a trailing slash, the fragment, the order of the
    parameters and those that only track readers make no other page; nor does http in place of
    https. A bare host names no article: many files may state their outlet's address.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))
    path = parts.path.rstrip("/")
    if not path and not query:
        return None
    own_port = f":{port}" if port and port != _PORTS[scheme] else ""
    return f"https://{host.rstrip('.')}{own_port}{path}{'?' if query else ''}{query}"


def address_of(article: Article) -> str | None:
    """The address that the article's front matter states, in one spelling."""
    stated = read_front_matter(article.text).values.get("url")
    return normalise_address(stated) if stated else None
