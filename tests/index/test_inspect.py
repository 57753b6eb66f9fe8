"""What differs between catalog, vectors and corpus is said, one line each, and can be mended."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.catalog import Catalog, catalog_path
from index.errors import CorpusError, IndexLocked, IndexTooNew, IndexUnusable
from index.inspect import inspect
from index.mend import rebuild, repair
from index.storage.fingerprint import vectors_path
from index.storage.lock import hold_lock
from index.vectors import VectorIndex, VectorStore
from tests.index.shelf import (
    HashEmbedder,
    copy_shelf,
    run_reindex,
    run_steps,
    settings_in,
    write_article,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from index.settings import Settings
    from index.storage.summary import Progress, Summary

NAMES = ("mill.txt", "dam.txt", "lock.txt")
FRONT_END = "CREATE TABLE bot_notes (id INTEGER PRIMARY KEY, note TEXT)"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("shelf"))
    for name in NAMES:
        write_article(settings.corpus, name)
    run_reindex(settings)
    execute(settings, FRONT_END)
    execute(settings, "CREATE INDEX bot_notes_by_note ON bot_notes (note)")
    execute(settings, "INSERT INTO bot_notes VALUES (1, 'kept')")
    return settings


@pytest.fixture
def shelf(original: Settings, tmp_path: Path) -> Settings:
    """The same index, for a test to damage."""
    return copy_shelf(original, tmp_path)


def execute(settings: Settings, *statements: str) -> list[Any]:
    with closing(sqlite3.connect(catalog_path(settings.folder))) as connection, connection:
        return [row for sql in statements for row in connection.execute(sql)]


def lines(settings: Settings) -> list[str]:
    return [str(finding) for finding in inspect(settings)]


def chroma(settings: Settings) -> Path:
    (name,) = execute(settings, "SELECT value FROM meta WHERE name = 'chroma'")[0]
    return vectors_path(settings.folder, name)


def ids(settings: Settings) -> list[str]:
    with Catalog(settings.folder).snapshot() as snapshot:
        return [name for names, _ in snapshot.live_vectors() for name in names]


def store(settings: Settings, change: Callable[[VectorStore], None]) -> None:
    opened = VectorStore(chroma(settings))
    change(opened)
    opened.close()


def answers(settings: Settings) -> bool:
    """Whether each article is found by its words and by its meaning, the latter by Chroma."""
    index = VectorIndex(settings.folder)
    with Catalog(settings.folder).snapshot() as snapshot:
        for path in NAMES:
            stem = path.partition(".")[0]
            text = f"The council of {stem} approved plan 1 in the spring of edition1."
            near = index.nearest(HashEmbedder().embed_question(text), 1, snapshot=snapshot)
            words = snapshot.search_passages([stem], 9)
            if len(words) != 1 or near[0][1] < 0.99:
                return False
    return not index.needs_repair


def test_an_index_as_it_should_be_has_nothing_to_say(shelf: Settings) -> None:
    before = catalog_path(shelf.folder).read_bytes()
    assert lines(shelf) == []
    assert catalog_path(shelf.folder).read_bytes() == before


# Damage, and the line that tells of it


def no_chroma(settings: Settings) -> None:
    shutil.rmtree(settings.folder / "chroma")


def cut_chroma(settings: Settings) -> None:
    path = chroma(settings) / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])


def chroma_of_another_version(settings: Settings) -> None:
    with closing(sqlite3.connect(chroma(settings) / "chroma.sqlite3")) as connection, connection:
        connection.execute(
            "UPDATE migrations SET hash = 'other', filename = '99999-new.sqlite.sql'"
        )


def chroma_without_tables(settings: Settings) -> None:
    with closing(sqlite3.connect(chroma(settings) / "chroma.sqlite3")) as connection, connection:
        connection.execute("DROP TABLE collections")


def a_vector_missing(settings: Settings) -> None:
    store(settings, lambda opened: opened.remove(ids(settings)[:2]))


def a_vector_changed(settings: Settings) -> None:
    other = np.eye(1, 32, dtype=np.float32)
    store(settings, lambda opened: opened.put([(ids(settings)[3:4], other)]))


def a_vector_too_many(settings: Settings) -> None:
    other = np.eye(1, 32, dtype=np.float32)
    store(settings, lambda opened: opened.put([(["stray@000000000000:0"], other)]))


def another_folder(settings: Settings) -> None:
    (settings.folder / "chroma" / "left-behind").mkdir()


def a_writer_stopped(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = 1 WHERE name = 'dirty'")


def words_missing(settings: Settings) -> None:
    execute(settings, "DELETE FROM passage_terms WHERE rowid = 1")


def words_stray(settings: Settings) -> None:
    execute(settings, "INSERT INTO article_terms (rowid, terms) VALUES (999, 'mill')")


def words_changed(settings: Settings) -> None:
    execute(settings, "UPDATE passage_terms SET terms = 'dam dam' WHERE rowid = 2")


def lists_of_words_emptied(settings: Settings) -> None:
    execute(settings, "DELETE FROM passage_terms_data WHERE id > 10")


def a_passage_missing(settings: Settings) -> None:
    execute(settings, "DELETE FROM passages WHERE key = 1")


def a_passage_changed(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET text = replace(text, 'plan 1', 'plan 9') WHERE key = 1")


def a_text_missing(settings: Settings) -> None:
    execute(settings, "DELETE FROM versions WHERE path = 'mill.txt'")


def kept_vectors_changed(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET vectors = zeroblob(length(vectors)) WHERE key = 1")


def kept_vectors_cut(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET vectors = x'0011' WHERE key = 1")


def counts_wrong(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = 7 WHERE name = 'articles'")


DAMAGE: dict[Callable[[Settings], None], str] = {
    no_chroma: "vectors: its files were missing or damaged",
    cut_chroma: "vectors: its files were missing or damaged",
    chroma_of_another_version: "vectors: they cannot be read: ",
    chroma_without_tables: "vectors: they cannot be read: ",
    a_vector_missing: "vectors: 2 sentences have none",
    a_vector_changed: "vectors: 1 are not those of their sentences",
    a_vector_too_many: "vectors: 1 belong to no sentence that is live",
    another_folder: "vectors: 1 folders of vectors are not in use",
    a_writer_stopped: "vectors: a writer was stopped at work on them",
    words_missing: "catalog: full text: 1 passages and 0 articles are not in it",
    words_stray: "catalog: full text: 0 passages and 1 articles in it are not live",
    words_changed: "catalog: full text: 1 passages stand in it with other words than theirs",
    lists_of_words_emptied: "catalog: full text: its lists of words are not those",
    a_passage_missing: "catalog: dam.txt: some of its passages are missing",
    a_passage_changed: "catalog: dam.txt: its passages are not what its text says",
    a_text_missing: "catalog: mill.txt: its text is missing",
    kept_vectors_changed: "catalog: dam.txt: its vectors are not those of its sentences",
    kept_vectors_cut: "catalog: dam.txt: its vectors are not those of its sentences",
    counts_wrong: "catalog: the numbers kept of articles are wrong",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_told_in_one_line_and_mended(
    shelf: Settings, damage: Callable[[Settings], None]
) -> None:
    damage(shelf)
    found = lines(shelf)
    assert any(line.startswith(DAMAGE[damage]) for line in found), found
    assert all("\n" not in line for line in found)
    embedder = HashEmbedder()
    summary, _ = run_steps(repair(shelf, embedder))
    assert (summary.new + summary.unchanged, summary.failed, embedder.embedded) == (3, 0, [])
    assert lines(shelf) == []
    assert answers(shelf)


@pytest.mark.parametrize("damage", [chroma_of_another_version, chroma_without_tables])
def test_vectors_of_another_version_are_answered_without_and_made_anew_by_the_next_reindex(
    shelf: Settings, damage: Callable[[Settings], None]
) -> None:
    damage(shelf)
    index = VectorIndex(shelf.folder)
    with Catalog(shelf.folder).snapshot() as snapshot:
        vector = HashEmbedder().embed_question("The council of dam approved")
        assert len(index.nearest(vector, 5, snapshot=snapshot)) == 5
    assert index.needs_repair
    notes = run_reindex(shelf)[0].notes
    assert notes == ("vector index rebuilt: it was torn, or does not hold what it should",)
    assert answers(shelf)


def test_files_that_changed_came_or_went_since_are_told(shelf: Settings) -> None:
    write_article(shelf.corpus, "mill.txt", edition=2)
    write_article(shelf.corpus, "weir.txt")
    (shelf.corpus / "dam.txt").unlink()
    (shelf.corpus / "gone.txt").symlink_to(shelf.corpus / "nowhere.txt")
    assert lines(shelf) == [
        "corpus: gone.txt: a broken link",
        "corpus: mill.txt: the file has changed",
        "corpus: weir.txt: the file is not in the index",
        "corpus: dam.txt: the file is gone",
    ]
    assert {finding.remedy for finding in inspect(shelf)} == {"index"}


@pytest.mark.parametrize("mend", [repair, rebuild], ids=["repair", "rebuild"])
def test_of_a_damaged_catalog_what_the_bot_stored_is_carried_over_into_a_new_one(
    shelf: Settings, mend: Callable[..., Generator[Progress, None, Summary]]
) -> None:
    path = catalog_path(shelf.folder)
    data = bytearray(path.read_bytes())
    (page_size, root) = (
        execute(shelf, "PRAGMA page_size")[0][0],
        execute(shelf, "SELECT rootpage FROM sqlite_schema WHERE name = 'articles'")[0][0],
    )
    data[(root - 1) * page_size : root * page_size] = b"\xff" * page_size
    path.write_bytes(data)
    (finding,) = inspect(shelf)
    assert str(finding).startswith("catalog: the file is damaged (")
    assert finding.remedy == "repair"

    embedder = HashEmbedder()
    summary, _ = run_steps(mend(shelf, embedder))
    assert (summary.new, summary.unchanged, embedder.embedded) == (0, 3, [])
    assert "kept beside the new one as catalog.sqlite3.damaged" in summary.notes[0]
    assert execute(shelf, "SELECT note FROM bot_notes") == [("kept",)]
    assert execute(shelf, "SELECT name FROM sqlite_schema WHERE name = 'bot_notes_by_note'")
    assert lines(shelf) == []
    assert answers(shelf)


def test_a_catalog_that_is_no_database_at_all_is_rebuilt(shelf: Settings) -> None:
    catalog_path(shelf.folder).write_bytes(b"no database at all" * 1000)
    assert [finding.remedy for finding in inspect(shelf)] == ["repair"]
    summary, _ = run_steps(repair(shelf, HashEmbedder()))
    assert summary.new == 3
    assert answers(shelf)


def test_a_rebuild_starts_over_and_keeps_what_front_ends_stored_and_the_vectors(
    shelf: Settings,
) -> None:
    write_article(shelf.corpus, "mill.txt", edition=2)
    run_reindex(shelf)
    write_article(shelf.corpus, "mill.txt", edition=1)
    embedder = HashEmbedder()
    summary, _ = run_steps(rebuild(shelf, embedder))
    assert summary.notes[0] == "everything is indexed anew: as you asked"
    assert (summary.changed, summary.unchanged, embedder.embedded) == (1, 2, [])
    with Catalog(shelf.folder).snapshot() as snapshot:
        first, second, third = snapshot.list_versions("mill.txt")
    assert first.version == third.version != second.version
    assert [first.is_live, second.is_live, third.is_live] == [False, False, True]
    assert execute(shelf, "SELECT note FROM bot_notes") == [("kept",)]
    assert lines(shelf) == []
    assert answers(shelf)


def test_readers_go_on_while_an_index_is_rebuilt(shelf: Settings) -> None:
    steps = rebuild(shelf, HashEmbedder())
    for _ in steps:
        assert answers(shelf)
    assert answers(shelf)


def test_an_index_that_another_version_or_embedder_made_is_to_be_indexed(shelf: Settings) -> None:
    (finding,) = inspect(replace(shelf, embedding="some.Embedding"))
    assert (finding.part, finding.remedy) == ("catalog", "index")
    execute(shelf, "UPDATE meta SET value = 0 WHERE name = 'analysis'")
    (finding,) = inspect(shelf)
    assert "older version" in finding.says
    execute(shelf, "UPDATE meta SET value = 99 WHERE name = 'schema'")
    with pytest.raises(IndexTooNew):
        inspect(shelf)
    with pytest.raises(IndexTooNew):
        run_steps(rebuild(shelf, HashEmbedder()))


def test_without_an_index_or_a_corpus_or_beside_a_writer_it_is_one_clear_line(
    shelf: Settings, tmp_path: Path
) -> None:
    with pytest.raises(IndexUnusable, match="there is no index in"):
        inspect(replace(shelf, folder=tmp_path / "nowhere"))
    with pytest.raises(CorpusError, match="no corpus folder"):
        inspect(replace(shelf, corpus=tmp_path / "nowhere"))
    with hold_lock(shelf.folder), pytest.raises(IndexLocked):
        inspect(shelf)
