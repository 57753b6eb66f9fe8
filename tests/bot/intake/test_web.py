from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from bot.intake.confined import read_content
from bot.intake.decode import decode_page
from bot.intake.draft import Draft, Refused
from bot.intake.extract import extract, find_kind
from bot.intake.web import read_fragment, read_page
from tests.bot.intake import score
from tests.bot.intake.texts import STORY, make_page, meta

TODAY = date(2026, 1, 1)


def read(page: str, *, address: str | None = None, charset: str | None = None) -> Draft:
    found = read_content(page.encode(), kind="page", charset=charset, address=address, today=TODAY)
    return found.drafts[0]


# The saved pages: floors that only go up


@pytest.mark.parametrize("name", score.page_names())
def test_every_saved_page_gives_its_facts_or_the_line_that_refuses_it(name: str) -> None:
    found = score.score(name)
    assert found.is_right, found


@pytest.mark.parametrize("name", score.page_names())
def test_the_body_of_a_saved_page_is_found_and_little_else(name: str) -> None:
    found = score.score(name)
    assert found.recall >= 0.99
    assert found.precision >= 0.83


def test_of_what_is_found_on_all_pages_nearly_everything_is_the_article_s() -> None:
    taken = [one for one in map(score.score, score.page_names()) if one.fields]
    assert sum(one.precision for one in taken) / len(taken) >= 0.98


@pytest.mark.parametrize("name", score.page_names())
def test_nothing_around_the_article_comes_with_it(name: str) -> None:
    found = score.read(name)
    text = found if isinstance(found, str) else "\n".join(found.paragraphs)
    assert [words for words in score.expected(name).get("lacks", ()) if words in text] == []


def test_the_documentation_shows_these_scores() -> None:
    assert list(score.parts())[1] == score.table()


# Dates, outlets, addresses: from evidence


def test_a_date_in_the_future_is_not_believed() -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert read(make_page(head=meta("article:published_time", tomorrow))).published is None


def test_the_day_is_the_one_that_stands_there_not_the_one_in_greenwich() -> None:
    stated = meta("article:published_time", "2022-09-07T23:30:00-05:00")
    assert read(make_page(head=stated)).published == date(2022, 9, 7)


def test_copyright_years_and_dates_in_addresses_are_no_evidence() -> None:
    found = read(make_page(), address="https://observer.example/2022/09/08/lighthouse")
    assert found.published is None
    assert found.outlet is None


def test_a_modified_date_is_not_taken_for_the_publication() -> None:
    assert read(make_page(head=meta("article:modified_time", "2023-01-02"))).published is None


def test_times_of_other_stories_are_not_taken() -> None:
    aside = '<aside><time datetime="2020-01-01">1 Jan</time></aside>'
    page = make_page().replace("</article>", f"</article>{aside}")
    assert read(page).published is None
    own = page.replace("<article>", '<article><time datetime="2021-05-04">4 May</time>')
    assert read(own).published == date(2021, 5, 4)


@pytest.mark.parametrize(
    ("canonical", "fetched", "url"),
    [
        ("https://observer.example/a", None, "https://observer.example/a"),
        ("https://www.observer.example/a#top", "https://amp.observer.example/a?x=1", None),
        ("https://other.example/a", "https://observer.example/b", "https://observer.example/b"),
        ("javascript:alert(1)", "https://observer.example/b", "https://observer.example/b"),
    ],
)
def test_a_page_cannot_pass_itself_off_as_another_site_s(
    canonical: str, fetched: str | None, url: str | None
) -> None:
    page = make_page(head=f'<link rel="canonical" href="{canonical}">')
    assert read(page, address=fetched).url == (url or canonical.partition("#")[0])


def test_broken_or_odd_json_ld_is_passed_over() -> None:
    scripts = "".join(
        f'<script type="application/ld+json">{text}</script>'
        for text in (
            "{",
            "[" * 5000,
            '{"@type": 7, "author": {"name": [[]]}, "datePublished": {}}',
            '{"@type": "NewsArticle", "datePublished": 20220908, "publisher": [1, {"name": null}]}',
            json.dumps({"@type": "NewsArticle", "author": "By Dell Hargrove", "publisher": "X Y"}),
        )
    )
    found = read(make_page(head=scripts))
    assert found.paragraphs == STORY.paragraphs
    assert found.byline is None


# Encodings


