from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.intake.draft import Draft, Refused, tidy, tidy_url, tidy_value
from bot.intake.rescue import rescue
from bot.intake.save import Shelf, Unwritable, address_key, make_slug, save
from bot.intake.settle import settle
from index.errors import ArticleError
from index.pages.frontmatter import read_front_matter
from index.read import find_articles, read_article
from index.types import Article
from tests.bot.intake.texts import STORY

TODAY = date(2026, 1, 1)
NAME = "2022-09-08-town-of-marrow-bay-buys-its-own-lighthouse.md"


def read_back(corpus: Path, path: str) -> Article:
    return read_article(corpus / path, corpus=corpus, today=TODAY)


def paragraphs_of(article: Article) -> tuple[str, ...]:
    return tuple(article.text[part.start : part.end] for part in article.paragraphs)


def files(corpus: Path) -> list[str]:
    return sorted(path.relative_to(corpus).as_posix() for path in corpus.rglob("*"))


# What is saved is what is read


def test_an_article_is_read_back_exactly_as_it_was_saved(tmp_path: Path) -> None:
    saved = save(STORY, tmp_path, today=TODAY)
    article = read_back(tmp_path, saved.path)
    assert (saved.path, saved.state) == (NAME, "added")
    assert paragraphs_of(article) == STORY.paragraphs
    assert (article.title, article.outlet, article.byline) == (
        STORY.title,
        STORY.outlet,
        STORY.byline,
    )
    assert (article.published, article.url) == (STORY.published, STORY.url)
    assert article.notes == ()


def test_the_front_matter_says_when_it_was_retrieved(tmp_path: Path) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    saved = save(replace(STORY, retrieved=moment), tmp_path, today=TODAY)
    text = (tmp_path / saved.path).read_text(encoding="utf-8")
    assert "\nretrieved: '2024-05-06T07:08:09Z'\n" in text[: read_front_matter(text).end]


HOSTILE = [
    "---",
    "--- a title: in dashes ---",
    "title: x",
    "yes",
    "007",
    "{[*&!|>%@`#: ",
    "a: b: c # d",
    "'single' \"double\" \\n \\u0041",
    "2024-01-01",
    "!!python/object/apply:os.system [echo]",
    "&a [*a, *a]",
    "# not a heading",
    "*starred* and _lined_",
    "“Скільки?” – запитав він: 한국어 العربية 🎈",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_a_headline_or_name_holds_it_is_read_back_as_it_is(
    value: str, tmp_path: Path
) -> None:
    value = tidy(f"{value} word")
    saved = save(replace(STORY, title=value, outlet=value, byline=value), tmp_path, today=TODAY)
    article = read_back(tmp_path, saved.path)
    assert (article.title, article.outlet, article.byline) == (value, value, value)
    assert paragraphs_of(article) == STORY.paragraphs


@pytest.mark.parametrize(
    "opening",
    [
        "---",
        "...",
        "```",
        "***",
        "published: 1999-01-01",
        "| a | b |",
        "<!-- note -->",
        "Advertisement",
        "Share this article",
        "© 2022 The Observer. All rights reserved.",
    ],
)
def test_what_looks_like_marks_or_furniture_is_left_out_of_the_file(
    opening: str, tmp_path: Path
) -> None:
    draft = replace(STORY, paragraphs=(opening, *STORY.paragraphs, opening))
    saved = save(draft, tmp_path, today=TODAY)
    assert paragraphs_of(read_back(tmp_path, saved.path)) == STORY.paragraphs
    text = (tmp_path / saved.path).read_text(encoding="utf-8")
    body = text[read_front_matter(text).end :]
    assert body.split("\n\n")[1:] == [*STORY.paragraphs[:-1], STORY.paragraphs[-1] + "\n"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (">>> It is quoted, they said, by all who write of it here.", "It is quoted, they said,"),
        ("[1] The numbers in brackets stay where the author put them, she said.", "[1] The"),
        ("He wrote “<<<” and “>>>” and [2] into the margin of the old letter.", "He wrote “<<<”"),
        ("1. First of all the council must find the money for the walls.", "First of all"),
    ],
)
def test_a_paragraph_that_bears_marks_is_read_without_them_before_it(
    text: str, read: str, tmp_path: Path
) -> None:
    middle = (*STORY.paragraphs[:2], text, *STORY.paragraphs[2:])
    saved = save(replace(STORY, paragraphs=middle), tmp_path, today=TODAY)
    kept = paragraphs_of(read_back(tmp_path, saved.path))
    assert kept[2].startswith(read)
    assert kept[2] in text
    assert (*kept[:2], *kept[3:]) == STORY.paragraphs


