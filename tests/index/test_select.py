from __future__ import annotations

from index.select import Choice, choose_groups, group_same


def choice(text: str, probability: float, article: int | None = None) -> Choice:
    return Choice(
        text=text,
        article_key=hash(text) if article is None else article,
        start=0,
        end=len(text),
        paragraph=1,
        probability=probability,
        whole=(0, len(text)),
    )


WIRE = "The minister resigned on Friday after nine days in office, his party said."
REPRINT = "The minister resigned Friday after nine days in office, his party said."
OTHER = "The opposition called for an early election in the spring."
THIRD = "A third party had no comment on any of this."


def test_a_sentence_printed_twice_is_one_group_the_best_first() -> None:
    first, second, third = choice(WIRE, 0.9, 1), choice(OTHER, 0.5, 2), choice(REPRINT, 0.4, 3)
    assert group_same([first, second, third]) == [[first, third], [second]]


def test_the_best_comes_first_and_what_is_unlikely_is_left_out() -> None:
    groups = [[choice(WIRE, 0.9)], [choice(OTHER, 0.5)], [choice(THIRD, 0.001)]]
    assert choose_groups(groups, [], 4) == groups[:2]


def test_the_best_is_quoted_however_unlikely() -> None:
    groups = [[choice(WIRE, 0.001)], [choice(OTHER, 0.0001)]]
    assert choose_groups(groups, [], 4) == groups[:1]


def test_no_more_quotes_than_asked_for() -> None:
    groups = [[choice(f"{word} said so at length.", 0.5)] for word in "abcdef"]
    assert choose_groups(groups, [], 2) == groups[:2]
    assert choose_groups([], [], 2) == []


def test_every_side_is_shown_before_what_only_adds_to_it() -> None:
    best, likely, also, side = (
        choice(WIRE, 0.9),
        choice(OTHER, 0.5),
        choice(THIRD, 0.3),
        choice("Nobody else resigned.", 0.001),
    )
    groups = [[best], [likely], [also], [side]]
    assert choose_groups(groups, [best, side], 2) == [[best], [side]]
    assert choose_groups(groups, [best, side], 3) == [[best], [likely], [side]]
