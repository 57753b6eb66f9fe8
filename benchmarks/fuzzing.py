"""Damaged files of every format through what adds and reads them: what crashes, hangs, swells.

    python benchmarks/fuzzing.py
    python benchmarks/fuzzing.py --files 500 --first 20000

Each file, which follows from its number alone, goes through extraction and then through the
library's reading, as with ``pullquote add`` and ``pullquote index``, in a process of its own under
the limits of the product: 10 seconds, 1 GB. What such a limit ends is counted apart from what is
refused; a text is copied without such a process, so there it would be a defect. Exits with 1 if
anything was raised that nobody expects, an article was not read as it was saved, or a process
outlived its limits.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from bot.child import MOST_MEMORY, limit_process  # noqa: E402
from bot.intake.confined import MOST_SECONDS  # noqa: E402
from tests.bot.intake.mutate import mutate  # noqa: E402
from tests.bot.intake.through import go_through  # noqa: E402

TAKEN, REFUSED, CRASHED, TOO_LARGE = 0, 1, 2, 3
OUTCOMES = {TAKEN: "taken", REFUSED: "refused", CRASHED: "crashed", TOO_LARGE: "over 1 GB"}
SLOW = "over 10 s"


def read_in_child(number: int) -> int:
    """What becomes of a file, as an exit status."""
    name, content = mutate(number)
    try:
        outcome = go_through(name, content)
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - that is what is looked for
        sys.stderr.write(f"file {number} ({name}):\n{traceback.format_exc()}\n")
        return CRASHED
    return REFUSED if isinstance(outcome, str) else TAKEN


def try_file(number: int) -> tuple[str, float, int]:
    """What becomes of a file, in how many seconds, with how many bytes of memory."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        limit_process(MOST_SECONDS)
        signal.alarm(2 * MOST_SECONDS)
        status = read_in_child(number)
        sys.stderr.flush()
        os._exit(status)
    _, status, usage = os.wait4(child, 0)
    seconds, memory = time.monotonic() - began, usage.ru_maxrss * 1024
    if not os.WIFSIGNALED(status):
        return OUTCOMES[os.WEXITSTATUS(status)], seconds, memory
    ended = os.WTERMSIG(status)
    if ended in {signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM}:
        return SLOW, seconds, memory
    return f"killed by signal {ended}", seconds, memory


def prepare() -> None:
    """Import what the children need, once."""
    import lxml.html  # noqa: F401
    import pypdf  # noqa: F401
    import trafilatura  # noqa: F401
    import yaml  # noqa: F401

    # What they say of each file that is broken would hide what is reported.
    logging.disable()
    go_through(*mutate(0))


def main() -> int:
    """Try the files that were asked for; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="the first file")
    options = parser.parse_args()
    prepare()
    counts: Counter[tuple[str, str]] = Counter()
    slowest: list[tuple[float, int]] = []
    largest = 0
    for number in range(options.first, options.first + options.files):
        suffix = mutate(number)[0].rpartition(".")[2]
        outcome, seconds, memory = try_file(number)
        counts[suffix, outcome] += 1
        slowest = sorted([*slowest, (seconds, number)], reverse=True)[:5]
        largest = max(largest, memory)
        if outcome not in {"taken", "refused"}:
            print(f"file {number} (.{suffix}): {outcome}, {seconds:.1f} s", flush=True)
    return report(counts, slowest, largest)


def report(counts: Counter[tuple[str, str]], slowest: list[tuple[float, int]], largest: int) -> int:
    """Print what became of the files, and say whether that is as it should be."""
    outcomes = sorted({outcome for _, outcome in counts})
    print(f"\n{'':8}" + "".join(f"{outcome:>20}" for outcome in outcomes))
    for suffix in sorted({suffix for suffix, _ in counts}):
        print(f".{suffix:7}" + "".join(f"{counts[suffix, one]:20,}" for one in outcomes))
    slow = ", ".join(f"{seconds:.2f} s (file {number})" for seconds, number in slowest)
    print(f"\nslowest: {slow}\nmost memory: {largest / 1e6:,.0f} MB of {MOST_MEMORY / 1e6:,.0f}")
    contained = {"taken", "refused", SLOW, OUTCOMES[TOO_LARGE]}
    defects = sum(number for (_, outcome), number in counts.items() if outcome not in contained)
    defects += sum(
        counts[kind, one] for kind in ("txt", "md") for one in contained - {"taken", "refused"}
    )
    late = slowest[0][0] > 2 * MOST_SECONDS
    print(f"defects: {defects}" + (", and a process outlived its limit" if late else ""))
    return 1 if defects or late or largest > MOST_MEMORY else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