def test_subheads_and_lists_come_back_as_such(tmp_path: Path) -> None:
    body = (
        *STORY.paragraphs[:2],
        "## What it will cost",
        "The council has listed what must be done before the winter comes:",
        "- the stairs, which salt has eaten",
        "- the gallery and its railing",
        *STORY.paragraphs[2:],
    )
    saved = save(replace(STORY, paragraphs=body), tmp_path, today=TODAY)
    article = read_back(tmp_path, saved.path)
    kinds = [part.kind for part in article.paragraphs]
    assert paragraphs_of(article)[2] == "What it will cost"
    assert kinds[2] == "heading"
    assert paragraphs_of(article)[4:6] == tuple(line[2:] for line in body[4:6])


def test_saving_what_was_settled_changes_nothing() -> None:
    settled = settle(replace(STORY, paragraphs=("Read more", *STORY.paragraphs)), today=TODAY)
    assert settled == STORY
    assert settle(settled, today=TODAY) == settled


def test_what_the_text_says_of_itself_fills_what_is_not_known() -> None:
    bare = Draft(paragraphs=("By Dell Hargrove", "Published 8 September 2022", *STORY.paragraphs))
    settled = settle(bare, today=TODAY)
    assert (settled.byline, settled.published) == ("Dell Hargrove", date(2022, 9, 8))
    assert settled.paragraphs == STORY.paragraphs


def test_a_day_in_the_future_is_not_saved(tmp_path: Path) -> None:
    saved = save(replace(STORY, published=date(2026, 1, 2)), tmp_path, today=TODAY)
    assert read_back(tmp_path, saved.path).published is None
    assert saved.path == NAME.removeprefix("2022-09-08-")


@pytest.mark.parametrize(
    ("paragraphs", "line"),
    [
        ((), "no running text"),
        (("Menu", "Home", "Sport"), "no running text"),
        (("word " * 30_000 + "end.",), "a line of"),
        (("A sentence of some words that is repeated.",) * 30_000, "larger than the 1 MB"),
    ],
)
def test_what_the_library_cannot_read_is_not_saved(
    paragraphs: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    draft = Draft(paragraphs=tuple(map(tidy, paragraphs)))
    with pytest.raises((Refused, ArticleError), match=line):
        save(draft, tmp_path, today=TODAY)
    assert files(tmp_path) == []


@pytest.mark.parametrize("line", ["two\nlines", "tab\there", "\u202etext", "nul\x00", " x", ""])
def test_a_draft_is_made_of_tidy_lines(line: str) -> None:
    with pytest.raises(ValueError, match="tidy"):
        Draft(paragraphs=(line,))


# Where it is saved


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Up, up & away!", "up-up-away"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\CON\\..", "c-con"),
        (".hidden", "hidden"),
        ("README", "article-readme"),
        ("***", "article-"),
        ("Міст через Ясну", "міст-через-ясну"),
        ("a" * 300, "a" * 60),
    ],
)
def test_a_name_is_made_of_letters_and_digits_only(title: str, slug: str) -> None:
    assert make_slug(title) == slug


