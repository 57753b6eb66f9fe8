"""/add: managers give the running bot a file or a page, and it answers from that."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest

from bot.commands.add import result_to_json
from bot.discord.cogs.adding import check_given, file_name, result_view
from bot.discord.reports import Refusal
from bot.intake.add import add_content
from index.storage.lock import hold_lock
from tests.bot.discord.limits import text_of
from tests.bot.discord.running import Person, Stage, quoted, read
from tests.loopback import NotVisible, Result
from tests.loopback.fake import until

COMET = "The astronomer Vera Lam found a comet above the town on Tuesday, she said."
QUESTION = "Who found a comet above the town?"
PAGE = f"""<!doctype html><html><head><title>Comet found</title>
<meta property="og:site_name" content="Sky Post"></head><body><article><h1>Comet found</h1>
<p>{COMET}</p><p>The observatory will keep its doors open on Friday for everybody who wants to see
it, and the town's school has asked for an hour of its own.</p></article></body></html>"""


NO_STATE = SimpleNamespace(http=None)
"""What an attachment is fetched with."""


def is_done(result: Result) -> bool:
    return bool(result.messages) and not result.thinking and "⏳" not in result.text


async def add(person: Person, **options: object) -> Result:
    return await person.command("add", until=is_done, timeout=60, **options)


class Site(BaseHTTPRequestHandler):
    """A site with one page."""

    def do_GET(self) -> None:
        found = self.path == "/comet"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode() if found else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine, which is allowed to be fetched from; where it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", host)
    yield f"http://{host}"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_file_is_added_and_answered_from(own_stage: Stage) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    assert "don't say" in read(await reader.ask(QUESTION))
    added = await add(manager, file=("comet.txt", f"Comet found\n\n{COMET}\n".encode()))
    assert added.message.ephemeral
    first, *_, counts = read(added).splitlines()
    assert first == "✅ added: comet.txt"
    assert counts.startswith("Articles: 1 new, 0 changed, 0 gone, ")
    assert (own_stage.settings.library.corpus / "comet.txt").read_text().endswith(f"{COMET}\n")
    assert COMET in quoted((await reader.ask(QUESTION)).message)
    again = await add(manager, file=("comet.txt", f"Comet found\n\n{COMET}\n".encode()))
    assert read(again) == "☑️ there already: comet.txt"


async def test_a_page_is_added_and_answered_from(own_stage: Stage, site: str) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    added = await add(manager, address=f"{site}/comet")
    assert read(added).startswith("✅ added: ")
    answer = (await reader.ask(QUESTION)).message
    assert COMET in quoted(answer)
    assert f"{site}/comet" in answer.text
    missing = await add(manager, address=f"{site}/nothing")
    assert read(missing).startswith("⚠️ ")
    assert "404" in read(missing)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "⚠️ Give me either a file or an address."),
        ({"address": "/etc/passwd"}, "⚠️ An address begins with https:// or http://."),
        ({"address": "file:///etc/passwd"}, "⚠️ An address begins with https:// or http://."),
        (
            {"file": ("a.txt", b"a"), "address": "https://example.org/"},
            "⚠️ Give me either a file or an address.",
        ),
    ],
)
async def test_what_is_neither_a_file_nor_an_address_is_refused(
    manager: Person, options: dict[str, object], line: str
) -> None:
    refused = await add(manager, **options)
    assert read(refused).startswith(line)
    assert refused.message.ephemeral


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched() -> None:
    data = {"id": "1", "filename": "big.txt", "size": 25_000_000, "url": "", "proxy_url": ""}
    check_given(discord.Attachment(data=data, state=NO_STATE), None)
    large = discord.Attachment(data={**data, "size": 25_000_001}, state=NO_STATE)
    with pytest.raises(Refusal, match=r"larger than the 25 MB that I take\.$"):
        check_given(large, None)


