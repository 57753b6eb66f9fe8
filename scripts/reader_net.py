"""The reader's network in torch, under the names that its weights have in the embedder's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from export_embedder import EPSILON, HEADS, LAYERS
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, INNER, PLACES = 384, 1536, 512


class Layer(nn.Module):
    """One layer of the encoder, under the names that its weights have in the embedder."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.attended = (nn.Linear(WIDTH, WIDTH) for _ in "qkva")
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm, self.outer_norm = (nn.LayerNorm(WIDTH, eps=EPSILON) for _ in "ab")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Attend over the tokens of the mask, then transform each by itself."""
        rows, length, _ = x.shape
        query, key, value = (
            part(x).view(rows, length, HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(rows, length, WIDTH)
        x = self.norm(x + self.attended(attended))
        result: Tensor = self.outer_norm(x + self.outer(functional.gelu(self.inner(x))))
        return result


class Reader(nn.Module):
    """MiniLM with three numbers a token and one a passage: start, end; answerable."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30_522, WIDTH)
        self.places, self.kinds = nn.Embedding(PLACES, WIDTH), nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.span = nn.Linear(WIDTH, 2)
        self.pool, self.answerable = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        self.words.weight.requires_grad_(requires_grad=False)

    def forward(self, ids: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``(rows, length, 2)`` and ``(rows,)`` logits; token 0 is padding."""
        mask = (ids > 0)[:, None, None, :]
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.kinds(kinds)
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, mask)
        pooled = torch.tanh(self.pool(x[:, 0]))
        return self.span(x).float(), self.answerable(pooled)[:, 0].float()


# What a part of the encoder is called in the embedder's file.
NAMES = {
    "words": "embeddings.word_embeddings",
    "places": "embeddings.position_embeddings",
    "kinds": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}
LAYER_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


def name_weight(own: str) -> str:
    """Return what the embedder calls a weight of the encoder; heads keep their names."""
    part, _, rest = own.partition(".")
    if part == "layers":
        number, name, kind = rest.split(".")
        return f"encoder.layer.{number}.{LAYER_NAMES[name]}.{kind}"
    return f"{NAMES.get(part, part)}.{rest}"


def open_reader(weights: Path) -> Reader:
    """Return the reader with the encoder of these weights, and heads that know nothing."""
    reader = Reader()
    known = load_file(weights)
    state = {own: known.get(name_weight(own), value) for own, value in reader.state_dict().items()}
    reader.load_state_dict(state)
    for head in (reader.span, reader.answerable):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    return reader
