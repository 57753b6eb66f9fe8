"""The index that the bot of these tests answers from, the bot, and somebody who asks it."""

from __future__ import annotations

import asyncio
import inspect
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.catalog import catalog_path
from index.open import Library, open_library
from index.settings import Settings
from tests.bot.discord.running import Person, Stage, build_library
from tests.bot.discord.stories import write_stories
from tests.scripted_model import ScriptedModel, quote_honestly


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an asynchronous test in the event loop in which its bot lives."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    pyfuncitem.funcargs["runner"].run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """The event loop of a module's tests; a bot goes on living in it between them."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The invented articles, not yet indexed."""
    folder = tmp_path_factory.mktemp("shelf")
    write_stories(folder / "corpus")
    # What is tested here is what people see, not which sentence answers best.
    return Settings(corpus=folder / "corpus", folder=folder / "index", reads=False)


@pytest.fixture(scope="session")
def library(shelf: Settings) -> Iterator[Library]:
    """The invented articles, indexed; for all tests that change nothing of them."""
    library = build_library(shelf)
    yield library
    library.close()


@pytest.fixture(scope="module")
def shared_stage(runner: asyncio.Runner, library: Library, shelf: Settings) -> Iterator[Stage]:
    """A running bot for the tests of a module."""
    stage = Stage(library, shelf)
    runner.run(stage.__aenter__())
    yield stage
    runner.run(stage.__aexit__())


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    """The running bot of the module; after each test it has done nothing that it must not."""
    yield shared_stage
    shared_stage.check()
    # What a test was prepared for is not held against the next one.
    shared_stage.world.requests.clear()
    shared_stage.refusals.clear()


@pytest.fixture
def reader(stage: Stage) -> Person:
    """Somebody who asks, in a channel of their own."""
    return stage.somebody()


@pytest.fixture
def manager(stage: Stage) -> Person:
    """Somebody who manages the server, in a channel of their own."""
    return stage.manager()


@pytest.fixture(scope="module")
def running_model() -> Iterator[ScriptedModel]:
    """A language model, for the tests of a module."""
    with ScriptedModel() as model:
        yield model


@pytest.fixture
def model(running_model: ScriptedModel) -> ScriptedModel:
    """A language model that does what a test tells it to; it begins honest."""
    running_model.script = quote_honestly
    running_model.asked.clear()
    running_model.left = 0
    return running_model


@pytest.fixture
def own(library: Library, shelf: Settings, tmp_path: Path) -> Settings:
    """Articles and an index that a test may change."""
    del library  # It has filled the index that is copied here.
    settings = replace(shelf, corpus=tmp_path / "corpus", folder=tmp_path / "index")
    shutil.copytree(shelf.corpus, settings.corpus)
    shutil.copytree(shelf.folder, settings.folder)
    return settings


@pytest.fixture
def own_stage(runner: asyncio.Runner, own: Settings) -> Iterator[Stage]:
    """A running bot with these, for a test that changes them."""
    forget_answers(own)
    copied = open_library(own)
    stage = Stage(copied, own)
    runner.run(stage.__aenter__())
    yield stage
    runner.run(stage.__aexit__())
    copied.close()
    stage.check()


def forget_answers(settings: Settings) -> None:
    """Take out what other tests asked, in worlds of their own."""
    with closing(sqlite3.connect(catalog_path(settings.folder))) as connection, connection:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'bot_*'"
        for (name,) in connection.execute(sql).fetchall():
            connection.execute(f"DROP TABLE {name}")
