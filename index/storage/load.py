"""The files of a corpus as bytes and their hashes, and which of those once read are gone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from index.read import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def load_file(path: Path) -> tuple[bytes | None, bytes]:
    """The bytes of a file and their hash; nothing of one that is too large or unreadable."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None, b""
        data = path.read_bytes()
    except OSError:
        return None, b""  # reading it as an article says why
    return data, hashlib.sha256(data).digest()


def modified_at(path: Path) -> int:
    """When a file was last written, in nanoseconds since 1970; 0 where that cannot be told."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def find_gone(live: Iterable[str], found: set[str], failed: set[str]) -> list[str]:
    """Live paths that are no longer there; what cannot be looked at may still be."""
    within = tuple(f"{path}/" for path in failed)
    return sorted(path for path in {*live} - found - failed if not path.startswith(within))
