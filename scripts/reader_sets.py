"""Mix the pairs that ``train_reader.py`` trains the reader on.

    python scripts/reader_sets.py --data ../shared/reader-data --keep ../reader

Reads a folder of ``NAME.jsonl.gz`` (rows of question, context, answers, is_impossible) and writes
``train.jsonl.gz``, ``validation.jsonl.gz``, ``calibration.jsonl.gz`` and ``mixture.json``: what was
taken from where, with the SHA-256 of every file. No context of the held-out half of SQuAD 2.0 is
in any of them, nor any paragraph of its topics, nor a sentence of Wikinews. Negatives come from
the product's own words and embedder: the paragraphs that a question finds when its own is not
there. The same data and seed write the same rows.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader_negatives import Pair, Paragraphs, find_wrong, make_negatives, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD_OUT = "squad_v2_dev_b_derived"
SEED = 20261124

# How many answerable pairs of each set at most, in the order in which doubles are dropped.
ANSWERABLE = {
    "squad_v2_dev_a": 9_999,
    "squad_v2_train_10art": 9_999,
    "squad_v1_train_du_test": 99_999,
    "squad_v1_dev": 9_999,
    "squad_sample_routerlens": 9_999,
    "squad_sample_emptycity": 9_999,
    "squad_sentence_chanys": 9_999,
    "squadshifts_new_wiki": 5_000,
    "nq_open_oracle": 9_999,
    "qed_dev": 600,
    "qamr_dev": 1_500,
    "qamr_test": 1_500,
    "squadshifts_amazon_reviews": 1_000,
    "squadshifts_reddit": 1_000,
    "tweetqa_train": 700,
    "fairytaleqa": 700,
}
# Topics of dev_a that are held out of training: the first show how it goes, the others fit the
# probabilities.
VALIDATION = ("squad_v2_dev_a",)
VALIDATION_TOPICS, CALIBRATION_TOPICS = 1, 2

# A paragraph is cut to whole sentences around the answer this often, to this many words: short
# pairs are cheap to train on, and what is asked of the product is often a few sentences long.
CROPPED, CROP_WORDS = 0.6, (25, 85)
LONGEST_WORDS = 160
NO_MARK, MISSPELT = 0.2, 0.08

_WORD = re.compile(r"\S+")


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_pairs(data: Path, name: str) -> list[Pair]:
    """Return the rows of a set that can be trained on, without doubtful starts and Wikinews."""
    pairs = []
    for row in read_rows(data / f"{name}.jsonl.gz"):
        if row.get("start_ambiguous") or "wikinews" in row.get("doc", ""):
            continue
        spans = ((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
        pairs.append(
            Pair(
                question=" ".join(row["question"].split()),
                context=row["context"],
                answers=tuple(span for span in spans if span[0] < span[1]),
                source=name,
                kind="unanswerable" if row["is_impossible"] else "answerable",
                topic=row.get("title") or "",
            )
        )
    return [pair for pair in pairs if pair.answers or pair.kind == "unanswerable"]


def fold(text: str) -> str:
    """Return what two copies of a text have in common: letters and digits, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())


def read_sets(data: Path) -> list[Pair]:
    """Read all sets; drop what is held out and every double."""
    held = list(read_rows(data / f"{HOLD_OUT}.jsonl.gz"))
    contexts = {fold(row["context"]) for row in held}
    topics = {row["title"] for row in held}
    seen: set[tuple[str, str]] = set()
    kept = []
    for name in ANSWERABLE:
        for pair in read_pairs(data, name):
            key = (fold(pair.question), fold(pair.context))
            if key in seen or key[1] in contexts or pair.topic in topics:
                continue
            seen.add(key)
            kept.append(pair)
    return kept


# Lengths and spelling


def crop(pair: Pair, generator: random.Random) -> Pair:
    """Cut the passage to whole sentences, with every answer's sentence kept."""
    words = len(pair.context.split())
    limit = generator.randint(*CROP_WORDS) if generator.random() < CROPPED else LONGEST_WORDS
    if words <= limit:
        return pair
    sentences = split_sentences(pair.context)
    counts = [len(pair.context[start:end].split()) for start, end in sentences]
    low, high = answer_sentences(pair, sentences, generator)
    total = sum(counts[low : high + 1])
    while True:
        sides = [side for side in (low - 1, high + 1) if 0 <= side < len(sentences)]
        sides = [side for side in sides if total + counts[side] <= limit]
        if not sides:
            break
        side = generator.choice(sides)
        low, high, total = min(low, side), max(high, side), total + counts[side]
    start, end = sentences[low][0], sentences[high][1]
    answers = tuple((s - start, e - start) for s, e in pair.answers if s >= start and e <= end)
    return replace(pair, context=pair.context[start:end].rstrip(), answers=answers)