@pytest.mark.parametrize("title", ["../../escape", "/etc/cron.d/x", "..", "a/../../b", "\\..\\x"])
def test_nothing_is_written_outside_the_corpus(title: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    save(replace(STORY, title=f"{title} word"), corpus, today=TODAY)
    Shelf(corpus, today=TODAY).copy(" ".join(STORY.paragraphs).encode(), f"{title}.txt")
    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [corpus, corpus]


def test_the_same_address_is_the_same_file(tmp_path: Path) -> None:
    first = save(STORY, tmp_path, today=TODAY)
    corrected = replace(
        STORY,
        title="Corrected: the lighthouse costs two dollars",
        url="http://www.observer.example/news/lighthouse/?utm_source=feed#top".partition("#")[0],
    )
    second = save(corrected, tmp_path, today=TODAY)
    assert (second.path, second.state) == (first.path, "changed")
    assert files(tmp_path) == [NAME]
    assert read_back(tmp_path, NAME).title == corrected.title


def test_the_address_of_a_whole_site_is_no_article_s(tmp_path: Path) -> None:
    first = replace(STORY, url="https://observer.example/")
    second = replace(first, title="Another", paragraphs=STORY.paragraphs[1:])
    assert [save(one, tmp_path, today=TODAY).state for one in (first, second)] == ["added"] * 2


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / save(STORY, tmp_path, today=TODAY).path
    before = path.read_bytes(), path.stat().st_mtime_ns
    later = replace(STORY, retrieved=datetime(2025, 1, 1, tzinfo=UTC))
    assert save(later, tmp_path, today=TODAY).state == "unchanged"
    nowhere = replace(later, url=None)
    assert save(nowhere, tmp_path, today=TODAY).state == "added"
    assert save(nowhere, tmp_path, today=TODAY).state == "unchanged"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_day_that_was_known_is_not_forgotten(tmp_path: Path) -> None:
    save(STORY, tmp_path, today=TODAY)
    shorter = replace(STORY, paragraphs=STORY.paragraphs[:4], published=None)
    saved = save(shorter, tmp_path, today=TODAY)
    assert saved.state == "changed"
    assert read_back(tmp_path, saved.path).published == STORY.published


def test_another_article_of_the_same_name_is_never_overwritten(tmp_path: Path) -> None:
    save(STORY, tmp_path, today=TODAY)
    other = replace(STORY, url="https://else.example/a", paragraphs=STORY.paragraphs[1:])
    saved = save(other, tmp_path, today=TODAY)
    assert saved.path == NAME.replace(".md", "-2.md")
    assert paragraphs_of(read_back(tmp_path, NAME)) == STORY.paragraphs


def test_a_file_made_by_hand_is_kept_although_it_has_the_address(tmp_path: Path) -> None:
    own = f"---\nurl: {STORY.url}\n---\nretrieved: no\n\n{STORY.paragraphs[0]}\n"
    (tmp_path / "own.md").write_text(own, encoding="utf-8")
    with pytest.raises(Refused, match=r"already, by hand: own\.md"):
        save(STORY, tmp_path, today=TODAY)
    assert (tmp_path / "own.md").read_text(encoding="utf-8") == own


def test_links_that_lead_out_of_the_corpus_are_not_followed(tmp_path: Path) -> None:
    corpus, outside = tmp_path / "corpus", tmp_path / "outside.md"
    corpus.mkdir()
    outside.write_text("mine")
    (corpus / NAME).symlink_to(outside)
    (corpus / NAME.replace(".md", "-2.md")).symlink_to(tmp_path / "nowhere")
    saved = save(STORY, corpus, today=TODAY)
    assert saved.path == NAME.replace(".md", "-3.md")
    assert outside.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_within_the_corpus_is_not_written_through(tmp_path: Path) -> None:
    save(STORY, tmp_path, today=TODAY)
    (tmp_path / NAME).rename(tmp_path / "kept.bin")
    (tmp_path / NAME).symlink_to(tmp_path / "kept.bin")
    before = (tmp_path / "kept.bin").read_bytes()
    with pytest.raises(Refused):
        save(replace(STORY, title="Another"), tmp_path, today=TODAY)
    assert (tmp_path / "kept.bin").read_bytes() == before


def test_a_corpus_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("a file")
    line = r"^nothing can be saved into the folder of articles: file exists$"
    with pytest.raises(Unwritable, match=line):
        save(STORY, tmp_path / "corpus", today=TODAY)


def test_nothing_half_written_is_ever_seen_or_left(tmp_path: Path) -> None:
    (tmp_path / ".0123.saving").write_text("left by a killed process")
    save(STORY, tmp_path, today=TODAY)
    assert [path.name for path in find_articles(tmp_path)[0]] == [NAME]
    assert files(tmp_path) == [".0123.saving", NAME]


@pytest.mark.skipif(os.name == "nt", reason="modes are Unix's")
def test_a_saved_file_is_read_by_whoever_may_read_files_made_here(tmp_path: Path) -> None:
    saved = save(STORY, tmp_path, today=TODAY)
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / saved.path).stat().st_mode == (tmp_path / "plain").stat().st_mode


# Addresses and values


