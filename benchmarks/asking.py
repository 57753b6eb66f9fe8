"""What asking costs: time, memory, size; beside what cannot be avoided, measured in the same run.

    python benchmarks/asking.py
    python benchmarks/asking.py --articles 100 --rounds 3      # sooner

A cold question is a new process with the index there; its processor time is compared with that of
importing chromadb. Warm questions go one after another into one process (``ask --json -``), on the
five articles and on imaginary ones; they are compared with one embedding of the same question. On
a busy machine processor time says more than the clock, and ratios more than either.
Commands that are compared take turns; figures are medians. Everything is asked of the ranker alone,
and cold and warm questions with the reader too. Exits with 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from statistics import median

from bot.process import prepare_process
from corpus import make_questions, write_articles

ROOT = Path(__file__).resolve().parent.parent
ASK = [sys.executable, "-m", "bot", "ask"]
INDEX = [sys.executable, "-m", "bot", "index"]
QUESTIONS = 80
WARM_UP = 5
"""The first questions load the models and Chroma; they are not counted."""
MEGABYTE = 1_000_000
WITH_READER = 300  # milliseconds

# As on anybody's machine: what was compiled once is not compiled again.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
ALONE = {**ENVIRONMENT, "PULLQUOTE_READER": "false"}

# What no environment of the product may hold: a training framework, or libraries of graphics cards.
HEAVY = ("torch", "tensorflow", "jax", "nvidia", "cuda", "triton")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One finished process: seconds, and the most memory it held, in MB."""

    processor: float
    wall: float
    peak: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One warm question, in milliseconds: as its answer states, from outside, of the processor."""

    stated: float
    wall: float
    processor: float
    embedding: float


class Report:
    """Prints a line a figure and remembers whether every target is met."""

    def __init__(self) -> None:
        self.is_met = True

    def say(self, name: str, figure: float, unit: str, most: float | None = None) -> None:
        """Print a figure, with its target where it has one."""
        verdict = ""
        if most is not None:
            verdict = f"   target: at most {most:g} {unit}" + (
                "" if figure <= most else "   MISSED"
            )
            self.is_met = self.is_met and figure <= most
        print(f"{name:58} {figure:9.2f} {unit}{verdict}", flush=True)


def run(command: Sequence[str], environment: Mapping[str, str] = ALONE) -> Run:
    """Run a command to its end, its output thrown away."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    # Linux counts the memory in kilobytes, macOS in bytes.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(
        processor=used.ru_utime + used.ru_stime,
        wall=time.perf_counter() - started,
        peak=peak / MEGABYTE,
    )


