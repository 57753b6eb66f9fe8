"""A small corpus to index, and an embedder quick enough to index it hundreds of times."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from index.reindex import Progress, Summary, reindex
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from index.types import Matrix, Vector


@dataclass
class HashEmbedder:
    """Equal texts get equal vectors, different texts nearly perpendicular ones."""

    name: str = "hash@1"
    dimensions: int = 32
    embedded: list[str] = field(default_factory=list)

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        self.embedded += texts
        rows = [self.embed_question(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimensions)

    def embed_question(self, question: str) -> Vector:
        seed = hashlib.sha256(f"{self.name} {question}".encode()).digest()
        vector = np.random.default_rng(list(seed)).normal(size=self.dimensions)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def write_article(corpus: Path, name: str, *, edition: int = 1, sentences: int = 6) -> Path:
    """Write an article whose every sentence names its edition."""
    corpus.mkdir(parents=True, exist_ok=True)
    stem = name.partition(".")[0].replace("-", " ")
    body = [
        f"The council of {stem} approved plan {number} in the spring of edition{edition}."
        for number in range(1, sentences + 1)
    ]
    paragraphs = [" ".join(body[start : start + 2]) for start in range(0, len(body), 2)]
    path = corpus / name
    path.write_text("\n\n".join([f"Council of {stem} votes", *paragraphs]) + "\n")
    return path


def settings_in(folder: Path) -> Settings:
    return Settings(corpus=folder / "corpus", folder=folder / "index")


def copy_shelf(original: Settings, folder: Path) -> Settings:
    """The same articles and index in ``folder``, for a test to damage."""
    settings = settings_in(folder)
    shutil.copytree(original.corpus, settings.corpus)
    shutil.copytree(original.folder, settings.folder)
    return settings


def run_reindex(
    settings: Settings, embedder: HashEmbedder | None = None, *, wait: float = 0
) -> tuple[Summary, list[Progress]]:
    """Reindex to the end: the summary and every step on the way."""
    return run_steps(reindex(settings, embedder or HashEmbedder(), wait=wait))


def run_steps(run: Generator[Progress, None, Summary]) -> tuple[Summary, list[Progress]]:
    """Run a reindex, a repair or a rebuild to its end."""
    steps: list[Progress] = []
    while True:
        try:
            steps.append(next(run))
        except StopIteration as stop:
            return stop.value, steps
