"""``pullquote feeds`` from the outside: what a person types and what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.settings import read_intake_settings
from index.errors import SettingsError
from tests.bot.intake.server import Reply, Server, page, redirect, serving
from tests.bot.intake.stories import FERRY
from tests.bot.intake.texts import make_page

STORY = page(make_page([" ".join(part.split()) for part in FERRY.split("\n\n")], title="Ferry"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a feed of one story, which a setting allows."""
    feed = "<rss version='2.0'><channel><title>The Herald</title>{}</channel></rss>"
    items = "<item><title>Ferry</title><link>/ferry</link></item>"
    with serving({"/rss": page(feed.format(items)), "/ferry": STORY}) as server:
        monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", server.host)
        yield server


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0
) -> tuple[list[str], list[str]]:
    """The lines of both streams of ``pullquote feeds …``, which must end so."""
    assert cli.main(["feeds", *arguments]) == status
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def records(lines: list[str]) -> list[Any]:
    return [json.loads(line) for line in lines]


def test_from_an_empty_folder_to_an_answer(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    address = server.url("/rss")
    assert run(capsys, "add", address) == ([f"{address}: added"], [])
    assert server.asked == []
    lines, _ = run(capsys, "fetch")
    assert lines[0] == "The Herald: 1 new"
    assert lines[1].startswith("Articles: 1 new, 0 changed")
    assert cli.main(["ask", "How many people were aboard the ferry?"]) == 0
    assert "212 people aboard" in re.sub(r"\s+", " ", capsys.readouterr().out)


def test_the_list_says_how_each_feed_fares(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = server.url("/rss"), server.url("/gone")
    run(capsys, "add", good, bad)
    assert run(capsys, "list")[0] == [f"{bad}\t\tnot yet read", f"{good}\t\tnot yet read"]
    lines, _ = run(capsys, "fetch", status=2)
    assert lines[0].startswith(f"{bad}: failed: {server.host}/gone: ")
    assert lines[0].endswith("; again in 15 min")
    failed, read = (line.split("\t") for line in run(capsys, "list")[0])
    assert failed[2].startswith(f"failed 1 time: {server.host}/gone: ")
    assert read[1] == "The Herald"
    assert re.fullmatch(r"read (just now|\d+ s ago); again in \d+ min", read[2])


def test_a_setting_names_feeds_too(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.url("/rss")
    monkeypatch.setenv("PULLQUOTE_FEEDS", f"{address}, {address}")
    assert run(capsys, "list")[0] == [f"{address}\t\tnot yet read"]
    assert run(capsys, "fetch")[0][0] == "The Herald: 1 new"
    lines, errors = run(capsys, "remove", address, status=2)
    assert lines == []
    assert errors == [f"pullquote: warning: {address}: PULLQUOTE_FEEDS names it; take it out there"]


def test_what_was_added_is_removed_and_its_articles_stay(
    server: Server, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    address = server.url("/rss")
    run(capsys, "add", address)
    assert run(capsys, "add", address)[0] == [f"{address}: already on the list"]
    run(capsys, "fetch")
    assert run(capsys, "remove", address) == ([f"{address}: removed"], [])
    assert [path.name for path in (folder / "corpus").iterdir()] == ["ferry.md"]
    errors = run(capsys, "remove", address, status=2)[1]
    assert errors == [
        f"pullquote: warning: {address}: it is not on the list; see: pullquote feeds list"
    ]


def test_without_feeds_nothing_is_asked_and_a_line_says_so(
    server: Server, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    line = "pullquote: there are no feeds; add one: pullquote feeds add ADDRESS"
    assert run(capsys, "fetch") == ([], [line])
    assert run(capsys, "list") == ([], [line])
    assert server.asked == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("http://10.0.0.1/rss", "10.0.0.1 is private"),
        ("file:///etc/passwd", "only https:// and http:// are fetched, not file:"),
        ("news", "one begins with https:// or http://"),
    ],
)
def test_an_address_that_is_not_fetched_is_not_added(
    address: str, line: str, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, errors = run(capsys, "add", address, server.url("/rss"), status=2)
    assert lines == [f"{server.url('/rss')}: added"]
    assert len(errors) == 1
    assert line in errors[0]


def test_a_second_fetch_within_minutes_waits(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "add", server.url("/rss"))
    run(capsys, "fetch")
    server.asked.clear()
    assert re.fullmatch(r"The Herald: it waits; again in \d+ (s|min)", run(capsys, "fetch")[0][0])
    assert server.asked == []


def test_entries_without_an_article_are_warnings(
    server: Server, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    server.routes["/ferry"] = redirect("http://169.254.169.254/latest/meta-data")
    run(capsys, "add", server.url("/rss"))
    lines, errors = run(capsys, "fetch")
    assert lines == ["The Herald: 0 new, 1 to be tried again"]
    assert errors[0].startswith("pullquote: warning: Ferry: ")
    assert "link-local" in errors[0]
    assert not list(folder.rglob("*.md"))


def test_json_is_one_object_a_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    address = server.url("/rss")
    added, _ = run(capsys, "add", "--json", address)
    assert records(added) == [{"feed": address, "outcome": "added"}]
    report, indexed = records(run(capsys, "fetch", "--json")[0])
    assert (report["feed"], report["state"], report["left"]) == (address, "read", 0)
    assert report["entries"] == [
        {"title": "Ferry", "outcome": "added", "article": "ferry.md", "reason": None}
    ]
    assert indexed["indexed"]["new"] == 1
    ((feed,),) = records(run(capsys, "list", "--json")[0])
    assert (feed["title"], feed["by"], feed["failures"]) == ("The Herald", "command", 0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", feed["next_at"])


def test_titles_cannot_colour_the_terminal_or_make_lines(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "<title>A&#10;B \u202e<![CDATA[<b>C</b>]]></title>"
    server.routes["/rss"] = Reply(
        body=f"<rss version='2.0'><channel>{title}</channel></rss>".encode()
    )
    run(capsys, "add", server.url("/rss"))
    lines, _ = run(capsys, "fetch")
    assert lines == ["A B C: 0 new"]


@pytest.mark.parametrize(
    ("text", "feeds"),
    [
        ("", ()),
        ("https://a.example/1,https://b.example/2", ("https://a.example/1", "https://b.example/2")),
        (
            "https://a.example/?x=1,2 \n https://b.example/",
            ("https://a.example/?x=1,2", "https://b.example/"),
        ),
        (" , https://a.example/ ,", ("https://a.example/",)),
    ],
)
def test_the_setting_holds_addresses_parted_by_commas_or_spaces(
    text: str, feeds: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_FEEDS", text)
    assert read_intake_settings().feeds == feeds


def test_a_setting_that_holds_no_address_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_FEEDS", "https://a.example/ news")
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_FEEDS takes addresses .*; not 'news'$"):
        read_intake_settings()


@pytest.mark.parametrize("command", ["add", "list", "remove", "fetch"])
def test_the_help_of_every_command_shows_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, _ = run(capsys, command, "--help")
    assert any(line.startswith(f"    pullquote feeds {command}") for line in lines)


def test_feeds_alone_and_what_does_not_exist_are_mistakes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(capsys, status=2)[1] == ["pullquote: Missing command; see: pullquote feeds --help"]
    assert run(capsys, "tell", status=2)[1] == [
        "pullquote: No such command 'tell'; see: pullquote feeds --help"
    ]
    assert cli.main(["feeds", "--help"]) == 0
    assert "\n  fetch " in capsys.readouterr().out
