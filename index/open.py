"""The composition root: the only file that names concrete parts.

Heavy libraries are imported where they are used, so that opening costs nothing.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from index.answer import NUMBER_OF_QUOTES, Limits, Parts, answer_question
from index.catalog import Catalog, needs_index
from index.embed import open_embedder
from index.embedding.word_vectors import WordVectors
from index.follow_up import answer_follow_up
from index.pinpoint import Reader
from index.question import check_question
from index.rank import LANGUAGES, RANKER, load_ranker
from index.rerank import SECONDS, CloseReader, load_reranker
from index.selecting.cite import describe_search
from index.types import About
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from index.check import Checked
    from index.embed import Embedder
    from index.follow_up import Turn
    from index.inspect import Finding
    from index.lineage.history import Change
    from index.lineage.versions import Version
    from index.prune import Pruned
    from index.receipts import Receipt
    from index.settings import Settings
    from index.storage.summary import Progress, Summary
    from index.types import Answer, Article, StoredArticle


def open_library(settings: Settings) -> Library:
    """Open the library of ``settings``; nothing is read until it is asked something."""
    return Library(settings)


class Library:
    """A folder of articles that answers questions; safe to share between threads.

    Errors are those of ``index.errors``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._catalog = Catalog(settings.folder)
        self._vectors = VectorIndex(settings.folder, opens_late=True)
        self._embedder: Embedder | None = None
        self._parts: Parts | None = None

    def ask(
        self,
        question: str,
        *,
        number_of_quotes: int = NUMBER_OF_QUOTES,
        number_of_articles: int | None = None,
        reading_seconds: float = SECONDS,
    ) -> Answer:
        """Answer ``question`` from at most ``number_of_articles`` articles (None: from any).

        The best passages are read closely for ``reading_seconds`` at most; what is not reached
        stays as the ranker, which is quicker, has it.
        """
        check_question(question)
        limits = Limits(
            number_of_quotes=number_of_quotes,
            number_of_articles=number_of_articles,
            read_until=time.monotonic() + reading_seconds,
        )
        parts = self._open_parts()
        with self._catalog.snapshot() as snapshot:
            return answer_question(question, snapshot=snapshot, parts=parts, limits=limits)

    def ask_follow_up(  # noqa: PLR0913 - as many sides as a question has
        self,
        question: str,
        earlier: Sequence[Turn],
        *,
        restated: str | None = None,
        number_of_quotes: int = NUMBER_OF_QUOTES,
        number_of_articles: int | None = None,
        reading_seconds: float = SECONDS,
    ) -> Answer:
        """Answer ``question`` as it is meant after ``earlier``, oldest first.

        ``restated`` is the question as a language model puts it, which is asked first.
        ``Answer.understood`` says what it was understood as, where that is not what was asked.
        """
        check_question(question)
        limits = Limits(
            number_of_quotes=number_of_quotes,
            number_of_articles=number_of_articles,
            read_until=time.monotonic() + reading_seconds,
        )
        parts = self._open_parts()
        with self._catalog.snapshot() as snapshot:
            return answer_follow_up(
                question,
                earlier,
                lambda reading: answer_question(
                    reading, snapshot=snapshot, parts=parts, limits=limits
                ),
                restated=restated,
            )

    def check(self, text: str) -> Checked:
        """What the articles say on each statement of a message."""
        from index.check import check_text

        parts = self._open_parts()
        with self._catalog.snapshot() as snapshot:
            return check_text(text, snapshot=snapshot, parts=parts)

    def articles(self) -> tuple[StoredArticle, ...]:
        """Every article, newest first, undated last."""
        with self._catalog.snapshot() as snapshot:
            return snapshot.list_articles()

    def find_article(self, reference: str) -> tuple[Article, ...]:
        """The articles that ``reference`` names: by id or path, else by part of path or title."""
        with self._catalog.snapshot() as snapshot:
            return snapshot.find_article(reference)

    def find_version(self, path: str, version: str) -> tuple[Article, bool] | None:
        """An article as it was in ``version``, and whether that is what is live now."""
        with self._catalog.snapshot() as snapshot:
            return snapshot.find_version(path, version)

    def versions(self, path: str) -> tuple[Version, ...]:
        """Every version of the article that is, or was last, at this path; oldest first."""
        with self._catalog.snapshot() as snapshot:
            return snapshot.list_versions(snapshot.find_path(path))

    def compare_versions(self, before: Version, after: Version) -> tuple[Change, ...]:
        """What became of each sentence between two versions; nothing where one is forgotten."""
        from index.lineage.history import compare_versions

        with self._catalog.snapshot() as snapshot:
            articles = snapshot.load_articles([before.key, after.key])
        old, new = articles.get(before.key), articles.get(after.key)
        return compare_versions(old, new) if old and new else ()

    def verify_receipt(self, answer: Answer) -> Receipt:
        """What has become of the quotes of an answer that was given earlier."""
        from index.receipts import verify_receipt

        with self._catalog.snapshot() as snapshot:
            return verify_receipt(answer, snapshot)

    def about(self) -> About:
        """What it answers from, and with what."""
        with self._catalog.snapshot() as snapshot:
            return About(
                searched=describe_search(snapshot),
                embedder=snapshot.embedder,
                ranker=RANKER,
                languages=LANGUAGES,
            )

    def prepare(self) -> None:
        """Load the models and open the index, so that nobody who asks waits for it."""
        for _ in range(2):
            self.ask("What do the articles say?")

    def needs_index(self) -> bool:
        """Whether there is no index yet, or one that these settings or models cannot use."""
        if needs_index(self._settings):
            return True
        with self._catalog.snapshot() as snapshot:
            return snapshot.embedder != self._open_embedder().name

    def reindex(self, *, wait: float = 0) -> Generator[Progress, None, Summary]:
        """Bring the index in line with the corpus; the generator returns the Summary."""
        from index.reindex import reindex

        return (yield from reindex(self._settings, self._open_embedder(), wait=wait))

    # Keeping the index in order

    def inspect(self, *, wait: float = 0) -> tuple[Finding, ...]:
        """Everything in which catalog, vectors and corpus differ; changes nothing."""
        from index.inspect import inspect

        return inspect(self._settings, wait=wait)

    def repair(self, *, wait: float = 0) -> Generator[Progress, None, Summary]:
        """Mend what ``inspect`` finds, and reindex."""
        from index.mend import repair

        return (yield from repair(self._settings, self._open_embedder(), wait=wait))

    def rebuild(self, *, wait: float = 0) -> Generator[Progress, None, Summary]:
        """Start over from the corpus, keeping what front ends stored and the vectors."""
        from index.mend import rebuild

        return (yield from rebuild(self._settings, self._open_embedder(), wait=wait))

    def prune(self, *, wait: float = 0) -> Pruned:
        """Forget versions that are not live, and vectors that none of the live ones uses."""
        from index.prune import prune

        return prune(self._settings.folder, wait=wait)

    def close(self) -> None:
        """Let go of the index's files."""
        self._vectors.close()
        self._catalog.close()

    def _open_embedder(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                self._embedder = open_embedder(self._settings)
            return self._embedder

    def _open_parts(self) -> Parts:
        embedder = self._open_embedder()
        with self._lock:
            if self._parts is None:
                self._parts = Parts(
                    embedder=embedder,
                    vectors=self._vectors,
                    ranker=load_ranker(),
                    word_vectors=WordVectors(),
                    close_reader=self._open_close_reader(),
                )
            return self._parts

    def _open_close_reader(self) -> CloseReader | None:
        return CloseReader(Reader(), load_reranker()) if self._settings.reads else None
