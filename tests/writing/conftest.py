from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scripted_model import ScriptedModel, quote_honestly


@pytest.fixture(scope="module")
def _server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as server:
        yield server


@pytest.fixture
def model(_server: ScriptedModel) -> ScriptedModel:
    """A scripted language model that nobody has asked yet, and that quotes honestly."""
    _server.script = quote_honestly
    _server.asked.clear()
    _server.left = 0
    return _server
