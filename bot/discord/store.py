"""What the bot must remember: answers, votes, servers' settings, what was registered.

It is kept in the catalog's file; see :mod:`bot.discord.tables`. All of it blocks: the bot calls it
in a thread.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.discord.buttons import Vote
from bot.discord.tables import Tables
from index.errors import IndexUnusable
from index.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import TypeAdapter

    from index.follow_up import Turn

logger = logging.getLogger(__name__)

TABLES = """
CREATE TABLE IF NOT EXISTS bot_answers (
    id TEXT PRIMARY KEY, asked_at REAL NOT NULL, asker TEXT NOT NULL, channel INTEGER NOT NULL,
    message INTEGER, parent TEXT, private INTEGER NOT NULL, question TEXT NOT NULL,
    generation INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bot_answers_by_message ON bot_answers (message);
CREATE INDEX IF NOT EXISTS bot_answers_by_channel ON bot_answers (channel, asked_at);
CREATE TABLE IF NOT EXISTS bot_cited (
    article TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (article, answer)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bot_cited_by_answer ON bot_cited (answer);
CREATE TABLE IF NOT EXISTS bot_votes (
    answer TEXT NOT NULL, voter TEXT NOT NULL, vote TEXT NOT NULL, voted_at REAL NOT NULL,
    question TEXT NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (answer, voter)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_servers (id INTEGER PRIMARY KEY, settings TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bot_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

# What one thread or chain of replies remembers, and how much is kept in all: about 200 MB.
LONGEST_MEMORY = 4
MOST_ANSWERS = 50_000

SECONDS_TO_POST = 60.0
"""An answer that stands nowhere so long after it was asked for was never posted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An answer that was given.

    Attributes:
        id: 12 hexadecimal digits, in every button under it.
        asker: who asked, as a digest.
        channel: where; in a thread, the thread.
        message: the message that shows it, None until it is posted.
        parent: the answer that this one follows up, where that was a reply.
        private: whether only the asker saw it.
        answer: the answer itself.
        turns: what was asked before, that it leans on; it is not kept with it.
    """

    id: str
    asker: str
    channel: int
    answer: Answer
    message: int | None = None
    parent: str | None = None
    private: bool = False
    turns: tuple[Turn, ...] = ()


@cache
def _answers() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def _quoted(answer: Answer) -> set[str]:
    """The articles that its quotes stand in, also those that only say the same."""
    also = (place.article for quote in answer.quotes for place in quote.also)
    return {*(quote.article for quote in answer.quotes), *also}


def new_id() -> str:
    """An id for an answer, that nobody can guess from another."""
    return secrets.token_hex(6)


class Store:
    """What the bot remembers, in the index folder ``folder``: at most so many answers.

    Every method but ``posted`` and ``rewrite`` raises IndexUnusable when the file cannot be read or
    written.
    """

    def __init__(self, folder: Path, *, most_answers: int = MOST_ANSWERS) -> None:
        self._open = Tables(folder, TABLES).open
        self._most_answers = most_answers

    # Answers

    def keep(self, kept: Kept) -> None:
        """Keep an answer; the oldest go when there are too many."""
        row = (
            kept.id,
            time.time(),
            kept.asker,
            kept.channel,
            kept.message,
            kept.parent,
            kept.private,
            kept.answer.question,
            kept.answer.searched.generation,
            _answers().dump_json(kept.answer).decode(),
        )
        with self._open() as connection:
            connection.execute("INSERT INTO bot_answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.executemany(
                "INSERT INTO bot_cited VALUES (?, ?)",
                ((path, kept.id) for path in _quoted(kept.answer)),
            )
            (count,) = connection.execute("SELECT count(*) FROM bot_answers").fetchone()
            if count > self._most_answers:
                connection.execute(
                    "DELETE FROM bot_answers WHERE id IN"
                    " (SELECT id FROM bot_answers ORDER BY asked_at LIMIT ?)",
                    (count - self._most_answers,),
                )
                connection.execute(
                    "DELETE FROM bot_cited WHERE answer NOT IN (SELECT id FROM bot_answers)"
                )

    def posted(self, answer_id: str, message: int | None, *, private: bool) -> None:
        """Remember which message shows an answer, and whether to its asker alone.

        It stands there already: that it cannot be remembered is for the log, not for its reader.
        """
        sql = "UPDATE bot_answers SET message = ?, private = ? WHERE id = ?"
        try:
            with self._open() as connection:
                connection.execute(sql, (message, private, answer_id))
        except IndexUnusable as error:
            logger.warning("where an answer stands could not be kept: %s", error)

    def rewrite(self, answer_id: str, answer: Answer) -> None:
        """Keep an answer with other prose; what it quotes and cites stays as it was.

        As for ``posted``, that it cannot be kept is for the log.
        """
        sql = "UPDATE bot_answers SET answer = ? WHERE id = ?"
        try:
            with self._open() as connection:
                connection.execute(sql, (_answers().dump_json(answer).decode(), answer_id))
        except IndexUnusable as error:
            logger.warning("the prose of an answer could not be kept: %s", error)

    def find(self, answer_id: str) -> Kept | None:
        """The answer of this id, None when it was deleted or is too old."""
        return self._find_one("id = ?", answer_id)

    def find_by_message(self, message: int) -> Kept | None:
        """The answer that this message shows."""
        return self._find_one("message = ?", message)

    def last_in(
        self, channel: int, number: int = LONGEST_MEMORY, *, asker: str | None = None
    ) -> list[Kept]:
        """The last answers in a channel that all could see, or ``asker`` alone; oldest first."""
        sql = "channel = ? AND (NOT private OR asker = ?) ORDER BY asked_at DESC LIMIT ?"
        return self._find(sql, channel, asker, number)[::-1]

    def find_quoting(self, paths: Iterable[str], since: float) -> list[str]:
        """The answers for all to see that quote one of these articles, the last ones first.

        Also those that are only just being posted. ``since``, in seconds since 1970, is when they
        were asked at the earliest. As they may be many, these are their ids.
        """
        sql = """
            SELECT id FROM bot_answers WHERE id IN
                (SELECT answer FROM bot_cited WHERE article IN (SELECT value FROM json_each(?)))
            AND asked_at >= ? AND NOT private AND (message IS NOT NULL OR asked_at >= ?)
            ORDER BY asked_at DESC
        """
        posting = time.time() - SECONDS_TO_POST
        with self._open() as connection:
            rows = connection.execute(sql, (json.dumps(list(paths)), since, posting))
            return [answer for (answer,) in rows]

    def chain_to(self, answer: Kept, number: int = LONGEST_MEMORY) -> list[Kept]:
        """The answers that led to this one, itself last."""
        chain = [answer]
        while chain[0].parent and len(chain) < number and (before := self.find(chain[0].parent)):
            chain.insert(0, before)
        return chain

    def forget(self, answer_id: str) -> None:
        """Delete an answer; its votes stay, which hold no more than the question."""
        with self._open() as connection:
            connection.execute("DELETE FROM bot_answers WHERE id = ?", (answer_id,))
            connection.execute("DELETE FROM bot_cited WHERE answer = ?", (answer_id,))

    def _find_one(self, where: str, value: object) -> Kept | None:
        return next(iter(self._find(where, value)), None)

    def _find(self, where: str, *values: object) -> list[Kept]:
        sql = f"SELECT id, asker, channel, message, parent, private, answer FROM bot_answers WHERE {where}"  # noqa: E501, S608 (a constant)
        with self._open() as connection:
            rows = connection.execute(sql, values).fetchall()
        return [kept for row in rows if (kept := self._kept(row))]

    def _kept(self, row: tuple[Any, ...]) -> Kept | None:
        from pydantic import ValidationError

        answer_id, asker, channel, message, parent, private, text = row
        try:
            answer = _answers().validate_json(text)
        except ValidationError:
            # Another version kept it, whose answers had other parts: as good as forgotten. What
            # pydantic says of it holds the answer's words, which the log must not.
            return None
        return Kept(
            id=answer_id,
            asker=asker,
            channel=channel,
            message=message,
            parent=parent,
            private=bool(private),
            answer=answer,
        )

    # Votes

    def vote(self, kept: Kept, voter: str, vote: Vote) -> bool:
        """Keep a person's vote, in place of an earlier one; whether it is new or has changed."""
        with self._open() as connection:
            before = connection.execute(
                "SELECT vote FROM bot_votes WHERE answer = ? AND voter = ?", (kept.id, voter)
            ).fetchone()
            searched = kept.answer.searched
            row = (kept.id, voter, vote, time.time(), kept.answer.question, searched.generation)
            connection.execute("INSERT OR REPLACE INTO bot_votes VALUES (?, ?, ?, ?, ?, ?)", row)
        return bool(before != (vote,))

    def count_votes(self) -> dict[str, int]:
        """How many votes there are of each kind."""
        with self._open() as connection:
            return dict(connection.execute("SELECT vote, count(*) FROM bot_votes GROUP BY vote"))

    # Servers, and facts about the bot itself

    def servers(self) -> dict[int, str]:
        """The settings of every server, as JSON."""
        with self._open() as connection:
            return dict(connection.execute("SELECT id, settings FROM bot_servers"))

    def set_server(self, server: int, settings: str) -> None:
        """Keep a server's settings."""
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO bot_servers VALUES (?, ?)", (server, settings)
            )

    def fact(self, name: str) -> str | None:
        """What was kept under a name."""
        with self._open() as connection:
            row = connection.execute("SELECT value FROM bot_facts WHERE name = ?", (name,))
            found: tuple[str] | None = row.fetchone()
        return found[0] if found else None

    def set_fact(self, name: str, value: str) -> None:
        """Keep something under a name."""
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO bot_facts VALUES (?, ?)", (name, value))
