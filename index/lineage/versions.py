"""The articles of the catalog as they are and as they were: versions, by path and by time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.storage.pack import unpack_article, unpack_date

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date

    from index.types import Article

ARTICLE = "path, title, outlet, byline, published, url"


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """An article as it was for a time.

    Attributes:
        key: the catalog's row number, good within one snapshot.
        article_id: the article's id.
        version: 12 hexadecimal digits; an article that is edited back has the same one twice.
        path: where its file was.
        title: its title then.
        published: the date that it gave then.
        made: when the index took it in, in UTC.
        ended: when another took its place or the article went, in UTC; None while it is live.
    """

    key: int
    article_id: str
    version: str
    path: str
    title: str
    published: date | None
    made: datetime
    ended: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether this is what is answered from."""
        return self.ended is None


def load_articles(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Article]:
    """The articles of these keys, live or not."""
    sql = f"""
        SELECT key, article_id, {ARTICLE}, text, paragraphs, notes
        FROM versions WHERE key IN (SELECT value FROM json_each(?))
    """  # noqa: S608 (a constant)
    rows = connection.execute(sql, (json.dumps(list(keys)),))
    return {row[0]: unpack_article(row) for row in rows}


def find_version(
    connection: sqlite3.Connection, path: str, version: str
) -> tuple[Article, bool] | None:
    """The article once at this path as it was in ``version``; whether that is live now.

    It may have moved since, and another be at its path.
    """
    sql = """
        SELECT versions.key, articles.id IS NOT NULL
        FROM versions LEFT JOIN articles ON articles.version_key = versions.key
        WHERE versions.article_id IN (SELECT article_id FROM paths WHERE path = ?)
            AND versions.version = ? AND versions.made IS NOT NULL
        ORDER BY 2 DESC, 1 DESC LIMIT 1
    """
    row = connection.execute(sql, (path, version)).fetchone()
    return (load_articles(connection, [row[0]])[row[0]], bool(row[1])) if row else None


def list_versions(connection: sqlite3.Connection, path: str) -> tuple[Version, ...]:
    """Every version of the article that is, or was last, at this path; oldest first."""
    sql = """
        SELECT paths.article_id FROM paths
        LEFT JOIN articles ON articles.id = paths.article_id AND articles.path = paths.path
        JOIN versions ON versions.article_id = paths.article_id AND versions.made IS NOT NULL
        WHERE paths.path = ?
        ORDER BY articles.id IS NOT NULL DESC, versions.made DESC, versions.key DESC LIMIT 1
    """
    row = connection.execute(sql, (path,)).fetchone()
    return list_versions_of(connection, row[0]) if row else ()


def find_path(connection: sqlite3.Connection, reference: str) -> str:
    """The path, of an article that is or was there, that this names; itself where none is.

    It may be written with "./" or the corpus folder before it, as for a live article.
    """
    wanted = reference.strip().replace("\\", "/").removeprefix("./")
    sql = """
        SELECT path FROM paths
        WHERE path = :wanted OR substr(:wanted, -length(path) - 1) = '/' || path
        ORDER BY length(path) DESC LIMIT 1
    """
    row = connection.execute(sql, {"wanted": wanted}).fetchone()
    return str(row[0]) if row else reference


def list_versions_of(connection: sqlite3.Connection, article_id: str) -> tuple[Version, ...]:
    """Every version of the article of this id; oldest first."""
    sql = """
        SELECT key, version, path, title, published, made, ended FROM versions
        WHERE article_id = ? AND made IS NOT NULL ORDER BY made, key
    """
    return tuple(
        Version(
            key=key,
            article_id=article_id,
            version=version,
            path=path,
            title=title,
            published=unpack_date(published),
            made=datetime.fromtimestamp(made, UTC),
            ended=None if ended is None else datetime.fromtimestamp(ended, UTC),
        )
        for key, version, path, title, published, made, ended in connection.execute(
            sql, (article_id,)
        )
    )


def match_reference(reference: str, rows: Sequence[tuple[int, str, str, str]]) -> list[int]:
    """The keys of the rows (key, id, path, title) that ``reference`` names, best reading only."""
    wanted = reference.strip().replace("\\", "/").removeprefix("./")
    folded = wanted.casefold()
    if not folded:
        return []

    # The first reading that fits any article decides, so that a full name is never ambiguous.
    exact = [key for key, name, path, _ in rows if wanted in {name, path}]
    longer = [key for key, _, path, _ in rows if wanted.endswith("/" + path)]
    stem = [key for key, _, path, _ in rows if folded == PurePosixPath(path).stem.casefold()]
    part = [
        key
        for key, _, path, title in rows
        if folded in path.casefold() or folded in title.casefold()
    ]
    return exact or longer or stem or part