def test_addresses_of_one_article_have_one_key() -> None:
    same = [
        "https://www.a.example/x/y",
        "http://A.example/x/y/",
        "https://a.example/x/y?utm_source=z&utm_medium=w",
        "https://a.example/x/y#comments",
    ]
    assert {address_key(url) for url in same} == {"a.example/x/y"}
    assert address_key("https://a.example/x?id=1&b=2") == address_key("http://a.example/x?b=2&id=1")
    assert address_key("https://a.example/x?id=1") != address_key("https://a.example/x?id=2")


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "//a/b", "https://a b", "https://a/<x>", "https://a/" + "x" * 500, 5, None]
)
def test_what_is_no_address_of_the_web_is_not_kept(url: object) -> None:
    assert tidy_url(url) is None


def test_values_are_one_line_of_some_length() -> None:
    assert tidy_value(" A\n\tB\u200b ") == "A B"
    assert tidy_value("—") is None
    assert tidy_value("x" * 301) is None


# What is read as the page's, and is the article's

LIKE_PITCHES = (
    "Sign up for the course, Ruth Alder tells everybody who asks: the tower needs forty guides.",
    "Subscribe to nothing, Alder's mother used to say; pay in cash and keep the receipt.",
    "Read more than the plaque, she advised.",
    "All rights reserved for the state in 1871, a lawyer for the council wrote, have run out.",
    "Editor's note: Alder is a cousin of the owner of this paper.",
)
PITCHES = (
    "Sign up for our newsletter and get the best of Marrow Bay in your inbox every morning.",
    "Read more about Ruth Alder here.",
    "Click here to subscribe.",
    "All rights reserved.",
    "Follow us on Twitter for the latest on Ruth Alder and her tower.",
    "Read more: Alder resigns from the council",
    "Please accept cookies to see this content on Tuesday.",
)


@pytest.mark.parametrize("line", LIKE_PITCHES)
def test_a_sentence_of_the_article_that_begins_as_a_pitch_is_in_the_file(
    line: str, tmp_path: Path
) -> None:
    first, *rest = STORY.paragraphs
    draft = replace(STORY, paragraphs=(first, line, *rest))
    saved = save(draft, tmp_path, today=TODAY)
    assert f"\n\n{line}\n\n" in (tmp_path / saved.path).read_text(encoding="utf-8")
    # What else is there is read as it would be without.
    assert {*paragraphs_of(read_back(tmp_path, saved.path))} - {line} == {*STORY.paragraphs}
    assert save(draft, tmp_path, today=TODAY).state == "unchanged"


@pytest.mark.parametrize("line", PITCHES)
def test_a_pitch_between_two_paragraphs_is_not(line: str, tmp_path: Path) -> None:
    first, *rest = STORY.paragraphs
    saved = save(replace(STORY, paragraphs=(first, line, *rest)), tmp_path, today=TODAY)
    assert line not in (tmp_path / saved.path).read_text(encoding="utf-8")


def test_what_comes_before_and_after_all_that_is_read_is_not_rescued() -> None:
    note = LIKE_PITCHES[-1]
    assert rescue([note, "A", "B", note], [False, True, True, False]) == [False, True, True, False]
    assert rescue([note], [False]) == [False]


# Killed in the middle

KILLED = """
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from bot.intake.save import Shelf
from tests.bot.intake.texts import STORY
shelf = Shelf(Path(sys.argv[1]))
print("ready", flush=True)
for number in count():
    shelf.save(replace(STORY, title=f"Title {number % 40}", url=f"https://a.example/{number}"))
"""


def test_whoever_is_killed_while_saving_leaves_whole_files_only(tmp_path: Path) -> None:
    for number in range(5):
        command = [sys.executable, "-c", KILLED, str(tmp_path / "corpus")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.3 + number / 20)
            process.kill()
    found = find_articles(tmp_path / "corpus")[0]
    assert found
    for path in found:
        assert paragraphs_of(read_back(tmp_path / "corpus", path.name)) == STORY.paragraphs


def test_what_a_killed_process_left_is_tidied_away_when_it_is_old(tmp_path: Path) -> None:
    old, new = tmp_path / ".1f.saving", tmp_path / ".2f.saving"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (1, 1))
    save(STORY, tmp_path, today=TODAY)
    assert files(tmp_path) == [new.name, NAME]
