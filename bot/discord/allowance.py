"""How often a language model may be asked: by a person, on a server, by everybody in a day.

It is counted in the catalog's file, so that a restart forgets nothing, and in one transaction, so
that of two who ask for the last one only one gets it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.discord.tables import Tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from bot.settings import Budgets

TABLES = """
CREATE TABLE IF NOT EXISTS bot_written (
    answer TEXT PRIMARY KEY, at REAL NOT NULL, person TEXT NOT NULL, server INTEGER,
    tokens_read INTEGER NOT NULL, tokens_written INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_told (
    person TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
"""

DAY = 86_400.0

Whose = Literal["person", "server", "all"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """What was used in the last 24 hours: answers, and tokens that the model read and wrote."""

    answers: int
    tokens_read: int
    tokens_written: int


class Allowance:
    """Counts answers for which a model is asked, over the last 24 hours; blocks.

    Every method raises IndexUnusable when the file cannot be read or written.

    Args:
        folder: the index.
        budgets: how many there may be.
        clock: seconds since 1970.
    """

    def __init__(
        self, folder: Path, budgets: Budgets, clock: Callable[[], float] = time.time
    ) -> None:
        self.budgets = budgets
        self._open = Tables(folder, TABLES).open
        self._clock = clock

    def take(self, answer: str, person: str, server: int | None) -> Whose | None:
        """Count one for this answer, once; return whose budget that would be too much for."""
        now = self._clock()
        with self._open() as connection:
            # The first statement is one that writes: nobody else counts until this is done.
            connection.execute("DELETE FROM bot_written WHERE at <= ?", (now - DAY,))
            sql = "SELECT 1 FROM bot_written WHERE answer = ?"
            if connection.execute(sql, (answer,)).fetchone():
                return None
            whose = self._find_used_up(connection, person, server)
            if whose is None:
                sql = "INSERT INTO bot_written VALUES (?, ?, ?, ?, 0, 0)"
                connection.execute(sql, (answer, now, person, server))
        return whose

    def _find_used_up(
        self, connection: sqlite3.Connection, person: str, server: int | None
    ) -> Whose | None:
        conditions: dict[Whose, tuple[str, object]] = {
            "person": ("person = ?", person),
            "server": ("server = ?", server),
            "all": ("?", True),
        }
        for whose, (condition, value) in conditions.items():
            sql = f"SELECT count(*) FROM bot_written WHERE {condition}"  # noqa: S608 (a constant)
            (used,) = connection.execute(sql, (value,)).fetchone()
            if 0 < self.most(whose) <= used:
                return whose
        return None

    def most(self, whose: Whose) -> int:
        """How many answers there may be; 0 for any number."""
        budgets = self.budgets
        most: dict[Whose, int] = {
            "person": budgets.per_user,
            "server": budgets.per_server,
            "all": budgets.per_day,
        }
        return most[whose]

    def tell(self, person: str) -> bool:
        """Whether a person is to be told that a budget is used up: once in 24 hours."""
        now = self._clock()
        with self._open() as connection:
            connection.execute("DELETE FROM bot_told WHERE at <= ?", (now - DAY,))
            sql = "INSERT OR IGNORE INTO bot_told VALUES (?, ?)"
            return connection.execute(sql, (person, now)).rowcount == 1

    def give_back(self, answer: str) -> None:
        """Count this answer no longer, unless the model has given something for it."""
        sql = "DELETE FROM bot_written WHERE answer = ? AND tokens_read + tokens_written = 0"
        with self._open() as connection:
            connection.execute(sql, (answer,))

    def note(self, answer: str, tokens: tuple[int, int]) -> None:
        """Add what the model read and wrote for an answer."""
        sql = """
            UPDATE bot_written SET tokens_read = tokens_read + ?,
            tokens_written = tokens_written + ? WHERE answer = ?
        """
        with self._open() as connection:
            connection.execute(sql, (*tokens, answer))

    def used(self) -> Used:
        """What was used by everybody."""
        sql = """
            SELECT count(*), coalesce(sum(tokens_read), 0), coalesce(sum(tokens_written), 0)
            FROM bot_written WHERE at > ?
        """
        with self._open() as connection:
            answers, read, written = connection.execute(sql, (self._clock() - DAY,)).fetchone()
        return Used(answers=answers, tokens_read=read, tokens_written=written)
