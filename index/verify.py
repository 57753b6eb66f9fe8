"""The last step: nothing is shown that does not stand in the articles, letter for letter.

Whatever produced an answer, it passes ``verify_quotes``. What is not a literal slice of its
article is dropped and logged, never repaired: a repaired quote is an invented one.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.language.alike import is_same_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.types import Answer, Citation, Difference, DifferingValue, Place, Quote

NOT_SAID = "The articles don't say."

_logger = logging.getLogger(__name__)

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")


def is_literal(text: str, source: str, start: int, end: int) -> bool:
    """Whether ``text`` is exactly ``source[start:end]``, and no empty or wrapped slice."""
    return 0 <= start < end <= len(source) and source[start:end] == text


def join_quotes(quotes: Iterable[Quote]) -> str:
    """The quotes in prose, each in quotation marks and with its citation's number."""
    return " ".join(f"“{quote.text}” [{quote.number}]" for quote in quotes)


def verify_quotes(answer: Answer, texts: Mapping[str, str]) -> Answer:
    """``answer`` with only what the articles bear out.

    ``texts`` maps an article's path to its full text; an article that is not in it bears nothing
    out. Citation numbers stay as they are; citations that nothing uses any more are dropped. When
    no quote is left, the answer is no longer grounded and says so.
    """
    cited = {citation.number: citation.article for citation in reversed(answer.citations)}
    quotes = _verified(answer.quotes, texts, cited) if answer.grounded else ()
    nearest = () if quotes else _verified(answer.nearest, texts, cited)
    differences = _verified_differences(answer, texts, cited) if quotes else ()
    verified = replace(
        answer,
        grounded=bool(quotes),
        quotes=quotes,
        nearest=nearest,
        differences=differences,
        citations=_used(answer.citations, (*quotes, *nearest), differences),
    )
    return _with_text(verified)


def keep_literal(
    quotes: tuple[Quote, ...], citations: Iterable[Citation], texts: Mapping[str, str]
) -> tuple[Quote, ...]:
    """Those of ``quotes`` that are literal slices of the articles they cite; marks inside them."""
    return _verified(quotes, texts, {each.number: each.article for each in citations})


def _verified(
    quotes: tuple[Quote, ...], texts: Mapping[str, str], cited: Mapping[int, str]
) -> tuple[Quote, ...]:
    return tuple(
        _verified_quote(quote, texts, cited)
        for quote in quotes
        if _stands(quote, texts, cited) or _log("quote", quote.article, quote.start, quote.end)
    )


def _log(what: str, article: str, start: int, end: int) -> bool:
    """Note what is dropped, without its text; False, for use in a condition."""
    _logger.warning("dropped a %s that %s does not bear out at %d:%d", what, article, start, end)
    return False


def _stands(quote: Quote, texts: Mapping[str, str], cited: Mapping[int, str]) -> bool:
    source = texts.get(quote.article, "")
    is_cited = cited.get(quote.number) == quote.article
    return is_cited and is_literal(quote.text, source, quote.start, quote.end)


def _verified_quote(quote: Quote, texts: Mapping[str, str], cited: Mapping[int, str]) -> Quote:
    also = tuple(
        place
        for place in quote.also
        if _is_same(quote, place, texts, cited)
        or _log("place", place.article, place.start, place.end)
    )
    span = quote.answer_span
    if span is not None and not quote.start <= span[0] < span[1] <= quote.end:
        _log("mark", quote.article, *span)
        span = None
    return replace(quote, also=also, answer_span=span)


def _is_same(
    quote: Quote, place: Place, texts: Mapping[str, str], cited: Mapping[int, str]
) -> bool:
    source = texts.get(place.article, "")
    is_inside = 0 <= place.start < place.end <= len(source)
    if not is_inside or cited.get(place.number) != place.article:
        return False
    return is_same_sentence(quote.text, source[place.start : place.end])


def _verified_differences(
    answer: Answer, texts: Mapping[str, str], cited: Mapping[int, str]
) -> tuple[Difference, ...]:
    """The differences of which two values are left."""
    found = []
    for difference in answer.differences:
        values = tuple(
            _verified_speaker(value, source)
            for value in difference.values
            if has_words(value.value, source := texts.get(cited.get(value.number, ""), ""))
            or _log("value", cited.get(value.number, "nothing cited"), 0, len(source))
        )
        if len({value.value for value in values}) > 1:
            found.append(replace(difference, values=values))
    return tuple(found)


def _verified_speaker(value: DifferingValue, source: str) -> DifferingValue:
    is_named = value.said_by is not None and has_words(value.said_by, source)
    return value if is_named else replace(value, said_by=None)


def has_words(words: str, source: str) -> bool:
    """Whether ``words`` stand in ``source`` as whole words: "3,000" does not stand in "13,000"."""
    if not words.strip():
        return False
    edges = rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w|[.,]\d)"
    return re.search(edges, source) is not None


def _used(
    citations: tuple[Citation, ...],
    quotes: tuple[Quote, ...],
    differences: tuple[Difference, ...],
) -> tuple[Citation, ...]:
    numbers = {quote.number for quote in quotes}
    numbers |= {place.number for quote in quotes for place in quote.also}
    numbers |= {value.number for difference in differences for value in difference.values}
    return tuple(citation for citation in citations if citation.number in numbers)


def _with_text(answer: Answer) -> Answer:
    """The answer with prose that says no more than its quotes."""
    if not answer.grounded:
        return replace(answer, text=NOT_SAID, mode="extractive")
    if answer.mode == "written" and _quotes_rightly(answer):
        return answer
    return replace(answer, text=join_quotes(answer.quotes), mode="extractive")


def _quotes_rightly(answer: Answer) -> bool:
    """Whether every quotation in written prose is a slice of one of the quotes."""
    quotations = [curly or straight for curly, straight in _QUOTED.findall(answer.text)]
    return all(any(quotation in quote.text for quote in answer.quotes) for quotation in quotations)
