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


def damage_mark(folder: Path) -> Path:
    """A file whose presence asks the next reindex to look whether the catalog is whole."""
    return folder / "damaged"


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
        files = sorted(path.glob("*/*"))
        # Below a thousand vectors the files are scratch space that each reader fills anew.
        is_persisted = any(file.name == "index_metadata.pickle" for file in files)
        for file in files:
            size = file.stat().st_size
            digest.update(f"{file.name} {size} ".encode())
            if is_persisted:
                digest.update(_sample(file, size))
    except OSError:
        return ""
    return digest.hexdigest()[:16]


def _sample(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        samples = []
        for sample in range(SAMPLES):
            file.seek(size * sample // SAMPLES)
            samples.append(file.read(SAMPLE_BYTES))
        return b"".join(samples)


def _is_whole_database(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(SQLITE_HEADER.size)
    if len(head) < SQLITE_HEADER.size:
        return False
    magic, page_size, pages = SQLITE_HEADER.unpack(head)
    whole: int = (page_size if page_size > 1 else 65_536) * pages
    return bool(magic == b"SQLite format 3\0" and path.stat().st_size >= whole)
