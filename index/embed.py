"""Texts → vectors: the bundled MiniLM on onnxruntime, or any LlamaIndex embedding by name.

Every vector has unit length, so that a dot product is a cosine. What is embedded is the text with
its white space folded; ``text_hash`` names exactly that, so a vector kept under it stays good.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from index.settings import Settings
    from index.types import Article, Matrix, Passage, Vector

MODELS = Path(__file__).parent / "models"

# The model was trained on at most 256 tokens; what lies beyond is cut.
MAX_TOKENS = 256
DIMENSIONS = 384

# Rows a run of the model: more makes short rows wait for long ones and falls out of the cache.
BATCH_SIZE = 8

_SURROGATE = re.compile("[\ud800-\udfff]")


class Embedder(Protocol):
    """Texts → vectors of unit length.

    Attributes:
        name: changes whenever the vectors would: kept vectors are good only under the same name.
        dimensions: the length of a vector.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

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
    import onnxruntime

    return onnxruntime


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
        self._lock = Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    @property
    def name(self) -> str:
        """The model with the digest of its files."""
        try:
            sums = (self._folder / "SHA256SUMS").read_bytes()
        except OSError as error:
            raise self._unusable(error) from error
        return f"all-MiniLM-L6-v2-int8@{hashlib.sha256(sums).hexdigest()[:16]}"

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        """Return float32 ``(len(texts), 384)``, unit length; raise EmbedderError."""
        import numpy as np

        self._load()
        rows = [encoding.ids for encoding in self._encode(texts)]
        by_length = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        batches = [
            by_length[start : start + BATCH_SIZE] for start in range(0, len(rows), BATCH_SIZE)
        ]
        vectors = np.empty((len(rows), DIMENSIONS), np.float32)

        def embed_batch(batch: list[int]) -> None:
            vectors[batch] = self._run([rows[row] for row in batch])

        self._each(embed_batch, batches)
        return vectors

    def embed_question(self, question: str) -> Vector:
        """Return float32 ``(384,)``, unit length; raise EmbedderError."""
        vector: Vector = self.embed_texts([question])[0]
        return vector

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        encodings: list[Any] = self._tokenizer.encode_batch_fast([fold_text(t) for t in texts])
        return encodings

    def _run(self, rows: list[list[int]]) -> Matrix:
        import numpy as np

        # Token 0 is padding: the model masks it itself.
        tokens = np.zeros((len(rows), max(map(len, rows))), np.int32)
        for row, ids in zip(tokens, rows, strict=True):
            row[: len(ids)] = ids
        vectors: Matrix = self._session.run(None, {"input_ids": tokens})[0]
        return vectors

    def _each(self, embed_batch: Any, batches: list[list[int]]) -> None:
        """Embed the batches side by side: a run of the model lets go of the interpreter."""
        if len(batches) < 2 or self._threads < 2:
            for batch in batches:
                embed_batch(batch)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(self._threads, len(batches))) as pool:
            for _ in pool.map(embed_batch, reversed(batches)):
                pass

    def _load(self) -> None:
        with self._lock:
            if self._session is None:
                self._tokenizer = self._open_tokenizer()
                self._session = self._open_session()

    def _open_tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.encode_special_tokens = True
        return tokenizer

    def _open_session(self) -> Any:
        onnxruntime = import_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The graph was fused when it was exported: optimising it again only costs time.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return onnxruntime.InferenceSession(
            str(self._folder / "minilm.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def _unusable(self, error: Exception) -> EmbedderError:
        return EmbedderError(
            f"the embedding model in {self._folder} cannot be loaded: reinstall pullquote ({error})"
        )


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name.

    Raises:
        SettingsError: the name is not "minilm" nor that of a LlamaIndex embedding.
        EmbedderError: the embedding refuses to be made.
    """
    if settings.embedding == "minilm":
        return MiniLM()
    from index.foreign import open_foreign

    return open_foreign(settings.embedding, settings.embedding_options)
