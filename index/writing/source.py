"""What a written sentence may cite: a quote with its outlet and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A quote as the model is given it; ``number`` is the one that it cites it by.

    ``text`` is a literal slice of an article; ``outlet`` and ``published`` may be named as whose
    words they are, and of which day.
    """

    number: int
    text: str
    outlet: str | None = None
    published: date | None = None
