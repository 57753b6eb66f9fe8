from __future__ import annotations

import json
from datetime import date

import pytest

from bot.intake.confined import read_content
from bot.intake.days import read_day
from bot.intake.draft import Extracted, Refused
from tests.bot.intake.texts import STORY, make_dump, make_record

TODAY = date(2026, 1, 1)


def read(content: bytes) -> Extracted:
    return read_content(content, kind="dump", charset=None, address=None, today=TODAY)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(make_record()).encode(),
        make_dump(),
        json.dumps({"response": {"status": "ok", "results": [make_record()]}}).encode(),
        json.dumps({"status": "ok", "totalResults": 1, "articles": [make_record()]}).encode(),
        json.dumps(make_record()).encode() + b"\n\n",
        json.dumps(make_record()).encode("utf-16"),
        b"\xef\xbb\xbf" + make_dump(),
    ],
)
def test_one_object_a_list_and_an_object_that_holds_a_list_are_read(content: bytes) -> None:
    assert read(content) == Extracted(drafts=(STORY,))


def test_json_lines_are_read_and_a_broken_line_keeps_no_other_out() -> None:
    line = json.dumps(make_record())
    found = read(f"{line}\n{{broken\n{line}\n".encode())
    assert found.drafts == (STORY, STORY)
    assert found.refused == ("record 2: its line is no JSON, or is cut off",)


@pytest.mark.parametrize(
    "record",
    [
        {"headline": STORY.title, "text": "\n".join(STORY.paragraphs), "site": STORY.outlet},
        {"Title": STORY.title, "Content": "\n\n".join(STORY.paragraphs), "OUTLET": STORY.outlet},
        {"title": STORY.title, "article": "".join(f"<p>{p}</p>" for p in STORY.paragraphs)},
        {"title": STORY.title, "body": list(STORY.paragraphs), "publisher": {"name": "x y"}},
        {"webTitle": STORY.title, "fields": {"bodyText": "\n\n".join(STORY.paragraphs)}},
        {"_id": 1, "_source": {"title": STORY.title, "text": "\n\n".join(STORY.paragraphs)}},
        {
            "title": {"rendered": STORY.title},
            "content": {"rendered": "".join(f"<p>{p}</p>" for p in STORY.paragraphs)},
        },
    ],
)
def test_fields_go_by_many_names(record: dict[str, object]) -> None:
    (draft,) = read(make_dump(record)).drafts
    assert (draft.title, draft.paragraphs) == (STORY.title, STORY.paragraphs)


@pytest.mark.parametrize(
    ("field", "value", "attribute", "expected"),
    [
        ("source", {"id": None, "name": "Tarsk Times"}, "outlet", "Tarsk Times"),
        ("source", "https://tarsk.example", "outlet", None),
        ("author", ["Ann Bo", {"name": "Cy Day"}], "byline", "Ann Bo, Cy Day"),
        ("author", "By Ann Bo", "byline", "Ann Bo"),
        ("author", 7, "byline", None),
        ("url", "javascript:alert(1)", "url", None),
        ("url", "https://a.example/x#comments", "url", "https://a.example/x"),
        ("published_at", "tomorrow", "published", None),
        ("published_at", "2026-01-02", "published", None),
        ("published_at", 1_662_616_800, "published", date(2022, 9, 8)),
    ],
)
def test_values_are_taken_as_they_are_meant_or_not_at_all(
    field: str, value: object, attribute: str, expected: object
) -> None:
    (draft,) = read(make_dump(make_record(**{field: value}))).drafts
    assert getattr(draft, attribute) == expected


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2022-09-08", (2022, 9, 8)),
        ("20220908T101500Z", (2022, 9, 8)),
        ("2022/9/8", (2022, 9, 8)),
        ("8.9.2022", (2022, 9, 8)),
        ("Thu, 08 Sep 2022 23:59:00 -0700", (2022, 9, 8)),
        ("September 8, 2022 at 5 p.m.", (2022, 9, 8)),
        ("1662616800", (2022, 9, 8)),
        (1_662_616_800_000, (2022, 9, 8)),
        ("2022-13-08", None),
        ("08/09/2022", None),
        ("0001-01-01", None),
        (True, None),
        (-5, None),
        (float("inf"), None),
        (float("nan"), None),
        (10**400, None),
        ({}, None),
    ],
)
def test_a_day_is_read_where_it_can_be_only_one(
    value: object, day: tuple[int, int, int] | None
) -> None:
    assert read_day(value) == (date(*day) if day else None)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b" ", "there is no record in it"),
        (b"{", "it is neither JSON nor JSON lines, line 1"),
        (b"words", "it is neither JSON nor JSON lines"),
        (b"[]", "there is no record in it"),
        (b"[" * 100_000, "its JSON is nested too deeply"),
        (b'{"a":' * 100_000, "its JSON is nested too deeply"),
    ],
)
def test_what_is_no_dump_is_refused_in_a_line(content: bytes, line: str) -> None:
    with pytest.raises(Refused) as caught:
        read(content)
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (7, "it is no object"),
        (None, "it is no object"),
        ({"title": "x"}, "there is no text in it"),
        ({"body": ""}, "there is no text in it"),
        ({"body": {"a": "b"}}, "there is no text in it"),
        ({"body": "word " * 200_000}, "a text of 1,000,000 characters is no article"),
    ],
)
def test_a_record_without_an_article_is_named_and_the_others_are_read(
    record: object, line: str
) -> None:
    found = read(make_dump(record, make_record()))
    assert found.drafts == (STORY,)
    assert len(found.refused) == 1
    assert found.refused[0].startswith(f"record 1: {line}")


def test_more_bad_records_than_one_reads_are_counted() -> None:
    found = read(make_dump(*[1] * 50))
    assert len(found.refused) == 21
    assert found.refused[-1] == "30 more records"


def test_a_huge_number_is_no_crash() -> None:
    with pytest.raises(Refused):
        read(b'{"body": ' + b"9" * 5_000 + b"}")


def test_a_text_that_a_service_cut_off_is_not_taken_for_the_article() -> None:
    text = f"{' '.join(STORY.paragraphs)[:200]}… [+2043 chars]"
    found = read(make_dump(make_record(body=text), make_record()))
    assert found.drafts == (STORY,)
    assert found.refused == ("record 1: its text is cut off: give the address of its page instead",)


def test_a_headline_is_written_as_it_reads() -> None:
    (draft,) = read(make_dump(make_record(title="Bread &amp; butter &#8217;s price"))).drafts
    assert draft.title == "Bread & butter \u2019s price"
