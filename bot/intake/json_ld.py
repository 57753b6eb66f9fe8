"""What a page says in JSON-LD, and the names in it, of which every site has its own way."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.intake.draft import tidy_value

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|ReviewNewsArticle)\Z")
# What is deeper or more is no description of a page.
DEEPEST, MOST_NODES = 20, 2_000
LARGEST_JSON = 2_000_000

_BY = re.compile(
    r"\A(?:(?:written|words|photographs?|photos?|pictures|text|story|reporting) )?"
    r"(?:by|von|par|por|di|автор:?)\s+(?=\S)",
    re.IGNORECASE,
)
# What software calls an author of whom it knows nothing.
_NOBODY = frozenset({"admin", "administrator", "webmaster", "editor", "author", "user", "root"})


def read_nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """The objects that the page's JSON-LD holds, outermost first."""
    for element in tree.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        text = (element.text or "")[:LARGEST_JSON].strip()
        text = re.sub(r"\A(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\Z", "", text).rstrip("; \n")
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _walk(value)


def _walk(value: object) -> Iterator[dict[str, Any]]:
    level = [value]
    count = 0
    for _ in range(DEEPEST):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                count += 1
                yield one
                below.extend(inner for inner in one.values() if isinstance(inner, dict | list))
            elif isinstance(one, list):
                below.extend(one)
        if count > MOST_NODES or not below:
            return
        level = below[:MOST_NODES]


def _types(node: dict[str, Any]) -> list[str]:
    return [kind for kind in as_list(node.get("@type")) if isinstance(kind, str)]


def is_article(node: dict[str, Any]) -> bool:
    """Tell whether the node describes the page's article: a list of links names others too."""
    known = any(ARTICLE_TYPES.match(kind.rpartition("/")[2]) for kind in _types(node))
    return known and any(key in node for key in ("datePublished", "articleBody", "author"))


def as_list(value: object) -> list[Any]:
    """``value`` as a list: itself, or what would be its one item, or nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def name_of(value: object) -> str | None:
    """The name in a text or in a {"name": …}."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    name = tidy_value(next(iter(value), None) if isinstance(value, list) else value)
    if name is None or name.casefold() in _NOBODY or re.match(r"https?:|www\.|@", name):
        return None
    return name


def names_of(value: object) -> str | None:
    """The names in one or several such, with commas, each without a "By" before it."""
    names = [_BY.sub("", name) for one in as_list(value) if (name := name_of(one))]
    return tidy_value(", ".join(dict.fromkeys(names)))
