"""The articles that the bot of these tests answers from: invented, and of no place in particular.

The two on the ferry differ in a figure and share a sentence; one has no date and no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHARED = "The cause of the leak is not known, and divers will look at the hull on Friday."


def write_article(  # noqa: PLR0913 - an article has that many parts
    corpus: Path,
    name: str,
    *paragraphs: str,
    title: str = "News",
    outlet: str | None = None,
    published: str | None = None,
    url: str | None = None,
) -> None:
    """Write one article with front matter, as somebody who adds it to the folder would."""
    known = {"title": title, "outlet": outlet, "published": published, "url": url}
    head = [f"{key}: {value}" for key, value in known.items() if value]
    text = "\n".join(["---", *head, "---", "", "\n\n".join(paragraphs), ""])
    (corpus / name).write_text(text, encoding="utf-8")


def write_stories(corpus: Path) -> None:
    """Write all of them into a new folder."""
    corpus.mkdir(parents=True)
    _write_ferry(corpus)
    _write_town(corpus)
    _write_dam(corpus)


def _write_ferry(corpus: Path) -> None:
    write_article(
        corpus,
        "ferry.md",
        "The ferry Marlin sank in a storm on Wednesday night, and fishing boats rescued 41 people.",
        "The boats reached the ferry within twenty minutes, the coast guard said. "
        "All passengers wore life jackets.",
        "Captain Ada Berg said the engine room flooded within minutes. "
        "“We had no time to turn back to the harbour,” Berg said.",
        SHARED,
        title="Ferry sinks in storm",
        outlet="Coast Herald",
        published="2023-05-04",
        url="https://example.org/ferry-sinks",
    )
    write_article(
        corpus,
        "ferry-inquiry.md",
        "Fishing boats rescued 38 people from the ferry Marlin, the harbour police said on Friday.",
        "The police corrected an earlier count in which three crew members were listed twice.",
        SHARED,
        "Inspector Noor Haddad said the inquiry would take six weeks. "
        "She said the company had repaired the pumps in March.",
        title="Police open inquiry into ferry",
        outlet="Harbour Post",
        published="2023-05-05",
        url="https://example.org/ferry-inquiry",
    )


def _write_town(corpus: Path) -> None:
    write_article(
        corpus,
        "budget.md",
        "Mayor Lena Ortiz said the council would not raise the property tax this year.",
        "The council approved a budget of 84 million crowns on Monday. "
        "Ortiz said the town library would open on Sundays from September.",
        "Councillor Piet Maas said the budget forgot the schools. "
        "“Two roofs are leaking and nobody is fixing them,” Maas said.",
        title="Council approves budget",
        outlet="Town Gazette",
        published="2023-06-12",
        url="https://example.org/budget",
    )
    write_article(
        corpus,
        "market.txt",
        "The weekly market moves to the station square while the old town hall is repaired. "
        "Traders pay 15 crowns a day for a stall.",
        "The repairs of the town hall will last until spring, the builder Jonas Falk said.",
        title="Market moves to station square",
    )
    write_article(
        corpus,
        "orchard.md",
        "Late frost destroyed half of the apple harvest in the valley, growers said. "
        "“I have never seen ice on the blossoms in May,” said grower Mina Tal.",
        "The growers ask the state for 2 million crowns in aid.",
        title="Frost destroys apple harvest",
        outlet="Town Gazette",
        published="2023-05-20",
        url="https://example.org/orchard",
    )


def _write_dam(corpus: Path) -> None:
    write_article(
        corpus,
        "dam.md",
        "Energy minister Paul Okoro said the new dam on the Sava would cost 3.2 billion crowns.",
        "Okoro said the villages below the dam would be moved before the winter.",
        "The engineer Ines Roth said the wall would be 120 metres high. "
        "Work on the dam begins in April.",
        title="Minister names price of dam",
        outlet="National Courier",
        published="2023-03-02",
        url="https://example.org/dam",
    )
    write_article(
        corpus,
        "dam-protest.md",
        "About 2,000 people marched against the dam in the capital on Sunday. "
        "The farmer Rosa Lind said nobody had asked the villages.",
        "The marchers want a vote on the dam before work on it begins.",
        title="Thousands march against dam",
        outlet="National Courier",
        published="2023-03-06",
        url="https://example.org/dam-protest",
    )
