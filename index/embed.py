"""Texts → vectors: the bundled MiniLM on onnxruntime, or any LlamaIndex embedding by name.

Every vector has unit length, so that a dot product is a cosine. What is embedded is the text with
its white space folded; ``text_hash`` names exactly that, so a vector kept under it stays good.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from index.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from index.settings import Settings
    from index.types import Article, Matrix, Passage, Vector

MODELS = Path(__file__).parent / "models"
MODEL, TOKENIZER, SUMS = "minilm.onnx", "tokenizer.json", "SHA256SUMS"

# The model was trained on at most 256 tokens; what lies beyond is cut.
MAX_TOKENS = 256
DIMENSIONS = 384

# No 256 tokens of news are longer than this; without it, a text of megabytes is tokenised whole.
MAX_CHARACTERS = 16_384

# Rows a run of the model: more makes short rows wait for long ones and falls out of the cache.
BATCH_SIZE = 8

_SURROGATE = re.compile("[\ud800-\udfff]")


class Embedder(Protocol):
    """Texts → vectors of unit length."""

    @property
    def name(self) -> str:
        """Changes whenever the vectors would: kept vectors are good under the same name only."""

    @property
    def dimensions(self) -> int:
        """How long a vector is."""

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        """Return float32 ``(len(texts), dimensions)``; raise EmbedderError."""

    def embed_question(self, question: str) -> Vector:
        """Return float32 ``(dimensions,)``; raise EmbedderError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedArticle:
    """An article with its passages; ``vectors`` has one row a sentence, over all passages."""

    article: Article
    passages: tuple[Passage, ...]
    vectors: Matrix = field(repr=False, compare=False)


def replace_surrogates(text: str) -> str:
    """Return ``text``, as long as it was, with a stand-in for what no encoding can carry."""
    return _SURROGATE.sub("\ufffd", text)


def fold_text(text: str) -> str:
    """Return ``text`` as it is embedded: white space folded, lone surrogates replaced."""
    return replace_surrogates(" ".join(text.split()))


def text_hash(text: str) -> str:
    """Return 32 hexadecimal digits that name the folded text."""
    return hashlib.sha256(fold_text(text).encode()).hexdigest()[:32]


def import_onnxruntime() -> ModuleType:
    """Import onnxruntime without its telemetry: the one place that does."""
    # Since 1.31 it phones home on Linux unless this stands before the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    return importlib.import_module("onnxruntime")


def available_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class MiniLM:
    """all-MiniLM-L6-v2, int8, on onnxruntime; loaded when first used; good for many threads.

    Args:
        threads: batches embedded side by side; None for the cores this process may use.
        folder: where the model, its tokenizer and their SHA256SUMS lie.
    """

    dimensions = DIMENSIONS

    def __init__(self, *, threads: int | None = None, folder: Path = MODELS) -> None:
        self._threads = threads or available_cores()
        self._folder = folder
        self._loading = Lock()

    @cached_property
    def name(self) -> str:
        """The model with the digest of its files."""
        sums = "".join(f"{name}{digest}" for name, digest in sorted(self._digests.items()))
        return f"all-MiniLM-L6-v2-int8@{hashlib.sha256(sums.encode()).hexdigest()[:16]}"

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        """Return float32 ``(len(texts), 384)``, unit length; raise EmbedderError."""
        import numpy as np

        tokenizer, session = self._loaded()
        folded = [fold_text(text)[:MAX_CHARACTERS] for text in texts]
        rows = [encoding.ids for encoding in tokenizer.encode_batch_fast(folded)]
        vectors = np.empty((len(rows), DIMENSIONS), np.float32)

        def embed_batch(batch: list[int]) -> None:
            tokens = _pad([rows[row] for row in batch])
            vectors[batch] = session.run(None, {"input_ids": tokens})[0]

        # Texts of like length share a batch; the longest go first, so that no thread ends late.
        by_length = sorted(range(len(rows)), key=lambda row: len(rows[row]), reverse=True)
        starts = range(0, len(rows), BATCH_SIZE)
        self._each(embed_batch, [by_length[start : start + BATCH_SIZE] for start in starts])
        return vectors

    def embed_question(self, question: str) -> Vector:
        """Return float32 ``(384,)``, unit length; raise EmbedderError."""
        vector: Vector = self.embed_texts([question])[0]
        return vector

    def _each(self, embed_batch: Callable[[list[int]], None], batches: Sequence[list[int]]) -> None:
        """Embed the batches side by side: a run of the model lets go of the interpreter."""
        threads = min(self._threads, len(batches))
        if threads <= 1:
            for batch in batches:
                embed_batch(batch)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(embed_batch, batches))

    def _loaded(self) -> tuple[Tokenizer, InferenceSession]:
        with self._loading:
            return self._tools

    @cached_property
    def _tools(self) -> tuple[Tokenizer, InferenceSession]:
        for name, digest in self._digests.items():
            self._check(name, digest)
        return open_tokenizer(self._folder / TOKENIZER), open_session(self._folder / MODEL)

    @cached_property
    def _digests(self) -> dict[str, str]:
        """The SHA-256 of each file, as SHA256SUMS states it."""
        try:
            lines = (self._folder / SUMS).read_text(encoding="ascii").splitlines()
        except (OSError, ValueError) as error:
            raise _unusable(self._folder / SUMS, "missing or unreadable") from error
        stated = dict(line.split("  ")[::-1] for line in lines if line.count("  ") == 1)
        if stated.keys() != {MODEL, TOKENIZER}:
            raise _unusable(self._folder / SUMS, "damaged")
        return stated

    def _check(self, name: str, digest: str) -> None:
        # A flipped bit would not stop the model from loading: it would give other vectors.
        try:
            with (self._folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unusable(self._folder / name, "missing or unreadable") from error
        if found != digest:
            raise _unusable(self._folder / name, "damaged")


def _unusable(path: Path, why: str) -> EmbedderError:
    return EmbedderError(f"the embedding model's file {path} is {why}: reinstall pullquote")


@lru_cache(maxsize=1)
def open_tokenizer(path: Path) -> Tokenizer:
    """Open the tokenizer in this file; once for all who split words with it."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_TOKENS)
    # An article that writes "[SEP]" means the word.
    tokenizer.encode_special_tokens = True
    return tokenizer


def open_session(path: Path) -> InferenceSession:
    """Open the model in this file, for many threads that run it side by side."""
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # One thread a run, many runs side by side: no thread waits for another within a layer.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Every batch has a shape of its own: memory planned for one is no use to the next.
    options.enable_mem_pattern = False
    # The graph was fused when it was exported: optimising it again only costs time.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _pad(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    """Return the rows as one array, as wide as the longest; the model leaves out token 0."""
    import numpy as np

    tokens = np.zeros((len(rows), max(map(len, rows))), np.int32)
    for padded, row in zip(tokens, rows, strict=True):
        padded[: len(row)] = row
    return tokens


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name; the bundled one opens its files when first used.

    Raises:
        SettingsError: the name is neither "minilm" nor that of a LlamaIndex embedding.
        EmbedderError: the embedding refuses to be made.
    """
    if settings.embedding == "minilm":
        return MiniLM()
    from index.embedding.foreign import open_foreign

    return open_foreign(settings.embedding, settings.embedding_options)
