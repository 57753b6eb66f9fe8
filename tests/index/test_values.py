from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.asked import read_asked
from index.language.values import Value, expected_kind, find_values


def quantities(text: str) -> list[Value]:
    return [value for value in find_values(text) if value.kind == "quantity"]


def quantity(text: str) -> Value:
    (value,) = quantities(text)
    return value


def texts_of(kind: str, text: str) -> list[str]:
    return [text[value.start : value.end] for value in find_values(text) if value.kind == kind]


# --- Amounts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10,000 voters", 10_000),
        ("10000 voters", 10_000),
        ("ten thousand voters", 10_000),
        ("Ten thousand voters", 10_000),
        ("twenty-one voters", 21),
        ("one thousand two hundred and fifty voters", 1_250),
        ("a hundred voters", 100),
        ("a half-million voters", 500_000),
        ("half a million voters", 500_000),
        ("half-million voters", 500_000),
        ("a quarter of a million voters", 250_000),
        ("two and a half million voters", 2_500_000),
        ("1.5 million voters", 1_500_000),
        ("1.25 billion voters", 1_250_000_000),
        ("3bn voters", 3_000_000_000),
        ("40k voters", 40_000),
        ("two dozen voters", 24),
        ("a dozen voters", 12),
        ("a couple of voters", 2),
        ("a couple thousand voters", 2_000),
        ("two-thirds of voters", 2 / 3),
        ("a quarter of voters", 0.25),
        ("0.5 voters", 0.5),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, amount: float) -> None:
    value = quantity(text)
    assert value.amount == pytest.approx(amount)
    assert (value.start, value.unit) == (0, "voter")


@pytest.mark.parametrize("text", ["dozens of boats", "hundreds of boats", "several hundred boats",
                                  "tens of thousands of boats", "a few dozen boats"])  # fmt: skip
def test_a_vague_amount_has_no_number(text: str) -> None:
    assert quantity(text).amount is None
    assert quantity(text).unit == "boat"


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("It cost $3bn.", 3e9, "dollar"),
        ("It cost US$2.5 million.", 2.5e6, "dollar"),
        ("It cost €20.", 20, "euro"),
        ("It cost £3m.", 3e6, "pound"),
        ("It cost 5 million dollars.", 5e6, "dollar"),
        ("It rose 12%.", 12, "percent"),
        ("It rose 12 percent.", 12, "percent"),
        ("It rose 12 per cent.", 12, "percent"),
        ("It rose twelve percent.", 12, "percent"),
        ("It is 5km away.", 5, "km"),
        ("It is 50 kilometers away.", 50, "kilomet"),
        ("It reached 40°C.", 40, "degre"),
    ],
)
def test_money_percentages_and_measures_have_their_unit(
    text: str, amount: float, unit: str
) -> None:
    value = quantity(text)
    assert value.amount == pytest.approx(amount)
    assert value.unit.startswith(unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("from 2,000 to 3,000 men", None, None),
        ("2,000 to 3,000 men", 2_000, 3_000),
        ("between 5 and 7 men", 5, 7),
        ("5-7 men", 5, 7),
        ("5–7 men", 5, 7),
        ("two to three million men", 2e6, 3e6),
        ("by 52-48 votes", 52, None),
    ],
)
def test_a_range_has_two_ends(text: str, low: float | None, high: float | None) -> None:
    first, *others = quantities(text)
    if low is None:
        assert [first.amount, *(value.amount for value in others)] == [2_000, 3_000]
    else:
        assert (first.amount, first.upper, others) == (low, high, [])


