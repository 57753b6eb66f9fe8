"""Files → articles, and what is refused, in one line that says why."""

from __future__ import annotations

import os
import random
import time
from datetime import date
from pathlib import Path

import pytest

from index.errors import ArticleError, CorpusError
from index.read import LARGEST_FILE, LONGEST_LINE, find_articles, read_article
from index.split import split_article
from index.types import Article

CORPUS = Path(__file__).parents[2] / "corpus"
TODAY = date(2026, 11, 22)
BODY = (
    "The harbor town of Tarsk lost its only bridge on Friday when ice broke two of its pillars.\n\n"
    "Nobody was hurt, the mayor said, but 3,000 people cannot reach the hospital.\n"
)


def read(data: bytes | str, name: str = "a.txt") -> Article:
    raw = data.encode() if isinstance(data, str) else data
    return read_article(CORPUS / name, corpus=CORPUS, data=raw, today=TODAY)


def refusal(data: bytes | str) -> str:
    with pytest.raises(ArticleError) as caught:
        read(data)
    assert str(caught.value).startswith("a.txt: ")
    assert "\n" not in str(caught.value)
    return caught.value.reason


def body(article: Article) -> list[str]:
    return [article.text[part.start : part.end] for part in article.paragraphs]


def test_articles_are_found_in_every_folder_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.MD", "a/c.txt", "README.md", "readme.txt", "x.html", ".hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(BODY)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "note.txt").write_text(BODY)
    paths, errors = find_articles(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "a/c.txt",
        "a/z.MD",
        "b.txt",
    ]
    assert errors == ()


def test_what_only_looks_like_an_article_is_named_with_the_reason(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "folder.txt").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text(BODY)
    (corpus / "good.txt").write_text(BODY)
    (corpus / "broken.txt").symlink_to("nowhere.txt")
    (corpus / "out.txt").symlink_to(tmp_path / "outside.txt")
    (corpus / "in.txt").symlink_to("good.txt")
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "two\nlines.txt").write_text(BODY)
    paths, errors = find_articles(corpus)
    assert [path.name for path in paths] == ["good.txt", "in.txt"]
    assert {error.path: error.reason.split(";")[0] for error in errors} == {
        "broken.txt": "a broken link",
        "folder.txt": "a folder, not a file",
        "out.txt": "a link that leads out of the corpus",
        "pipe.txt": "not a regular file",
        "two\\x0alines.txt": "the file's name cannot be shown on one line",
    }


