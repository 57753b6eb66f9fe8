"""What counts as told already: copies do, other stories of the same event do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.intake.copies import TOLD_ALREADY, Copies, Sentences, read_sentences
from bot.intake.draft import Draft
from index.catalog import Catalog
from index.open import open_library
from index.settings import Settings
from tests.bot.intake.stories import BUDGET, COPIES, FERRY, FERRY_EDITED, FERRY_OTHER, OTHERS, QUAKE


def draft(text: str, url: str | None = None) -> Draft:
    return Draft(
        paragraphs=tuple(" ".join(part.split()) for part in text.strip().split("\n\n")), url=url
    )


def sentences(text: str, url: str | None = None) -> Sentences:
    return read_sentences(draft(text, url))


@pytest.mark.parametrize("pair", COPIES.values(), ids=COPIES)
def test_a_copy_is_told_by_the_first_text(pair: tuple[str, str]) -> None:
    first, second = map(sentences, pair)
    assert second.told_by(first) >= TOLD_ALREADY + 0.1


@pytest.mark.parametrize("pair", OTHERS.values(), ids=OTHERS)
def test_another_story_of_the_event_is_not(pair: tuple[str, str]) -> None:
    first, second = map(sentences, pair)
    assert second.told_by(first) <= TOLD_ALREADY - 0.15


def test_a_text_with_other_figures_throughout_is_no_copy() -> None:
    figures = str.maketrans("0123456789", "1234567890")
    assert sentences(QUAKE.translate(figures)).told_by(sentences(QUAKE)) < TOLD_ALREADY


def test_a_text_of_nothing_is_told_by_nobody() -> None:
    assert sentences("Yes.").told_by(sentences("Yes.")) == 0.0


def test_subheads_do_not_count() -> None:
    assert sentences("## The coast guard said so on Tuesday morning\n\nNo.").texts == ()


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """An index of two stories: of the ferry, with an address, and of the budget, without."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "corpus").mkdir()
    front = "---\ntitle: Ferry aground\nurl: https://a.example/ferry\n---\n"
    (folder / "corpus" / "ferry.md").write_text(front + FERRY, encoding="utf-8")
    (folder / "corpus" / "budget.txt").write_text(BUDGET, encoding="utf-8")
    settings = Settings(corpus=folder / "corpus", folder=folder / "index")
    library = open_library(settings)
    for _ in library.reindex():
        pass
    library.close()
    catalog = Catalog(settings.folder)
    yield catalog
    catalog.close()


def test_a_copy_of_a_live_article_is_found_by_its_path(catalog: Catalog) -> None:
    copies = Copies(catalog)
    assert copies.find(sentences(FERRY_EDITED, "https://b.example/1")) == "ferry.md"
    assert copies.find(sentences(BUDGET)) == "budget.txt"
    assert copies.find(sentences(FERRY_OTHER, "https://b.example/2")) is None
    assert copies.find(sentences(QUAKE)) is None


def test_an_article_is_no_copy_of_what_stood_at_its_own_address(catalog: Catalog) -> None:
    edited = sentences(FERRY_EDITED, "https://www.a.example/ferry/?utm_source=feed")
    assert Copies(catalog).find(edited) is None


def test_what_came_just_now_counts_before_it_is_indexed(catalog: Catalog) -> None:
    copies = Copies(catalog)
    copies.add(sentences(QUAKE, "https://a.example/quake"))
    copied = sentences(QUAKE, "https://b.example/quake")
    assert copies.find(copied) == "https://a.example/quake"


def test_addresses_of_live_articles_are_known(catalog: Catalog) -> None:
    assert Copies(catalog).live_links() == {"a.example/ferry"}


def test_without_an_index_nothing_is_told(tmp_path: Path) -> None:
    copies = Copies(Catalog(tmp_path))
    assert copies.find(sentences(FERRY)) is None
    assert copies.live_links() == set()
