"""What readers see of the catalog."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog, catalog_path, connect_to_read, needs_index
from index.errors import IndexTooNew, IndexUnusable
from index.settings import Settings
from index.storage.pack import index_token, pack_sentences, unpack_sentences
from index.types import Sentence
from tests.index.shelf import run_reindex, settings_in, write_article

FRONT = "---\ntitle: {title}\noutlet: {outlet}\npublished: {day}\n---\n\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("shelf"))
    for name, title, outlet, day in (
        ("river-flood.txt", "River rises over its banks", "Daily Sun", "2024-03-02"),
        ("bridge.txt", "Bridge opens after U.S. grant", "Evening Star", "2024-05-09"),
        ("north/river.txt", "Ferry stops", "Daily Sun", "2023-12-24"),
    ):
        path = write_article(settings.corpus / Path(name).parent, Path(name).name)
        path.write_text(FRONT.format(title=title, outlet=outlet, day=day) + path.read_text())
    undated = "A well of 10.5 metres was dug. The U.S. paid for it. Nobody knew José before.\n"
    (settings.corpus / "well.txt").write_text(undated)
    run_reindex(settings)
    return settings


def test_snapshot_counts_articles_passages_and_dates(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert (snapshot.generation, snapshot.number_of_articles) == (1, 4)
        assert snapshot.number_of_passages == 4
        assert snapshot.date_span() == (date(2023, 12, 24), date(2024, 5, 9))


def test_articles_are_listed_newest_first_and_undated_last(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        articles = snapshot.list_articles()
    assert [a.path for a in articles] == [
        "bridge.txt",
        "river-flood.txt",
        "north/river.txt",
        "well.txt",
    ]
    assert articles[0].outlet == "Evening Star"
    assert all(article.number_of_words > 10 for article in articles)


@pytest.mark.parametrize(
    ("reference", "paths"),
    [
        ("bridge.txt", ["bridge.txt"]),
        ("corpus/north/river.txt", ["north/river.txt"]),
        ("./north/river.txt", ["north/river.txt"]),
        ("north\\river.txt", ["north/river.txt"]),
        ("river", ["north/river.txt"]),
        ("RIVER-", ["river-flood.txt"]),
        ("ferry STOPS", ["north/river.txt"]),
        ("iver", ["north/river.txt", "river-flood.txt"]),
        ("nothing like it", []),
        ("  ", []),
    ],
)
def test_an_article_is_found_by_what_people_type(
    shelf: Settings, reference: str, paths: list[str]
) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert [article.path for article in snapshot.find_article(reference)] == paths


def test_an_article_is_found_by_its_id_and_is_what_was_read(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        stored = snapshot.list_articles()[0]
        (article,) = snapshot.find_article(stored.id)
    assert article.text == (shelf.corpus / stored.path).read_text()
    assert (article.id, article.version) == (stored.id, stored.version)
    assert article.published == date(2024, 5, 9)


def test_full_text_ranks_the_rare_term_first_and_never_scores_below_zero(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        hits = snapshot.search_passages(["council", "bridg"], 10)
        passages = snapshot.load_passages([key for key, _ in hits])
        assert snapshot.search_passages(["council", "bridg"], 1) == hits[:1]
    assert "bridge" in passages[hits[0][0]].text
    assert len(hits) == 3
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    assert all(score > 0.01 for _, score in hits)


def test_articles_are_searched_by_title_and_outlet_too(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        by_title = snapshot.search_articles(["ferri"], 5)
        by_outlet = snapshot.search_articles(["even", "star"], 5)
        articles = snapshot.load_articles([by_title[0][0], by_outlet[0][0]])
    assert articles[by_title[0][0]].path == "north/river.txt"
    assert articles[by_outlet[0][0]].path == "bridge.txt"


def test_terms_of_any_characters_have_a_frequency(shelf: Settings) -> None:
    odd = ['"', "a OR b", "NEAR", "*", "\x00", "\ud800", "🙂", "x" * 40_000, "well'", ""]
    with Catalog(shelf.folder).snapshot() as snapshot:
        counted = snapshot.document_frequencies(["council", "10.5", "us", "jose", *odd])
        assert snapshot.search_passages(odd, 5) == []
        assert snapshot.search_passages([], 5) == []
    assert counted == {"council": 3, "10.5": 1, "us": 1, "jose": 1} | dict.fromkeys(odd, 0)


def test_a_question_of_ten_thousand_terms_is_searched(shelf: Settings) -> None:
    many = [f"word{number}" for number in range(10_000)]
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert len(snapshot.search_passages([*many, "council"], 5)) == 3


@given(st.text(min_size=1, max_size=80))
def test_a_token_is_one_token_for_the_full_text(term: str) -> None:
    token = index_token(term)
    assert token == index_token(term)
    assert token.isascii() == term.isascii() or token.startswith("\ue000")
    assert not set(token) & set(" \t\n\r\0\"'().,-*:^+")


def test_passages_come_with_their_sentences_and_a_vector_for_each(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        keys = [key for key, _ in snapshot.search_passages(["council"], 10)]
        passages = snapshot.load_passages([*keys, 999_999])
        articles = snapshot.load_articles([p.article_key for p in passages.values()])
    assert sorted(passages) == sorted(keys)
    for passage in passages.values():
        text = articles[passage.article_key].text
        assert passage.text == text[passage.start : passage.end]
        assert passage.vectors.shape == (len(passage.sentences), 32)
        assert np.allclose(np.linalg.norm(passage.vectors, axis=1), 1, atol=0.002)
        for sentence in passage.sentences:
            assert text[sentence.start : sentence.end].endswith((".", "votes"))


def test_passages_are_compared_by_their_nearest_sentence(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        keys = sorted(key for key, _ in snapshot.search_passages(["council"], 10))
        passages = snapshot.load_passages(keys)
        vector = passages[keys[1]].vectors[-1]
        compared = snapshot.compare_passages([keys[1], 999_999, keys[0], keys[2]], vector)
        assert snapshot.compare_passages([], vector) == []
    assert [key for key, _, _ in compared] == keys
    for key, article, cosine in compared:
        assert article == passages[key].article_key
        assert cosine == pytest.approx(float((passages[key].vectors @ vector).max()), abs=1e-5)


def test_what_was_looked_up_before_is_found_again_and_so_is_what_is_new(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        live = "{0.id}@{0.version}".format(snapshot.list_articles()[0])
        first = snapshot.find_sentences([f"{live}:0", f"{live}:999"])
        again = snapshot.find_sentences([f"{live}:999", f"{live}:1", f"{live}:0"])
        counted = [snapshot.document_frequencies(terms) for terms in (["us"], ["us", "jose"])]
    assert list(first) == [f"{live}:0"]
    assert list(again) == [f"{live}:1", f"{live}:0"]
    assert again[f"{live}:0"] == first[f"{live}:0"]
    assert counted == [{"us": 1}, {"us": 1, "jose": 1}]


def test_an_article_s_vector_is_the_mean_of_its_sentences(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        ((key, _),) = snapshot.search_passages(["well"], 1)
        passage = snapshot.load_passages([key])[key]
        vector = snapshot.article_vectors([passage.article_key])[passage.article_key]
    mean = passage.vectors.mean(axis=0)
    assert np.allclose(vector, mean / np.linalg.norm(mean), atol=0.002)


def test_only_live_sentences_are_found(shelf: Settings) -> None:
    with Catalog(shelf.folder).snapshot() as snapshot:
        article = snapshot.list_articles()[0]
        live = f"{article.id}@{article.version}"
        bad = [f"{live}:999", f"{article.id}@{'0' * 12}:0", "x@y:0", "rubbish", "", f"{live}:-1"]
        found = snapshot.find_sentences([f"{live}:0", *bad, f"{live}:3"])
        passages = snapshot.load_passages([passage for passage, _ in found.values()])
    assert list(found) == [f"{live}:0", f"{live}:3"]
    assert {p.article_key for p in passages.values()} == {key for _, key in found.values()}


def test_threads_share_a_catalog(shelf: Settings) -> None:
    catalog = Catalog(shelf.folder)
    seen: list[int] = []

    def look() -> None:
        for _ in range(20):
            with catalog.snapshot() as snapshot:
                seen.append(len(snapshot.list_articles()))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catalog.close()
    assert seen == [4] * 80


def test_a_folder_built_anew_is_noticed(shelf: Settings, tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    shutil.copy(catalog_path(shelf.folder), catalog_path(tmp_path))
    with catalog.snapshot() as snapshot:
        assert snapshot.number_of_articles == 4
    shutil.rmtree(tmp_path)
    fresh = settings_in(tmp_path)
    write_article(fresh.corpus, "one.txt")
    run_reindex(replace(fresh, folder=tmp_path))
    with catalog.snapshot() as snapshot:
        assert snapshot.number_of_articles == 1


def test_an_index_is_needed_only_when_there_is_none_or_another(shelf: Settings) -> None:
    assert not needs_index(shelf)
    assert needs_index(replace(shelf, folder=shelf.folder / "nowhere"))
    assert needs_index(replace(shelf, embedding="some.Embedding"))
    assert needs_index(replace(shelf, embedding_options={"model": "other"}))


def test_an_empty_catalog_is_no_index(tmp_path: Path) -> None:
    catalog_path(tmp_path).touch()
    assert needs_index(Settings(folder=tmp_path))
    with pytest.raises(IndexUnusable, match="no finished index"), Catalog(tmp_path).snapshot():
        pass


def test_a_missing_index_and_a_damaged_one_say_so_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no index in"), Catalog(tmp_path).snapshot():
        pass
    catalog_path(tmp_path).write_bytes(b"no database at all" * 1000)
    with pytest.raises(IndexUnusable, match="damaged") as caught, Catalog(tmp_path).snapshot():
        pass
    assert str(caught.value).endswith("is damaged (file is not a database); index again to mend it")
    assert needs_index(Settings(folder=tmp_path))


def test_an_index_of_a_newer_version_is_refused(shelf: Settings, tmp_path: Path) -> None:
    shutil.copy(catalog_path(shelf.folder), catalog_path(tmp_path))
    with sqlite3.connect(catalog_path(tmp_path)) as connection:
        connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    connection.close()
    newer = replace(shelf, folder=tmp_path)
    with pytest.raises(IndexTooNew, match="newer version"), Catalog(tmp_path).snapshot():
        pass
    with pytest.raises(IndexTooNew):
        needs_index(newer)
    with pytest.raises(IndexTooNew):
        run_reindex(newer)


def test_readers_cannot_write(shelf: Settings) -> None:
    connection = connect_to_read(catalog_path(shelf.folder))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM articles")
    connection.close()


READ = """
import sys
from pathlib import Path
from index.catalog import Catalog
with Catalog(Path(sys.argv[1])).snapshot() as snapshot:
    sys.stdout.write(str(snapshot.number_of_articles))