# --- What is counted --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "head"),
    [
        ("12,000 South African troops are there", "south african troop", "troop"),
        ("500 officers of the army", "offic", "offic"),
        ("seven aircraft carrying soldiers", "aircraft", "aircraft"),
        ("600 people killed on Monday", "peopl", "peopl"),
        ("40 U.S. soldiers", "us soldier", "soldier"),
        ("three small fishing boats", "small fish boat", "boat"),
        ("300 police officers", "polic offic", "offic"),
        ("has risen to 11,000, officials said", "", ""),
        ("They number about 400.", "", ""),
    ],
)
def test_the_unit_is_the_noun_that_follows(text: str, unit: str, head: str) -> None:
    value = quantity(text)
    assert (value.unit, value.head) == (unit, head)


@pytest.mark.parametrize("text", ["3,000 of them left", "3,000 more left", "another 3,000 men left",
                                  "3,000 other men left", "3,000 of the men left"])  # fmt: skip
def test_a_part_is_told_from_the_whole(text: str) -> None:
    assert quantity(text).part
    assert not quantity("3,000 men left").part


@pytest.mark.parametrize("qualifier", ["about", "more than", "as many as", "at least", "up to",
                                       "over", "nearly", "an estimated", "fewer than"])  # fmt: skip
def test_a_qualifier_is_told_from_the_figure(qualifier: str) -> None:
    text = f"It killed {qualifier} 300 people."
    value = quantity(text)
    assert value.qualifier == qualifier
    assert text[value.lead : value.end] == f"{qualifier} 300"
    assert text[value.start : value.tail] == "300 people"


# --- What is no quantity ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "A Su-35 and an F-16 met.",
        "They invoked Article 5.",
        "He is No. 3 there.",
        "The G7 met.",
        "After 9/11 it closed.",
        "It was a Boeing 737.",
        "They passed Resolution 1701.",
        "It was Flight 370.",
        "The third man spoke.",
        "The 30th man spoke.",
        "It opened in 1931.",
        "It opened on Oct. 30, 2024.",
        "No one spoke.",
        "It was one of the best.",
        "They met at 10:30.",
        "It peaked at number four.",
        "Nothing happened.",
        "Someone bought a number-one album.",
        "He told Radio Nine about it.",
        "The Falcon Seven landed.",
        "The Group of Eight met.",
        "Seven Sisters is a range of hills.",
    ],
)
def test_a_number_that_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Nine boats sank.",
        "It rained. Nine boats sank.",
        "“Nine boats sank,” he said.",
        "LEITH (Agency) — Nine boats sank.",
        "Nine Norwegian boats sank.",
        "NINE BOATS SINK",
    ],
)
def test_a_number_word_counts_where_a_sentence_starts(text: str) -> None:
    assert quantity(text).amount == 9


# --- Dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        "Oct. 30, 2024", "October 30", "30 October", "30 October 2024", "February 2022", "June",
        "Nov. 1", "2022", "Wednesday", "last week", "last Friday", "yesterday", "three days ago",
        "the 1990s", "19th century", "2024-10-30", "3 p.m.", "late summer", "October 23 and 28",
        "early March 2020", "Monday, Oct. 30", "summer of 2022", "next month",
    ],
)  # fmt: skip
def test_a_date_is_found_whole(date: str) -> None:
    text = f"It all began in {date}, they said."
    assert texts_of("date", text) == [date.removeprefix("the ")]
    assert quantities(text) == []


@pytest.mark.parametrize("text", ["They may go.", "May I go?", "They march on.", "March on!",
                                  "About 2000 people came.", "It cost $2000."])  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert texts_of("date", text) == []


# --- Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Then Anna Berg met the U.N. in Oslo.", ["Anna Berg", "U.N.", "Oslo"]),
        ("The Bank of England raised rates.", ["Bank of England"]),
        ("In Paris, Kim Min-jun spoke.", ["Paris", "Kim Min-jun"]),
        ("It is Norway’s Arctic coast.", ["Norway", "Arctic"]),
        ("On Wednesday Maria O’Neill left.", ["Maria O’Neill"]),
        ("Three ships left.", []),
        ("However, they left.", []),
        ("J.K. Rowling wrote it.", ["J.K. Rowling"]),
        ("Łukasz Żak won in São Paulo.", ["Łukasz Żak", "São Paulo"]),
        ("He told Radio Nine on Pier Four.", ["Radio Nine", "Pier Four"]),
        ("It closes between November and March.", []),
        ("Was it April or March?", []),
    ],
)
def test_names_are_runs_of_capitalised_words(text: str, names: list[str]) -> None:
    assert texts_of("name", text) == names


