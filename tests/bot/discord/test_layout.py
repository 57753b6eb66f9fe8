from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.blocks import label_quotes
from bot.discord.fit import fit_answer, quotes_of
from bot.discord.layout import answer_view
from bot.discord.markdown import visible
from bot.discord.more import More, more_pages
from index.types import Answer, Difference, DifferingValue, Place, Quote
from tests.bot.discord.limits import buttons_of, check, colour_of, labels_of, text_of, texts_of
from tests.bot.discord.monsters import vile, vile_answer, vile_citation
from tests.bot.discord.reader import words_in, words_of
from tests.bot.examples import ANSWERED, OTHER, SILENT, TEXT, make_citation, make_quote

ID = "0123456789ab"
LONG = "It went on and on. " * 5000


def texts_posted(answer: Answer) -> list[str]:
    """The Markdown of an answer that everyone can see."""
    return texts_of(check(answer_view(answer, answer_id=ID, private=False)))


def read_in(answer: Answer) -> str:
    return words_of("\n".join(texts_posted(answer)))


def shown_quotes(answer: Answer) -> tuple[Quote, ...]:
    """The quotes that a message shows, or of the nearest passages where there are none."""
    return tuple(quotes_of(answer)[place] for place in fit_answer(answer).places)


def more_of(answer: Answer) -> More:
    more = more_pages(answer, answer_id=ID)
    for view in more.views:
        check(view)
    return more


def quoted_in(markdown: str) -> str:
    """The words of all block quotes."""
    return "".join(words_in(markdown, "quote"))


def folded(text: str) -> str:
    return " ".join(text.split())


def many(number: int, length: int = 60) -> Answer:
    """An answer with so many quotes, each of another sentence."""
    texts = [f"{place:03} {'word ' * (length // 5)}end." for place in range(number)]
    return replace(ANSWERED, quotes=tuple(map(make_quote, texts)), differences=())


# What is read


def test_an_answer_reads_as_its_question_its_quotes_and_what_differs() -> None:
    answer = replace(ANSWERED, citations=(make_citation(url=None), ANSWERED.citations[1]))
    question, first, second, differences = texts_posted(answer)
    assert question == "### How many people were rescued?"
    assert first == (
        "> The ferry sank off the coast, and **41** people were rescued by fishing boats.\n"
        "-# \\[1\\] · Coast Herald · Ferry sinks in storm · 4 May 2023 · also in \\[2\\]"
    )
    assert (
        second == "> Rescuers pulled **38** people out of the water.\n-# \\[2\\] · Boats · undated"
    )
    assert differences == (
        "**The articles differ (people)\\:**\n"
        "- **41** · the coast guard · Coast Herald · 4 May 2023 · \\[1\\]\n"
        "- **38** · undated · \\[2\\]"
    )


def test_a_title_leads_to_the_quote_that_it_stands_under() -> None:
    quotes = (make_quote("First words."), make_quote("Other words."))
    texts = texts_posted(replace(ANSWERED, quotes=quotes))
    assert "[Ferry sinks in storm](https://example.org/ferry#:~:text=First%20words.)" in texts[1]
    assert "[Ferry sinks in storm](https://example.org/ferry#:~:text=Other%20words.)" in texts[2]


def test_a_source_that_stands_under_no_quote_is_named_at_the_end() -> None:
    answer = replace(ANSWERED, quotes=ANSWERED.quotes[:1], differences=())
    assert texts_posted(answer)[-1] == "-# \\[2\\] · Boats · undated"


def test_silence_says_so_and_marks_what_is_nearest() -> None:
    view = check(answer_view(SILENT, answer_id=ID, private=False))
    assert [words_of(text) for text in texts_of(view)][:3] == [
        "Who built the ferry?",
        "The articles don't say. Searched 1,200 articles, 1 May 2023 to 9 May 2023.",
        "Nearest, but not an answer:",
    ]
    assert quoted_in(text_of(view)) == folded(TEXT)
    assert colour_of(view) != colour_of(answer_view(ANSWERED, answer_id=ID, private=False))
    assert shown_quotes(SILENT) == SILENT.nearest


def test_silence_with_nothing_near_promises_nothing() -> None:
    assert "Nearest" not in read_in(replace(SILENT, nearest=(), citations=()))


def test_a_note_is_the_last_line_and_is_inert() -> None:
    view = check(answer_view(ANSWERED, answer_id=ID, private=False, note="For <@1>: **no**"))
    assert texts_of(view)[-1] == "-# For \\<\\@1\\>: \\*\\*no\\*\\*"


def test_what_a_follow_up_was_understood_as_stands_under_the_question() -> None:
    answer = replace(ANSWERED, understood="How many people did the *navy* rescue?")
    assert texts_posted(answer)[0].split("\n") == [
        "### How many people were rescued?",
        "-# Understood as: How many people did the \\*navy\\* rescue?",
    ]
    assert "Understood" not in read_in(ANSWERED)


def test_a_long_question_is_cut_at_a_word() -> None:
    heading = texts_posted(replace(ANSWERED, question="why " * 900))[0]
    assert heading.endswith("why…")
    assert len(heading) <= 260


