"""A question and passages → where in each the answer stands, and how likely it answers at all.

The reader is the bundled MiniLM, trained on by ``scripts/train_reader.py``: it reads question and
passage together, and says for every token how well an answer starts and ends there. A passage
longer than its window is read in windows that overlap. ``models/reader.json`` holds the digest of
the model and what turns its scores into probabilities; both are fitted, never set by hand.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

from index.embed import MODELS, TOKENIZER, available_cores, open_session, open_tokenizer
from index.errors import EmbedderError
from index.rank import sigmoid
from index.windows import QUESTION_TOKENS, cut_windows, join_tokens, split_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from index.windows import Window

    Logits = NDArray[np.float32]

MODEL, SETTINGS = "reader.onnx", "reader.json"

# No answer that was trained on was much longer.
ANSWER_TOKENS = 30
# How many spans of a passage are told; the others share the little that is left.
NUMBER_OF_SPANS = 20
# The score of a passage without words.
NOTHING = -60.0


class Session(Protocol):
    """What is needed of the runtime's session."""

    def run(self, outputs: None, inputs: Mapping[str, NDArray[np.int32]]) -> list[Logits]:
        """All outputs for these inputs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where an answer may stand: offsets into the passage, and its share of all spans, 0..1."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the reader found in a passage.

    ``spans`` are the likeliest, best first; they may overlap and are empty only where the passage
    has no words. ``answerable`` is the calibrated probability that the passage answers at all,
    ``score`` its logit before that: it orders passages where probabilities are all near 0 or 1.
    """

    spans: tuple[Span, ...] = field(repr=False)
    answerable: float
    score: float

    def find_within(self, start: int, end: int) -> Span | None:
        """The best span that lies within a sentence of the passage, or None."""
        inside = (span for span in self.spans if start <= span.start and span.end <= end)
        return next(inside, None)

    def share_within(self, start: int, end: int) -> float:
        """How likely the answer lies within a sentence, given that it lies in the passage, 0..1."""
        return sum(span.share for span in self.spans if start <= span.start and span.end <= end)

    def share_touching(self, span: Span) -> float:
        """How likely the answer has a character in common with ``span``, on the same terms."""
        return sum(o.share for o in self.spans if o.start < span.end and span.start < o.end)


