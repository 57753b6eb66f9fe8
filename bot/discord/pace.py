"""How much is asked at once: one person's pace, and how many questions may wait."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Everybody may ask so many questions in so many seconds, unless the server says otherwise.
QUESTIONS, SECONDS = 5, 15.0

# As many people are remembered: whoever has not asked for longest is forgotten first.
MOST_PEOPLE = 10_000


class Pace:
    """When a person may ask again.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[int, int], deque[float]] = OrderedDict()

    def take(self, person: int, server: int, cooldown: float | None) -> float:
        """Count a question; the seconds to wait where it comes too soon, else 0.

        A question that comes too soon does not count. ``cooldown`` is the server's setting.
        """
        number, seconds = (QUESTIONS, SECONDS) if cooldown is None else (1, cooldown)
        now = self._clock()
        asked = self._asked.setdefault((person, server), deque(maxlen=QUESTIONS))
        self._asked.move_to_end((person, server))
        while len(self._asked) > MOST_PEOPLE:
            self._asked.popitem(last=False)
        recent = [moment for moment in asked if moment > now - seconds]
        if len(recent) >= number:
            return recent[-number] + seconds - now
        asked.append(now)
        return 0.0
