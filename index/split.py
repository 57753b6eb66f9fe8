"""Article → passages and sentences, each an exact span of the article's text.

A sentence ends at a stop, unless the stop belongs to an abbreviation, an initial or a number, or
what follows carries the sentence on. The rules are for English news and degrade softly: text
without stops stays whole up to ``MAX_SENTENCE``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.types import Article, Paragraph, Passage, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

# Passages of 60 and of 100 words retrieved worse.
WORDS_PER_PASSAGE = 190
# A "sentence" longer than this has no stops; it is cut so that it can be quoted at all.
MAX_SENTENCE = 1200
# How many words a passage may be off its share to end where a paragraph ends.
PARAGRAPH_WORTH = 20
# How much of the text around a stop is looked at, in characters.
LOOK_BACK, LOOK_AHEAD = 40, 80

Span = tuple[int, int]

# A run of stops or closers is taken whole (``++``), or a long one costs the square of its length.
_CLOSERS = r"(?:[\"'”’»)\]]|\[\d+\])*+"
_STOP = re.compile(
    rf"(?<![.!?…؟])(?P<stop>[.!?…؟]++)(?P<close>{_CLOSERS}(?:[\u00a0\u202f]»)?)(?=\s|$)"
    r"|(?P<wide>[。！？｡।۔]+)[」』”’）)]*"
    r"|(?P<blank>\n[^\S\n]*\r?\n|\r[^\S\r\n]*\r)"
    r"|(?P<item>[\r\n]+[^\S\r\n]*(?=(?:[-*•–]|\d{1,3}[.)])[^\S\r\n]))"
)
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’()\[\]—–/]+$")
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[]*([^\W_]+(?:['’][^\W_]+)?)")
_ATTRIBUTION = re.compile(
    r"\s*(?:[A-Z][\w.’'-]*\s+){1,4}"
    r"(?:said|says|asked|asks|told|added|replied|wrote|shouted|cried|wondered|answered)\b"
)

# A name, a number or an example always follows these; the first kind is capitalised.
_TITLES = frozenset(
    """
    mr mrs ms mx dr prof gen maj col lt sgt cpl pvt capt cmdr cdr adm brig supt insp det sen rep gov
    pres sec rev fr hon messrs mme mlle st mt ft ch nos reps sens gens govs drs spc ssgt amb atty
    asst assoc
    """.split()
)
_NEVER_LAST = frozenset("vs v cf viz e.g i.e ca approx pp vol".split())
# A day or a number follows these; otherwise they may end a sentence.
_BEFORE_DIGIT = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec no p fig art op".split()
)
# These stand inside a sentence as well as at its end: what follows decides.
_NAMES = frozenset(
    """
    co inc ltd corp plc jr sr bros ave blvd rd dept univ assn llc ala ariz ark calif colo conn del
    fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash
    wis wyo ont que alta mon tue tues wed thu thur thurs fri sat sun ph.d
    """.split()
)
_MAY_BE_LAST = frozenset("etc al est intl natl km kg mph".split())
# After an hour a new sentence may begin with any word but these.
_AFTER_HOUR = re.compile(
    r"\s*(?:[A-Z]{2,4}\b|\w+ time\b|(?:Eastern|Central|Mountain|Pacific|Greenwich)\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[a-z]*\.? \d)"
)
# Words that begin a sentence and hardly ever stand capitalised inside one.
_STARTERS = frozenset(
    """
    a about after all also although among an and another any are as at because before both but by
    can despite did do does during each earlier even every few following for from had has have he
    her here his how however i if in instead is it its it's i'm last later many meanwhile more most
    my nearly neither next no nobody nor not now of officials on once one only or other others our
    over people police put several she since so some still such than that the their then there these
    they this those though three to today tomorrow two under unlike until we what when where whether
    which while who why will with without yesterday yet you your he's she's that's there's they're
    we're what's don't
    """.split()
)


class _Unit(NamedTuple):
    """Sentences that are not parted: one sentence, or headings with the sentence they lead to."""

    sentences: tuple[Sentence, ...]
    words: int


def _may_be_last(token: str, word: str) -> bool:
    """Tell whether ``token`` is an abbreviation that stands inside and at the end of sentences."""
    initial = len(token) == 1 and token.isupper()
    dotted = "." in word and max(map(len, word.split("."))) <= 2  # noqa: PLR2004 "U.S", "a.m"
    return initial or dotted or word in _MAY_BE_LAST or (token[0].isupper() and word in _NAMES)


def _ends_at_dot(token: str, following: str) -> bool:
    """Tell whether a single "." after the word ``token`` ends the sentence."""
    word = token.lower()
    if word in _NEVER_LAST or (token[0].isupper() and word in _TITLES):
        return False
    if word in _BEFORE_DIGIT:
        return not following.lstrip()[:1].isdigit()
    if word in {"a.m", "p.m"}:
        return not _AFTER_HOUR.match(following)
    if not _may_be_last(token, word):
        return True
    starts = _NEXT_WORD.match(following)
    return starts is not None and starts.group(1).lower().replace("’", "'") in _STARTERS


def _carries_on(match: re.Match[str], following: str) -> bool:
    """Tell whether what follows the stop is the same sentence still."""
    ahead = following.lstrip()
    if not ahead:
        return False
    if ahead.lstrip("\"'“‘«([¿¡„*_")[:1].islower() or ahead[0] in "—–-,;:)":
        return True
    asks = match.group("stop")[-1] in "!?" and match.group("close")
    return bool(asks) and _ATTRIBUTION.match(following) is not None


def _ends(text: str, match: re.Match[str]) -> bool:
    """Tell whether the stop that ``match`` found in ``text`` ends a sentence."""
    stop, following = match.group("stop"), text[match.end() : match.end() + LOOK_AHEAD]
    if stop is None:
        return True
    if _carries_on(match, following):
        return False
    head = text[max(0, match.start() - LOOK_BACK) : match.start()]
    word = _WORD_BEFORE.search(head)
    if stop != "." or word is None or not following.strip():
        return True
    numbers_a_line = word.group().isdigit() and not head[: word.start()].rpartition("\n")[2].strip()
    return not numbers_a_line and _ends_at_dot(word.group(), following)


def _cut(body: str, start: int, end: int) -> Iterator[Span]:
    """Yield ``start:end`` in pieces of at most ``MAX_SENTENCE``, cut at a clause or a space."""
    while end - start > MAX_SENTENCE:
        window = body[start : start + MAX_SENTENCE]
        clause = max(window.rfind(mark) for mark in ("; ", ": ", ", ", "\n")) + 1
        space = max(window.rfind(" "), window.rfind("\n"), window.rfind("\t"))
        size = next((at for at in (clause, space) if at > MAX_SENTENCE // 2), MAX_SENTENCE)
        yield start, start + size
        start += size
    yield start, end


def _trim(body: str, start: int, end: int) -> Span:
    piece = body[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + len(piece.rstrip())


def split_sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Split ``text[start:end]`` into the spans of its sentences.

    The spans are offsets into ``text``, in order, without overlap, trimmed of white space, and
    cover every other character. None is longer than ``MAX_SENTENCE``.
    """
    body = text[start:end]
    stops = [match.end() for match in _STOP.finditer(body) if _ends(body, match)]
    edges = [0, *stops, len(body)]
    pieces = (
        _trim(body, *piece)
        for left, right in pairwise(edges)
        for piece in _cut(body, *_trim(body, left, right))
    )
    return tuple((start + left, start + right) for left, right in pieces if left < right)


