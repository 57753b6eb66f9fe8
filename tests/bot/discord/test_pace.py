"""How often a person may ask, with a clock of the test's own."""

from __future__ import annotations

import pytest

from bot.discord.pace import MOST_PEOPLE, QUESTIONS, SECONDS, Pace

ANN, BEN = 1, 2
HERE, THERE = 10, 20


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def person(clock: Clock) -> Pace:
    return Pace(clock)


def test_a_few_questions_at_once_are_fine_and_one_more_must_wait(
    person: Pace, clock: Clock
) -> None:
    assert [person.take(ANN, HERE, None) for _ in range(QUESTIONS)] == [0.0] * QUESTIONS
    clock.now += 1
    assert person.take(ANN, HERE, None) == SECONDS - 1
    clock.now += SECONDS - 1
    assert person.take(ANN, HERE, None) == 0.0


def test_a_question_that_comes_too_soon_makes_nobody_wait_longer(
    person: Pace, clock: Clock
) -> None:
    assert person.take(ANN, HERE, 10) == 0.0
    for seconds_left in (10.0, 8.0, 6.0):
        assert person.take(ANN, HERE, 10) == seconds_left
        clock.now += 2
    clock.now += 4
    assert person.take(ANN, HERE, 10) == 0.0


def test_a_person_waits_for_themselves_alone_and_on_one_server_alone(person: Pace) -> None:
    assert person.take(ANN, HERE, 10) == 0.0
    assert person.take(BEN, HERE, 10) == 0.0
    assert person.take(ANN, THERE, 10) == 0.0
    assert person.take(ANN, HERE, 10) > 0


def test_without_a_cooldown_nobody_waits(person: Pace) -> None:
    assert [person.take(ANN, HERE, 0) for _ in range(50)] == [0.0] * 50


def test_a_cooldown_that_is_set_later_counts_what_was_asked_before(
    person: Pace, clock: Clock
) -> None:
    person.take(ANN, HERE, None)
    clock.now += 20
    assert person.take(ANN, HERE, 60) == 40.0


def test_whoever_has_not_asked_for_longest_is_forgotten_first(person: Pace) -> None:
    for number in range(MOST_PEOPLE):
        person.take(number, HERE, 60)
    assert person.take(0, HERE, 60) > 0
    person.take(MOST_PEOPLE, HERE, 60)
    assert person.take(0, HERE, 60) > 0
    assert person.take(1, HERE, 60) == 0.0
