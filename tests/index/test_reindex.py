"""Reindexing follows the corpus folder, and nothing on the way can hurt the index."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

import index.reindex
from index.catalog import Catalog, catalog_path, unusable
from index.errors import CorpusError, EmbedderError, IndexLocked, IndexUnusable
from index.reindex import reindex
from index.storage.load import find_gone
from index.storage.lock import hold_lock
from index.vectors import VectorIndex
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.settings import Settings
    from index.types import Matrix


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    for name in ("mill.txt", "dam.txt", "lock.txt"):
        write_article(settings.corpus, name)
    return settings


@pytest.fixture
def indexed(shelf: Settings) -> Settings:
    run_reindex(shelf)
    return shelf


def paths(settings: Settings) -> list[str]:
    with Catalog(settings.folder).snapshot() as snapshot:
        return sorted(article.path for article in snapshot.list_articles())


def text_of(settings: Settings, path: str) -> str:
    with Catalog(settings.folder).snapshot() as snapshot:
        (article,) = snapshot.find_article(path)
    return article.text


def hits(settings: Settings, question: str, index: VectorIndex | None = None) -> dict[str, float]:
    """Cosines above chance, by path and number of sentence."""
    vector = HashEmbedder().embed_question(question)
    index = index or VectorIndex(settings.folder)
    with Catalog(settings.folder).snapshot() as snapshot:
        near = index.nearest(vector, 3, snapshot=snapshot)
        names = {article.id: article.path for article in snapshot.list_articles()}
    assert not index.needs_repair
    return {names[name.partition("@")[0]]: cosine for name, cosine in near if cosine > 0.99}


def raise_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as the next version of Pullquote will whose tables are others."""
    schema = index.catalog.SCHEMA + 1
    for module in (index.catalog, index.storage.record):
        monkeypatch.setattr(module, "SCHEMA", schema)


def sentence(name: str, edition: int = 1) -> str:
    return f"The council of {name} approved plan 1 in the spring of edition{edition}."


def test_a_first_reindex_says_what_it_did(shelf: Settings) -> None:
    summary, steps = run_reindex(shelf)
    assert (summary.new, summary.changed, summary.gone, summary.unchanged) == (3, 0, 0, 0)
    assert (summary.failed, summary.failures, summary.notes) == (0, (), ())
    assert (summary.passages, summary.generation) == (3, 1)
    assert summary.seconds > 0
    assert [(step.done, step.total) for step in steps if step.stage == "read"] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert [step.article for step in steps][:3] == ["dam.txt", "lock.txt", "mill.txt"]
    assert steps[-1].stage == "publish"


def test_reindexing_again_embeds_nothing_and_publishes_nothing(indexed: Settings) -> None:
    embedder = HashEmbedder()
    before = catalog_path(indexed.folder).read_bytes()
    summary, _ = run_reindex(indexed, embedder)
    assert (summary.unchanged, summary.new, summary.generation) == (3, 0, 1)
    assert embedder.embedded == []
    assert catalog_path(indexed.folder).read_bytes() == before


NO_OP = """
import sys
from pathlib import Path
from tests.index.shelf import run_reindex, settings_in
before = {name for name in sys.modules if name.partition(".")[0] == "numpy"}
summary, _ = run_reindex(settings_in(Path(sys.argv[1])))
heavy = {"chromadb", "llama_index", "onnxruntime", "tokenizers"} & sys.modules.keys()
sys.stdout.write(f"{summary.unchanged} {sorted(heavy)}")
"""


