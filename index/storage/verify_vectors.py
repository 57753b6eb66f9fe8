"""Are the vectors in Chroma all there and right? Looked at after a writer was killed, or asked.

It is done in a child process, because opening a torn index may crash whoever does it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.storage.fingerprint import vectors_path
from index.vectors import VectorsError, VectorStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.types import Matrix, Vector

# float16 in the catalog against float32 in Chroma.
TOLERANCE = 0.01

SECONDS = 900


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What Chroma holds, against what the catalog says is live.

    Attributes:
        missing: live sentences without a vector.
        different: live sentences with another vector than theirs.
        extra: vectors that belong to no live sentence; harmless, they are never shown.
        unfound: vectors that are there and that a search does not find.
        failure: why Chroma could not be looked at, "" when it could.
    """

    missing: int = 0
    different: int = 0
    extra: int = 0
    unfound: int = 0
    failure: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether every live vector is there, right and found."""
        return not (self.missing or self.different or self.unfound or self.failure)


def is_sound(folder: Path) -> bool:
    """Whether Chroma holds every live vector of the index in ``folder``."""
    return compare_vectors(folder).is_sound


def compare_vectors(folder: Path) -> Comparison:
    """Compare Chroma with the catalog of the index in ``folder``, from a child process."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from index.storage.verify_vectors import main\n"
        "main(sys.argv[1])"
    )
    try:
        done = subprocess.run(  # noqa: S603 (our own code; the folder is an argument)
            [sys.executable, "-c", code, str(folder)],
            check=False,
            capture_output=True,
            timeout=SECONDS,
        )
        return Comparison(**json.loads(done.stdout))
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return Comparison(failure="opening it crashed, or never ended")


def main(folder: str) -> None:
    """Write the comparison to standard output, as JSON."""
    catalog = Catalog(Path(folder))
    try:
        with catalog.snapshot() as snapshot:
            store = VectorStore(vectors_path(catalog.folder, str(snapshot.vector_folder)))
            found = compare(store, snapshot.live_vectors())
    except VectorsError as error:
        found = Comparison(failure=" ".join(str(error).split()) or "it failed")
    sys.stdout.write(json.dumps(asdict(found)))


def compare(store: VectorStore, batches: Iterable[tuple[list[str], Matrix]]) -> Comparison:
    """What the store holds, against these ids with these vectors: every one that is live."""
    missing = different = unfound = 0
    extra = store.list_ids()
    for ids, vectors in batches:
        extra.difference_update(ids)
        loaded = store.load(ids)
        missing += len(ids) - len(loaded)
        different += _count_different(loaded, ids, vectors)

        # One vector of each batch must also be found by a search.
        best = store.nearest(vectors[0], 1)
        unfound += not best or best[0][1] < 1 - TOLERANCE
    return Comparison(missing=missing, different=different, extra=len(extra), unfound=int(unfound))


def _count_different(loaded: Mapping[str, Vector], ids: Sequence[str], vectors: Matrix) -> int:
    import numpy as np

    rows = [row for row, name in enumerate(ids) if name in loaded]
    theirs = np.array([loaded[ids[row]] for row in rows])
    ours = vectors[rows]
    if theirs.shape != ours.shape:
        return len(rows)
    return int((np.abs(theirs - ours) > TOLERANCE).any(axis=1).sum()) if rows else 0
