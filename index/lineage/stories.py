"""Wire copies: articles that share most of their sentences are one story, told in several places.

Each live article's sentences stand in an inverted index by a hash of their words, so that a new
article is compared only with those that share sentences with it. Two that share enough are linked;
a story is whatever is linked, directly or by others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from index.storage.pack import unpack_sentences

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

TABLES = """
CREATE TABLE story_sentences (
    hash INTEGER NOT NULL, version_key INTEGER NOT NULL, PRIMARY KEY (hash, version_key))
    WITHOUT ROWID;
CREATE INDEX story_sentences_by_version ON story_sentences (version_key);
CREATE TABLE story_links (
    one INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
"""

# Of the sentences of the shorter one. Reprints that were cut by half and edited in every fifth
# sentence share 0.6 and more; reports of one event by different hands share nothing but a
# quotation or two, at most 0.2 of the shorter.
SHARED = 0.4
FEWEST_SHARED = 3

# "He did not elaborate." stands anywhere.
FEWEST_WORDS = 6

# A sentence that stands in more articles than this is part of their pages, not of a story.
MOST_PLACES = 256

_WORD = re.compile(r"\w+")


def hash_sentence(text: str) -> int | None:
    """A number for the words of a sentence; None where it is too short to tell anything."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return None
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def link_stories(connection: sqlite3.Connection, version_keys: Iterable[int]) -> None:
    """Within a transaction: find out with which others these articles, now live, are one story."""
    for key in version_keys:
        hashes = _read_hashes(connection, key)
        connection.executemany(
            "INSERT OR IGNORE INTO story_sentences VALUES (?, ?)", [(each, key) for each in hashes]
        )
        for other in _find_alike(connection, key, hashes):
            connection.executemany(
                "INSERT OR IGNORE INTO story_links VALUES (?, ?)", [(key, other), (other, key)]
            )


def unlink(connection: sqlite3.Connection, version_key: int) -> None:
    """Within a transaction: forget an article that is no longer live."""
    connection.execute("DELETE FROM story_sentences WHERE version_key = ?", (version_key,))
    sql = "SELECT other FROM story_links WHERE one = ?"
    for (other,) in connection.execute(sql, (version_key,)).fetchall():
        connection.execute("DELETE FROM story_links WHERE one = ?", (version_key,))
        sql = "DELETE FROM story_links WHERE one = ? AND other = ?"
        connection.execute(sql, (other, version_key))


def list_members(connection: sqlite3.Connection, version_key: int) -> list[int]:
    """The articles of the same story, this one among them, in the order of their keys."""
    sql = """
        WITH RECURSIVE member (key) AS (
            VALUES (?) UNION SELECT other FROM story_links JOIN member ON one = member.key)
        SELECT key FROM member ORDER BY key
    """
    return [key for (key,) in connection.execute(sql, (version_key,))]


def list_linked(connection: sqlite3.Connection, version_keys: Sequence[int]) -> set[int]:
    """Those of the articles that are one story with any other."""
    sql = "SELECT DISTINCT one FROM story_links WHERE one IN (SELECT value FROM json_each(?))"
    return {key for (key,) in connection.execute(sql, (json.dumps(list(version_keys)),))}


def _read_hashes(connection: sqlite3.Connection, version_key: int) -> set[int]:
    sql = "SELECT text, start, sentences FROM passages WHERE version_key = ?"
    return {
        number
        for text, start, packed in connection.execute(sql, (version_key,))
        for sentence in unpack_sentences(packed)
        if sentence.kind == "text"
        and (number := hash_sentence(text[sentence.start - start : sentence.end - start]))
        is not None
    }


def _find_alike(connection: sqlite3.Connection, key: int, hashes: set[int]) -> list[int]:
    """The articles that share enough sentences with this one."""
    sql = "SELECT version_key FROM story_sentences WHERE hash = ? AND version_key <> ? LIMIT ?"
    shared: Counter[int] = Counter()
    everywhere = 0
    for each in hashes:
        places = connection.execute(sql, (each, key, MOST_PLACES + 1)).fetchall()
        if len(places) > MOST_PLACES:
            everywhere += 1
        else:
            shared.update(other for (other,) in places)
    own = len(hashes) - everywhere
    sql = "SELECT count(*) FROM story_sentences WHERE version_key = ?"
    return [
        other
        for other, number in shared.items()
        if number >= FEWEST_SHARED
        and number >= SHARED * min(own, connection.execute(sql, (other,)).fetchone()[0])
    ]
