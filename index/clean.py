"""A page's text → the article in it: its title and its paragraphs, as spans.

Every block is first judged by itself (``signs``), then by its place: what stands between two
paragraphs of running text, what comes before the first and after the last. What is left out is
only left outside the spans; the text itself is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index import signs
from index.lines import Block, read_blocks
from index.split import split_sentences
from index.types import Paragraph

# A paragraph of this many words marks where the article begins and ends.
SURE_WORDS = 12
# A headline has most of its words in common with the article below it.
COMMON_WORDS = 0.5
# An outlet's name has fewer of them than this.
TELLING_WORDS = 2
# Headlines and subheads, in words, and a title made of a sentence, in characters.
LONGEST_HEADLINE, LONGEST_SUBHEAD, LONGEST_TITLE = 30, 14, 120
# What follows "Related" or "Comments" is dropped if it is less than this share of the text.
LARGEST_END = 0.4

Kind = Literal["text", "short", "caption", "line", "notice", "page"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """The article in a text: ``title`` is None when the text has no headline of its own."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    """A block and what it is taken for: ``page`` is furniture, ``line`` is still undecided."""

    block: Block
    kind: Kind
    words: int


def _judge(block: Block, *, relaxed: bool) -> Kind:
    """Judge ``block`` by itself."""
    plain = block.plain
    if not any(map(str.isalnum, plain)) or signs.is_labelled(plain) or signs.is_stamp(plain):
        return "page"
    if signs.is_notice(plain) and _is_all_notice(plain):
        return "notice"
    if signs.is_credit(plain) or signs.is_furniture(plain):
        return "page"
    if block.heading or block.is_link:
        return "line"
    if signs.is_caption(plain) and signs.measure(plain).words >= 6:  # noqa: PLR2004
        return "caption"
    if signs.is_sentence(plain, relaxed=relaxed):
        return "text"
    return "short" if signs.is_short_sentence(plain) else "line"


def _is_all_notice(plain: str) -> bool:
    """Tell whether no sentence of ``plain`` is the article's own."""
    sentences = [plain[start:end] for start, end in split_sentences(plain, 0, len(plain))]
    if signs.is_about_itself(sentences[0]) or signs.is_legal(sentences[0]):
        return True
    return not any(
        signs.is_sentence(sentence)
        and not signs.is_notice(sentence)
        and not signs.addresses_reader(sentence)
        for sentence in sentences
    )


