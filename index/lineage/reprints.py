"""A story told in several places: found once, and cited wherever it says the same.

Five reprints of one wire story would take five of the places among the hits and leave none for
others. So a passage is left out when a better one of the same story says as much already; who else
carries a sentence is looked up for the few sentences that are quoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.language.alike import is_same_sentence
from index.language.words import terms
from index.lineage.stories import hash_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from index.storage.snapshot import Snapshot
    from index.types import Article, StoredPassage

# Of a passage's sentences so many must have been told by others of its story.
TOLD = 0.5

# The quoted sentence and what it may have become in another's hands, in characters.
LONGEST_TO_SHORTEST = 1.5


class Reprint(NamedTuple):
    """Where another article of the story carries a quote."""

    path: str
    start: int
    end: int


class _Story(NamedTuple):
    """What has been told of a story: hashes of sentences, and every figure in them."""

    hashes: set[int]
    figures: set[str]


class Told:
    """What has been told of each story, passage by passage, the best first."""

    def __init__(self, snapshot: Snapshot, article_keys: Sequence[int]) -> None:
        self._snapshot = snapshot
        self._linked = snapshot.list_linked(article_keys)
        self._stories: dict[int, _Story] = {}

    def tells_nothing_new(self, passage: StoredPassage) -> bool:
        """Whether a passage repeats better ones of its story; what it tells is told from now on.

        One with a figure of its own is no repetition: the story may have been brought up to date.
        """
        if passage.article_key not in self._linked:
            return False
        story = self._find_story(passage.article_key)
        texts = [*_read_texts(passage)]
        hashes = {hash_sentence(text): text for text in texts}
        hashes.pop(None, None)
        new = [text for number, text in hashes.items() if number not in story.hashes]
        is_told = bool(hashes) and len(new) <= (1 - TOLD) * len(hashes)
        if is_told and _find_figures(new) <= story.figures:
            return True
        story.hashes.update(number for number in hashes if number is not None)
        story.figures.update(_find_figures(texts))
        return False

    def _find_story(self, article_key: int) -> _Story:
        if article_key not in self._stories:
            story = _Story(set(), set())
            self._stories |= dict.fromkeys(self._snapshot.story_of(article_key), story)
        return self._stories[article_key]


def _read_texts(passage: StoredPassage) -> Iterator[str]:
    for sentence in passage.sentences:
        if sentence.kind == "text":
            yield passage.text[sentence.start - passage.start : sentence.end - passage.start]


def _find_figures(texts: Iterable[str]) -> set[str]:
    return {term for text in texts for term in terms(text) if any(map(str.isdigit, term))}


def list_stories(snapshot: Snapshot, article_keys: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """For each of these articles that shares its story with others: all of the story."""
    return {key: snapshot.story_of(key) for key in sorted(snapshot.list_linked(article_keys))}


def find_reprints(
    text: str, members: Sequence[int], *, snapshot: Snapshot, articles: Mapping[int, Article]
) -> Iterator[Reprint]:
    """Where each of these articles says the same as ``text``, which may be several sentences."""
    for key in members:
        article = articles[key]
        sentences = [each for each in snapshot.list_sentences(key) if each.kind == "text"]
        for number, first in enumerate(sentences):
            end = _find_end(text, article, [each.end for each in sentences[number:]], first.start)
            if end:
                yield Reprint(article.path, first.start, end)
                break


def _find_end(text: str, article: Article, ends: Sequence[int], start: int) -> int | None:
    """Where the sentences from ``start`` on end that say the same as ``text``, if they do."""
    for end in ends:
        if (end - start) > LONGEST_TO_SHORTEST * len(text):
            return None
        is_long_enough = LONGEST_TO_SHORTEST * (end - start) >= len(text)
        if is_long_enough and is_same_sentence(text, article.text[start:end]):
            return end
    return None
