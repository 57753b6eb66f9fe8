from __future__ import annotations

import logging
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Answer, Citation, Difference, DifferingValue, Place, Quote, Searched
from index.verify import NOT_SAID, has_words, is_literal, join_quotes, verify_quotes

HARBOUR = (
    "The ferry sank on Oct. 30, 2024, killing 1,200 people. “It was not safe,” said Anna Berg."
    " The owner did not answer. The ferry sank on Oct. 3, 2024, said a rival paper."
    " Ministers Lund and Berg will meet on Friday. Mr. O’Neill’s crew of 45 left at 10:30\xa0a.m."
)
MARKET = (
    "Prices rose 4.5 percent in May. The bank raised rates by 0.25 points, Carla Diaz said."
    " It was not expected. “No one knew,” she added. Unemployment fell to 3.9 percent in June."
)
TEXTS = {"harbour.txt": HARBOUR, "market.txt": MARKET}
SEARCHED = Searched(articles=2, passages=2, earliest=None, latest=None, generation=1)
CITATIONS = tuple(
    Citation(number=number, article=article, title="T", outlet=None, published=None, url=None)
    for number, article in enumerate(TEXTS, start=1)
)


def quote_at(start: int, end: int, *, number: int = 1) -> Quote:
    article = CITATIONS[number - 1].article
    text = TEXTS[article][start:end]
    return Quote(number=number, text=text, article=article, start=start, end=end, paragraph=1)


def quote_of(text: str, *, number: int = 1) -> Quote:
    start = TEXTS[CITATIONS[number - 1].article].index(text)
    return quote_at(start, start + len(text), number=number)


def answer_with(*quotes: Quote, differences: tuple[Difference, ...] = ()) -> Answer:
    return Answer(
        question="What happened?",
        text=join_quotes(quotes),
        grounded=True,
        confidence=0.9,
        searched=SEARCHED,
        quotes=quotes,
        citations=CITATIONS,
        differences=differences,
    )


SANK = quote_of("The ferry sank on Oct. 30, 2024, killing 1,200 people.")
ROSE = quote_of("Prices rose 4.5 percent in May.", number=2)

# --- Altered quotes ---------------------------------------------------------------------------

LOOK_ALIKES = str.maketrans(
    "aceopxyABEKMHOPCTX-'’“” 0",
    'асеорхуАВЕКМНОРСТХ‑’\'""\xa0O',
)
NAMES = ("Anna Berg", "Lund", "Berg", "Carla Diaz", "O’Neill", "May", "June", "Friday")
NEGATIONS = ("did not", "was not", "not ", "No one", "never ")


def change_digit(chance: random.Random, quote: Quote) -> str:
    places = [place for place, letter in enumerate(quote.text) if letter.isdigit()]
    if not places:
        return quote.text
    place = chance.choice(places)
    digit = chance.choice([d for d in "0123456789" if d != quote.text[place]])
    return quote.text[:place] + digit + quote.text[place + 1 :]


def change_name(chance: random.Random, quote: Quote) -> str:
    name = chance.choice(NAMES)
    return quote.text.replace(name, chance.choice([n for n in NAMES if n != name]), 1)


def drop_negation(chance: random.Random, quote: Quote) -> str:
    return quote.text.replace(chance.choice(NEGATIONS), "", 1)


def add_negation(chance: random.Random, quote: Quote) -> str:
    place = chance.choice([n for n, letter in enumerate(quote.text) if letter == " "] or [0])
    return f"{quote.text[:place]} not{quote.text[place:]}"


def look_alike(chance: random.Random, quote: Quote) -> str:
    place = chance.randrange(len(quote.text))
    letter = quote.text[place].translate(LOOK_ALIKES)
    return quote.text[:place] + letter + quote.text[place + 1 :]


def change_space(chance: random.Random, quote: Quote) -> str:
    places = [n for n, letter in enumerate(quote.text) if letter.isspace()]
    if not places:
        return quote.text + " "
    place = chance.choice(places)
    space = chance.choice([s for s in (" ", "\xa0", "  ", "\n", "") if s != quote.text[place]])
    return quote.text[:place] + space + quote.text[place + 1 :]


