"""What the bot remembers, in the catalog's file, and what it does when that cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord.store import Kept, Store, new_id
from index.catalog import catalog_path
from index.errors import IndexUnusable
from index.open import Library
from index.settings import Settings
from index.types import Answer

CHANNEL, MESSAGE = 11, 22


@pytest.fixture
def folder(library: Library, shelf: Settings, tmp_path: Path) -> Path:
    """An index of its own, in which no bot has kept anything."""
    del library  # It has filled the index that is copied here.
    folder = Path(shutil.copytree(shelf.folder, tmp_path / "index"))
    with closing(sqlite3.connect(catalog_path(folder))) as connection, connection:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'bot_%'"
        for (name,) in connection.execute(sql).fetchall():
            connection.execute(f"DROP TABLE {name}")
    return folder


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder)


@pytest.fixture(scope="module")
def answer(library: Library) -> Answer:
    return library.ask("How many people were rescued from the ferry Marlin?")


@pytest.fixture
def kept(answer: Answer) -> Kept:
    return Kept(id=new_id(), asker="a" * 16, channel=CHANNEL, answer=answer)


def keep_many(store: Store, kept: Kept, number: int) -> list[Kept]:
    """Keep so many, each in reply to the one before it."""
    many: list[Kept] = []
    for _ in range(number):
        parent = many[-1].id if many else None
        many.append(replace(kept, id=new_id(), parent=parent))
        store.keep(many[-1])
    return many


def test_an_answer_is_found_as_it_was_kept_by_its_id_and_by_its_message(
    store: Store, kept: Kept
) -> None:
    store.keep(kept)
    assert store.find(kept.id) == kept
    store.posted(kept.id, MESSAGE, private=True)
    assert store.find_by_message(MESSAGE) == replace(kept, message=MESSAGE, private=True)
    store.forget(kept.id)
    assert (store.find(kept.id), store.find_by_message(MESSAGE)) == (None, None)


def test_a_channel_remembers_its_last_public_answers_oldest_first(store: Store, kept: Kept) -> None:
    many = keep_many(store, kept, 6)
    store.keep(replace(kept, id=new_id(), private=True))
    store.keep(replace(kept, id=new_id(), channel=CHANNEL + 1))
    assert [one.id for one in store.last_in(CHANNEL)] == [one.id for one in many[-4:]]


def test_whoever_asked_in_private_finds_that_too(store: Store, kept: Kept) -> None:
    [public] = keep_many(store, kept, 1)
    private = replace(kept, id=new_id(), private=True)
    store.keep(private)
    assert store.last_in(CHANNEL, asker=kept.asker) == [public, private]
    assert store.last_in(CHANNEL, asker="somebody else") == [public]


def test_a_chain_of_replies_is_followed_back_and_is_bounded(store: Store, kept: Kept) -> None:
    many = keep_many(store, kept, 6)
    assert store.chain_to(many[-1]) == many[-4:]
    assert store.chain_to(many[1]) == many[:2]
    store.forget(many[3].id)
    assert store.chain_to(many[-1]) == many[4:]


def test_the_oldest_answers_go_when_there_are_too_many(folder: Path, kept: Kept) -> None:
    store = Store(folder, most_answers=3)
    many = keep_many(store, kept, 5)
    assert [bool(store.find(one.id)) for one in many] == [False, False, True, True, True]


def test_everybody_has_one_vote_that_can_be_changed(store: Store, kept: Kept) -> None:
    store.keep(kept)
    assert [store.vote(kept, "x", "up"), store.vote(kept, "x", "up")] == [True, False]
    assert store.vote(kept, "y", "up")
    assert store.vote(kept, "x", "down")
    assert store.count_votes() == {"up": 1, "down": 1}
    store.forget(kept.id)
    assert store.count_votes() == {"up": 1, "down": 1}


def test_a_vote_says_what_was_asked_and_of_which_generation(
    store: Store, kept: Kept, folder: Path
) -> None:
    store.vote(kept, "x", "down")
    with closing(sqlite3.connect(catalog_path(folder))) as connection:
        [row] = connection.execute("SELECT answer, question, generation FROM bot_votes").fetchall()
    assert row == (kept.id, kept.answer.question, kept.answer.searched.generation)


def test_facts_and_servers_are_kept_and_replaced(store: Store) -> None:
    assert store.fact("name") is None
    store.set_fact("name", "one")
    store.set_fact("name", "two")
    store.set_server(1, "{}")
    store.set_server(1, '{"private": true}')
    assert (store.fact("name"), store.servers()) == ("two", {1: '{"private": true}'})


def test_what_is_kept_outlives_a_reindex(
    store: Store, kept: Kept, folder: Path, shelf: Settings
) -> None:
    store.keep(kept)
    again = Library(replace(shelf, folder=folder))
    list(again.reindex())
    again.close()
    assert store.find(kept.id) == kept


def test_in_an_index_that_is_gone_nothing_is_found_and_none_is_begun(
    store: Store, kept: Kept, folder: Path
) -> None:
    catalog_path(folder).unlink()
    for act in (lambda: store.keep(kept), lambda: store.find(kept.id), store.servers):
        with pytest.raises(IndexUnusable, match="cannot be used"):
            act()
    assert not catalog_path(folder).exists()


def test_where_an_answer_stands_may_be_lost_without_anybody_being_told(
    store: Store, kept: Kept, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(folder)
    store.posted(kept.id, MESSAGE, private=False)
    assert "could not be kept" in caplog.text


def test_a_folder_with_marks_of_addresses_in_its_name_is_a_folder(
    folder: Path, kept: Kept, tmp_path: Path
) -> None:
    odd = Path(shutil.move(folder, tmp_path / "100% new? #1"))
    store = Store(odd)
    store.keep(kept)
    assert store.find(kept.id) == kept
