"""Bring the index in line with the corpus folder: only what is new, changed or gone.

The catalog takes the work in as it comes (staged, and each vector by its text), so that a killed
reindex resumes without embedding again; what readers see changes in one transaction.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from index.catalog import ANALYSIS, catalog_path, embedding_digest
from index.errors import ArticleError, CorpusError, PullquoteError
from index.lock import hold_lock
from index.publish import Publication, why_doubtful
from index.read import LARGEST_FILE, find_articles, read_article
from index.record import open_record
from index.summary import Progress, Summary, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from index.embed import EmbeddedArticle, Embedder
    from index.record import Record
    from index.settings import Settings
    from index.types import Article, Vector

__all__ = ["Progress", "Summary", "reindex"]

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# As many articles are held in memory and embedded at a time: about 2,000 sentences.
ARTICLES_AT_ONCE = 64

# As many go live in one transaction: a long first build can be asked, and stopped, in between.
ARTICLES_PER_PUBLICATION = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """An article that was read and is to be embedded, with the hash of its file."""

    article: Article
    file_hash: bytes


def reindex(
    settings: Settings, embedder: Embedder, *, wait: float = 0
) -> Generator[Progress, None, Summary]:
    """Bring the index of ``settings`` in line with its corpus; the generator returns a Summary.

    Waits up to ``wait`` seconds for another writer. Stopping it at any moment leaves a usable
    index, and what was embedded is not embedded again.

    Raises:
        CorpusError: the folder is missing, or nothing in it can be read and nothing was before.
        IndexLocked: another process is writing the index.
        IndexTooNew: a newer version of Pullquote wrote the index.
        IndexUnusable: the index cannot be written where it is, or is damaged.
        EmbedderError: the embedder failed; nothing is published.
    """
    started = time.perf_counter()
    paths, unfit = find_articles(settings.corpus)
    if not paths and not unfit and not catalog_path(settings.folder).exists():
        raise CorpusError(f"no article in {settings.corpus}: put .txt or .md files there")
    with hold_lock(settings.folder, wait=wait), open_record(settings.folder) as record:
        run = _Run(settings, embedder, record)
        yield from run.update(paths, unfit)
        return run.summarise(time.perf_counter() - started)


class _Run:
    """One reindex: what it works with, and what it has done so far."""

    def __init__(self, settings: Settings, embedder: Embedder, record: Record) -> None:
        self.tally = Tally()
        self._settings = settings
        self._embedder = embedder
        self._record = record
        self._meta = record.meta()
        self._hashes = record.file_hashes()
        self._versions = record.live_versions()
        self._batch: list[_Read] = []
        self._staged = 0
        self._stale = self._why_all_is_stale()

    def update(
        self, paths: Sequence[Path], unfit: Sequence[ArticleError]
    ) -> Generator[Progress, None, None]:
        """Read, embed and publish what has changed."""
        self._record.clear_staged()
        if self._stale:
            self.tally.notes.append(f"everything is indexed anew: {self._stale}")
        for failure in unfit:
            self._fail(failure)
        for done, path in enumerate(paths, start=1):
            step = Progress(done=done, total=len(paths), article=self._name(path), stage="read")
            self._take(path)
            yield step
            if len(self._batch) >= ARTICLES_AT_ONCE:
                self._embed_batch()
                yield replace(step, stage="embed")
            if self._staged >= ARTICLES_PER_PUBLICATION and not self._stale:
                yield replace(step, stage="publish")
                self._publish(())

        self._embed_batch()
        failed = {failure.path for failure in self.tally.failures}
        gone = find_gone(self._hashes, set(map(self._name, paths)), failed)
        self.tally.gone = len(gone)
        self._check_that_something_is_there()
        if self._staged or gone or why_doubtful(self._meta, self._settings.folder):
            yield Progress(done=len(paths), total=len(paths), article="", stage="publish")
            self._publish(gone)

    def summarise(self, seconds: float) -> Summary:
        """What was done."""
        meta = self._record.meta()
        return Summary(
            new=self.tally.new,
            changed=self.tally.changed,
            gone=self.tally.gone,
            unchanged=self.tally.unchanged,
            failed=len(self.tally.failures),
            passages=int(meta["passages"]),
            seconds=seconds,
            failures=tuple(self.tally.failures),
            notes=tuple(self.tally.notes),
            generation=int(meta["generation"]),
        )

    # Read

    def _take(self, path: Path) -> None:
        """Read one file if it is not what it was; its article waits in the batch."""
        name = self._name(path)
        taken = _attempt(name, partial(self._read, path, name))
        if isinstance(taken, ArticleError):
            self._fail(taken)
        elif taken:
            self._batch.append(taken)
        else:
            self.tally.unchanged += 1

    def _read(self, path: Path, name: str) -> _Read | None:
        """The article of this file, None when the file is as it was."""
        data, file_hash = _load(path)
        if file_hash and file_hash == self._hashes.get(name) and not self._stale:
            return None
        article = read_article(path, corpus=self._settings.corpus, data=data)
        return _Read(article=article, file_hash=file_hash)

    def _fail(self, failure: ArticleError) -> None:
        """Report a file that cannot be read; what was read from it before stays."""
        self.tally.failures.append(failure)
        if self._stale and failure.path in self._hashes:
            article = self._record.load_live(failure.path)
            file_hash = self._hashes[failure.path]
            self._batch.append(_Read(article=article, file_hash=file_hash))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._settings.corpus).as_posix()

    # Embed

    def _embed_batch(self) -> None:
        """Embed what waits in the batch and stage it."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        embedded = _attempt("", partial(self._embed, batch))
        if isinstance(embedded, ArticleError):
            embedded = self._embed_one_by_one(batch)
        hashes = {read.article.path: read.file_hash for read in batch}
        self._record.stage(self._embedder.name, embedded, hashes)
        self._staged += len(embedded)
        for each in embedded:
            self._count(each.article)

    def _embed_one_by_one(self, batch: Sequence[_Read]) -> list[EmbeddedArticle]:
        """Find the article that spoils the batch, and do without it."""
        embedded: list[EmbeddedArticle] = []
        for read in batch:
            alone = _attempt(read.article.path, partial(self._embed, [read]))
            if isinstance(alone, ArticleError):
                self.tally.failures.append(alone)
            else:
                embedded += alone
        return embedded

    def _embed(self, batch: Sequence[_Read]) -> list[EmbeddedArticle]:
        from index.llamaindex import embed_articles

        def known(hashes: Sequence[str]) -> Mapping[str, Vector]:
            return self._record.known_vectors(
                self._embedder.name, self._embedder.dimensions, hashes
            )

        articles = [read.article for read in batch]
        embedded = embed_articles(articles, embedder=self._embedder, known=known)
        for each in embedded:
            if not each.passages:
                raise ArticleError(each.article.path, "no sentence found in it")
        return embedded

    def _count(self, article: Article) -> None:
        before = self._versions.get(article.path)
        if before is None:
            self.tally.new += 1
        elif before != article.version:
            self.tally.changed += 1
        elif article.path not in {failure.path for failure in self.tally.failures}:
            self.tally.unchanged += 1
        self.tally.notes += [f"{article.path}: {note}" for note in article.notes]

    # Publish

    def _publish(self, gone: Sequence[str]) -> None:
        """Make what is staged live."""
        publication = Publication(self._record, self._settings.folder, rebuild=self._stale)
        publication.run(
            gone,
            {
                "analysis": ANALYSIS,
                "embedder": self._embedder.name,
                "embedding": embedding_digest(self._settings),
                "dimensions": self._embedder.dimensions,
            },
        )
        self.tally.notes += publication.notes
        self._staged = 0
        self._stale = None
        self._meta = self._record.meta()

    def _why_all_is_stale(self) -> str | None:
        """Why every article must be read again, None when only changed ones must."""
        if self._record.older:
            return f"the index had an older format ({self._record.older})"
        if not self._meta.get("generation"):
            return None
        if self._meta.get("analysis") != ANALYSIS:
            return "the way articles are read has changed"
        if self._meta.get("embedder") != self._embedder.name:
            return f"the embedder is no longer {self._meta.get('embedder')}"
        return None

    def _check_that_something_is_there(self) -> None:
        if self._staged or self._meta.get("generation"):
            return
        if not self.tally.failures:
            raise CorpusError(f"no article in {self._settings.corpus}: put .txt or .md files there")
        first = self.tally.failures[0]
        raise CorpusError(f"no file in {self._settings.corpus} can be read as an article: {first}")


def find_gone(live: Iterable[str], found: set[str], failed: set[str]) -> list[str]:
    """Live paths that are no longer there; what cannot be looked at may still be."""
    within = tuple(f"{path}/" for path in failed)
    return sorted(path for path in {*live} - found - failed if not path.startswith(within))


def _load(path: Path) -> tuple[bytes | None, bytes]:
    """The bytes of a file and their hash; nothing of one that is too large or unreadable."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None, b""
        data = path.read_bytes()
    except OSError:
        return None, b""  # reading it as an article says why
    return data, hashlib.sha256(data).digest()


def _attempt(name: str, action: Callable[[], Result]) -> Result | ArticleError:
    """What ``action`` returns, or why this article failed: one article never stops the rest."""
    try:
        return action()
    except ArticleError as error:
        return error
    except PullquoteError:
        raise
    except Exception as error:
        logger.info("unexpected failure in %s", name, exc_info=True)
        return ArticleError(name, f"unexpected: {error or type(error).__name__}")
