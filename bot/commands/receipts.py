"""``pullquote receipts``: an answer that the bot gave earlier, against the articles as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.commands.history import describe_time
from bot.commands.opening import opened
from bot.escape import clean_line, json_line
from bot.streams import emit
from index.catalog import catalog_path
from index.errors import IndexUnusable, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.receipts import CheckedQuote, Receipt
    from index.settings import Settings
    from index.types import Answer


def run(answer_id: str, *, settings: Settings, as_json: bool) -> int:
    """Verify the answer of this id and write what has become of each of its quotes.

    Returns:
        0 where every quote stands, 1 where one was edited or withdrawn.

    Raises:
        QuestionError: no answer of this id is kept.
    """
    answer = find_answer(answer_id, settings=settings)
    with opened(settings) as library:
        receipt = library.verify_receipt(answer)
    if as_json:
        emit(json_line(receipt_to_json(receipt)) + "\n")
    else:
        emit("".join(f"{line}\n" for line in describe_receipt(receipt)))
    return 0 if receipt.stands else 1


def find_answer(answer_id: str, *, settings: Settings) -> Answer:
    """Give an answer that the bot has kept.

    Raises:
        QuestionError: there is none of this id, or this is no id.
        IndexUnusable: there is no index, or it cannot be read.
    """
    name = answer_id.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{12}", name):
        raise QuestionError("an answer's id is 12 hexadecimal digits, like 3f9a01bc44de")
    if not catalog_path(settings.folder).exists():
        raise IndexUnusable(f"there is no index in {settings.folder}, and so no answer is kept")

    # This imports discord, which takes half a second.
    from bot.discord.store import Store

    kept = Store(settings.folder).find(name)
    if kept is None:
        raise QuestionError(
            f'no answer "{name}" is kept: it was deleted, is too old, or was never given'
        )
    return kept.answer


def receipt_to_json(receipt: Receipt) -> dict[str, object]:
    """Write a receipt as the values that ``receipts --json`` prints; texts are exact slices."""
    return {
        "question": receipt.answer.question,
        "stands": receipt.stands,
        "quotes": [
            {
                "number": quote.number,
                "text": quote.text,
                "article": quote.article,
                "verdict": quote.verdict,
                "path": quote.path,
                "now": [
                    {"text": piece.text, "start": piece.start, "end": piece.end}
                    for piece in quote.now
                ],
                "since": quote.since and quote.since.isoformat(timespec="seconds"),
            }
            for quote in receipt.quotes
        ],
    }


def describe_receipt(receipt: Receipt) -> Iterator[str]:
    """Write a receipt as lines: the question, then each quote with what has become of it."""
    yield clean_line(receipt.answer.question)
    if not receipt.quotes:
        yield ""
        yield "The answer quoted nothing."
    for quote in receipt.quotes:
        yield ""
        yield f'[{quote.number}] "{clean_line(quote.text)}"'
        yield f"    {clean_line(quote.path)}: {describe_verdict(quote)}"
        if quote.verdict == "edited":
            yield from (f"    > {clean_line(piece.text)}" for piece in quote.now)


def describe_verdict(quote: CheckedQuote) -> str:
    """Say in a few words what has become of a quote."""
    if quote.verdict == "stands":
        return "stands"
    on = f" on {describe_time(quote.since)}" if quote.since else ""
    if quote.verdict == "withdrawn":
        return f"the article was withdrawn{on}"
    if quote.now:
        return f"the article was edited{on}; this now reads:"
    return f"the article was edited{on} and says nothing like it now"
