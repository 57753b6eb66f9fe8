"""What stands behind an article is not quoted; the same words inside it are."""

from __future__ import annotations

import pytest

from index.clean import clean_text
from tests.index.story import ALL, LAST, LEAD, NEXT, PARAGRAPHS, kinds, quotable

TAILS = [
    "The Courier is printed at the old mill and comes out on Fridays.",
    "Tarsk Courier is free of charge and always will be.",
    "FOR SALE: Rowing boat, some holes.",
    "LOST: One glove, left.\n\nTUITION: Latin, by a patient graduate.",
    "Enjoyed this? The Courier is a fine thing to find on a mat.",
    "More to read\n\nDo bridges sleep?",
    "Who owns the sky?\n\nCan fish hear?\n\nIs ice alive?",
    "Was this story helpful?",
]


@pytest.mark.parametrize("tail", TAILS)
def test_what_trails_the_article_is_never_quoted(tail: str) -> None:
    text = "\n\n".join(["THE TARSK COURIER", "Bridge lost to ice", *PARAGRAPHS, tail])
    assert quotable(text) == ALL


@pytest.mark.parametrize(
    "sentence",
    [
        "The Courier was printed at the old mill in those days.",
        "WANTED: one man who can swim, read a sign on the church door.",
        "WHAT'S NEXT: The council meets again on Monday.",
        "Who will pay for the bridge?",
        "Did anybody enjoy this winter?",
        "Like many on the far bank, what else can she do?",
    ],
)
def test_the_same_words_inside_the_article_stay(sentence: str) -> None:
    text = f"THE TARSK COURIER\n\nBridge lost to ice\n\n{LEAD}\n\n{sentence}\n\n{NEXT}\n\n{LAST}"
    assert ("text", sentence) in kinds(text, clean_text(text))


@pytest.mark.parametrize(
    "end",
    [
        "WHAT'S NEXT: The council meets again on Monday.",
        "Who will pay for the bridge?",
        "Tarsk Courier said that it would print the names.",
        "Support for a new bridge is growing on both banks.",
        "Help came from Belmora.",
        "Like her father, she would not leave the far bank.",
    ],
)
def test_an_article_may_end_in_a_question_or_a_label(end: str) -> None:
    text = "\n\n".join(["THE TARSK COURIER", "Bridge lost to ice", *PARAGRAPHS, end])
    assert quotable(text) == f"{ALL}\n{end}"


def test_what_a_company_says_of_itself_in_an_article_about_it_stays() -> None:
    lead = "Arven Mills has ordered six boats to bring its flour across the river while ice lasts."
    end = "Arven Mills is owned by 900 subscribers."
    text = f"Arven Mills\n\nMill orders six boats\n\n{lead}\n\n{NEXT}\n\n{end}"
    assert quotable(text).endswith(end)
