"""Imaginary news for benchmarks: as many articles as wanted, always the same ones.

    python benchmarks/corpus.py 600 FOLDER

Countries, people and figures are invented. An article has about 500 words in some twenty-five
sentences, of which hardly two are alike, as in a real archive: nothing is gained by remembering
sentences of one article for another.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

WORDS = 500
WORDS_IN_PARAGRAPH = 45
FIRST_DAY = date(2023, 1, 1)
DAYS = 700

# Questions go through the articles in steps of a prime, so that neighbours have nothing in common.
STRIDE = 7919

ONSETS = "b br c ch d dr f g gr h j k kr l m n p pr r s sh st t tr v w z".split()
VOWELS = "a e i o u ai ea ia o u".split()
CODAS = ["", "l", "n", "r", "s", "th", "nd", "rk", "sk", "lm"]

OUTLETS = "Harbour Courier|Northern Wire|Evening Ledger|Valley Post|The Meridian|Capital Record"
ROLES = (
    "minister|mayor|spokeswoman|general|economist|doctor|engineer|professor|governor|envoy|farmer"
    "|teacher|pilot|union leader|judge|fisherman|shop owner|climate scientist|police chief"
)
THINGS = (
    "workers|soldiers|houses|schools|refugees|patients|tonnes of wheat|megawatts of power|voters"
    "|fishing boats|trucks|hospital beds|visitors|shops|police officers|hectares of forest|buses"
    "|litres of fuel|letters|tents"
)
PLACES = (
    "harbour|dam|border crossing|parliament|power station|northern railway|central bank"
    "|university|airport|coal mine|old bridge|river delta|regional court|wheat exchange|stadium"
)
EVENTS = (
    "flood|election|strike|trade deal|drought|peace conference|earthquake|budget vote|heat wave"
    "|rail accident|outbreak|harvest|storm|cease-fire|festival|recall|merger|census|wildfire"
)
DEEDS = (
    "repair|inspect|evacuate|reopen|finance|expand|search|rebuild|close|guard|modernise|survey"
    "|abandon|connect|privatise|paint|insure|photograph|fence|measure"
)
QUALITIES = (
    "unusual|costly|overdue|difficult|generous|unexpected|temporary|sensible|risky|welcome"
    "|expensive|historic|modest|worrying|orderly|chaotic|quiet|lawful"
)
MONTHS = "January|March|April|June|July|September|October|December"

SENTENCES = """
About {number} {things} were counted near the {place} in {town} after the {event}, {person} said.
"We will {deed} the {place} before {month}, whatever it costs," said {person}, a {role} from {town}.
The {quality} plan to {deed} the {place} was approved by {count} votes to {count} on Tuesday.
{person}, a {role} in {country}, called the decision {quality} and asked for {number} {things}.
In {month}, the {event} had already cost {country} {money} million, according to {person}.
Officials in {town} have denied that the {place} was closed because of the {quality} {event}.
"Nobody told us about the {event}," said {person}, who lived beside the {place} for {count} years.
A report by {person} found that {percent} percent of the {things} in {country} came from {town}.
The {role} of {town} will meet {person} at the {place} to discuss how to {deed} it safely.
Since the {event}, {number} {things} have been moved from {town} to {country}, most of them by rail.
It was the {quality} end of a week in which {country} lost {number} {things} and a {role}.
{person} warned that the {event} could {deed} nothing but the trust of {town} in its {place}.
Neighbouring {country} offered {number} {things}, an offer that the {role} described as {quality}.
The {place} employs {number} people, and its {event} is felt in every street of {town}.
For {person}, the {quality} work to {deed} the {place} began {count} years before the {event}.
Prices of {things} rose by {percent} percent in {month}, the {place} in {town} said.
"It is {quality}, but not enough," {person} told reporters in {town} after visiting the {place}.
By evening, {count} of the {number} {things} had reached the {place}, {person} said by telephone.
The {role}, {person}, resigned in {month} when it emerged that {money} million had been spent.
Critics in {country} say a {quality} {event} like this one happens every {count} years.
""".strip().splitlines()

ASKED = """
How many {things} were counted near the {place} in {town}?
What did {person} say about the {event}?
When will they {deed} the {place}?
Who resigned in {month}?
Why was the {place} in {town} closed?
How much did the {event} cost {country}?
Where will the {role} of {town} meet {person}?
Did officials in {town} deny that the {place} was closed?
What percent of the {things} in {country} came from {town}?
How many people does the {place} employ?
""".strip().splitlines()


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who and what an article is about: the words its sentences choose from."""

    towns: Sequence[str]
    countries: Sequence[str]
    people: Sequence[str]


