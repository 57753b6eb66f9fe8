"""What reindexing costs, and what a killed one harms: nothing.

    python benchmarks/reindexing.py
    python benchmarks/reindexing.py --articles 500 --kills 10      # sooner

Three things, each with processes as people run them (``index``, ``ask --json -``):

- running again over articles of which none has changed, against their first build;
- questions while all articles are being indexed anew, against questions while nothing else is
  done, by the time that 95 % of them take at most;
- ``kill -9`` at random moments of reindexing 200 articles, each of which carries the number of its
  edition in several sentences, while four processes ask. An answer that mixes two editions, or
  whatever a reader writes to standard error, is a failure, and so is a last state that differs
  from a clean build.

Exits with 1 if a target is missed. On a busy machine ratios say more than the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from corpus import make_article, make_questions, write_articles

ROOT = Path(__file__).resolve().parent.parent
PULLQUOTE = [sys.executable, "-m", "bot"]
RERUNS = 3
READERS = 4
KILLED_ARTICLES = 200
QUESTIONS = 300
WARM_UP = 20
BETWEEN_QUESTIONS = 0.3

LARGEST_RERUN = 0.01
LARGEST_SLOWDOWN = 2.0

_EDITION = re.compile(r"edition (\d+) has")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder of articles and the index over it."""

    folder: Path

    @property
    def corpus(self) -> Path:
        """Where its articles are."""
        return self.folder / "corpus"

    def command(self, *arguments: str) -> list[str]:
        """The command line of Pullquote for this place."""
        where = ["--corpus", str(self.corpus), "--index", str(self.folder / "index")]
        return [*PULLQUOTE, *arguments, *where]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command, with pipes to it."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def index(self) -> float:
        """Index to the end; the seconds it took, with the start of the process."""
        started = time.perf_counter()
        subprocess.run(self.command("index"), check=True, capture_output=True, cwd=ROOT)
        return time.perf_counter() - started

    def listing(self) -> object:
        """What is in the index, to be compared."""
        done = subprocess.run(
            self.command("articles", "--json"), check=True, capture_output=True, cwd=ROOT
        )
        return json.loads(done.stdout)

    def differences(self) -> list[object]:
        """What ``index --check`` finds."""
        done = subprocess.run(
            self.command("index", "--check", "--json"), check=False, capture_output=True, cwd=ROOT
        )
        return list(json.loads(done.stdout)["findings"])


@dataclass
class Reader:
    """A process that asks one question after another, and what it saw."""

    process: subprocess.Popen[str]
    milliseconds: list[float] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    editions: set[int] = field(default_factory=set)

    def ask(self, question: str) -> None:
        """Ask, and note how long it took and which editions the answer quotes."""
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("the process has no pipes")
        started = time.perf_counter()
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        self.milliseconds.append(1000 * (time.perf_counter() - started))
        if not line:
            self.mixed.append("the reader has ended")
            return
        answer = json.loads(line)
        quotes = [*answer["quotes"], *answer.get("nearest", ())]
        found = {int(n) for quote in quotes for n in _EDITION.findall(quote["text"])}
        self.editions |= found
        if len(found) > 1:
            self.mixed.append(line)

    def end(self) -> str:
        """Let it finish; what it wrote to standard error."""
        _, errors = self.process.communicate(timeout=60)
        return errors


def write_edition(corpus: Path, number: int, edition: int) -> None:
    """Articles that carry the edition at their begin and end, each replaced in one step."""
    corpus.mkdir(parents=True, exist_ok=True)
    for each in range(number):
        head, *paragraphs = make_article(each).split("\n\n")
        for page in (0, -1):
            paragraphs[page] += f" Page {page + 2} of edition {edition} has more on plan {each}."
        draft = corpus / f".{each:05d}.draft"
        draft.write_text("\n\n".join([head, *paragraphs]), encoding="utf-8")
        draft.replace(corpus / f"{each:05d}.md")


def measure_reruns(place: Place, number: int) -> tuple[float, float]:
    """Seconds of the first build, and of running again."""
    write_articles(number, place.corpus)
    first = place.index()
    return first, median(place.index() for _ in range(RERUNS))


