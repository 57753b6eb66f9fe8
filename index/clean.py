"""A page's text → the article in it: its title and its paragraphs, as spans.

Every block is first judged by itself (``signs``), then by its place: what stands between two
paragraphs of running text, what comes before the first and after the last. What is left out is
only left outside the spans; the text itself is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.pages import notices, signs
from index.pages.headline import find_headline, says_the_same
from index.pages.judge import (
    LONGEST_SUBHEAD,
    Judged,
    has_no_stops,
    is_sure,
    judge_blocks,
    presents_author,
)
from index.pages.lines import Block, read_blocks
from index.pages.masthead import find_names
from index.split import split_sentences
from index.types import Paragraph, ParagraphKind

# A title made of a sentence, in characters.
LONGEST_TITLE = 120
# Another story's headline, in words; the share of letters in one.
SHORTEST_HEADLINE, MOSTLY = 3, 0.6
# What is longer, in characters, is a hash or an address, no word.
LONGEST_WORD = 30
# A line below the headline with as many words belongs to it.
DECK_WORDS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The article in a text: ``title`` is None when the text has no headline of its own."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]


def _first_sure(judged: Sequence[Judged]) -> int:
    """Where the running text sets in; the number of blocks if it never does."""
    sure = (at for at, item in enumerate(judged) if is_sure(item))
    other = (at for at, item in enumerate(judged) if item.kind in {"text", "caption", "short"})
    return next(sure, next(other, len(judged)))


def _last_sure(judged: Sequence[Judged]) -> int:
    sure = [
        at for at, item in enumerate(judged) if is_sure(item) and not presents_author(judged, at)
    ]
    return sure[-1] if sure else len(judged) - 1


def _may_head(item: Judged) -> bool:
    """Tell whether the line could be a headline of something."""
    return item.words >= SHORTEST_HEADLINE and signs.measure(item.block.plain).letters >= MOSTLY


def _is_subhead(item: Judged, before: Judged | None) -> bool:
    """Tell whether the line ``item``, just before running text, heads it."""
    plain = item.block.plain
    if item.kind != "line" or item.block.is_link:
        return False
    if item.block.heading:
        return True
    shape = signs.measure(plain)
    headed = before is not None and before.kind == "line" and _may_head(before)
    return (
        1 <= shape.words <= LONGEST_SUBHEAD
        and shape.letters >= MOSTLY
        and not plain[0].islower()
        and not headed
        and not signs.is_byline(plain)
        and "://" not in plain
        and max(map(len, plain.split())) <= LONGEST_WORD
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """The judged blocks, where the headline stands, and the surely running text between."""

    judged: tuple[Judged, ...]
    title: int | None
    start: int
    end: int


def _place(page: _Page, at: int) -> ParagraphKind | None:
    """Choose as what the block belongs to the article, by where it stands; None if it does not."""
    item = page.judged[at]
    if at == page.title:
        return None
    if item.kind == "caption":
        return "caption"
    if item.kind == "text":
        return _place_text(page, at)
    if _is_item(page.judged, at):
        return "text"
    if item.kind == "short":
        inside = at > (page.start if page.title is None else page.title)
        beside = _follows(page.judged, at) or _leads(page.judged, at)
        return "text" if inside and beside else None
    return "heading" if item.kind == "line" and _heads(page, at) else None


def _place_text(page: _Page, at: int) -> ParagraphKind | None:
    """Running text is the article's, but for what trails its end or echoes its headline above."""
    if at > page.end and not _belongs_at_end(page.judged, at):
        return None
    if page.title is None or at > page.title:
        return "text"
    if _is_teaser(page.judged[at]):
        return None
    headline = page.judged[page.title].block.plain
    return "heading" if says_the_same(page.judged[at].block.plain, headline) else "text"


def _is_teaser(item: Judged) -> bool:
    """Tell whether the text above a headline is a question, as leads to other stories are."""
    return item.words <= LONGEST_SUBHEAD and item.block.plain.endswith("?")


def _heads(page: _Page, at: int) -> bool:
    """Tell whether the line is a subhead, or the line below the headline."""
    item = page.judged[at]
    if page.title is not None and at == page.title + 1 and at < page.start:
        shape = signs.measure(item.block.plain)
        return shape.words >= DECK_WORDS and shape.small >= 2 * signs.SMALL_LETTERS
    inside = at > page.start or (item.block.heading > 1 and at > (page.title or 0))
    before = page.judged[at - 1] if at else None
    if not (inside and _leads(page.judged, at) and _is_subhead(item, before)):
        return False
    return page.judged[at + 1].kind == "line" or _place(page, at + 1) is not None


