"""What every test stands on: no network, no settings from outside, an index made once."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test reach this machine and nothing beyond it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as socket declares it
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise OSError(f"a test reached for the network: {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what whoever runs the tests has set for the product or for colours."""
    for name in list(os.environ):
        if name.startswith("PULLQUOTE_") or name in {"NO_COLOR", "FORCE_COLOR", "TERM"}:
            monkeypatch.delenv(name)


@pytest.fixture
def repository() -> Path:
    """The folder that holds the whole project."""
    return ROOT


@pytest.fixture
def corpus() -> Path:
    """The folder of the articles that come with the project."""
    return ROOT / "corpus"