def join_two(chance: random.Random, quote: Quote) -> str:
    cut = chance.randrange(len(quote.text))
    other = chance.choice(list(TEXTS.values()))
    return quote.text[:cut] + other[-(cut + 1) :]


def drop_word(chance: random.Random, quote: Quote) -> str:
    words = quote.text.split(" ")
    del words[chance.randrange(len(words))]
    return " ".join(words)


def change_case(chance: random.Random, quote: Quote) -> str:
    place = chance.randrange(len(quote.text))
    return quote.text[:place] + quote.text[place].swapcase() + quote.text[place + 1 :]


def decompose(chance: random.Random, quote: Quote) -> str:
    return quote.text + chance.choice(["\u200b", "\u0301", "\ufeff", "."])


ALTERATIONS = (
    change_digit, change_name, drop_negation, add_negation, look_alike, change_space, join_two,
    drop_word, change_case, decompose,
)  # fmt: skip
ALTERED_QUOTES = 20  # times that a span is altered in each way


@st.composite
def spans(draw: st.DrawFn) -> Quote:
    number = draw(st.integers(1, len(CITATIONS)))
    whole = len(TEXTS[CITATIONS[number - 1].article])
    length = draw(st.sampled_from((5, 12, 25, 50, 80, 120)))
    start = draw(st.integers(0, whole - length))
    return quote_at(start, start + length, number=number)


def altered_from(quote: Quote, chance: random.Random) -> tuple[Quote, ...]:
    """The quote altered in every way, several times, each result once and none as it was."""
    texts = {alter(chance, quote) for alter in ALTERATIONS for _ in range(ALTERED_QUOTES)}
    return tuple(replace(quote, text=text) for text in sorted(texts - {quote.text}))


@settings(max_examples=60, deadline=None)
@given(spans(), st.integers(0, 2**32))
def test_no_altered_quote_passes(quote: Quote, seed: int) -> None:
    altered = altered_from(quote, random.Random(seed))  # noqa: S311
    assert verify_quotes(answer_with(quote, *altered), TEXTS).quotes == (quote,)


def test_none_of_ten_thousand_different_altered_quotes_passes() -> None:
    chance = random.Random(20241030)  # noqa: S311
    tried: set[tuple[int, str]] = set()
    while len(tried) < 10_000:
        number = chance.randrange(1, 3)
        start = chance.randrange(len(TEXTS[CITATIONS[number - 1].article]) - 60)
        quote = quote_at(start, start + chance.randrange(8, 60), number=number)
        altered = altered_from(quote, chance)
        assert verify_quotes(answer_with(*altered), TEXTS).quotes == ()
        tried |= {(start, wrong.text) for wrong in altered}
    assert len(tried) >= 10_000


@settings(max_examples=200, deadline=None)
@given(spans(), st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=20))
def test_no_shifted_quote_passes(quote: Quote, shifts: list[tuple[int, int]]) -> None:
    for first, last in shifts:
        start, end = quote.start + first, quote.end + last
        if 0 <= start < end:
            moved = replace(quote, start=start, end=end)
            is_there = TEXTS[quote.article][start:end] == quote.text
            is_there &= end <= len(TEXTS[quote.article])
            assert bool(verify_quotes(answer_with(moved), TEXTS).quotes) is is_there


@settings(max_examples=200, deadline=None)
@given(spans())
def test_every_unaltered_quote_passes_as_it_is(quote: Quote) -> None:
    answer = answer_with(quote)
    verified = verify_quotes(answer, TEXTS)
    assert verified == replace(answer, citations=(CITATIONS[quote.number - 1],))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.integers(-5, 50), st.integers(-5, 50))
def test_literal_is_the_slice_and_nothing_else(
    text: str, source: str, start: int, end: int
) -> None:
    expected = start >= 0 and start < end <= len(source) and list(source[start:end]) == list(text)
    assert is_literal(text, source, start, end) is expected


