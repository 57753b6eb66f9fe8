"""Numbers and citations for the articles that quotes come from, and what was searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Citation, Searched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.storage.snapshot import Snapshot
    from index.types import Article


def number_articles(paths: Iterable[str]) -> dict[str, int]:
    """Citation numbers from 1, in the order in which articles are first used."""
    return {path: number for number, path in enumerate(dict.fromkeys(paths), start=1)}


def cite_articles(numbers: Mapping[str, int], articles: Iterable[Article]) -> tuple[Citation, ...]:
    """A citation for every number; ``numbers`` are by path."""
    by_path = {article.path: article for article in articles}
    return tuple(
        Citation(
            number=number,
            article=path,
            title=by_path[path].title,
            outlet=by_path[path].outlet,
            published=by_path[path].published,
            url=by_path[path].url,
            version=by_path[path].version,
        )
        for path, number in numbers.items()
    )


def describe_search(snapshot: Snapshot) -> Searched:
    """What there is to search in ``snapshot``."""
    earliest, latest = snapshot.date_span()
    return Searched(
        articles=snapshot.number_of_articles,
        passages=snapshot.number_of_passages,
        earliest=earliest,
        latest=latest,
        generation=snapshot.generation,
    )
