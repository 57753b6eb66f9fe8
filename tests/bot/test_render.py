from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.contract import to_json
from bot.render import (
    describe_also,
    describe_kept,
    describe_searched,
    describe_sentence,
    describe_source,
    link_to,
    mark_quote,
    mark_span,
    render_plain,
)
from index.types import Place, Prose, WrittenSentence
from tests.bot.examples import ANSWERED, SEARCHED, SILENT, TEXT, UNKNOWN, make_citation, make_quote


def test_json_of_an_answer_has_the_keys_of_the_contract_in_its_order() -> None:
    found = to_json(ANSWERED)
    assert list(found) == [
        "question", "grounded", "mode", "confidence", "answer", "quotes", "citations",
        "differences", "milliseconds",
    ]  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_json_of_a_quote_holds_its_exact_text_and_article_offsets() -> None:
    first, second = to_json(ANSWERED)["quotes"]  # type: ignore[misc]
    assert first == {
        "number": 1,
        "text": TEXT,
        "article": "sea/ferry.txt",
        "start": 100,
        "end": 100 + len(TEXT),
        "answer_span": [134, 136],
        "paragraph": 3,
        "also": [{"number": 2, "article": "b.txt", "start": 5, "end": 9}],
    }
    assert second["also"] == []


def test_json_of_citations_and_differences_says_null_where_nothing_is_known() -> None:
    found = to_json(ANSWERED)
    assert found["citations"] == [
        {
            "number": 1,
            "article": "sea/ferry.txt",
            "title": "Ferry sinks in storm",
            "outlet": "Coast Herald",
            "published": "2023-05-04",
            "url": "https://example.org/ferry",
        },
        {
            "number": 2,
            "article": "b.txt",
            "title": "Boats",
            "outlet": None,
            "published": None,
            "url": None,
        },
    ]
    assert found["differences"] == [
        {
            "about": "people",
            "values": [
                {"value": "41", "said_by": "the coast guard", "number": 1},
                {"value": "38", "said_by": None, "number": 2},
            ],
        }
    ]


def test_json_names_the_nearest_only_where_the_articles_are_silent() -> None:
    found = to_json(SILENT)
    assert found["quotes"] == []
    assert [one["text"] for one in found["nearest"]] == [TEXT]  # type: ignore[attr-defined]
    assert "nearest" not in to_json(ANSWERED)


def test_an_answer_in_plain_text_reads_as_quotes_sides_and_sources() -> None:
    assert render_plain(ANSWERED) == (
        "> The ferry sank off the coast, and 41 people were rescued by fishing boats. [1]\n"
        "  also in [2]\n"
        "\n"
        "> Rescuers pulled 38 people out of the water. [2]\n"
        "\n"
        "The articles differ (people):\n"
        "  41 · the coast guard · Coast Herald · 4 May 2023 · [1]\n"
        "  38 · undated · [2]\n"
        "\n"
        '[1] Coast Herald — "Ferry sinks in storm", 4 May 2023, paragraph 3,'
        " https://example.org/ferry\n"
        '[2] "Boats", undated, paragraph 1, b.txt\n'
    )


def test_silence_in_plain_text_says_what_was_searched_and_marks_the_nearest() -> None:
    assert render_plain(SILENT).split("\n\n")[:3] == [
        "The articles don't say. Searched 1,200 articles, 1 May 2023 to 9 May 2023.",
        "Nearest, but not an answer:",
        "> The ferry sank off the coast, and 41 people were rescued by fishing boats. [1]",
    ]


def test_silence_without_anything_near_is_one_line() -> None:
    answer = replace(SILENT, nearest=(), citations=(), searched=replace(SEARCHED, latest=None))
    assert render_plain(answer) == "The articles don't say. Searched 1,200 articles.\n"


def test_a_written_answer_stands_before_its_quotes() -> None:
    answer = replace(ANSWERED, mode="written", text="Some 41 were rescued [1].")
    assert render_plain(answer).startswith("Some 41 were rescued [1].\n\n> The ferry")


def test_an_article_cannot_send_escape_sequences_to_the_terminal() -> None:
    hostile = "x\x1b[2J\x07\x9b31m"
    answer = replace(
        ANSWERED,
        quotes=(make_quote(f"{hostile} sank"),),
        citations=(make_citation(title=hostile, outlet=hostile, url=None, article=hostile),),
    )
    assert not set(render_plain(answer)) & {"\x1b", "\x07", "\x9b"}


def test_the_answering_words_stay_apart_when_white_space_is_folded() -> None:
    marked = mark_quote(make_quote("  It was\n\t41\r\n people. ", mark="41"))
    assert (marked.before, marked.marked, marked.after) == ("It was ", "41", " people.")


