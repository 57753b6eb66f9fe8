"""Set an index right: mend what differs, or start over.

Both end in a reindex, which reads what is marked as broken anew, verifies the vectors where a mark
asks for it, and publishes in one transaction: readers go on answering meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.catalog import catalog_path
from index.read import find_articles
from index.reindex import reindex
from index.storage.fingerprint import repair_mark
from index.storage.heal import heal
from index.storage.live import remake_full_text
from index.storage.lock import hold_lock
from index.storage.record import open_record

if TYPE_CHECKING:
    from collections.abc import Generator

    from index.embed import Embedder
    from index.settings import Settings
    from index.storage.summary import Progress, Summary

AS_ASKED = "as you asked"


def repair(
    settings: Settings, embedder: Embedder, *, wait: float = 0
) -> Generator[Progress, None, Summary]:
    """Mend what ``inspect`` would find, as far as it can be mended, and reindex.

    Raises what ``reindex`` raises.
    """
    find_articles(settings.corpus)
    with hold_lock(settings.folder, wait=wait):
        notes = heal(settings.folder, is_asked=True)
        repair_mark(settings.folder).touch()
    return (yield from reindex(settings, embedder, wait=wait, notes=notes))


def rebuild(
    settings: Settings, embedder: Embedder, *, wait: float = 0
) -> Generator[Progress, None, Summary]:
    """Read everything anew and build the index from nothing but the corpus.

    What front ends keep in tables of their own stays, and so do what articles were before and the
    vectors, by their texts, of which none is made again.

    Raises what ``reindex`` raises.
    """
    find_articles(settings.corpus)
    folder = settings.folder
    with hold_lock(folder, wait=wait):
        notes = heal(folder, is_asked=True)
        if catalog_path(folder).exists():
            with open_record(folder) as record, record.transaction():
                remake_full_text(record.connection)
    return (yield from reindex(settings, embedder, wait=wait, anew=AS_ASKED, notes=notes))
