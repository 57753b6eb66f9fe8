"""Embedding against Chroma's default embedder: the same weights in fp32, the same cores, one run.

    python scripts/export_embedder.py --fp32 FOLDER    # see there what it needs
    python benchmarks/embedding.py --fp32 FOLDER
    python benchmarks/embedding.py --fp32 FOLDER --recall

Chroma's own class does the work, with its own session and tokenizer settings; only its model file
is the exported one, so that nothing is downloaded. Time is wall-clock, the best of several rounds,
taken in turns; processor time stands beside it because other programs do not disturb it as much.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed import MiniLM, import_onnxruntime
from index.split import split_sentences

SHARED = Path("../shared")
SENTENCES, PASSAGES, PASSAGE_WORDS, QUESTIONS = 500, 64, 200, 30
ROUNDS = 3
TARGETS = {"sentences": 10.0, "200-word passages": 1.5, "one question": 10.0}
RECALL_AT = (1, 4, 10)

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Any]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds of the best round."""

    wall: float
    processor: float


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Questions on paragraphs: ``gold`` holds the number of each question's paragraph."""

    name: str
    paragraphs: list[str]
    questions: list[str]
    gold: NDArray[np.int64]


def read_questions(path: Path) -> Questions:
    """Read a set of rows with a question, its context and whether it can be answered."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    number = {text: i for i, text in enumerate(dict.fromkeys(row["context"] for row in rows))}
    answerable = [row for row in rows if not row["is_impossible"]]
    return Questions(
        name=path.name,
        paragraphs=list(number),
        questions=[row["question"] for row in answerable],
        gold=np.array([number[row["context"]] for row in answerable]),
    )


def sentences_of(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph."""
    for start, end in split_sentences(paragraph, 0, len(paragraph)):
        yield paragraph[start:end]


def open_chroma(fp32: Path) -> Any:  # noqa: ANN401 (chromadb's class, imported when it is needed)
    """Return Chroma's default embedder on the exported fp32 model."""
    import_onnxruntime()
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    folder = Path(tempfile.mkdtemp())
    extracted = folder / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    shutil.copytree(fp32, extracted)
    # It looks for these before it downloads, and reads only the model and the tokenizer.
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (extracted / name).touch()
    embedder = ONNXMiniLM_L6_V2()
    embedder.DOWNLOAD_PATH = folder
    return embedder


def measure(embed: Embed, batches: Sequence[list[str]]) -> Timing:
    """Embed every batch once."""
    wall, processor = time.perf_counter(), time.process_time()
    for batch in batches:
        embed(batch)
    return Timing(wall=time.perf_counter() - wall, processor=time.process_time() - processor)


def compare(name: str, ours: Embed, chroma: Embed, batches: Sequence[list[str]]) -> bool:
    """Print how many times faster we are, and say whether that is enough."""
    rounds = [(measure(ours, batches), measure(chroma, batches)) for _ in range(ROUNDS)]
    we = Timing(
        wall=min(each.wall for each, _ in rounds),
        processor=min(each.processor for each, _ in rounds),
    )
    they = Timing(
        wall=min(each.wall for _, each in rounds),
        processor=min(each.processor for _, each in rounds),
    )
    ratio = they.wall / we.wall
    print(
        f"{name:18} ours {we.wall:8.3f} s  Chroma's {they.wall:8.3f} s  {ratio:5.1f}x"
        f"  (processor time {they.processor / we.processor:5.1f}x; at least {TARGETS[name]}x)",
        flush=True,
    )
    return ratio >= TARGETS[name]


def compare_speed(data: Questions, fp32: Path) -> bool:
    """Compare on sentences, on passages and on one question at a time."""
    ours, chroma = MiniLM(), open_chroma(fp32)
    sentences = [each for text in data.paragraphs for each in sentences_of(text)][:SENTENCES]
    words = " ".join(data.paragraphs).split()[: PASSAGES * PASSAGE_WORDS]
    starts = range(0, len(words), PASSAGE_WORDS)
    passages = [" ".join(words[start : start + PASSAGE_WORDS]) for start in starts]
    questions = [[question] for question in data.questions[:QUESTIONS]]
    batches = {
        "sentences": [sentences],
        "200-word passages": [passages],
        "one question": questions,
    }
    measure(ours.embed_texts, questions[:3]), measure(chroma, questions[:3])
    held = [compare(name, ours.embed_texts, chroma, each) for name, each in batches.items()]
    return all(held)


def open_fp32(fp32: Path) -> Embed:
    """Return the fp32 model without Chroma's padding: the same vectors, sooner."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(fp32 / "tokenizer.json"))
    tokenizer.enable_truncation(256)
    session = import_onnxruntime().InferenceSession(
        str(fp32 / "model.onnx"), providers=["CPUExecutionProvider"]
    )

    def embed_one(text: str) -> Vectors:
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
        pooled: Vectors = session.run(None, feed)[0][0].mean(axis=0)
        return pooled / np.linalg.norm(pooled)

    return lambda texts: np.stack([embed_one(text) for text in texts])


def recall(embed: Embed, data: Questions) -> dict[int, float]:
    """Return the share, in per cent, of questions whose paragraph is among the best."""
    sentences = [list(sentences_of(text)) for text in data.paragraphs]
    starts = np.cumsum([0, *map(len, sentences)])[:-1]
    vectors = embed([each for group in sentences for each in group])
    asked = np.concatenate([embed([question]) for question in data.questions])
    best = np.maximum.reduceat(asked @ vectors.T, starts, axis=1)
    own = best[np.arange(len(best)), data.gold]
    ranks = (best > own[:, None]).sum(axis=1)
    return {depth: 100 * float((ranks < depth).mean()) for depth in RECALL_AT}


def compare_recall(data: Questions, fp32: Path) -> bool:
    """Print the recall of int8 and of fp32, and say whether int8 loses at most a point at 10."""
    int8, full = recall(MiniLM().embed_texts, data), recall(open_fp32(fp32), data)
    print(f"{data.name}: {len(data.questions)} questions, {len(data.paragraphs)} paragraphs")
    for depth in RECALL_AT:
        print(
            f"  recall@{depth:<2} fp32 {full[depth]:6.2f}  int8 {int8[depth]:6.2f}"
            f"  lost {full[depth] - int8[depth]:+.2f}",
            flush=True,
        )
    return full[10] - int8[10] <= 1


def main() -> None:
    """Compare; exit with 1 if a target is missed."""
    parser = argparse.ArgumentParser(description="Compare with Chroma's default embedder.")
    parser.add_argument("--fp32", type=Path, required=True, help="folder of the fp32 export")
    parser.add_argument("--recall", action="store_true", help="compare recall instead of speed")
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=[
            SHARED / "reader-data" / "squad_v2_dev_b_derived.jsonl.gz",
            SHARED / "eval" / "onestopqa.jsonl.gz",
        ],
        help="question sets; speed uses the last",
    )
    arguments = parser.parse_args()
    sets = [read_questions(path) for path in arguments.data]
    if arguments.recall:
        held = [compare_recall(data, arguments.fp32) for data in sets]
    else:
        held = [compare_speed(sets[-1], arguments.fp32)]
    raise SystemExit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
