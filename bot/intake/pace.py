"""When a feed is asked for again: as often as it wishes, within bounds; seldom where it fails."""

from __future__ import annotations

INTERVAL = 15 * 60.0
SHORTEST = 5 * 60.0
LONGEST = 24 * 60 * 60.0


def pause_after_success(wanted: float | None) -> float:
    """Seconds until the next time, of a feed that asks to be left alone for ``wanted`` seconds."""
    return min(max(INTERVAL if wanted is None else wanted, SHORTEST), LONGEST)


def pause_after_failure(failures: int, retry_after: float | None) -> float:
    """Seconds until the next time, after so many failures in a row: twice as long each time."""
    doubled = INTERVAL * 2.0 ** min(failures, 20)
    return min(max(doubled, retry_after or 0.0), LONGEST)
