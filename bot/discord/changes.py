"""What came, changed and went between the generations that the bot has looked at.

It is kept, so that after a restart nothing is told twice and nothing is left out. All of it blocks.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.discord.tables import Tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from index.types import StoredArticle

TABLES = """
CREATE TABLE IF NOT EXISTS bot_known (
    article TEXT PRIMARY KEY, version TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
    outlet TEXT, published TEXT, url TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_changes (
    number INTEGER PRIMARY KEY, noted_at REAL NOT NULL, kind TEXT NOT NULL,
    article TEXT NOT NULL, path TEXT NOT NULL, before TEXT, title TEXT NOT NULL, outlet TEXT,
    published TEXT, url TEXT);
CREATE TABLE IF NOT EXISTS bot_moved (
    article TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (article, path)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_followed (
    name TEXT PRIMARY KEY, number INTEGER NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
"""

DAY = 86_400.0
DAYS_KEPT = 30

# What has followed up to where: the look at the articles, corrections, each server's announcements.
GENERATION = "generation"

LAST_OF_ALL = 2**62
"""No change has so high a number."""

Kind = Literal["new", "changed", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleChange:
    """What became of an article; withdrawn ones are told of as they were.

    Attributes:
        number: counts all changes.
        kind: what became of it.
        article: its id.
        paths: where its file is, and wherever it was before.
        title: its title.
        outlet: its outlet, where known.
        published: its date, where known.
        url: its address, where known.
    """

    number: int
    kind: Kind
    article: str
    paths: frozenset[str]
    title: str
    outlet: str | None
    published: date | None
    url: str | None


class Changes:
    """The changes of the index in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._open = Tables(folder, TABLES).open

    def note(self, articles: Iterable[StoredArticle], generation: int) -> bool:
        """Compare with what was known and keep what has changed; whether anything has.

        The first time, nothing is known, and all that is there is not new but old.
        """
        with self._open() as connection:
            before = _followed(connection, GENERATION)
            known = {row[0]: row[1:] for row in connection.execute("SELECT * FROM bot_known")}
            rows = [_row(article) for article in articles]
            changes = list(_compare(known, rows)) if before else []
            connection.executemany(
                "INSERT OR IGNORE INTO bot_moved VALUES (?, ?)", _moves(known, rows)
            )
            if not before or changes or known != {row[0]: row[1:] for row in rows}:
                connection.execute("DELETE FROM bot_known")
                connection.executemany("INSERT INTO bot_known VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            now = time.time()
            connection.executemany(
                "INSERT INTO bot_changes (noted_at, kind, article, path, before, title, outlet,"
                " published, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((now, *change) for change in changes),
            )
            # Numbers are counted on from the last one, which therefore stays.
            connection.execute(
                "DELETE FROM bot_changes WHERE noted_at < ?"
                " AND number < (SELECT max(number) FROM bot_changes)",
                (now - DAYS_KEPT * DAY,),
            )
            _follow(connection, GENERATION, generation)
        return bool(changes)

    def generation(self) -> int | None:
        """The generation that was looked at last."""
        found = self.followed(GENERATION)
        return found[0] if found else None

    def last_number(self) -> int:
        """The number of the last change."""
        with self._open() as connection:
            found = connection.execute("SELECT coalesce(max(number), 0) FROM bot_changes")
            return int(found.fetchone()[0])

    def since(self, number: int, until: int | None = None) -> tuple[ArticleChange, ...]:
        """What the changes after this one come to, in order: one for each article at most.

        ``until`` is the last one that counts, by default the last there is.
        """
        sql = """
            SELECT number, kind, article, path, before, title, outlet, published, url
            FROM bot_changes WHERE number > ? AND number <= ? ORDER BY number
        """
        last = LAST_OF_ALL if until is None else until
        with self._open() as connection:
            changes = [_read(*row) for row in connection.execute(sql, (number, last))]
            moved = connection.execute(
                "SELECT article, path FROM bot_moved WHERE article IN"
                " (SELECT article FROM bot_changes WHERE number > ? AND number <= ?)",
                (number, last),
            ).fetchall()
        return tuple(_with_paths(change, moved) for change in _sum_up(changes))

    def followed(self, name: str) -> tuple[int, float] | None:
        """Up to which change something has followed, and when it last did; None if it never did."""
        with self._open() as connection:
            return _followed(connection, name)

    def all_followed(self) -> dict[str, tuple[int, float]]:
        """The same of everything that has ever followed, by its name."""
        with self._open() as connection:
            rows = connection.execute("SELECT name, number, at FROM bot_followed")
            return {name: (number, at) for name, number, at in rows}

    def follow(self, name: str, number: int, *, at: float | None = None) -> None:
        """Remember up to which change something has followed, now or at another time."""
        with self._open() as connection:
            _follow(connection, name, number, at)


def _followed(connection: sqlite3.Connection, name: str) -> tuple[int, float] | None:
    sql = "SELECT number, at FROM bot_followed WHERE name = ?"
    found: tuple[int, float] | None = connection.execute(sql, (name,)).fetchone()
    return found


def _follow(
    connection: sqlite3.Connection, name: str, number: int, at: float | None = None
) -> None:
    row = (name, number, time.time() if at is None else at)
    connection.execute("INSERT OR REPLACE INTO bot_followed VALUES (?, ?, ?)", row)


def _row(article: StoredArticle) -> tuple[str | None, ...]:
    published = article.published.isoformat() if article.published else None
    known = (article.title, article.outlet, published, article.url)
    return (article.id, article.version, article.path, *known)


def _compare(
    known: dict[str | None, tuple[str | None, ...]], rows: Sequence[tuple[str | None, ...]]
) -> Iterator[tuple[str | None, ...]]:
    """Rows of changes: kind, article, path, path before, and what is known of it."""
    for article, version, path, *rest in rows:
        before = known.get(article)
        if before is None:
            yield ("new", article, path, None, *rest)
        elif before[0] != version:
            yield ("changed", article, path, before[1], *rest)
    for article in known.keys() - {row[0] for row in rows}:
        _, path, *rest = known[article]
        yield ("withdrawn", article, path, path, *rest)


def _moves(
    known: dict[str | None, tuple[str | None, ...]], rows: Sequence[tuple[str | None, ...]]
) -> Iterator[tuple[str | None, str | None]]:
    """Articles whose file is no longer where it was, with both paths: answers name the old one."""
    for article, _, path, *_ in rows:
        before = known.get(article)
        if before and before[1] != path:
            yield article, before[1]
            yield article, path


def _with_paths(change: ArticleChange, moved: Sequence[tuple[str, str]]) -> ArticleChange:
    paths = {path for article, path in moved if article == change.article}
    return replace(change, paths=change.paths | paths) if paths else change


def _read(  # noqa: PLR0913, PLR0917 - the columns of a row
    number: int,
    kind: Kind,
    article: str,
    path: str,
    before: str | None,
    title: str,
    outlet: str | None,
    published: str | None,
    url: str | None,
) -> ArticleChange:
    return ArticleChange(
        number=number,
        kind=kind,
        article=article,
        paths=frozenset(filter(None, (path, before))),
        title=title,
        outlet=outlet,
        published=date.fromisoformat(published) if published else None,
        url=url,
    )


def _sum_up(changes: Sequence[ArticleChange]) -> tuple[ArticleChange, ...]:
    """What came and then changed is new; what came and went was never there."""
    found: dict[str, ArticleChange] = {}
    for change in changes:
        before = found.pop(change.article, None)
        kind = _join(before.kind if before else None, change.kind)
        paths = change.paths | (before.paths if before else frozenset())
        if kind:
            found[change.article] = replace(change, kind=kind, paths=paths)
    return tuple(found.values())


def _join(before: Kind | None, now: Kind) -> Kind | None:
    if before == "new":
        return None if now == "withdrawn" else "new"
    return "changed" if (before, now) == ("withdrawn", "new") else now
