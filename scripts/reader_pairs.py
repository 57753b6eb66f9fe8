"""Pairs as tokens, read by the network, and how well it reads them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reader_net import Reader
    from tokenizers import Tokenizer
    from torch import Tensor

MAX_TOKENS = 256
NO_TOKEN = -1e4


# Training


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A pair as tokens; ``spans`` are the answers' first and last tokens."""

    ids: np.ndarray
    kinds: np.ndarray
    offsets: list[tuple[int, int]]
    spans: list[tuple[int, int]]
    pair: dict[str, Any]


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Read what ``reader_sets.py`` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def encode_pairs(pairs: list[dict[str, Any]], tokenizer: Tokenizer) -> list[Encoded]:
    """Encode the pairs; those whose answer lies beyond the window are left out."""
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    texts = [(pair["question"], pair["context"]) for pair in pairs]
    kept = []
    for pair, encoding in zip(pairs, tokenizer.encode_batch(texts), strict=True):
        kinds = np.array(encoding.type_ids, np.int64)
        passage = np.flatnonzero(kinds == 1)[:-1]
        offsets = encoding.offsets
        spans = [find_tokens(answer, passage, offsets) for answer in pair["answers"]]
        found = [span for span in spans if span]
        if bool(found) == bool(pair["answers"]):
            ids = np.array(encoding.ids, np.int64)
            kept.append(Encoded(ids=ids, kinds=kinds, offsets=offsets, spans=found, pair=pair))
    return kept


def find_tokens(
    answer: tuple[int, int], passage: np.ndarray, offsets: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the first and last token that touch a span of the passage."""
    touched = [n for n in passage if offsets[n][0] < answer[1] and offsets[n][1] > answer[0]]
    if not touched or offsets[touched[-1]][1] < answer[1]:
        return None
    return int(touched[0]), int(touched[-1])


def pad(rows: list[np.ndarray]) -> Tensor:
    """Return the rows as one tensor, as wide as the longest."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for target, row in zip(padded, rows, strict=True):
        target[: len(row)] = row
    return torch.from_numpy(padded)


def compute_logits(reader: Reader, batch: list[Encoded], device: str) -> tuple[Tensor, Tensor]:
    """Run the reader; what is neither [CLS] nor passage can be no start and no end."""
    ids, kinds = pad([pair.ids for pair in batch]), pad([pair.kinds for pair in batch])
    with torch.autocast(device, torch.bfloat16):
        spans, answerable = reader(ids.to(device), kinds.to(device))
    allowed = kinds.clone()
    for row, pair in zip(allowed, batch, strict=True):
        row[0], row[len(pair.ids) - 1] = 1, 0
    return spans.masked_fill((allowed == 0).to(device)[..., None], NO_TOKEN), answerable


def test_reader(reader: Reader, held: list[Encoded], device: str) -> dict[str, float]:
    """EM and F1 of the best span of answerable pairs; AUROC against each kind of the others."""
    found = list(read_all(reader, held, device))
    right = [(pair, text, score) for pair, text, score in found if pair["kind"] == "answerable"]
    golds = [[pair["context"][s:e] for s, e in pair["answers"]] for pair, _, _ in right]
    matches = [
        (max(map(normal(text).__eq__, map(normal, gold))), max(overlap(text, g) for g in gold))
        for (_, text, _), gold in zip(right, golds, strict=True)
    ]
    figures = {
        "exact": float(np.mean([exact for exact, _ in matches])),
        "f1": float(np.mean([f1 for _, f1 in matches])),
    }
    scores = np.array([score for _, _, score in right])
    for kind in sorted({pair["kind"] for pair, _, _ in found} - {"answerable"}):
        others = np.array([score for pair, _, score in found if pair["kind"] == kind])
        figures[f"auroc, {kind}"] = area_under_curve(scores, others)
    return {name: round(value, 4) for name, value in figures.items()}


@torch.no_grad()
def read_all(
    reader: Reader, pairs: list[Encoded], device: str
) -> Iterator[tuple[dict[str, Any], str, float]]:
    """Yield each pair with its best span's text and how surely it is answered."""
    reader.eval()
    order = sorted(pairs, key=lambda pair: len(pair.ids))
    for start in range(0, len(order), 16):
        batch = order[start : start + 16]
        spans, answerable = compute_logits(reader, batch, device)
        for pair, logits, logit in zip(
            batch, spans.cpu().numpy(), answerable.tolist(), strict=True
        ):
            (first, last), score = find_best(logits)
            text = pair.pair["context"][pair.offsets[first][0] : pair.offsets[last][1]]
            yield pair.pair, text, logit + (score - float(logits[0].sum())) / 2
    reader.train()


def find_best(logits: np.ndarray) -> tuple[tuple[int, int], float]:
    """Return the best span that is not [CLS], of at most 30 tokens, and its score."""
    length = len(logits)
    scores = logits[:, None, 0] + logits[None, :, 1]
    allowed = np.triu(np.ones((length, length), bool)) & ~np.triu(
        np.ones((length, length), bool), 30
    )
    allowed[0] = False
    scores = np.where(allowed, scores, -np.inf)
    first, last = divmod(int(scores.argmax()), length)
    return (first, last), float(scores[first, last])


def normal(text: str) -> str:
    """Return the text as SQuAD compares it: no case, marks, articles."""
    kept = "".join(c if c.isalnum() or c.isspace() else "" for c in text.lower())
    return " ".join(word for word in kept.split() if word not in {"a", "an", "the"})


def overlap(text: str, gold: str) -> float:
    """Return the F1 of the words of two texts."""
    words, golds = normal(text).split(), normal(gold).split()
    common = sum(min(words.count(word), golds.count(word)) for word in set(words))
    return 2 * common / (len(words) + len(golds)) if common else float(words == golds)


def area_under_curve(right: np.ndarray, wrong: np.ndarray) -> float:
    """Return the probability that a right one stands above a wrong one (AUROC)."""
    ranks = np.concatenate([right, wrong]).argsort().argsort()[: len(right)] + 1
    return float((ranks.sum() - len(right) * (len(right) + 1) / 2) / (len(right) * len(wrong)))
