"""What the library can be told: one frozen value, made at the entry point and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where things are and which embedder to use.

    Attributes:
        corpus: the folder of articles.
        folder: where the index lives; safe to delete, it is rebuilt.
        embedding: "minilm" for the bundled model, or the dotted path of a LlamaIndex
            ``BaseEmbedding`` class.
        embedding_options: keyword arguments for that class; never in a repr, they may hold keys.
    """

    corpus: Path = Path("corpus")
    folder: Path = Path(".pullquote")
    embedding: str = "minilm"
    embedding_options: Mapping[str, object] = field(default_factory=dict, repr=False)
