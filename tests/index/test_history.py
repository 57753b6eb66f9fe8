"""Every version is kept with its time, and what became of each sentence can be told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog, catalog_path
from index.lineage.history import (
    Change,
    Slice,
    compare_sentences,
    compare_versions,
    likeness,
    list_sentences,
    summarise,
)
from index.lineage.versions import Version
from index.read import read_article
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article
from tests.index.test_reindex import raise_schema

if TYPE_CHECKING:
    from pathlib import Path

    from index.settings import Settings
    from index.types import Article

FIRST = """Mayor opens the new bridge

The bridge over the Aln was opened on Monday, the mayor said. It cost 12 million crowns.
Two lanes are still closed.

"We have waited nine years for this day," said Ida Moll, who lives on the north bank. The old
bridge was torn down in March.

Trucks may use it from Friday.
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    settings.corpus.mkdir()
    (settings.corpus / "bridge.txt").write_text(FIRST)
    write_article(settings.corpus, "mill.txt")
    run_reindex(settings)
    return settings


def edit(settings: Settings, *changes: tuple[str, str]) -> HashEmbedder:
    """Rewrite the article and reindex; what was embedded for it."""
    path = settings.corpus / "bridge.txt"
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    embedder = HashEmbedder()
    run_reindex(settings, embedder)
    return embedder


def versions(settings: Settings, path: str = "bridge.txt") -> tuple[Version, ...]:
    with Catalog(settings.folder).snapshot() as snapshot:
        return snapshot.list_versions(path)


def changes(settings: Settings) -> tuple[Change, ...]:
    """What became of the sentences from the first version to the last."""
    found = versions(settings)
    with Catalog(settings.folder).snapshot() as snapshot:
        articles = snapshot.load_articles([found[0].key, found[-1].key])
    return compare_versions(articles[found[0].key], articles[found[-1].key])


