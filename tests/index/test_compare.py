from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from index.compare import find_differences
from index.comparing.counts import find_claims
from index.comparing.datings import find_date_claims
from index.comparing.subject import name_subject
from index.language.speakers import find_speaker
from tests.index.newsroom import candidates_of, newsroom, write_article

if TYPE_CHECKING:
    from index.comparing.claims import Candidate


def values_of(question: str, *stories: list[str], title: str = "News") -> list[str]:
    groups = find_differences(question, newsroom(*stories, title=title))
    return [claim.value for group in groups for claim in group.claims]


def counted(question: str, *stories: list[str]) -> list[str]:
    """Every figure that counts what is asked, so that a lack of differences is no lack of sight."""
    found = newsroom(*stories)
    return [claim.value for candidate in found for claim in find_claims(question, candidate)]


def sides_of(question: str, *stories: list[str]) -> list[tuple[str, str | None]]:
    groups = find_differences(question, newsroom(*stories))
    return [(claim.value, claim.said_by) for group in groups for claim in group.claims]


# --- Scenarios --------------------------------------------------------------------------------


def test_casualty_figures_differ_and_each_has_its_speaker() -> None:
    assert sides_of(
        "How many people were killed in the ferry accident?",
        ["At least 38 people were killed when the ferry capsized, the coast guard said."],
        ["The Red Cross said 51 people were killed in the ferry accident."],
    ) == [("At least 38", "the coast guard"), ("51", "The Red Cross")]


def test_a_toll_without_a_noun_counts_where_the_sentence_speaks_of_it() -> None:
    assert values_of(
        "How many people died in the earthquake?",
        ["At least 120 people died in the earthquake, officials said."],
        ["The death toll from the earthquake has risen to 145, the ministry said."],
    ) == ["At least 120", "145"]


def test_prices_differ() -> None:
    assert sides_of(
        "How much did the museum pay for the painting?",
        ["The museum paid $1.2 million for the painting, according to a person close to the sale."],
        ["Auction records show that the museum paid $950,000 for the painting."],
    ) == [("$1.2 million", "a person close to the sale"), ("$950,000", "Auction records")]


def test_vote_counts_differ() -> None:
    assert values_of(
        "How many lawmakers voted for the bill?",
        ["The clerk said 212 lawmakers voted for the bill."],
        ["The opposition said only 208 lawmakers voted for the bill."],
    ) == ["212", "only 208"]


def test_dates_of_one_event_differ() -> None:
    assert values_of(
        "When did the bridge open?",
        ["The bridge opened on 3 May 1931."],
        ["The city archive says the bridge opened in 1932."],
    ) == ["3 May 1931", "1932"]


def test_a_date_and_its_month_agree() -> None:
    assert (
        values_of(
            "When did the bridge open?",
            ["The bridge opened on 3 May 1931."],
            ["The bridge opened in May 1931."],
            ["The bridge opened in 1931."],
        )
        == []
    )


def test_ages_differ() -> None:
    assert values_of(
        "How old is Maria Lopez?",
        ["Maria Lopez, 34, was found on the island."],
        ["Police said Maria Lopez is a 36-year-old teacher."],
    ) == ["34", "36"]


def test_distances_differ_and_are_compared_across_units() -> None:
    question = "How far is the camp from the border?"
    stories = (
        ["The camp lies 50 kilometers from the border."],
        ["The camp is 80 miles from the border."],
    )
    assert values_of(question, *stories) == ["50 kilometers", "80 miles"]


