"""What the library can be told: one frozen value, made at the entry point and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class WriterSettings:
    """Which language model writes around the quotes.

    Attributes:
        model: "ollama/…", "openai/…", "anthropic/…", or the address of a server that speaks as
            OpenAI's does, with the model behind a "#" where it has several.
        address: of the server, where it is not the usual one.
        key: lets us in; never in a repr, a line or a log.
        key_setting: the name of the setting that holds the key, for lines that people read.
        seconds: how long its prose is waited for, retries included.
    """

    model: str
    address: str = ""
    key: str = field(default="", repr=False)
    key_setting: str = ""
    seconds: float = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where things are and which models to use.

    Attributes:
        corpus: the folder of articles.
        folder: where the index lives; safe to delete, it is rebuilt.
        embedding: "minilm" for the bundled model, or the dotted path of a LlamaIndex
            ``BaseEmbedding`` class.
        embedding_options: keyword arguments for that class; never in a repr, they may hold keys.
        reads: whether the best passages are read closely; else the ranker alone decides, which is
            quicker and not as good.
        writer: the language model that writes around the quotes; None for quotes alone.
    """

    corpus: Path = Path("corpus")
    folder: Path = Path(".pullquote")
    embedding: str = "minilm"
    embedding_options: Mapping[str, object] = field(default_factory=dict, repr=False)
    reads: bool = True
    writer: WriterSettings | None = None