# --- Any text ---------------------------------------------------------------------------------


PIECES = (
    "a", "one", "half", " ", "-", ",", "12", "2022", "1,000", ".", "$", "%", "’s", "million", "and",
    "May", "Oct.", "30", "Anna", "of", "the", "them", "more than", "to", "between", "troops", "\n",
    "\xa0", "“", "km", "ago", "last", "week", "U.S.", "é", "İ", "\u0301", "½", "٣", "第",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_every_value_is_a_span_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    for value in find_values(text):
        assert 0 <= value.lead <= value.start < value.end <= value.tail <= len(text)


@pytest.mark.parametrize("piece", ["1,", "1 ", "one ", "one and ", "A ", "A. ", " ", "$", "1-",
                                   "May ", "half a ", "of the ", "more than ", "hundred and ",
                                   "a\xa0"])  # fmt: skip
def test_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    find_values(text)
    assert time.process_time() - started < 3


# --- What a question asks for -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many boats sank?", "quantity"),
        ("how much did it cost", "quantity"),
        ("How far is it?", "quantity"),
        ("How long did it last?", "quantity"),
        ("How old is Anna Berg?", "quantity"),
        ("What percentage of voters stayed at home?", "quantity"),
        ("What was the total number of votes?", "quantity"),
        ("According to police, how many boats sank?", "quantity"),
        ("Can you tell me how many boats sank?", "quantity"),
        ("The fire destroyed how many houses?", "quantity"),
        ("When did it sink?", "date"),
        ("In what year did it sink?", "date"),
        ("On which date did it sink", "date"),
        ("who sank it", "person"),
        ("In 2024, who won?", "person"),
        ("When the war ended, who ruled?", "person"),
        ("Whose boat sank?", "person"),
        ("Which minister resigned?", "person"),
        ("Where did it sink?", "place"),
        ("In which country did it sink?", "place"),
        ("The man who built it was born where?", "place"),
        ("Did it sink?", "polarity"),
        ("has anyone been found", "polarity"),
        ("Isn't it sunk?", "polarity"),
        ("After the storm, did it sink?", "polarity"),
        ("What does the boat cost?", "quantity"),
        ("What did the boat weigh?", "quantity"),
        ("What sank?", None),
        ("Why did it sink?", None),
        ("How did it sink?", None),
        ("What happened when it sank?", None),
        ("boats", None),
        ("", None),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str | None) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many South African troops are there?", "South African troops"),
        ("How many of the boats sank?", "boats"),
        ("What is the number of dead?", "dead"),
        ("What was the total number of votes cast?", "votes"),
    ],
)
def test_what_a_question_counts(question: str, counted: str) -> None:
    asked = read_asked(question)
    assert question[asked.start : asked.end].strip() == counted


@pytest.mark.parametrize(
    ("question", "fits", "fails"),
    [
        ("How far is it?", "50 kilometers", "50 boats"),
        ("How much did they pay?", "$50", "50 boats"),
        ("How long did it last?", "five hours", "five boats"),
        ("How old is she?", "34-year-old", "34 boats"),
        ("What percentage stayed?", "12%", "12 boats"),
        ("How many boats sank?", "12 boats", "12 trucks"),
    ],
)
def test_a_figure_fits_a_question_by_what_it_counts(question: str, fits: str, fails: str) -> None:
    asked = read_asked(question)
    assert asked.fits(quantity(fits)) == 1.0
    assert asked.fits(quantity(fails)) == 0.0
