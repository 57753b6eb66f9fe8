"""A web page → what it states about itself: in JSON-LD, meta tags, and elements that mark it.

Only what stands there is taken. Dates are not guessed from addresses, copyright lines or the
server's clock, and none lies in the future.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.intake.days import read_day
from bot.intake.draft import tidy, tidy_language, tidy_url, tidy_value
from bot.intake.json_ld import as_list, is_article, name_of, names_of, read_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

# In characters.
LONGEST_BYLINE = 100
# In words.
LONGEST_SITE = 3
# A line holds fewer elements.
FEW = 3
# A headline is so much longer than the name of a section.
MUCH = 3

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "date",
)
_AUTHORS = ("author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author")
_TITLES = ("og:title", "twitter:title", "dc.title", "parsely-title", "title")
# A line that is a byline.
_NAMED = re.compile(r"(?:By|BY|by|Von|Par|Por)\s+[^\W\d_a-z][\w.'’-]*(?:[ ,&]+[\w.'’-]+){0,9}\Z")
_LINES = ("p", "div", "span", "td", "font", "address", "h4", "h5", "li")
_IS_PUBLICATION = re.compile(r"publi|True|entry-date|posted", re.IGNORECASE)
# What parts a headline from the site's name in a page's title.
_BAR = re.compile(r"\s+[|–—·•«»:-]+\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a page states.

    ``is_article`` tells that it calls itself one, ``is_free`` False that it says one must pay;
    ``body`` is the text that its description holds, "" without one.
    """

    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    is_article: bool = False
    is_free: bool = True
    body: str = ""


def read_facts(tree: Any, *, today: date) -> Facts:  # noqa: ANN401 - lxml carries no types
    """Read what the page ``tree`` states about itself; days after ``today`` are not believed."""
    meta = _read_meta(tree)
    nodes = list(read_nodes(tree))
    articles = [node for node in nodes if is_article(node)]
    article: dict[str, Any] = articles[0] if articles else {}
    free = str(article.get("isAccessibleForFree", "true")).lower() != "false"
    body = article.get("articleBody")
    return Facts(
        title=_title(tree, meta, article),
        outlet=_outlet(meta, article, nodes),
        byline=_byline(tree, meta, article),
        published=_published(tree, meta, article, today),
        url=_url(tree, meta),
        language=_language(tree, meta),
        is_article=bool(article) or meta.get("og:type", "").lower() == "article",
        is_free=free and meta.get("article:content_tier", "free").lower() in {"free", "metered"},
        body=body if isinstance(body, str) else "",
    )


def _read_meta(tree: Any) -> dict[str, str]:  # noqa: ANN401
    """The first content of each meta tag, by its name in lower case."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = tidy(element.get("content") or "")
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(kind) or "").strip().lower()
            if name and content:
                meta.setdefault(name, content)
    return meta


def _outlet(
    meta: dict[str, str], article: dict[str, Any], nodes: list[dict[str, Any]]
) -> str | None:
    publishers = [node["@id"] for node in as_list(article.get("publisher")) if _refers(node)]
    named = [name_of(node) for node in nodes if node.get("@id") in publishers and "name" in node]
    stated = [meta.get("og:site_name"), name_of(article.get("publisher")), *named]
    return next((name for name in map(name_of, stated) if name), None)


def _refers(node: object) -> bool:
    return isinstance(node, dict) and isinstance(node.get("@id"), str)


def _byline(tree: Any, meta: dict[str, str], article: dict[str, Any]) -> str | None:  # noqa: ANN401
    if names := names_of(article.get("author")):
        return names
    for name in _AUTHORS:
        if names := names_of(meta.get(name)):
            return names
    marked = [tidy(element.text_content()) for element in _marked(tree, "author")]
    if names := names_of([name for name in marked if len(name) <= LONGEST_BYLINE]):
        return names
    lines = {tidy(element.text_content()) for element in tree.iter(*_LINES) if len(element) < FEW}
    named = [line for line in lines if len(line) <= LONGEST_BYLINE and _NAMED.match(line)]
    return names_of(named[0]) if len(named) == 1 else None


def _marked(tree: Any, role: str) -> Iterable[Any]:  # noqa: ANN401
    """The elements that say they hold the author: by relation, property or class."""
    found = tree.xpath(
        "//*[@rel=$role or @itemprop=$role or contains(concat(' ', @class, ' '), $class)"
        " or contains(concat(' ', @class, ' '), ' byline ')]",
        role=role,
        **{"class": f" {role} "},
    )
    outermost = [one for one in found[:50] if found[0] not in one.iterancestors()]
    return outermost[:FEW]


def _published(
    tree: Any,  # noqa: ANN401
    meta: dict[str, str],
    article: dict[str, Any],
    today: date,
) -> date | None:
    stated = [article.get("datePublished"), *(meta.get(name) for name in _PUBLISHED)]
    days = (read_day(value) for value in stated if isinstance(value, str))
    for day in days:
        if day is not None:
            return day if day <= today else None
    return _marked_day(tree, today)


def _marked_day(tree: Any, today: date) -> date | None:  # noqa: ANN401
    """The day that the page's time elements agree on, first those that say "published"."""
    times = [element for element in tree.iter("time") if not _is_beside(element)]
    times += tree.xpath("//*[@itemprop='datePublished'][not(self::meta) and not(self::time)]")
    called = [one for one in times if _is_publication(one)]
    for group in (called, times):
        days = {read_day(one.get("datetime") or tidy(one.text_content())) for one in group}
        if len(days) == 1 and (day := days.pop()) is not None:
            return day if day <= today else None
    return None


