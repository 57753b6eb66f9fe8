"""How often a model may be asked: counted in the catalog's file, by everybody at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.discord.allowance import DAY, Allowance, Used
from bot.settings import Budgets
from index.catalog import catalog_path
from index.errors import IndexUnusable
from index.settings import Settings

HERE, THERE = 1, 2


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        # Long after anything that the bots of other tests have counted in this index.
        self.now = 10_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allow(own: Settings, clock: Clock, **budgets: int) -> Allowance:
    none = {"per_user": 0, "per_server": 0, "per_day": 0}
    return Allowance(own.folder, Budgets(**{**none, **budgets}), clock)


def test_a_person_a_server_and_everybody_have_budgets(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock, per_user=1, per_server=2, per_day=3)
    asked = [("a", HERE), ("a", HERE), ("b", HERE), ("c", HERE), ("c", THERE), ("d", None)]
    taken = [allowance.take(f"{place}", *who) for place, who in enumerate(asked)]
    assert taken == [None, "person", None, "server", None, "all"]


def test_direct_messages_belong_to_no_server(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock, per_server=1)
    assert [allowance.take(f"{place}", "a", None) for place in range(3)] == [None] * 3


def test_without_a_limit_there_is_none(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock)
    assert {allowance.take(f"{place}", "a", HERE) for place in range(50)} == {None}


def test_one_answer_counts_once_whatever_it_takes(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock, per_user=1)
    assert [allowance.take("x", "a", HERE) for _ in range(3)] == [None] * 3
    assert allowance.used().answers == 1


def test_what_was_counted_is_forgotten_after_a_day(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock, per_user=1)
    allowance.take("x", "a", HERE)
    clock.now += DAY - 1
    assert allowance.take("y", "a", HERE) == "person"
    clock.now += 2
    assert allowance.take("z", "a", HERE) is None
    assert allowance.used().answers == 1


def test_a_restart_forgets_nothing(own: Settings, clock: Clock) -> None:
    allow(own, clock, per_user=1).take("x", "a", HERE)
    assert allow(own, clock, per_user=1).take("y", "a", HERE) == "person"


def test_what_gave_nothing_does_not_count(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock, per_user=1)
    allowance.take("x", "a", HERE)
    allowance.give_back("x")
    assert allowance.take("y", "a", HERE) is None
    allowance.note("y", (100, 20))
    allowance.note("y", (10, 2))
    allowance.give_back("y")
    assert allowance.used() == Used(answers=1, tokens_read=110, tokens_written=22)


def test_of_many_at_once_no_more_than_the_budget_get_one(own: Settings, clock: Clock) -> None:
    allowances = [allow(own, clock, per_day=7) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(
            pool.map(lambda place: allowances[place % 8].take(f"{place}", "a", HERE), range(40))
        )
    assert (taken.count(None), taken.count("all")) == (7, 33)


def test_a_person_is_told_once_a_day(own: Settings, clock: Clock) -> None:
    allowance = allow(own, clock)
    assert [allowance.tell(who) for who in "aaba"] == [True, False, True, False]
    clock.now += DAY + 1
    assert allowance.tell("a")


def test_without_an_index_nobody_can_count(tmp_path: Path, clock: Clock) -> None:
    assert not catalog_path(tmp_path).exists()
    with pytest.raises(IndexUnusable):
        Allowance(tmp_path, Budgets(), clock).take("x", "a", HERE)
