from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.checked import checked_view
from bot.discord.pages import article_page, articles_page, notice_view
from bot.discord.surroundings import surroundings_view
from index.check import Checked, Statement, Verdict
from index.types import Article, Paragraph, Quote, StoredArticle
from tests.bot.discord.limits import (
    buttons_of,
    check,
    colour_of,
    components_of,
    labels_of,
    text_of,
    texts_of,
)
from tests.bot.discord.monsters import vile, vile_article, vile_citation, vile_quote
from tests.bot.discord.reader import words_in, words_of
from tests.bot.examples import OTHER, SEARCHED, TEXT, make_citation, make_quote

KEY = "0a1b2c3d4e5f"
HEAD = (
    "### [Ferry sinks in storm](https://example.org/ferry)\n-# Coast Herald · Ada Berg · 4 May 2023"
)


def stored(number: int = 1, **fields: object) -> StoredArticle:
    values: dict[str, object] = {
        "id": f"{number:016x}",
        "version": "0" * 12,
        "path": f"{number}.txt",
        "title": f"Story {number}",
        "outlet": "Coast Herald",
        "byline": None,
        "published": date(2023, 5, 4),
        "url": "https://example.org/story",
        "number_of_passages": 3,
        "number_of_words": 1234,
    }
    return StoredArticle(**{**values, **fields})  # type: ignore[arg-type]


def article(*paragraphs: str, **fields: object) -> Article:
    """An article of these paragraphs, with an empty line between them."""
    spans = []
    place = 0
    for paragraph in paragraphs:
        spans.append(Paragraph(start=place, end=place + len(paragraph)))
        place += len(paragraph) + 2
    values: dict[str, object] = {
        "path": "sea/ferry.txt",
        "text": "\n\n".join(paragraphs),
        "title": "Ferry sinks in storm",
        "paragraphs": tuple(spans),
        "outlet": "Coast Herald",
        "byline": "Ada Berg",
        "published": date(2023, 5, 4),
        "url": "https://example.org/ferry",
    }
    return Article(**{**values, **fields})  # type: ignore[arg-type]


def quote_from(source: Article, text: str, mark: str = "") -> Quote:
    return make_quote(text, mark=mark, start=source.text.index(text))


# The list of articles


def test_an_article_in_the_list_is_its_title_and_what_is_known_of_it() -> None:
    plain = stored(2, outlet=None, published=None, url=None)
    view = check(articles_page([stored(), plain], page=1, outlet_key="", outlet=None))
    assert texts_of(view) == [
        "### Articles",
        "**[Story 1](https://example.org/story)**\n-# Coast Herald · 4 May 2023 · 1,234 words",
        "**Story 2**\n-# undated · 1,234 words",
        "-# 2 articles",
    ]
    assert buttons_of(view) == []


def test_a_page_holds_eight_articles_and_turns_both_ways() -> None:
    articles = [stored(number) for number in range(37)]
    view = check(articles_page(articles, page=2, outlet_key=KEY, outlet="*Herald*"))
    assert [words_of(text).split("\n")[0] for text in texts_of(view)] == [
        "Articles of *Herald*",
        *(f"Story {number}" for number in range(8, 16)),
        "Page 2 of 5 · 37 articles",
    ]
    assert labels_of(view) == ["◀", "▶"]
    ids = [button["custom_id"] for button in buttons_of(view)]
    assert ids == [f"pq:articles:1:{KEY}", f"pq:articles:3:{KEY}"]


@pytest.mark.parametrize(
    ("page", "shown", "disabled"),
    [(1, 1, [True, False]), (3, 3, [False, True]), (0, 1, [True, False]), (99, 3, [False, True])],
)
def test_a_page_beyond_the_ends_is_the_last_one_there_is(
    page: int, shown: int, disabled: list[bool]
) -> None:
    articles = [stored(number) for number in range(20)]
    view = check(articles_page(articles, page=page, outlet_key="", outlet=None))
    assert f"Page {shown} of 3" in text_of(view)
    assert [button["disabled"] for button in buttons_of(view)] == disabled


def test_a_list_of_nothing_says_so() -> None:
    view = check(articles_page([], page=1, outlet_key="", outlet=None))
    assert "There are none yet." in text_of(view)


def test_the_vilest_list_stays_within_every_limit_and_keeps_every_title() -> None:
    foul = stored(title=vile(10_000), outlet=vile(10_000), url="https://ok.example/" + "y" * 480)
    view = check(articles_page([foul] * 99, page=4, outlet_key=KEY, outlet=vile(10_000)))
    assert len([text for text in texts_of(view) if "\\@\u200beveryone" in text]) == 9


