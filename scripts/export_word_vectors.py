"""Write index/models/words.npy: a small vector for each piece of the tokenizer's vocabulary.

Each piece is embedded by the bundled model as if it were a text; the mean is taken away, the 128
strongest directions are kept, and the numbers are rounded to int8. Two words with near vectors
mean nearly the same ("troops", "soldiers"): ranking uses it for words that the question and the
article do not share. Needs nothing beyond the product's own environment:

    python scripts/export_word_vectors.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from index.embed import MODELS, MiniLM

DIRECTIONS = 128


def main() -> None:
    """Embed the vocabulary and write its strongest directions."""
    tokenizer = json.loads((MODELS / "tokenizer.json").read_text(encoding="utf-8"))
    pieces = sorted(tokenizer["model"]["vocab"].items(), key=lambda item: item[1])
    vectors = MiniLM().embed_texts([piece.removeprefix("##") for piece, _ in pieces])
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    kept = centred @ directions[:, ::-1][:, :DIRECTIONS]
    kept /= np.abs(kept).max(axis=1, keepdims=True)
    target = Path(MODELS) / "words.npy"
    np.save(target, np.round(kept * 127).astype(np.int8))
    print(f"{target.name}: {len(kept):,} pieces, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
