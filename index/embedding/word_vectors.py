"""Words → small vectors that lie close for words of like meaning ("troops", "soldiers").

The table is made by ``scripts/export_word_vectors.py`` from the bundled model; a word of several
pieces is their mean.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from index.embed import MODELS, TOKENIZER, open_tokenizer, replace_surrogates
from index.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Matrix, Vector

# A word with an ending: two pieces, of which the first is a word by itself and not too short.
WITH_ENDING, SHORTEST_STEM = 2, 4
UNKNOWN = "[UNK]"

# How many words are remembered: about 35 MB when full.
REMEMBERED = 65_536


class WordVectors:
    """Looks words up; loaded when first used; good for many threads.

    Args:
        folder: where ``words.npy`` and ``tokenizer.json`` lie.
    """

    def __init__(self, folder: Path = MODELS) -> None:
        self._folder = folder
        self._lock = Lock()
        self._table: Any = None
        self._tokenizer: Any = None
        self._known: dict[str, Vector] = {}

    def look_up(self, words: Sequence[str]) -> Matrix:
        """Return float32 ``(len(words), 128)``, unit length; words are compared in lower case.

        Raises:
            EmbedderError: the table cannot be read.
        """
        import numpy as np

        known = self._known
        if not all(word in known for word in words):
            known = self._learn(words)
        if not words:
            return np.zeros((0, self._table.shape[1] if self._table is not None else 128), "f4")
        return np.concatenate([known[word] for word in words]).reshape(len(words), -1)

    def knows(self, word: str) -> bool:
        """Whether ``word`` is an ordinary one, or one with an ending, in the model's vocabulary."""
        with self._lock:
            self._load()
            pieces = self._tokenizer.encode(
                replace_surrogates(word.lower()), add_special_tokens=False
            ).tokens
            if len(pieces) == 1:
                return bool(pieces[0] != UNKNOWN)
            return len(pieces) == WITH_ENDING and len(pieces[0]) >= SHORTEST_STEM

    def _learn(self, words: Sequence[str]) -> dict[str, Vector]:
        """What is known, with these words in it; nobody takes a word out of it again."""
        with self._lock:
            self._load()
            if len(self._known) + len(words) > REMEMBERED:
                self._known = {}
            missing = [word for word in dict.fromkeys(words) if word not in self._known]
            if missing:
                self._known.update(zip(missing, self._compute(missing), strict=True))
            return self._known

    def _compute(self, words: Sequence[str]) -> Matrix:
        import numpy as np

        pieces = [self._split(replace_surrogates(word.lower())) for word in words]
        vectors = np.zeros((len(words), self._table.shape[1]), np.float32)
        filled = [row for row, ids in enumerate(pieces) if ids]
        if filled:
            starts = np.cumsum([0, *(len(pieces[row]) for row in filled[:-1])])
            parts = self._table[[number for ids in pieces for number in ids]]
            vectors[filled] = np.add.reduceat(parts.astype(np.float32), starts)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Matrix = vectors / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _split(self, word: str) -> list[int]:
        """The numbers of a word's pieces."""
        # Most words are one piece, which is told twenty times sooner than by splitting them.
        if word.isascii() and word.isalnum():
            number = self._tokenizer.token_to_id(word)
            if number is not None:
                return [number]
        ids: list[int] = self._tokenizer.encode(word, add_special_tokens=False).ids
        return ids

    def _load(self) -> None:
        if self._table is not None:
            return
        import numpy as np

        try:
            self._tokenizer = open_tokenizer(self._folder / TOKENIZER)
            # Still mapped: only the class goes, which makes every slice of it slow.
            self._table = np.load(self._folder / "words.npy", mmap_mode="r").view(np.ndarray)
        except (OSError, ValueError) as error:
            line = f"the word vectors in {self._folder} cannot be loaded: reinstall pullquote"
            raise EmbedderError(f"{line} ({error})") from error
