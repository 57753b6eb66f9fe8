"""A web page → the article on it, or a line that says why there is none.

trafilatura tells the article from what surrounds it; what the page states about itself is read by
``facts``; ``no_article`` tells stubs, walls and lists of stories from articles.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.intake.draft import Draft, Refused, tidy, tidy_url
from bot.intake.facts import Facts, read_facts
from bot.intake.no_article import is_pitch, why_no_article
from bot.intake.prepare import parse_page, prepare_page
from index.pages.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator

# In words: a table's cell of more is text, as in pages laid out by tables.
LONG_CELL = 12
# A line that states a date, in characters.
LONGEST_STAMP = 120
# What the page's description holds is taken where it is this much longer than what was found.
MUCH_LONGER = 1.5

# The headline stands among so many of the first lines.
OPENING = 3
# What begins with fewer words of a headline may be a sentence.
FEWEST_TITLE_WORDS = 4

# Data of a script whose end was lost.
_CODE = re.compile(r"[\[{]\s*[\[{\"]")
_BLOCKS = frozenset({"p", "head", "list", "quote", "table", "div", "item", "row", "code", "body"})
# What begins a paragraph in a piece of HTML, and Markdown's mark of it.
_MARKS = {
    **dict.fromkeys(("p", "div", "blockquote", "tr", "section", "article"), ""),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "## "),
    "li": "- ",
}
_ENDS = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\Z")
_PUBLISHED = re.compile(
    r"\W*(?:first )?(?:published|posted|veröffentlicht|publié|publicado|опубліковано)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|li|a|em|strong|b|i|span|blockquote)\b[^<>]*>", re.IGNORECASE
)


def read_page(text: str, *, address: str | None = None, today: date) -> Draft:
    """Read the article on the web page ``text``.

    Args:
        text: the page, decoded.
        address: where it was fetched, if it was.
        today: later days are not believed.

    Raises:
        Refused: there is no article on it.
    """
    tree = parse_page(text)
    facts = read_facts(tree, today=today)
    paragraphs = _paragraphs(tree, facts)
    if facts.published is None:
        facts = replace(facts, published=_visible_day(tree, today))
    if reason := why_no_article(tree, facts, paragraphs):
        raise Refused(reason)
    # Below the article, not in it: an article on such pitches may hold one.
    while is_pitch(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    return Draft(
        paragraphs=paragraphs,
        title=facts.title,
        outlet=facts.outlet,
        byline=facts.byline,
        published=facts.published,
        url=choose_url(facts.url, address),
        language=facts.language,
    )


def read_fragment(markup: str) -> tuple[str, ...]:
    """Read the paragraphs of a piece of HTML that is all article, as dumps and feeds hold it."""
    if not _TAG.search(markup):
        return split_paragraphs(markup)
    tree = parse_page(f"<html><body><div>{markup}</div></body></html>")
    for element in tree.xpath("//script|//style|//iframe|//form|//figure|//noscript|//template"):
        element.drop_tree()
    for element in tree.iter(*_MARKS, "br"):
        gap = "\n" if element.tag == "br" else "\n\n"
        element.tail = gap + (element.tail or "")
        if element.tag != "br":
            element.text = gap + _MARKS[element.tag] + (element.text or "").lstrip()
    return split_paragraphs(tree.text_content())


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Split plain text where blank lines part it, else at each line."""
    blank = re.search(r"\S[^\S\n]*\n[^\S\n]*\n[^\S\n]*\S", text)
    parts = re.split(r"\n[^\S\n]*\n" if blank else r"\n", text.replace("\r\n", "\n"))
    return tuple(line for part in parts if (line := tidy(part)))


def choose_url(stated: str | None, address: str | None) -> str | None:
    """The address that the page states, unless it was fetched from another site.

    A page must not pass itself off as another site's article: that would be replaced by it.
    """
    if address is None or (stated and _site(stated) == _site(address)):
        return stated
    return tidy_url(address)


def _site(url: str) -> str:
    host = re.sub(r"\A\w+://(?:[^/@]*@)?|[:/?#].*\Z", "", url, flags=re.DOTALL).lower()
    return re.sub(r"\A(?:www\d?|m|mobile|amp)\.", "", host)


def _paragraphs(tree: Any, facts: Facts) -> tuple[str, ...]:  # noqa: ANN401
    """The article's paragraphs, as shown or, where more is there, as the page describes them."""
    shown = tuple(_without_title(_extract(tree), facts.title))
    if facts.is_free and len(facts.body) > MUCH_LONGER * sum(map(len, shown)):
        return read_fragment(facts.body)
    return shown


def _extract(tree: Any) -> Iterator[str]:  # noqa: ANN401
    from trafilatura import bare_extraction

    found = bare_extraction(prepare_page(tree), include_comments=False)
    body = getattr(found, "body", None)
    return iter(()) if body is None else _blocks(body)


def _blocks(element: Any) -> Iterator[str]:  # noqa: ANN401
    """The paragraphs of what trafilatura found, as lines of Markdown."""
    if element.tag == "table":
        for cell in element.iter("cell"):
            if len(tidy("".join(cell.itertext())).split()) >= LONG_CELL:
                yield from _blocks(cell)
    elif any(child.tag in _BLOCKS for child in element):
        yield from filter(None, [tidy(element.text or "")])
        for child in element:
            yield from _blocks(child)
            yield from filter(None, [tidy(child.tail or "")])
    else:
        mark = {"head": "## ", "item": "- "}.get(element.tag, "")
        yield from (mark + line for line in _lines(element))


def _lines(element: Any) -> Iterator[str]:  # noqa: ANN401
    """The element's text, split at line breaks that follow a sentence's end."""
    for line in element.iter("lb"):
        line.tail = "\n" + (line.tail or "")
    text = ""
    for part in "".join(element.itertext()).split("\n"):
        text = tidy(f"{text} {part}")
        if _ENDS.search(text):
            yield text
            text = ""
    if text:
        yield text


def _without_title(lines: Iterator[str], title: str | None) -> Iterator[str]:
    """``lines`` without the headline, which trafilatura leaves above the text, and without data."""
    for number, line in enumerate(lines):
        bare = line.removeprefix("## ")
        said = bare.casefold()
        headed = number < OPENING and title and _heads(said, title.casefold())
        if not headed and not _CODE.match(line):
            yield _after_title(line, title) if number < OPENING and title else line


def _after_title(line: str, title: str) -> str:
    """``line`` without the headline, where the text runs on from it without a paragraph."""
    rest = line[len(title) :]
    is_headline = len(title.split()) >= FEWEST_TITLE_WORDS and not _ENDS.search(title)
    runs_on = rest.startswith(" ") and rest.lstrip(' “„«"')[:1].isupper()
    return rest.lstrip() if line.startswith(title) and is_headline and runs_on else line


def _heads(line: str, title: str) -> bool:
    """Tell whether a line is the headline, or begins with it and holds a byline or date beside."""
    beside = line.startswith(title) and len(line) - len(title) <= LONGEST_STAMP
    return line == title or (beside and not _ENDS.search(line))


def _visible_day(tree: Any, today: date) -> date | None:  # noqa: ANN401
    """The day that a line says the page was published on, if only one does."""
    days = set()
    for element in tree.iter("p", "span", "div", "td", "time", "small", "font", "li"):
        text = tidy(element.text_content()) if len(element) < 5 else ""  # noqa: PLR2004 - a line
        if len(text) <= LONGEST_STAMP and _PUBLISHED.match(text):
            days.add(parse_date(text))
    day = days.pop() if len(days) == 1 else None
    return day if day and day <= today else None