def test_a_distance_and_its_conversion_agree() -> None:
    question = "How far is the camp from the border?"
    stories = (
        ["The camp lies 50 kilometers (31 miles) from the border."],
        ["The camp is about 30 miles from the border."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["50 kilometers", "about 30 miles"]


def test_articles_that_agree_have_no_difference() -> None:
    question = "How many miners are trapped?"
    stories = (
        ["The company said 12 miners are trapped underground."],
        ["Twelve miners are trapped, rescuers said."],
        ["A dozen miners are trapped in the shaft."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["12", "Twelve", "A dozen"]


def test_one_wire_story_reprinted_is_one_side() -> None:
    wire = "The agency said 300 houses were destroyed by the fire."
    assert values_of(
        "How many houses were destroyed by the fire?",
        [wire],
        [wire],
        [wire],
        ["The mayor said 420 houses were destroyed by the fire."],
    ) == ["300", "420"]


def test_unrelated_figures_are_no_sides() -> None:
    question = "How many troops are on the island?"
    stories = (
        ["The minister said 9,000 troops are on the island."],
        ["The island has 14 villages and 3 ports."],
        ["The troops brought 40 trucks to the island."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["9,000"]


def test_a_part_is_no_side_against_the_whole() -> None:
    question = "How many troops were sent to the border?"
    stories = (
        ["The ministry said 9,000 troops were sent to the border."],
        ["More than 3,000 of them were sent to the border last week, an official said."],
        ["A first batch of 1,200 troops was sent to the border in May."],
        ["Another 500 troops were sent to the border, the governor said."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["9,000"]


def test_a_change_is_no_side_against_the_total() -> None:
    question = "How many jobs were lost?"
    stories = (
        ["The union said 4,000 jobs were lost."],
        ["The number of jobs lost rose by 600 in a week, to 4,000."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["4,000", "4,000"]


def test_other_things_of_the_same_kind_are_no_sides() -> None:
    question = "How many French soldiers were wounded?"
    stories = (
        ["The army said 40 French soldiers were wounded."],
        ["The army said 75 British soldiers were wounded."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["40"]


def test_another_word_for_the_same_people_is_a_side() -> None:
    assert values_of(
        "How many French soldiers were wounded?",
        ["The army said 40 French soldiers were wounded."],
        ["A hospital said 62 French troops were wounded."],
    ) == ["40", "62"]


def test_rounded_figures_agree() -> None:
    question = "How many people live in the city?"
    stories = (
        ["About 1.5 million people live in the city."],
        ["The census counted 1,512,000 people in the city, where they live."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["About 1.5 million", "1,512,000"]


def test_two_speakers_of_one_article_differ() -> None:
    assert sides_of(
        "How many protesters marched?",
        ["Police said 20,000 protesters marched, while organizers said 100,000 marched."],
    ) == [("20,000", "Police"), ("100,000", "organizers")]


def test_one_article_that_names_nobody_does_not_differ_from_itself() -> None:
    question = "How many protesters marched?"
    stories = (
        ["Some 20,000 protesters marched on Monday.", "About 100,000 protesters marched in all."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["Some 20,000", "About 100,000"]


def test_percentages_differ() -> None:
    assert values_of(
        "What percentage of voters back the plan?",
        ["A poll found 48 percent of voters back the plan."],
        ["A second survey put the share of voters who back the plan at 57%."],
    ) == ["48 percent", "57%"]


def test_what_will_be_is_no_side_against_what_is() -> None:
    question = "How many nurses work at the hospital?"
    stories = (
        ["The hospital says 300 nurses work there."],
        ["Officials said 500 nurses will work at the hospital next year."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["300"]


def test_what_another_event_did_is_no_side() -> None:
    question = "How many people were killed in the 1995 Kobe earthquake?"
    stories = (
        ["The agency said 6,000 people were killed in the 1995 Kobe earthquake."],
        ["A historian says 240,000 people were killed in the 1976 Tangshan earthquake."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["6,000"]


def test_words_of_one_family_tell_of_one_thing() -> None:
    assert values_of(
        "How many people died in the quake?",
        ["The mayor said 40 people were killed by the earthquake."],
        ["The quake caused the death of 55 people, doctors said."],
    ) == ["40", "55"]


def test_only_the_speaker_that_is_asked_for_counts() -> None:
    question = "How many protesters marched according to police?"
    stories = (
        ["Police said 20,000 protesters marched."],
        ["Organizers said 100,000 protesters marched."],
    )
    assert values_of(question, *stories) == []
    assert counted(question, *stories) == ["20,000", "100,000"]


def test_a_yes_stands_against_a_no() -> None:
    assert sides_of(
        "Did the Acme factory poison the river?",
        ["Inspectors confirmed that the Acme factory poisoned the river."],
        ["Acme's lawyer called reports that the factory poisoned the river groundless."],
    ) == [("Acme factory poisoned the river", "Inspectors"), ("groundless", "Acme's lawyer")]


def test_a_maybe_is_no_yes() -> None:
    assert (
        sides_of(
            "Did the Acme factory poison the river?",
            ["Inspectors said the Acme factory may have poisoned the river."],
            ["Acme's lawyer denied that the factory poisoned the river."],
        )
        == []
    )


def test_not_denying_is_no_denial() -> None:
    assert (
        sides_of(
            "Did the Acme factory poison the river?",
            ["Inspectors confirmed that the Acme factory poisoned the river."],
            ["Acme's lawyer did not deny that the factory poisoned the river."],
        )
        == []
    )


def test_a_denial_of_something_else_is_no_side() -> None:
    assert (
        sides_of(
            "Did the Acme factory poison the river?",
            ["Inspectors confirmed that the Acme factory poisoned the river."],
            ["Acme's lawyer denied a report about wages."],
        )
        == []
    )


# --- What comes back --------------------------------------------------------------------------


def test_sides_are_slices_of_the_article_oldest_first_and_undated_last() -> None:
    sentences = [f"Officials said {number} people were hurt in the crash." for number in (3, 5, 9)]
    articles = [
        write_article("a.txt", sentences[0]),
        write_article("b.txt", sentences[1], published=date(2024, 2, 2)),
        write_article("c.txt", sentences[2], published=date(2024, 2, 1)),
    ]
    found = [
        candidate
        for article, sentence in zip(articles, sentences, strict=True)
        for candidate in candidates_of(article, (sentence, 0.9))
    ]
    (group,) = find_differences("How many people were hurt in the crash?", found)
    assert [claim.value for claim in group.claims] == ["9", "5", "3"]
    assert group.about == "people"
    for claim in group.claims:
        assert claim.value in claim.candidate.article.text
        assert claim.said_by == "Officials"


def test_a_side_may_stand_in_a_sentence_that_ranks_low() -> None:
    one = write_article("a.txt", "Officials said 3 people were hurt in the crash.")
    other = write_article("b.txt", "Nurses said 7 people were hurt in the crash.")
    found = candidates_of(one, (one.text, 0.9)) + candidates_of(other, (other.text, 0.05))
    (group,) = find_differences("How many people were hurt in the crash?", found)
    assert [claim.value for claim in group.claims] == ["3", "7"]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("How many people were hurt?", "people"),
        ("What was the turnout in the city election?", "turnout in the city election"),
        ("How much does a ticket to the island cost?", "ticket to the island"),
        ("How far is the camp from the border?", "camp from the border"),
        ("When did the bridge open?", "bridge"),
        ("In what year was the bridge built?", "bridge built"),
        ("Did the factory poison the river?", "factory poison the river"),
        ("What percentage of voters back the plan?", "voters back the plan"),
    ],
)
def test_what_a_difference_is_about_has_no_question_words(question: str, about: str) -> None:
    assert name_subject(question) == about


@pytest.mark.parametrize("question", ["Why did it sink?", "What sank?", "Who was hurt?", ""])
def test_other_questions_have_no_differences(question: str) -> None:
    assert values_of(question, ["It hurt 3 people."], ["It hurt 9 people."]) == []


def test_no_candidates_have_no_differences() -> None:
    assert find_differences("How many people were hurt?", []) == ()


# --- Who says so ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "figure", "speaker"),
    [
        ("More than 500 boats sank, port officials say.", "500", "port officials"),
        ("The ministry has estimated there are 500 boats.", "500", "The ministry"),
        ("On Monday, the Board of Trade said 500 boats sank.", "500", "the Board of Trade"),
        ("NATO on Monday had confirmed that 500 boats sank.", "500", "NATO"),
        ("About 500 boats sank, according to a senior naval officer, who asked not to be named.",
         "500", "a senior naval officer"),
        ("Oslo and its allies, however, assess that 500 sank.", "500", "Oslo and its allies"),
        ("Norway's envoy, Kari Dahl, said 500 boats sank.", "500", "Kari Dahl"),
        ("“We lost 500 boats,” said Kari Dahl.", "500", "Kari Dahl"),
        ("On May 16 the port said 500 boats sank.", "500", "the port"),
        ("Two ships were found beside 500 boats.", "500", None),
        ("He said 500 boats sank.", "500", None),
        ("500 boats sank in the storm.", "500", None),
    ],
)  # fmt: skip
def test_who_is_credited(sentence: str, figure: str, speaker: str | None) -> None:
    start = sentence.index(figure)
    assert find_speaker(sentence, start, start + len(figure)) == speaker


# --- What the reader adds ---------------------------------------------------------------------


def marked(sentence: str, mark: str) -> list[Candidate]:
    """The sentence as a candidate, not marked and marked."""
    (plain,) = newsroom([sentence])
    start = sentence.index(mark)
    return [plain, replace(plain, mark=(start, start + len(mark)))]


def test_of_two_figures_that_fit_the_one_that_the_reader_sees_is_claimed() -> None:
    question = "How many people were evacuated from the valley?"
    sentence = "Buses evacuated 300 people from the valley and helicopters 450 people, he said."
    found = [find_claims(question, each) for each in marked(sentence, "450 people")]
    assert [[claim.value for claim in claims] for claims in found] == [["300"], ["450"]]


def test_a_date_that_the_reader_sees_is_claimed_though_told_in_other_words() -> None:
    question = "When did the island ferry service restart?"
    sentence = "The ferry service to the island has been running again since 12 May, he said."
    plain, seen = (find_date_claims(question, each) for each in marked(sentence, "12 May"))
    assert (plain, [claim.value for claim in seen]) == ([], ["12 May"])