def measure_questions(place: Place, number: int) -> tuple[float, float]:
    """The 95th percentile of a question's milliseconds: idle, and while all is indexed anew."""
    questions = make_questions(WARM_UP + 2 * QUESTIONS, number)
    reader = Reader(place.start("ask", "--json", "-"))
    for question in questions[:WARM_UP]:
        reader.ask(question)
    reader.milliseconds.clear()
    for question in questions[WARM_UP : WARM_UP + QUESTIONS]:
        reader.ask(question)
    idle = quantiles(reader.milliseconds, n=20)[-1]
    reader.milliseconds.clear()
    with reindexing(place, number):
        for question in questions[WARM_UP + QUESTIONS :]:
            reader.ask(question)
    reader.end()
    return idle, quantiles(reader.milliseconds, n=20)[-1]


@contextmanager
def reindexing(place: Place, number: int) -> Iterator[None]:
    """Index one edition after another, in processes of their own, while the block runs."""
    done = threading.Event()

    def run() -> None:
        edition = 0
        while not done.is_set():
            edition += 1
            write_edition(place.corpus, number, edition)
            writer = place.start("index")
            while writer.poll() is None:
                if done.wait(BETWEEN_QUESTIONS):
                    # Nothing is measured any more: what it has not done needs no doing.
                    writer.kill()
            writer.communicate()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def measure_kills(folder: Path, kills: int) -> list[str]:
    """Kill a writer so many times; everything that went wrong."""
    place = Place(folder=folder / "killed")
    write_edition(place.corpus, KILLED_ARTICLES, 0)
    place.index()
    done = threading.Event()
    readers = [Reader(place.start("ask", "--json", "-")) for _ in range(READERS)]
    threads = [threading.Thread(target=_ask_on, args=(each, done)) for each in readers]
    for thread in threads:
        thread.start()
    write_edition(place.corpus, KILLED_ARTICLES, 1)
    whole = place.index()
    landed = _kill(place, kills, whole)
    done.set()
    for thread in threads:
        thread.join()
    place.index()
    asked = sum(len(reader.milliseconds) for reader in readers)
    seen = set().union(*(reader.editions for reader in readers))
    print(
        f"{landed} of {kills} killed at work of {whole:.1f} s, {asked:,} questions,"
        f" {len(seen)} editions seen"
    )

    wrong = [f"mixed: {line[:200]}" for reader in readers for line in reader.mixed]
    wrong += [f"shown: {errors}" for reader in readers if (errors := reader.end())]
    wrong += [f"left: {finding}" for finding in place.differences()]
    clean = Place(folder=folder / "clean")
    write_edition(clean.corpus, KILLED_ARTICLES, 1 + kills)
    clean.index()
    return wrong if place.listing() == clean.listing() else [*wrong, "not as a clean build"]


def _ask_on(reader: Reader, done: threading.Event) -> None:
    chance = random.Random(id(reader))  # noqa: S311 (questions, not secrets)
    while not done.is_set():
        number = chance.randrange(KILLED_ARTICLES)
        reader.ask(f"Which page of which edition has more on plan {number}?")
        time.sleep(BETWEEN_QUESTIONS)


def _kill(place: Place, kills: int, whole: float) -> int:
    """Start a writer and kill it, so many times; how often it was still at work."""
    chance = random.Random(11)  # noqa: S311 (moments, not secrets)
    landed = 0
    for edition in range(2, 2 + kills):
        write_edition(place.corpus, KILLED_ARTICLES, edition)
        writer = place.start("index", "--wait", "30")
        try:
            writer.wait(timeout=chance.uniform(0.1, 1.1 * whole))
        except subprocess.TimeoutExpired:
            landed += 1
            os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
    return landed


def judge(name: str, value: float, most: float, detail: str) -> bool:
    """Print a figure beside its target; whether it is met."""
    met = value <= most
    print(f"{name:<44}{value:8.3f}  (at most {most:g}; {detail}){'' if met else '  MISSED'}")
    return met


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description="What reindexing costs.")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    chosen = parser.parse_args(arguments)
    met = []
    with tempfile.TemporaryDirectory() as name:
        place = Place(folder=Path(name) / "many")
        if chosen.articles:
            first, again = measure_reruns(place, chosen.articles)
            detail = f"first build {first:.1f} s, again {again:.2f} s"
            met.append(judge("again / first build", again / first, LARGEST_RERUN, detail))
            idle, busy = measure_questions(place, chosen.articles)
            detail = f"95 % idle {idle:.1f} ms, busy {busy:.1f} ms"
            met.append(judge("questions: busy / idle", busy / idle, LARGEST_SLOWDOWN, detail))
        if chosen.kills:
            wrong = measure_kills(Path(name), chosen.kills)
            for line in wrong:
                print(line)
            met.append(judge("wrong after kill -9", len(wrong), 0, f"{chosen.kills} kills"))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
