"""Run as a process of its own: bytes from a stranger → drafts, within limits that hold.

Parsers of HTML and PDF have had files that take minutes, gigabytes, or the process itself. No
limit inside a process helps against all of them; ending the process does. See ``extract``, which
starts this one.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from bot.child import limit_process
from bot.intake.decode import decode_page
from bot.intake.draft import Draft, Extracted, Refused, tidy_url
from bot.intake.dumps import read_dump
from bot.intake.pdf import read_pdf
from bot.intake.settle import settle
from bot.intake.web import read_page, split_paragraphs

MOST_SECONDS = 10

OUT_OF_MEMORY = "it takes more than 1 GB of memory to read, which no article does"

Kind = Literal["page", "pdf", "dump", "text"]


def main() -> None:
    """Read a request as a line of JSON and then the content; write what was found as JSON."""
    limit_process(MOST_SECONDS)
    request = json.loads(sys.stdin.buffer.readline())
    request["today"] = date.fromisoformat(request["today"])
    told: dict[str, Any]
    try:
        found = read_content(sys.stdin.buffer.read(), **request)
        told = {"drafts": [_to_json(draft) for draft in found.drafts], "refused": found.refused}
    except Refused as error:
        told = {"error": str(error)}
    except MemoryError:
        told = {"error": OUT_OF_MEMORY}
    sys.stdout.write(json.dumps(told))


def read_content(
    content: bytes, *, kind: Kind, charset: str | None, address: str | None, today: date
) -> Extracted:
    """Read ``content`` in this process, without any limit.

    Raises:
        Refused: there is no article in it.
    """
    try:
        if kind == "pdf":
            draft = read_pdf(content)
        else:
            text = decode_page(content, charset)
            if kind == "dump":
                return read_dump(text, today=today)
            draft = _read_text(text, kind=kind, address=address, today=today)
        return Extracted(drafts=(settle(draft, today=today),))
    except RecursionError:
        raise Refused("it is nested too deeply to be read") from None


def _read_text(text: str, *, kind: Kind, address: str | None, today: date) -> Draft:
    if kind == "page":
        return read_page(text, address=address, today=today)
    return Draft(paragraphs=split_paragraphs(text), url=tidy_url(address))


def _to_json(draft: Draft) -> dict[str, Any]:
    day = draft.published
    return {**asdict(draft), "published": day.isoformat() if day else None}


if __name__ == "__main__":
    main()