# The buttons


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({"private": False}, ["1", "2", "Ask a follow-up", "👍", "👎", "🗑️"]),
        ({"private": False, "in_thread": True}, ["1", "2", "👍", "👎", "🗑️"]),
        ({"private": False, "may_delete": False}, ["1", "2", "Ask a follow-up", "👍", "👎"]),
        ({"private": True}, ["1", "2", "Share", "👍", "👎"]),
    ],
)
def test_an_answer_has_the_buttons_that_make_sense_where_it_stands(
    options: dict[str, bool], labels: list[str]
) -> None:
    view = check(answer_view(ANSWERED, answer_id=ID, **options))  # type: ignore[arg-type]
    assert labels_of(view) == labels


def test_quotes_from_one_article_and_their_buttons_are_told_apart_by_letters() -> None:
    quotes = (make_quote("One."), make_quote("Two.", number=2), make_quote("Three."))
    view = check(answer_view(replace(ANSWERED, quotes=quotes), answer_id=ID, private=False))
    assert labels_of(view)[:3] == ["1a", "2", "1b"]
    under = ["".join(words_in(text, "small")) for text in texts_of(view)[1:4]]
    assert [line.split(" ")[0] for line in under] == ["[1a]", "[2]", "[1b]"]


def test_letters_do_not_run_out() -> None:
    labels = label_quotes([make_quote(f"{place}.") for place in range(60)])
    assert labels[:2] + labels[25:27] + labels[-1:] == ["1a", "1b", "1z", "1aa", "1hhh"]
    assert len(set(labels)) == 60


def test_a_quote_behind_more_quotes_keeps_its_letter() -> None:
    answer = many(9)
    assert "[1a]" in read_in(answer)
    (view,) = more_of(answer).views
    assert labels_of(view) == ["1i"]
    assert "[1i]" in words_of(text_of(view))


def test_a_reply_needs_no_question_for_its_heading_but_says_what_it_understood() -> None:
    answer = replace(ANSWERED, understood="How many people did the navy rescue?")
    views = [
        check(answer_view(one, answer_id=ID, private=False, with_question=False))
        for one in (ANSWERED, answer)
    ]
    assert words_of(texts_of(views[0])[0]).startswith("The ferry sank")
    assert words_of(texts_of(views[1])[0]).startswith("Understood as: How many people did the navy")
    assert [labels_of(view) for view in views] == [labels_of(views[0])] * 2


def test_a_source_s_button_names_the_place_of_the_quote_that_it_shows() -> None:
    answer = replace(ANSWERED, quotes=(make_quote(LONG), *ANSWERED.quotes))
    view = check(answer_view(answer, answer_id=ID, private=False))
    ids = [button["custom_id"] for button in buttons_of(view)][:2]
    assert ids == [f"pq:source:{ID}:1", f"pq:source:{ID}:2"]
    assert shown_quotes(answer) == ANSWERED.quotes


# What has no room


def test_whole_quotes_are_left_out_from_the_end_and_offered() -> None:
    answer = many(6, length=1200)
    shown = shown_quotes(answer)
    assert shown == answer.quotes[: len(shown)]
    assert 1 <= len(shown) < 6
    texts = texts_posted(answer)
    assert texts[-1] == "-# There is more than fits here: see More quotes."
    assert "More quotes" in labels_of(answer_view(answer, answer_id=ID, private=False))
    assert quoted_in("\n".join(texts)) == "".join(folded(quote.text) for quote in shown)


def test_more_quotes_brings_all_that_was_left_out_in_order() -> None:
    answer = many(20)
    left = answer.quotes[len(shown_quotes(answer)) :]
    more = more_of(answer)
    quoted = "".join(quoted_in(text_of(view)) for view in more.views)
    assert quoted == "".join(folded(quote.text) for quote in left)
    places = [
        button["custom_id"].split(":")[-1] for view in more.views for button in buttons_of(view)
    ]
    assert places == [str(place) for place in range(8, 20)]
    assert more.file == ""


def test_what_no_few_messages_can_hold_comes_whole_in_a_file() -> None:
    answer = many(99, length=200)
    more = more_of(answer)
    assert len(more.views) == 3
    found = "".join(quoted_in(text_of(view)) for view in more.views) + more.file
    missing = [quote for quote in answer.quotes[8:] if folded(quote.text) not in found]
    assert missing == []


def test_a_quote_that_fits_no_message_is_announced_and_comes_whole_in_a_file() -> None:
    quote = make_quote("It said \n" + "so and so " * 10_000 + "end.")
    answer = replace(ANSWERED, quotes=(quote, make_quote(OTHER, number=2)), differences=())
    assert "Too long for this message: [1] with 100,013 characters." in read_in(answer)
    assert [one.text for one in shown_quotes(answer)] == [OTHER]
    more = more_of(answer)
    assert more.views == ()
    assert more.file.startswith(f'{quote.text}\n[1] Coast Herald — "Ferry sinks in storm", 4 May')