async def test_what_holds_no_article_is_a_line_that_says_why_and_names_no_folder(
    own_stage: Stage,
) -> None:
    manager = own_stage.manager()
    picture = await add(manager, file=("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200)))
    private = await add(manager, address="http://127.0.0.1:9/secret")
    for refused in (picture, private):
        assert read(refused).startswith("⚠️ ")
        assert len(read(refused).splitlines()) == 1
        assert "/tmp" not in refused.text  # noqa: S108 - where it was for a moment
    assert "image" in read(picture)
    assert sorted(own_stage.settings.library.corpus.glob("*pic*")) == []


def test_where_nothing_can_be_saved_one_line_says_so_and_not_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    corpus = tmp_path / "file" / "corpus"
    (refused,) = add_content(COMET.encode(), "comet.txt", corpus)
    text = text_of(result_view([result_to_json(refused)]))
    assert text.startswith("⚠️ Nothing can be saved into the folder of articles")
    assert len(text.splitlines()) == 1
    assert "/" not in text


COMET_JSON = json.dumps({"title": "Comet found", "body": COMET, "source": "Sky Post"})


@pytest.mark.parametrize(
    ("name", "content"), [("comet.html", PAGE), ("comet.jsonl", f"{COMET_JSON}\n")]
)
async def test_pages_and_dumps_are_read_for_the_articles_in_them(
    own_stage: Stage, name: str, content: str
) -> None:
    added = await add(own_stage.manager(), file=(name, content.encode()))
    assert read(added).startswith("✅ added: ")
    assert "Articles: 1 new, " in read(added)
    assert COMET in quoted((await own_stage.somebody().ask(QUESTION)).message)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("comet.pdf", b"%PDF-1.7 torn", ""),
        ("comet.pdf", PAGE.encode(), "It is called a PDF, but is none"),
        ("comet.json", PAGE.encode(), "It is neither JSON nor JSON lines"),
        ("comet.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "image"),
        ("empty.txt", b"", ""),
    ],
)
async def test_a_file_that_is_not_what_its_name_says_is_one_line_and_leaves_nothing(
    own_stage: Stage, name: str, content: bytes, line: str
) -> None:
    corpus = own_stage.settings.library.corpus
    before = sorted(corpus.iterdir())
    refused = await add(own_stage.manager(), file=(name, content))
    (said,) = read(refused).splitlines()
    assert said.startswith("⚠️ ")
    assert line in said
    assert sorted(corpus.iterdir()) == before


async def test_two_managers_at_once_are_both_served(own_stage: Stage) -> None:
    first, second = own_stage.manager(), own_stage.manager()
    texts = [COMET, "The harbour master Ada Lund closed the old pier on Sunday, she said."]
    added = await asyncio.gather(
        *(
            add(manager, file=(f"news{place}.txt", text.encode()))
            for place, (manager, text) in enumerate(zip((first, second), texts, strict=True))
        )
    )
    assert [read(one).splitlines()[0] for one in added] == [
        "✅ added: news0.txt",
        "✅ added: news1.txt",
    ]
    reader = own_stage.somebody()
    assert COMET in quoted((await reader.ask(QUESTION)).message)
    assert texts[1] in quoted((await reader.ask("Who closed the old pier?")).message)


async def test_it_waits_for_a_writer_and_questions_are_answered_meanwhile(
    own_stage: Stage,
) -> None:
    manager, reader = own_stage.manager(), own_stage.somebody()
    with hold_lock(own_stage.settings.library.folder):
        added = await manager.command(
            "add", file=("comet.txt", COMET.encode()), until=is_done, wait=False, timeout=60
        )
        await until(lambda: "Reading what you gave me" in added.text, 20, "it does not begin")
        second = await manager.elsewhere(reader.channel).command("reindex", wait=False)
        assert "3.2 billion" in read(await reader.ask("How much will the dam cost?"))
        await until(lambda: "Reading what has come already" in read(second), 20, "it is silent")
        assert not is_done(added)
    second.until = is_done
    await added.wait()
    assert "✅ added: comet.txt" in read(added)
    await second.wait()
    assert "0 failed" in read(second)


async def test_only_managers_may_add(reader: Person) -> None:
    with pytest.raises(NotVisible, match="hidden"):
        await reader.command("add", address="https://example.org/")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("comet.txt", "comet.txt"),
        ("../../etc/passwd.md", "_.._etc_passwd.md"),
        (".hidden.md", "hidden.md"),
        ("--help.txt", "help.txt"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        (".txt", "attachment.txt"),
        ("notes", "notes"),
        ("x" * 200 + ".json", "x" * 80 + ".json"),
        ("Комета.html", "Комета.html"),
    ],
)
def test_the_name_of_an_attachment_leads_nowhere(given: str, name: str) -> None:
    assert file_name(given) == name
    assert Path(file_name(given)).name == file_name(given)
