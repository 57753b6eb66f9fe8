"""A dump of articles, in JSON or JSON lines → drafts, and a line for each record that is none."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.intake.days import read_day
from bot.intake.draft import Draft, Extracted, Refused, tidy_language, tidy_url, tidy_value
from bot.intake.json_ld import name_of, names_of
from bot.intake.web import read_fragment

MOST_RECORDS = 10_000
# Records that are none are named up to here, then counted.
MOST_REFUSED = 20
# In characters: a longer text is no article.
LONGEST_TEXT = 900_000
LONGEST_TITLE = 300

_BODY = (
    "body",
    "text",
    "content",
    "article",
    "articleBody",
    "full_text",
    "maintext",
    "bodyText",
    "content_html",
    "content_text",
    "article_text",
)
_TITLE = ("title", "headline", "webTitle", "name")
_OUTLET = ("outlet", "source", "site", "publisher", "site_name", "publication", "newspaper")
_BYLINE = ("byline", "author", "authors", "creator")
_PUBLISHED = (
    "published_at",
    "published",
    "publishedAt",
    "datePublished",
    "date_publish",
    "date_published",
    "published_date",
    "publication_date",
    "webPublicationDate",
    "pub_date",
    "date",
    "pubDate",
)
_URL = ("url", "link", "canonical_url", "web_url", "webUrl")
_LANGUAGE = ("language", "lang")
_LISTS = ("articles", "items", "data", "results", "response", "docs", "hits", "posts", "entries")
# Where a record, or a value of it, is packed into another object.
_RECORDS = ("fields", "_source")
_PLAIN = ("rendered", "main", "original")
# Lists that are held so many objects deep are found.
DEEPEST = 4

_CUT_OFF = re.compile(r"(?:…|\.\.\.)?\s*\[\+\d+ chars?\]\s*\Z")

_BROKEN = object()
"""In the place of a line that is no JSON."""


def read_dump(text: str, *, today: date) -> Extracted:
    """Read every article of a dump.

    Args:
        text: one object, a list, an object that holds a list, or one object a line.
        today: later days are not believed.

    Raises:
        Refused: it is no JSON, or holds no record at all.
    """
    drafts, refused, number = [], [], 0
    for number, record in enumerate(_records(text), start=1):
        if number > MOST_RECORDS:
            refused.append(f"only its first {MOST_RECORDS:,} records were read")
            break
        try:
            drafts.append(_read(record, today))
        except Refused as error:
            refused.append(f"record {number:,}: {error}")
    if not number:
        raise Refused("there is no record in it")
    return Extracted(drafts=tuple(drafts), refused=_shorten(refused))


def _shorten(refused: list[str]) -> tuple[str, ...]:
    more = len(refused) - MOST_REFUSED
    return (*refused[:MOST_REFUSED], *([f"{more:,} more records"] if more > 0 else []))


def _records(text: str) -> Iterator[object]:
    try:
        value = json.loads(text, strict=False)
    except ValueError as error:
        yield from _lines(text, error)
        return
    except RecursionError:
        raise Refused("its JSON is nested too deeply") from None
    yield from _unfold(value)


def _unfold(value: object) -> Iterator[object]:
    """A list's items; of an object that is no article, those of the list that it holds."""
    found = _find_list(value)
    yield from [value] if found is None else found


def _find_list(value: object, depth: int = 0) -> list[object] | None:
    if isinstance(value, list):
        return value
    if depth > DEEPEST or not isinstance(value, dict) or any(key in value for key in _BODY):
        return None
    lists = (_find_list(value[key], depth + 1) for key in _LISTS if key in value)
    return next((found for found in lists if found is not None), None)


def _lines(text: str, error: ValueError) -> list[object]:
    """One record a line; ``error`` is what was wrong with the text as a whole."""
    found: list[object] = []
    broken = 0
    for line in filter(str.strip, text.split("\n")):
        try:
            found.append(json.loads(line, strict=False))
        except (ValueError, RecursionError):
            found.append(_BROKEN)
            broken += 1
    if found and broken == len(found):
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"it is neither JSON nor JSON lines{where}")
    return found


def _read(record: object, today: date) -> Draft:
    if record is _BROKEN:
        raise Refused("its line is no JSON, or is cut off")
    if not isinstance(record, dict):
        raise Refused("it is no object with a title and a text")
    for key in _RECORDS:
        inner = record.get(key)
        record = {**inner, **record} if isinstance(inner, dict) else record
    paragraphs = _paragraphs(record)
    day = next(filter(None, map(read_day, _values(record, _PUBLISHED))), None)
    return Draft(
        paragraphs=paragraphs,
        title=_title(record),
        outlet=next(filter(None, map(name_of, _values(record, _OUTLET))), None),
        byline=next(filter(None, map(names_of, _values(record, _BYLINE))), None),
        published=day if day and day <= today else None,
        url=next(filter(None, map(tidy_url, _values(record, _URL))), None),
        language=next(filter(None, map(tidy_language, _values(record, _LANGUAGE))), None),
    )


def _title(record: Mapping[str, Any]) -> str | None:
    for value in _values(record, _TITLE):
        if isinstance(value, str) and (title := tidy_value(html.unescape(value)[:LONGEST_TITLE])):
            return title
    return None


def _values(record: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[object]:
    """What stands under any of ``names``, in their order, in either case."""
    folded = {str(key).casefold(): value for key, value in reversed([*record.items()])}
    for name in names:
        value = folded.get(name.casefold())
        if isinstance(value, dict):
            value = next((value[key] for key in _PLAIN if isinstance(value.get(key), str)), value)
        if value is not None and value != "":
            yield value


def _paragraphs(record: Mapping[str, Any]) -> tuple[str, ...]:
    for value in _values(record, _BODY):
        whole = "\n\n".join(value) if _is_texts(value) else value  # type: ignore[arg-type]
        if not isinstance(whole, str):
            continue
        if len(whole) > LONGEST_TEXT:
            raise Refused(f"a text of {len(whole):,} characters is no article")
        if _CUT_OFF.search(whole):
            raise Refused("its text is cut off: give the address of its page instead")
        if paragraphs := read_fragment(whole):
            return paragraphs
    raise Refused("there is no text in it (under body, text, content or article)")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
