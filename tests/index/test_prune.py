"""What no answer needs any more is forgotten when asked, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog
from index.errors import IndexLocked, IndexUnusable
from index.inspect import inspect
from index.prune import Pruned, prune
from index.storage.lock import hold_lock
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article
from tests.index.test_inspect import execute

if TYPE_CHECKING:
    from pathlib import Path

    from index.settings import Settings


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    """Three live articles; one was edited, one withdrawn."""
    settings = settings_in(tmp_path)
    for name in ("mill.txt", "dam.txt", "lock.txt", "weir.txt"):
        write_article(settings.corpus, name, sentences=100)
    run_reindex(settings)
    write_article(settings.corpus, "mill.txt", edition=2, sentences=100)
    (settings.corpus / "weir.txt").unlink()
    run_reindex(settings)
    return settings


def test_superseded_and_withdrawn_versions_go_with_the_vectors_nobody_uses(
    shelf: Settings,
) -> None:
    execute(shelf, "CREATE TABLE bot_notes (note TEXT)", "INSERT INTO bot_notes VALUES ('kept')")
    pruned = prune(shelf.folder)
    assert (pruned.versions, pruned.vectors) == (2, 200)
    assert pruned.bytes > 20_000
    assert execute(shelf, "SELECT count(*) FROM versions") == [(3,)]
    assert execute(shelf, "SELECT note FROM bot_notes") == [("kept",)]
    assert inspect(shelf) == ()
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert (snapshot.generation, snapshot.number_of_articles) == (2, 3)
    embedder = HashEmbedder()
    assert run_reindex(shelf, embedder)[0].unchanged == 3
    assert embedder.embedded == []


def test_vectors_of_an_embedder_that_was_given_up_go(shelf: Settings) -> None:
    run_reindex(shelf, HashEmbedder(name="hash@2"))
    assert prune(shelf.folder).vectors == 500
    assert execute(shelf, "SELECT DISTINCT embedder FROM vectors") == [("hash@2",)]


def test_what_is_live_stays_and_pruning_again_finds_nothing(shelf: Settings) -> None:
    prune(shelf.folder)
    assert prune(shelf.folder) == Pruned(versions=0, vectors=0, bytes=0)


def test_readers_see_the_same_before_and_after(shelf: Settings) -> None:
    catalog = Catalog(shelf.folder)
    with catalog.snapshot() as snapshot:
        before = snapshot.list_articles()
        with pytest.raises(IndexLocked), hold_lock(shelf.folder):
            prune(shelf.folder)
        prune(shelf.folder)
        assert snapshot.search_passages(["edition2"], 5)
    with catalog.snapshot() as snapshot:
        assert snapshot.list_articles() == before
        assert snapshot.search_passages(["edition2"], 5)


def test_there_must_be_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="there is no index"):
        prune(tmp_path)
