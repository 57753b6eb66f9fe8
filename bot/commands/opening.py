"""Open the library for a command; where there is no index yet, build it first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.progress import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.open import Library
    from index.settings import Settings

FIRST_BUILD_WAIT = 300.0
"""Seconds that a first question waits for another process that is building the same index."""


@contextmanager
def opened(settings: Settings) -> Iterator[Library]:
    """Give the library with an index that can answer, and close it afterwards."""
    with unbuilt(settings) as library:
        if library.needs_index():
            follow(library.reindex(wait=FIRST_BUILD_WAIT))
        yield library


@contextmanager
def unbuilt(settings: Settings) -> Iterator[Library]:
    """Give the library as it is, and close it afterwards."""
    from index.open import open_library

    library = open_library(settings)
    try:
        yield library
    finally:
        library.close()
