"""How far an answer is that a language model writes on, and what shows that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An answer with the prose that there is so far; ``note`` says why there is none."""

    answer: Answer
    note: str = ""


Edit = Callable[[Written], Awaitable[object]]
