"""Are the vectors in Chroma all there and right? Looked at after a writer was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.fingerprint import vectors_path
from index.vectors import VectorsError, VectorStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.types import Matrix

# float16 in the catalog against float32 in Chroma.
TOLERANCE = 0.01

# In every so many batches one vector must also be found by a search.
SEARCH_EVERY = 1

SECONDS = 900


def is_sound(folder: Path) -> bool:
    """Whether Chroma holds every live vector of the index in ``folder``.

    Looks from a child process, because opening a torn index may crash it.
    """
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from index.verify_vectors import main\n"
        "main(sys.argv[1])"
    )
    try:
        done = subprocess.run(  # noqa: S603 (our own code; the folder is an argument)
            [sys.executable, "-c", code, str(folder)],
            check=False,
            capture_output=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main(folder: str) -> None:
    """Exit with 0 when the vectors are sound, with 1 when they are torn."""
    catalog = Catalog(Path(folder))
    try:
        with catalog.snapshot() as snapshot:
            store = VectorStore(vectors_path(catalog.folder, str(snapshot.vector_folder)))
            sound = has_all(store, snapshot.live_vectors())
    except VectorsError:
        sound = False
    sys.exit(0 if sound else 1)


def has_all(store: VectorStore, batches: Iterable[tuple[list[str], Matrix]]) -> bool:
    """Whether the store holds these ids with these vectors, and finds some of them."""
    import numpy as np

    for number, (ids, vectors) in enumerate(batches):
        loaded = store.load(ids)
        if len(loaded) != len(ids):
            return False
        found = np.array([loaded[name] for name in ids])
        if found.shape != vectors.shape or not np.allclose(found, vectors, atol=TOLERANCE):
            return False
        if number % SEARCH_EVERY == 0:
            best = store.nearest(vectors[0], 1)
            if not best or best[0][1] < 1 - TOLERANCE:
                return False
    return True
