"""What is kept of each feed: when to ask again and with what marks, and which entries were seen.

It is kept in tables of its own in the catalog's file, which a reindex leaves alone. Feeds may be
named before there is any article: the file is then begun here, and the first reindex fills it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.catalog import catalog_path, unusable
from index.errors import IndexUnusable

TABLES = """
CREATE TABLE IF NOT EXISTS bot_feeds (
    address TEXT PRIMARY KEY, listed INTEGER NOT NULL, title TEXT NOT NULL, etag TEXT,
    last_modified TEXT, checked_at REAL, next_at REAL NOT NULL, not_before REAL NOT NULL,
    failures INTEGER NOT NULL, problem TEXT, busy_until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bot_feed_entries (
    feed TEXT NOT NULL, key TEXT NOT NULL, link TEXT, updated REAL, outcome TEXT NOT NULL,
    tries INTEGER NOT NULL, seen_at REAL NOT NULL, PRIMARY KEY (feed, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bot_feed_entries_by_link ON bot_feed_entries (link);
"""

BUSY_SECONDS = 10.0

LEASE = 5 * 60.0
"""Seconds after which a feed that a killed process was reading may be read by another.

Whoever reads has it again with every entry, none of which takes half of this."""

# Ten times what one reading of a feed can bring: what still stands in a feed is not forgotten.
MOST_ENTRIES = 5_000

Outcome = Literal["added", "changed", "known", "refused", "failed"]

_COLUMNS = (
    "address, listed, title, etag, last_modified, checked_at, next_at, not_before, failures,"
    " problem"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFeed:
    """A feed and what is known of it; times are seconds since 1970.

    Attributes:
        address: where it is.
        listed: it was added by command; otherwise a setting names it.
        title: what it calls itself, "" before it was first read.
        etag: the server's mark of what was read last.
        last_modified: the server's date of that.
        checked_at: when it was last asked for, None for never.
        next_at: when to ask again.
        not_before: until when its server wants to be left alone.
        failures: how often in a row it could not be read.
        problem: why, the last time; None when it was read.
    """

    address: str
    listed: bool = False
    title: str = ""
    etag: str | None = None
    last_modified: str | None = None
    checked_at: float | None = None
    next_at: float = 0.0
    not_before: float = 0.0
    failures: int = 0
    problem: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEntry:
    """An entry of a feed that was looked at; "failed" ones are tried again, some times.

    ``link`` is as ``save.address_key`` gives it, ``updated`` seconds since 1970.
    """

    key: str
    link: str | None
    outcome: Outcome
    updated: float | None = None
    tries: int = 1


class FeedState:
    """What is kept of feeds, in the index folder ``folder``.

    Every method raises IndexUnusable when the file cannot be read or written.
    """

    def __init__(self, folder: Path, *, most_entries: int = MOST_ENTRIES) -> None:
        self._folder = folder
        self._most_entries = most_entries

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(catalog_path(self._folder), timeout=BUSY_SECONDS)
            with closing(opened) as connection, connection:
                connection.execute("PRAGMA synchronous = NORMAL")
                for statement in TABLES.strip().removesuffix(";").split(";\n"):
                    connection.execute(statement)
                yield connection
        except OSError as error:
            reason = f"the index folder {self._folder} cannot be made: {error.strerror}"
            raise IndexUnusable(reason) from error
        except sqlite3.DatabaseError as error:
            raise unusable(self._folder, error) from error

    # Feeds

    def add(self, address: str) -> bool:
        """Keep a feed; whether it was not on the list before."""
        sql = """INSERT INTO bot_feeds VALUES (?, 1, '', NULL, NULL, NULL, 0, 0, 0, NULL, 0)
            ON CONFLICT (address) DO UPDATE SET listed = 1 WHERE NOT listed"""
        with self._open() as connection:
            return connection.execute(sql, (address,)).rowcount > 0

    def remove(self, address: str) -> bool:
        """Forget a feed and its entries; whether it was on the list. Its articles stay."""
        with self._open() as connection:
            connection.execute("DELETE FROM bot_feed_entries WHERE feed = ?", (address,))
            sql = "DELETE FROM bot_feeds WHERE address = ? RETURNING listed"
            found = connection.execute(sql, (address,)).fetchone()
        return bool(found and found[0])

    def feeds(self, named: Iterable[str] = ()) -> tuple[KeptFeed, ...]:
        """Every feed on the list, by address, then those that a setting names."""
        wanted = tuple(dict.fromkeys(named))
        if not catalog_path(self._folder).exists():
            return tuple(KeptFeed(address=address) for address in wanted)
        with self._open() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM bot_feeds ORDER BY address")  # noqa: S608
            kept = {row[0]: _kept_feed(row) for row in rows}
        listed = [feed for feed in kept.values() if feed.listed]
        others = [kept.get(address, KeptFeed(address=address)) for address in wanted]
        return (*listed, *(feed for feed in others if not feed.listed))

    def claim(self, address: str, *, now: float, until: float) -> bool:
        """Take a feed for oneself until it is settled or ``until``; whether nobody else has it."""
        sql = "UPDATE bot_feeds SET busy_until = ? WHERE address = ? AND busy_until <= ?"
        with self._open() as connection:
            connection.execute(
                "INSERT INTO bot_feeds VALUES (?, 0, '', NULL, NULL, NULL, 0, 0, 0, NULL, 0)"
                " ON CONFLICT (address) DO NOTHING",
                (address,),
            )
            return connection.execute(sql, (until, address, now)).rowcount > 0

    def release(self, address: str) -> None:
        """Let go of a feed that was claimed; settling does as well."""
        sql = "UPDATE bot_feeds SET busy_until = 0 WHERE address = ?"
        with self._open() as connection:
            connection.execute(sql, (address,))

    def settle(self, feed: KeptFeed) -> None:
        """Keep what has become of a feed, and let go of it. One removed meanwhile stays removed."""
        sql = """UPDATE bot_feeds SET title = ?, etag = ?, last_modified = ?, checked_at = ?,
            next_at = ?, not_before = ?, failures = ?, problem = ?, busy_until = 0
            WHERE address = ?"""
        row = (
            feed.title,
            feed.etag,
            feed.last_modified,
            feed.checked_at,
            feed.next_at,
            feed.not_before,
            feed.failures,
            feed.problem,
            feed.address,
        )
        with self._open() as connection:
            connection.execute(sql, row)

    # Entries

    def entries(self, feed: str) -> dict[str, KeptEntry]:
        """The entries of a feed that were looked at, by their keys."""
        sql = "SELECT key, link, outcome, updated, tries FROM bot_feed_entries WHERE feed = ?"
        with self._open() as connection:
            rows = connection.execute(sql, (feed,))
            found = (
                KeptEntry(key=key, link=link, outcome=outcome, updated=updated, tries=tries)
                for key, link, outcome, updated, tries in rows
            )
            return {entry.key: entry for entry in found}

    def seen_links(self, links: Sequence[str]) -> set[str]:
        """Which of these links an entry of any feed had, one that did not fail."""
        sql = """SELECT DISTINCT link FROM bot_feed_entries
            WHERE link IN (SELECT value FROM json_each(?)) AND outcome <> 'failed'"""
        with self._open() as connection:
            return {link for (link,) in connection.execute(sql, (json.dumps(list(links)),))}

    def remember(self, feed: str, entry: KeptEntry, *, now: float) -> None:
        """Keep that an entry was looked at, and what came of it; whoever has the feed keeps it."""
        row = (feed, entry.key, entry.link, entry.updated, entry.outcome, entry.tries, now)
        with self._open() as connection:
            connection.execute(
                "UPDATE bot_feeds SET busy_until = ? WHERE address = ? AND busy_until > 0",
                (now + LEASE, feed),
            )
            connection.execute(
                "INSERT OR REPLACE INTO bot_feed_entries VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )

    def tidy(self, feed: str, standing: Sequence[str], *, now: float) -> None:
        """Note which entries still stand in the feed; beyond the most, the oldest are forgotten."""
        with self._open() as connection:
            connection.execute(
                "UPDATE bot_feed_entries SET seen_at = ?"
                " WHERE feed = ? AND key IN (SELECT value FROM json_each(?))",
                (now, feed, json.dumps(list(standing))),
            )
            connection.execute(
                "DELETE FROM bot_feed_entries WHERE feed = ?1 AND key IN (SELECT key FROM"
                " bot_feed_entries WHERE feed = ?1 ORDER BY seen_at DESC LIMIT -1 OFFSET ?2)",
                (feed, self._most_entries),
            )


def _kept_feed(row: tuple[object, ...]) -> KeptFeed:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return KeptFeed(**{**values, "listed": bool(values["listed"])})  # type: ignore[arg-type]
