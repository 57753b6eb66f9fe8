from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli
from bot.intake.add import Result, add_address, add_content, add_files
from bot.intake.fetch import Fetched, FetchError
from index.read import read_article
from tests.bot.intake.papers import story_pdf
from tests.bot.intake.server import Reply, page, redirect, serving
from tests.bot.intake.texts import STORY, make_dump, make_page, make_record, meta

TEXT = "\n\n".join([STORY.title or "", *STORY.paragraphs])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    return tmp_path


def body(path: str | None) -> tuple[str, ...]:
    article = read_article(Path("corpus") / (path or ""), corpus=Path("corpus"))
    return tuple(article.text[part.start : part.end] for part in article.paragraphs)


def names() -> list[str]:
    return sorted(path.name for path in Path("corpus").iterdir())


def write(name: str, content: bytes | str) -> Path:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_every_kind_of_file_becomes_an_article() -> None:
    paths = [
        write("a.txt", TEXT),
        write("b.md", f"# {TEXT}"),
        write("c.html", make_page()),
        write("d.pdf", story_pdf()),
        write("e.json", make_dump()),
        write("f.jsonl", json.dumps(make_record(url="https://observer.example/2"))),
    ]
    results = add_files(paths, Path("corpus"))
    assert [(result.state, result.line) for result in results] == [("added", "")] * 6
    assert [body(result.path) for result in results] == [STORY.paragraphs] * 6


def test_text_is_copied_byte_for_byte_under_its_own_name() -> None:
    content = TEXT.replace("\n", "\r\n").encode("cp1252")
    (result,) = add_files([write("My Story.txt", content)], Path("corpus"))
    assert result == Result(source="My Story.txt", state="added", path="my-story.txt")
    assert Path("corpus/my-story.txt").read_bytes() == content


def test_a_file_that_is_refused_keeps_no_other_out() -> None:
    paths = [
        write("locked.html", "<html></html>"),
        Path("missing.pdf"),
        Path("corpus"),
        write("a.txt", "\x00\x01"),
        write("zip.md", b"PK\x03\x04"),
        write("menu.txt", "Home\nSport"),
        write("b.html", make_page()),
    ]
    results = add_files(paths, Path("corpus"))
    assert [result.state for result in results] == ["refused"] * 6 + ["added"]
    assert [result.line for result in results[1:6]] == [
        "no such file or directory",
        "it is a folder; name the files in it",
        "binary, not text: it holds NUL bytes",
        "it is an archive or office document, whatever its name says; take out the article as text",
        "no running text found in it",
    ]
    assert len(names()) == 1


def test_a_pipe_is_not_waited_for() -> None:
    os.mkfifo("pipe.html")
    (result,) = add_files([Path("pipe.html")], Path("corpus"))
    assert result.line == "it is not a regular file"


def test_adding_the_same_file_twice_adds_it_once() -> None:
    for name, content in (("a.txt", TEXT), ("a.html", make_page()), ("a.json", make_dump())):
        path = write(name, content)
        states = [add_files([path], Path("corpus"))[0].state for _ in range(2)]
        assert states == ["added", "unchanged"]


def test_a_file_of_the_corpus_is_there_already() -> None:
    path = write("corpus/a.txt", TEXT)
    (result,) = add_files([path], Path("corpus"))
    assert (result.state, result.path) == ("unchanged", "a.txt")
    assert names() == ["a.txt"]


def test_the_articles_of_a_dump_are_saved_each_and_what_is_none_is_named() -> None:
    records = [make_record(url=f"https://observer.example/{n}", title=f"Title {n}") for n in "ab"]
    results = add_files([write("d.json", make_dump(*records, 5))], Path("corpus"))
    assert [result.path for result in results] == [
        "2022-09-08-title-a.md",
        "2022-09-08-title-b.md",
        None,
    ]
    assert results[2].line == "record 3: it is no object with a title and a text"


def test_an_attachment_is_taken_by_what_it_holds() -> None:
    (result,) = add_content(make_page().encode(), "page", Path("corpus"), content_type="text/html")
    assert body(result.path) == STORY.paragraphs
    (copied,) = add_content(TEXT.encode(), "../../x.txt", Path("corpus"))
    assert copied.path == "x.txt"


# Addresses


@dataclass
class Web:
    """What stands at one address."""

    url: str
    content: bytes = b""
    content_type: str = "text/html"
    charset: str | None = None
    failure: str = ""

    def fetch(self, address: str, *, allowed_hosts: frozenset[str] = frozenset()) -> Fetched:
        if self.failure:
            raise FetchError(address, self.failure)
        assert not allowed_hosts
        return Fetched(
            url=self.url,
            content=self.content,
            content_type=self.content_type,
            charset=self.charset,
        )


def test_the_article_at_an_address_is_saved_with_the_address_that_it_ended_at() -> None:
    web = Web(url="https://observer.example/final", content=make_page().encode())
    (result,) = add_address("https://t.example/short", Path("corpus"), fetch=web.fetch)
    article = read_article(Path("corpus") / (result.path or ""), corpus=Path("corpus"))
    assert article.url == "https://observer.example/final"
    assert body(result.path) == STORY.paragraphs


