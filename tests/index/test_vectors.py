"""The vector index answers, and when it cannot the catalog answers in its place."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.catalog import Catalog, catalog_path
from index.storage.fingerprint import fingerprint, repair_mark, vectors_path
from index.storage.verify_vectors import Comparison, compare, compare_vectors, is_sound
from index.vectors import BATCH_SIZE, QUICKLY_COMPARED, VectorIndex, VectorsError, VectorStore
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.settings import Settings
    from index.types import Matrix

QUESTION = "The council of mill approved plan 3 in the spring of edition1."


def unit_rows(rows: int, seed: int = 0) -> Matrix:
    vectors = np.random.default_rng(seed).normal(size=(rows, 32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("shelf"))
    for name in ("mill.txt", "dam.txt", "lock.txt"):
        write_article(settings.corpus, name)
    run_reindex(settings)
    return settings


@pytest.fixture(scope="module")
def large_shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """More than a thousand sentences: from there on Chroma keeps its graph in files."""
    settings = settings_in(tmp_path_factory.mktemp("large"))
    for name in ("mill.txt", "dam.txt", "lock.txt"):
        write_article(settings.corpus, name, sentences=400)
    run_reindex(settings)
    return settings


def copy_of(original: Settings, folder: Path) -> Settings:
    settings = settings_in(folder)
    shutil.copytree(original.corpus, settings.corpus)
    shutil.copytree(original.folder, settings.folder)
    return settings


@pytest.fixture
def copy(shelf: Settings, tmp_path: Path) -> Settings:
    """The same index, for a test to damage."""
    return copy_of(shelf, tmp_path)


@pytest.fixture
def large(large_shelf: Settings, tmp_path: Path) -> Settings:
    """A large index, for a test to damage."""
    return copy_of(large_shelf, tmp_path)


def set_meta(settings: Settings, name: str, value: int | str) -> None:
    with sqlite3.connect(catalog_path(settings.folder)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))
    connection.close()


def ask(
    settings: Settings, number_of_hits: int = 5, index: VectorIndex | None = None
) -> tuple[list[tuple[str, float]], VectorIndex]:
    index = index or VectorIndex(settings.folder)
    vector = HashEmbedder().embed_question(QUESTION)
    with Catalog(settings.folder).snapshot() as snapshot:
        return index.nearest(vector, number_of_hits, snapshot=snapshot), index


def chroma_folder(settings: Settings) -> Path:
    with Catalog(settings.folder).snapshot() as snapshot:
        return vectors_path(settings.folder, str(snapshot.vector_folder))


def test_the_nearest_sentence_comes_first_with_its_cosine(shelf: Settings) -> None:
    hits, index = ask(shelf)
    with Catalog(shelf.folder).snapshot() as snapshot:
        (article,) = snapshot.find_article("mill.txt")
        exact = snapshot.nearest_sentences(HashEmbedder().embed_question(QUESTION), 5)
    assert hits[0][0] == f"{article.id}@{article.version}:2"
    assert hits[0][1] == pytest.approx(1, abs=0.001)
    assert [name for name, _ in hits] == [name for name, _ in exact]
    assert [cosine for _, cosine in hits] == pytest.approx([c for _, c in exact], abs=0.002)
    assert not index.needs_repair
    index.close()


def test_asking_for_more_than_there_is_brings_all_of_it(shelf: Settings) -> None:
    hits, _ = ask(shelf, 500)
    assert len(hits) == 18
    assert ask(shelf, 0)[0] == []


def test_threads_share_an_index(shelf: Settings) -> None:
    index = VectorIndex(shelf.folder)
    expected = ask(shelf)[0]
    seen: list[list[tuple[str, float]]] = []
    threads = [
        threading.Thread(target=lambda: seen.append(ask(shelf, index=index)[0])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 8


def test_dead_vectors_never_crowd_out_the_living(copy: Settings) -> None:
    expected = ask(copy)[0]
    store = VectorStore(chroma_folder(copy))
    near = HashEmbedder().embed_question(QUESTION) + 0.2 * unit_rows(BATCH_SIZE)
    store.put([([f"dead@1:{n}" for n in range(BATCH_SIZE)], near)])
    store.close()
    set_meta(copy, "chroma_files", fingerprint(chroma_folder(copy)))
    hits, index = ask(copy)
    assert hits == expected
    assert not index.needs_repair


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garbage(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(path.stat().st_size))


@pytest.mark.parametrize("damage", [_delete, _truncate, _garbage])
@pytest.mark.parametrize("file", ["chroma.sqlite3", "header.bin", "data_level0.bin"])
def test_damaged_vectors_are_answered_without_and_marked(
    large: Settings, damage: Callable[[Path], None], file: str
) -> None:
    expected = [name for name, _ in ask(large)[0]]
    (path,) = chroma_folder(large).rglob(file)
    damage(path)
    hits, index = ask(large)
    assert [name for name, _ in hits] == expected
    assert index.needs_repair
    assert repair_mark(large.folder).exists()


def test_a_missing_folder_is_answered_without_and_repaired_by_a_reindex(copy: Settings) -> None:
    expected = [name for name, _ in ask(copy)[0]]
    shutil.rmtree(copy.folder / "chroma")
    hits, index = ask(copy)
    assert [name for name, _ in hits] == expected
    assert index.needs_repair
    summary, _ = run_reindex(copy)
    assert summary.notes == ("vector index rebuilt: its files were missing or damaged",)
    assert summary.unchanged == 3
    hits, index = ask(copy, index=index)
    assert [name for name, _ in hits] == expected
    assert not index.needs_repair
    assert not repair_mark(copy.folder).exists()


def test_a_copied_index_is_as_good_as_the_first(copy: Settings) -> None:
    assert not ask(copy)[1].needs_repair


def test_a_folder_that_a_writer_is_at_work_on_is_not_opened(copy: Settings) -> None:
    set_meta(copy, "dirty", 1)
    hits, index = ask(copy)
    assert len(hits) == 5
    assert index.needs_repair


def test_who_opens_late_answers_once_from_the_catalog_and_then_the_same(shelf: Settings) -> None:
    expected, _ = ask(shelf)
    late = VectorIndex(shelf.folder, opens_late=True)
    shutil.move(shelf.folder / "chroma", shelf.folder / "away")
    try:
        first, _ = ask(shelf, index=late)
        assert not late.needs_repair
    finally:
        shutil.move(shelf.folder / "away", shelf.folder / "chroma")
    second, _ = ask(shelf, index=late)
    assert [name for name, _ in first] == [name for name, _ in second]
    assert [cosine for _, cosine in first] == pytest.approx([c for _, c in second], abs=0.002)
    assert second == expected
    late.close()


def test_opening_late_is_for_small_indexes_only(copy: Settings) -> None:
    set_meta(copy, "passages", QUICKLY_COMPARED + 1)
    shutil.rmtree(copy.folder / "chroma")
    hits, index = ask(copy, index=VectorIndex(copy.folder, opens_late=True))
    assert len(hits) == 5
    assert index.needs_repair


def test_an_open_index_is_kept_while_a_writer_is_at_work(copy: Settings) -> None:
    expected, index = ask(copy)
    set_meta(copy, "dirty", 1)
    assert ask(copy, index=index)[0] == expected
    assert not index.needs_repair


def test_a_store_replaces_removes_and_lists(tmp_path: Path) -> None:
    store = VectorStore(tmp_path / "vectors", create=True)
    first, second = unit_rows(300), unit_rows(300, seed=1)
    names = [f"a@b:{n}" for n in range(300)]
    store.put([(names[:250], first[:250]), (names[250:], first[250:])])
    store.put([(names[:1], second[:1])])
    store.remove([*names[5:], "unknown"])
    assert store.list_ids() == set(names[:5])
    assert store.nearest(second[0], 1)[0] == (names[0], pytest.approx(1, abs=1e-5))
    assert np.allclose(store.load(names[:2])[names[1]], first[1], atol=1e-6)
    store.close()


def test_what_chroma_refuses_is_a_vectors_error(tmp_path: Path) -> None:
    with pytest.raises(VectorsError):
        VectorStore(tmp_path / "nowhere")
    store = VectorStore(tmp_path / "vectors", create=True)
    store.put([(["a"], unit_rows(1))])
    with pytest.raises(VectorsError, match="dimension"):
        store.nearest(np.ones(5, np.float32), 1)
    with pytest.raises(VectorsError):
        store.put([(["b"], np.ones((1, 5), np.float32))])
    store.close()


def test_verifying_tells_missing_wrong_and_right_vectors_apart(tmp_path: Path) -> None:
    store = VectorStore(tmp_path / "vectors", create=True)
    vectors, names = unit_rows(20), [f"a@b:{n}" for n in range(20)]
    store.put([(names, vectors)])
    assert compare(store, [(names, vectors)]) == Comparison()
    assert compare(store, [(names[:7], vectors[:7])]) == Comparison(extra=13)
    assert compare(store, [(names[:7], vectors[:7])]).is_sound
    other = compare(store, [([*names[:19], "a@b:99"], vectors)])
    assert (other.missing, other.extra, other.is_sound) == (1, 1, False)
    assert compare(store, [(names, vectors[::-1].copy())]).different == 20
    assert compare(store, [(["a@b:0"], unit_rows(1, seed=9))]).unfound == 1
    store.close()


def test_a_crash_while_verifying_means_torn(large: Settings) -> None:
    assert is_sound(large.folder)
    (path,) = chroma_folder(large).rglob("header.bin")
    path.write_bytes(path.read_bytes()[:50])
    assert not is_sound(large.folder)
    assert compare_vectors(large.folder).failure


def test_a_fingerprint_changes_with_the_vectors_and_not_with_time(large: Settings) -> None:
    folder = chroma_folder(large)
    before = fingerprint(folder)
    for path in folder.rglob("*.bin"):
        path.touch()
    ask(large)
    assert fingerprint(folder) == before != ""
    (path,) = folder.rglob("data_level0.bin")
    _garbage(path)
    assert fingerprint(folder) not in {before, ""}
    (folder / "chroma.sqlite3").unlink()
    assert fingerprint(folder) == ""


HOSTILE = {
    "CHROMA_SERVER_NOFILE": "abc",
    "CHROMA_API_IMPL": "no.such.Api",
    "IS_PERSISTENT": "perhaps",
    "PERSIST_DIRECTORY": "/nowhere",
    "MIGRATIONS": "never",
    "ALLOW_RESET": "1",
    "CHROMA_SERVER_CORS_ALLOW_ORIGINS": "not json",
    "ANONYMIZED_TELEMETRY": "maybe",
}

ASK = """
import sys
from pathlib import Path
from tests.index.test_vectors import ask, settings_in
hits, index = ask(settings_in(Path(sys.argv[1])))
import pydantic_settings
assert pydantic_settings.BaseSettings.__name__ == "BaseSettings"
sys.stdout.write(f"{len(hits)} {index.needs_repair}")
"""


@pytest.mark.parametrize("where", ["file", "environment"])
def test_chroma_hears_neither_env_files_nor_the_environment(
    copy: Settings, tmp_path: Path, repository: Path, where: str
) -> None:
    lines = [f"{name}={value}\n" for name, value in HOSTILE.items()]
    (tmp_path / ".env").write_text("".join(lines) if where == "file" else "")
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(copy.folder.parent)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(repository), **(HOSTILE if where == "environment" else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("5 False", "")


def test_two_readers_in_one_process_both_see_what_is_new(copy: Settings) -> None:
    (_, first), (_, second) = ask(copy), ask(copy)
    write_article(copy.corpus, "weir.txt")
    run_reindex(copy)
    assert len(ask(copy, 500, index=first)[0]) == 24
    assert len(ask(copy, 500, index=second)[0]) == 24
    assert not first.needs_repair
