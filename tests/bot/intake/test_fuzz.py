"""Damaged files of every format: a short run of what benchmarks/fuzzing.py does for hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intake.add import add_files
from tests.bot.intake.mutate import mutate, seeds
from tests.bot.intake.through import go_through


@pytest.mark.parametrize("batch", range(10))
def test_a_damaged_file_gives_articles_or_a_line_and_nothing_else(batch: int) -> None:
    outcomes = [
        go_through(*mutate(seed, most_copies=40)) for seed in range(40 * batch, 40 * batch + 40)
    ]
    lines = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert [line for line in lines if "\n" in line or not line] == []
    # Most damage is small: what tests nothing but refusals tests little.
    assert len(lines) < len(outcomes)


def test_what_is_not_damaged_is_taken_whatever_its_format() -> None:
    outcomes = {name: go_through(name, content) for name, content in seeds()}
    refused = {name for name, outcome in outcomes.items() if isinstance(outcome, str)}
    assert refused == {"cookie_wall.html", "front_page.html", "not_found.html", "paywall.html"}


def test_damaged_files_leave_nothing_but_articles_behind(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    paths = []
    for seed in range(900, 912):
        name, content = mutate(seed, most_copies=40)
        paths.append(tmp_path / f"{seed}-{name}")
        paths[-1].write_bytes(content)
    results = add_files(paths, corpus)
    assert len(results) >= len(paths)
    assert {result.path for result in results} - {None} == {path.name for path in corpus.iterdir()}
