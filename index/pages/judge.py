"""Blocks → what each is taken for: running text, a caption, a line, the page's furniture.

A block is judged by itself, by the signs it bears, then by whether it is repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.pages import notices, signs
from index.pages.masthead import may_publish, names_pattern
from index.pages.tail import mark_trail
from index.split import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.pages.lines import Block

# A paragraph of this many words is surely running text.
SURE_WORDS = 12
# A line of more words than this is no subhead.
LONGEST_SUBHEAD = 14
# What follows "Related" or "Comments" is dropped if it is less than this share of the text.
LARGEST_END = 0.3
# A headline may stand twice; a line that stands more often is the page's.
MOST_COPIES = 2
# Shorter ones, in words, may be said twice.
SHORTEST_COPY = 5
# Four of five sentences without a stop: the text is written so.
STOPLESS = 4

_IN_BRACKETS = re.compile(r"[.!?…\w][\"”’]?\s*[(\[](?P<name>[^()\[\]]{2,60})[)\]]\W?\Z")

Kind = Literal["text", "short", "caption", "line", "notice", "page"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A block and what it is taken for.

    ``short`` is a sentence of a few words, ``line`` no sentence (a headline, a subhead, a menu),
    ``notice`` a sentence of the page's own, ``page`` its furniture.
    """

    block: Block
    kind: Kind
    words: int


def _judge(block: Block, *, relaxed: bool) -> Kind:
    """Judge ``block`` by itself."""
    plain = block.plain
    is_caption = signs.is_caption(plain)
    if _is_furniture(plain) or (signs.is_credit(plain) and not is_caption):
        return "page"
    if notices.is_notice(plain) and _is_all_notice(plain):
        return "notice"
    if block.heading or block.is_link:
        return "line"
    if is_caption:
        return "caption"
    if signs.is_sentence(plain, relaxed=relaxed):
        return "text"
    return "short" if signs.is_short_sentence(plain) else "line"


def _is_furniture(plain: str) -> bool:
    return (
        not any(map(str.isalnum, plain))
        or notices.is_labelled(plain)
        or signs.is_stamp(plain)
        or notices.is_furniture(plain)
        or signs.is_menu(plain)
    )


def _is_all_notice(plain: str) -> bool:
    """Tell whether no sentence of ``plain`` is the article's own."""
    sentences = [plain[start:end] for start, end in split_sentences(plain, 0, len(plain))]
    if notices.is_about_itself(sentences[0]) or notices.is_legal(sentences[0]):
        return True
    return not any(
        signs.is_sentence(sentence)
        and not notices.is_notice(sentence)
        and not notices.addresses_reader(sentence)
        for sentence in sentences
    )


def _judge_all(blocks: Sequence[Block], *, relaxed: bool) -> list[Judged]:
    judged = [
        Judged(
            block=block,
            kind=_judge(block, relaxed=relaxed),
            words=signs.measure(block.plain).words,
        )
        for block in blocks
    ]
    texts = [at for at, item in enumerate(judged) if item.kind == "text"]
    if relaxed and len(texts) > 1 and _may_head(judged[texts[0]]):
        judged[texts[0]] = replace(judged[texts[0]], kind="line")
    return judged


def _may_head(item: Judged) -> bool:
    return item.words <= LONGEST_SUBHEAD and not signs.measure(item.block.plain).stopped


def has_no_stops(blocks: Sequence[Block]) -> bool:
    """Tell whether the text's sentences end without stops."""
    shapes = [signs.measure(block.plain) for block in blocks]
    running = [shape for shape in shapes if shape.words >= 8 and shape.small >= 0.4]  # noqa: PLR2004
    stopped = sum(shape.stopped for shape in running)
    return len(running) > 1 and len(running) > STOPLESS * stopped


def _merge_repeated(judged: list[Judged]) -> list[Judged]:
    """Keep one copy, as a caption, of a paragraph that stands twice in a row."""
    merged: list[Judged] = []
    for item in judged:
        last = merged[-1] if merged else None
        if last and last.kind in {"text", "caption"} and _repeats(last, item):
            longer = max(last, item, key=lambda copy: len(copy.block.plain))
            merged[-1] = replace(longer, kind="caption")
        else:
            merged.append(item)
    return merged


