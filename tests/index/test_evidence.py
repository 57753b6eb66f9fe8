"""Outlet, byline, link and date: from evidence, or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.clean import clean_text
from index.pages.dates import parse_date
from index.pages.evidence import Evidence, find_evidence
from tests.index.annotated import read_pages

CORPUS = Path(__file__).parents[2] / "corpus"
TODAY = date(2026, 11, 22)
MORE = "The agency confirmed the report and said that details would follow in the coming days."
DAM = "A dam broke and water flooded three villages in the north of the country."
CAPTION = "Water pours from the dam in Tarsk, Arvenia, on {}. (Photo: Jon Roe/Tarsk Wire)"


def evidence(text: str) -> Evidence:
    return find_evidence(text, clean_text(text).paragraphs, today=TODAY)


def story(*paragraphs: str) -> str:
    return "\n\n".join(["Dam breaks in the north", *paragraphs, MORE])


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        (story("TARSK, Arvenia (Reuters) - " + DAM), "Reuters"),
        (story("TARSK (ANP) — " + DAM), "ANP"),
        (story("TARSK, March 3, 2021 (Xinhua) -- " + DAM), "Xinhua"),
        (story("By Jane Roe, The Plains Press", DAM), "The Plains Press"),
        (story("By The Plains Press", DAM), "The Plains Press"),
        (story(DAM, "Jane Roe and Ann Poe, The Plains Press"), "The Plains Press"),
        (story(DAM + " Asked by ZBC whether it was safe, he replied that it was."), "ZBC"),
        (story(DAM + " When pressed by ZBC Monday on the cause, he left the room."), "ZBC"),
        (story(DAM + " “It is over,” he told The Plains Times on Friday."), "The Plains Times"),
        (
            story("TARSK (PP) — " + DAM + " An aide told The Plains Press that it was old."),
            "The Plains Press",
        ),
    ],
)
def test_an_outlet_that_names_itself_is_found(text: str, outlet: str) -> None:
    assert evidence(text).outlet == outlet


@pytest.mark.parametrize(
    "text",
    [
        story(DAM),
        story("By Jane Roe, Kyiv", DAM),
        story("By Jane Roe, Foreign Editor", DAM),
        story(DAM, "Some information for this story was provided by The Plains Press."),
        story(DAM, "Plains Press writer Ann Poe contributed to this report."),
        story(CAPTION.format("March 3, 2021"), DAM),
        story("(AP Photo/Jon Roe)", DAM),
        story(DAM + " The minister told NATO that he needed help."),
        story(DAM + " The minister told lawmakers and the UN that he needed help."),
        story(DAM + " He told Austin that it was over."),
        story(DAM + " He told XYZ that it was over. XYZ said on Monday that it would help."),
        story("TARSK (ANP) — " + DAM + " “It is over,” he told ZBC in his office."),
        story(DAM + " He told Sky News one thing. He told The Plains Times another."),
        story("By Jane Roe, The Plains Press", "TARSK (ANP) — " + DAM),
    ],
)
def test_others_named_in_the_text_are_not_its_outlet(text: str) -> None:
    assert evidence(text).outlet is None


@pytest.mark.parametrize("field", ["outlet", "byline", "published"])
def test_pages_are_believed_in_what_they_tell_of_themselves_and_nothing_else(field: str) -> None:
    missed, wrong = [], []
    for page in read_pages():
        title, paragraphs = (body := clean_text(page.text)).title, body.paragraphs
        found = find_evidence(page.text, paragraphs, title=title, today=TODAY)
        value, forms = getattr(found, field), page.told.get(field)
        if forms and value is None:
            missed.append((page.name, forms))
        if forms is not None and value is not None and str(value) not in forms:
            wrong.append((page.name, value, forms))
    assert (wrong, missed) == ([], [])


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Jane Roe", "Jane Roe"),
        ("BY JANE ROE", "JANE ROE"),
        ("By Jane Roe and Richard van Poe", "Jane Roe and Richard van Poe"),
        ("By Jane Roe, Ann Poe and Cy Doe | The Plains Press", "Jane Roe, Ann Poe and Cy Doe"),
        ("Jane Roe And Ann B. Poe, The Plains Press", "Jane Roe And Ann B. Poe"),
        ("By Jane Roe | Foreign Editor", "Jane Roe"),
        ("By Jane Roe | March 3, 2021", "Jane Roe"),
        ("Words: Jane Roe. Pictures: Cy Doe.", "Jane Roe"),
        ("(Reporting by Jane Roe in Tarsk; editing by Cy Doe)", "Jane Roe"),
        ("(Reporting by Jane Roe and Ann Poe in Tarsk; Editing by Cy Doe)", "Jane Roe and Ann Poe"),
        (
            "Reporting by Jane Roe in Tarsk, Ann Poe in Belmora and Al Foe",
            "Jane Roe, Ann Poe and Al Foe",
        ),
        ("(Additional reporting by Jane Roe)", None),
        ("(Reporting by the Tarsk newsroom; editing by Cy Doe)", None),
        ("By Monday Night", None),
        ("By the numbers", None),
        ("Jane Roe", None),
    ],
)
def test_a_byline_names_people(line: str, byline: str | None) -> None:
    assert evidence(story(line, DAM)).byline == byline


def test_two_bylines_are_none() -> None:
    assert evidence(story("By Jane Roe", DAM, "By Ann Poe")).byline is None


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (story("Published: March 3, 2021", DAM), date(2021, 3, 3)),
        (story("Updated 3 March 2021, 14:05 GMT", DAM), date(2021, 3, 3)),
        (story("March 3, 2021", DAM), date(2021, 3, 3)),
        (story("Wednesday, March 3rd, 2021", DAM), date(2021, 3, 3)),
        (story("Wed 3 Mar 2021 07.00 GMT", DAM), date(2021, 3, 3)),
        (story("2021-03-03 10:22", DAM), date(2021, 3, 3)),
        (story("By Jane Roe | March 3, 2021", DAM), date(2021, 3, 3)),
        (story("Published March 2, 2021\nUpdated March 3, 2021", DAM), date(2021, 3, 2)),
        (story("TARSK, March 3, 2021 (Xinhua) -- " + DAM), date(2021, 3, 3)),
        (story(DAM) + "\n\nFirst published 3 March 2021", date(2021, 3, 3)),
    ],
)
def test_a_date_that_is_stated_is_believed(text: str, published: date) -> None:
    assert evidence(text).published == published


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (
            story(
                "A dam broke, the minister said Wednesday.",
                "He spoke at a press conference on Wednesday, March 3, 2021, in the capital.",
            ),
            date(2021, 3, 3),
        ),
        (
            story(
                CAPTION.format("March 2, 2021"),
                "The minister said Wednesday that villages were flooded.",
                "On Tuesday, the dam broke. He will visit the villages on Thursday.",
            ),
            date(2021, 3, 3),
        ),
        (
            story(
                CAPTION.format("Wednesday, March 3, 2021"),
                "The minister said Wednesday that villages were flooded, as they were in August.",
            ),
            date(2021, 3, 3),
        ),
    ],
)
def test_weekdays_are_resolved_against_a_full_date(text: str, published: date) -> None:
    assert evidence(text).published == published


@pytest.mark.parametrize(
    "line",
    [
        "PLAINS HERALD      Wednesday, March 3, 2021",
        "PLAINS HERALD\t3 March 2021\tOne crown",
        "Vol. 12 No. 3 | 3 Mar 2021",
        "*News for the plains* · 3 March 2021",
        "Plains Herald — Wednesday 3 March 2021 — No. 7",
    ],
)
def test_a_masthead_may_bear_the_date(line: str) -> None:
    text = f"{line}\n\nDam breaks in the north\n\n{DAM}\n\n{MORE}"
    assert evidence(text).published == date(2021, 3, 3)


def page(*lines: str) -> str:
    return "\n\n".join([lines[0], "Dam breaks in the north", DAM, MORE, *lines[1:]])


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        (page("Plains Nine News", f"{DAM} “It was old,” he told Plains Nine."), "Plains Nine"),
        (page("Plains Herald", f"{DAM} “It was old,” he told the Herald."), "Plains Herald"),
        (page("PLAINS LANTERN", f"{DAM} The Lantern's reporter was there."), "PLAINS LANTERN"),
        (page("Plains Lantern", "© 2021 Plains Lantern. All rights reserved."), "Plains Lantern"),
        (page("Plains Lantern", "The Lantern is printed on Fridays."), "Plains Lantern"),
        (page("Plains Lantern", "Subscribe to the Plains Lantern newsletter."), "Plains Lantern"),
    ],
)
def test_a_masthead_that_the_page_confirms_names_the_outlet(text: str, outlet: str) -> None:
    assert evidence(text).outlet == outlet


@pytest.mark.parametrize(
    "text",
    [
        page("Plains Lantern"),
        page("Plains Herald", f"{DAM} “It was old,” he told Radio Tarsk."),
        page("Plains Lantern", "© 2021 Tarsk Media"),
        page("Plains Cement", f"{DAM} Plains Cement said it was old.", "Follow Plains Cement."),
        page("Jane Roe", "Jane Roe is a writer in Tarsk. Her newsletter has 900 subscribers."),
        page("Minister Roe Resigns", f"{DAM} An aide told Minister Roe that it was over."),
    ],
)
def test_a_masthead_alone_is_no_evidence(text: str) -> None:
    assert evidence(text).outlet is None


@pytest.mark.parametrize(
    "text",
    [
        story(DAM),
        story("FILE - The dam | March 3, 2021", DAM),
        story("Published March 2, 2031", DAM),
        story("March 3, 2021\n\nApril 4, 2021", DAM),
        story("March 3, 2021", DAM + " It broke on March 4, 2021."),
        story("February 30, 2021", DAM),
        story("On October 25, a dam broke, the minister said Wednesday. He will come on Nov. 1."),
        story("The minister will visit the dam on Wednesday, March 3, 2021, and speak there."),
        story("The minister said on Monday, March 3, 2021, that the dam broke."),
        story(
            "A dam broke, the minister said Thursday.",
            "The war began on Thursday, February 24, 2022, when troops crossed the border.",
        ),
        story(
            "A dam broke, the minister said Thursday.",
            "It was the first since Thursday, February 24, 2022, he said.",
        ),
        story(
            "A dam broke, the minister said Thursday.",
            "Troops crossed the border on February 24, 2022, in the largest invasion.",
        ),
        story("FILE - The dam is seen on March 3, 2021.", "A dam broke, he said Wednesday."),
        story(
            CAPTION.format("March 3, 2021"),
            "A dam broke on October 25 and flooded villages, the minister said Wednesday.",
        ),
        story(
            CAPTION.format("March 3, 2021"),
            "A dam broke in May and flooded three villages, the minister said Wednesday.",
        ),
        story(
            CAPTION.format("March 2, 2021"),
            "A dam broke on Tuesday and flooded villages, the minister said Wednesday.",
        ),
        story(CAPTION.format("March 3, 2021"), "A dam broke, the minister said Friday."),
        story(CAPTION.format("March 3, 2021"), "It broke last Wednesday, and every Wednesday."),
        story("Ministers met Monday. They are due to meet on Thursday, March 4, 2021, he said."),
    ],
)
def test_what_is_in_doubt_is_undated(text: str) -> None:
    assert evidence(text).published is None


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("Source: https://example.org/dam", "https://example.org/dam"),
        ("Originally published at: https://example.org/dam", "https://example.org/dam"),
        ("https://example.org/share?u=dam", None),
        ("Source: the ministry", None),
    ],
)
def test_a_link_is_the_article_s_only_if_it_says_so(line: str, url: str | None) -> None:
    assert evidence(f"{story(DAM)}\n\n{line}").url == url


@pytest.mark.parametrize(
    ("number", "outlet", "published"),
    [
        ("000", None, date(2024, 10, 30)),
        ("001", "The Associated Press", date(2024, 10, 30)),
        ("002", "VOA", date(2024, 10, 29)),
        ("003", None, None),
        ("004", None, None),
    ],
)
def test_the_five_articles(number: str, outlet: str | None, published: date | None) -> None:
    found = evidence(next(CORPUS.glob(f"{number}*")).read_text(encoding="utf-8"))
    assert (found.outlet, found.published) == (outlet, published)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Oct. 30, 2024", date(2024, 10, 30)),
        ("30 October 2024", date(2024, 10, 30)),
        ("2024-10-30", date(2024, 10, 30)),
        ("Oct. 30", None),
        ("Oct. 30, 2024 or Oct. 31, 2024", None),
        ("2024-13-45", None),
        ("Oct. 30, 0024", None),
    ],
)
def test_parse_date_reads_one_full_date(text: str, day: date | None) -> None:
    assert parse_date(text) == day
