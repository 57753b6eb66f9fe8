"""What people meet who ask the bot in Discord: one after another, and many at once.

    python benchmarks/discord.py
    python benchmarks/discord.py --questions 400

The real bot, in a process of its own, is connected to a Discord on this machine (tests/loopback)
that speaks as Discord does: three seconds to acknowledge, its limits of calls. Both columns are of
one run of one process. A heartbeat goes through the bot's event loop, and is late by as long as
that did not turn; Discord gives a bot up whose heartbeats stay out for 41 seconds, here it asks for
one every half second to see many. Exits with 1 if a question is lost, answered twice or too late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, in which a file is named like the library that the bot is made with.
sys.path[0] = str(ROOT)

from tests.bot.discord.crowd import (  # noqa: E402
    Figures,
    ask_at_once,
    ask_in_turn,
    measure,
    milliseconds,
)
from tests.loopback import FakeDiscord, Result  # noqa: E402

HEARTBEAT = 0.5
IN_TURN = 40
DEADLINE = 3000.0
"""Milliseconds in which Discord wants a question acknowledged."""


async def run(number: int, folder: Path) -> bool:
    """Ask in turn, then all at once; print both; whether everybody was served."""
    questions = read_questions()
    calm_questions = [questions[place % len(questions)] for place in range(IN_TURN)]
    crowd_questions = [questions[place % len(questions)] for place in range(number)]
    command = [sys.executable, "-m", "bot", "bot", "--corpus", str(ROOT / "corpus")]
    async with FakeDiscord(heartbeat_interval=HEARTBEAT) as world:
        with world.spawn(*command, "--index", str(folder), cwd=str(ROOT)) as process:
            await world.wait_commands("ask", timeout=120)
            await world.wait_ready(timeout=120)
            begun = time.monotonic()
            calm = measure(world, await ask_in_turn(world, calm_questions), begun)
            begun = time.monotonic()
            results = await ask_at_once(world, crowd_questions, timeout=600)
            took = time.monotonic() - begun
            crowded = measure(world, results, begun)
            stopped = process.stop()
    print_both(calm, crowded, number)
    print(f"{number} at once were answered in {took:.1f} s")
    return stopped == 0 and is_sound(results)


def read_questions() -> list[str]:
    """The questions on the five articles."""
    lines = (ROOT / "tests" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def print_both(calm: Figures, crowded: Figures, number: int) -> None:
    """Print a line a figure: median, 95th percentile and most, for both."""
    print(f"{'milliseconds: median, p95, most':34}{'in turn':>24}{f'{number} at once':>24}")
    for name, row in calm.rows().items():
        columns = (row, crowded.rows()[name])
        print(f"{name:34}" + "".join(f"{a:8.0f}{b:8.0f}{c:8.0f}" for a, b, c in columns))


def is_sound(results: list[Result]) -> bool:
    """Whether every question has one answer, acknowledged in time."""
    lost = sum(not result.messages or result.thinking for result in results)
    twice = sum(len(result.messages) > 1 for result in results)
    late = sum((result.ack_ms or DEADLINE) >= DEADLINE for result in results)
    slowest = max(map(milliseconds, results)) / 1000
    print(f"lost {lost}, answered twice {twice}, acknowledged too late {late}")
    print(f"the last answer came after {slowest:.1f} s; Discord takes it for 900 s")
    return not (lost or twice or late)


def main() -> None:
    """Measure, and exit with 1 where anybody was not served."""
    parser = argparse.ArgumentParser(description="Measure the bot under load.")
    parser.add_argument("--questions", type=int, default=200, help="how many at once")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        sound = asyncio.run(run(arguments.questions, Path(folder)))
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
