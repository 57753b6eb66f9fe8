"""Export what ``train_reader.py`` trained to the ONNX file that the product reads with.

    pip install "onnx>=1.17" onnxruntime      # beside what train_reader.py needs
    python scripts/export_reader.py --run ../reader/run --data ../reader/data

Writes ``reader.onnx`` and ``reader.json`` to index/models: the graph as ``export_embedder.py``
writes the embedder's, with the kinds of tokens and the two heads, and the constants that turn its
scores into probabilities. Those are fitted on topics that were not trained on. The log of the
training goes to docs. Prints how far int8 is from fp32.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from export_embedder import (
    EPSILON,
    LAYERS,
    MODELS,
    NORM,
    Array,
    Graph,
    Linear,
    add_fp32,
    add_int8,
    add_layer,
    find_weights,
)
from onnx import TensorProto, helper
from reader_net import name_weight
from reader_pairs import (
    MAX_TOKENS,
    NO_TOKEN,
    Encoded,
    area_under_curve,
    encode_pairs,
    find_best,
    normal,
    overlap,
    read_pairs,
)
from tokenizers import Tokenizer

MICROSOFT = "com.microsoft"
LOG = Path(__file__).parent.parent / "docs" / "reader_training.json"
# Pairs that show how far each channel reaches.
RANGED = 64


def read_weights(runs: list[Path]) -> dict[str, Array]:
    """Return the trained weights under the embedder's names: of several runs, their mean."""
    states = [
        torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["reader"]
        for run in runs
    ]
    return {
        name_weight(own): torch.stack([state[own].float() for state in states]).mean(0).numpy()
        for own in states[0]
    }


# The graph


def add_embeddings(graph: Graph, *, int8: bool) -> str:
    """Add words, places and kinds of token; return what enters layer 0."""
    ids, weights = "input_ids", graph.weights
    words = weights["embeddings.word_embeddings.weight"]
    if int8:
        scale = (np.abs(words).max(1, keepdims=True) / 127).astype(np.float32)
        table = graph.constant("words", np.rint(words / scale).astype(np.int8))
        steps = graph.add("Cast", graph.add("Gather", table, ids), to=TensorProto.FLOAT)
        x = graph.add("Mul", steps, graph.add("Gather", graph.constant("words.scale", scale), ids))
    else:
        x = graph.add("Gather", graph.constant("words", words), ids)
    places = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    zero = graph.constant("zero", np.zeros(1, np.int64))
    length = graph.add("Shape", ids, start=1, end=2)
    x = graph.add("Add", x, graph.add("Slice", graph.constant("places", places), zero, length))
    kinds = graph.constant("token_kinds", weights["embeddings.token_type_embeddings.weight"])
    x = graph.add("Add", x, graph.add("Gather", kinds, "kinds"))
    norm = [graph.constant(f"norm.{n}", weights[f"embeddings.LayerNorm.{n}"]) for n in NORM]
    return graph.add("LayerNormalization", x, *norm, epsilon=EPSILON, axis=-1)


def build(
    weights: Mapping[str, Array], linear: Mapping[int, Linear], *, int8: bool
) -> tuple[onnx.ModelProto, Graph]:
    """Return the model, each layer's products added by its own ``linear``."""
    graph = Graph(weights=weights)
    padding = graph.constant("padding", np.array(0, np.int32))
    mask = graph.add("Cast", graph.add("Greater", "input_ids", padding), to=TensorProto.INT32)
    x = add_embeddings(graph, int8=int8)
    for number in range(LAYERS):
        x = add_layer(graph, f"encoder.layer.{number}", x, mask, linear[number])

    # The heads are small and what they say is what is told: they stay as they were trained.
    spans = add_fp32(graph, x, "span", weights["span.weight"].T, weights["span.bias"])
    first = graph.add("Gather", x, graph.constant("first", np.zeros(1, np.int64)), axis=1)
    pooled = add_fp32(graph, first, "pool", weights["pool.weight"].T, weights["pool.bias"])
    pooled = graph.add("Tanh", pooled)
    head = weights["answerable.weight"].T, weights["answerable.bias"]
    answerable = add_fp32(graph, pooled, "answerable", *head)
    single = graph.constant("single", np.array([1, 2]))
    answerable = graph.add("Squeeze", answerable, single)
    return close(graph, {"spans": spans, "answerable": answerable}), graph