def test_articles_in_a_folder_named_like_one_are_still_found(tmp_path: Path) -> None:
    (tmp_path / "year.txt").mkdir()
    (tmp_path / "year.txt" / "a.txt").write_text(BODY)
    paths, errors = find_articles(tmp_path)
    assert [path.name for path in paths] == ["a.txt"]
    assert [error.path for error in errors] == ["year.txt"]


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_without_a_corpus_folder_one_line_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text(BODY)
    with pytest.raises(CorpusError, match="folder"):
        find_articles(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(BODY)
    path.chmod(0)
    with pytest.raises(ArticleError, match="permission denied"):
        read_article(path, corpus=tmp_path)


@pytest.mark.parametrize("name", ["gone.txt", "folder.txt"])
def test_a_file_that_went_away_or_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ArticleError, match=name):
        read_article(tmp_path / name, corpus=tmp_path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        ("\ufeff \u00a0\n", "empty"),
        (b"--- *** ---\n", "holds no words"),
        (b"Menu\nHome\nShare\n", "no running text"),
        (b"text with\x00 a NUL byte in the middle of it.", "NUL"),
        (bytes(range(1, 32)) * 20 + b"some words here.", "binary"),
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"PK\x03\x04rest", "an archive"),
        (b"<!DOCTYPE html><html><p>Some words here.</p></html>", "a web page"),
        (b"\xff\xfea", "marked as UTF-16"),
        (b"word " * (LONGEST_LINE // 5 + 1), "a line of"),
        (b"word\n" * 30_000, "lines"),
        (b"a" * (LARGEST_FILE + 1), "MB"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(data: bytes | str, reason: str) -> None:
    assert reason in refusal(data)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    began = time.perf_counter()
    with pytest.raises(ArticleError, match=r"5000\.0 MB"):
        read_article(path, corpus=tmp_path)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("data", "note", "word"),
    [
        (BODY.encode(), (), "Tarsk"),
        (b"\xef\xbb\xbf" + BODY.encode(), (), "Tarsk"),
        (BODY.encode("utf-16"), ("not UTF-8, read as UTF-16",), "Tarsk"),
        (
            BODY.replace("Tarsk", "Târsk").encode("cp1252"),
            ("not UTF-8, read as windows-1252",),
            "Târsk",
        ),
        (
            (BODY.replace("Tarsk", "Târsk") * 2).encode() + b"\xff",
            ("not quite UTF-8, 1 broken characters read as \ufffd",),
            "Târsk",
        ),
        (
            BODY.encode() * 2 + b"\x81",
            ("not quite UTF-8, 1 broken characters read as \ufffd",),
            "Tarsk",
        ),
    ],
)
def test_the_encoding_is_found_and_noted(data: bytes, note: tuple[str, ...], word: str) -> None:
    article = read(data)
    assert article.notes == note
    assert word in body(article)[0]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_offsets_are_those_of_the_decoded_file(newline: str) -> None:
    data = BODY.replace("\n", newline).encode()
    article = read(data)
    assert article.text == data.decode()
    assert body(article) == BODY.strip().split("\n\n")


def test_front_matter_is_read_and_offsets_still_refer_to_the_file() -> None:
    front = (
        "---\ntitle: Bridge lost\noutlet: The Tarsk Courier\nauthor: [Jane Roe, Ann Poe]\n"
        "published: 2021-03-05T10:00:00Z\nurl: https://example.org/bridge\nmood: sad\n---\n"
    )
    article = read(front + BODY)
    assert (article.title, article.outlet, article.byline, article.published, article.url) == (
        "Bridge lost",
        "The Tarsk Courier",
        "Jane Roe, Ann Poe",
        date(2021, 3, 5),
        "https://example.org/bridge",
    )
    assert article.text.startswith("---\ntitle")
    assert body(article) == BODY.strip().split("\n\n")
    assert article.notes == ()


@pytest.mark.parametrize(
    ("front", "note"),
    [
        ("title: [a, {b: c}]", "front matter: title is not a line of text, ignored"),
        ("published: 5", "front matter: published is no date that can be read: 5"),
        (
            "published: 2021-13-45",
            "front matter: published is no date that can be read: 2021-13-45",
        ),
        (
            "published: 2031-01-01",
            "front matter: published lies in the future, ignored: 2031-01-01",
        ),
        ("title: Bridge: lost", "front matter is not valid YAML (line 2), read line by line"),
        ("title: &a x\ncopy: *b", "front matter is not valid YAML (line 3), read line by line"),
        ("title: x\n" + "a: " + "[" * 2_000, "front matter is not valid YAML, read line by line"),
    ],
)
def test_bad_front_matter_is_noted_and_the_article_still_read(front: str, note: str) -> None:
    article = read(f"---\n{front}\n---\n{BODY}")
    assert article.notes == (note,)
    assert body(article) == BODY.strip().split("\n\n")
    assert article.published is None


def test_a_title_with_a_colon_is_still_read() -> None:
    assert read(f"---\ntitle: Bridge: lost\n---\n{BODY}").title == "Bridge: lost"


def test_rules_around_text_are_no_front_matter() -> None:
    assert len(body(read(f"---\n{BODY}---\n{BODY}"))) == 4


def test_without_a_headline_the_first_sentence_is_the_title() -> None:
    assert read(BODY).title == BODY.partition("\n")[0]


def test_a_file_on_disk_reads_as_its_bytes_do(tmp_path: Path) -> None:
    path = tmp_path / "north" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(BODY.encode())
    article = read_article(path, corpus=tmp_path, today=TODAY)
    assert article.path == "north/a.txt"
    assert article == read_article(path, corpus=tmp_path, data=BODY.encode(), today=TODAY)


def mutate(data: bytes, chance: random.Random) -> bytes:
    pieces = [
        b"---\n",
        b"\r",
        b"\xff",
        b"[" * 99,
        b'"',
        b"(",
        b"> " * 9,
        b". " * 9,
        b"By A B, ",
        b"",
    ]
    for _ in range(chance.randint(1, 9)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 0, 1, 99]))
        copied = data[chance.randrange(len(data) + 1) :][: chance.randrange(200)]
        data = data[:start] + chance.choice([*pieces, copied]) + data[end:]
    return data


def damage(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Truncate ``data``, splice it with ``other``, scatter bytes, or repeat a piece of it."""
    at, way = chance.randrange(len(data) + 1), chance.randrange(4)
    if way == 0:
        return data[:at]
    if way == 1:
        return data[:at] + other[chance.randrange(len(other) + 1) :]
    if way == 2:
        scattered = bytearray(data)
        for _ in range(chance.choice([1, 5, 50])):
            scattered[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(scattered)
    piece = data[at : at + chance.choice([1, 5, 80])] + chance.choice([b"", b"\n", b"\n\n"])
    return data[:at] + piece * min(4_000, 40_000 // max(1, len(piece))) + data[at:]


@pytest.mark.parametrize(("alter", "times"), [("mutate", 120), ("damage", 60)])
def test_altered_files_are_read_or_refused_within_a_second(alter: str, times: int) -> None:
    pages = sorted((Path(__file__).parent / "pages").glob("*.page"))
    originals = [path.read_bytes() for path in [*sorted(CORPUS.glob("*.txt")), *pages]]
    chance = random.Random(20241030)  # noqa: S311
    read_ones = 0
    for _ in range(times):
        data, other = chance.choice(originals), chance.choice(originals)
        altered = mutate(data, chance) if alter == "mutate" else damage(data, other, chance)
        began = time.process_time()
        try:
            article = read(altered)
        except ArticleError:
            continue
        finally:
            assert time.process_time() - began < 1
        read_ones += 1
        edges = [edge for part in article.paragraphs for edge in (part.start, part.end)]
        assert edges == sorted(edges)
        assert edges[-1] <= len(article.text)
        assert all(words == words.strip() for words in body(article))
        assert len(split_article(article)) > 0
    assert read_ones > times / 2


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "a.",
        "...",
        "A/",
        "(",
        "[",
        "told The ",
        "© A ",
        "“",
        "<a>",
        "_a",
        "> ",
        "![a](",
        "Jane Roe And ",
        "Oct. 3, 2024 ",
    ],
)
def test_hostile_lines_are_read_in_linear_time(unit: str) -> None:
    hostile = unit * ((LONGEST_LINE - 1_000) // len(unit))
    began = time.perf_counter()
    read(f"{BODY}\n\n{hostile}\n\n{BODY}")
    assert time.perf_counter() - began < 3
