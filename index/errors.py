"""Every error that a person may read.

    PullquoteError              one clear line that says what to do
    ├── QuestionError           the question is empty or far too long
    ├── CorpusError             no corpus folder, or nothing in it
    ├── ArticleError            one file cannot be read as an article
    ├── IndexLocked             another process is writing the index
    ├── IndexTooNew             the index was written by a newer version
    ├── IndexUnusable           the index cannot be read or written where it is
    │   └── IndexDamaged        its catalog is damaged; the next reindex mends it
    ├── EmbedderError           the embedder cannot be loaded or failed
    ├── WriterError             the language model did not write; the quotes stand all the same
    └── SettingsError           a setting has a value that cannot be used

The library raises these and nothing else on purpose; front ends print their text as it stands.
"""


class PullquoteError(Exception):
    """The root: ``str(error)`` is one line for a person and says what to do."""


class QuestionError(PullquoteError):
    """The question is empty or far too long."""


class CorpusError(PullquoteError):
    """The corpus folder is missing, unreadable, or holds no article."""


class ArticleError(PullquoteError):
    """One file cannot be read as an article; the others still can.

    Attributes:
        path: the file, relative to the corpus.
        reason: why, without the path.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class IndexLocked(PullquoteError):
    """Another process is writing the index."""


class IndexTooNew(PullquoteError):
    """The index was written by a newer version of Pullquote."""


class IndexUnusable(PullquoteError):
    """The index cannot be read or written where it is."""


class IndexDamaged(IndexUnusable):
    """The catalog of the index is damaged; the next reindex saves what can be saved."""


class EmbedderError(PullquoteError):
    """The embedder cannot be loaded, or failed on a text."""


class WriterError(PullquoteError):
    """The language model did not write, or not to the end; the quotes stand all the same.

    Attributes:
        retry_after: after how many seconds it may be asked once more; None where that is no use.
    """

    def __init__(self, line: str, *, retry_after: float | None = None) -> None:
        super().__init__(line)
        self.retry_after = retry_after


class SettingsError(PullquoteError):
    """A setting has a value that cannot be used."""