def _follows(judged: Sequence[Judged], at: int) -> bool:
    return at > 0 and judged[at - 1].kind in {"text", "short"}


def _belongs_at_end(judged: Sequence[Judged], at: int) -> bool:
    """Tell whether a short paragraph after the last long one is still the article's."""
    plain = judged[at].block.plain
    if presents_author(judged, at) or notices.calls_reader(plain):
        return False
    if _follows(judged, at):
        return True
    return not notices.addresses_reader(plain) and not plain.endswith("?")


def _leads(judged: Sequence[Judged], at: int) -> bool:
    """Tell whether running text, or a lower heading, follows the block."""
    following = judged[at + 1] if at + 1 < len(judged) else None
    if following is None:
        return False
    if judged[at].block.heading and following.block.heading > judged[at].block.heading:
        return True
    return following.kind in {"text", "short"} or _is_item(judged, at + 1)


def _is_item(judged: Sequence[Judged], at: int) -> bool:
    """Tell whether the block is an item of a list that the article makes.

    Dots are also what pages put before other stories, so they need a colon above them.
    """
    block = judged[at].block
    if judged[at].kind not in {"line", "short"} or not block.bullet or block.is_link:
        return False
    while at and judged[at].block.bullet:
        at -= 1
    above = judged[at]
    led = block.bullet in "-*+" or block.bullet[0].isdigit() or above.block.plain.endswith(":")
    return above.kind == "text" and not above.block.bullet and led


def _trim_credit(text: str, block: Block, kind: str) -> tuple[int, int] | None:
    """Take credits, and the page's own sentences, off the end of the block."""
    spans = list(split_sentences(text, block.start, block.end))
    while spans:
        last = " ".join(text[slice(*spans[-1])].split())
        credit = (
            signs.ends_in_credit(last)
            if kind == "caption"
            else signs.is_fragment(last) and signs.is_credit(last)
        )
        if not credit and not (notices.is_notice(last) or notices.is_labelled(last)):
            break
        if kind == "text" and len(spans) == 1:
            break
        spans.pop()
    return (spans[0][0], _before_brackets(text, *spans[-1], kind)) if spans else None


def _before_brackets(text: str, start: int, end: int, kind: str) -> int:
    """Where the sentence ends without the credit in brackets at its end."""
    if kind == "caption":
        brackets = re.search(r"\s*[(\[][^()\[\]]{1,120}[)\]]\W{0,3}\Z", text[start:end])
        if brackets and signs.is_credit(brackets.group()):
            return start + brackets.start()
    return end


def _paragraphs(text: str, page: _Page) -> tuple[Paragraph, ...]:
    paragraphs = []
    for at, item in enumerate(page.judged):
        if kind := _place(page, at):
            block = item.block
            whole = (block.start, block.end)
            span = whole if kind == "heading" else _trim_credit(text, block, kind)
            if span is not None:
                paragraphs.append(Paragraph(start=span[0], end=span[1], kind=kind))
    return tuple(paragraphs)


def shorten(sentence: str) -> str:
    """Shorten ``sentence`` to a title, at a word's end."""
    line = " ".join(sentence.split())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[: LONGEST_TITLE - 1].rpartition(" ")[0].rstrip(" ,;:—–-") + "…"


def clean_text(text: str, start: int = 0) -> Body:
    """Find the article in ``text``, from ``start`` on.

    Paragraphs are in order and do not overlap; there are none when no running text is found. The
    title is not among them, unless there is no headline and the first sentence serves as one.
    """
    blocks = read_blocks(text, start)
    names = find_names(block.plain for block in blocks)
    stopless = has_no_stops(blocks)
    for relaxed, merge in ((stopless, True), (stopless, False), (True, False)):
        judged = judge_blocks(blocks, names=names, relaxed=relaxed, merge=merge)
        start_of_text = _first_sure(judged)
        end = _last_sure(judged)
        title = find_headline(judged, start_of_text, end)
        page = _Page(judged=judged, title=title, start=start_of_text, end=end)
        paragraphs = _paragraphs(text, page)
        if any(paragraph.kind == "text" for paragraph in paragraphs):
            headline = None if title is None else shorten(judged[title].block.plain)
            return Body(title=headline, paragraphs=paragraphs)
    return Body(title=None, paragraphs=())
