"""Is a new text told already? A wire story printed again is not taken in twice.

Candidates are found by the full text, which takes a tenth of a second among ten thousand articles;
whether one of them tells it is decided sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.intake.draft import Draft
from bot.intake.save import address_key
from index.catalog import Catalog
from index.errors import IndexUnusable
from index.language.alike import is_same_sentence
from index.language.words import terms
from index.split import split_sentences
from index.types import Article

# Of what a new text says, by words, so much must stand in one article for it to be a copy of that.
# The library asks something else (index/lineage/stories.py): which of the articles that are there
# are one story, to be cited together. A report and the brief that was cut from it are; but the
# report must not be kept out because the brief came first, so here only the new text's own share
# counts.
# Measured on pairs that were written for it (tests/bot/intake/stories.py): copies that were cut,
# edited and added to share 0.64 to 1.00 with the agency's report; other stories of the same event,
# which quote the same people, 0.00 to 0.27, and a whole report 0.33 with a brief that was cut
# from it.
TOLD_ALREADY = 0.5

# The rarest words of a text find its copies. Names and figures are among them.
MOST_TERMS = 64
MOST_CANDIDATES = 8

# Shorter sentences ("He declined to comment.") are alike in stories that are not.
FEWEST_TERMS = 4

SUBHEAD = "## "


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentences:
    """The sentences of a text that count, and where it stands.

    Attributes:
        place: the path of its file, or the address of its page.
        link: its address, as ``address_key`` gives it.
        texts: the sentences, each with its number of terms.
        terms: the terms of all of them.
    """

    place: str
    link: str | None
    texts: tuple[tuple[str, int], ...] = field(repr=False)
    terms: frozenset[str] = field(repr=False)

    def told_by(self, other: Sentences) -> float:
        """What share of this text, by terms, stands in the other: 0 to 1."""
        total = sum(size for _, size in self.texts)
        shared_terms = len(self.terms & other.terms)
        # Nothing shares more of its sentences than of its words, or hardly.
        if not total or shared_terms < len(self.terms) * TOLD_ALREADY / 2:
            return 0.0
        exact = {text for text, _ in other.texts}
        shared = sum(
            size
            for text, size in self.texts
            if text in exact or any(is_same_sentence(text, one) for one, _ in other.texts)
        )
        return shared / total


def read_sentences(draft: Draft) -> Sentences:
    """The sentences of a draft."""
    texts = [text for text in draft.paragraphs if not text.startswith(SUBHEAD)]
    return _collect(draft.url or "", draft.url, texts)


def _of_article(article: Article) -> Sentences:
    texts = [
        article.text[paragraph.start : paragraph.end]
        for paragraph in article.paragraphs
        if paragraph.kind == "text"
    ]
    return _collect(article.path, article.url, texts)


def _collect(place: str, url: str | None, texts: Iterable[str]) -> Sentences:
    found: dict[str, int] = {}
    all_terms: set[str] = set()
    for text in texts:
        for start, end in split_sentences(text, 0, len(text)):
            words = terms(text[start:end])
            if len(words) >= FEWEST_TERMS:
                found[" ".join(text[start:end].split())] = len(words)
                all_terms.update(words)
    return Sentences(
        place=place,
        link=address_key(url) if url else None,
        texts=tuple(found.items()),
        terms=frozenset(all_terms),
    )


class Copies:
    """Finds what tells a new text already, among the live articles and what came just now.

    What ``add`` is told stands in the corpus and not yet in the index.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._fresh: list[Sentences] = []

    def add(self, sentences: Sentences) -> None:
        """Count a text among those that are there."""
        self._fresh.append(sentences)

    def find(self, sentences: Sentences) -> str | None:
        """The place of what tells this text already, None when nothing does.

        An article of the same address does not count: that is an edit, not a copy.
        """
        return next(
            (
                other.place
                for other in self._candidates(sentences)
                if (other.link is None or other.link != sentences.link)
                and sentences.told_by(other) >= TOLD_ALREADY
            ),
            None,
        )

    def _candidates(self, sentences: Sentences) -> Iterator[Sentences]:
        yield from self._fresh
        try:
            yield from self._live(sentences)
        except IndexUnusable:
            return  # Nothing is indexed yet; of anything worse the next reindex tells.

    def _live(self, sentences: Sentences) -> Sequence[Sentences]:
        with self._catalog.snapshot() as snapshot:
            number = snapshot.number_of_articles
            seen = snapshot.document_frequencies(sorted(sentences.terms))
            rarest = sorted((count, term) for term, count in seen.items() if count)[:MOST_TERMS]
            hits = snapshot.search_articles(
                [term for _, term in rarest], min(number, MOST_CANDIDATES)
            )
            articles = snapshot.load_articles([key for key, _ in hits])
        return [_of_article(articles[key]) for key, _ in hits if key in articles]

    def live_links(self) -> set[str]:
        """The addresses of all live articles, as ``address_key`` gives them."""
        try:
            with self._catalog.snapshot() as snapshot:
                articles = snapshot.list_articles()
        except IndexUnusable:
            return set()
        return {address_key(article.url) for article in articles if article.url}
