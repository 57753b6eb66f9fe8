"""Whatever befalls the files of an index: it answers or says so in a line, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog, catalog_path, needs_index
from index.errors import IndexDamaged, IndexUnusable
from index.inspect import inspect
from index.mend import rebuild, repair
from index.prune import prune
from index.storage.fingerprint import damage_mark
from index.storage.lock import hold_lock
from index.vectors import VectorIndex
from tests.index.shelf import (
    HashEmbedder,
    copy_shelf,
    run_reindex,
    run_steps,
    settings_in,
    write_article,
)
from tests.index.test_inspect import FRONT_END, answers, execute, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.settings import Settings

NAMES = ("mill.txt", "dam.txt", "lock.txt")
NOTES = 400


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three live articles, one that was edited and one that is gone, and what a bot has stored."""
    settings = settings_in(tmp_path_factory.mktemp("shelf"))
    for name in (*NAMES, "weir.txt"):
        write_article(settings.corpus, name, edition=0 if name == "dam.txt" else 1)
    run_reindex(settings)
    write_article(settings.corpus, "dam.txt")
    (settings.corpus / "weir.txt").unlink()
    run_reindex(settings)
    execute(settings, FRONT_END)
    notes = ", ".join(f"({number}, 'note {number} {'x' * 200}')" for number in range(NOTES))
    execute(settings, f"INSERT INTO bot_notes VALUES {notes}")  # noqa: S608 (made here)
    return settings


@pytest.fixture
def shelf(original: Settings, tmp_path: Path) -> Settings:
    """The same, for a test to damage."""
    return copy_shelf(original, tmp_path)


def ask(settings: Settings) -> str:
    """Whether a question is answered, or the line that says why not."""
    vector = HashEmbedder().embed_question("The council of mill approved")
    try:
        with Catalog(settings.folder).snapshot() as snapshot:
            found = snapshot.search_passages(["mill"], 9)
            snapshot.load_passages([key for key, _ in found])
            near = VectorIndex(settings.folder).nearest(vector, 5, snapshot=snapshot)
            names = [article.path for article in snapshot.list_articles()]
            articles = [snapshot.find_article(name)[0] for name in names]
    except IndexUnusable as error:
        return str(error)
    assert len(near) == 5
    assert [name for name in NAMES if name in names] == sorted(names, key=NAMES.index)
    return f"{len(articles)} articles"


def kept(settings: Settings) -> tuple[int, int]:
    """How many notes of the bot there are, and how many versions that are not live."""
    ((notes,),) = execute(settings, "SELECT count(*) FROM bot_notes")
    ((versions,),) = execute(settings, "SELECT count(*) FROM versions WHERE ended IS NOT NULL")
    return notes, versions


# A damaged catalog


def page_of(settings: Settings, table: str) -> slice:
    ((size,),) = execute(settings, "PRAGMA page_size")
    pages = dict(execute(settings, "SELECT name, rootpage FROM sqlite_schema"))
    return slice((pages[table] - 1) * size, pages[table] * size)


def overwrite(settings: Settings, part: slice) -> None:
    data = bytearray(catalog_path(settings.folder).read_bytes())
    data[part] = b"\xff" * len(data[part])
    catalog_path(settings.folder).write_bytes(data)


def articles_overwritten(settings: Settings) -> None:
    overwrite(settings, page_of(settings, "articles"))


def passages_overwritten(settings: Settings) -> None:
    overwrite(settings, page_of(settings, "passages"))


def articles_lost(settings: Settings) -> None:
    execute(settings, "DROP TABLE articles")


def passages_lost(settings: Settings) -> None:
    execute(settings, "DROP TABLE passages")


def words_lost(settings: Settings) -> None:
    execute(settings, "DROP TABLE passage_terms")


def vectors_lost(settings: Settings) -> None:
    execute(settings, "DROP TABLE vectors")


def meta_lost(settings: Settings) -> None:
    execute(settings, "DROP TABLE meta")


def meta_emptied(settings: Settings) -> None:
    execute(settings, "DELETE FROM meta")


