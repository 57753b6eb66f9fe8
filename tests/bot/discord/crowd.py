"""Many people who ask at once, and what they meet: for the tests of load and for the benchmark."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.loopback import FakeDiscord, Result

QUESTIONS_OF_A_PERSON = 4
"""As many may be asked at once without being told to wait."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds: until each question was acknowledged and answered, and of late heartbeats."""

    acknowledged: Sequence[float]
    answered: Sequence[float]
    late: Sequence[float]

    def rows(self) -> dict[str, tuple[float, float, float]]:
        """The median, the 95th percentile and the most of each."""
        return {
            "until acknowledged": spread(self.acknowledged),
            "until answered": spread(self.answered),
            "heartbeats late by": spread(self.late),
        }


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    cuts = quantiles(values, n=20, method="inclusive")
    return cuts[9], cuts[18], max(values)


async def ask_at_once(
    world: FakeDiscord,
    questions: Sequence[str],
    timeout: float = 120.0,  # noqa: ASYNC109 - a bound
) -> list[Result]:
    """Ask all of these at once, everybody as many as they may."""
    people = [
        world.add_user(f"reader{place}")
        for place in range(-(-len(questions) // QUESTIONS_OF_A_PERSON))
    ]
    asking = (
        world.slash(
            "ask",
            question=question,
            as_=people[place // QUESTIONS_OF_A_PERSON],
            timeout=timeout,
        )
        for place, question in enumerate(questions)
    )
    return await asyncio.gather(*asking)


async def ask_in_turn(
    world: FakeDiscord, questions: Sequence[str], pause: float = 0.1
) -> list[Result]:
    """Ask one after another, each as somebody else."""
    results = []
    for place, question in enumerate(questions):
        person = world.add_user(f"calm{place}")
        results.append(await world.slash("ask", question=question, as_=person))
        await asyncio.sleep(pause)
    return results


def measure(world: FakeDiscord, results: Sequence[Result], since: float) -> Figures:
    """What these people met; heartbeats are those after ``since``, on the monotonic clock.

    A heartbeat goes through the bot's event loop: it is late by as long as that did not turn.
    """
    beats = [moment for moment in world.heartbeats if moment >= since]
    return Figures(
        acknowledged=[result.ack_ms or float("inf") for result in results],
        answered=[milliseconds(result) for result in results],
        late=[
            max(0.0, 1000 * (later - sooner - world.heartbeat_interval))
            for sooner, later in pairwise(beats)
        ],
    )


def milliseconds(result: Result) -> float:
    """From asking to the last change of the answer."""
    if result.interaction is None or not result.messages:
        return float("inf")
    moment, _ = result.message.history[-1]
    return 1000 * (moment - result.interaction.created)