def test_reindexing_again_imports_nothing_heavy(indexed: Settings, repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_OP, str(indexed.folder.parent)],
        env={"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "3 []"


def test_new_changed_and_gone_articles_are_seen_at_the_next_question(indexed: Settings) -> None:
    index = VectorIndex(indexed.folder)
    assert hits(indexed, sentence("mill"), index) == {"mill.txt": pytest.approx(1, abs=0.01)}
    write_article(indexed.corpus, "mill.txt", edition=2)
    write_article(indexed.corpus, "weir.txt")
    (indexed.corpus / "dam.txt").unlink()
    embedder = HashEmbedder()
    summary, _ = run_reindex(indexed, embedder)
    assert (summary.new, summary.changed, summary.gone, summary.unchanged) == (1, 1, 1, 1)
    assert summary.generation == 2
    assert all("edition2" in text or "weir" in text for text in embedder.embedded)
    assert paths(indexed) == ["lock.txt", "mill.txt", "weir.txt"]
    assert hits(indexed, sentence("mill"), index) == {}
    assert hits(indexed, sentence("dam"), index) == {}
    assert list(hits(indexed, sentence("mill", 2), index)) == ["mill.txt"]
    assert list(hits(indexed, sentence("weir"), index)) == ["weir.txt"]
    with Catalog(indexed.folder).snapshot() as snapshot:
        assert snapshot.document_frequencies(["edition1", "edition2", "dam"]) == {
            "edition1": 2,
            "edition2": 1,
            "dam": 0,
        }


def test_a_changed_advert_is_no_edit_and_offsets_follow_it(indexed: Settings) -> None:
    path = indexed.corpus / "mill.txt"
    path.write_text("\n\n" + path.read_text())
    embedder = HashEmbedder()
    summary, _ = run_reindex(indexed, embedder)
    assert (summary.changed, summary.unchanged, embedder.embedded) == (0, 3, [])
    assert text_of(indexed, "mill.txt") == path.read_text()
    assert list(hits(indexed, sentence("mill"))) == ["mill.txt"]
    assert run_reindex(indexed)[0].generation == summary.generation


def test_a_moved_article_is_not_embedded_again(indexed: Settings) -> None:
    (indexed.corpus / "old").mkdir()
    (indexed.corpus / "mill.txt").rename(indexed.corpus / "old" / "mill.txt")
    embedder = HashEmbedder()
    summary, _ = run_reindex(indexed, embedder)
    assert (summary.moved, summary.new, summary.gone, embedder.embedded) == (1, 0, 0, [])
    assert list(hits(indexed, sentence("mill"))) == ["old/mill.txt"]


def test_superseded_texts_are_kept(indexed: Settings) -> None:
    write_article(indexed.corpus, "mill.txt", edition=2)
    run_reindex(indexed)
    with sqlite3.connect(catalog_path(indexed.folder)) as connection:
        sql = "SELECT text LIKE '%edition1%' FROM versions WHERE path = 'mill.txt'"
        assert sorted(row[0] for row in connection.execute(sql)) == [0, 1]
    connection.close()


def test_a_file_that_becomes_unreadable_keeps_what_was_read_and_is_reported(
    indexed: Settings,
) -> None:
    before = text_of(indexed, "mill.txt")
    (indexed.corpus / "mill.txt").write_bytes(b"\x00\x01\x02" * 100)
    (indexed.corpus / "empty.txt").write_text("")
    for _ in range(2):
        summary, _ = run_reindex(indexed)
        assert (summary.failed, summary.gone, summary.unchanged) == (2, 0, 2)
        assert [failure.path for failure in summary.failures] == ["empty.txt", "mill.txt"]
    assert text_of(indexed, "mill.txt") == before
    changed, _ = run_reindex(indexed, HashEmbedder(name="hash@2"))
    assert changed.failed == 2
    assert text_of(indexed, "mill.txt") == before


def test_a_missing_corpus_folder_never_means_that_all_is_gone(indexed: Settings) -> None:
    elsewhere = replace(indexed, corpus=indexed.corpus.parent / "unmounted")
    with pytest.raises(CorpusError, match="unmounted"):
        run_reindex(elsewhere)
    assert len(paths(indexed)) == 3


def test_an_empty_corpus_is_an_error_only_when_nothing_was_ever_indexed(
    tmp_path: Path, indexed: Settings
) -> None:
    nothing = replace(settings_in(tmp_path / "other"), corpus=tmp_path / "other")
    nothing.corpus.mkdir()
    with pytest.raises(CorpusError, match="no article"):
        run_reindex(nothing)
    assert not nothing.folder.exists()
    (nothing.corpus / "void.txt").write_text("")
    with pytest.raises(CorpusError, match=r"void\.txt"):
        run_reindex(nothing)

    shutil.rmtree(indexed.corpus)
    indexed.corpus.mkdir()
    summary, _ = run_reindex(indexed)
    assert (summary.gone, summary.passages) == (3, 0)
    assert paths(indexed) == []


@dataclass
class FailingEmbedder(HashEmbedder):
    """Fails at a text with ``trigger`` in it, as told."""

    trigger: str = "lock"
    error: type[Exception] = EmbedderError

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        if any(self.trigger in text for text in texts):
            raise self.error("reinstall the model")
        return super().embed_texts(texts)


def test_an_unexpected_failure_costs_one_article(shelf: Settings) -> None:
    summary, _ = run_reindex(shelf, FailingEmbedder(error=ZeroDivisionError))
    assert (summary.new, summary.failed) == (2, 1)
    assert str(summary.failures[0]) == "lock.txt: unexpected: reinstall the model"
    assert paths(shelf) == ["dam.txt", "mill.txt"]
    assert run_reindex(shelf)[0].new == 1


def test_a_broken_embedder_stops_and_leaves_the_index_as_it_was(indexed: Settings) -> None:
    write_article(indexed.corpus, "lock.txt", edition=2)
    with pytest.raises(EmbedderError, match="reinstall"):
        run_reindex(indexed, FailingEmbedder())
    assert "edition1" in text_of(indexed, "lock.txt")
    assert list(hits(indexed, sentence("lock"))) == ["lock.txt"]


def test_another_embedder_indexes_everything_anew_and_says_so(indexed: Settings) -> None:
    other = HashEmbedder(name="hash@2", dimensions=48)
    summary, _ = run_reindex(indexed, other)
    assert summary.notes[0] == "everything is indexed anew: the embedder is no longer hash@1"
    assert (summary.unchanged, len(other.embedded)) == (3, 18)
    with Catalog(indexed.folder).snapshot() as snapshot:
        assert (snapshot.embedder, snapshot.dimensions) == ("hash@2", 48)
        index = VectorIndex(indexed.folder)
        near = index.nearest(other.embed_question(sentence("dam")), 1, snapshot=snapshot)
    assert near[0][1] > 0.99
    assert not index.needs_repair
    assert len(list((indexed.folder / "chroma").iterdir())) == 1

    back = HashEmbedder()
    run_reindex(indexed, back)
    assert back.embedded == []


@pytest.mark.parametrize(
    ("name", "note"),
    [("schema", "an older format"), ("analysis", "the way articles are read has changed")],
)
def test_an_older_index_is_rebuilt_without_embedding_again(
    indexed: Settings, name: str, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "schema":
        raise_schema(monkeypatch)
    else:
        with sqlite3.connect(catalog_path(indexed.folder)) as connection:
            connection.execute("UPDATE meta SET value = 0 WHERE name = 'analysis'")
        connection.close()
    embedder = HashEmbedder()
    summary, _ = run_reindex(indexed, embedder)
    assert note in summary.notes[0]
    assert (summary.passages, embedder.embedded) == (3, [])
    assert len(paths(indexed)) == 3
    assert list(hits(indexed, sentence("dam"))) == ["dam.txt"]


def test_vectors_are_built_anew_when_the_dead_outnumber_the_living(indexed: Settings) -> None:
    notes: list[str] = []
    for edition in range(2, 6):
        for name in ("mill.txt", "dam.txt"):
            write_article(indexed.corpus, name, edition=edition)
        notes += run_reindex(indexed)[0].notes
    assert "vector index rebuilt: more dead vectors than living" in notes
    assert len(notes) < 4
    assert list(hits(indexed, sentence("dam", 5))) == ["dam.txt"]


def test_a_second_writer_is_refused_or_waits(shelf: Settings) -> None:
    with hold_lock(shelf.folder):
        with pytest.raises(IndexLocked, match="another process is indexing"):
            run_reindex(shelf)
        with pytest.raises(IndexLocked):
            run_reindex(shelf, wait=0.3)
    assert run_reindex(shelf, wait=0.3)[0].new == 3


def test_stopping_at_any_step_leaves_a_usable_index(indexed: Settings) -> None:
    for name in ("mill.txt", "dam.txt", "lock.txt"):
        write_article(indexed.corpus, name, edition=2)
    for steps in range(1, 5):
        run = reindex(indexed, HashEmbedder())
        list(islice(run, steps))
        run.close()
        assert list(hits(indexed, sentence("mill"))) == ["mill.txt"]
    assert run_reindex(indexed)[0].changed == 3


def test_what_a_stopped_reindex_has_embedded_is_not_embedded_again(
    shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.reindex, "ARTICLES_AT_ONCE", 1)
    run = reindex(shelf, HashEmbedder())
    assert [step.stage for step in islice(run, 4)] == ["read", "embed", "read", "embed"]
    run.close()
    embedder = HashEmbedder()
    summary, _ = run_reindex(shelf, embedder)
    assert summary.new == 3
    assert all("mill" in text for text in embedder.embedded)


def test_a_long_build_goes_live_in_parts(shelf: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.reindex, "ARTICLES_AT_ONCE", 1)
    monkeypatch.setattr(index.reindex, "ARTICLES_PER_PUBLICATION", 1)
    run = reindex(shelf, HashEmbedder())
    stages = [next(run).stage for _ in range(5)]
    assert stages == ["read", "embed", "publish", "read", "embed"]
    run.close()
    assert paths(shelf) == ["dam.txt"]
    assert list(hits(shelf, sentence("dam"))) == ["dam.txt"]
    summary, _ = run_reindex(shelf)
    assert (summary.new, summary.unchanged, summary.generation) == (2, 1, 3)


def test_a_note_on_the_encoding_names_its_file(shelf: Settings) -> None:
    path = write_article(shelf.corpus, "cafe.txt")
    path.write_bytes(path.read_text().replace("spring", "café").encode("windows-1252"))
    notes = run_reindex(shelf)[0].notes
    assert len(notes) == 1
    assert notes[0].startswith("cafe.txt: ")


def test_an_index_folder_that_cannot_be_made_is_one_clear_line(shelf: Settings) -> None:
    shelf.folder.write_text("a file where the folder should be")
    with pytest.raises(IndexUnusable, match="cannot be written") as caught:
        run_reindex(shelf)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("or name another index folder")


def test_files_that_may_not_be_opened_are_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(tmp_path / "none" / "catalog.sqlite3")
    line = str(unusable(tmp_path, caught.value))
    assert line.startswith(f"the index in {tmp_path} cannot be used: unable to open")
    assert line.endswith("or name another index folder")


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from index.errors import IndexUnusable
from tests.index.shelf import run_reindex, settings_in
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    run_reindex(settings_in(Path(sys.argv[1])))
except IndexUnusable as error:
    sys.stdout.write(str(error))
"""


def test_a_full_disk_is_one_clear_line_and_loses_nothing(
    indexed: Settings, repository: Path
) -> None:
    write_article(indexed.corpus, "long.txt", sentences=3000)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(indexed.folder.parent)],
        env={"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"the index in {indexed.folder} cannot be used: ")
    assert "\n" not in done.stdout
    assert list(hits(indexed, sentence("mill"))) == ["mill.txt"]
    assert run_reindex(indexed)[0].new == 1


def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_gone() -> None:
    live = ["a.txt", "sub/b.txt", "sub/deep/c.txt", "subway.txt", "broken.txt"]
    assert find_gone(live, {"a.txt"}, {"sub", "broken.txt"}) == ["subway.txt"]


def test_stored_vectors_are_those_of_the_embedder(indexed: Settings) -> None:
    with Catalog(indexed.folder).snapshot() as snapshot:
        ((key, _),) = snapshot.search_passages(["mill"], 5)
        passage = snapshot.load_passages([key])[key]
    texts = [
        passage.text[s.start - passage.start : s.end - passage.start] for s in passage.sentences
    ]
    assert np.allclose(passage.vectors, HashEmbedder().embed_texts(texts), atol=0.001)
