from __future__ import annotations

import io
import zlib
from datetime import date

import pypdf
import pytest

from bot.intake.confined import read_content
from bot.intake.draft import Draft, Refused
from bot.intake.extract import extract
from tests.bot.intake.papers import join_objects, make_pdf, story_pdf, wrap
from tests.bot.intake.texts import STORY

TODAY = date(2026, 1, 1)


def read(content: bytes) -> Draft:
    found = read_content(content, kind="pdf", charset=None, address=None, today=TODAY)
    return found.drafts[0]


def test_lines_become_the_paragraphs_that_they_were() -> None:
    found = read(story_pdf())
    assert found.paragraphs == STORY.paragraphs
    assert found.title == STORY.title
    assert found.byline == "Ines Carrow"


def test_packed_streams_and_several_pages_are_read() -> None:
    lines = [STORY.title or "", *wrap(STORY.paragraphs)]
    found = read(make_pdf([lines[:7], lines[7:]], packed=True))
    assert found.paragraphs == STORY.paragraphs


def test_heads_feet_and_page_numbers_are_left_out() -> None:
    body = wrap(STORY.paragraphs)
    parts = [body[:4], body[4:8], body[8:]]
    pages = [
        ["The Marrow Bay Observer, 8 Sept", *part, "All about the bay", f"Page {number} of 3"]
        for number, part in enumerate(parts, start=1)
    ]
    text = "\n".join(read(make_pdf(pages)).paragraphs)
    assert "All about the bay" not in text
    assert "Page 2" not in text
    assert "The tower was built in 1871 and has stood dark since the coastguard moved its" in text


def test_words_parted_by_a_line_s_end_are_put_together() -> None:
    lines = [
        "The town of Marrow Bay has bought its lighthouse from the state for one dol-",
        "lar, and the long-term cost of its walls is two million, the council said on Thurs-",
        "day. Nobody had expected the state to sell so soon, and least of all for a long-",
        "term lease without any rent.",
    ]
    (text,) = read(make_pdf([lines])).paragraphs
    assert "for one dollar, and the long-term cost" in text
    assert "said on Thursday. Nobody" in text
    assert "for a long-term lease" in text


def test_a_date_in_the_text_is_evidence_the_file_s_own_is_none() -> None:
    assert read(story_pdf()).published is None
    stated = make_pdf([[STORY.title or "", "Published 8 September 2022", *wrap(STORY.paragraphs)]])
    assert read(stated).published == date(2022, 9, 8)


def test_the_title_that_the_maker_s_program_wrote_is_not_believed() -> None:
    body = [STORY.title or "", "", *wrap(STORY.paragraphs)]
    assert read(make_pdf([body], title="Microsoft Word - final2.doc")).title == STORY.title
    assert read(make_pdf([body], title=STORY.title or "")).title == STORY.title


def locked(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(story_pdf()))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def test_a_pdf_that_anybody_may_open_is_read_and_a_locked_one_refused() -> None:
    assert read(locked("")).title == STORY.title
    with pytest.raises(Refused, match="locked with a password"):
        read(locked("secret"))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"%PDF-1.4\n", "this PDF is broken"),
        (story_pdf()[:300], "this PDF is broken"),
        (make_pdf([[]]), "there is no text in this PDF"),
        (make_pdf([["word"]] * 101), "a PDF of 101 pages is no article"),
        (make_pdf([["Buy", "now"]]), "no running text found"),
    ],
)
def test_what_holds_no_article_is_refused_in_a_line(content: bytes, line: str) -> None:
    with pytest.raises(Refused) as caught:
        read(content)
    assert str(caught.value).startswith(line)


def bomb(times: int) -> bytes:
    """A page whose content unpacks to ``times`` 1,000,000 bytes, packed twice over."""
    filled = zlib.compress(b"(a) Tj " * 142_857 * times)
    stream = zlib.compress(filled)
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(stream)
    return join_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
            head + b"\nstream\n" + stream + b"\nendstream",
            b"<< >>",
        ]
    )


def test_a_bomb_is_one_line_and_ends_in_time() -> None:
    content = bomb(400)
    assert len(content) < 100_000
    with pytest.raises(Refused, match=r"^[^\n]*$"):
        extract(content, name="bomb.pdf")


def test_pages_that_lead_to_themselves_are_one_line() -> None:
    content = join_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>",
            b"<< >>",
        ]
    )
    with pytest.raises(Refused, match=r"^[^\n]*$"):
        extract(content, name="loop.pdf")
