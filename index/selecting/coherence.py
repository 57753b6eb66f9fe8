"""How alike the passages are that a question found.

Those that tell of its subject resemble each other; where the articles do not speak of it, what
comes nearest is a bit of everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Hit

PASSAGES = 5


def measure_coherence(hits: Sequence[Hit]) -> float:
    """The mean cosine between the first five passages, each the mean of its sentences."""
    import numpy as np

    number = min(len(hits), PASSAGES)
    if number <= 1:
        return 0.0
    means = np.stack([hit.passage.vectors.mean(axis=0) for hit in hits[:number]])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), np.float32(1e-6))
    # All pairs less each passage with itself.
    total = float(np.square(means.sum(axis=0)).sum() - np.square(means).sum())
    return total / (number * (number - 1))
