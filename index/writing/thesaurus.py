"""Which words may stand for which, and which are opposites: WordNet's commonest senses.

The file is made by ``scripts/export_thesaurus.py``. Words lie near each other when they share a
sense ("rise", "climb"), when one is a kind of the other ("tanker", "ship"), or when one is derived
from the other ("deliver", "delivery").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.embed import MODELS
from index.errors import EmbedderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTHING: frozenset[str] = frozenset()
_ENDINGS = (
    ("'s", ""), ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""),
    ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"),
    ("ier", "y"), ("iest", "y"), ("ly", ""),
)  # fmt: skip
_SHORTEST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A word of the thesaurus: its parts of speech ("nv"), senses, senses nearby, opposites."""

    letters: str
    own: frozenset[str]
    wide: frozenset[str]
    opposites: frozenset[str]


class Thesaurus:
    """Looks words up, in any of their forms.

    Args:
        path: where ``thesaurus.txt`` lies.

    Raises:
        EmbedderError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            entries, _, forms = path.read_text(encoding="utf-8").partition("\n\n")
        except OSError as error:
            line = f"the thesaurus {path} cannot be read: reinstall pullquote"
            raise EmbedderError(f"{line} ({error})") from error
        self._entries = {}
        for line in entries.splitlines():
            word, letters, own, wide, opposites = line.split("\t")
            self._entries[word] = Entry(
                letters=letters,
                own=frozenset(own.split()),
                wide=frozenset(wide.split()),
                opposites=frozenset(opposites.split()),
            )
        self._forms: dict[str, set[str]] = {}
        for line in forms.splitlines():
            form, word = line.split("\t")
            self._forms.setdefault(form, set()).add(word)
        self.irregular = frozenset(self._forms)

    def find_lemmas(self, word: str) -> frozenset[str]:
        """The words of which ``word``, in lower case, is a form; itself where it is unknown."""
        found = set(self._forms.get(word, ()))
        if word in self._entries:
            found.add(word)
        if not found or word[-1:] in {"s", "d", "g", "r", "t"}:
            found |= set(self._strip(word))
        return frozenset(found or {word})

    def _strip(self, word: str) -> Iterator[str]:
        for ending, added in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                stem = word[: len(word) - len(ending)]
                bare = stem + added
                if bare in self._entries:
                    yield bare
                elif not added and stem[-1:] == stem[-2:-1] and stem[:-1] in self._entries:
                    yield stem[:-1]

    def knows(self, word: str) -> bool:
        """Whether ``word`` is a form of a common word."""
        return any(lemma in self._entries for lemma in self.find_lemmas(word))

    def find_letters(self, word: str) -> frozenset[str]:
        """The parts of speech that ``word`` may be: of "n", "v", "a", "r"."""
        entries = (self._entries.get(lemma) for lemma in self.find_lemmas(word))
        return frozenset(letter for entry in entries if entry for letter in entry.letters)

    def is_near(self, one: str, other: str) -> bool:
        """Whether ``one`` may stand for ``other``: it says the same, or something wider."""
        return any(
            mine.own & theirs.own or mine.own & theirs.wide
            for mine in self._look_up(one)
            for theirs in self._look_up(other)
        )

    def is_sense_of(self, one: str, other: str) -> bool:
        """Whether the two share a sense."""
        return any(
            mine.own & theirs.own for mine in self._look_up(one) for theirs in self._look_up(other)
        )

    def is_opposite(self, one: str, other: str) -> bool:
        """Whether the two say the opposite, "rose" and "fell"."""
        own, their = self.find_lemmas(one), self.find_lemmas(other)
        return any(mine.opposites & their for mine in self._look_up(one)) or any(
            found.opposites & own for found in self._look_up(other)
        )

    def _look_up(self, word: str) -> list[Entry]:
        return [self._entries[lemma] for lemma in self.find_lemmas(word) if lemma in self._entries]


@lru_cache(maxsize=1)
def open_thesaurus() -> Thesaurus:
    """The bundled thesaurus, read when it is first needed."""
    return Thesaurus(MODELS / "thesaurus.txt")
