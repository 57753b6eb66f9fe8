"""Five reprints of one wire story are one source; other reports of the same event are others."""

from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog
from index.embedding.word_vectors import WordVectors
from index.lineage.stories import SHARED, hash_sentence
from index.open import Library, open_library
from index.question import read_question
from index.read import read_article
from index.retrieve import retrieve_hits
from index.settings import Settings
from index.split import split_article
from index.vectors import VectorIndex
from tests.index.shelf import HashEmbedder, run_reindex, settings_in, write_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.types import Answer, Article

WIRE = [
    "A passenger ferry ran aground off the island of Sorn on Tuesday, the coast guard said.",
    "All 214 people on board were brought ashore by midnight.",
    "Eleven of them were treated for bruises and cold, the island's clinic said.",
    "The ferry Halcyon had left Tarrow harbour at four in the afternoon in thick fog.",
    "“We felt a blow and then the lights went out,” said Mirela Voss, a teacher from Tarrow.",
    "The operator, Northern Lines, said that the ship's radar had been repaired only last week.",
    "Captain Edo Brandt told investigators that he had seen no buoy where the chart shows one.",
    "The harbour authority denied that any buoy was missing.",
    "Two tugs are to pull the ship off the sandbank at high water on Thursday.",
    "About 40 tonnes of fuel are in its tanks, and none has leaked so far.",
    "Ferries to Sorn will run from the southern pier until the wreck has been moved.",
    "The last accident on this route was in 1998, when a trawler sank in a storm.",
]
QUOTED = WIRE[4]
FIRE = [
    "A fire destroyed the old cinema in the centre of Tarrow on Wednesday night.",
    "Nobody was hurt, the fire brigade said, as the house has been empty for six years.",
    "Neighbours had complained about broken windows since the spring.",
    "The town council bought the cinema in 2015 for 300,000 crowns and never found a use for it.",
    "“It was the only place to go when we were young,” said Otto Lind, who lives next door.",
]
REPORT = [
    "Divers found a long tear in the hull of the Halcyon on Wednesday, a day after it grounded.",
    QUOTED,
    "Relatives waited on the quay at Tarrow through the night and cheered each boat that came in.",
    "Fog is common in the strait in November, and fishermen say that radar alone is no help there.",
    "The ministry of transport has sent three inspectors, who will question the crew of nine.",
    "Northern Lines runs six ships, of which the Halcyon, built in 1987, is the oldest.",
    "The union of seamen has asked for years that the fairway be lit on both sides.",
]
# Each outlet's cuts and edits: what it left out, and what it wrote otherwise.
OUTLETS: dict[str, tuple[set[int], dict[int, str]]] = {
    "courier": (set(), {}),
    "ledger": ({2, 11}, {0: "A ferry with 214 people ran aground off Sorn on Tuesday night."}),
    "meridian": ({5, 9, 10, 11}, {}),
    "post": ({7}, {8: "On Thursday two tugs will try to free the ship at high water."}),
    "record": (
        {1, 6},
        {
            3: "The Halcyon left Tarrow after lunch, when the fog was thick already.",
            10: "Until then boats to the island leave from the southern pier.",
        },
    ),
}


def text_of(title: str, sentences: list[str]) -> str:
    paragraphs = [" ".join(sentences[n : n + 2]) for n in range(0, len(sentences), 2)]
    return "\n\n".join([title, *paragraphs]) + "\n"


def reprint(outlet: str) -> list[str]:
    cut, edited = OUTLETS[outlet]
    return [edited.get(n, text) for n, text in enumerate(WIRE) if n not in cut]


def write_corpus(corpus: Path) -> None:
    corpus.mkdir(parents=True)
    for outlet in OUTLETS:
        head = (
            f"---\ntitle: Ferry aground off Sorn ({outlet})\noutlet: The {outlet.title()}\n---\n\n"
        )
        (corpus / f"{outlet}.txt").write_text(head + text_of("", reprint(outlet)).lstrip())
    (corpus / "report.txt").write_text(text_of("Divers find a tear in the Halcyon", REPORT))
    (corpus / "fire.txt").write_text(text_of("Fire in Tarrow", FIRE))
    (corpus / "brief.txt").write_text(text_of("In brief", [WIRE[1], FIRE[0]]))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("stories")
    write_corpus(folder / "corpus")
    library = open_library(Settings(corpus=folder / "corpus", folder=folder / "index"))
    for _ in library.reindex():
        pass
    yield library
    library.close()


def stories(settings: Settings) -> set[frozenset[str]]:
    """The stories of more than one article, by the paths of their files."""
    with Catalog(settings.folder).snapshot() as snapshot:
        keys = {}
        for listed in snapshot.list_articles():
            (version,) = snapshot.list_versions(listed.path)[-1:]
            keys[version.key] = listed.path
        found = {frozenset(keys[each] for each in snapshot.story_of(key)) for key in keys}
    return {story for story in found if len(story) > 1}


