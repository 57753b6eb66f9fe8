"""A message checked against the articles: what is the same, what differs, what nobody mentions."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.check import MOST_STATEMENTS, Checked, Statement
from index.checking.contrast import Contrast, Evidence, contrast
from index.checking.match import Subject
from index.checking.reading import read_sentence_to_compare
from index.checking.statements import read_statements
from index.language.resolve import read_moment, resolve_moment
from index.language.synonyms import find_opposites, means_same
from index.open import Library, open_library
from index.settings import Settings
from index.verify import keep_literal
from tests.index.newsroom import write_article

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
NEWSROOM = ROOT / "tests" / "newsroom"
NOTHING = "nothing"
"""What is expected of a message that states nothing."""

# What was measured, less one where vectors decide: they differ in their last digits by processor.
LEAST_RIGHT = {"same": 27, "differs": 31, "not mentioned": 20, NOTHING: 6}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("checks")
    opened = open_library(Settings(corpus=NEWSROOM / "articles", folder=folder))
    deque(opened.reindex(), maxlen=0)
    yield opened
    opened.close()


def check_one(library: Library, text: str) -> Statement:
    (statement,) = library.check(text).statements
    return statement


# The set of statements


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    id: str
    text: str
    kind: str
    wanted: str
    differing: tuple[str, str] | None
    checked: Checked

    @property
    def verdict(self) -> str:
        statements = self.checked.statements
        return statements[-1].verdict if statements else NOTHING

    @property
    def is_right(self) -> bool:
        pairs = [pair for one in self.checked.statements for pair in one.differing]
        return self.verdict == self.wanted and (not self.differing or self.differing in pairs)


@pytest.fixture(scope="module")
def outcomes(library: Library) -> list[Outcome]:
    lines = (NEWSROOM / "checks.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Outcome(
            id=row["id"],
            text=row["text"],
            kind=row["kind"],
            wanted=row["verdict"],
            differing=(row["said"], row["article"]) if "said" in row else None,
            checked=library.check(row["text"]),
        )
        for row in map(json.loads, lines)
    ]


def test_nothing_altered_or_absent_is_ever_called_the_same(outcomes: list[Outcome]) -> None:
    wrong = [one for one in outcomes if one.verdict == "same" != one.wanted]
    assert [(one.id, one.text) for one in wrong] == []


def test_nothing_that_holds_or_is_absent_is_ever_called_different(outcomes: list[Outcome]) -> None:
    wrong = [one for one in outcomes if one.verdict == "differs" != one.wanted]
    assert [(one.id, one.text) for one in wrong] == []


def test_no_kind_of_statement_is_judged_rightly_less_often_than_before(
    outcomes: list[Outcome],
) -> None:
    right = Counter(one.wanted for one in outcomes if one.is_right)
    table = Counter((one.wanted, one.verdict) for one in outcomes)
    below = {wanted for wanted, least in LEAST_RIGHT.items() if right[wanted] < least}
    missed = [f"{one.id} {one.wanted}, not {one.verdict}: {one.text}" for one in outcomes
              if not one.is_right]  # fmt: skip
    assert not below, "\n".join([str(sorted(table.items())), *missed])


def test_every_quote_is_a_literal_slice_with_its_citation_and_its_mark_inside(
    outcomes: list[Outcome],
) -> None:
    texts = {file.name: file.read_bytes().decode() for file in (NEWSROOM / "articles").iterdir()}
    for one in outcomes:
        cited = {each.number: each.article for each in one.checked.citations}
        used = set()
        for statement in one.checked.statements:
            for quote in (*statement.quotes, *statement.otherwise, *statement.nearest):
                assert texts[quote.article][quote.start : quote.end] == quote.text
                assert cited[quote.number] == quote.article
                used |= {quote.number, *(place.number for place in quote.also)}
                if quote.answer_span:
                    assert quote.start <= quote.answer_span[0] < quote.answer_span[1] <= quote.end
        assert used == set(cited)


# What is shown


def test_a_value_that_differs_is_marked_in_the_quote(library: Library) -> None:
    found = check_one(library, "the dam was 45 metres high")
    (quote,) = found.quotes
    assert (found.verdict, found.differing) == ("differs", (("45", "54"),))
    assert quote.answer_span is not None
    start, end = (place - quote.start for place in quote.answer_span)
    assert quote.text[start:end] == "54"


def test_a_sentence_that_two_papers_print_is_one_quote_with_two_places(library: Library) -> None:
    found = check_one(library, "The company employs 1,150 people, a third of the town's population")
    (quote,) = found.quotes
    assert len({quote.article, *(place.article for place in quote.also)}) == 2


def test_where_one_article_says_so_and_another_does_not_both_are_shown(library: Library) -> None:
    found = check_one(library, "38 people were still missing")
    assert found.verdict == "same"
    assert "38 people were still missing" in found.quotes[0].text
    assert found.differing[0] == ("38", "19")
    assert "19 people remained missing" in found.otherwise[0].text


def test_articles_do_not_differ_from_what_one_of_them_all_but_says(library: Library) -> None:
    found = check_one(library, "17 people were killed in Saltmere")
    assert found.verdict != "differs"
    assert "killing at least 17 people" in (*found.quotes, *found.nearest)[0].text


def test_what_one_crowd_was_counted_by_is_not_put_into_another_s_mouth(library: Library) -> None:
    assert check_one(library, "Police said 25,000 people had marched").verdict != "same"
    assert check_one(library, "Organizers said 25,000 people had marched").verdict == "same"


def test_what_is_not_mentioned_has_no_quote_and_a_nearest_one(library: Library) -> None:
    found = check_one(library, "The mayor of Saltmere resigned on Wednesday")
    assert (found.verdict, found.quotes, found.differing) == ("not mentioned", (), ())
    assert len(found.nearest) == 1


def test_offsets_are_those_of_the_message_as_it_was_given(library: Library) -> None:
    message = (
        "<@12> look: https://a.example/x\n> The mine **opened** in 1987.\nlol\n- 45 m of `mud`"
    )
    first = library.check(message).statements[0]
    assert first.text == "The mine opened in 1987."
    assert message[first.start : first.end] == "The mine **opened** in 1987."


def test_at_most_ten_statements_are_checked_and_the_others_counted(library: Library) -> None:
    checked = library.check("The mine opened in 1987. " * (MOST_STATEMENTS + 3))
    assert len(checked.statements) == MOST_STATEMENTS
    assert checked.not_checked == 3


@pytest.mark.parametrize(
    "message", ["", "  \n", "https://a.example/x <@5> :smile: 😢", "```\n17 died\n```"]
)
def test_a_message_without_statements_has_none(library: Library, message: str) -> None:
    checked = library.check(message)
    assert (checked.statements, checked.citations, checked.not_checked) == ((), (), 0)
    assert checked.searched.articles == 14


@pytest.mark.parametrize("message", ["the dam broke " * 285, "mud " * 1000, "x" * 4000, "[" * 4000])
def test_four_thousand_characters_without_a_stop_are_borne(library: Library, message: str) -> None:
    checked = library.check(message)
    assert all(one.verdict == "not mentioned" for one in checked.statements)


def test_an_index_that_has_lost_its_articles_mentions_nothing(tmp_path: Path) -> None:
    article = tmp_path / "corpus" / "mine.txt"
    article.parent.mkdir()
    article.write_text("A mine\n\nThe mine opened in 1987, and it employs half of the town.\n")
    opened = open_library(Settings(corpus=article.parent, folder=tmp_path / "index"))
    deque(opened.reindex(), maxlen=0)
    assert check_one(opened, "The mine opened in 1978.").differing == (("1978", "1987"),)
    article.unlink()
    deque(opened.reindex(), maxlen=0)
    found = check_one(opened, "The mine opened in 1987.")
    opened.close()
    assert (found.verdict, found.nearest) == ("not mentioned", ())


def test_the_last_step_keeps_no_quote_that_is_altered_or_cited_wrongly(library: Library) -> None:
    checked = library.check("The mine opened in 1987.")
    (quote,) = checked.statements[0].quotes
    texts = {quote.article: (NEWSROOM / "articles" / quote.article).read_bytes().decode()}
    assert keep_literal((quote,), checked.citations, texts)
    altered = replace(quote, text=quote.text.replace("1987", "1978"))
    astray = replace(quote, number=99)
    assert keep_literal((altered, astray), checked.citations, texts) == ()


# What states something


@pytest.mark.parametrize(
    ("message", "statements"),
    [
        ("how many died? 17 people died. i hope they find them", ["17 people died."]),
        ("it broke at 5:40. it hurt 17 men", ["it broke at 5:40.", "it hurt 17 men"]),
        ("~~17~~ 31 people died", ["31 people died"]),
        ("||The mine|| [opened](https://a.example) in 1987", ["The mine opened in 1987"]),
        ("About 2,400 people\nwere moved overnight", ["About 2,400 people were moved overnight"]),
        ("- mine opened 1987\n- dam broke 2024", ["mine opened 1987", "dam broke 2024"]),
        ("good morning everyone! anyone know when the vote is", []),
        ("this is so sad. they should resign", []),
        ("<@1> <#2> <:dam:33> @everyone :wave: ", []),
    ],
)  # fmt: skip
def test_only_what_states_something_is_a_statement(message: str, statements: list[str]) -> None:
    assert [one.text for one in read_statements(message)] == statements


# One statement against one sentence


def judge(text: str, sentence: str, *, published: date | None = date(2024, 3, 6)) -> Contrast:
    """The two set against each other, as near in meaning as can be, every word as rare."""
    article = write_article("a.txt", sentence, published=published, title="Dam news")
    evidence = Evidence(
        text=sentence,
        article=article,
        start=0,
        end=len(sentence),
        paragraph=1,
        around=article.title,
        cosine=0.9,
    )
    reading = read_sentence_to_compare(text)
    return contrast(Subject(reading=reading, weights={}, named=frozenset()), evidence)


SAME = [
    ("500,000 people fled the region", "Half a million people fled the region."),
    ("12 000 people fled the region", "About 12,000 people fled the region, police said."),
    ("The vote is on Oct. 30, Berg said", "Berg said the vote is on October 30, 2024."),
    ("On March 5 the wall broke", "The wall broke on Tuesday."),
    ("the bridge broke at 17:05", "The bridge broke at 5:05 p.m., witnesses said."),
    ("nobody was charged by Anna Berg's office", "Anna Berg's office charged no one."),
    ("Mill shares dropped 27%", "Shares in Mill fell 27 percent."),
    ("The firm halted its trains", "The company stopped its trains."),
]
NOT_SAME = [
    ("Anna Berg beat Paul Holm", "Paul Holm beat Anna Berg."),
    ("Voss was criticised by Marsh", "Voss criticised Marsh."),
    ("Reyk got 53 percent and Berg 41", "Berg got 53 percent and Reyk 41."),
    ("Fewer than 17 people were killed", "At least 17 people were killed."),
    ("The firm built a wall in Holm", "The firm may build a wall in Holm."),
    ("17 people were injured", "The collapse killed 17 people."),
    ("The shares of Mill rose 27 percent", "The shares of Mill fell 27 percent."),
    ("The vote is on Sunday, Berg said", "Berg said the vote is on Dec. 1."),
    ("The price is €96 a seat", "The price is $96 a seat."),
    ("The firm moved from Holm to Tarsk", "The firm moved from Tarsk to Holm."),
    ("All of Holm's mines do it by hand", "Only two of Holm's mines do it by hand."),
    ("The road is closed until Tuesday", "The road is closed since Tuesday."),
    ("The mill in Holm opened yesterday", "Yesterday the mill in Holm opened."),
    ("Berg and her Russian aide flew to Russia", "Berg and her Norwegian aide flew to Russia."),
]
DIFFERS = [
    ("The wall is 45 meters high", "The wall was 54 meters high.", ("45", "54")),
    ("the wall broke on monday", "The wall broke on Tuesday.", ("monday", "Tuesday")),
    ("The firm has built the wall", "The firm has not built the wall.", ("built", "not built")),
    ("They were moved to nearby Harrow", "They were moved to nearby Holm.", ("Harrow", "Holm")),
    ("the ministry says 18 people died", "The ministry says 17 people died.", ("18", "17")),
]  # fmt: skip
OTHER = [
    ("Sweden closed its embassy on Tuesday", "Finland closed its embassy on Tuesday."),
    ("The fire in Tarsk killed 30 people", "The dam collapse in Holm killed 17 people."),
    ("10,000 troops are in Holm", "Half a million troops were killed in Holm."),
    ("Berg denied that the wall broke", "Berg said that the wall broke."),
    ("18 people remain missing", "The collapse killed 17 people."),
]


@pytest.mark.parametrize(("text", "sentence"), SAME)
def test_equal_values_and_like_words_are_the_same(text: str, sentence: str) -> None:
    assert judge(text, sentence).verdict == "same"


@pytest.mark.parametrize(("text", "sentence"), NOT_SAME)
def test_what_the_sentence_does_not_bear_out_is_not_the_same(text: str, sentence: str) -> None:
    assert judge(text, sentence).verdict != "same"


@pytest.mark.parametrize(("text", "sentence", "pair"), DIFFERS)
def test_what_differs_is_named(text: str, sentence: str, pair: tuple[str, str]) -> None:
    found = judge(text, sentence)
    assert (found.verdict, found.differing) == ("differs", (pair,))
    assert found.mark is not None
    assert pair[1] == sentence[slice(*found.mark)]


@pytest.mark.parametrize(("text", "sentence"), OTHER)
def test_another_event_is_neither_the_same_nor_different(text: str, sentence: str) -> None:
    assert judge(text, sentence).verdict == "other"


def test_without_the_article_s_date_a_weekday_is_no_day_of_a_month() -> None:
    said = "On March 5 the wall broke"
    assert judge(said, "The wall broke on Tuesday.", published=None).verdict == "other"


# Dates and words


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tuesday", (2024, 3, 5)),
        ("Wednesday", (2024, 3, 6)),
        ("Thursday", (2024, 2, 29)),
        ("Nov. 4", (2023, 11, 4)),
        ("Sept. 5", (None, 9, 5)),
        ("2024-03-05", (2024, 3, 5)),
    ],
)
def test_dates_are_resolved_as_far_as_the_article_s_date_bears_them_out(
    text: str, day: tuple[int | None, int, int]
) -> None:
    moment = read_moment(text)
    assert moment is not None
    found = resolve_moment(moment, text, 0, date(2024, 3, 6))
    assert (found.year, found.month, found.day) == day


@pytest.mark.parametrize("text", ["yesterday", "last week", "2010 to 2012", "the 1990s", "99"])
def test_what_is_relative_or_no_one_moment_is_no_date(text: str) -> None:
    assert read_moment(text) is None


def test_a_prefix_turns_a_word_round() -> None:
    assert not means_same("verifi", "unverifi")
    assert not means_same("kill", "wound")
    assert means_same("halt", "suspend")


def test_words_of_opposite_meaning_are_found_unless_both_have_both() -> None:
    assert find_opposites(frozenset({"rose"}), frozenset({"fell"})) == ("rose", "fell")
    assert find_opposites(frozenset({"rose", "fell"}), frozenset({"fell", "rose"})) is None