def count_words(text: str) -> int:
    """Count the words of ``text``; scripts without spaces count a word per eight characters."""
    return max(len(text.split()), len(text) // 8)


def _sentences(text: str, number: int, paragraph: Paragraph) -> Iterator[Sentence]:
    spans: tuple[Span, ...] = ((paragraph.start, paragraph.end),)
    if paragraph.kind != "heading":
        spans = split_sentences(text, *spans[0])
    for start, end in spans:
        yield Sentence(start=start, end=end, paragraph=number, kind=paragraph.kind)


def _runs(article: Article) -> Iterator[list[Sentence]]:
    """Yield the sentences of paragraphs that follow each other with nothing dropped between."""
    run: list[Sentence] = []
    for number, paragraph in enumerate(article.paragraphs, start=1):
        if run and not _adjoins(article.text[run[-1].end : paragraph.start]):
            yield run
            run = []
        run.extend(_sentences(article.text, number, paragraph))
    if run:
        yield run


def _adjoins(gap: str) -> bool:
    """Tell whether only white space or Markdown's marks lie in ``gap``."""
    return re.fullmatch(r"[\s#>*_+•-]*(?:\d{1,3}[.)]\s*)?", gap) is not None


def _units(text: str, run: list[Sentence]) -> list[_Unit]:
    """Join each heading to the sentence after it."""
    units: list[_Unit] = []
    pending: list[Sentence] = []
    for sentence in run:
        pending.append(sentence)
        if sentence.kind != "heading":
            units.append(_unit(text, pending))
            pending = []
    if pending:
        units.append(_unit(text, pending))
    return units


def _unit(text: str, sentences: list[Sentence]) -> _Unit:
    words = sum(count_words(text[sentence.start : sentence.end]) for sentence in sentences)
    return _Unit(tuple(sentences), words)


def _balance(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Part ``units`` into passages of about equal size, by preference where a paragraph ends."""
    total = sum(unit.words for unit in units)
    passages = max(1, round(total / WORDS_PER_PASSAGE))
    edges, so_far = [], 0
    for before, after in pairwise(units):
        so_far += before.words
        same = before.sentences[-1].paragraph == after.sentences[0].paragraph
        edges.append((so_far, PARAGRAPH_WORTH if same else 0))
    begin = 0
    for number in range(1, passages):
        target = total * number / passages
        candidates = range(begin, len(edges))
        if not candidates:
            break
        best = min(candidates, key=lambda at: abs(edges[at][0] - target) + edges[at][1])
        yield units[begin : best + 1]
        begin = best + 1
    yield units[begin:]


def split_article(article: Article) -> tuple[Passage, ...]:
    """Split ``article`` into passages of about ``WORDS_PER_PASSAGE`` words, whole sentences each.

    Every sentence of every paragraph is in exactly one passage, in order. A passage never runs
    over text that was left out of the paragraphs; a heading opens the passage of what follows it.
    """
    passages: list[Passage] = []
    for run in _runs(article):
        for units in _balance(_units(article.text, run)):
            sentences = tuple(sentence for unit in units for sentence in unit.sentences)
            start, end = sentences[0].start, sentences[-1].end
            number = len(passages)
            passages.append(Passage(number=number, start=start, end=end, sentences=sentences))
    return tuple(passages)