def test_alterations_alter() -> None:
    chance = random.Random(7)  # noqa: S311
    whole = quote_at(0, len(HARBOUR))
    for alter in ALTERATIONS:
        assert any(alter(chance, whole) != whole.text for _ in range(50))


# --- What is dropped --------------------------------------------------------------------------


def test_a_quote_of_another_article_is_dropped() -> None:
    assert verify_quotes(answer_with(replace(SANK, article="market.txt"), ROSE), TEXTS).quotes == (
        ROSE,
    )


def test_a_quote_whose_citation_names_another_article_is_dropped() -> None:
    assert verify_quotes(answer_with(replace(SANK, number=2), ROSE), TEXTS).quotes == (ROSE,)


def test_a_quote_without_a_citation_is_dropped() -> None:
    assert verify_quotes(answer_with(replace(SANK, number=9), ROSE), TEXTS).quotes == (ROSE,)


def test_a_quote_of_an_article_that_is_gone_is_dropped() -> None:
    verified = verify_quotes(answer_with(SANK, ROSE), {"market.txt": MARKET})
    assert verified.quotes == (ROSE,)
    assert verified.citations == (CITATIONS[1],)
    assert verified.text == "“Prices rose 4.5 percent in May.” [2]"


def test_without_quotes_the_articles_do_not_say() -> None:
    verified = verify_quotes(answer_with(replace(SANK, text="The ferry is safe.")), TEXTS)
    assert not verified.grounded
    assert verified.text == NOT_SAID == "The articles don't say."
    assert verified.citations == ()


def test_what_is_not_grounded_quotes_nothing_but_shows_what_is_near() -> None:
    near, wrong = ROSE, replace(SANK, text="Nothing sank.")
    answer = replace(answer_with(SANK), grounded=False, nearest=(near, wrong))
    verified = verify_quotes(answer, TEXTS)
    assert (verified.quotes, verified.nearest) == ((), (near,))
    assert verified.citations == (CITATIONS[1],)
    assert verified.text == NOT_SAID


def test_a_mark_outside_its_quote_is_taken_off() -> None:
    marked = replace(SANK, answer_span=(SANK.start + 41, SANK.start + 46))
    outside = replace(SANK, answer_span=(SANK.start, SANK.end + 1))
    backwards = replace(SANK, answer_span=(SANK.start + 5, SANK.start + 5))
    verified = verify_quotes(answer_with(marked, outside, backwards), TEXTS)
    assert [quote.answer_span for quote in verified.quotes] == [marked.answer_span, None, None]


@pytest.mark.parametrize(
    "place",
    [
        Place(number=1, article="harbour.txt", start=-5, end=40),
        Place(number=1, article="harbour.txt", start=0, end=len(HARBOUR) + 1),
        Place(number=1, article="harbour.txt", start=7, end=7),
        Place(number=2, article="harbour.txt", start=0, end=54),
        Place(number=2, article="market.txt", start=0, end=31),
        Place(number=3, article="gone.txt", start=0, end=31),
    ],
)
def test_a_place_that_does_not_hold_the_sentence_is_dropped(place: Place) -> None:
    verified = verify_quotes(answer_with(replace(SANK, also=(place,))), TEXTS)
    assert verified.quotes == (SANK,)


def test_a_place_that_holds_the_sentence_keeps_its_citation() -> None:
    reprint = f"Update: {SANK.text}"
    citation = replace(CITATIONS[0], number=3, article="reprint.txt")
    place = Place(number=3, article="reprint.txt", start=8, end=len(reprint))
    answer = answer_with(replace(SANK, also=(place,)))
    answer = replace(answer, citations=(*CITATIONS, citation))
    verified = verify_quotes(answer, {**TEXTS, "reprint.txt": reprint})
    assert verified.quotes[0].also == (place,)
    assert [cited.number for cited in verified.citations] == [1, 3]