RUSSIAN = "Совет города решил открыть мост для пешеходов уже во вторник, хотя дорога не готова. "


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", None, None),
        ("utf-8", "iso-8859-1", None),
        ("utf-8", None, "iso-8859-1"),
        ("cp1251", "windows-1251", None),
        ("cp1251", None, "windows-1251"),
        ("cp1251", "utf-8", "windows-1251"),
        ("cp1251", None, None),
        ("cp1251", "no-such-encoding", None),
        ("koi8-r", "koi8-r", None),
        ("utf-16", None, None),
        ("utf-8-sig", None, None),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_is_in(
    encoding: str, declared: str | None, header: str | None
) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    page = f"<html><head>{head}</head><body><p>{RUSSIAN * 5}</p></body></html>"
    assert RUSSIAN in decode_page(page.encode(encoding), header)


def test_western_pages_are_read_as_browsers_read_them() -> None:
    page = '<meta charset="iso-8859-1"><p>It’s café time — said “Zoë”.</p>'.encode("cp1252")
    assert "It’s café time — said “Zoë”." in decode_page(page)


def test_a_few_broken_bytes_do_not_spoil_a_page() -> None:
    page = ('<meta charset="utf-8"><p>' + "Überall ist Öl. " * 50).encode() + b"\xff"
    assert decode_page(page).count("Überall ist Öl.") == 50


def test_codecs_that_are_no_text_s_are_not_used() -> None:
    assert decode_page(b"<p>68656c6c6f</p>", "hex") == "<p>68656c6c6f</p>"


# What is hostile


def test_entities_of_a_page_s_own_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    subset = f'<!DOCTYPE html [<!ENTITY e0 "ha">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    page = make_page((*STORY.paragraphs, "It ends here, with &e9; and &f; in the last sentence."))
    found = read(page.replace("<!DOCTYPE html>", subset).replace("&amp;", "&"))
    assert "root:" not in "".join(found.paragraphs)
    assert len("".join(found.paragraphs)) < 2_000


def test_nul_control_and_direction_marks_do_not_come_through() -> None:
    dirty = [text.replace(" the ", " \x00the\x1b[2J\u202e\ufeff ") for text in STORY.paragraphs]
    page = make_page(dirty).replace("</article>", "<p>&#0;&#8;&#x1b;&#xfffe;&#xd800;</p></article>")
    text = "".join(read(page).paragraphs)
    assert "Ruth Alder, who led the" in text
    assert all(mark.isprintable() for mark in text)


def test_what_imitates_front_matter_and_marks_stays_text_or_goes() -> None:
    found = score.read("imitation")
    assert isinstance(found, Draft)
    assert found.published == date(2019, 10, 1)
    assert not any(text.startswith((">", "---", "title:")) for text in found.paragraphs)


def test_a_page_that_is_nested_deeper_than_any_is_refused_in_a_line() -> None:
    page = make_page().replace("<article>", "<div>" * 3_000 + "<article>")
    with pytest.raises(Refused, match="nested too deeply"):
        read(page)


def test_a_text_that_must_be_paid_for_is_not_taken_from_its_description() -> None:
    hidden = {
        "@type": "NewsArticle",
        "isAccessibleForFree": False,
        "datePublished": "2022-09-08",
        "articleBody": " ".join(STORY.paragraphs * 3),
    }
    script = f'<script type="application/ld+json">{json.dumps(hidden)}</script>'
    with pytest.raises(Refused, match="behind a paywall"):
        read(make_page(STORY.paragraphs[:1], head=script))


@pytest.mark.parametrize(
    "page", ["<html></html>", "<p>", "<!-- -->", "<html><body><script>1</script></body></html>"]
)
def test_a_page_with_nothing_on_it_is_refused_in_a_line(page: str) -> None:
    with pytest.raises(Refused, match=r"^(no article was found|there is nothing|no running text)"):
        read(page)


# Pieces of HTML, as dumps and feeds hold them


def test_a_piece_of_html_gives_its_paragraphs_subheads_and_items() -> None:
    markup = "<p>One <b>bold</b> line.</p><h3>Head</h3><p>A<br>B</p><ul><li>x</li></ul><script>"
    assert read_fragment(markup) == ("One bold line.", "## Head", "A", "B", "- x")


def test_plain_text_is_split_where_blank_lines_part_it() -> None:
    assert read_fragment("One\nline.\n\nTwo < three.") == ("One line.", "Two < three.")
    assert read_fragment("One.\nTwo.") == ("One.", "Two.")


# What kind of file it is