def test_a_span_that_reaches_beyond_a_text_is_cut_to_it() -> None:
    marked = mark_span("middle", 10, (0, 13))
    assert (marked.before, marked.marked, marked.after) == ("", "mid", "dle")


def test_several_paragraphs_and_places_are_listed_once_each() -> None:
    quotes = [make_quote(paragraph=number) for number in (7, 2, 7)]
    assert describe_source(make_citation(), quotes).endswith("paragraphs 2 and 7")
    places = tuple(Place(number=n, article="a", start=0, end=1) for n in (4, 2, 3, 1, 2))
    assert describe_also(make_quote(also=places)) == "also in [2], [3] and [4]"
    assert describe_also(make_quote(also=places[3:4])) == ""


def test_what_was_searched_names_one_day_once() -> None:
    searched = replace(SEARCHED, articles=1, latest=SEARCHED.earliest)
    assert describe_searched(searched) == "Searched 1 article, 1 May 2023."


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("Short, well-known words.", "Short%2C%20well%2Dknown%20words."),
        ("a b c d e f g h i j k l m n", "a%20b%20c%20d%20e%20f,i%20j%20k%20l%20m%20n"),
    ],
)
def test_a_link_scrolls_to_the_quote(text: str, fragment: str) -> None:
    address = link_to(make_citation(), [make_quote(text)])
    assert address == f"https://example.org/ferry#:~:text={fragment}"


def test_only_web_addresses_become_links() -> None:
    assert link_to(make_citation(url="javascript:alert(1)"), []) is None
    assert link_to(make_citation(url="https://example.org/\x1b]8;;\x07"), []) is None
    assert link_to(UNKNOWN, []) is None


def test_an_address_with_a_fragment_keeps_it_and_scrolls_all_the_same() -> None:
    quote = make_quote("Three were hurt.")
    assert link_to(make_citation(url="https://example.org/a#b"), [quote]) == (
        "https://example.org/a#b:~:text=Three%20were%20hurt."
    )
    already = "https://example.org/a#:~:text=x"
    assert link_to(make_citation(url=already), [quote]) == already


@pytest.mark.parametrize(
    ("article", "fragment"),
    [
        ("a.md", "She%20said%20so%3A%20never%202*3%20or%20snake_case."),
        ("a.txt", "She%20%2A%2Asaid%20so%2A%2A%3A%20_never_%202*3%20or%20snake_case."),
    ],
)
def test_the_marks_of_markdown_are_not_looked_for_on_the_page(article: str, fragment: str) -> None:
    quote = make_quote("She **said so**: _never_ 2*3 or snake_case.", article=article)
    address = link_to(make_citation(article=article), [quote])
    assert address == f"https://example.org/ferry#:~:text={fragment}".replace("2*3", "2%2A3")


# Prose


PROSE = Prose(
    sentences=(
        WrittenSentence(text="The ferry sank.", numbers=(1,), places=(0,)),
        WrittenSentence(text="Either 38 or 41 people\x1b[31m were rescued.", numbers=(1, 2)),
    ),
    proposed=3,
    dropped=("figure",),
    model="ollama/small",
    tokens=(700, 60),
)


def test_prose_has_a_key_of_its_own_in_json_and_an_answer_without_it_has_not() -> None:
    found = to_json(replace(ANSWERED, prose=PROSE, mode="written", understood="Who was saved?"))
    assert found["prose"] == {
        "sentences": [
            {"text": "The ferry sank.", "numbers": [1]},
            {"text": "Either 38 or 41 people\x1b[31m were rescued.", "numbers": [1, 2]},
        ],
        "proposed": 3,
        "dropped": ["figure"],
        "note": None,
        "model": "ollama/small",
        "tokens": {"read": 700, "written": 60},
    }
    assert (found["mode"], found["understood"]) == ("written", "Who was saved?")
    assert to_json(ANSWERED).keys().isdisjoint({"prose", "understood"})


def test_a_written_sentence_is_one_harmless_line_with_its_citations() -> None:
    lines = [describe_sentence(sentence) for sentence in PROSE.sentences]
    assert lines == ["The ferry sank. [1]", "Either 38 or 41 people were rescued. [1][2]"]


def test_how_many_sentences_were_kept_is_told_where_not_all_were() -> None:
    assert describe_kept(PROSE) == "2 of 3 sentences kept"
    assert describe_kept(replace(PROSE, dropped=(), proposed=2)) == ""


def test_what_a_question_was_understood_as_leads_its_answer() -> None:
    shown = render_plain(replace(SILENT, understood="Who built\nthe Astrid?"))
    assert shown.startswith("Understood as: Who built the Astrid?\n\nThe articles don't say.")
