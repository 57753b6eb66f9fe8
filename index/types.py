"""The values that pass between the steps, from an article to an answer.

Every place in an article is a pair of character offsets into ``Article.text``, so that
``article.text[start:end]`` is the text itself. Nothing here does I/O.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    """Shape ``(dimensions,)``, unit length."""
    Matrix = NDArray[np.float32]
    """Shape ``(rows, dimensions)``, each row of unit length."""

ParagraphKind = Literal["text", "heading", "caption"]


def article_id(path: str) -> str:
    """The id of an article that is first seen at ``path``: 16 hexadecimal digits."""
    return hashlib.sha256(path.encode()).hexdigest()[:16]


def _check_span(start: int, end: int) -> None:
    if not 0 <= start < end:
        raise ValueError(f"not a span: {start}:{end}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph of an article's body; ``kind`` tells running text from what stands around it."""

    start: int
    end: int
    kind: ParagraphKind = "text"

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence of a body paragraph.

    ``paragraph`` counts from 1 in ``Article.paragraphs``. A heading is one sentence of kind
    "heading": it helps to find its passage and is never quoted.
    """

    start: int
    end: int
    paragraph: int
    kind: ParagraphKind = "text"

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A run of whole sentences of one article: the unit that is retrieved.

    ``number`` counts from 0 in the article. No boilerplate lies between ``start`` and ``end``.
    """

    number: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One news text with its metadata; what is not evident in the text is None, never guessed.

    ``path`` is relative to the corpus, with forward slashes. ``notes`` are one-line remarks on
    how the file had to be read ("not UTF-8, read as windows-1252"). ``identity`` is the id that it
    keeps wherever it moves, once the catalog has it.
    """

    path: str
    text: str = field(repr=False)
    title: str
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    outlet: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    notes: tuple[str, ...] = ()
    identity: str = field(default="", repr=False, compare=False)

    @property
    def id(self) -> str:
        """16 hexadecimal digits: ``identity``, or where it has none what follows from the path."""
        return self.identity or article_id(self.path)

    @property
    def version(self) -> str:
        """12 hexadecimal digits that follow from the title, the metadata and the cleaned body."""
        body = [self.text[paragraph.start : paragraph.end] for paragraph in self.paragraphs]
        head = [self.title, self.outlet, self.byline, self.published, self.url]
        content = "\x1f".join([*map(str, head), *body])
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredArticle:
    """A live article as the catalog lists it, without its text."""

    id: str
    version: str
    path: str
    title: str
    outlet: str | None
    byline: str | None
    published: date | None
    url: str | None
    number_of_passages: int
    number_of_words: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPassage:
    """A live passage as the catalog holds it: what retrieval and selection work on.

    ``key`` and ``article_key`` are the catalog's row numbers, good within one snapshot.
    ``text`` is the article's ``text[start:end]``; sentence offsets are the article's.
    ``vectors`` has one row a sentence, in order.
    """

    key: int
    article_key: int
    number: int
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    vectors: Matrix = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A passage that was retrieved, with its scores: the fused one, and what it was fused from."""

    passage: StoredPassage
    score: float
    words: float
    meaning: float
    article_words: float
    article_meaning: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a sentence stands: ``number`` is its citation's, offsets are the article's."""

    number: int
    article: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A literal slice of an article: ``text == article.text[start:end]``.

    ``number`` is its citation's, ``article`` the path relative to the corpus, ``paragraph``
    counts from 1, ``answer_span`` are article offsets within the quote or None, ``also`` lists
    where else the same sentence stands.
    """

    number: int
    text: str
    article: str
    start: int
    end: int
    paragraph: int
    answer_span: tuple[int, int] | None = None
    also: tuple[Place, ...] = ()
    score: float = 0.0

    def __post_init__(self) -> None:
        _check_span(self.start, self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """A number in the answer that points to an article.

    ``version`` is the article's: the text that its quotes are slices of, also when a newer one
    has come since; "" where it is not known.
    """

    number: int
    article: str
    title: str
    outlet: str | None
    published: date | None
    url: str | None
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DifferingValue:
    """One side of a difference: the value as the article writes it, and who said it."""

    value: str
    said_by: str | None
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Values on which the articles differ, oldest first."""

    about: str
    values: tuple[DifferingValue, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """What an answer was looked for in."""

    articles: int
    passages: int
    earliest: date | None
    latest: date | None
    generation: int


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a library answers from, and with what: names of models, languages they know."""

    searched: Searched
    embedder: str
    ranker: str
    languages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenSentence:
    """A sentence by a language model; it rests on the ``Answer.quotes`` at ``places``, from 0."""

    text: str
    numbers: tuple[int, ...]
    places: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """What a language model wrote around the quotes, as far as they bear it out.

    ``dropped`` has a short key for each of the ``proposed`` sentences that is not shown, ``note``
    one short line on why there is no prose; ``tokens`` were read and written, or so it is guessed.
    """

    sentences: tuple[WrittenSentence, ...] = ()
    proposed: int = 0
    dropped: tuple[str, ...] = ()
    note: str | None = None
    model: str = ""
    tokens: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What comes back for a question.

    ``grounded`` is False when the articles do not say; ``quotes`` is then empty and ``nearest``
    holds the closest passages, which are not an answer. ``confidence`` is the calibrated
    probability that the articles answer the question. ``understood`` is what the question was
    understood as, where that is not what was asked. ``mode`` is "written" exactly where ``prose``,
    by a language model, has sentences; ``text`` then holds these.
    """

    question: str
    text: str
    grounded: bool
    confidence: float
    searched: Searched
    mode: Literal["extractive", "written"] = "extractive"
    quotes: tuple[Quote, ...] = ()
    citations: tuple[Citation, ...] = ()
    differences: tuple[Difference, ...] = ()
    nearest: tuple[Quote, ...] = ()
    milliseconds: float = 0.0
    understood: str | None = None
    prose: Prose | None = None