def test_a_quote_too_long_to_stand_beside_others_may_fill_a_message_of_its_own() -> None:
    answer = replace(ANSWERED, quotes=(make_quote("So and so. " * 300),), differences=())
    assert shown_quotes(answer) == ()
    more = more_of(answer)
    assert quoted_in(text_of(more.views[0])) == folded("So and so. " * 300)
    assert more.file == ""


def test_nothing_is_more_where_all_is_shown() -> None:
    assert more_of(ANSWERED) == More(views=(), file="")
    assert "More quotes" not in labels_of(answer_view(ANSWERED, answer_id=ID, private=False))


def test_sides_that_have_no_room_are_counted_and_offered_in_their_order() -> None:
    values = tuple(
        DifferingValue(value=f"{number} people", said_by=None, number=1) for number in range(40)
    )
    answer = replace(ANSWERED, differences=(Difference(about="", values=values),))
    sides = texts_posted(answer)[-2].splitlines()
    assert [line.split("·")[0] for line in sides[1:3]] == ["- **0 people** ", "- **1 people** "]
    assert sides[-1] == "- and 28 more"
    more = "\n".join(text_of(view) for view in more_of(answer).views)
    assert all(f"- **{number} people**" in more for number in range(40))


def test_one_side_alone_is_never_shown_as_a_difference() -> None:
    values = tuple(DifferingValue(value=str(n), said_by=None, number=1) for n in range(11))
    answer = replace(ANSWERED, differences=(Difference(about="a", values=values),) * 2)
    assert read_in(answer).count("The articles differ") == 1


def test_many_places_with_the_same_sentence_are_counted() -> None:
    places = tuple(Place(number=number, article="x", start=0, end=1) for number in range(2, 300))
    answer = replace(ANSWERED, quotes=(make_quote(also=places),))
    assert "also in [2], [3], [4], [5] and [6] and 293 more" in read_in(answer)


def test_a_link_loses_its_way_to_the_quote_before_a_quote_is_left_out() -> None:
    answer = many(8, length=250)
    answer = replace(answer, citations=(make_citation(url="https://ok.example/" + "a" * 100),))
    assert len(shown_quotes(answer)) == 8
    assert ":~:text=" not in "".join(texts_posted(answer))
    assert "](https://ok.example/" in "".join(texts_posted(answer))


# Monsters


@pytest.mark.parametrize("lengths", [[100] * 100, [100_000], [1900] * 5, [100_000, 50], [30] * 4])
@pytest.mark.parametrize("sides", [0, 2, 300])
@pytest.mark.parametrize("also", [0, 100])
def test_the_vilest_answers_stay_within_every_limit(
    lengths: list[int], sides: int, also: int
) -> None:
    answer = vile_answer(lengths, sides=sides, also=also)
    for private in (True, False):
        check(answer_view(answer, answer_id=ID, private=private, note=vile(5000)))
    check(answer_view(replace(answer, grounded=False), answer_id=ID, private=False))
    assert len(more_of(answer).file.encode()) < 10_000_000


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 2600), min_size=1, max_size=10), st.integers(0, 9), st.booleans())
def test_vile_quotes_are_all_there_or_not_at_all(
    lengths: list[int],
    sides: int,
    grounded: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    answer = vile_answer(lengths, sides=sides, grounded=grounded)
    view = check(answer_view(answer, answer_id=ID, private=False, note=vile(300)))
    quotes = [quoted_in(text) for text in texts_of(view) if text.startswith(">")]
    shown = [folded(visible(quote.text)) for quote in shown_quotes(answer)]
    assert [folded(quote).replace("@\u200b", "@") for quote in quotes] == shown


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 6000), min_size=1, max_size=20))
def test_every_quote_stands_whole_in_the_message_or_in_what_more_quotes_sends(
    lengths: list[int],
) -> None:
    texts = [f"{place} {'word ' * (length // 5)}end." for place, length in enumerate(lengths)]
    answer = replace(ANSWERED, quotes=tuple(map(make_quote, texts)))
    more = more_of(answer)
    messages = [*texts_posted(answer), *(text for view in more.views for text in texts_of(view))]
    everything = "\n".join([*messages, *(f"> {line}" for line in more.file.splitlines())])
    assert [everything.count(f"> {text}\n") for text in texts] == [1] * len(texts)


@pytest.mark.parametrize("grounded", [True, False])
@pytest.mark.parametrize(("length", "fits"), [(2298, True), (2299, False)])
def test_one_quote_that_just_fits_is_shown_whatever_stands_around_it(
    length: int, *, fits: bool, grounded: bool
) -> None:
    quote = make_quote(("so and so " * 250)[: length - 1] + "x")
    answer = vile_answer([5000, 30], sides=50, also=9, grounded=grounded)
    quotes = (quote, *(answer.quotes or answer.nearest) * 4)
    answer = replace(answer, **{"quotes" if grounded else "nearest": quotes})
    check(answer_view(answer, answer_id=ID, private=False, note=vile(300)))
    assert (quote in shown_quotes(answer)) == fits


def test_a_citation_s_foul_fields_are_words_and_its_link_goes_to_its_page() -> None:
    answer = replace(ANSWERED, citations=(vile_citation(1, 90), vile_citation(2, 90)))
    assert "(https://ok.example/yyy" in "".join(texts_posted(answer))
