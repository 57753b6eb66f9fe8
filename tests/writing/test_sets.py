"""The written sentences that a verifier of prose is judged on are what they say they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CITED = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")

Row = dict[str, Any]


def read(name: str) -> list[Row]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


SOURCES: dict[str, dict[int, str]] = {
    row["id"]: {source["number"]: source["text"] for source in row["sources"]}
    for row in read("sources")
}


def cited(row: Row) -> list[int]:
    return [int(n) for numbers in CITED.findall(row["text"]) for n in re.findall(r"\d+", numbers)]


def test_there_are_enough_of_each_and_none_twice() -> None:
    honest, attacks = read("honest"), read("attacks")
    assert len(honest) >= 200
    assert len(attacks) >= 500
    texts = [(row["source"], row["text"]) for row in (*honest, *attacks)]
    assert len(set(texts)) == len(texts)


def test_honest_sentences_cite_quotes_that_are_there() -> None:
    for row in read("honest"):
        assert cited(row), row
        assert set(cited(row)) <= SOURCES[row["source"]].keys(), row


def test_what_honest_sentences_quote_stands_in_a_quote_that_they_cite() -> None:
    for row in read("honest"):
        texts = [SOURCES[row["source"]][number] for number in cited(row)]
        for curly, straight in QUOTED.findall(row["text"]):
            words = (curly or straight).rstrip(",.")
            assert any(words in text for text in texts), row


def test_every_kind_of_attack_has_its_examples() -> None:
    kinds = [row["kind"] for row in read("attacks")]
    assert min(map(kinds.count, set(kinds))) >= 25
    assert len(set(kinds)) >= 20