def told(found: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Every change that is one, in a readable shape."""
    return [
        (each.fate, each.before.text if each.before else "", each.after.text if each.after else "")
        for each in found
        if each.fate != "kept"
    ]


# Versions and their times


def test_an_edit_makes_a_version_and_the_times_follow_each_other(shelf: Settings) -> None:
    started = datetime.now(UTC)
    edit(shelf, ("12 million", "14 million"))
    first, second = versions(shelf)
    assert first.made < started < second.made < datetime.now(UTC)
    assert (first.ended, second.ended) == (second.made, None)
    assert (first.is_live, second.is_live) == (False, True)
    assert first.version != second.version
    assert first.title == "Mayor opens the new bridge"
    assert len(versions(shelf, "mill.txt")) == 1
    assert versions(shelf, "nowhere.txt") == ()


def test_a_changed_advert_makes_no_version(shelf: Settings) -> None:
    before = versions(shelf)
    embedder = edit(shelf, ("Two lanes", "\nAdvertisement\n\nTwo lanes"), ("Trucks", "\n\nTrucks"))
    assert embedder.embedded == []
    after = versions(shelf)
    assert [(v.version, v.made) for v in after] == [(v.version, v.made) for v in before]
    edit(shelf, ("Advertisement", "Share this article"))
    assert len(versions(shelf)) == 1


def test_only_sentences_that_changed_are_embedded_again(shelf: Settings) -> None:
    embedder = edit(shelf, ("12 million", "14 million"), ("Friday", "Sunday"))
    assert sorted(embedder.embedded) == [
        "It cost 14 million crowns.",
        "Trucks may use it from Sunday.",
    ]


def test_an_article_that_is_edited_back_has_three_versions(shelf: Settings) -> None:
    edit(shelf, ("12 million", "14 million"))
    embedder = edit(shelf, ("14 million", "12 million"))
    assert embedder.embedded == []
    first, second, third = versions(shelf)
    assert first.version == third.version != second.version
    assert second.ended == third.made
    assert third.is_live
    assert told(changes(shelf)) == []


def test_what_is_gone_keeps_its_versions_and_says_since_when(shelf: Settings) -> None:
    (shelf.corpus / "bridge.txt").unlink()
    run_reindex(shelf)
    (version,) = versions(shelf)
    assert version.ended
    assert version.made < version.ended <= datetime.now(UTC)


def test_reading_everything_again_makes_no_version(shelf: Settings) -> None:
    edit(shelf, ("12 million", "14 million"))
    before = versions(shelf)
    run_reindex(shelf, HashEmbedder(name="hash@2"))
    after = versions(shelf)
    assert [(v.version, v.made, v.ended) for v in after] == [
        (v.version, v.made, v.ended) for v in before
    ]


def test_another_schema_keeps_versions_ids_and_what_front_ends_stored(
    shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(catalog_path(shelf.folder))) as connection, connection:
        connection.execute("CREATE TABLE bot_answers (id TEXT PRIMARY KEY, answer TEXT)")
        connection.execute("INSERT INTO bot_answers VALUES ('a1', 'kept')")
    (shelf.corpus / "bridge.txt").rename(shelf.corpus / "bridge-2.txt")
    run_reindex(shelf)
    (shelf.corpus / "bridge-2.txt").rename(shelf.corpus / "bridge.txt")
    run_reindex(shelf)
    edit(shelf, ("12 million", "14 million"))
    before = versions(shelf)
    (shelf.corpus / "mill.txt").write_bytes(b"\x00" * 100)

    raise_schema(monkeypatch)
    embedder = HashEmbedder()
    summary, _ = run_reindex(shelf, embedder)
    assert (summary.unchanged, summary.failed, embedder.embedded) == (1, 1, [])
    after = versions(shelf)
    assert [(v.version, v.made, v.ended) for v in after] == [
        (v.version, v.made, v.ended) for v in before
    ]
    assert [v.version for v in versions(shelf, "bridge-2.txt")] == [v.version for v in after]
    assert len(versions(shelf, "mill.txt")) == 1
    with closing(sqlite3.connect(catalog_path(shelf.folder))) as connection:
        assert connection.execute("SELECT * FROM bot_answers").fetchall() == [("a1", "kept")]


def test_taking_over_another_schema_may_be_stopped_and_is_finished_later(
    shelf: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.reindex import reindex

    raise_schema(monkeypatch)
    run = reindex(shelf, HashEmbedder())
    next(run)
    run.close()
    summary, _ = run_reindex(shelf)
    assert summary.notes[0] == "everything is indexed anew: it had not been finished"
    assert (summary.unchanged, summary.passages) == (2, 2)
    assert len(versions(shelf)) == 1


# What became of the sentences


def test_an_edited_sentence_is_paired_with_what_it_reads_now(shelf: Settings) -> None:
    edit(
        shelf,
        ("It cost 12 million crowns.", "It cost 14 million crowns, two more than planned."),
        ("nine years", "ten years"),
    )
    assert told(changes(shelf)) == [
        (
            "changed",
            "It cost 12 million crowns.",
            "It cost 14 million crowns, two more than planned.",
        ),
        (
            "changed",
            '"We have waited nine years for this day," said Ida Moll, who lives on the north bank.',
            '"We have waited ten years for this day," said Ida Moll, who lives on the north bank.',
        ),
    ]


def test_what_was_cut_is_gone_and_what_was_added_is_new(shelf: Settings) -> None:
    edit(
        shelf,
        ("Two lanes are still closed.", ""),
        ("Trucks may", "Cyclists were the first to cross. Trucks may"),
    )
    assert told(changes(shelf)) == [
        ("gone", "Two lanes are still closed.", ""),
        ("new", "", "Cyclists were the first to cross."),
    ]


def test_a_sentence_replaced_by_another_is_gone_and_not_edited(shelf: Settings) -> None:
    edit(shelf, ("Two lanes are still closed.", "A brass band played in the rain."))
    assert [(fate, before or after) for fate, before, after in told(changes(shelf))] == [
        ("gone", "Two lanes are still closed."),
        ("new", "A brass band played in the rain."),
    ]


def test_a_sentence_that_only_moved_or_was_wrapped_anew_is_kept(shelf: Settings) -> None:
    edit(
        shelf,
        ("Two lanes are still closed.", ""),
        (
            "Trucks may use it from Friday.",
            "Trucks may use it from Friday. Two lanes are still closed.",
        ),
        ("The old\nbridge", "The old bridge"),
        ('"We have waited nine years for this day,"', "“We have waited nine years for this day,”"),
    )
    assert told(changes(shelf)) == []


def test_slices_are_literal_and_every_sentence_has_one_fate(shelf: Settings) -> None:
    edit(shelf, ("12 million", "14 million"), ("Trucks may use it from Friday.", "Nobody may."))
    old, new = _first_and_last(shelf)
    found = compare_versions(old, new)
    for article, side in ((old, "before"), (new, "after")):
        slices = [each for change in found if (each := getattr(change, side))]
        assert sorted(each.start for each in slices) == [s.start for s in list_sentences(article)]
        assert all(each.text == article.text[each.start : each.end] for each in slices)
    assert summarise(found) == {"kept": 4, "changed": 1, "gone": 1, "new": 1}


def _first_and_last(settings: Settings) -> tuple[Article, Article]:
    found = versions(settings)
    with Catalog(settings.folder).snapshot() as snapshot:
        articles = snapshot.load_articles([found[0].key, found[-1].key])
    return articles[found[0].key], articles[found[-1].key]


def test_different_sentences_of_one_article_are_never_alike_enough(repository: Path) -> None:
    folder = repository / "tests" / "newsroom" / "articles"
    compared = 0
    for path in sorted(folder.iterdir()):
        sentences = list_sentences(read_article(path, corpus=folder))
        for number, one in enumerate(sentences):
            for other in sentences[number + 1 :]:
                compared += 1
                assert one.text == other.text or likeness(one.text, other.text) < 0.45
    assert compared > 3_000


def slices(texts: list[str]) -> list[Slice]:
    return [Slice(text=text, start=9 * n, end=9 * n + 9) for n, text in enumerate(texts)]


@given(st.lists(st.sampled_from("abcdef")), st.lists(st.sampled_from("abcdef")))
def test_no_sentence_is_lost_or_told_twice(old: list[str], new: list[str]) -> None:
    before, after = slices(old), slices(new)
    found = compare_sentences(before, after)
    assert sorted(c.before.start for c in found if c.before) == [s.start for s in before]
    assert [c.after.start for c in found if c.after] == [s.start for s in after]
    for change in found:
        kept = change.before and change.after and change.before.text == change.after.text
        assert bool(kept) == (change.fate == "kept")


def test_a_text_of_ten_thousand_new_sentences_is_compared_at_once() -> None:
    old = [f"Line {number} of the old text." for number in range(10_000)]
    new = [f"Row {number} in another one." for number in range(10_000)]
    found = compare_sentences(slices(old), slices(new))
    assert summarise(found) == {"kept": 0, "changed": 0, "gone": 10_000, "new": 10_000}