def schema_garbled(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = 'abc' WHERE name = 'schema'")


def generation_lost(settings: Settings) -> None:
    execute(settings, "UPDATE meta SET value = NULL WHERE name = 'generation'")


def paragraphs_garbled(settings: Settings) -> None:
    execute(settings, "UPDATE versions SET paragraphs = x'0011' WHERE path = 'mill.txt'")


def sentences_garbled(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET sentences = x'00112233'")


def kept_vectors_garbled(settings: Settings) -> None:
    execute(settings, "UPDATE passages SET vectors = x'0011'")
    execute(settings, "UPDATE vectors SET vector = x'00112233'")


DAMAGE = [
    articles_overwritten,
    passages_overwritten,
    articles_lost,
    passages_lost,
    words_lost,
    vectors_lost,
    meta_lost,
    meta_emptied,
    schema_garbled,
    generation_lost,
    paragraphs_garbled,
    sentences_garbled,
    kept_vectors_garbled,
]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_catalog_is_mended_by_the_next_reindex_and_nothing_is_lost(
    shelf: Settings, damage: Callable[[Settings], None]
) -> None:
    damage(shelf)
    said = ask(shelf)
    assert said == "3 articles" or f"index in {shelf.folder}" in said
    assert "\n" not in said
    assert damage in {vectors_lost, generation_lost} or said.endswith("; index again to mend it")
    assert damage is vectors_lost or needs_index(shelf) or damage_mark(shelf.folder).exists()

    summary, _ = run_reindex(shelf)
    assert summary.failed == summary.gone == 0
    assert inspect(shelf) == ()
    assert answers(shelf)
    assert kept(shelf) == (NOTES, 2)
    assert not damage_mark(shelf.folder).exists()
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert [version.is_live for version in snapshot.list_versions("dam.txt")] == [False, True]
        assert [version.is_live for version in snapshot.list_versions("weir.txt")] == [False]


def test_vectors_are_kept_where_they_can_be_read(shelf: Settings) -> None:
    articles_overwritten(shelf)
    embedder = HashEmbedder()
    assert "the catalog was damaged" in run_reindex(shelf, embedder)[0].notes[0]
    assert embedder.embedded == []


def test_a_text_that_is_no_longer_what_was_read_is_not_carried_over(shelf: Settings) -> None:
    """A page of another file in its place need not look damaged to SQLite."""
    execute(shelf, "UPDATE versions SET text = replace(text, 'approved', 'rejected')")
    articles_lost(shelf)
    run_reindex(shelf)
    assert kept(shelf) == (NOTES, 0)
    assert execute(shelf, "SELECT count(*) FROM versions WHERE text LIKE '%rejected%'") == [(0,)]
    assert answers(shelf)


def test_a_row_in_the_middle_that_cannot_be_read_costs_its_page_alone(shelf: Settings) -> None:
    path = catalog_path(shelf.folder)
    data = path.read_bytes()
    ((size,),) = execute(shelf, "PRAGMA page_size")
    middle = data.index(f"note {NOTES // 2} ".encode()) // size * size
    overwrite(shelf, slice(middle, middle + size))
    assert any("damaged" in line for line in lines(shelf))
    summary, _ = run_steps(repair(shelf, HashEmbedder()))
    assert "kept beside the new one as catalog.sqlite3.damaged" in summary.notes[0]
    notes, _ = kept(shelf)
    assert NOTES - 2 * size // 200 < notes < NOTES
    found = {number for (number,) in execute(shelf, "SELECT id FROM bot_notes")}
    assert {0, NOTES - 1} <= found
    assert answers(shelf)


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_catalog_that_was_cut_short_gives_what_is_left_of_it(
    shelf: Settings, part: float
) -> None:
    path = catalog_path(shelf.folder)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    assert ask(shelf).endswith("; index again to mend it")
    assert run_reindex(shelf)[0].failed == 0
    assert answers(shelf)
    assert inspect(shelf) == ()
    if part > 0.5:
        assert kept(shelf)[0] > NOTES / 2


@pytest.mark.parametrize("content", [b"", b"S", b"no database at all" * 1000])
def test_what_is_no_catalog_at_all_is_built_anew(shelf: Settings, content: bytes) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert snapshot.number_of_articles == 3
        catalog_path(shelf.folder).write_bytes(content)
        with pytest.raises(IndexUnusable) as caught, Catalog(shelf.folder).snapshot():
            pass
        assert "index again" in str(caught.value) or "index first" in str(caught.value)
        assert needs_index(shelf)
        damage_mark(shelf.folder).touch()
        assert run_reindex(shelf)[0].new == 3
    assert answers(shelf)


def test_a_second_damaged_catalog_is_kept_beside_the_first(shelf: Settings) -> None:
    for name in ("catalog.sqlite3.damaged", "catalog.sqlite3.damaged1"):
        articles_lost(shelf)
        assert name in run_reindex(shelf)[0].notes[0]
        assert (shelf.folder / name).stat().st_size > 100_000
    assert kept(shelf) == (NOTES, 2)


def test_readers_and_the_bot_follow_from_a_damaged_catalog_to_the_new_one(shelf: Settings) -> None:
    catalog, index = Catalog(shelf.folder), VectorIndex(shelf.folder)
    vector = HashEmbedder().embed_question("The council of mill approved")
    with catalog.snapshot() as snapshot:
        index.nearest(vector, 1, snapshot=snapshot)
        before = snapshot.generation
    articles_lost(shelf)
    with pytest.raises(IndexDamaged), catalog.snapshot() as snapshot:
        snapshot.list_articles()
    run_reindex(shelf)
    with catalog.snapshot() as snapshot:
        assert snapshot.generation == before + 1
        assert len(index.nearest(vector, 99, snapshot=snapshot)) == 18
    assert not index.needs_repair


def test_an_index_that_was_deleted_and_built_again_is_followed_too(shelf: Settings) -> None:
    """Its generations begin anew, and tell nothing of what is newer."""
    catalog, index = Catalog(shelf.folder), VectorIndex(shelf.folder)
    text = "The council of zebra approved plan 1 in the spring of edition1."
    vector = HashEmbedder().embed_question(text)
    with catalog.snapshot() as snapshot:
        assert index.nearest(vector, 1, snapshot=snapshot)[0][1] < 0.9
    shutil.rmtree(shelf.folder)
    with pytest.raises(IndexUnusable, match="there is no index"), catalog.snapshot():
        pass
    write_article(shelf.corpus, "zebra.txt")
    assert run_reindex(shelf)[0].generation == 1
    with catalog.snapshot() as snapshot:
        assert index.nearest(vector, 1, snapshot=snapshot)[0][1] > 0.99
    assert not index.needs_repair


# Other files of the index


def test_a_lock_that_is_none_is_made_one(shelf: Settings) -> None:
    (shelf.folder / "lock").write_bytes(os.urandom(5000))
    with hold_lock(shelf.folder):
        pass
    assert run_reindex(shelf)[0].unchanged == 3


def test_a_file_where_the_folder_of_vectors_should_be_is_replaced(shelf: Settings) -> None:
    shutil.rmtree(shelf.folder / "chroma")
    (shelf.folder / "chroma").write_text("not a folder")
    assert ask(shelf) == "3 articles"
    run_reindex(shelf)
    assert inspect(shelf) == ()
    assert answers(shelf)


def test_marks_that_cannot_be_removed_stop_nothing(shelf: Settings) -> None:
    for name in ("repair", "damaged"):
        (shelf.folder / name).mkdir()
    for _ in range(2):
        assert run_reindex(shelf)[0].unchanged == 3
    assert ask(shelf) == "3 articles"


@pytest.mark.parametrize("left", ["noise", "nothing"])
def test_a_log_that_a_writer_left_behind_or_lost_is_no_matter(shelf: Settings, left: str) -> None:
    for suffix in ("-wal", "-shm"):
        path = Path(f"{catalog_path(shelf.folder)}{suffix}")
        path.unlink(missing_ok=True)
        if left == "noise":
            path.write_bytes(os.urandom(50_000))
    assert ask(shelf) == "3 articles"
    assert run_reindex(shelf)[0].unchanged == 3
    assert answers(shelf)


# A full disk

FULL_DISK = """
import resource, shutil, signal, sys
from pathlib import Path
from index.errors import IndexUnusable
from index.mend import rebuild, repair
from index.prune import prune
from tests.index.shelf import HashEmbedder, run_reindex, run_steps, settings_in
from tests.index.test_faults_of_disk import articles_lost, write_long

what, place = sys.argv[1], Path(sys.argv[2])
jobs = {
    "first": run_reindex,
    "update": run_reindex,
    "salvage": run_reindex,
    "repair": lambda settings: run_steps(repair(settings, HashEmbedder())),
    "rebuild": lambda settings: run_steps(rebuild(settings, HashEmbedder())),
    "prune": lambda settings: prune(settings.folder),
}
settings = settings_in(place)
if what == "first":
    shutil.rmtree(settings.folder)
if what == "salvage":
    articles_lost(settings)
if what in {"first", "update", "repair"}:
    write_long(settings)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))
try:
    jobs[what](settings)
except IndexUnusable as error:
    sys.stdout.write(f"{error}\\n")
else:
    sys.stdout.write("done\\n")
"""


def write_long(settings: Settings) -> None:
    write_article(settings.corpus, "long.txt", sentences=1500)


def run_on_full_disk(
    settings: Settings, what: str, most_bytes: int, repository: Path
) -> subprocess.CompletedProcess[str]:
    """Do this where no file can grow beyond so many bytes."""
    arguments = (what, str(settings.folder.parent), str(most_bytes))
    return subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments],
        env={"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("most_bytes", [20_000, 150_000])
@pytest.mark.parametrize("what", ["first", "update", "repair", "rebuild", "salvage", "prune"])
def test_a_disk_that_fills_up_on_the_way_is_one_line_and_loses_nothing(
    shelf: Settings, repository: Path, what: str, most_bytes: int
) -> None:
    done = run_on_full_disk(shelf, what, most_bytes, repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert done.stdout == "done\n" or str(shelf.folder) in done.stdout
    if what not in {"first", "salvage"}:
        assert ask(shelf)[1:] == " articles"
    run_reindex(shelf)
    assert inspect(shelf) == ()
    assert answers(shelf)
    if what != "first":
        assert kept(shelf) == (NOTES, 0 if what == "prune" and done.stdout == "done\n" else 2)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("nothing may be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_an_index_on_a_disk_of_its_own_that_is_full_answers_and_goes_on_when_there_is_room(
    shelf: Settings, small_disk: Path
) -> None:
    settings = settings_in(small_disk)
    shutil.copytree(shelf.folder, settings.folder)
    shutil.copytree(shelf.corpus, settings.corpus)
    write_article(settings.corpus, "long.txt", sentences=1500)
    with pytest.raises(IndexUnusable, match="full"):
        run_reindex(settings)
    assert ask(settings) == "3 articles"
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    assert run_reindex(settings)[0].new == 1
    assert kept(settings) == (NOTES, 2)
    assert inspect(settings) == ()


def test_an_index_on_a_disk_that_cannot_be_written_answers_and_says_so(
    shelf: Settings, small_disk: Path
) -> None:
    settings = settings_in(small_disk)
    shutil.copytree(shelf.folder, settings.folder)
    shutil.copytree(shelf.corpus, settings.corpus)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert ask(settings) == "3 articles"
    for job in (
        lambda: run_reindex(settings),
        lambda: run_steps(repair(settings, HashEmbedder())),
        lambda: run_steps(rebuild(settings, HashEmbedder())),
        lambda: prune(settings.folder),
    ):
        with pytest.raises(IndexUnusable, match=r"name another index folder$"):
            job()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert run_reindex(settings)[0].unchanged == 3
