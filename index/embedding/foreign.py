"""Any LlamaIndex embedding as an embedder of ours, opened by the dotted path of its class.

Nothing falls back: no global setting of LlamaIndex is read, so a mistake is an error and never a
call to somebody's API.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.embed import fold_text
from index.errors import EmbedderError, PullquoteError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from llama_index.core.base.embeddings.base import BaseEmbedding

    from index.embed import Embedder
    from index.types import Matrix, Vector

# Options that let someone in and leave the vectors as they are.
_SECRET = re.compile(r"key|token|secret|password|header|credential", re.IGNORECASE)


def open_foreign(path: str, options: Mapping[str, object]) -> Embedder:
    """Make the LlamaIndex embedding at the dotted ``path`` with ``options``.

    Raises:
        SettingsError: there is no such class, or it does not take these options.
        EmbedderError: it refuses to be made.
    """
    embedding: Callable[..., BaseEmbedding] = _find_class(path)
    with _OneLine(f"the embedding {path} cannot be made"):
        try:
            model = embedding(**options)
        except (TypeError, ValueError) as error:
            raise SettingsError(
                f"the embedding {path} does not take its options: {_line(error)}"
            ) from error
    return ForeignEmbedder(model, name=_name(path, model.model_name, options))


def _find_class(path: str) -> type[BaseEmbedding]:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    module, _, name = path.rpartition(".")
    if not module:
        raise SettingsError(
            f'there is no embedding "{path}": use "minilm" or the dotted path of a LlamaIndex '
            "embedding class"
        )
    try:
        with _OneLine(f"the embedding {path} cannot be imported"):
            found = getattr(importlib.import_module(module), name, None)
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"the embedding {path} cannot be imported: install its package or correct its path"
            f" ({_line(error)})"
        ) from error
    if not (isinstance(found, type) and issubclass(found, BaseEmbedding)):
        raise SettingsError(f"{path} is not a LlamaIndex embedding class: correct the setting")
    return found


def _name(path: str, model: str, options: Mapping[str, object]) -> str:
    """Return a name that changes with every option that may change the vectors."""
    telling = {key: value for key, value in options.items() if not _SECRET.search(key)}
    content = json.dumps(telling, sort_keys=True, default=repr)
    return f"{path}/{model}@{hashlib.sha256(content.encode()).hexdigest()[:16]}"


class ForeignEmbedder:
    """A LlamaIndex embedding as an embedder of ours.

    Args:
        model: the embedding.
        name: says which one, with the options that change its vectors.
    """

    def __init__(self, model: BaseEmbedding, *, name: str) -> None:
        self.name = name
        self._model = model

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector, as the model shows it on a first question."""
        return len(self.embed_question("How long is a vector?"))

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        """Return float32 ``(len(texts), dimensions)``, unit length; raise EmbedderError."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with _OneLine(f"the embedding {self.name} failed"):
            rows = self._model.get_text_embedding_batch([fold_text(text) for text in texts])
            return self._unit_rows(rows, len(texts))

    def embed_question(self, question: str) -> Vector:
        """Return float32 ``(dimensions,)``, unit length; raise EmbedderError."""
        with _OneLine(f"the embedding {self.name} failed"):
            row = self._model.get_query_embedding(fold_text(question))
            vector: Vector = self._unit_rows([row], 1)[0]
            return vector

    def _unit_rows(self, rows: Sequence[Sequence[float]], expected: int) -> Matrix:
        matrix = np.asarray(rows, np.float32)
        lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
        if matrix.shape != (expected, matrix.shape[-1]) or not np.isfinite(lengths).all():
            raise EmbedderError(
                f"the embedding {self.name} did not return one vector of numbers a text"
            )
        if not np.all(lengths > 0):
            raise EmbedderError(f"the embedding {self.name} returned an empty vector for a text")
        unit: Matrix = matrix / lengths
        return unit


class _OneLine:
    """A context that turns whatever a foreign class raises into one line, with its cause."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        known = (PullquoteError, ImportError)
        if isinstance(error, Exception) and not isinstance(error, known):
            raise EmbedderError(f"{self._what}: {_line(error)}") from error


def _line(error: Exception) -> str:
    """What the error says, as one line without the values that were given."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        details = error.errors(include_input=False, include_url=False)
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in details)
    return " ".join(str(error).split())[:200] or type(error).__name__