def write_articles(number: int, folder: Path) -> None:
    """Write the first ``number`` articles as Markdown files into ``folder``, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in range(number):
        text = make_article(each)
        (folder / f"{each:05d}.md").write_text(text, encoding="utf-8")


def make_article(number: int) -> str:
    """The article of this number, with its front matter."""
    chance = _chance(number)
    cast = _cast(chance)
    town = cast.towns[0]
    published = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    title = _fill("{event} in {town}: {role} wants to {deed} the {place}", chance, cast)
    head = f"title: '{title.capitalize()}'\noutlet: {_one(OUTLETS, chance)}\npublished: {published}"
    paragraphs = "\n\n".join(_paragraphs(chance, cast))
    return f"---\n{head}\n---\n\n{town.upper()} — {paragraphs}\n"


def make_questions(number: int, articles: int) -> list[str]:
    """Questions on the first ``articles`` articles; ``number`` of them, each a new one."""
    questions = []
    for each in range(number):
        cast = _cast(_chance(each * STRIDE % articles))
        questions.append(_fill(ASKED[each % len(ASKED)], _chance(articles + each), cast))
    return questions


def _paragraphs(chance: random.Random, cast: Cast) -> Iterator[str]:
    words = 0
    while words < WORDS:
        paragraph: list[str] = []
        while sum(len(each.split()) for each in paragraph) < WORDS_IN_PARAGRAPH:
            paragraph.append(_fill(chance.choice(SENTENCES), chance, cast))
        words += sum(len(each.split()) for each in paragraph)
        yield " ".join(paragraph)


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (the same articles each time is what is wanted)


def _cast(chance: random.Random) -> Cast:
    return Cast(
        towns=[_name(chance, 2) for _ in range(3)],
        countries=[_name(chance, 2) + "ia" for _ in range(2)],
        people=[f"{_name(chance, 1)} {_name(chance, 2)}" for _ in range(5)],
    )


def _name(chance: random.Random, syllables: int) -> str:
    parts = (chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(syllables))
    return ("".join(parts) + chance.choice(CODAS)).capitalize()


def _one(words: str, chance: random.Random) -> str:
    return chance.choice(words.split("|"))


def _fill(sentence: str, chance: random.Random, cast: Cast) -> str:
    return sentence.format(
        town=chance.choice(cast.towns),
        country=chance.choice(cast.countries),
        person=chance.choice(cast.people),
        role=_one(ROLES, chance),
        things=_one(THINGS, chance),
        place=_one(PLACES, chance),
        event=_one(EVENTS, chance),
        deed=_one(DEEDS, chance),
        quality=_one(QUALITIES, chance),
        month=_one(MONTHS, chance),
        number=f"{chance.randrange(30, 20_000):,}",
        count=chance.randrange(2, 30),
        money=chance.randrange(2, 900),
        percent=chance.randrange(1, 99),
    )


def main() -> None:
    """Write articles into a folder."""
    parser = argparse.ArgumentParser(description="Write imaginary articles.")
    parser.add_argument("number", type=int)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    write_articles(arguments.number, arguments.folder)


if __name__ == "__main__":
    main()
