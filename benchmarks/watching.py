"""How soon an article is answered from that was written into a folder which is watched.

    python benchmarks/watching.py
    python benchmarks/watching.py --articles 200 --files 3

`pullquote watch` keeps the index of a folder of invented articles, as somebody who follows the news
would have it run. Files are written into the folder one after the other, and a reader in another
process asks for each until a quote of it comes back. Beside that stands the time that the watch
waits in any case to see that a file is whole. Then many files come at once, and the publications
until all of them are there are counted. Exits with 1 beyond the limits.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, in which a file is named like the library that the bot is made with.
sys.path[0] = str(ROOT)

from benchmarks.corpus import write_articles  # noqa: E402
from index.open import Library, open_library  # noqa: E402
from index.settings import Settings  # noqa: E402

SETTLE = 1.0
LIMIT = 3.0
"""Seconds beyond the settle time."""

BURST = 1_000
MOST_PUBLICATIONS = 5

THINGS = ("lighthouse", "windmill", "tramway", "aqueduct", "planetarium", "funicular", "sundial")


def run(articles: int, files: int, folder: Path) -> bool:
    """Measure and print; whether the limits are kept."""
    settings = Settings(corpus=folder / "corpus", folder=folder / "index")
    write_articles(articles, settings.corpus)
    library = open_library(settings)
    list(library.reindex())
    library.prepare()
    with start(settings) as watch:
        watch.stdout.readline()
        beyond = [measure(settings, library, number) for number in range(files)]
        for _ in range(files):
            watch.stdout.readline()
        publications, seconds = burst(settings, watch)
        watch.terminate()
    library.close()
    shown = ", ".join(f"{one:.2f}" for one in beyond)
    print(f"{articles} articles; seconds from a file to a quote of it, beyond {SETTLE} s: {shown}")
    print(f"median {statistics.median(beyond):.2f}, most {max(beyond):.2f}, limit {LIMIT}")
    print(f"{BURST} files at once: {publications} publications in {seconds:.1f} s")
    return max(beyond) <= LIMIT and publications <= MOST_PUBLICATIONS


def start(settings: Settings) -> subprocess.Popen[str]:
    """Start the watch."""
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.folder)]
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "watch", "--json", "--settle", str(SETTLE), *folders],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


def measure(settings: Settings, library: Library, number: int) -> float:
    """Write one article and ask until it is quoted: seconds beyond the settle time."""
    thing = THINGS[number % len(THINGS)]
    name = f"Vera Lamberg{number}"
    text = f"The {thing} of Brackwater {number} was opened by {name} on Tuesday, its keeper said."
    begun = time.monotonic()
    (settings.corpus / f"news-{number}.md").write_text(text, encoding="utf-8")
    question = f"Who opened the {thing} of Brackwater {number}?"
    while name not in library.ask(question).text:
        time.sleep(0.05)
    return time.monotonic() - begun - SETTLE


def burst(settings: Settings, watch: subprocess.Popen[str]) -> tuple[int, float]:
    """Write many articles at once: publications and seconds until all are there."""
    begun = time.monotonic()
    for number in range(BURST):
        text = f"Harbour master {number} closed pier {number} on Monday, the police said."
        (settings.corpus / f"burst-{number}.md").write_text(text, encoding="utf-8")
    publications = come = 0
    while come < BURST:
        come += json.loads(watch.stdout.readline())["new"]
        publications += 1
    return publications, time.monotonic() - begun


def main() -> None:
    """Measure, and exit with 1 beyond the limits."""
    parser = argparse.ArgumentParser(description="Measure how soon new articles are quoted.")
    parser.add_argument("--articles", type=int, default=1_000, help="how many are there before")
    parser.add_argument("--files", type=int, default=5, help="how many come one by one")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        sound = run(arguments.articles, arguments.files, Path(folder))
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
