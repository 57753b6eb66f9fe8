"""What of a page is the article: measured on annotated pages, and stated case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.clean import clean_text, shorten
from tests.index.annotated import PAGES, Page, read_page, read_pages
from tests.index.story import ALL, LAST, LEAD, NEXT, kinds, quotable

CORPUS = Path(__file__).parents[2] / "corpus"
# Floors: they only go up.
LEAST_RECALL, MOST_JUNK, LEAST_TITLES = 1.0, 0, 1.0


def words_of(page: Page, mark: str) -> list[str]:
    stripped = (page.text[start:end].strip(" #*->") for start, end in page.spans(mark))
    return [line for line in stripped if any(map(str.isalnum, line))]


def test_annotated_pages_lose_no_sentence() -> None:
    wanted = kept = 0
    for page in read_pages():
        body = clean_text(page.text)
        text = {at for p in body.paragraphs if p.kind == "text" for at in range(p.start, p.end)}
        for start, end in page.spans("+"):
            letters = {at for at in range(start, end) if page.text[at].isalnum()}
            wanted += 1
            kept += letters <= text
    assert wanted > 100
    assert kept / wanted >= LEAST_RECALL


def test_annotated_pages_yield_no_junk_to_quote() -> None:
    quoted = []
    for page in read_pages():
        parts = [p for p in clean_text(page.text).paragraphs if p.kind != "heading"]
        for start, end in page.spans("-") + page.spans("T"):
            letters = [at for at in range(start, end) if page.text[at].isalnum()]
            if any(p.start <= at < p.end for p in parts for at in letters):
                quoted.append(page.text[start:end])
    assert len(quoted) <= MOST_JUNK, quoted


def test_annotated_pages_have_their_headlines() -> None:
    titles = [(clean_text(page.text).title, words_of(page, "T")) for page in read_pages()]
    right = sum(title in wanted if wanted else title is None for title, wanted in titles)
    assert right / len(titles) >= LEAST_TITLES, titles


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.page")), ids=lambda path: path.stem)
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_change_nothing(path: Path, newline: str) -> None:
    plain, other = read_page(path), read_page(path, newline=newline)
    expected = [
        (kind, words.replace("\n", newline))
        for kind, words in kinds(plain.text, clean_text(plain.text))
    ]
    body = clean_text(other.text)
    assert kinds(other.text, body) == expected
    assert body.title == clean_text(plain.text).title


@pytest.mark.parametrize(
    ("number", "title", "paragraphs"),
    [
        ("000", "Pentagon, South Korea urge North Korea to withdraw troops from Russia", 19),
        ("001", "North Korean troops in Russian uniforms are heading toward Ukraine, US says", 15),
        ("002", "Pentagon says some North Korea forces are in Russia's Kursk", 15),
        ("003", "US says North Korean troops are now in Russia", 14),
        ("004", "U.S., South Korea, Japan Warn of North Korean Troops in Russia", 5),
    ],
)
def test_the_five_articles_keep_all_their_paragraphs(
    number: str, title: str, paragraphs: int
) -> None:
    text = next(CORPUS.glob(f"{number}*")).read_text(encoding="utf-8")
    body = clean_text(text)
    assert body.title == title
    assert sum(part.kind == "text" for part in body.paragraphs) == paragraphs


@pytest.mark.parametrize(
    "junk",
    [
        "Accessibility links",
        "Skip to content",
        "Breaking News",
        "please wait",
        "No media source",
        "0:02:27",
        "US, South Korea urge Pyongyang to pull",
        "XS",
        "f161cae2",
        "AP Photo",
        "push icon",
        "push notifications",
        "No thanks",
        "Some information for this story",
        "contributed from",
        "Baldor",
        "ATTENTION EDITORS",
        "Sputnik",
        "What's Your Reaction",
        "This story has been updated",
        "NEWS DESK",
        "PRESS UPDATE",
        "—-",
    ],
)
def test_the_five_articles_never_quote_junk(junk: str) -> None:
    for path in CORPUS.glob("*.txt"):
        assert junk not in quotable(path.read_text(encoding="utf-8"))


def test_subheads_are_kept_as_headings() -> None:
    text = next(CORPUS.glob("000*")).read_text(encoding="utf-8")
    headings = [words for kind, words in kinds(text, clean_text(text)) if kind == "heading"]
    assert headings == ["UN Security Council meeting", "Troop estimates"]


def test_a_caption_given_twice_is_kept_once() -> None:
    caption = "Ice piles up against the old bridge in Tarsk on Saturday."
    text = f"Bridge lost to ice\n\n{caption}\n{caption}\n\n{LEAD}\n\n{NEXT}\n"
    body = clean_text(text)
    assert [words for kind, words in kinds(text, body) if kind == "caption"] == [caption]


def test_the_longer_of_two_captions_is_kept_without_its_credit() -> None:
    caption = "Ice piles up against the old bridge in Tarsk on Saturday."
    text = f"Bridge lost to ice\n\n{caption} (Jan Roe/Tarsk Wire)\n{caption}\n\n{LEAD}\n\n{NEXT}\n"
    assert [p for p in kinds(text, clean_text(text)) if p[0] == "caption"] == [("caption", caption)]


def test_equal_sentences_apart_from_each_other_are_both_kept() -> None:
    text = f"Bridge lost to ice\n\n{LEAD}\n\n{NEXT}\n\n{LEAD}\n\n{LAST}\n"
    starts = [part.start for part in clean_text(text).paragraphs]
    assert [text[start : start + len(LEAD)] == LEAD for start in starts] == [
        True,
        False,
        True,
        False,
    ]


def test_a_text_of_nothing_but_one_repeated_paragraph_is_still_text() -> None:
    text = f"{LEAD}\n\n{LEAD}\n"
    assert [kind for kind, _ in kinds(text, clean_text(text))] == ["text", "text"]


@pytest.mark.parametrize(
    "sentence",
    [
        "He told subscribers of the newsletter that he would not share their e-mail addresses.",
        "“Sign up for our newsletter,” read the poster on the door of the burnt-out office.",
        "Cookies and other sweets will be taxed from June, the finance ministry announced.",
        "The app was downloaded by 40,000 people, and our reporter was one of them, she said.",
        "The US members of the panel left the room when the page with the names was read out.",
        "A picture of the suspect was released by police.",
        "The Labor/Green coalition has 41 seats.",
        "He declined.",
        "€492,000, to be exact.",
        "The toll was 280 in 2010, 201 in 2009 and 126 in 2008.",
        "Ada Roe, Ben Coe, Cy Doe, Di Foe and Ed Goe voted no.",
        "This story of a town without a bridge is not over.",
        "The evidence in this report is thin, the court found.",
    ],
)
def test_a_real_sentence_stays_whatever_words_it_holds(sentence: str) -> None:
    text = f"Bridge lost to ice\n\n{LEAD}\n\n{sentence}\n\n{NEXT}\n\n{LAST}\n"
    assert ("text", sentence) in kinds(text, clean_text(text))


@pytest.mark.parametrize(
    "junk",
    [
        "Subscribe to our newsletter and never miss a story.",
        "We use cookies to give you the best experience. By continuing you agree to our policy.",
        "Advertisement",
        "Read more: Why bridges fail",
        "5 min read",
        "Updated 3 hours ago",
        "Photo by Jan Roe.",
        "Jan Roe / Tarsk Wire via Getty Images",
        "© 2021 The Tarsk Courier. All rights reserved.",
        "An earlier version of this story misspelled the name of the mayor.",
        "Reporting by Jan Roe in Tarsk; editing by Ann Poe.",
        "Tags: ice, bridges, Tarsk",
        "d41d8cd98f00b204e9800998ecf8427e",
        "What do you think? Leave a comment below.",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_the_page_itself_is_never_quoted(junk: str, place: str) -> None:
    parts = [LEAD, NEXT, junk, LAST] if place == "middle" else [LEAD, NEXT, LAST, junk]
    text = "\n\n".join(["Bridge lost to ice", *parts])
    assert quotable(text) == ALL


def test_a_picture_credited_to_the_paper_keeps_its_caption() -> None:
    caption = "Ice piles up against the old bridge in Tarsk on Saturday."
    text = "\n\n".join(
        ["Channel Nine News", "Bridge lost to ice", f"{caption} (Channel Nine)", LEAD, NEXT, LAST]
    )
    assert ("caption", caption) in kinds(text, clean_text(text))


def test_an_agency_that_signs_every_paragraph_has_no_captions() -> None:
    signed = [f"{paragraph} (ANP)" for paragraph in (LEAD, NEXT, LAST)]
    text = "\n\n".join(["ANP", "Bridge lost to ice", *signed])
    assert {kind for kind, _ in kinds(text, clean_text(text))} == {"text"}


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The harbor town of Tarsk lost its only bridge on Friday when ice broke two\n"
        "of its pillars. Nobody was hurt, the mayor said, but 3,000 people on the\n"
        "far bank cannot reach the hospital.\n"
    )
    text = f"Bridge lost to ice\n\n{wrapped}\n{wrapped.replace('Tarsk', 'Belmora')}"
    paragraphs = clean_text(text).paragraphs
    assert [text[part.start : part.end].count("\n") for part in paragraphs] == [2, 2]


def test_paragraphs_without_blank_lines_between_stay_apart() -> None:
    assert quotable(f"Bridge lost to ice\n{ALL}").split("\n") == [LEAD, NEXT, LAST]


def test_one_paragraph_is_enough() -> None:
    assert kinds(LEAD, clean_text(LEAD)) == [("text", LEAD)]
    assert clean_text(LEAD).title is None


def test_of_a_page_title_and_a_headline_the_one_at_the_text_is_taken() -> None:
    text = (
        "Tarsk bridge lost to the ice of Friday - Tarsk Courier\n\nShare\n\n"
        f"Ice takes the Tarsk bridge\n\n{LEAD}\n\n{NEXT}"
    )
    assert clean_text(text).title == "Ice takes the Tarsk bridge"


def test_a_page_title_that_is_a_sentence_is_no_text() -> None:
    text = (
        "Ice takes the only bridge of Tarsk.\n\nTags: ice\n\n"
        f"Ice takes only Tarsk bridge\n\n{LEAD}\n\n{NEXT}"
    )
    body = clean_text(text)
    assert body.title == "Ice takes only Tarsk bridge"
    assert kinds(text, body)[0] == ("heading", "Ice takes the only bridge of Tarsk.")


def test_markdown_marks_are_left_outside_the_spans() -> None:
    text = f"# Bridge lost to ice\n\n> {LEAD}\n\n## What now\n\n- {NEXT}\n\n**{LAST}**\n"
    body = clean_text(text)
    assert body.title == "Bridge lost to ice"
    assert kinds(text, body) == [
        ("text", LEAD),
        ("heading", "What now"),
        ("text", NEXT),
        ("text", LAST),
    ]


def test_capitals_throughout_are_still_text() -> None:
    text = f"{LEAD.upper()}\n\n{NEXT.upper()}\n"
    assert len(clean_text(text).paragraphs) == 2


def test_other_stories_after_the_article_are_cut_off() -> None:
    other = "A dog in Belmora has learned to open the fridge, and its owners are at a loss."
    text = f"Bridge lost to ice\n{ALL}\n\nRelated stories\n{other}"
    assert "dog" not in quotable(text)


def test_a_subhead_that_sounds_like_the_end_does_not_cut_the_article() -> None:
    text = f"Bridge lost to ice\n\n{LEAD}\n\nRelated damage\n\n{NEXT}\n\n{LAST}"
    assert quotable(text) == ALL


@pytest.mark.parametrize("text", ["", " \n ", "Menu\nHome\n", "0:00 0:02", "—\n—\n"])
def test_a_text_without_sentences_has_no_body(text: str) -> None:
    assert clean_text(text).paragraphs == ()


def test_a_long_title_is_cut_at_a_word() -> None:
    short = shorten(f"{LEAD} {NEXT}")
    assert len(short) <= 120
    assert short.endswith("…")
    assert f"{LEAD} {NEXT}".startswith(short[:-1])
    assert f"{LEAD} {NEXT}"[len(short) - 1] == " "
