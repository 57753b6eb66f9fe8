"""Answers made by hand, for what is shown of them."""

from __future__ import annotations

from datetime import date

from index.types import (
    Answer,
    Citation,
    Difference,
    DifferingValue,
    Place,
    Quote,
    Searched,
)

TEXT = "The ferry sank off the coast, and 41 people were\n rescued by fishing boats."
OTHER = "Rescuers pulled 38 people out of the water."


def make_quote(text: str = TEXT, *, mark: str = "", start: int = 100, **fields: object) -> Quote:
    """A quote at ``start`` whose answer is the words ``mark``."""
    place = start + text.index(mark)
    values: dict[str, object] = {
        "number": 1,
        "text": text,
        "article": "sea/ferry.txt",
        "start": start,
        "end": start + len(text),
        "paragraph": 3,
        "answer_span": (place, place + len(mark)) if mark else None,
    }
    return Quote(**{**values, **fields})  # type: ignore[arg-type]


def make_citation(number: int = 1, **fields: object) -> Citation:
    """A citation of an article about the ferry."""
    values: dict[str, object] = {
        "number": number,
        "article": "sea/ferry.txt",
        "title": "Ferry sinks in storm",
        "outlet": "Coast Herald",
        "published": date(2023, 5, 4),
        "url": "https://example.org/ferry",
    }
    return Citation(**{**values, **fields})  # type: ignore[arg-type]


SEARCHED = Searched(
    articles=1200,
    passages=4000,
    earliest=date(2023, 5, 1),
    latest=date(2023, 5, 9),
    generation=3,
)

UNKNOWN = make_citation(2, article="b.txt", title="Boats", outlet=None, published=None, url=None)

ANSWERED = Answer(
    question="How many people were rescued?",
    text=f"{TEXT} {OTHER}",
    grounded=True,
    confidence=0.91234567,
    searched=SEARCHED,
    quotes=(
        make_quote(mark="41", also=(Place(number=2, article="b.txt", start=5, end=9),)),
        make_quote(OTHER, mark="38", number=2, article="b.txt", paragraph=1, start=0),
    ),
    citations=(make_citation(), UNKNOWN),
    differences=(
        Difference(
            about="people",
            values=(
                DifferingValue(value="41", said_by="the coast guard", number=1),
                DifferingValue(value="38", said_by=None, number=2),
            ),
        ),
    ),
    milliseconds=4.5678,
)

SILENT = Answer(
    question="Who built the ferry?",
    text="The articles don't say.",
    grounded=False,
    confidence=0.04,
    searched=SEARCHED,
    nearest=(make_quote(),),
    citations=(make_citation(),),
)