def answer_sentences(
    pair: Pair, sentences: list[tuple[int, int]], generator: random.Random
) -> tuple[int, int]:
    """Return the first and the last sentence that an answer touches; any one if there is none."""
    if not pair.answers:
        return (generator.randrange(len(sentences)),) * 2
    first, last = pair.answers[0]
    touched = [n for n, (start, end) in enumerate(sentences) if start < last and end > first]
    return touched[0], touched[-1]


def vary(pair: Pair, generator: random.Random) -> Pair:
    """Ask as people type: without the mark at the end, or with a slip in a word."""
    question = pair.question
    if generator.random() < NO_MARK:
        question = question.rstrip(" ?").lower()
    if generator.random() < MISSPELT:
        question = misspell(question, generator)
    return replace(pair, question=question)


def misspell(question: str, generator: random.Random) -> str:
    """Drop, double or swap a letter inside one of the longer words."""
    words = [word for word in _WORD.finditer(question) if word[0].isalpha() and len(word[0]) > 4]  # noqa: PLR2004
    if not words:
        return question
    word = generator.choice(words)
    place = word.start() + generator.randrange(1, len(word[0]) - 1)
    letters = question[place : place + 2]
    slip = generator.choice(["", letters[0] * 2, letters[::-1]])
    return question[:place] + slip + question[place + (2 if slip == letters[::-1] else 1) :]


# Mixing


def choose_topics(pairs: list[Pair]) -> tuple[set[str], set[str]]:
    """Return the topics held out for validation and for calibration."""
    topics = sorted({pair.topic for pair in pairs if pair.source in VALIDATION})
    random.Random(SEED).shuffle(topics)  # noqa: S311
    end = VALIDATION_TOPICS + CALIBRATION_TOPICS
    return set(topics[:VALIDATION_TOPICS]), set(topics[VALIDATION_TOPICS:end])


def mix_training(pairs: list[Pair], seed: int, repeated: int) -> list[Pair]:
    """Sample the sets, add the negatives, vary, shuffle; repeat people's unanswerable questions."""
    generator = random.Random(seed)  # noqa: S311
    answerable, mixture = [], []
    for name, limit in ANSWERABLE.items():
        own = [pair for pair in pairs if pair.source == name]
        right = [pair for pair in own if pair.kind == "answerable"]
        answerable += generator.sample(right, min(limit, len(right)))
        mixture += [pair for pair in own if pair.kind == "unanswerable"] * repeated
    mixture += answerable
    mixture += make_negatives(answerable, seed)
    mixture = [vary(crop(pair, generator), generator) for pair in mixture]
    generator.shuffle(mixture)
    return [pair for pair in mixture if pair.answers or pair.kind != "answerable"]


def mix_validation(pairs: list[Pair]) -> list[Pair]:
    """Whole paragraphs and questions as they were asked, with what they find without their own."""
    answerable = [pair for pair in pairs if pair.kind == "answerable"]
    generator = random.Random(SEED)  # noqa: S311
    paragraphs = Paragraphs(pairs)
    others = list(find_wrong(paragraphs, answerable, generator, same_topic=True))
    return pairs + others


def write_pairs(pairs: list[Pair], path: Path) -> dict[str, Any]:
    """Write the pairs; return their number by source and kind, and the file's digest."""
    text = "".join(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    counts = Counter(f"{pair.source}, {pair.kind}" for pair in pairs)
    return {
        "pairs": len(pairs),
        "by_source": dict(sorted(counts.items())),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def main() -> None:
    """Read, hold out, mix, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/reader-data"))
    parser.add_argument("--keep", type=Path, required=True, help="folder for the mixture")
    parser.add_argument("--seed", type=int, default=SEED, help="of a mixture's negatives")
    help_text = "how often people's own unanswerable questions are in it"
    parser.add_argument("--repeated", type=int, default=2, help=help_text)
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    pairs = read_sets(options.data)
    validation, calibration = choose_topics(pairs)
    # Some sets have paragraphs of these topics without saying so.
    apart = {fold(pair.context) for pair in pairs if pair.topic in validation | calibration}
    seen = [pair for pair in pairs if fold(pair.context) not in apart]
    parts = {
        "train": mix_training(seen, options.seed, options.repeated),
        "validation": mix_validation([pair for pair in pairs if pair.topic in validation]),
        "calibration": mix_validation([pair for pair in pairs if pair.topic in calibration]),
    }
    made: dict[str, Any] = {"seed": options.seed, "repeated": options.repeated}
    for name, part in parts.items():
        made[name] = write_pairs(part, options.keep / f"{name}.jsonl.gz")
    made["data"] = {
        name: hashlib.sha256((options.data / f"{name}.jsonl.gz").read_bytes()).hexdigest()
        for name in [*ANSWERABLE, HOLD_OUT]
    }
    text = json.dumps(made, indent=1, sort_keys=True)
    (options.keep / "mixture.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
