"""A page's text → its tree, safe to work on, and laid out as paragraphs.

Pages of other times part their paragraphs by line breaks, and galleries tell their story in
captions; trafilatura, which reads the tree afterwards, knows neither.
"""

from __future__ import annotations

import copy
import re
import sys
from typing import Any

from bot.intake.draft import Refused, tidy

# Deeper pages are no work of people, and deeper than Python's stack.
DEEPEST = 200
# What is mostly a link, in words, and holds few elements, leads to another page.
LONGEST_LEAD, FEW, MOSTLY_LINKED = 25, 3, 0.6
# The number of a character has no more digits.
LONGEST_CODE = 7
# A gallery has so many captions, of so many words at least.
FEWEST_CAPTIONS, SHORTEST_CAPTION = 3, 6

_BLOCKS = frozenset(
    """
    address article aside blockquote center div dl figure footer form h1 h2 h3 h4 h5 h6 header hr
    main nav ol p pre section table ul
    """.split()
)
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]{0,500}\[.{0,100000}?\]\s*>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_STOPPED = re.compile(r"[.!?…。！？][\"'”’»)]*\Z")
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]+)|0*([0-9]+));?", re.IGNORECASE)


def parse_page(text: str) -> Any:  # noqa: ANN401 - lxml carries no types
    """Parse a page: nothing is fetched for it, and no entity of its own is made.

    Raises:
        Refused: nothing is in it, or it is nested as no page of people is.
    """
    from lxml import etree, html  # type: ignore[import-untyped]

    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_pis=True, remove_comments=True
    )
    clean = _REFERENCE.sub(_keep_reference, _CONTROL.sub("", _SUBSET.sub("", text, count=1)))
    try:
        tree = html.document_fromstring(clean.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from None
        raise Refused("there is nothing in this page") from None
    if _depth(tree) > DEEPEST:
        raise Refused("it is nested too deeply for a page that people read")
    return tree


def _keep_reference(reference: re.Match[str]) -> str:
    """Leave out a reference to a character that may stand in no text."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    code = int(digits, base) if len(digits) <= LONGEST_CODE else 0
    usable = code <= sys.maxunicode and not _CONTROL.match(chr(code))
    return reference.group() if usable else ""


def _depth(tree: Any) -> int:  # noqa: ANN401
    from lxml import etree

    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def prepare_page(tree: Any) -> Any:  # noqa: ANN401
    """Copy the tree without its scripts, breaks and captions made paragraphs."""
    page = copy.deepcopy(tree)
    # What the page describes itself as is read elsewhere; trafilatura would also take from there
    # the text that one must pay for.
    for element in page.xpath("//script|//style|//template|//noscript"):
        element.drop_tree()
    for element in [one for one in page.iter("p", "div", "li", "blockquote") if _leads_away(one)]:
        element.drop_tree()
    _open_gallery(page)
    for element in reversed(
        list(page.iter("td", "div", "font", "span", "p", "center", "body", "article"))
    ):
        if any(_is_double(child) for child in element.iterchildren("br")):
            _part_at_breaks(element)
    return page


def _leads_away(element: Any) -> bool:  # noqa: ANN401
    """Tell whether the element is a link to another page with a label: "Read also: …"."""
    text = tidy(element.text_content()) if len(element) <= FEW else ""
    if not text or len(text.split()) > LONGEST_LEAD or _STOPPED.search(text):
        return False
    linked = sum(len(tidy(link.text_content())) for link in element.iterdescendants("a"))
    return linked >= MOSTLY_LINKED * len(text)


def _open_gallery(page: Any) -> None:  # noqa: ANN401
    """Make paragraphs of captions where they say more than the paragraphs do."""
    beside = "[not(ancestor::aside or ancestor::nav or ancestor::footer)]"
    captions = [
        one for one in page.xpath(f"//figcaption{beside}") if _words(one) >= SHORTEST_CAPTION
    ]
    told = sum(_words(one) for one in page.xpath(f"//p{beside}[not(ancestor::figure)]"))
    if len(captions) < FEWEST_CAPTIONS or sum(map(_words, captions)) < told:
        return
    for caption in captions:
        figure = next(caption.iterancestors("figure"), None)
        if figure is not None and figure.getparent() is not None:
            caption.tag, caption.tail = "p", None
            figure.getparent().replace(figure, caption)


def _words(element: Any) -> int:  # noqa: ANN401
    return len(tidy(element.text_content()).split())


def _is_double(element: Any) -> bool:  # noqa: ANN401
    """Tell whether a break is followed by another, with nothing between."""
    following = element.getnext()
    return not (element.tail or "").strip() and following is not None and following.tag == "br"


def _part_at_breaks(element: Any) -> None:  # noqa: ANN401
    """Put what stands between double breaks, or between blocks, into paragraphs of their own."""
    text, children = element.text, list(element)
    parted = {at for at, child in enumerate(children) if child.tag == "br" and _is_double(child)}
    parted |= {at + 1 for at in parted}
    for child in children:
        element.remove(child)
    element.text = None
    # A paragraph in a paragraph is none.
    element.tag = "div" if element.tag in {"p", "span", "font"} else element.tag
    part = _open_part(element, text)
    for at, child in enumerate(children):
        if at in parted or child.tag in _BLOCKS:
            tail, child.tail = child.tail, None
            if at not in parted:
                element.append(child)
            part = _open_part(element, tail)
        else:
            part.append(child)
    for empty in [one for one in element.iterchildren("p") if not len(one) and not one.text]:
        element.remove(empty)


def _open_part(element: Any, text: str | None) -> Any:  # noqa: ANN401
    from lxml.etree import SubElement  # type: ignore[import-untyped]

    part = SubElement(element, "p")
    part.text = (text or "").strip() and text
    return part