# One article


def test_an_article_is_its_head_and_its_first_paragraphs() -> None:
    view = check(article_page(article("It sank.", "All *were* saved.")))
    assert texts_of(view) == [
        f"{HEAD} · 5 words",
        "It sank.",
        "All \\*were\\* saved.",
    ]


def test_an_article_is_never_cut_inside_a_paragraph() -> None:
    view = check(article_page(article("short", "b" * 1500, "c" * 1500, "d")))
    assert texts_of(view)[1:] == ["short", "b" * 1500, "-# and 2 more paragraphs"]
    assert texts_of(check(article_page(article("a", "b" * 9000))))[2] == "-# and one more paragraph"
    view = check(article_page(article("b" * 9000, "c")))
    assert texts_of(view)[1:] == ["-# Its first paragraph is too long to be shown here."]


def test_headings_and_captions_of_an_article_look_different() -> None:
    plain = article("Rescue", "A boat.", "They were saved.")
    kinds = ("heading", "caption", "text")
    spans = zip(plain.paragraphs, kinds, strict=True)
    view = check(
        article_page(replace(plain, paragraphs=tuple(replace(p, kind=k) for p, k in spans)))
    )  # type: ignore[arg-type]
    assert texts_of(view)[1:] == ["**Rescue**", "-# A boat.", "They were saved."]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), max_size=60))
def test_the_vilest_article_stays_within_every_limit(lengths: list[int]) -> None:
    check(article_page(vile_article(lengths)))


# A quote in its surroundings


def test_a_quote_stands_out_among_the_paragraphs_around_it() -> None:
    source = article(
        "Far away.", "Before.", "It sank. All 41 were saved. It was cold.", "After.", "x"
    )
    quote = quote_from(source, "All 41 were saved.", "41")
    view = check(surroundings_view(source, quote, outdated=False))
    assert texts_of(view) == [
        HEAD,
        "-# Before.",
        "-# It sank.",
        "> All **41** were saved.",
        "-# It was cold.",
        "-# After.",
    ]


def test_a_quote_from_an_older_version_says_so() -> None:
    source = article("It sank.")
    view = check(surroundings_view(source, quote_from(source, "It sank."), outdated=True))
    assert (
        "The article has changed since, or is gone: this is the text that was quoted."
        in text_of(view)
    )


def test_what_the_article_does_not_hold_is_never_shown_as_its_quote() -> None:
    quote = replace(quote_from(article("It sank."), "It sank."), text="It swam.")
    view = check(surroundings_view(article("It sank."), quote, outdated=False))
    assert words_in(text_of(view), "quote") == []
    assert texts_of(view)[1].startswith("The text at hand does not hold this quote")


def test_paragraphs_without_room_are_left_out_whole_the_farthest_first() -> None:
    long = "so and so " * 199 + "end."
    source = article(long, f"It sank. Saved. {long}", long)
    view = check(surroundings_view(source, quote_from(source, "Saved."), outdated=False))
    assert texts_of(view)[1:] == ["-# …", "-# It sank.", "> Saved.", f"-# {long}", "-# …"]


def test_a_quote_beyond_any_message_says_how_long_it_is() -> None:
    source = article("so and so " * 1000 + "end.")
    view = check(surroundings_view(source, quote_from(source, source.text), outdated=False))
    assert "Too long for this message: [1] with 10,004 characters." in words_of(text_of(view))


def test_a_quote_over_two_paragraphs_is_shown_whole() -> None:
    source = article("“It sank.", "All were saved,” she said. It was cold.", "After.")
    quote = quote_from(source, "“It sank.\n\nAll were saved,” she said.")
    view = check(surroundings_view(source, quote, outdated=False))
    assert texts_of(view)[1:] == [
        "> “It sank. All were saved,” she said.", "-# It was cold.", "-# After."
    ]  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=9), st.data())
def test_the_vilest_surroundings_stay_within_every_limit(
    lengths: list[int], data: st.DataObject
) -> None:
    source = vile_article(lengths)
    start = data.draw(st.integers(0, len(source.text) - 1))
    end = data.draw(st.integers(start + 1, len(source.text)))
    quote = make_quote(source.text[start:end], start=start)
    check(surroundings_view(source, quote, outdated=True))


# A checked message


def checked(*statements: Statement, **fields: object) -> Checked:
    values: dict[str, object] = {
        "statements": statements,
        "citations": (make_citation(url=None), make_citation(2, title="Boats", url=None)),
        "searched": SEARCHED,
    }
    return Checked(**{**values, **fields})  # type: ignore[arg-type]