def _repeats(item: Judged, other: Judged) -> bool:
    """Tell whether both say the same but for a credit at the end of one."""
    first, second = sorted((item.block.plain, other.block.plain), key=len)
    rest = second[len(first) :]
    same = second.casefold().startswith(first.casefold().rstrip(" ."))
    return item.words >= SHORTEST_COPY and same and not signs.is_sentence(rest.strip(" .") or "-")


def _drop_repeated_lines(judged: list[Judged]) -> list[Judged]:
    """A line that is no sentence and stands in the text again and again is the page's."""
    times: dict[str, int] = {}
    for item in judged:
        times[item.block.plain.casefold()] = times.get(item.block.plain.casefold(), 0) + 1
    return [
        replace(item, kind="page")
        if item.kind == "line" and times[item.block.plain.casefold()] > MOST_COPIES
        else item
        for item in judged
    ]


def is_sure(item: Judged) -> bool:
    """Tell whether the block is surely the article's own text."""
    return (
        item.kind == "text"
        and item.words >= SURE_WORDS
        and not notices.addresses_reader(item.block.plain)
    )


def _cut_end(judged: list[Judged]) -> list[Judged]:
    """Cut what follows a line such as "Related stories", unless the article goes on after it."""
    total = sum(item.words for item in judged if is_sure(item))
    before = 0
    for at, item in enumerate(judged):
        before += item.words if is_sure(item) else 0
        if item.kind in {"line", "page"} and notices.ends_article(item.block.plain):
            after = total - before
            if before and after < LARGEST_END * total:
                return judged[:at]
    return judged


def presents_author(judged: Sequence[Judged], at: int) -> bool:
    """Tell whether the block presents whom a line elsewhere names as the author."""
    name = notices.presented_author(judged[at].block.plain)
    return name is not None and any(
        name.casefold() in item.block.plain.casefold() for item in judged if item.kind != "text"
    )


def _find_named_captions(judged: list[Judged], names: re.Pattern[str] | None) -> list[Judged]:
    """Take for captions what ends in the page's own name in brackets.

    An agency may sign its paragraphs so: then there are many, or it is the last.
    """
    named = [at for at, item in enumerate(judged) if names is not None and _is_named(item, names)]
    texts = [at for at, item in enumerate(judged) if item.kind == "text"]
    signed = len({*named, *texts[-1:]}.intersection(texts)) * 2 > len(texts)
    return [
        replace(item, kind="caption")
        if at in named and not (item.kind == "text" and (signed or at == texts[-1]))
        else item
        for at, item in enumerate(judged)
    ]


def _is_named(item: Judged, names: re.Pattern[str]) -> bool:
    """Tell whether a description ends in the page's name in brackets, as a credit."""
    found = _IN_BRACKETS.search(item.block.plain)
    return (
        found is not None
        and item.kind in {"text", "line"}
        and signs.SHORTEST_DESCRIPTION <= item.words <= signs.LONGEST_CAPTION
        and names.fullmatch(found.group("name")) is not None
    )


def judge_blocks(
    blocks: Sequence[Block],
    *,
    names: Sequence[str] = (),
    relaxed: bool = False,
    merge: bool = True,
) -> tuple[Judged, ...]:
    """Judge ``blocks``, up to where the article ends.

    ``names`` are those under which the page appears; ``relaxed`` takes for text what has neither
    stops nor small letters; ``merge`` makes one caption of a paragraph that stands twice in a row.
    """
    judged = _find_named_captions(_judge_all(blocks, relaxed=relaxed), names_pattern(names))
    judged = _merge_repeated(judged) if merge else judged
    told = "\n".join(item.block.plain for item in judged[:-1] if is_sure(item))
    quiet = [name for name in names if may_publish(name, told)]
    return tuple(mark_trail(_cut_end(_drop_repeated_lines(judged)), names_pattern(quiet)))
