"""The vector index: embedded Chroma, ids and vectors only, disposable.

The only module that imports chromadb. Chroma is never trusted with the truth: what it returns is
kept only if the catalog lists it as live, and when it fails, or a writer is at work on it, the
catalog's own vectors answer, exactly and more slowly.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.storage.fingerprint import fingerprint, repair_mark, vectors_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from index.storage.snapshot import Snapshot
    from index.types import Matrix, Vector

logger = logging.getLogger(__name__)

COLLECTION = "sentences"

# Above a few thousand a batch fails, and each one holds the interpreter while it is written.
BATCH_SIZE = 250

# The graph is searched this widely: recall@100 of a small graph suffers below.
SEARCH_WIDTH = 200

# How often a query is widened when dead vectors crowd out the living.
WIDENINGS = 4

# After a failure the catalog answers for so long before Chroma is tried again.
RETRY_SECONDS = 30.0

ALIASES = 256

# Opening Chroma costs about a second; comparing the sentences of so many passages one by one costs
# a tenth of that at most.
QUICKLY_COMPARED = 4_000

_openings = itertools.count()
_import_lock = threading.Lock()


class VectorsError(Exception):
    """Chroma failed; the caller answers without it or builds it anew."""


def _deafen(settings: type[BaseSettings]) -> type[BaseSettings]:
    """The same settings, which hear neither ``.env`` nor the environment."""

    class Deaf(settings):  # type: ignore[valid-type, misc]
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            **_: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del settings_cls
            return (init_settings,)

    return Deaf


@lru_cache(maxsize=1)
def import_chromadb() -> ModuleType:
    """Import chromadb without letting it read ``.env`` or the environment.

    It makes its settings while it is imported, from unprefixed names: somebody's
    CHROMA_SERVER_NOFILE=abc would be a crash, their ALLOW_RESET=1 an accident.
    """
    with _import_lock:
        import pydantic_settings

        listening = pydantic_settings.BaseSettings
        vars(pydantic_settings)["BaseSettings"] = _deafen(listening)
        try:
            import chromadb
            import chromadb.config
            import chromadb.errors
        finally:
            vars(pydantic_settings)["BaseSettings"] = listening
    return chromadb


def _alias(path: Path) -> str:
    """Another way to write ``path``, each time.

    Within a process Chroma shares one open database between all clients of the same spelling, and
    it goes on showing what it has seen: a reader that reopens must not meet it again.
    """
    return f"{path}/" + "./" * (next(_openings) % ALIASES)


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    """Turn what Chroma and its Rust half raise into VectorsError."""
    chromadb = import_chromadb()
    known = (chromadb.errors.ChromaError, ValueError, TypeError, OSError, RuntimeError, LookupError)
    try:
        yield
    except known as error:
        raise VectorsError(str(error)) from error


class VectorStore:
    """One open Chroma folder; every method raises VectorsError when Chroma fails."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not (path / "chroma.sqlite3").is_file():
            raise VectorsError(f"{path} holds no vectors")
        with _translate_errors():
            chromadb = import_chromadb()

            # Deaf once more: somebody else may have imported chromadb before us.
            settings = _deafen(chromadb.config.Settings)(anonymized_telemetry=False)
            self._client = chromadb.PersistentClient(path=_alias(path), settings=settings)
            self._collection: Any = self._open_collection(create=create)

    def _open_collection(self, *, create: bool) -> object:
        if not create:
            return self._client.get_collection(COLLECTION, embedding_function=None)
        hnsw = {"space": "cosine", "ef_search": SEARCH_WIDTH}
        return self._client.get_or_create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
        )

    def put(self, batches: Iterable[tuple[list[str], Matrix]]) -> None:
        """Write batches of ids and vectors, each of at most BATCH_SIZE rows; replaces by id."""
        with _translate_errors():
            for ids, vectors in batches:
                self._collection.upsert(ids=ids, embeddings=vectors)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove the vectors of these ids; unknown ids are no error."""
        with _translate_errors():
            for start in range(0, len(ids), BATCH_SIZE):
                self._collection.delete(ids=list(ids[start : start + BATCH_SIZE]))

    def nearest(self, vector: Vector, number_of_hits: int) -> list[tuple[str, float]]:
        """(id, cosine), best first."""
        with _translate_errors():
            found = self._collection.query(
                query_embeddings=[vector], n_results=number_of_hits, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return [(name, 1.0 - float(distance)) for name, distance in pairs]

    def list_ids(self) -> set[str]:
        """Every id that is there, dead ones too."""
        with _translate_errors():
            return set(self._collection.get(include=[])["ids"])

    def load(self, ids: list[str]) -> dict[str, Vector]:
        """The vectors of these ids as Chroma has them."""
        with _translate_errors():
            found = self._collection.get(ids=ids, include=["embeddings"])
            return dict(zip(found["ids"], found["embeddings"], strict=True))

    def close(self) -> None:
        """Let go of the files."""
        with contextlib.suppress(VectorsError), _translate_errors():
            self._client.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    catalog: str | None
    generation: int
    store: VectorStore


class VectorIndex:
    """The read side: nearest sentences of a snapshot; safe to share between threads.

    Args:
        folder: the folder of the index.
        opens_late: the first question is answered from the catalog, exactly, unless the articles
            are many: who asks once does not wait for Chroma.

    Attributes:
        needs_repair: Chroma failed or was left unfinished; answers still come, from the catalog,
            and the next reindex repairs it.
    """

    def __init__(self, folder: Path, *, opens_late: bool = False) -> None:
        self.needs_repair = False
        self._may_wait = opens_late
        self._folder = folder
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._retry_at: dict[int, float] = {}

    def nearest(
        self, vector: Vector, number_of_hits: int, *, snapshot: Snapshot
    ) -> list[tuple[str, float]]:
        """Live sentences as (id, cosine), best first; at most ``number_of_hits``."""
        if number_of_hits < 1 or not snapshot.number_of_passages:
            return []
        with self._lock:
            if not self._waits(snapshot):
                try:
                    return self._ask(vector, number_of_hits, snapshot)
                except VectorsError as error:
                    self._fail(snapshot, error)
        return snapshot.nearest_sentences(vector, number_of_hits)

    def close(self) -> None:
        """Let go of Chroma's files; the next question opens them again."""
        with self._lock:
            self._close()

    def _waits(self, snapshot: Snapshot) -> bool:
        may_wait, self._may_wait = self._may_wait, False
        return may_wait and snapshot.number_of_passages <= QUICKLY_COMPARED

    def _ask(
        self, vector: Vector, number_of_hits: int, snapshot: Snapshot
    ) -> list[tuple[str, float]]:
        store = self._open(snapshot)
        wanted = number_of_hits
        for _ in range(WIDENINGS):
            found = store.nearest(vector, wanted)
            live = snapshot.find_sentences([name for name, _ in found])
            hits = [(name, cosine) for name, cosine in found if name in live]
            if len(hits) >= number_of_hits or len(found) < wanted:
                return hits[:number_of_hits]
            wanted *= 4
        return snapshot.nearest_sentences(vector, number_of_hits)

    def _open(self, snapshot: Snapshot) -> VectorStore:
        """The store for this snapshot: reopened when newer, as Chroma never sees others' writes.

        A torn store is not opened at all: that may crash, which nobody can catch.
        """
        opened = self._opened
        if opened and opened.catalog == snapshot.catalog:
            if opened.generation >= snapshot.generation:
                return opened.store
        elif opened:
            # Generations of another catalog say nothing of this one's.
            self._retry_at.clear()
        if time.monotonic() < self._retry_at.get(snapshot.generation, 0):
            raise VectorsError("it failed before")
        if snapshot.is_dirty or not snapshot.vector_folder:
            raise VectorsError("a writer is at work on it, or was stopped")
        self._close()
        path = vectors_path(self._folder, snapshot.vector_folder)
        if fingerprint(path) != snapshot.vector_files:
            raise VectorsError("its files are missing or damaged")
        store = VectorStore(path)
        self._opened = _Opened(
            catalog=snapshot.catalog, generation=snapshot.generation, store=store
        )
        self._retry_at.clear()
        self.needs_repair = False
        return store

    def _close(self) -> None:
        if self._opened:
            self._opened.store.close()
            self._opened = None

    def _fail(self, snapshot: Snapshot, error: VectorsError) -> None:
        self.needs_repair = True
        if snapshot.is_dirty or time.monotonic() < self._retry_at.get(snapshot.generation, 0):
            return
        logger.info("the vector index failed, the catalog answers instead: %s", error)
        self._retry_at[snapshot.generation] = time.monotonic() + RETRY_SECONDS
        self._close()
        with contextlib.suppress(OSError):
            repair_mark(self._folder).touch()