def statement(text: str, verdict: Verdict, **fields: object) -> Statement:
    return Statement(text=text, start=0, end=len(text), verdict=verdict, **fields)  # type: ignore[arg-type]


SAME = statement("41 were rescued.", "same", quotes=(make_quote(mark="41"),))
DIFFERS = statement(
    "40 were saved.",
    "differs",
    quotes=(make_quote(OTHER, mark="38", number=2),),
    differing=(("40", "38"), ("40", "41")),
)
UNKNOWN = statement("It was *built* in 1990.", "not mentioned", nearest=(make_quote(),))


def test_each_statement_has_a_mark_and_its_closest_quote() -> None:
    head, same, differs, unknown = texts_of(check(checked_view(checked(SAME, DIFFERS, UNKNOWN))))
    assert head.startswith("### Checked against the articles\n-# Searched 1,200 articles")
    place = "-# \\[1\\] · Coast Herald · Ferry sinks in storm · 4 May 2023"
    assert same == (
        "✅ 41 were rescued.\n"
        "> The ferry sank off the coast, and **41** people were rescued by fishing boats.\n"
        f"{place}"
    )
    assert differs == (
        "⚠️ 40 were saved.\n"
        "The message says **40**, the article **38**.\n"
        "> Rescuers pulled **38** people out of the water.\n"
        "-# \\[2\\] · Coast Herald · Boats · 4 May 2023"
    )
    assert unknown.split("\n")[:3] == [
        "❔ It was \\*built\\* in 1990.",
        "-# The articles do not mention this.",
        "-# Nearest, but not about this:",
    ]
    assert words_in(unknown, "quote") == [" ".join(TEXT.split())]


def test_where_articles_disagree_on_a_statement_both_are_shown() -> None:
    both = replace(SAME, otherwise=DIFFERS.quotes, differing=(("41", "38"),))
    text = texts_of(check(checked_view(checked(both))))[1]
    said = "Elsewhere the articles say otherwise:\nThe message says **41**, the article **38**."
    assert f"{said}\n> Resc" in text


def test_a_difference_is_seen_at_first_glance() -> None:
    colours = {
        colour_of(check(checked_view(checked(*statements))))
        for statements in [(SAME,), (SAME, DIFFERS), (UNKNOWN,)]
    }
    assert len(colours) == 3


def test_a_message_that_states_nothing_is_told_so() -> None:
    assert "This message states nothing that could be checked." in text_of(checked_view(checked()))


def test_statements_without_room_are_left_out_whole_and_counted() -> None:
    long = statement("x", "same", quotes=(make_quote("so and so " * 150 + "end."),))
    view = check(checked_view(checked(long, long, long, SAME, not_checked=2)))
    assert [text[:2] for text in texts_of(view)[1:]] == ["✅ ", "✅ ", "✅ ", "-#"]
    assert texts_of(view)[-2].startswith("✅ 41 were rescued.")
    assert texts_of(view)[-1] == "-# 3 more statements are not shown."


def test_what_is_less_than_the_closest_quote_gives_way_to_other_statements() -> None:
    near = replace(UNKNOWN, nearest=(make_quote("so and so " * 120 + "end."),))
    view = check(checked_view(checked(*[near] * 9, SAME)))
    assert text_of(view).count("do not mention this") == 9
    assert text_of(view).count("so and so end.") == 2
    assert "✅ 41 were rescued." in text_of(view)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4000), min_size=1, max_size=10), st.integers(0, 5))
def test_the_vilest_message_stays_within_every_limit(lengths: list[int], number: int) -> None:
    verdicts: list[Verdict] = ["same", "differs", "not mentioned"]
    statements = [
        statement(
            vile(length),
            verdicts[length % 3],
            quotes=(vile_quote(length),),
            differing=((vile(500), vile(length)[:300]),) * 9,
            otherwise=(vile_quote(length),),
            nearest=(vile_quote(length),),
        )
        for length in lengths
    ]
    citations = (vile_citation(1), vile_citation(2))
    check(checked_view(checked(*statements, citations=citations, not_checked=number)))


# A line to somebody


def test_a_notice_is_one_inert_line_in_the_colour_of_its_tone() -> None:
    views = [
        notice_view("Done.", tone="fine"),
        notice_view("Wait 5 seconds,\nplease.", tone="waiting"),
        notice_view("@here **failed**", tone="warning"),
    ]
    assert [words_of(text_of(check(view))) for view in views] == [
        "Done.", "⏳ Wait 5 seconds, please.", "⚠️ @\u200bhere **failed**"
    ]  # fmt: skip
    assert len({colour_of(view) for view in views}) == 3
    assert len(components_of(check(notice_view(vile(20_000), tone="warning")))) == 2