@pytest.mark.parametrize(
    ("content", "name", "media", "kind"),
    [
        (b"<!doctype html><p>x", "", None, "page"),
        (b"<p>x</p>", "x.html", None, "page"),
        (b"x", "x.bin", "text/html; charset=utf-8", "page"),
        (b"\n<html>", "x.txt", "text/plain", "page"),
        (b"%PDF-1.7", "x.html", "text/html", "pdf"),
        (b'{"title": 1}', "", None, "dump"),
        (b"[]", "x.json", "application/octet-stream", "dump"),
        (b"words", "x.md", None, "text"),
    ],
)
def test_what_a_file_is_shows_in_what_it_holds_before_its_name(
    content: bytes, name: str, media: str | None, kind: str
) -> None:
    assert find_kind(content, name=name, content_type=media) == kind


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"PK\x03\x04abc", "story.html", "it is an archive or office document"),
        (b"\x1f\x8b\x08", "story.json", "it is a compressed file"),
        (b"\x89PNG", "story.pdf", "it is an image"),
        (b"words", "story.pdf", "it is called a PDF, but is none"),
        (b"", "story.html", "it is empty"),
        (b'<?xml version="1.0"?><rss version="2.0">', "story.html", "it is a feed"),
        (b"words", "story.exe", "it is no article that can be read"),
        (b"x" * 25_000_001, "story.html", "25.0 MB, more than the 25 MB"),
    ],
)
def test_what_is_no_article_is_refused_whatever_its_name_says(
    content: bytes, name: str, line: str
) -> None:
    with pytest.raises(Refused) as caught:
        extract(content, name=name)
    assert str(caught.value).startswith(line)


# In a process of its own


def test_a_page_comes_whole_through_the_process_that_reads_it() -> None:
    head = meta("article:published_time", "2022-09-08") + meta(
        "og:site_name", "Marrow Bay Observer"
    )
    (found,) = extract(make_page(head=head).encode(), name="a.html", today=TODAY).drafts
    assert (found.title, found.paragraphs) == (STORY.title, STORY.paragraphs)
    assert (found.outlet, found.published, found.language) == (STORY.outlet, STORY.published, "en")


def test_a_page_that_takes_too_long_or_too_much_is_one_line() -> None:
    heavy = b"<html><body>" + b"<p>a<b>b<i>c</p>" * 1_500_000
    with pytest.raises(Refused) as caught:
        extract(heavy, name="a.html")
    assert str(caught.value).count("\n") == 0
    assert "which no article does" in str(caught.value)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("To read the rest of this story, join us from 2 crowns a week.", "paywall"),
        ("Become a member to keep reading.", "paywall"),
        ("", "too little text"),
    ],
)
def test_a_stub_is_told_by_what_it_says_and_a_short_page_by_its_length(
    end: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        read_page(make_page((STORY.paragraphs[1], end)), today=TODAY)


def test_a_pitch_below_the_article_is_left_out_and_one_in_it_stays() -> None:
    pitch = "Subscribe to continue reading, the sign above the lamp said."
    body = (*STORY.paragraphs[:2], pitch, *STORY.paragraphs[2:], "Log in to read our archive.")
    more = [f"{text} So it went on." for text in STORY.paragraphs * 3]
    draft = read_page(make_page((*more, *body)), today=TODAY)
    assert draft.paragraphs[-1] == STORY.paragraphs[-1]
    assert pitch in draft.paragraphs


def test_a_headline_that_the_text_runs_on_from_is_not_part_of_it() -> None:
    text = f"<font>{STORY.title}</font><br>" + "<br><br>".join(STORY.paragraphs)
    page = f"<html><head><title>{STORY.title}</title></head><body><table><tr><td>{text}</td></tr>"
    assert read_page(page, today=TODAY).paragraphs == STORY.paragraphs


def test_a_headline_counts_more_than_a_title_that_is_the_name_of_a_section() -> None:
    page = make_page(STORY.paragraphs).replace(
        f"<title>{STORY.title}</title>", "<title>News</title>"
    )
    assert read_page(page, today=TODAY).title == STORY.title


def test_subheads_that_are_numbered_stay_subheads() -> None:
    body = "".join(
        f"<h2>{number}. Reason {number} of many</h2><p>{text}</p>"
        for number, text in enumerate(STORY.paragraphs, start=1)
    )
    page = make_page(("x",)).replace("<p>x</p>", body)
    paragraphs = (
        read_content(page.encode(), kind="page", charset=None, address=None, today=TODAY)
        .drafts[0]
        .paragraphs
    )
    assert paragraphs[1:4] == (
        "## 2. Reason 2 of many",
        STORY.paragraphs[1],
        "## 3. Reason 3 of many",
    )