"""


def test_a_read_only_disk_is_read(shelf: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    shutil.copy(catalog_path(shelf.folder), catalog_path(folder))
    read = [sys.executable, "-c", READ, str(folder)]
    if os.geteuid() == 0:
        # Root may write where the mode forbids it, so the disk itself is made read-only.
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && shift && exec "$@"'
        read = ["unshare", "--mount", "sh", "-c", mount, str(folder), "", *read]
        if subprocess.run([*read[:4], "true"], check=False, capture_output=True).returncode:
            pytest.skip("this container lets nobody mount")
    folder.chmod(0o555)
    done = subprocess.run(read, capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert (done.stdout, done.stderr) == ("4", "")
    assert [path.name for path in folder.iterdir()] == ["catalog.sqlite3"]


@given(
    st.lists(
        st.builds(
            lambda start, length, paragraph, kind: Sentence(
                start=start, end=start + length, paragraph=paragraph, kind=kind
            ),
            st.integers(0, 2**31),
            st.integers(1, 2**20),
            st.integers(1, 2**20),
            st.sampled_from(["text", "heading", "caption"]),
        )
    )
)
def test_sentences_survive_packing(sentences: list[Sentence]) -> None:
    assert unpack_sentences(pack_sentences(sentences)) == tuple(sentences)