def close(graph: Graph, outputs: Mapping[str, str]) -> onnx.ModelProto:
    """Close the graph under the names of its outputs."""
    shapes: dict[str, list[str | int]] = {
        "spans": ["batch", "length", 2],
        "answerable": ["batch"],
    }
    for name, tensor in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [tensor], [name]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
        for name in ("input_ids", "kinds")
    ]
    results = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    ]
    constants = list(graph.constants.values())
    onnx_graph = helper.make_graph(graph.nodes, "reader", inputs, results, constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(onnx_graph, opset_imports=opsets, ir_version=9)


def open_session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """Open a model that is not on disk."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def measure_ranges(weights: Mapping[str, Array], pairs: list[Encoded]) -> dict[str, Array]:
    """Return the largest magnitude of every channel that enters each linear layer."""
    model, graph = build(weights, dict.fromkeys(range(LAYERS), add_fp32), int8=False)
    names = [name for name in graph.linear_inputs if name.startswith("encoder")]
    tensors = [graph.linear_inputs[name] for name in names]
    for tensor in tensors:
        model.graph.output.append(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None))
    session = open_session(model)
    ranges = {name: np.zeros(1, np.float32) for name in names}
    for pair in pairs:
        for name, values in zip(names, session.run(tensors, feed(pair)), strict=True):
            ranges[name] = np.maximum(ranges[name], np.abs(values).max((0, 1)))
    return ranges


def feed(pair: Encoded) -> dict[str, np.ndarray]:
    """Return a pair as the model takes it."""
    return {"input_ids": pair.ids[None].astype("i4"), "kinds": pair.kinds[None].astype("i4")}


# Agreement and calibration


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a model finds in one pair: the best span's text, and the two scores of the passage."""

    text: str
    answerable: float
    ahead: float


def read(model: onnx.ModelProto, pairs: list[Encoded]) -> list[Found]:
    """Read the pairs, one at a time as the product does."""
    session, found = open_session(model), []
    for pair in pairs:
        logits, answerable = session.run(None, feed(pair))
        inside = np.where(pair.kinds[:, None] == 1, logits[0], NO_TOKEN)
        inside[-1] = NO_TOKEN
        (first, last), best = find_best(inside)
        text = pair.pair["context"][pair.offsets[first][0] : pair.offsets[last][1]]
        ahead = (best - float(logits[0, 0].sum())) / 2
        found.append(Found(text=text, answerable=float(answerable[0]), ahead=ahead))
    return found


def compare(model: onnx.ModelProto, exact: onnx.ModelProto, pairs: list[Encoded]) -> None:
    """Print how often int8 and fp32 find the same span, and how good each is."""
    both = [read(each, pairs) for each in (model, exact)]
    same = np.mean([one.text == other.text for one, other in zip(*both, strict=True)])
    print(f"{same:.2%} of {len(pairs)} spans are the same in int8 and fp32")
    for name, found in zip(("int8", "fp32"), both, strict=True):
        figures = []
        scores = np.array([one.answerable + one.ahead for one in found])
        held = np.array([bool(pair.spans) for pair in pairs])
        for pair, one in zip(pairs, found, strict=True):
            golds = [pair.pair["context"][start:end] for start, end in pair.pair["answers"]]
            if golds:
                right = normal(one.text) in map(normal, golds)
                figures.append((right, max(overlap(one.text, gold) for gold in golds)))
        exactly, f1 = np.mean(figures, axis=0)
        area = area_under_curve(scores[held], scores[~held])
        print(f"{name}: EM {exactly:.2%}, F1 {f1:.2%}, AUROC {area:.4f}")


def fit_calibration(scores: np.ndarray, kinds: list[str]) -> dict[str, float]:
    """Fit a logistic regression by Newton's steps; rounded to be read.

    Pairs with an answer weigh as much as those without, and of these each kind as much as another.
    """
    labels = np.array([kind == "answerable" for kind in kinds], float)
    counts, others = Counter(kinds), len(set(kinds)) - 1
    shares = [1.0 if kind == "answerable" else 1 / others for kind in kinds]
    trust = np.array([share / counts[kind] for share, kind in zip(shares, kinds, strict=True)])
    trust *= len(kinds) / 2
    columns = np.hstack([scores, np.ones((len(scores), 1))])
    weights = np.zeros(3)
    for _ in range(50):
        likely = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (trust * (labels - likely)) - 1e-3 * weights
        curvature = (
            columns * (trust * likely * (1 - likely))[:, None]
        ).T @ columns + 1e-3 * np.eye(3)
        weights += np.linalg.solve(curvature, slope)
    names = ("answerable", "ahead", "intercept")
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def write_settings(folder: Path, calibration: dict[str, float], more: dict[str, Any]) -> None:
    """Write ``reader.json``."""
    digest = hashlib.sha256((folder / "reader.onnx").read_bytes()).hexdigest()
    text = json.dumps({"sha256": digest, "calibration": calibration} | more, indent=1)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")


def list_stages(log: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield on how much of what each stage was trained, the first one first."""
    if log.get("earlier stage"):
        yield from list_stages(log["earlier stage"])
    yield {"pairs": log["curve"][-1]["pairs"], "sha256": log["sha256"]}


def main() -> None:
    """Export, compare, calibrate, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    help_text = "what train_reader.py kept, the last stage last"
    parser.add_argument("--run", type=Path, nargs="+", required=True, help=help_text)
    parser.add_argument("--data", type=Path, required=True, help="what reader_sets.py kept")
    parser.add_argument("--folder", type=Path, default=MODELS, help="where the model goes")
    parser.add_argument("--log", type=Path, default=LOG, help="where settings and curves go")
    parser.add_argument("--exact", type=int, nargs="*", default=[], help="layers left in fp32")
    options = parser.parse_args()
    weights = read_weights(options.run)
    tokenizer = Tokenizer.from_file(str(find_weights() / "tokenizer.json"))
    tokenizer.no_padding()
    shown, held = (
        encode_pairs(read_pairs(options.data / f"{name}.jsonl.gz"), tokenizer)
        for name in ("validation", "calibration")
    )
    ranges = measure_ranges(weights, shown[:: max(1, len(shown) // RANGED)])
    linear = {n: add_fp32 if n in options.exact else add_int8(ranges) for n in range(LAYERS)}
    model, _ = build(weights, linear, int8=True)
    exact, _ = build(weights, dict.fromkeys(range(LAYERS), add_fp32), int8=False)
    compare(model, exact, shown)
    options.folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, options.folder / "reader.onnx")
    scores = np.array([(found.answerable, found.ahead) for found in read(model, held)])
    calibration = fit_calibration(scores, [pair.pair["kind"] for pair in held])
    log = json.loads((options.run[-1] / "log.json").read_text(encoding="utf-8"))
    write_settings(options.folder, calibration, {"trained": list(list_stages(log))})
    options.log.write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    print((options.folder / "reader.json").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
