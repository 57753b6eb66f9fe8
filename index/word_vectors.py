"""Words → small vectors that lie close for words of like meaning ("troops", "soldiers").

The table is made by ``scripts/export_word_vectors.py`` from the bundled model; a word of several
pieces is their mean.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from index.embed import MODELS, replace_surrogates
from index.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Matrix, Vector

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

        missing = [word for word in dict.fromkeys(words) if word not in self._known]
        if missing:
            self._learn(missing)
        known = self._known
        if not words:
            return np.zeros((0, self._table.shape[1] if self._table is not None else 128), "f4")
        return np.concatenate([known[word] for word in words]).reshape(len(words), -1)

    def _learn(self, words: Sequence[str]) -> None:
        import numpy as np

        with self._lock:
            self._load()
            if len(self._known) + len(words) > REMEMBERED:
                self._known = {}
            lowered = [replace_surrogates(word.lower()) for word in words]
            encodings = self._tokenizer.encode_batch_fast(lowered, add_special_tokens=False)
            for word, encoding in zip(words, encodings, strict=True):
                vector = self._table[encoding.ids].sum(axis=0, dtype=np.float32)
                length = float(np.sqrt(vector @ vector))
                self._known[word] = vector / length if length else vector

    def _load(self) -> None:
        if self._table is not None:
            return
        import numpy as np
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            self._tokenizer.encode_special_tokens = True
            # Still mapped: only the class goes, which makes every slice of it slow.
            self._table = np.load(self._folder / "words.npy", mmap_mode="r").view(np.ndarray)
        except (OSError, ValueError) as error:
            line = f"the word vectors in {self._folder} cannot be loaded: reinstall pullquote"
            raise EmbedderError(f"{line} ({error})") from error
