"""Prose in a message: above the quotes, inert, and never at their cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.fit import LONGEST_REMARK, fit_answer
from bot.discord.layout import answer_view
from bot.discord.more import more_pages
from bot.discord.view import MOST_TEXT
from index.types import Answer, Prose, WrittenSentence
from tests.bot.discord.limits import check, labels_of, texts_of
from tests.bot.discord.monsters import vile, vile_answer
from tests.bot.discord.reader import kinds_of, words_of
from tests.bot.examples import ANSWERED, OTHER, SILENT, TEXT, make_quote

ID = "0123456789ab"
FIRST = WrittenSentence(text="Fishing boats rescued 41 people.", numbers=(1,), places=(0,))
SECOND = WrittenSentence(text="Another report says 38.", numbers=(2,), places=(1,))
PROSE = Prose(sentences=(FIRST, SECOND), proposed=2, model="scripted")
WHOSE = "Written by a language model from the quotes below"


def written(answer: Answer = ANSWERED, prose: Prose = PROSE) -> Answer:
    return replace(answer, mode="written", text="whatever", prose=prose)


def posted(answer: Answer, **fields: bool) -> list[str]:
    """The texts of a message that Discord would take, as they are read."""
    view = answer_view(answer, answer_id=ID, private=False, **fields)
    texts = texts_of(check(view))
    return ["\n".join(map(words_of, text.splitlines())) for text in texts]


def long_prose(number: int, length: int) -> Prose:
    """So many sentences of so many characters."""
    texts = [f"{place} {'so ' * (length // 3)}"[: length - 1].strip() for place in range(number)]
    sentences = [WrittenSentence(text=f"{text}.", numbers=(1,), places=(0,)) for text in texts]
    return Prose(sentences=tuple(sentences), proposed=number)


def test_prose_stands_under_the_question_and_says_whose_words_it_is() -> None:
    first, *others = posted(written())
    assert first.splitlines() == [
        ANSWERED.question,
        "Fishing boats rescued 41 people. [1] Another report says 38. [2]",
        WHOSE,
    ]
    assert others == posted(ANSWERED)[1:]


def test_a_reply_begins_with_the_prose() -> None:
    texts = posted(written(), with_question=False)
    assert texts[0].startswith("Fishing boats")
    assert texts[1:] == posted(ANSWERED, with_question=False)


def test_a_citation_is_what_the_button_of_the_quote_says() -> None:
    quotes = (make_quote(TEXT), make_quote(OTHER, start=900), make_quote("So.", number=2))
    answer = replace(ANSWERED, quotes=quotes, differences=())
    sentence = WrittenSentence(text="It sank.", numbers=(1, 2), places=(1, 2))
    view = answer_view(written(answer, Prose(sentences=(sentence,))), answer_id=ID, private=False)
    assert "It sank. [1b][2]" in words_of(texts_of(view)[0])
    assert labels_of(view)[:3] == ["1a", "1b", "2"]


def test_sentences_that_were_dropped_are_counted() -> None:
    prose = replace(PROSE, proposed=3, dropped=("figure",))
    assert posted(written(prose=prose))[0].endswith(f"{WHOSE} · 2 of 3 sentences kept")


def test_without_a_sentence_nothing_is_said_of_prose() -> None:
    nothing = replace(PROSE, sentences=(), proposed=3, dropped=("figure",) * 3, note="Nothing.")
    assert posted(replace(ANSWERED, prose=nothing)) == posted(ANSWERED)


def test_there_is_no_prose_where_the_articles_are_silent() -> None:
    assert posted(written(SILENT)) == posted(SILENT)


def test_what_a_model_wrote_is_only_words() -> None:
    foul = [
        "@everyone <@1> [click](https://evil.example) **so** `it` ||is||.",
        "# A heading\n- a list\n> a quote\n-# small",
        "https://evil.example/x discord.gg/abc :smile: <t:1:R> \u202eback",
    ]
    sentences = tuple(WrittenSentence(text=text, numbers=(1,), places=(0,)) for text in foul)
    view = check(
        answer_view(written(prose=Prose(sentences=sentences)), answer_id=ID, private=False)
    )
    heading, text, small = texts_of(view)[0].splitlines()
    assert (kinds_of(heading), kinds_of(text), kinds_of(small)) == ({"heading"}, set(), {"small"})
    assert "@everyone" not in text


def with_room_for_two_of_three(answer: Answer) -> Answer:
    """Prose of three sentences beside quotes that leave room for two, if for so many."""
    return written(
        answer, long_prose(3, (MOST_TEXT - LONGEST_REMARK - fit_answer(answer).size) // 3)
    )


def test_prose_is_shortened_by_whole_sentences_where_there_is_little_room() -> None:
    quotes = tuple(make_quote(f"{place} {'word ' * 120}end.") for place in range(4))
    answer = replace(ANSWERED, quotes=quotes, differences=())
    _, text, small = posted(with_room_for_two_of_three(answer))[0].splitlines()
    assert [part[:4] for part in text.split(". [1a] ")] == ["0 so", "1 so"]
    assert text.endswith(". [1a]")
    assert small == f"{WHOSE} · 1 more had no room"


def test_prose_on_what_differs_is_never_shortened_to_one_side() -> None:
    quotes = tuple(make_quote(f"{place} {'word ' * 120}end.") for place in range(4))
    answer = replace(ANSWERED, quotes=quotes)
    assert posted(with_room_for_two_of_three(answer)) == posted(answer)


@pytest.mark.parametrize("lengths", [[100] * 100, [100_000], [1900] * 5, [100_000, 50], [30] * 8])
@pytest.mark.parametrize("sides", [0, 2, 300])
def test_the_vilest_prose_changes_no_quote_no_button_and_no_limit(
    lengths: list[int], sides: int
) -> None:
    answer = vile_answer(lengths, sides=sides, also=9)
    sentences = tuple(WrittenSentence(text=vile(300), numbers=(1,), places=(0,)) for _ in range(3))
    prose = Prose(sentences=sentences, proposed=9, dropped=("name",) * 6)
    before = check(answer_view(answer, answer_id=ID, private=False, note=vile(5000)))
    after = check(answer_view(written(answer, prose), answer_id=ID, private=False, note=vile(5000)))
    assert texts_of(after)[1:] == texts_of(before)[1:]
    assert labels_of(after) == labels_of(before)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 2600), min_size=1, max_size=10),
    st.lists(st.integers(1, 1500), max_size=4),
    st.integers(0, 9),
)
def test_whatever_was_left_out_stays_behind_more_quotes(
    lengths: list[int], prose_lengths: list[int], sides: int
) -> None:
    answer = vile_answer(lengths, sides=sides)
    sentences = tuple(
        WrittenSentence(text=vile(length), numbers=(1,), places=(0,)) for length in prose_lengths
    )
    after = written(answer, Prose(sentences=sentences, proposed=len(sentences)))
    assert posted(after)[1:] == posted(answer)[1:]
    assert more_pages(after, answer_id=ID).file == more_pages(answer, answer_id=ID).file