def test_the_server_s_charset_is_believed() -> None:
    page = make_page(("Überall an der Küste wird über den Turm gesprochen. " * 12,), lang="de")
    web = Web(url="https://a.example/", content=page.encode("iso-8859-15"), charset="iso-8859-15")
    (result,) = add_address("https://a.example/", Path("corpus"), fetch=web.fetch)
    assert body(result.path)[0].startswith("Überall an der Küste")


def test_what_cannot_be_fetched_is_the_line_that_says_why() -> None:
    web = Web(url="", failure="the server says 404 (not found)")
    (result,) = add_address("https://a.example/x", Path("corpus"), fetch=web.fetch)
    assert result.state == "refused"
    assert result.line == "the server says 404 (not found)"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x", "http://localhost/", "file:///etc/passwd", "https://"]
)
def test_addresses_of_one_s_own_network_are_refused(address: str) -> None:
    (result,) = add_address(address, Path("corpus"))
    assert result.state == "refused"
    assert "\n" not in result.line
    assert names() == []


def test_a_redirect_is_named_and_so_is_the_pause_that_a_server_wants() -> None:
    routes = {
        "/moved": redirect("http://10.0.0.1/?key=hidden"),
        "/busy": Reply(status=429, headers={"Retry-After": "90"}),
    }
    with serving(routes) as server:
        hosts = frozenset({server.host})
        lines = [
            add_address(server.url(path), Path("corpus"), allowed_hosts=hosts)[0].line
            for path in routes
        ]
    assert lines == [
        "it redirects to 10.0.0.1/: 10.0.0.1 is private, not an address of the internet",
        "the server says 429 (Too Many Requests); try again in 2 minutes",
    ]


def test_a_page_that_was_saved_as_text_is_read_as_a_page() -> None:
    paths = [write("page.txt", make_page()), write("story.md", story_pdf())]
    results = add_files(paths, Path("corpus"))
    assert [body(result.path) for result in results] == [STORY.paragraphs] * 2


def test_a_file_that_is_too_large_is_told_by_its_size_and_not_read() -> None:
    with Path("huge.html").open("wb") as file:
        file.truncate(3_000_000_000)
    (result,) = add_files([Path("huge.html")], Path("corpus"))
    assert result.line == "3000.0 MB, more than the 25 MB that are taken in"


def other_record(number: int, **fields: object) -> dict[str, object]:
    """A record of another story each time."""
    texts = [
        f"The {word} of street {number} was sold for {number} crowns, its owner {name} said."
        for word, name in (("bakery", "Ann"), ("smithy", "Bea"), ("school", "Cy"), ("mill", "Di"))
    ]
    return {"title": f"Sale {number}", "body": "\n\n".join(texts), **fields}


def test_two_articles_of_a_dump_with_one_address_do_not_replace_each_other() -> None:
    url = "https://observer.example/live"
    newer = make_record(url=url, body="\n\n".join([*STORY.paragraphs[:-1], "It opens on Monday."]))
    dump = write("d.json", make_dump(make_record(url=url), newer, other_record(7, url=url)))
    results = add_files([dump], Path("corpus"))
    assert [result.state for result in results] == ["added", "changed", "refused"]
    assert results[2].line == f"Sale 7: another article here has its address: {url}"
    assert body(results[0].path)[-1] == "It opens on Monday."


def test_records_that_name_only_their_site_are_saved_each() -> None:
    records = [other_record(number, url="https://observer.example/") for number in (1, 2)]
    results = add_files([write("d.json", make_dump(*records))], Path("corpus"))
    assert [result.state for result in results] == ["added", "added"]


def test_a_folder_that_cannot_be_written_is_one_line_however_much_there_is() -> None:
    Path("full").write_text("no folder")
    dump = write("d.json", make_dump(*[other_record(number) for number in range(9)]))
    (result,) = add_files([dump], Path("full"))
    assert result.line == "nothing can be saved into the folder of articles: file exists"


# The command


def test_the_command_adds_indexes_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    write("c.html", make_page(head=meta("article:published_time", "2022-09-08")))
    assert cli.main(["add", "c.html"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "added: 2022-09-08-town-of-marrow-bay-buys-its-own-lighthouse.md"
    assert told[1].startswith("Articles: 1 new, 0 changed, 0 gone, 0 unchanged, 0 failed.")
    assert cli.main(["ask", "When was the lighthouse of Marrow Bay built?"]) == 0
    assert "The tower was built in 1871" in capsys.readouterr().out


def test_a_refused_file_is_a_line_on_standard_error_and_status_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("p.html", "<html><body><h1>Page not found</h1><p>Sorry.</p></body></html>")
    assert cli.main(["add", "p.html"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "pullquote: p.html: no article was found on this page"
        " (it says that the page does not exist or cannot be shown)\n"
    )


def test_with_json_each_article_is_an_object_and_the_index_the_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("a.txt", TEXT)
    assert cli.main(["add", "--json", "a.txt", "none.txt"]) == 2
    first, second, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"source": "a.txt", "state": "added", "article": "a.txt", "reason": None}
    assert second["reason"] == "no such file or directory"
    assert last["new"] == 1


def test_a_private_host_is_fetched_from_only_where_the_setting_names_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving({"/story": page(make_page())}) as server:
        address = server.url("/story")
        assert cli.main(["add", address]) == 2
        assert "loopback" in capsys.readouterr().err
        monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", server.host)
        assert cli.main(["add", address]) == 0
    assert capsys.readouterr().out.startswith("added: town-of-marrow-bay")