def take_turns(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Run]:
    """The medians of the commands, each of which is run once a round; the first round is free."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            finished = run(command)
            if number:
                runs[name].append(finished)
    return {
        name: Run(
            processor=median(each.processor for each in done),
            wall=median(each.wall for each in done),
            peak=max(each.peak for each in done),
        )
        for name, done in runs.items()
    }


def measure_start(report: Report, places: Mapping[str, Sequence[str]], rounds: int) -> None:
    """Cold questions and ``--help``, beside the imports that they are measured by."""
    question = "How many people were there?"
    commands = {
        "import chromadb": [sys.executable, "-c", "import chromadb"],
        "import typer, rich": [sys.executable, "-c", "import typer, rich"],
        "--help": [sys.executable, "-m", "bot", "--help"],
        "ask --help": [*ASK, "--help"],
        **{f"ask, {name}": [*ASK, *place, question] for name, place in places.items()},
    }
    done = take_turns(commands, rounds)
    for name, each in done.items():
        report.say(f"{name}: processor time", each.processor, "s")
        report.say(f"{name}: wall clock", each.wall, "s")
    for name, place in places.items():
        reads = run([*ASK, *place, question], ENVIRONMENT)
        report.say(f"ask, {name}, with the reader: processor time", reads.processor, "s")
        report.say(f"ask, {name}, with the reader: most memory", reads.peak, "MB", 450)
    chroma = done["import chromadb"].processor
    for name in places:
        cold = done[f"ask, {name}"]
        ratio = cold.processor / chroma
        report.say(f"cold ask, {name}: processor time to import chromadb", ratio, "x", 1.6)
        report.say(f"cold ask, {name}: most memory", cold.peak, "MB", 250)
    for name in ("--help", "ask --help"):
        ratio = done[name].processor / done["import typer, rich"].processor
        report.say(f"{name}: processor time to import typer, rich", ratio, "x", 2)


def ask_warm(questions: Sequence[str], place: Sequence[str], *, reads: bool) -> Iterator[Asked]:
    """Ask one question after another in one process; each is asked and embedded here in between."""
    from index.embed import MiniLM
    from index.open import open_library
    from index.settings import Settings

    embedder = MiniLM()
    library = open_library(Settings(corpus=Path(place[1]), folder=Path(place[3]), reads=reads))
    command = [*ASK, "--json", *place, "-"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=ENVIRONMENT if reads else ALONE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for question in questions:
            started = time.perf_counter()
            print(question, file=process.stdin, flush=True)
            answer = json.loads(process.stdout.readline() if process.stdout else "")
            answered, processor = time.perf_counter(), time.process_time()
            library.ask(question)
            processor = time.process_time() - processor
            before = time.perf_counter()
            embedder.embed_question(question)
            yield Asked(
                stated=answer["milliseconds"],
                wall=1000 * (answered - started),
                processor=1000 * processor,
                embedding=1000 * (time.perf_counter() - before),
            )
    library.close()


def measure_warm(
    report: Report, name: str, questions: Sequence[str], place: Sequence[str], most: float
) -> None:
    """Median milliseconds a question once the process is warm, and as a ratio to an embedding."""
    reading = [each.stated for each in ask_warm(questions, place, reads=True)][WARM_UP:]
    report.say(f"ask -, {name}, with the reader: an answer", median(reading), "ms", WITH_READER)
    asked = list(ask_warm(questions, place, reads=False))[WARM_UP:]
    stated = median(each.stated for each in asked)
    embedding = median(each.embedding for each in asked)
    report.say(f"ask -, {name}: an answer, as it states itself", stated, "ms", most)
    report.say(f"ask -, {name}: an answer, wall clock", median(a.wall for a in asked), "ms")
    processor = median(each.processor for each in asked)
    report.say(f"ask -, {name}: an answer, processor time", processor, "ms")
    report.say(f"ask -, {name}: one embedding of the question", embedding, "ms")
    report.say(f"ask -, {name}: an answer to one embedding", stated / embedding, "x")


def measure_index(report: Report, articles: int, place: Sequence[str], rounds: int) -> None:
    """The first build, and a reindex that finds nothing to do."""
    first = run([*INDEX, *place])
    report.say(f"index, {articles} articles: first build, wall clock", first.wall, "s")
    report.say(f"index, {articles} articles: first build, processor time", first.processor, "s")
    report.say(f"index, {articles} articles: first build, most memory", first.peak, "MB")
    again = take_turns({"again": [*INDEX, *place]}, rounds)["again"]
    report.say(f"index, {articles} articles: nothing to do, wall clock", again.wall, "s")
    report.say(f"index, {articles} articles: nothing to do, processor time", again.processor, "s")


def installed(name: str) -> dict[str, Distribution]:
    """The distribution of this name and all that it requires, extras left out, by name."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, Distribution] = {}
    wanted = [(name, frozenset[str]())]
    seen = set(wanted)
    while wanted:
        one, extras = wanted.pop()
        found[canonicalize_name(one)] = each = distribution(one)
        for text in each.requires or ():
            required = Requirement(text)
            marker = required.marker
            if marker and not any(marker.evaluate({"extra": e}) for e in extras | {""}):
                continue
            following = (required.name, frozenset(required.extras))
            if following not in seen:
                seen.add(following)
                wanted.append(following)
    return found


def size_of(one: Distribution) -> int:
    """Bytes of a distribution's files."""
    paths = (Path(str(file.locate())) for file in one.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


def measure_size(report: Report) -> None:
    """What the product's environment takes without the tools of its developers."""
    every = installed("pullquote")
    sizes = {name: size_of(each) / MEGABYTE for name, each in every.items() if name != "pullquote"}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    heavy = [name for name in every if any(word in name for word in HEAVY)]
    models = sum(file.stat().st_size for file in (ROOT / "index" / "models").iterdir())
    report.say(f"environment: {len(sizes)} packages", sum(sizes.values()), "MB")
    report.say("environment: " + ", ".join(largest), sum(map(sizes.__getitem__, largest)), "MB")
    report.say("environment: the bundled models", models / MEGABYTE, "MB")
    report.say(f"environment: torch, CUDA and the like {heavy or ''}", len(heavy), "packages", 0)


def read_questions() -> list[str]:
    """The questions on the five articles."""
    lines = (ROOT / "tests" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def main() -> None:
    """Measure everything."""
    prepare_process()
    parser = argparse.ArgumentParser(description="Measure what asking costs.")
    parser.add_argument("--articles", type=int, default=600, help="how many imaginary articles")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    articles, rounds = arguments.articles, arguments.rounds
    report = Report()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(articles, folder / "corpus")
        five = ["--corpus", str(ROOT / "corpus"), "--index", str(folder / "five")]
        many = ["--corpus", str(folder / "corpus"), "--index", str(folder / "many")]
        run([*INDEX, *five])
        measure_index(report, articles, many, rounds)
        measure_start(report, {"5 articles": five, f"{articles} articles": many}, rounds)
        measure_warm(report, "5 articles", read_questions(), five, 15)
        asked = make_questions(QUESTIONS, articles)
        measure_warm(report, f"{articles} articles", asked, many, 40)
    measure_size(report)
    raise SystemExit(0 if report.is_met else 1)


if __name__ == "__main__":
    main()