def _judge_all(blocks: Sequence[Block], *, relaxed: bool) -> list[_Judged]:
    judged = [
        _Judged(
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


def _may_head(item: _Judged) -> bool:
    return item.words <= LONGEST_SUBHEAD and not signs.measure(item.block.plain).stopped


def _has_no_stops(blocks: Sequence[Block]) -> bool:
    """Tell whether the text's sentences end without stops."""
    shapes = [signs.measure(block.plain) for block in blocks]
    running = [shape for shape in shapes if shape.words >= 8 and shape.small >= 0.4]  # noqa: PLR2004
    stopped = sum(shape.stopped for shape in running)
    return len(running) > 1 and len(running) > 4 * stopped


def _terms(plain: str) -> frozenset[str]:
    """The words of ``plain`` that carry meaning, cut so that their forms agree."""
    found = re.findall(r"[^\W_]{4,}|\d+", plain.casefold())
    return frozenset(word[:5] for word in found)


def _overlap(plain: str, terms: frozenset[str]) -> float:
    own = _terms(plain)
    return len(own & terms) / max(1, len(own))


def _merge_repeated(judged: list[_Judged]) -> list[_Judged]:
    """Keep one copy, as a caption, of a paragraph that stands twice in a row."""
    merged: list[_Judged] = []
    for item in judged:
        last = merged[-1] if merged else None
        if last and last.kind in {"text", "caption"} and _repeats(last, item):
            longer = max(last, item, key=lambda copy: copy.kind == "caption")
            merged[-1] = replace(longer, kind="caption")
        else:
            merged.append(item)
    return merged


def _repeats(item: _Judged, other: _Judged) -> bool:
    """Tell whether both say the same but for a credit at the end of one."""
    first, second = sorted((item.block.plain, other.block.plain), key=len)
    enough = item.words >= 5 and len(first) >= 0.6 * len(second)  # noqa: PLR2004
    return enough and second.casefold().startswith(first.casefold().rstrip(" ."))


def _drop_repeated_lines(judged: list[_Judged]) -> list[_Judged]:
    """A line that is no sentence and stands in the text again and again is the page's."""
    times: dict[str, int] = {}
    for item in judged:
        times[item.block.plain.casefold()] = times.get(item.block.plain.casefold(), 0) + 1
    return [
        replace(item, kind="page")
        if item.kind in {"line", "short"} and times[item.block.plain.casefold()] > 2  # noqa: PLR2004 a headline may stand twice
        else item
        for item in judged
    ]


def _is_sure(item: _Judged) -> bool:
    return (
        item.kind == "text"
        and item.words >= SURE_WORDS
        and not signs.addresses_reader(item.block.plain)
    )


def _cut_end(judged: list[_Judged]) -> list[_Judged]:
    """Cut what follows a line such as "Related stories", unless the article goes on after it."""
    total = sum(item.words for item in judged if _is_sure(item))
    before = 0
    for at, item in enumerate(judged):
        before += item.words if _is_sure(item) else 0
        if item.kind in {"line", "page"} and signs.ends_article(item.block.plain):
            after = total - before
            if before and after < LARGEST_END * total:
                return judged[:at]
    return judged


def _first_sure(judged: Sequence[_Judged]) -> int:
    """Where the running text sets in; the number of blocks if it never does."""
    sure = (at for at, item in enumerate(judged) if _is_sure(item))
    other = (at for at, item in enumerate(judged) if item.kind in {"text", "caption", "short"})
    return next(sure, next(other, len(judged)))


def _last_sure(judged: Sequence[_Judged]) -> int:
    sure = [
        at for at, item in enumerate(judged) if _is_sure(item) and not _presents_author(judged, at)
    ]
    return sure[-1] if sure else len(judged) - 1


def _presents_author(judged: Sequence[_Judged], at: int) -> bool:
    """Tell whether the block presents whom a line elsewhere names as the author."""
    name = signs.presented_author(judged[at].block.plain)
    return name is not None and any(
        name.casefold() in item.block.plain.casefold() for item in judged if item.kind != "text"
    )


def _headlines(judged: Sequence[_Judged], start: int) -> list[int]:
    """Where headlines may stand before ``start``."""
    return [
        at
        for at, item in enumerate(judged[:start])
        if item.words <= LONGEST_HEADLINE
        and (item.kind == "line" or _asks(item))
        and not signs.is_byline(item.block.plain)
        and signs.measure(item.block.plain).letters >= 0.5  # noqa: PLR2004
    ]


def _asks(item: _Judged) -> bool:
    """Tell whether the item is one question, as some headlines are."""
    plain = item.block.plain
    one = len(split_sentences(plain, 0, len(plain))) == 1
    return item.kind == "text" and item.words < SURE_WORDS and plain.endswith("?") and one


def _find_title(judged: Sequence[_Judged], start: int) -> int | None:
    """Find the headline: the first that shares its words with the text, or its later copy."""
    candidates = _headlines(judged, start)
    marked = [at for at in candidates if judged[at].block.heading == 1]
    if marked:
        return marked[0]
    running = [item.block.plain for item in judged[start:] if item.kind in {"text", "short"}]
    body = _terms(" ".join(running))
    fitting = [at for at in candidates if _fits(judged[at].block.plain, body)]
    if not fitting:
        return max(candidates, key=lambda at: min(judged[at].words, 10), default=None)
    named = [at for at in fitting if len(_terms(judged[at].block.plain) & body) >= TELLING_WORDS]
    first = (named or fitting)[0]
    while first - 1 in candidates and _is_above(judged[first - 1], judged[first], body):
        first -= 1
    terms = _terms(judged[first].block.plain)
    copies = [at for at in fitting if _overlap(judged[at].block.plain, terms) >= COMMON_WORDS]
    return max([first, *copies])


def _is_above(item: _Judged, below: _Judged, body: frozenset[str]) -> bool:
    """Tell whether ``item`` is the headline over the longer line ``below``."""
    shares = bool(_terms(item.block.plain) & body)
    return shares and 3 < item.words < below.words  # noqa: PLR2004


def _fits(plain: str, body: frozenset[str]) -> bool:
    """Tell whether ``plain`` may head a text of the words ``body``."""
    common = len(_terms(plain) & body)
    return common > 1 or _overlap(plain, body) >= COMMON_WORDS


def _is_subhead(item: _Judged, before: _Judged | None) -> bool:
    """Tell whether the line ``item``, just before running text, heads it."""
    plain = item.block.plain
    if item.kind != "line" or item.block.is_link:
        return False
    if item.block.heading:
        return True
    shape = signs.measure(plain)
    headed = before is not None and before.kind == "line" and before.words >= 3  # noqa: PLR2004
    return (
        1 <= shape.words <= LONGEST_SUBHEAD
        and shape.letters >= 0.6  # noqa: PLR2004
        and not plain[0].islower()
        and not headed
        and not signs.is_byline(plain)
        and not any(len(word) > 30 for word in plain.split())  # noqa: PLR2004 hashes, addresses
    )


def _keep(judged: Sequence[_Judged], title: int | None) -> list[tuple[Block, str]]:
    """Choose what belongs to the article, and as what."""
    start, end = _first_sure(judged), _last_sure(judged)
    kept: list[tuple[Block, str]] = []
    for at, item in enumerate(judged):
        before = judged[at - 1] if at else None
        if at == title:
            continue
        if item.kind == "caption":
            kept.append((item.block, "caption"))
        elif item.kind == "text":
            if at <= end or _belongs_at_end(judged, at):
                kept.append((item.block, _text_kind(judged, at, title)))
        elif item.kind == "short":
            if start < at and (_follows(judged, at) or _leads(judged, at)):
                kept.append((item.block, "text"))
        elif _is_item(judged, at):
            kept.append((item.block, "text"))
        elif start < at and _leads(judged, at) and _is_subhead(item, before):
            kept.append((item.block, "heading"))
    return kept


def _text_kind(judged: Sequence[_Judged], at: int, title: int | None) -> str:
    """A sentence above the headline that says the same is the page's title."""
    if title is None or at > title:
        return "text"
    terms = _terms(judged[title].block.plain)
    same = _overlap(judged[at].block.plain, terms) >= COMMON_WORDS
    return "heading" if same and judged[at].words <= LONGEST_HEADLINE else "text"


def _follows(judged: Sequence[_Judged], at: int) -> bool:
    return at > 0 and judged[at - 1].kind in {"text", "short"}


def _belongs_at_end(judged: Sequence[_Judged], at: int) -> bool:
    """Tell whether a short paragraph after the last long one is still the article's."""
    plain = judged[at].block.plain
    if _presents_author(judged, at) or (signs.addresses_reader(plain) and signs.calls(plain)):
        return False
    if _follows(judged, at):
        return True
    return not signs.addresses_reader(plain) and not plain.endswith("?")


def _leads(judged: Sequence[_Judged], at: int) -> bool:
    """Tell whether running text, or a lower heading, follows the block."""
    following = judged[at + 1] if at + 1 < len(judged) else None
    if following is None:
        return False
    if judged[at].block.heading and following.block.heading > judged[at].block.heading:
        return True
    return following.kind in {"text", "short"} or _is_item(judged, at + 1)


def _is_item(judged: Sequence[_Judged], at: int) -> bool:
    """Tell whether the block is an item of a list that the article makes."""
    item = judged[at]
    if item.kind not in {"line", "short"} or not item.block.is_bullet or item.block.is_link:
        return False
    while at and judged[at].block.is_bullet:
        at -= 1
    return judged[at].kind == "text" and not judged[at].block.is_bullet


def _trim_credit(text: str, block: Block, kind: str) -> tuple[int, int] | None:
    """Take credits, and the page's own sentences, off the end of the block."""
    spans = list(split_sentences(text, block.start, block.end))
    while spans:
        last = " ".join(text[slice(*spans[-1])].split())
        fragment = not signs.is_sentence(last) and not signs.is_short_sentence(last)
        credit = fragment if kind == "caption" else fragment and signs.is_credit(last)
        if not credit and not (signs.is_notice(last) or signs.is_labelled(last)):
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


def _paragraphs(text: str, kept: Sequence[tuple[Block, str]]) -> tuple[Paragraph, ...]:
    paragraphs = []
    for block, kind in kept:
        span = _trim_credit(text, block, kind) if kind != "heading" else (block.start, block.end)
        if span is not None:
            paragraphs.append(Paragraph(start=span[0], end=span[1], kind=kind))  # type: ignore[arg-type]
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
    for relaxed in (_has_no_stops(blocks), True):
        judged = _drop_repeated_lines(_merge_repeated(_judge_all(blocks, relaxed=relaxed)))
        judged = _cut_end(judged)
        title = _find_title(judged, _first_sure(judged))
        paragraphs = _paragraphs(text, _keep(judged, title))
        if any(paragraph.kind == "text" for paragraph in paragraphs):
            headline = None if title is None else shorten(judged[title].block.plain)
            return Body(title=headline, paragraphs=paragraphs)
    return Body(title=None, paragraphs=())
