"""What was quoted is looked for again, and what it reads now is told from the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.catalog import Catalog
from index.errors import IndexUnusable
from index.mend import rebuild
from index.prune import prune
from index.receipts import CheckedQuote, Receipt, verify_receipt
from index.types import Answer, Citation, Place, Quote, Searched
from tests.index.shelf import HashEmbedder, run_reindex, run_steps, settings_in

if TYPE_CHECKING:
    from pathlib import Path

    from index.settings import Settings

BRIDGE = """The bridge over the Aln is open

The bridge was opened on Monday, the mayor said. It cost 12 million crowns. She praised the crew.

"We have waited nine years," said Ida Moll.
"""
WIRE = """Aln bridge opens

It cost 12 million crowns. Trams will cross it from May.
"""
COST = "It cost 12 million crowns."
NOW = "It cost 14 million crowns, the mayor corrected."


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    settings.corpus.mkdir()
    (settings.corpus / "bridge.txt").write_text(BRIDGE)
    (settings.corpus / "wire.txt").write_text(WIRE)
    run_reindex(settings)
    return settings


def edit(settings: Settings, before: str, after: str, name: str = "bridge.txt") -> None:
    path = settings.corpus / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    run_reindex(settings)


def answer(settings: Settings, *texts: str, also: str = "") -> Answer:
    """An answer that quotes these sentences of the bridge, as the index has it now."""
    with Catalog(settings.folder).snapshot() as snapshot:
        articles = {name: snapshot.find_article(f"{name}.txt")[0] for name in ("bridge", "wire")}
    bridge, wire = articles["bridge"], articles["wire"]
    places = ()
    if also:
        start = wire.text.index(also)
        places = (Place(number=2, article=wire.path, start=start, end=start + len(also)),)
    return Answer(
        question="What did the bridge cost?",
        text="",
        grounded=True,
        confidence=0.9,
        searched=Searched(articles=2, passages=2, earliest=None, latest=None, generation=1),
        quotes=tuple(
            Quote(
                number=1,
                text=text,
                article=bridge.path,
                start=bridge.text.index(text),
                end=bridge.text.index(text) + len(text),
                paragraph=1,
                also=places,
            )
            for text in texts
        ),
        citations=tuple(
            Citation(
                number=number,
                article=article.path,
                title=article.title,
                outlet=None,
                published=None,
                url=None,
                version=article.version,
            )
            for number, article in enumerate((bridge, wire), start=1)
        ),
    )


def verify(settings: Settings, given: Answer) -> Receipt:
    with Catalog(settings.folder).snapshot() as snapshot:
        receipt = verify_receipt(given, snapshot)
        for quote in receipt.quotes:
            for piece in quote.now:
                (article,) = snapshot.find_article(quote.path)
                assert article.text[piece.start : piece.end] == piece.text
    return receipt


def one(settings: Settings, given: Answer) -> CheckedQuote:
    (checked,) = verify(settings, given).quotes
    return checked


def test_what_was_not_touched_stands_where_it_stood(shelf: Settings) -> None:
    given = answer(shelf, COST)
    checked = one(shelf, given)
    assert (checked.verdict, checked.since, checked.path) == ("stands", None, "bridge.txt")
    assert [(piece.text, piece.start) for piece in checked.now] == [(COST, given.quotes[0].start)]
    assert verify(shelf, given).stands


def test_what_moved_within_the_article_or_with_it_stands_at_its_new_place(shelf: Settings) -> None:
    given = answer(shelf, COST)
    edit(shelf, "The bridge was opened", "Rain fell all day. The bridge was opened")
    (shelf.corpus / "bridge.txt").rename(shelf.corpus / "bridge-2.txt")
    run_reindex(shelf)
    checked = one(shelf, given)
    assert (checked.verdict, checked.path) == ("stands", "bridge-2.txt")
    assert checked.article == "bridge.txt"
    assert checked.now[0].start == given.quotes[0].start + len("Rain fell all day. ")


def test_white_space_and_the_shape_of_quotation_marks_are_no_edit(shelf: Settings) -> None:
    given = answer(shelf, '"We have waited nine years," said Ida Moll.')
    edit(shelf, '"We have waited nine years,"', "“We have\nwaited nine years,”")
    assert one(shelf, given).verdict == "stands"


def test_an_edited_sentence_is_told_with_what_it_reads_now_and_since_when(shelf: Settings) -> None:
    given = answer(shelf, COST)
    edit(shelf, COST, NOW)
    checked = one(shelf, given)
    assert checked.verdict == "edited"
    assert [piece.text for piece in checked.now] == [NOW]
    with Catalog(shelf.folder).snapshot() as snapshot:
        edited = snapshot.list_versions("bridge.txt")[1].made
    assert checked.since == edited

    edit(shelf, "She praised the crew.", "Nobody was praised.")
    assert one(shelf, given).since == edited
    assert not verify(shelf, given).stands


def test_one_figure_or_one_not_is_an_edit(shelf: Settings) -> None:
    given = answer(shelf, COST)
    edit(shelf, "12 million", "12.5 million")
    assert one(shelf, given).verdict == "edited"
    edit(shelf, "It cost 12.5 million", "It is not so that it cost 12 million")
    assert one(shelf, given).verdict == "edited"


def test_a_quote_inside_a_longer_sentence_is_no_longer_what_the_article_says(
    shelf: Settings,
) -> None:
    given = answer(shelf, COST)
    edit(shelf, COST, "Some claimed: It cost 12 million crowns. But it did not cost so much!")
    checked = one(shelf, given)
    assert checked.verdict == "edited"
    assert [piece.text for piece in checked.now] == ["Some claimed: It cost 12 million crowns."]


def test_a_sentence_that_was_cut_leaves_nothing(shelf: Settings) -> None:
    given = answer(shelf, COST)
    edit(shelf, COST, "")
    checked = one(shelf, given)
    assert (checked.verdict, checked.now) == ("edited", ())
    assert checked.since


def test_of_two_sentences_quoted_together_both_are_told(shelf: Settings) -> None:
    given = answer(shelf, f"{COST} She praised the crew.")
    edit(shelf, COST, NOW)
    assert [piece.text for piece in one(shelf, given).now] == [NOW, "She praised the crew."]


def test_an_edit_that_was_taken_back_stands_again(shelf: Settings) -> None:
    given = answer(shelf, COST)
    edit(shelf, COST, NOW)
    edit(shelf, NOW, COST)
    assert one(shelf, given).verdict == "stands"


def test_a_withdrawn_article_is_told_with_the_time(shelf: Settings) -> None:
    given = answer(shelf, COST)
    (shelf.corpus / "bridge.txt").unlink()
    run_reindex(shelf)
    checked = one(shelf, given)
    assert (checked.verdict, checked.now, checked.path) == ("withdrawn", (), "bridge.txt")
    with Catalog(shelf.folder).snapshot() as snapshot:
        assert checked.since == snapshot.list_versions("bridge.txt")[0].ended


def test_each_article_that_an_answer_cites_for_a_quote_is_looked_at(shelf: Settings) -> None:
    given = answer(shelf, COST, also=COST)
    edit(shelf, COST, NOW, name="wire.txt")
    first, second = verify(shelf, given).quotes
    assert (first.number, first.article, first.verdict) == (1, "bridge.txt", "stands")
    assert (second.number, second.article, second.verdict) == (2, "wire.txt", "edited")
    assert [piece.text for piece in second.now] == [NOW]


@pytest.mark.parametrize("how", ["prune", "rebuild"])
def test_what_was_forgotten_is_still_compared_with_what_there_is(shelf: Settings, how: str) -> None:
    given = answer(shelf, COST, "She praised the crew.")
    edit(shelf, COST, NOW)
    if how == "prune":
        prune(shelf.folder)
    else:
        run_steps(rebuild(shelf, HashEmbedder()))
    first, second = verify(shelf, given).quotes
    assert (first.verdict, [piece.text for piece in first.now]) == ("edited", [NOW])
    assert second.verdict == "stands"


def test_an_article_that_this_index_never_had_is_withdrawn_since_nobody_knows_when(
    shelf: Settings, tmp_path: Path
) -> None:
    given = answer(shelf, COST)
    other = settings_in(tmp_path / "other")
    other.corpus.mkdir(parents=True)
    (other.corpus / "else.txt").write_text(WIRE)
    with pytest.raises(IndexUnusable):
        verify(other, given)
    run_reindex(other)
    checked = one(other, given)
    assert (checked.verdict, checked.since) == ("withdrawn", None)


def test_an_answer_without_quotes_has_an_empty_receipt(shelf: Settings) -> None:
    receipt = verify(shelf, answer(shelf))
    assert (receipt.quotes, receipt.stands) == ((), True)
