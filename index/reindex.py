"""Bring the index in line with the corpus folder: only what is new, changed or gone.

The catalog takes the work in as it comes (staged, and each vector by its text), so that a killed
reindex resumes without embedding again; what readers see changes in one transaction.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from index.catalog import ANALYSIS, catalog_path, embedding_digest, why_stale
from index.errors import ArticleError, CorpusError, IndexDamaged
from index.lineage.identity import FileRead, Identities
from index.read import find_articles, read_article
from index.storage.attempt import attempt
from index.storage.heal import open_healed
from index.storage.load import find_gone, load_file, modified_at
from index.storage.lock import hold_lock
from index.storage.publish import Publication, why_doubtful
from index.storage.summary import Progress, Summary, Tally

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from index.embed import EmbeddedArticle, Embedder
    from index.lineage.identity import Copy
    from index.settings import Settings
    from index.storage.record import Record
    from index.types import Article, Vector

__all__ = ["Progress", "Summary", "reindex"]

# As many articles are held in memory and embedded at a time: about 2,000 sentences.
ARTICLES_AT_ONCE = 64

# As many go live in one transaction: a long first build can be asked, and stopped, in between.
ARTICLES_PER_PUBLICATION = 1024


def reindex(
    settings: Settings,
    embedder: Embedder,
    *,
    wait: float = 0,
    anew: str | None = None,
    notes: Sequence[str] = (),
) -> Generator[Progress, None, Summary]:
    """Bring the index of ``settings`` in line with its corpus; the generator returns a Summary.

    Stopping it at any moment leaves a usable index, and what was embedded is not embedded again.

    Args:
        settings: where the articles and the index are.
        embedder: makes the vectors.
        wait: as many seconds are waited for another writer.
        anew: why everything is to be read again, None where that is not asked for.
        notes: what is to stand in the summary before its own notes.

    Raises:
        CorpusError: the folder is missing, or nothing in it can be read and nothing was before.
        IndexLocked: another process is writing the index.
        IndexTooNew: a newer version of Pullquote wrote the index.
        IndexUnusable: the index cannot be written where it is, or is damaged.
        EmbedderError: the embedder failed; nothing is published.
    """
    try:
        return (yield from _reindex(settings, embedder, wait=wait, anew=anew, notes=notes))
    except IndexDamaged:
        # It has been marked: now all of it is looked at, and mended.
        return (yield from _reindex(settings, embedder, wait=wait, anew=anew, notes=notes))


def _reindex(
    settings: Settings, embedder: Embedder, *, wait: float, anew: str | None, notes: Sequence[str]
) -> Generator[Progress, None, Summary]:
    started = time.perf_counter()
    paths, unfit = find_articles(settings.corpus)
    if not paths and not unfit and not catalog_path(settings.folder).exists():
        raise CorpusError(f"no article in {settings.corpus}: put .txt or .md files there")
    folder = settings.folder
    with hold_lock(folder, wait=wait), open_healed(folder) as (record, healed):
        run = _Run(settings, embedder, record, anew=anew)
        run.tally.notes += [*notes, *healed]
        yield from run.update(paths, unfit)
        meta = record.meta()
        return run.tally.summarise(
            passages=int(meta["passages"]),
            generation=int(meta["generation"]),
            seconds=time.perf_counter() - started,
        )


class _Run:
    """One reindex: what it works with, and what it has done so far."""

    def __init__(
        self, settings: Settings, embedder: Embedder, record: Record, *, anew: str | None
    ) -> None:
        self.tally = Tally()
        self._settings = settings
        self._embedder = embedder
        self._record = record
        self._meta = record.meta()
        self._files = record.live_files()
        self._before = {file.id: file for file in self._files}
        self._known = {file.path: file for file in self._files}
        self._batch: list[FileRead] = []
        self._staged = 0
        self._stale = why_stale(self._meta, embedder.name, older=record.older) or anew

    def update(
        self, paths: Sequence[Path], unfit: Sequence[ArticleError]
    ) -> Generator[Progress, None, None]:
        """Read, embed and publish what has changed."""
        self._record.clear_staged()
        if self._stale:
            self.tally.notes.append(f"everything is indexed anew: {self._stale}")
        names = set(map(self._name, paths))
        identities = self._identify(find_gone(self._known, names, {each.path for each in unfit}))
        for failure in unfit:
            self._fail(failure)
        for done, path in enumerate(paths, start=1):
            step = Progress(done=done, total=len(paths), article=self._name(path), stage="read")
            self._take(path, identities)
            yield step
            if len(self._batch) >= ARTICLES_AT_ONCE:
                self._embed_batch()
                yield replace(step, stage="embed")
            if self._staged >= ARTICLES_PER_PUBLICATION and not self._stale:
                yield replace(step, stage="publish")
                self._publish(())

        self._embed_batch()
        gone = self._settle(identities)
        self._check_that_something_is_there()
        if self._staged or gone or why_doubtful(self._meta, self._settings.folder):
            yield Progress(done=len(paths), total=len(paths), article="", stage="publish")
            self._publish(gone)

    # Which article a file is

    def _identify(self, gone: Sequence[str]) -> Identities:
        return Identities(
            self._files,
            gone,
            modified=lambda name: modified_at(self._settings.corpus / name),
            find_earlier=self._record.find_earlier,
            is_known=self._record.is_known,
        )

    def _settle(self, identities: Identities) -> list[str]:
        """Stage what could not be decided before all was seen; the paths that are gone."""
        settled = identities.decide()
        for start in range(0, len(settled.articles), ARTICLES_AT_ONCE):
            self._batch += settled.articles[start : start + ARTICLES_AT_ONCE]
            self._embed_batch()
        self._keep_copies(settled.copies)
        gone = identities.list_gone(self._files, settled.copies)
        self.tally.gone = len(gone)
        return [file.path for file in gone if not identities.is_taken(file)]

    def _keep_copies(self, copies: Sequence[Copy]) -> None:
        before = self._record.copies()
        known = {(path, name) for path, name, _ in before}
        self.tally.copies = len(copies)
        self.tally.notes += [
            f"{copy.path} is another copy of {copy.of}, which is newer: it is not indexed"
            for copy in copies
            if (copy.path, copy.article_id) not in known
        ]
        now = {(copy.path, copy.article_id, copy.file_hash) for copy in copies}
        if now != before:
            self._record.set_copies(sorted(now))

    # Read

    def _take(self, path: Path, identities: Identities) -> None:
        """Read one file if it is not what it was; its article waits in the batch."""
        name = self._name(path)
        taken = attempt(name, partial(self._read, path, name))
        if isinstance(taken, ArticleError):
            self._fail(taken)
        elif taken is None:
            self.tally.outcomes[self._known[name].id] = "unchanged"
        elif settled := identities.settle(taken):
            self._batch.append(settled)

    def _read(self, path: Path, name: str) -> FileRead | None:
        """The article of this file, None when the file is as it was."""
        data, file_hash = load_file(path)
        known = self._known.get(name)
        if known and file_hash and file_hash == known.file_hash and not self._stale:
            return None
        article = read_article(path, corpus=self._settings.corpus, data=data)
        return FileRead(article=article, file_hash=file_hash)

    def _fail(self, failure: ArticleError) -> None:
        """Report a file that cannot be read; what was read from it before stays."""
        self.tally.failures.append(failure)
        known = self._known.get(failure.path)
        if known and self._stale:
            article = self._record.load_live(failure.path)
            self._batch.append(FileRead(article=article, file_hash=known.file_hash))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._settings.corpus).as_posix()

    # Embed

    def _embed_batch(self) -> None:
        """Embed what waits in the batch and stage it."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        embedded = attempt("", partial(self._embed, batch))
        if isinstance(embedded, ArticleError):
            embedded = self._embed_one_by_one(batch)
        hashes = {read.article.path: read.file_hash for read in batch}
        self._record.stage(self._embedder.name, embedded, hashes)
        self._staged += len(embedded)
        for each in embedded:
            self._count(each.article)

    def _embed_one_by_one(self, batch: Sequence[FileRead]) -> list[EmbeddedArticle]:
        """Find the article that spoils the batch, and do without it."""
        embedded: list[EmbeddedArticle] = []
        for read in batch:
            alone = attempt(read.article.path, partial(self._embed, [read]))
            if isinstance(alone, ArticleError):
                self.tally.failures.append(alone)
            else:
                embedded += alone
        return embedded

    def _embed(self, batch: Sequence[FileRead]) -> list[EmbeddedArticle]:
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
        before = self._before.get(article.id)
        outcomes = self.tally.outcomes
        if before is None:
            outcomes[article.id] = "new"
        elif before.version != article.version:
            outcomes[article.id] = "changed"
        elif before.path != article.path:
            outcomes[article.id] = "moved"
        elif article.path not in {failure.path for failure in self.tally.failures}:
            outcomes[article.id] = "unchanged"
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

    def _check_that_something_is_there(self) -> None:
        if self._staged or self._meta.get("generation"):
            return
        if not self.tally.failures:
            raise CorpusError(f"no article in {self._settings.corpus}: put .txt or .md files there")
        first = self.tally.failures[0]
        raise CorpusError(f"no file in {self._settings.corpus} can be read as an article: {first}")