def _is_beside(element: Any) -> bool:  # noqa: ANN401
    """Tell whether the element stands in what is around an article: other stories, comments."""
    return any(
        above.tag in {"aside", "footer", "nav"}
        or re.search(r"comment|related|teaser|sidebar", above.get("class") or "", re.IGNORECASE)
        for above in element.iterancestors()
    )


def _is_publication(element: Any) -> bool:  # noqa: ANN401
    said = f"{element.get('class')} {element.get('itemprop')} {'pubdate' in element.attrib}"
    return _IS_PUBLICATION.search(said) is not None and "modif" not in said.lower()


def _url(tree: Any, meta: dict[str, str]) -> str | None:  # noqa: ANN401
    links = (one.get("href") for one in tree.iter("link") if one.get("rel") == "canonical")
    return next(filter(None, map(tidy_url, [*links, meta.get("og:url")])), None)


def _language(tree: Any, meta: dict[str, str]) -> str | None:  # noqa: ANN401
    stated = (tree.get("lang"), meta.get("og:locale"), meta.get("content-language"))
    return next(filter(None, map(tidy_language, stated)), None)


def _title(tree: Any, meta: dict[str, str], article: dict[str, Any]) -> str | None:  # noqa: ANN401
    """The headline as people see it, confirmed by what the page states; else what it states."""
    stated = [article.get("headline"), *(meta.get(name) for name in _TITLES)]
    titles = [title for title in map(tidy_value, stated) if title]
    named = [tidy(element.text_content()) for element in tree.xpath("//head/title")]
    shown = [tidy_value(heading.text_content()) for heading in tree.iter("h1")]
    if not titles and len(shown) == 1 and shown[0] and MUCH * len("".join(named)) < len(shown[0]):
        # The page's title is a word of some kind; the headline stands only in the page.
        return shown[0]
    titles += named
    for heading in (*tree.iter("h1"), *tree.iter("h2")):
        headline = tidy_value(heading.text_content())
        if headline and any(_are_alike(headline, title) for title in titles):
            return headline
    if not titles:
        return shown[0] if len(shown) == 1 else None
    return _without_site(titles[0], meta.get("og:site_name") or "")


def _are_alike(one: str, other: str) -> bool:
    """Tell whether two headlines share most words of the longer."""
    first, second = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return 2 * len(first & second) > max(len(first), len(second))


def _without_site(title: str, site: str) -> str | None:
    """``title`` without the site's name behind a bar."""
    parts = _BAR.split(title)
    last = parts[-1].casefold()
    is_name = len(last.split()) <= LONGEST_SITE < len(parts[0].split())
    if len(parts) > 1 and (last == site.casefold() or is_name):
        title = title[: title.rindex(parts[-1])].rstrip(" |–—·•«»:-")
    return tidy_value(title)
