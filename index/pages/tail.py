"""Judged blocks → the same, with what trails the article marked as the page's own.

What stands after the last real paragraph is suspect: small ads, pitches, praise of the paper,
questions that lead to other stories. The same words inside the article are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.pages import notices
from index.pages.masthead import promotes

if TYPE_CHECKING:
    from index.pages.judge import Judged

# In words: a small ad, a question that leads to another story.
LONGEST_ADVERT, LONGEST_TEASER = 25, 14
# So many questions in a row are no paragraphs of an article.
MANY_TEASERS = 3

# A small ad opens in capitals: "FOR SALE: …", "CAR BOOT SALE, …".
_LABELLED = re.compile(r"\W*[A-Z]{2,}(?:[ '’&/-]{1,3}[A-Z]{1,}){0,5}(?:\s?[:—–]|,|\.)\s+\S")
_ADVERT = re.compile(
    r"\W*(?:for (?:sale|rent|hire|lease)|wanted|help wanted|to let|lost|found|lost and found"
    r"|free to|situations? (?:vacant|wanted)|vacanc(?:y|ies)|tuition|yard sale|garage sale"
    r"|car boot sale|rooms? to let|personals?|lonely hearts?|swap"
    r"|giveaway|classifieds?|small ads?)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[“”\"]|\b(?:said|says|told)\b")
_PITCH = re.compile(
    r"\W*(?:did you |do you )?(?:enjoy(?:ed|ing)?|liked?|loved?) (?:reading |what )?"
    r"(?:this|you|our)\b[^.?!]{0,40}\?"
    r"|\W*(?:was|did) (?:this|you find)\b[^.?!]{0,30}\b(?:useful|helpful|interesting)[^.?!]{0,9}\?"
    r"|\W*(?:got|have you got|do you have) (?:a |an |any )?(?:story|tip|news|views?|comments?"
    r"|question)s?\b[^.?!]{0,60}\?",
    re.IGNORECASE,
)


def _is_question(item: Judged) -> bool:
    return item.words <= LONGEST_TEASER and item.block.plain.endswith("?")


def _is_advert(item: Judged) -> bool:
    plain = item.block.plain
    labelled = _LABELLED.match(plain) is not None and item.words <= LONGEST_ADVERT
    return labelled and _SPOKEN.search(plain) is None


def _is_pitch(item: Judged, names: re.Pattern[str] | None) -> bool:
    plain = item.block.plain
    return _PITCH.match(plain) is not None or (names is not None and promotes(plain, names))


def _is_suspect(item: Judged, names: re.Pattern[str] | None) -> bool:
    if item.kind in {"line", "page", "notice"}:
        return True
    return (
        _is_question(item)
        or _is_advert(item)
        or _is_pitch(item, names)
        or notices.calls_reader(item.block.plain)
    )


def _teasers(trail: Sequence[Judged]) -> set[int]:
    """The questions that lead to other stories: below a line of their own, or many in a row."""
    asked = [at for at, item in enumerate(trail) if _is_question(item)]
    lined = next((at for at, item in enumerate(trail) if item.kind not in {"text", "short"}), None)
    return {at for at in asked if len(asked) >= MANY_TEASERS or (lined is not None and at > lined)}


def _adverts(trail: Sequence[Judged]) -> set[int]:
    """Small ads: all that bear such labels, if one of them sells, seeks or lets."""
    labelled = {at for at, item in enumerate(trail) if _is_advert(item)}
    sells = any(_ADVERT.match(trail[at].block.plain) for at in labelled)
    return labelled if sells else set()


def mark_trail(judged: Sequence[Judged], names: re.Pattern[str] | None) -> list[Judged]:
    """Mark as notices what trails the article and is none of it.

    ``names`` matches how the page calls itself, if it does.
    """
    start = len(judged)
    while start and _is_suspect(judged[start - 1], names):
        start -= 1
    trail = judged[start:]
    pitches = {at for at, item in enumerate(trail) if _is_pitch(item, names)}
    junk = (pitches | _teasers(trail) | _adverts(trail)) if start else set()
    marked = [replace(item, kind="notice") if at in junk else item for at, item in enumerate(trail)]
    return [*judged[:start], *marked]
