"""Bring what is staged to life: vectors first, then one transaction, stale vectors last.

While Chroma is being written a dirty flag stands in the catalog; a writer that is killed leaves it
standing, and the next one verifies the vectors and builds them anew where they are torn.
"""

from __future__ import annotations

import shutil
import time
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from index.catalog import last_generation
from index.storage.fingerprint import fingerprint, repair_mark, vectors_path
from index.storage.live import (
    FUTURE,
    STAGED,
    count,
    iterate_vectors,
    list_live_ids,
    make_live,
    number_of_sentences,
    stale_ids,
)
from index.storage.verify_vectors import is_sound
from index.vectors import BATCH_SIZE, VectorsError, VectorStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.storage.record import Record


UNFINISHED = "it was torn, or does not hold what it should"


def why_doubtful(meta: Mapping[str, Any], folder: Path) -> str | None:
    """Why the vector index cannot simply be built upon, None when it can; costs a few reads."""
    if not meta.get("chroma"):
        return "there was none"
    files = fingerprint(vectors_path(folder, str(meta["chroma"])))
    if not files:
        return "its files were missing or damaged"
    if meta.get("dirty") or repair_mark(folder).exists() or files != meta.get("chroma_files"):
        return UNFINISHED
    return None


class Publication:
    """One publication; ``run`` carries it out.

    Attributes:
        notes: one-line remarks on what had to be built anew, and why.
    """

    def __init__(self, record: Record, folder: Path, *, rebuild: str | None) -> None:
        """Prepare it; nothing is written yet.

        Args:
            record: the catalog, with what is staged.
            folder: the index folder.
            rebuild: why the vector index must be built anew; with None it is verified if there
                is doubt.
        """
        doubt = why_doubtful(record.meta(), folder)
        if not rebuild and doubt and not (doubt == UNFINISHED and is_sound(folder)):
            rebuild = doubt
        self.notes: list[str] = []
        self._record = record
        self._folder = folder
        self._rebuild = rebuild
        # A killed writer may have left vectors that belong to nothing.
        self._sweep = bool(doubt)
        self._store: VectorStore | None = None
        self._failed = False

    def run(self, gone: Sequence[str], meta: Mapping[str, str | int]) -> None:
        """Make what is staged live and the paths in ``gone`` dead, in one transaction.

        ``meta`` is written in the same transaction.
        """
        self._record.set_meta(dirty=1)
        try:
            self._publish(gone, meta)
            if self._dead() > number_of_sentences(self._record.connection):
                self._rebuild = "more dead vectors than living"
                self._publish((), meta)
        finally:
            self._close()
        self._finish()

    def _publish(self, gone: Sequence[str], meta: Mapping[str, str | int]) -> None:
        stale = stale_ids(self._record.connection, gone)
        name = self._write_vectors(gone)
        dead = 0 if self._rebuild else self._dead() + len(stale)
        generation = last_generation(self._record.meta()) + 1
        with self._record.transaction() as connection:
            make_live(connection, gone, time.time())
            values = {**meta, **count(connection), "chroma": name}
            values |= {"dead": dead, "generation": generation}
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        if not self._rebuild:
            self._remove(stale)
        self._rebuild = None

    def _write_vectors(self, gone: Sequence[str]) -> str | None:
        """Put the staged vectors into Chroma; the name of its folder, None when it cannot be."""
        if self._rebuild:
            return self._build_anew(gone)
        name = str(self._record.meta()["chroma"])
        staged = iterate_vectors(self._record.connection, STAGED, gone, BATCH_SIZE)
        try:
            self._open(name).put(staged)
        except VectorsError as error:
            self._rebuild = f"it failed ({error})"
            return self._build_anew(gone)
        return name

    def _build_anew(self, gone: Sequence[str]) -> str | None:
        """Write every vector that will be live into a new folder."""
        if self._record.meta().get("generation"):
            self.notes.append(f"vector index rebuilt: {self._rebuild}")
        self._close()
        name = uuid.uuid4().hex[:12]
        if (folder := self._folder / "chroma").is_file():
            folder.unlink()
        future = iterate_vectors(self._record.connection, FUTURE, gone, BATCH_SIZE)
        try:
            self._open(name, create=True).put(future)
        except VectorsError as error:
            self.notes.append(f"the vector index cannot be written, answers are slower: {error}")
            self._close()
            return None
        return name

    def _remove(self, stale: Sequence[str]) -> None:
        if not self._store:
            return
        try:
            self._store.remove(stale)
            if self._sweep:
                extra = self._store.list_ids() - list_live_ids(self._record.connection)
                self._store.remove(sorted(extra))
        except VectorsError as error:
            # Dead vectors are never shown; the dirty flag stays, and the next reindex looks.
            self.notes.append(f"stale vectors could not be removed: {error}")
            self._failed = True

    def _finish(self) -> None:
        """Clear the dirty flag; remove Chroma folders that nothing uses."""
        name = self._record.meta().get("chroma")
        if name and not self._failed:
            files = fingerprint(vectors_path(self._folder, name))
            self._record.set_meta(dirty=0, chroma_files=files)
            with suppress(OSError):
                repair_mark(self._folder).unlink(missing_ok=True)
        for path in (self._folder / "chroma").glob("*"):
            if path.name != name:
                shutil.rmtree(path, ignore_errors=True)

    def _dead(self) -> int:
        return int(self._record.meta().get("dead") or 0)

    def _open(self, name: str, *, create: bool = False) -> VectorStore:
        if not self._store:
            self._store = VectorStore(vectors_path(self._folder, name), create=create)
        return self._store

    def _close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None
