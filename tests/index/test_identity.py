"""The same path or the same address is the same article, wherever its file goes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog
from index.inspect import inspect
from index.lineage.address import normalise_address
from index.lineage.versions import Version
from index.mend import repair
from tests.index.shelf import HashEmbedder, run_reindex, run_steps, settings_in, write_article

if TYPE_CHECKING:
    from pathlib import Path

    from index.settings import Settings
    from index.storage.summary import Summary

URL = "https://example.org/news/mill"


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    for name in ("mill.txt", "dam.txt"):
        write(settings, name)
    return settings


def write(  # noqa: PLR0913 (a test's options)
    settings: Settings, name: str, *, url: str = "", edition: int = 1, age: int = 0, about: str = ""
) -> Path:
    """An article at this path, about a place, with its address stated, written so long ago."""
    draft = write_article(settings.corpus.parent / "drafts", about or name, edition=edition)
    path = settings.corpus / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\nurl: {url}\n---\n\n{draft.read_text()}" if url else draft.read_text())
    written = 1_700_000_000 - age
    os.utime(path, (written, written))
    return path


def counts(summary: Summary) -> dict[str, int]:
    names = ("new", "changed", "moved", "gone", "unchanged", "copies", "failed")
    return {name: number for name in names if (number := getattr(summary, name))}


def index(settings: Settings) -> dict[str, int]:
    summary, _ = run_reindex(settings)
    assert [finding for finding in inspect(settings) if finding.part != "corpus"] == []
    return counts(summary)


def ids(settings: Settings) -> dict[str, str]:
    with Catalog(settings.folder).snapshot() as snapshot:
        return {article.path: article.id for article in snapshot.list_articles()}


def versions(settings: Settings, path: str) -> tuple[Version, ...]:
    with Catalog(settings.folder).snapshot() as snapshot:
        return snapshot.list_versions(path)


@pytest.mark.parametrize(
    "url",
    [
        "HTTPS://Example.ORG/news/mill",
        "http://example.org/news/mill",
        "https://example.org:443/news/mill",
        "http://example.org:80/news/mill/",
        "https://example.org/news/mill//",
        "https://example.org/news/mill#comments",
        "https://example.org/news/mill?utm_source=feed&utm_medium=rss",
        "https://example.org/news/mill/?fbclid=abc&gclid=d#top",
        " https://example.org./news/mill ",
    ],
)
def test_an_address_has_one_spelling(url: str) -> None:
    assert normalise_address(url) == URL


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a?id=2&page=1", "https://example.org/a?id=2&page=1"),
        ("https://example.org/a?page=1&utm_id=9&id=2", "https://example.org/a?id=2&page=1"),
        ("https://example.org/?p=12", "https://example.org?p=12"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/News/Mill", "https://example.org/News/Mill"),
        ("https://user@example.org/a", "https://example.org/a"),
    ],
)
def test_what_names_another_page_stays(url: str, address: str) -> None:
    assert normalise_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/#a",
        "ftp://example.org/a",
        "example.org/a",
        "",
        "https:///a",
        "https://[::1",
        "https://example.org:port/a",
        "mailto:a@example.org",
    ],
)
def test_what_names_no_single_page_is_no_address(url: str) -> None:
    assert normalise_address(url) is None


def test_a_file_moved_as_it_is_keeps_its_article(shelf: Settings) -> None:
    assert index(shelf) == {"new": 2}
    before = ids(shelf)
    (shelf.corpus / "old").mkdir()
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "old" / "mill.txt")
    assert index(shelf) == {"moved": 1, "unchanged": 1}
    assert ids(shelf) == {"old/mill.txt": before["mill.txt"], "dam.txt": before["dam.txt"]}
    assert index(shelf) == {"unchanged": 2}
    assert len(versions(shelf, "mill.txt")) == len(versions(shelf, "old/mill.txt")) == 1


def test_what_was_quoted_is_found_by_the_path_it_had(shelf: Settings) -> None:
    index(shelf)
    (before,) = versions(shelf, "mill.txt")
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "mill-2.txt")
    index(shelf)
    write(shelf, "mill-2.txt", edition=2)
    write(shelf, "mill.txt", about="weir.txt")
    assert index(shelf) == {"changed": 1, "new": 1, "unchanged": 1}
    with Catalog(shelf.folder).snapshot() as snapshot:
        for path in ("mill.txt", "mill-2.txt"):
            found = snapshot.find_version(path, before.version)
            assert found
            assert "edition1" in found[0].text
            assert found[1] is False
        assert snapshot.find_version("dam.txt", before.version) is None
        assert "weir" in snapshot.find_article("mill.txt")[0].text


def test_a_new_file_at_the_path_of_one_that_moved_is_another_article(shelf: Settings) -> None:
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "old.txt")
    assert index(shelf) == {"moved": 1, "unchanged": 1}
    write(shelf, "mill.txt", about="weir.txt")
    assert index(shelf) == {"new": 1, "unchanged": 2}
    assert ids(shelf)["old.txt"] == before["mill.txt"]
    assert len(set(ids(shelf).values())) == 3


def test_a_file_moved_and_edited_keeps_its_article_by_its_address(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").unlink()
    write(shelf, "z.txt", url=f"{URL}/?utm_source=x", about="mill.txt", edition=2)
    assert index(shelf) == {"changed": 1, "unchanged": 1}
    assert ids(shelf)["z.txt"] == before["mill.txt"]
    assert [version.path for version in versions(shelf, "z.txt")] == ["mill.txt", "z.txt"]


def test_an_article_that_went_and_comes_back_is_the_same(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").unlink()
    dam = (shelf.corpus / "dam.txt").read_text()
    (shelf.corpus / "dam.txt").unlink()
    write(shelf, "other.txt")
    assert index(shelf) == {"gone": 2, "new": 1}
    write(shelf, "elsewhere.txt", url=URL, about="mill.txt", edition=2)
    (shelf.corpus / "dam.txt").write_text(dam)
    assert index(shelf) == {"new": 2, "unchanged": 1}
    assert ids(shelf)["elsewhere.txt"] == before["mill.txt"]
    assert ids(shelf)["dam.txt"] == before["dam.txt"]
    assert len(versions(shelf, "dam.txt")) == 2
    first, second = versions(shelf, "dam.txt")
    assert first.made < (first.ended or first.made) < second.made
    assert second.is_live


def test_of_two_files_with_one_address_the_newer_is_the_article(shelf: Settings) -> None:
    write(shelf, "a.txt", url=URL, about="mill.txt", age=50)
    write(shelf, "b.txt", url=URL, about="mill.txt", edition=2, age=10)
    write(shelf, "c.txt", url=URL, about="mill.txt", edition=3, age=90)
    (shelf.corpus / "mill.txt").unlink()
    summary, _ = run_reindex(shelf)
    assert counts(summary) == {"new": 2, "copies": 2}
    assert summary.notes == (
        "a.txt is another copy of b.txt, which is newer: it is not indexed",
        "c.txt is another copy of b.txt, which is newer: it is not indexed",
    )
    assert set(ids(shelf)) == {"b.txt", "dam.txt"}
    assert inspect(shelf) == ()

    again, _ = run_reindex(shelf)
    assert (counts(again), again.notes) == ({"unchanged": 2, "copies": 2}, ())
    assert again.generation == summary.generation


def test_a_newer_copy_takes_over_and_gives_back_when_it_goes(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL, age=50)
    index(shelf)
    before = ids(shelf)
    write(shelf, "copy.txt", url=URL, about="weir.txt", age=10)
    assert index(shelf) == {"changed": 1, "copies": 1, "unchanged": 1}
    assert ids(shelf) == {"copy.txt": before["mill.txt"], "dam.txt": before["dam.txt"]}
    (shelf.corpus / "copy.txt").unlink()
    assert index(shelf) == {"changed": 1, "unchanged": 1}
    assert ids(shelf) == before
    assert len(versions(shelf, "mill.txt")) == 3


def test_an_older_copy_changes_nothing(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL, age=10)
    index(shelf)
    before = ids(shelf)
    write(shelf, "copy.txt", url=URL, about="weir.txt", age=50)
    assert index(shelf) == {"unchanged": 2, "copies": 1}
    assert ids(shelf) == before
    write(shelf, "copy.txt", url=URL + "-2", about="weir.txt", age=50)
    assert index(shelf) == {"new": 1, "unchanged": 2}


def test_two_files_that_swap_their_addresses_swap_their_articles(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    write(shelf, "dam.txt", url=URL + "-2")
    index(shelf)
    before = ids(shelf)
    write(shelf, "mill.txt", url=URL + "-2", about="dam.txt")
    write(shelf, "dam.txt", url=URL, about="mill.txt")
    run_reindex(shelf)
    assert ids(shelf) == {"dam.txt": before["mill.txt"], "mill.txt": before["dam.txt"]}


def test_an_address_that_is_corrected_is_no_other_article(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    index(shelf)
    before = ids(shelf)
    write(shelf, "mill.txt", url=URL + "-corrected")
    assert index(shelf) == {"changed": 1, "unchanged": 1}
    assert ids(shelf) == before


def test_a_file_moved_over_another_ends_that_one(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "dam.txt")
    assert index(shelf) == {"moved": 1, "gone": 1}
    assert ids(shelf) == {"dam.txt": before["mill.txt"]}


@pytest.mark.parametrize("age", [10, 90])
def test_an_article_that_states_its_address_late_stays_itself_beside_a_copy(
    shelf: Settings, age: int
) -> None:
    index(shelf)
    before = ids(shelf)
    write(shelf, "mill.txt", url=URL, age=50)
    write(shelf, "a-copy.txt", url=URL, about="mill.txt", age=age)
    assert index(shelf) == {"changed": 1, "copies": 1, "unchanged": 1}
    path = "a-copy.txt" if age < 50 else "mill.txt"
    assert ids(shelf) == {path: before["mill.txt"], "dam.txt": before["dam.txt"]}


def test_two_articles_that_turn_out_to_be_one_leave_the_newer(shelf: Settings) -> None:
    index(shelf)
    before = ids(shelf)
    write(shelf, "mill.txt", url=URL, age=50)
    write(shelf, "dam.txt", url=URL, age=10)
    assert index(shelf) == {"changed": 1, "copies": 1, "gone": 1}
    assert ids(shelf) == {"dam.txt": before["dam.txt"]}


def embedded_anew(settings: Settings) -> tuple[dict[str, int], list[str]]:
    embedder = HashEmbedder()
    summary, _ = run_reindex(settings, embedder)
    return counts(summary), embedder.embedded


def edit(settings: Settings, name: str, before: str, after: str) -> None:
    path = settings.corpus / name
    path.write_text(path.read_text().replace(before, after))


def test_only_the_sentences_that_changed_are_embedded_again(shelf: Settings) -> None:
    write_article(shelf.corpus, "weir.txt", sentences=100)
    index(shelf)
    edit(shelf, "weir.txt", "approved plan 50 ", "rejected plan 50 ")
    changed = "The council of weir rejected plan 50 in the spring of edition1."
    assert embedded_anew(shelf) == ({"changed": 1, "unchanged": 2}, [changed])
    edit(shelf, "weir.txt", "rejected plan 50 ", "approved plan 50 ")
    assert embedded_anew(shelf) == ({"changed": 1, "unchanged": 2}, [])
    assert [version.is_live for version in versions(shelf, "weir.txt")] == [False, False, True]


def test_a_file_moved_and_edited_without_an_address_is_another_article(shelf: Settings) -> None:
    """Nothing tells that it is the same; its sentences are not embedded again all the same."""
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "wind.txt")
    edit(shelf, "wind.txt", "approved plan 2 ", "rejected plan 2 ")
    changed = "The council of mill rejected plan 2 in the spring of edition1."
    assert embedded_anew(shelf) == ({"new": 1, "gone": 1, "unchanged": 1}, [changed])
    assert ids(shelf)["wind.txt"] != before["mill.txt"]
    assert [version.is_live for version in versions(shelf, "mill.txt")] == [False]


def test_a_name_in_other_letters_is_a_move(shelf: Settings) -> None:
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "Mill.TXT")
    assert embedded_anew(shelf) == ({"moved": 1, "unchanged": 1}, [])
    assert ids(shelf) == {"Mill.TXT": before["mill.txt"], "dam.txt": before["dam.txt"]}


def test_two_files_that_swap_names_are_two_edits_where_no_address_tells(shelf: Settings) -> None:
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "third")
    (shelf.corpus / "dam.txt").rename(shelf.corpus / "mill.txt")
    (shelf.corpus / "third").rename(shelf.corpus / "dam.txt")
    assert embedded_anew(shelf) == ({"changed": 2}, [])
    assert ids(shelf) == before
    assert inspect(shelf) == ()


def test_two_files_that_swap_names_keep_their_articles_by_their_addresses(shelf: Settings) -> None:
    write(shelf, "mill.txt", url=URL)
    write(shelf, "dam.txt", url=f"{URL}-2")
    index(shelf)
    before = ids(shelf)
    (shelf.corpus / "mill.txt").rename(shelf.corpus / "third")
    (shelf.corpus / "dam.txt").rename(shelf.corpus / "mill.txt")
    (shelf.corpus / "third").rename(shelf.corpus / "dam.txt")
    assert embedded_anew(shelf) == ({"moved": 2}, [])
    assert ids(shelf) == {"dam.txt": before["mill.txt"], "mill.txt": before["dam.txt"]}
    assert inspect(shelf) == ()


def test_many_files_that_state_their_outlet_s_address_stay_apart(shelf: Settings) -> None:
    for name in ("mill.txt", "dam.txt", "weir.txt"):
        write(shelf, name, url="https://example.org/")
    assert index(shelf) == {"new": 3}


def test_ids_of_vectors_stay_short_and_equal_to_those_of_the_first_path(shelf: Settings) -> None:
    long = "x" * 200 + ".txt"
    write(shelf, long, about="weir.txt")
    index(shelf)
    (shelf.corpus / long).rename(shelf.corpus / "short.txt")
    index(shelf)
    with Catalog(shelf.folder).snapshot() as snapshot:
        names = [name for names, _ in snapshot.live_vectors() for name in names]
    assert len(names) == len(set(names)) == 18
    assert all(len(name.encode()) <= 128 for name in names)
    summary, _ = run_steps(repair(shelf, HashEmbedder()))
    assert counts(summary) == {"unchanged": 3}
