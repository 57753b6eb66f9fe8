"""``pullquote eval``: how well a set of questions is answered, and each miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.opening import opened
from bot.escape import clean_line, json_line
from bot.streams import emit
from index.errors import PullquoteError
from index.evaluate import ABSTAIN, evaluate, read_expectations, summarize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.evaluate import Outcome, Score, Tally
    from index.open import Library
    from index.settings import Settings


def run(file: Path, *, settings: Settings, as_json: bool) -> int:
    """Ask every question of the file and write the score and each miss.

    Returns:
        0 where every question is answered as expected, 1 where one is not.
    """
    expectations = read_expectations(file)
    with opened(settings) as library:
        texts = _Texts(library)
        outcomes = list(evaluate(expectations, ask=library.ask, read_text=texts.read))
    score = summarize(outcomes)
    if as_json:
        emit(json_line(score_to_json(score, outcomes)) + "\n")
    else:
        emit("\n".join([*describe(score), *_misses(outcomes)]) + "\n")
    return 0 if score.overall.right == score.overall.total else 1


class _Texts:
    """The articles' texts by path, each fetched once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, str] = {}

    def read(self, path: str) -> str:
        if path not in self._known:
            found = [one for one in self._library.find_article(path) if one.path == path]
            if not found:
                raise PullquoteError(f"{path} is quoted but not in the index; run: pullquote index")
            self._known[path] = found[0].text
        return self._known[path]


def describe(score: Score) -> Iterator[str]:
    """Write a score as lines."""
    rows = {
        **{_name(kind): tally for kind, tally in score.by_kind.items()},
        "all": score.overall,
        "wrong abstentions": score.wrong_abstentions,
        "differences complete": score.sides_complete,
        "literal quotes": score.literal_quotes,
    }
    for name, tally in rows.items():
        if tally.total:
            yield f"{clean_line(name):<22}{_ratio(tally)}"
    yield f"{'latency':<22}median {score.median:.1f} ms, 95 % within {score.percentile_95:.1f} ms"


def score_to_json(score: Score, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Write a score as the values that ``eval --json`` prints."""
    return {
        "kinds": {kind: _pair(tally) for kind, tally in score.by_kind.items()},
        "all": _pair(score.overall),
        "wrong_abstentions": _pair(score.wrong_abstentions),
        "differences_complete": _pair(score.sides_complete),
        "literal_quotes": _pair(score.literal_quotes),
        "milliseconds": {
            "median": round(score.median, 2),
            "percentile_95": round(score.percentile_95, 2),
        },
        "misses": [
            {
                "id": outcome.expectation.id,
                "kind": outcome.expectation.kind,
                "question": outcome.expectation.question,
                "missing": list(outcome.missing),
                "grounded": outcome.answer.grounded,
                "confidence": round(float(outcome.answer.confidence), 4),
            }
            for outcome in outcomes
            if not outcome.hit
        ],
    }


def _misses(outcomes: Sequence[Outcome]) -> Iterator[str]:
    missed = [outcome for outcome in outcomes if not outcome.hit]
    if missed:
        yield "\nMissed:"
    for outcome in missed:
        expectation, answer = outcome.expectation, outcome.answer
        yield clean_line(f"{expectation.id} ({expectation.kind}) {expectation.question}")
        said = "answered" if answer.grounded else "not answered"
        missing = "; ".join(outcome.missing)
        yield clean_line(f"    {said}, confidence {answer.confidence:.2f}, missing: {missing}")


def _name(kind: str) -> str:
    return "abstained rightly" if kind == ABSTAIN else kind


def _ratio(tally: Tally) -> str:
    return f"{tally.right} of {tally.total} ({tally.right / tally.total:.0%})"


def _pair(tally: Tally) -> dict[str, int]:
    return {"right": tally.right, "total": tally.total}