REPRINTS = frozenset(f"{outlet}.txt" for outlet in OUTLETS)


# What is one story


def test_reprints_are_one_story_and_other_reports_are_not(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_corpus(settings.corpus)
    run_reindex(settings)
    assert stories(settings) == {REPRINTS}


def test_a_story_follows_what_comes_changes_and_goes(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_corpus(settings.corpus)
    (settings.corpus / "post.txt").unlink()
    run_reindex(settings)
    assert stories(settings) == {REPRINTS - {"post.txt"}}
    (settings.corpus / "post.txt").write_text(text_of("Ferry", reprint("post")))
    (settings.corpus / "ledger.txt").write_text(text_of("Something else", FIRE[::-1]))
    run_reindex(settings)
    fires = frozenset({"ledger.txt", "fire.txt"})
    assert stories(settings) == {REPRINTS - {"ledger.txt"}, fires}
    for name in ("fire.txt", "courier.txt", "meridian.txt"):
        (settings.corpus / name).unlink()
    run_reindex(settings)
    assert stories(settings) == {frozenset({"post.txt", "record.txt"})}


def test_a_sentence_that_stands_on_every_page_makes_no_story(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for number in range(300):
        path = write_article(settings.corpus, f"village{number}.txt", sentences=4)
        path.write_text(
            path.read_text()
            + "".join(
                f"\n\nThis newspaper follows the code of practice of its country, rule {rule}."
                for rule in range(3)
            )
        )
    run_reindex(settings)
    assert len(stories(settings)) <= 1
    write_article(settings.corpus, "late.txt", sentences=4)
    run_reindex(settings)
    assert not any("late.txt" in story for story in stories(settings))


def shares(articles: list[Article]) -> list[float]:
    """For each pair the sentences that both have, of those of the shorter one."""
    hashes = [
        {
            number
            for passage in split_article(article)
            for each in passage.sentences
            if each.kind == "text"
            and (number := hash_sentence(article.text[each.start : each.end])) is not None
        }
        for article in articles
    ]
    return [len(a & b) / min(len(a), len(b)) for a, b in combinations(hashes, 2)]


def test_the_share_lies_between_reprints_and_reports_of_one_event(
    repository: Path, corpus: Path, tmp_path: Path
) -> None:
    """Measured: reprints 0.5 and more, reports by different hands 0.2 and less."""
    newsroom = repository / "tests" / "newsroom" / "articles"
    apart = sorted(path for path in newsroom.iterdir() if path.name != "caddon-courier-saltmere.md")
    real = sorted(corpus.glob("*.txt"))
    for folder, paths in ((newsroom, apart), (corpus, real)):
        assert max(shares([read_article(path, corpus=folder) for path in paths])) < SHARED / 2
    pair = [newsroom / "harbor-sentinel-saltmere.txt", newsroom / "caddon-courier-saltmere.md"]
    assert shares([read_article(path, corpus=newsroom) for path in pair])[0] > SHARED * 1.5

    write_corpus(tmp_path / "corpus")
    paths = sorted(tmp_path / "corpus" / name for name in REPRINTS)
    assert min(shares([read_article(path, corpus=tmp_path) for path in paths])) > SHARED * 1.2
    hands = [tmp_path / "corpus" / name for name in ("courier.txt", "report.txt")]
    assert 0 < shares([read_article(path, corpus=tmp_path) for path in hands])[0] < SHARED / 2


def test_random_cuts_of_half_and_edits_of_every_fifth_sentence_stay_one_story(
    tmp_path: Path,
) -> None:
    chance = random.Random(5)  # noqa: S311 (the same cuts each time)
    settings = settings_in(tmp_path)
    settings.corpus.mkdir()
    body = [f"Sentence number {n} of the wire tells what {n * 7} people did." for n in range(30)]
    (settings.corpus / "whole.txt").write_text(text_of("Wire", body))
    for outlet in range(12):
        kept = body[: chance.randint(15, 30)]
        edited = [f"Rewritten {outlet} {t}" if chance.random() < 0.2 else t for t in kept]
        (settings.corpus / f"outlet{outlet}.txt").write_text(text_of("Wire", edited))
    run_reindex(settings)
    (story,) = stories(settings)
    assert len(story) == 13


# How it is answered


def test_a_quote_from_one_reprint_cites_all_that_carry_the_sentence(library: Library) -> None:
    answer = library.ask("How many people were brought ashore from the ferry?")
    quote = answer.quotes[0]
    assert quote.text == WIRE[1]
    carriers = {f"{name}.txt" for name in OUTLETS if WIRE[1] in reprint(name)} | {"brief.txt"}
    assert {quote.article, *(place.article for place in quote.also)} == carriers
    cited = {citation.number: citation.article for citation in answer.citations}
    for place in quote.also:
        assert cited[place.number] == place.article
        (article,) = library.find_article(place.article)
        assert article.text[place.start : place.end] == WIRE[1]


def test_no_sentence_is_quoted_twice(library: Library) -> None:
    for question in ("What happened to the ferry Halcyon?", "What did Mirela Voss say?"):
        texts = [quote.text for quote in library.ask(question).quotes]
        assert len(set(texts)) == len(texts)


def test_what_another_report_quotes_too_is_cited_with_the_reprints(library: Library) -> None:
    answer = library.ask("What did Mirela Voss say?")
    quote = answer.quotes[0]
    assert quote.text == QUOTED
    paths = {quote.article, *(place.article for place in quote.also)}
    assert paths == REPRINTS | {"report.txt"}


def test_reprints_leave_room_among_the_hits(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    write_corpus(settings.corpus)
    run_reindex(settings)
    vectors = VectorIndex(settings.folder)
    with Catalog(settings.folder).snapshot() as snapshot:
        question = read_question(
            "the ferry Halcyon",
            snapshot=snapshot,
            embedder=HashEmbedder(),
            word_vectors=WordVectors(),
        )
        found: dict[bool, list[str]] = {}
        for with_copies in (False, True):
            hits = retrieve_hits(
                question, snapshot=snapshot, vectors=vectors, with_copies=with_copies
            )
            articles = snapshot.load_articles([hit.passage.article_key for hit in hits])
            found[with_copies] = [articles[hit.passage.article_key].path for hit in hits]
    assert set(found[True]) == REPRINTS | {"report.txt", "fire.txt", "brief.txt"}
    kept = [path for path in found[False] if path in REPRINTS]
    assert 1 <= len(kept) <= 2
    assert set(found[False]) - REPRINTS == {"report.txt", "fire.txt", "brief.txt"}


def test_what_only_another_report_says_is_answered_from_it(library: Library) -> None:
    assert library.ask("Who will question the crew of the ferry?").quotes[0].article == "report.txt"


def test_only_as_many_articles_are_cited_as_were_asked_for(library: Library) -> None:
    answer = library.ask("How many people were brought ashore?", number_of_articles=1)
    assert len({citation.article for citation in answer.citations}) == 1


TOLL = "The flood killed {} people in the valley of Ormond, rescuers said on Sunday."
ORMOND = [
    "Roads to three villages in the valley were cut off by mud and fallen trees.",
    "The army flew food and blankets to a school where families are sheltering.",
    "More rain is expected before the end of the week, the weather service said.",
    "The dam above the town of Ormond held, and its gates were opened at dawn.",
]


def ask_of_the_flood(folder: Path, *stories: list[str]) -> Answer:
    (folder / "corpus").mkdir()
    for number, sentences in enumerate(stories):
        (folder / "corpus" / f"{number}.txt").write_text(text_of("Flood in Ormond", sentences))
    library = open_library(Settings(corpus=folder / "corpus", folder=folder / "index"))
    for _ in library.reindex():
        pass
    answer = library.ask("How many people did the flood kill in Ormond?")
    library.close()
    return answer


def test_a_story_brought_up_to_date_differs_from_the_copy_that_was_not(tmp_path: Path) -> None:
    answer = ask_of_the_flood(tmp_path, [TOLL.format(14), *ORMOND], [TOLL.format(17), *ORMOND])
    assert {quote.text for quote in answer.quotes} == {TOLL.format(14), TOLL.format(17)}
    (difference,) = answer.differences
    paths = {citation.number: citation.article for citation in answer.citations}
    told = {side.value: paths[side.number] for side in difference.values}
    assert told == {"14": "0.txt", "17": "1.txt"}


def test_two_figures_that_every_copy_of_a_story_has_are_no_difference(tmp_path: Path) -> None:
    both = [TOLL.format(14), TOLL.replace("Sunday", "Monday").format(17), *ORMOND]
    answer = ask_of_the_flood(tmp_path, both, both[:-1])
    assert answer.grounded
    assert answer.differences == ()


def test_a_story_and_another_source_differ(tmp_path: Path) -> None:
    answer = ask_of_the_flood(
        tmp_path,
        [TOLL.format(14), *ORMOND],
        [TOLL.format(14), *ORMOND[:3]],
        ["The flood killed 23 people in Ormond, the mayor said.", "Schools there are shut."],
    )
    (difference,) = answer.differences
    assert sorted(side.value for side in difference.values) == ["14", "23"]
    (both,) = [quote for quote in answer.quotes if quote.text == TOLL.format(14)]
    assert len(both.also) == 1
