"""WordNet's database → index/models/thesaurus.txt: which words may stand for which.

    python scripts/export_thesaurus.py /usr/share/wordnet

The folder is that of Debian's package ``wordnet-base`` (WordNet 3.0, its licence is in
index/models/NOTICE). Kept are the words that the bundled model knows as whole words, each with
its commonest senses: enough to tell that "fell" is "dropped", and that "rose" is its opposite.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

MODELS = Path(__file__).parents[1] / "index" / "models"
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
# Rarer senses of a word would make it stand for what no reader takes it for.
MOST_SENSES = {"n": 4, "v": 6, "a": 4, "r": 3}
WIDE_SENSES = 3
# Pointers of WordNet: kinds of, causes, entails, goes with, is like.
WIDE = {"@", ">", "*", "$", "&"}
DERIVED, OPPOSITE, LIKE = "+", "!", "&"
SHORTEST = 2

Key = tuple[str, str]  # part of speech, offset


class Synset(NamedTuple):
    """A sense: its words, and where its pointers lead (symbol, sense, own word, their word)."""

    words: list[str]
    pointers: list[tuple[str, Key, int, int]]


def read_synsets(folder: Path, letter: str) -> dict[Key, Synset]:
    """Every sense of one part of speech."""
    found = {}
    for line in (folder / f"data.{FILES[letter]}").read_text(encoding="latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * n].split("(")[0].lower() for n in range(count)]
        at = 4 + 2 * count
        pointers = []
        for n in range(int(fields[at])):
            symbol, offset, letters, ends = fields[at + 1 + 4 * n : at + 5 + 4 * n]
            kind = "a" if letters == "s" else letters
            pointers.append((symbol, (kind, offset), *divmod(int(ends, 16), 256)))
        found[letter, fields[0]] = Synset(words, pointers)
    return found


def read_known(folder: Path) -> set[str]:
    """The words to keep: those of the model's vocabulary, and those that were met in texts."""
    vocabulary = json.loads((MODELS / "tokenizer.json").read_text(encoding="utf-8"))
    known = {w for w in vocabulary["model"]["vocab"] if w.isalpha() and len(w) >= SHORTEST}
    for name in FILES.values():
        for line in (folder / f"index.{name}").read_text(encoding="latin-1").splitlines():
            fields = line.split()
            # The number of senses that were met stands just before the senses.
            if not line.startswith(" ") and int(fields[-int(fields[2]) - 1]):
                known.add(fields[0])
    return {word for word in known if word.isascii() and word.isalpha()}


def read_senses(folder: Path, letter: str, known: set[str]) -> dict[str, list[Key]]:
    """The commonest senses of each known word, first the commonest."""
    senses = {}
    for line in (folder / f"index.{FILES[letter]}").read_text(encoding="latin-1").splitlines():
        fields = line.split()
        if line.startswith(" ") or fields[0] not in known:
            continue
        offsets = fields[-int(fields[2]) :][: MOST_SENSES[letter]]
        senses[fields[0]] = [(letter, offset) for offset in offsets]
    return senses


def read_forms(folder: Path, known: set[str]) -> list[tuple[str, str]]:
    """Irregular forms, each with its word."""
    forms = set()
    for name in FILES.values():
        for line in (folder / f"{name}.exc").read_text(encoding="latin-1").splitlines():
            form, *words = line.split()
            forms |= {(form, word) for word in words if word in known and form.isalpha()}
    return sorted(forms)


def describe(
    word: str, senses: list[Key], synsets: dict[Key, Synset]
) -> tuple[set[Key], set[Key], set[str]]:
    """The senses a word has itself or by derivation, those near it, and its opposites."""
    own, wide, opposites = set(senses), set[Key](), set[str]()
    for rank, key in enumerate(senses):
        place = synsets[key].words.index(word) + 1 if word in synsets[key].words else 0
        for symbol, target, source, end in synsets[key].pointers:
            if symbol == DERIVED and source == place:
                own.add(target)
            elif symbol == OPPOSITE and source == place:
                opposites.add(synsets[target].words[end - 1])
            elif symbol == LIKE:
                head = synsets[target]
                opposites |= {
                    synsets[far].words[theirs - 1]
                    for sign, far, _, theirs in head.pointers
                    if sign == OPPOSITE
                }
            if symbol in WIDE and rank < WIDE_SENSES:
                wide.add(target)
    return own, wide, opposites


def export(folder: Path) -> list[str]:
    """The lines of the thesaurus."""
    known = read_known(folder)
    synsets: dict[Key, Synset] = {}
    rows: dict[str, tuple[set[str], set[Key], set[Key], set[str]]] = defaultdict(
        lambda: (set(), set(), set(), set())
    )
    by_letter = {}
    for letter in FILES:
        synsets |= read_synsets(folder, letter)
        by_letter[letter] = read_senses(folder, letter, known)
    for letter, senses in by_letter.items():
        for word, keys in senses.items():
            own, wide, opposites = describe(word, keys, synsets)
            row = rows[word]
            row[0].add(letter)
            row[1].update(own)
            row[2].update(wide)
            row[3].update(opposites & known)
    shared: dict[Key, int] = defaultdict(int)
    for _, own, wide, _ in rows.values():
        for key in own | wide:
            shared[key] += 1
    # A sense that only one word has joins nothing.
    numbers = {key: n for n, key in enumerate(sorted(k for k, c in shared.items() if c > 1))}
    lines = []
    for word, (letters, own, wide, opposites) in sorted(rows.items()):
        first = " ".join(str(numbers[key]) for key in sorted(own) if key in numbers)
        second = " ".join(str(numbers[key]) for key in sorted(wide - own) if key in numbers)
        lines.append(
            "\t".join([word, "".join(sorted(letters)), first, second, " ".join(sorted(opposites))])
        )
    return [*lines, "", *(f"{form}\t{word}" for form, word in read_forms(folder, set(rows)))]


def main() -> None:
    """Write the thesaurus beside the models."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where WordNet's data.noun lies")
    lines = export(parser.parse_args().folder)
    (MODELS / "thesaurus.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