@pytest.mark.parametrize(
    "reprint",
    [
        "The ferry sank on Oct. 30, 2024, killing 1,300 people.",
        "The ferry sank on Oct. 3, 2024, killing 1,200 people.",
        "The ferry never sank on Oct. 30, 2024, killing 1,200 people.",
        "The ferry sank on Oct. 30, 2024.",
        "Killing 1,200 people, a storm struck the coast on Oct. 30, 2024.",
    ],
)
def test_a_place_that_says_another_thing_is_dropped(reprint: str) -> None:
    citation = replace(CITATIONS[0], number=3, article="reprint.txt")
    place = Place(number=3, article="reprint.txt", start=0, end=len(reprint))
    answer = answer_with(replace(SANK, also=(place,)))
    answer = replace(answer, citations=(*CITATIONS, citation))
    verified = verify_quotes(answer, {**TEXTS, "reprint.txt": reprint})
    assert verified.quotes[0].also == ()


def test_dropping_is_logged_by_place_and_never_by_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="index.verify"):
        verify_quotes(answer_with(replace(SANK, text="A secret.")), TEXTS)
    (message,) = caplog.messages
    assert "harbour.txt" in message
    assert f"{SANK.start}:{SANK.end}" in message
    assert "secret" not in message


# --- Differences ------------------------------------------------------------------------------


def difference(*values: tuple[str, str | None, int]) -> Difference:
    sides = [DifferingValue(value=v, said_by=by, number=number) for v, by, number in values]
    return Difference(about="people", values=tuple(sides))


def test_values_that_stand_in_their_articles_stay() -> None:
    sides = difference(("1,200", "Anna Berg", 1), ("4.5 percent", "Carla Diaz", 2))
    verified = verify_quotes(answer_with(SANK, ROSE, differences=(sides,)), TEXTS)
    assert verified.differences == (sides,)


def test_a_value_that_is_not_in_its_article_leaves_no_difference() -> None:
    sides = difference(("1,200", None, 1), ("1,300", None, 2))
    verified = verify_quotes(answer_with(SANK, differences=(sides,)), TEXTS)
    assert verified.differences == ()
    assert verified.citations == (CITATIONS[0],)


def test_a_speaker_that_is_not_in_the_article_is_nobody() -> None:
    sides = difference(("1,200", "Anna Bergman", 1), ("4.5 percent", "", 2))
    verified = verify_quotes(answer_with(SANK, ROSE, differences=(sides,)), TEXTS)
    assert [value.said_by for value in verified.differences[0].values] == [None, None]


@pytest.mark.parametrize("part", ["200", "1", "20", "2,200", "killing 1", "2024, killin", "", " "])
def test_a_part_of_a_figure_or_word_does_not_stand_in_a_text(part: str) -> None:
    assert not has_words(part, HARBOUR.replace("10:30", "12:30"))


@pytest.mark.parametrize("words", ["1,200", "killing 1,200", "“It was not safe,”", "Anna Berg"])
def test_whole_words_stand_in_a_text(words: str) -> None:
    assert has_words(words, HARBOUR)


# --- Prose ------------------------------------------------------------------------------------


def test_extractive_prose_is_nothing_but_the_quotes() -> None:
    answer = replace(answer_with(SANK, ROSE), text="The ferry is safe.")
    verified = verify_quotes(answer, TEXTS)
    assert verified.text == f"“{SANK.text}” [1] “{ROSE.text}” [2]"


def test_written_prose_may_quote_what_is_quoted() -> None:
    written = 'It sank, "killing 1,200 people" [1].'
    answer = replace(answer_with(SANK), text=written, mode="written")
    assert verify_quotes(answer, TEXTS).text == written


def test_written_prose_that_invents_a_quotation_gives_way_to_the_quotes() -> None:
    written = "It sank, “killing 1,300 people” [1]."
    verified = verify_quotes(replace(answer_with(SANK), text=written, mode="written"), TEXTS)
    assert (verified.mode, verified.text) == ("extractive", join_quotes([SANK]))
