"""What is kept of feeds in the catalog's file, beside a reindex and without one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.intake.feed_state import FeedState, KeptEntry, KeptFeed
from index.catalog import catalog_path
from index.errors import IndexUnusable
from index.open import open_library
from index.settings import Settings

FEED, OTHER = "https://a.example/rss", "https://b.example/rss"


@pytest.fixture
def state(tmp_path: Path) -> FeedState:
    return FeedState(tmp_path / "index")


def entry(key: str, link: str | None = None, outcome: str = "added") -> KeptEntry:
    return KeptEntry(key=key, link=link, outcome=outcome)  # type: ignore[arg-type]


def test_a_feed_is_added_once_and_removed_once(state: FeedState) -> None:
    assert [state.add(FEED), state.add(FEED)] == [True, False]
    assert state.feeds() == (KeptFeed(address=FEED, listed=True),)
    assert [state.remove(FEED), state.remove(FEED)] == [True, False]
    assert state.feeds() == ()


def test_feeds_that_a_setting_names_follow_those_on_the_list(state: FeedState) -> None:
    state.add(OTHER)
    addresses = [feed.address for feed in state.feeds([FEED, OTHER, FEED])]
    assert addresses == [OTHER, FEED]


def test_to_look_at_feeds_makes_no_file(state: FeedState, tmp_path: Path) -> None:
    assert state.feeds([FEED]) == (KeptFeed(address=FEED),)
    assert list(tmp_path.iterdir()) == []


def test_a_feed_of_a_setting_that_names_it_no_longer_is_not_polled(state: FeedState) -> None:
    assert state.claim(FEED, now=0, until=10)
    assert [feed.address for feed in state.feeds([FEED])] == [FEED]
    assert state.feeds() == ()


def test_what_has_become_of_a_feed_is_kept(state: FeedState) -> None:
    state.add(FEED)
    feed = KeptFeed(
        address=FEED,
        listed=True,
        title="The Herald",
        etag='"1"',
        last_modified="Tue, 03 Jun 2025 09:00:00 GMT",
        checked_at=100.0,
        next_at=1_000.0,
        not_before=50.0,
        failures=2,
        problem="it was not there",
    )
    state.settle(feed)
    assert state.feeds() == (feed,)


def test_a_feed_that_is_read_is_nobody_else_s_until_it_is_settled(state: FeedState) -> None:
    assert state.claim(FEED, now=0, until=100)
    assert not state.claim(FEED, now=50, until=150)
    state.settle(KeptFeed(address=FEED))
    assert state.claim(FEED, now=50, until=150)
    state.release(FEED)
    assert state.claim(FEED, now=51, until=151)


def test_a_feed_whose_reader_was_killed_is_free_again_after_a_while(state: FeedState) -> None:
    assert state.claim(FEED, now=0, until=100)
    assert state.claim(FEED, now=100, until=200)


def test_a_feed_that_was_removed_while_it_was_read_stays_removed(state: FeedState) -> None:
    state.add(FEED)
    state.claim(FEED, now=0, until=100)
    state.remove(FEED)
    state.settle(KeptFeed(address=FEED, listed=True))
    assert state.feeds() == ()


def test_entries_are_kept_for_each_feed(state: FeedState) -> None:
    state.remember(FEED, entry("1", "a.example/1"), now=0)
    state.remember(FEED, entry("1", "a.example/1", "failed"), now=1)
    state.remember(OTHER, entry("1", "b.example/1"), now=0)
    assert state.entries(FEED) == {"1": entry("1", "a.example/1", "failed")}
    assert state.entries(OTHER) == {"1": entry("1", "b.example/1")}


def test_a_link_is_known_whatever_feed_had_it_unless_it_failed(state: FeedState) -> None:
    state.remember(FEED, entry("1", "a.example/1"), now=0)
    state.remember(FEED, entry("2", "a.example/2", "failed"), now=0)
    state.remember(OTHER, entry("3", None), now=0)
    assert state.seen_links(["a.example/1", "a.example/2", "a.example/9"]) == {"a.example/1"}


def test_removing_a_feed_forgets_its_entries(state: FeedState) -> None:
    state.add(FEED)
    state.remember(FEED, entry("1", "a.example/1"), now=0)
    state.remove(FEED)
    assert state.entries(FEED) == {}


def test_the_oldest_entries_are_forgotten_but_not_those_still_in_the_feed(tmp_path: Path) -> None:
    state = FeedState(tmp_path, most_entries=3)
    for number in range(5):
        state.remember(FEED, entry(str(number)), now=number)
    state.remember(OTHER, entry("0"), now=0)
    state.tidy(FEED, ["0", "4"], now=10)
    assert sorted(state.entries(FEED)) == ["0", "3", "4"]
    assert sorted(state.entries(OTHER)) == ["0"]


def test_feeds_named_before_there_is_an_index_outlive_its_first_build(
    state: FeedState, tmp_path: Path, corpus: Path
) -> None:
    state.add(FEED)
    state.remember(FEED, entry("1", "a.example/1"), now=0)
    library = open_library(Settings(corpus=corpus, folder=tmp_path / "index"))
    assert library.needs_index()
    with pytest.raises(IndexUnusable, match="there is no finished index"):
        library.articles()
    for _ in library.reindex():
        pass
    assert len(library.articles()) > 0
    library.close()
    assert [feed.address for feed in state.feeds()] == [FEED]
    assert set(state.entries(FEED)) == {"1"}


def test_a_folder_that_cannot_be_made_and_a_file_that_is_damaged_are_one_line(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexUnusable, match=r"^the index folder .* cannot be made: .*$"):
        FeedState(tmp_path / "file").add(FEED)
    catalog_path(tmp_path).write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexUnusable, match=r"^the index in .* is damaged.*$"):
        FeedState(tmp_path).feeds()


def test_every_table_is_one_that_a_reindex_leaves_alone(state: FeedState, tmp_path: Path) -> None:
    state.add(FEED)
    with closing(sqlite3.connect(catalog_path(tmp_path / "index"))) as connection:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert all(name.startswith("bot_") for (name,) in rows)
