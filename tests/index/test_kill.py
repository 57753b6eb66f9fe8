"""A writer may be killed at any moment: readers go on, and the next writer sets it right."""

from __future__ import annotations

import multiprocessing
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from index.catalog import Catalog
from index.vectors import VectorIndex
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext
    from pathlib import Path

    from index.settings import Settings

NAMES = [f"village{number}.txt" for number in range(6)]
KILLS = 15
BETWEEN_QUESTIONS = 0.005


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Children are forked from a server that has imported the libraries, so each starts at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.index.preload"])
    return context


def write_edition(settings: Settings, edition: int) -> None:
    for name in NAMES:
        write_article(settings.corpus, name, edition=edition, sentences=12)


def state(settings: Settings, index: VectorIndex) -> dict[str, Any]:
    """All that a reader can see, after checking that it fits together."""
    embedder = HashEmbedder()
    with Catalog(settings.folder).snapshot() as snapshot:
        articles = snapshot.list_articles()
        stored = [snapshot.find_article(article.id)[0] for article in articles]
        editions = {word for a in stored for word in a.text.split() if word.startswith("edition")}
        assert len(articles) == snapshot.number_of_articles == len(NAMES)
        assert len(editions) == 1, "two editions in one generation"

        keys = [key for key, _ in snapshot.search_passages(["council"], 10_000)]
        passages = snapshot.load_passages(keys)
        assert len(passages) == snapshot.number_of_passages
        assert len(passages) == sum(article.number_of_passages for article in articles)
        assert sum(len(passage.sentences) for passage in passages.values()) == 12 * len(NAMES)

        question = f"The council of village0 approved plan 1 in the spring of {min(editions)}"
        near = index.nearest(embedder.embed_question(question), 5, snapshot=snapshot)
        assert len(near) == 5
        assert near[0][1] > 0.99
        assert len(snapshot.find_sentences([name for name, _ in near])) == 5
    return {
        "articles": [(article.path, article.version) for article in articles],
        "editions": editions,
        "passages": sorted((p.text, p.vectors.tobytes()) for p in passages.values()),
        "near": [(name, round(cosine, 2)) for name, cosine in near],
    }


def reindex_and_exit(settings: Settings) -> None:
    run_reindex(settings, wait=10)


def kill_at(
    moment: float, processes: ForkServerContext, settings: Settings, index: VectorIndex
) -> int:
    """Start a writer, kill it after ``moment`` seconds, ask all the while; how often was asked."""
    child = processes.Process(target=reindex_and_exit, args=(settings,))
    child.start()
    deadline, asked = time.monotonic() + moment, 0
    while time.monotonic() < deadline and child.is_alive():
        state(settings, index)
        asked += 1
        time.sleep(BETWEEN_QUESTIONS)
    child.kill()
    child.join()
    return asked


def test_a_killed_writer_harms_no_reader_and_no_later_writer(
    tmp_path: Path, processes: ForkServerContext
) -> None:
    settings = settings_in(tmp_path)
    write_edition(settings, 0)
    run_reindex(settings)
    index = VectorIndex(settings.folder)
    chance = random.Random(7)  # noqa: S311 (moments, not secrets)

    started = time.monotonic()
    write_edition(settings, 1)
    kill_at(60, processes, settings, index)
    duration = time.monotonic() - started

    asked = 0
    for edition in range(2, 2 + KILLS):
        write_edition(settings, edition)
        asked += kill_at(chance.uniform(0, duration), processes, settings, index)
        state(settings, VectorIndex(settings.folder))
    assert asked > KILLS

    run_reindex(settings)
    clean = settings_in(tmp_path / "clean")
    write_edition(clean, 1 + KILLS)
    run_reindex(clean)
    final = VectorIndex(settings.folder)
    assert state(settings, final) == state(clean, VectorIndex(clean.folder))
    assert state(settings, index) == state(settings, final)
    assert not final.needs_repair
    assert not index.needs_repair


def test_two_writers_take_turns(tmp_path: Path, processes: ForkServerContext) -> None:
    settings = settings_in(tmp_path)
    write_edition(settings, 0)
    children = [processes.Process(target=reindex_and_exit, args=(settings,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0]
    state(settings, VectorIndex(settings.folder))
    assert run_reindex(settings)[0].generation == 1


def test_what_another_process_published_is_seen_at_the_next_question(
    tmp_path: Path, processes: ForkServerContext
) -> None:
    settings = settings_in(tmp_path)
    write_edition(settings, 0)
    run_reindex(settings)
    index = VectorIndex(settings.folder)
    for edition in range(1, 4):
        assert state(settings, index)["editions"] == {f"edition{edition - 1}."}
        write_edition(settings, edition)
        kill_at(60, processes, settings, index)
        assert state(settings, index)["editions"] == {f"edition{edition}."}
        assert not index.needs_repair
