"""Are the files of the vector index as its writer left them? Told without opening Chroma.

Opening a torn index may crash the process, and importing Chroma costs a second.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# What a fingerprint reads of each file.
SAMPLES = 32
SAMPLE_BYTES = 512

# Its magic, the size of a page (1 stands for 65,536) and the number of pages.
SQLITE_HEADER = struct.Struct(">16sH10xI")


def vectors_path(folder: Path, name: str) -> Path:
    """Where the Chroma folder called ``name`` of the index in ``folder`` lies."""
    return folder / "chroma" / name


def repair_mark(folder: Path) -> Path:
    """A file whose presence asks the next reindex to verify the vectors."""
    return folder / "repair"


def fingerprint(path: Path) -> str:
    """16 hexadecimal digits that change when the vectors in a closed Chroma folder do.

    Empty when they are missing or cut short. Sizes and samples are taken, no times, so that a
    copied index stays good. Chroma's own database changes whenever a reader opens it: of that
    only the header is checked.
    """
    digest = hashlib.sha256()
    try:
        if not _is_whole_database(path / "chroma.sqlite3"):
            return ""
        for file in sorted(path.glob("*/*")):
            size = file.stat().st_size
            digest.update(f"{file.name} {size} ".encode())
            with file.open("rb") as opened:
                for sample in range(SAMPLES):
                    opened.seek(size * sample // SAMPLES)
                    digest.update(opened.read(SAMPLE_BYTES))
    except OSError:
        return ""
    return digest.hexdigest()[:16]


def _is_whole_database(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(SQLITE_HEADER.size)
    if len(head) < SQLITE_HEADER.size:
        return False
    magic, page_size, pages = SQLITE_HEADER.unpack(head)
    whole: int = (page_size if page_size > 1 else 65_536) * pages
    return bool(magic == b"SQLite format 3\0" and path.stat().st_size >= whole)
