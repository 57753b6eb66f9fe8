"""The headline of an article, the masthead above it, and what makes a name."""

from __future__ import annotations

import pytest

from index.clean import clean_text
from index.pages.masthead import find_names, is_name, owner_of, short_forms
from tests.index.story import ALL, PARAGRAPHS, quotable


@pytest.mark.parametrize(
    "lines",
    [
        ["Tarsk Courier", "Bridge lost to ice"],
        ["TARSK HARBOR LOG", "Ships, tides and tall tales", "Bridge lost to ice"],
        ["Tarsk Courier", "Home | News | Sport", "MARCH 5, 2021 — No. 12", "Bridge lost to ice"],
        ["Radio Tarsk 101.7 FM", "On air: The Ice Hour with Jon Poe", "Bridge lost to ice"],
        ["Home > News > Bridges", "Bridge lost to ice"],
        ["# Tarsk Courier", "*Harbor news since 1911*", "## Bridge lost to ice"],
        ["Do bridges sleep?", "Who owns the sky?", "TARSK", "Bridge lost to ice"],
    ],
)
def test_the_headline_wins_over_the_masthead(lines: list[str]) -> None:
    text = "\n\n".join([*lines, *PARAGRAPHS])
    assert clean_text(text).title == "Bridge lost to ice"
    assert quotable(text) == ALL


@pytest.mark.parametrize(
    "headline",
    [
        "Ice Breaks Tarsk Bridge",
        "BRIDGE LOST TO ICE",
        "Tarsk Mayor Counts Losses",
        "Who broke the Tarsk bridge?",
    ],
)
def test_a_short_headline_in_capitals_is_no_masthead(headline: str) -> None:
    text = "\n\n".join([headline, "A cold week in the north", "By Jane Roe", *PARAGRAPHS])
    assert clean_text(text).title == headline


@pytest.mark.parametrize("name", ["TARSK EXAMINER", "The Daily Ice"])
def test_a_masthead_alone_is_no_title(name: str) -> None:
    assert clean_text("\n\n".join([name, "Menu", *PARAGRAPHS])).title is None


@pytest.mark.parametrize(
    "name", ["Tarsk Courier", "THE COURIER", "Radio Tarsk 101.7 FM", "Bank of the North", "Ö1"]
)
def test_a_name_is_a_few_words_with_capitals(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "line",
    [
        "Bridge lost to ice",
        "Tarsk Courier: Home",
        "Who Broke It?",
        "The Courier Of The Town Of Tarsk On Sea",
        "2021",
        "",
    ],
)
def test_other_lines_are_no_names(line: str) -> None:
    assert not is_name(line)


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("© 2021 Tarsk Courier", "Tarsk Courier"),
        ("Copyright (c) 2019-2021 The Tarsk Courier. All rights reserved.", "The Tarsk Courier"),
        ("© Tarsk Courier 2021", "Tarsk Courier"),
        ("Copyright Tarsk Media Ltd | Terms", "Tarsk Media"),
        ("© all of us", None),
        ("The copyright act of 1911 was broken, the court said.", None),
    ],
)
def test_whose_rights_these_are_is_read_from_the_line_that_says_so(
    line: str, owner: str | None
) -> None:
    assert owner_of(line) == owner


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("The Tarsk Courier", ("Tarsk Courier", "the Courier")),
        ("Radio Tarsk 101.7 FM", ("Radio Tarsk", "the Tarsk")),
        ("Channel Nine News", ("Channel Nine", "the Nine")),
        ("Newsroom 9 Tarsk", ("Newsroom 9 Tarsk", "Newsroom 9")),
        ("Icicle", ("Icicle",)),
    ],
)
def test_a_text_calls_an_outlet_by_shorter_names(name: str, forms: tuple[str, ...]) -> None:
    assert short_forms(name) == forms


def test_names_are_found_above_the_text_and_where_rights_are_stated() -> None:
    lines = ["TARSK COURIER      March 5, 2021", "Menu", *PARAGRAPHS, "Ann Poe", "© 2021 Ice Ltd"]
    assert find_names(lines) == ("TARSK COURIER", "Ice")