class _Read(NamedTuple):
    """A window that was read: spans with their shares, and the two numbers that are calibrated."""

    spans: list[tuple[float, int, int]]
    answerable: float
    ahead: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Logit that a passage answers = ``intercept`` + the two scores, each times its weight.

    ``answerable`` weighs what the model says of the passage, ``ahead`` how far its best span stands
    above "no span".
    """

    answerable: float
    ahead: float
    intercept: float


class Reader:
    """The bundled reader on onnxruntime; loaded when first used; good for many threads.

    Args:
        threads: windows read side by side; None for the cores this process may use.
        folder: where the model, its settings and the embedder's tokenizer lie.
    """

    def __init__(self, *, threads: int | None = None, folder: Path = MODELS) -> None:
        self._threads = threads or available_cores()
        self._folder = folder
        self._loading = Lock()

    @property
    def name(self) -> str:
        """The model with its digest."""
        return f"MiniLM-L6-reader-int8@{self._settings[0][:16]}"

    @property
    def calibration(self) -> Calibration:
        """What turns scores into probabilities."""
        return self._settings[1]

    def read_passages(
        self, question: str, passages: Sequence[str], *, seconds: float | None = None
    ) -> list[Reading | None]:
        """Read the passages in order until ``seconds`` have passed; the rest are None.

        A window that was begun is read to its end, so a little more time may pass.

        Raises:
            EmbedderError: the model cannot be loaded.
        """
        end = None if seconds is None else time.monotonic() + seconds
        with self._loading:
            tokenizer, session = self._tools
        asked = split_tokens(tokenizer, question)[0][:QUESTION_TOKENS]

        def read(passage: str) -> Reading | None:
            if _is_over(end):
                return None
            found = []
            for window in cut_windows(*split_tokens(tokenizer, passage), len(asked)):
                if _is_over(end):
                    return None
                found.append(_read_window(session, asked, window))
            return self._join(found)

        return self._each(read, passages)

    def _each(
        self, read: Callable[[str], Reading | None], passages: Sequence[str]
    ) -> list[Reading | None]:
        """Read the passages side by side, each begun in order."""
        threads = min(self._threads, len(passages))
        if threads <= 1:
            return list(map(read, passages))
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(read, passages))

    def _join(self, whole: Sequence[_Read]) -> Reading:
        """Join the windows of a passage: it answers as likely as its best window does."""
        if not whole:
            return Reading(spans=(), answerable=0.0, score=NOTHING)
        scores = [self._calibrate(read) for read in whole]
        best = max(scores)
        spans = _share_out(
            (share * sigmoid(score) / sigmoid(best), start, end)
            for read, score in zip(whole, scores, strict=True)
            for share, start, end in read.spans
        )
        return Reading(spans=spans, answerable=sigmoid(best), score=best)

    def _calibrate(self, read: _Read) -> float:
        """The logit that a window answers."""
        constants = self.calibration
        model, ahead = constants.answerable * read.answerable, constants.ahead * read.ahead
        return model + ahead + constants.intercept

    @cached_property
    def _tools(self) -> tuple[Tokenizer, Session]:
        path = self._folder / MODEL
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unusable(path, "missing or unreadable") from error
        # A flipped bit would not stop the model from loading: it would find other answers.
        if found != self._settings[0]:
            raise _unusable(path, "damaged")
        return open_tokenizer(self._folder / TOKENIZER), open_session(path)

    @cached_property
    def _settings(self) -> tuple[str, Calibration]:
        """The digest of the model, and the calibration."""
        path = self._folder / SETTINGS
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
            return settings["sha256"], Calibration(**settings["calibration"])
        except OSError as error:
            raise _unusable(path, "missing or unreadable") from error
        except (ValueError, KeyError, TypeError) as error:
            raise _unusable(path, "damaged") from error


def _is_over(end: float | None) -> bool:
    """Whether the time is over."""
    return end is not None and time.monotonic() >= end


def _unusable(path: Path, why: str) -> EmbedderError:
    return EmbedderError(f"the reading model's file {path} is {why}: reinstall pullquote")


def _read_window(session: Session, asked: list[int], window: Window) -> _Read:
    """Run the model on the question and one window."""
    import numpy as np

    ids, before = join_tokens(asked, window.ids)
    tokens = np.array([ids], np.int32)
    kinds = (np.arange(len(ids)) >= before).astype(np.int32)[None]
    logits, answerable = session.run(None, {"input_ids": tokens, "kinds": kinds})
    spans, best = _find_spans(logits[0, before:-1], window.offsets)
    return _Read(spans, float(answerable[0]), (best - float(logits[0, 0].sum())) / 2)


def _find_spans(
    logits: Logits, offsets: list[tuple[int, int]]
) -> tuple[list[tuple[float, int, int]], float]:
    """The best spans of tokens as (share, start, end) in characters; the best one's score."""
    import numpy as np

    length = len(logits)
    scores = np.full((length, min(ANSWER_TOKENS, length)), -np.inf, np.float32)
    for more in range(scores.shape[1]):
        scores[: length - more, more] = logits[: length - more, 0] + logits[more:, 1]
    flat = scores.ravel()
    shares = np.exp(flat - flat.max())
    shares /= shares.sum()
    found = []
    for place in np.argsort(-flat, kind="stable")[:NUMBER_OF_SPANS].tolist():
        first, more = divmod(place, scores.shape[1])
        if first + more < length:
            found.append((float(shares[place]), offsets[first][0], offsets[first + more][1]))
    return found, float(flat.max())


def _share_out(weighed: Iterable[tuple[float, int, int]]) -> tuple[Span, ...]:
    """The best spans of all windows, each once, with their shares of them all."""
    best: dict[tuple[int, int], float] = {}
    for weight, start, end in weighed:
        best[start, end] = max(weight, best.get((start, end), 0.0))
    total = sum(best.values())
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:NUMBER_OF_SPANS]
    return tuple(
        Span(start=start, end=end, share=weight / total) for (start, end), weight in ordered
    )
