"""Fetching against a local server: what arrives, and each thing that is refused, in one line."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.intake.addresses import NotFetched
from bot.intake.connect import Network
from bot.intake.decompress import MOST_MEMBERS, STEP, decompress
from bot.intake.fetch import Fetched, Fetcher, FetchError, Limits, fetch
from bot.intake.headers import read_content_type, read_retry_after, read_validator
from index.errors import PullquoteError
from tests.bot.intake.server import (
    LOCAL,
    Internet,
    Reply,
    Route,
    Server,
    packed,
    page,
    redirect,
    serving,
    trust_the_tests,
    versioned,
)

PUBLIC = "93.184.216.34"
OTHER = "151.101.1.69"

SMALL = Limits(seconds=5.0, sent=100_000, unpacked=200_000)


def pack(data: bytes) -> bytes:
    """Packed alike at any time of day: a test is named by what it is given."""
    return gzip.compress(data, mtime=0)


def fetch_from(server: Server, path: str = "/", limits: Limits = SMALL) -> Fetched:
    """Fetch from a server that a setting allows."""
    return Fetcher(allowed_hosts=frozenset({server.host}), limits=limits).fetch(server.url(path))


def fetched(route: Route, limits: Limits = SMALL) -> Fetched:
    with serving({"/": route}) as server:
        return fetch_from(server, limits=limits)


def failure(route: Route, limits: Limits = SMALL) -> FetchError:
    with serving({"/": route}) as server, pytest.raises(FetchError) as caught:
        fetch_from(server, limits=limits)
    error = caught.value
    assert str(error) == f"{server.host}/: {error.reason}"
    return error


def refused(internet: Internet, address: str, limits: Limits = SMALL) -> str:
    with pytest.raises(FetchError) as caught:
        Fetcher(network=internet.network(), limits=limits).fetch(address)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What arrives


def test_a_page_arrives_with_what_the_server_says_of_it() -> None:
    route = Reply(
        body="Grüße".encode("latin-1"),
        headers={"Content-Type": 'Text/HTML; Charset="ISO-8859-1"', "ETag": '"1"'},
    )
    with serving({"/a": route}) as server:
        found = fetch(server.url("/a?b=c#d"), allowed_hosts=frozenset({server.host}))
    assert found == Fetched(
        url=server.url("/a?b=c"),
        content="Grüße".encode("latin-1"),
        content_type="text/html",
        charset="iso-8859-1",
        etag='"1"',
    )


def test_a_request_says_who_asks_and_nothing_about_whom_it_asks_for() -> None:
    with serving({"/": page("x")}) as server:
        fetch_from(server)
    headers = server.asked[0].headers
    assert headers.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert headers["host"] == server.host
    assert headers["user-agent"].startswith("Pullquote/")
    assert headers["accept-encoding"] == "gzip, deflate"


def test_proxies_and_other_variables_of_the_environment_play_no_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    assert fetched(page("x")).content == b"x"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", pack(b"news")),
        ("X-GZip", pack(b"news") + b"\0" * 8),
        ("gzip", pack(b"ne") + pack(b"ws")),
        ("deflate", zlib.compress(b"news")),
        ("deflate", zlib.compressobj(wbits=-15).compress(b"news") + b"\xcbK-/\x06\x00"),
        ("identity", b"news"),
        ("", b"news"),
    ],
)
@pytest.mark.parametrize("piece", [0, 1])
def test_a_packed_body_is_unpacked_however_it_is_cut_into_pieces(
    encoding: str, body: bytes, piece: int
) -> None:
    route = Reply(body=body, headers={"Content-Encoding": encoding}, piece=piece, chunked=True)
    assert fetched(route).content == b"news"


@pytest.mark.parametrize("route", [packed("x" * 150_000), page("x" * 90_000)])
def test_a_body_within_the_limits_arrives_whole(route: Reply) -> None:
    assert set(fetched(route).content) == {ord("x")}


def test_what_has_not_changed_is_not_sent_again() -> None:
    marks = {"etag": '"7"', "last_modified": "Wed, 30 Oct 2024 10:00:00 GMT"}
    with serving({"/": versioned("news", **marks)}) as server:
        allowed = frozenset({server.host})
        first = fetch(server.url(), allowed_hosts=allowed)
        again = fetch(
            server.url(),
            allowed_hosts=allowed,
            etag=first.etag,
            last_modified=first.last_modified,
        )
    assert (first.etag, first.last_modified) == tuple(marks.values())
    assert (first.content, first.not_modified) == (b"news", False)
    assert (again.content, again.not_modified, again.etag) == (b"", True, '"7"')


def test_an_answer_that_nothing_has_changed_is_refused_where_that_was_not_asked() -> None:
    error = failure(Reply(status=304, ends_with_connection=True))
    assert error.reason == "the server says 304 (Not Modified)"


def test_an_etag_that_would_break_out_of_its_header_is_not_sent() -> None:
    with serving({"/": page("x")}) as server:
        fetch(server.url(), allowed_hosts=frozenset({server.host}), etag='"1"\r\nCookie: a')
    assert "if-none-match" not in server.asked[0].headers


# Where it leads


def test_redirects_are_followed_and_the_last_address_is_told() -> None:
    routes = {
        "/1": redirect("/2", 301),
        "/2": redirect("3?x=1", 303),
        "/5": page("news"),
    }
    with serving(routes) as server:
        server.routes["/3"] = redirect(f"//{server.host}/4", 307)
        server.routes["/4"] = redirect(server.url("/5#part"), 308)
        found = fetch_from(server, "/1")
    assert (found.url, found.content) == (server.url("/5"), b"news")
    assert [asked.path for asked in server.asked] == ["/1", "/2", "/3?x=1", "/4", "/5"]


def test_a_circle_of_redirects_ends_after_five() -> None:
    with serving({"/": redirect("/")}) as server, pytest.raises(FetchError) as caught:
        fetch_from(server)
    assert str(caught.value) == f"{server.host}/: it redirects more than 5 times"
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (
            "http://169.254.169.254/latest/meta-data?token=x",
            "redirected to 169.254.169.254/latest/meta-data: 169.254.169.254 is link-local, not",
        ),
        ("http://[::ffff:7f00:1]/", "is loopback"),
        ("http://localhost:8000/", "one's own network"),
        ("http://2130706433/", "neither a name nor a plain IP address"),
        ("file:///etc/passwd", "only https:// and http:// are fetched, not file:"),
        ("https://me:secret@news.example/", "user name or password"),
        ("http://[::1", "redirects to what is not an address"),
        ("", "does not say where to"),
    ],
)
def test_a_redirect_to_what_would_be_refused_is_refused(location: str, line: str) -> None:
    internet = Internet(news_example=[[PUBLIC]])
    with serving({"/": redirect(location)}) as server:
        said = refused(internet, server.url("/?key=hidden", "news.example"))
    assert said.startswith(f"news.example:{server.port}/")
    assert line in said
    assert "secret" not in said
    assert "hidden" not in said
    assert internet.reached == [PUBLIC]


def test_a_secure_address_may_not_lead_to_one_that_is_not() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    with serving({"/": redirect("http://news.example/")}, secure=True) as server:
        said = refused(internet, server.url("/", "news.example"))
    assert said.endswith("a secure address may not lead to one that is not")


# What a name resolves to


def test_a_name_is_resolved_once_and_exactly_that_address_is_reached() -> None:
    internet = Internet(news_example=[[PUBLIC], ["127.0.0.1"]])
    with serving({"/": page("news")}) as server:
        found = Fetcher(network=internet.network()).fetch(server.url("/", "news.example"))
    assert found.content == b"news"
    assert (internet.resolved, internet.reached) == (["news.example"], [PUBLIC])
    assert server.asked[0].headers["host"] == f"news.example:{server.port}"


def test_a_name_that_is_another_at_the_second_look_is_refused_then() -> None:
    internet = Internet(news_example=[[PUBLIC], ["127.0.0.1"]])
    with serving({"/": redirect("/again"), "/again": page("secret")}) as server:
        said = refused(internet, server.url("/", "news.example"))
    assert "127.0.0.1 is loopback" in said
    assert internet.reached == [PUBLIC]
    assert [asked.path for asked in server.asked] == ["/"]


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["fe80::1%eth0"],
        ["not an address"],
    ],
)
def test_a_name_that_resolves_to_a_closed_address_is_not_reached(answer: list[str]) -> None:
    internet = Internet(news_example=[answer])
    assert refused(internet, "http://news.example/a?b").startswith("news.example/a: ")
    assert internet.reached == []


def test_each_address_of_a_name_is_tried_until_one_answers() -> None:
    internet = Internet(news_example=[[OTHER, PUBLIC]])

    def connect(ip: str, port: int, seconds: float) -> socket.socket:
        if ip == OTHER:
            internet.reached.append(ip)
            raise TimeoutError
        return internet.connect(ip, port, seconds)

    network = replace(internet.network(), connect=connect)
    with serving({"/": page("news")}) as server:
        found = Fetcher(network=network).fetch(server.url("/", "news.example"))
    assert (found.content, internet.reached) == (b"news", [OTHER, PUBLIC])


def test_a_name_that_nobody_knows_and_a_server_that_is_not_there_are_each_a_line() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    assert refused(internet, "http://else.example/") == "else.example/: its name is not known"
    with serving({}) as server:
        pass
    said = refused(internet, server.url("/", "news.example"))
    assert said == f"news.example:{server.port}/: no connection could be made"


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    release = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        del host, port
        release.wait(10)
        return []

    fetcher = Fetcher(network=Network(resolve=resolve), limits=Limits(connect_seconds=0.2))
    began = time.monotonic()
    with pytest.raises(FetchError, match="its name was not resolved in time"):
        fetcher.fetch("http://news.example/")
    release.set()
    assert time.monotonic() - began < 4


def test_nothing_of_our_own_is_reached_without_a_setting() -> None:
    with serving({"/": page("secret")}) as server:
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"):
            with pytest.raises(FetchError):
                fetch(server.url("/", host))
    assert server.asked == []


def test_an_allowed_host_does_not_open_the_one_beside_it() -> None:
    with serving({"/": page("secret")}) as secret, serving({}) as server:
        server.routes["/"] = redirect(secret.url())
        with pytest.raises(FetchError, match=r"127\.0\.0\.1 is loopback"):
            fetch_from(server)
    assert secret.asked == []


# Certificates


def test_a_certificate_is_asked_for_by_name_and_must_have_that_name() -> None:
    internet = Internet(news_example=[[PUBLIC]], other_example=[[PUBLIC]])
    with serving({"/": page("news")}, secure=True) as server:
        found = Fetcher(network=internet.network()).fetch(server.url("/", "news.example"))
        assert found.content == b"news"
        said = refused(internet, server.url("/", "other.example"))
        by_number = refused(internet, server.url("/", PUBLIC))
    assert "its certificate is refused: Hostname mismatch" in said
    assert "its certificate is refused: IP address mismatch" in by_number


def test_a_certificate_that_no_known_authority_gave_is_refused() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    network = Network(resolve=internet.resolve, connect=internet.connect)
    with serving({"/": page("news")}, secure=True) as server, pytest.raises(FetchError) as caught:
        Fetcher(network=network).fetch(server.url("/", "news.example"))
    assert "its certificate is refused: unable to get local issuer" in str(caught.value)
    assert server.asked == []


def test_what_is_not_secure_although_it_should_be_is_a_line() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    with serving({"/": page("news")}) as server:
        said = refused(internet, f"https://news.example:{server.port}/")
    assert said.endswith(": no secure connection could be made")


def test_a_secure_body_whose_end_is_not_announced_may_be_cut_and_is_refused() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    route = Reply(body=b"the first half", ends_with_connection=True)
    with serving({"/": route}, secure=True) as server:
        said = refused(internet, server.url("/", "news.example"))
    assert said.endswith(": the connection broke off")


# Limits


@pytest.mark.parametrize(
    "route",
    [
        Reply(body=b"x" * 100, piece=1, pause=0.05),
        Reply(raw=b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100, piece=1, pause=0.05),
        Reply(raw=b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100, piece=27, pause=0.05),
        Reply(body=b"x", pause=5.0),
    ],
    ids=["body", "headers", "hints", "silence"],
)
def test_a_slow_drip_does_not_make_the_time_longer(route: Reply) -> None:
    began = time.monotonic()
    assert failure(route, Limits(seconds=0.6)).reason == "it takes longer than 0.6 seconds"
    assert 0.5 < time.monotonic() - began < 4


def test_redirects_share_one_limit_of_time() -> None:
    route = replace(redirect("/"), pause=0.25)
    with serving({"/": route}) as server, pytest.raises(FetchError, match="takes longer than"):
        fetch_from(server, limits=Limits(seconds=0.6))
    assert len(server.asked) <= 3


def test_a_server_that_never_answers_in_tls_is_left_in_time() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    began = time.monotonic()
    with socket.create_server((LOCAL, 0)) as silent:
        port = silent.getsockname()[1]
        said = refused(internet, f"https://news.example:{port}/", Limits(connect_seconds=0.3))
    assert said.endswith(": no secure connection could be made")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "route",
    [
        page("x" * 100_001),
        Reply(body=b"x" * 100_001, chunked=True, piece=5_000),
        Reply(body=b"x" * 100_001, ends_with_connection=True),
        Reply(body=b"x", headers={"Content-Length": "100001"}),
        Reply(body=b"x", headers={"Content-Length": "9" * 19}),
    ],
    ids=["announced", "chunked", "unannounced", "a lie", "a large lie"],
)
def test_a_body_that_is_too_large_is_refused(route: Reply) -> None:
    assert failure(route).reason == "it is larger than 0.1 MB"


def test_a_body_in_chunks_of_a_byte_is_refused_before_it_costs_much() -> None:
    chunks = Reply(
        raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100_001
    )
    assert failure(chunks, Limits()).reason == "it is sent in too many pieces"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_refused_before_it_goes_off(encoding: str) -> None:
    zeros = b"\0" * 50_000_000
    body = pack(zeros) if encoding == "gzip" else zlib.compress(zeros)
    error = failure(Reply(body=body, headers={"Content-Encoding": encoding}))
    assert error.reason == "it is larger than 0.2 MB when unpacked"


def test_of_a_bomb_no_more_is_unpacked_than_may_be_kept() -> None:
    bomb = zlib.compress(b"\0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(NotFetched):
        decompress([bomb], "deflate", 100_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


@pytest.mark.parametrize("size", [*range(STEP - 2, STEP + 3), STEP + 258, 2 * STEP, 2 * STEP + 1])
def test_a_body_as_long_as_a_step_arrives_whole(size: int) -> None:
    deflater = zlib.compressobj(9, wbits=-15)
    raw = deflater.compress(b"x" * size) + deflater.flush()
    for encoding, body in (("deflate", raw), ("gzip", pack(b"x" * size))):
        assert len(decompress([body], encoding, 10**6)) == size


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip, gzip", pack(pack(b"x")), "it is packed more than once"),
        ("gzip,deflate", b"x", "it is packed more than once"),
        ("br", b"x", "it is packed in a way that was not asked for"),
        ("zstd", b"x", "it is packed in a way that was not asked for"),
        ("gzip", b"no gzip", "what is packed in it is damaged"),
        ("gzip", pack(b"x")[:-1] + b"?", "what is packed in it is damaged"),
        ("gzip", pack(b"news")[:-4], "it was cut off"),
        ("deflate", zlib.compress(b"news")[:-2], "it was cut off"),
        ("deflate", b"", "it was cut off"),
        ("gzip", pack(b"") * (MOST_MEMBERS + 1), "it is packed in too many parts"),
    ],
)
def test_what_is_packed_badly_is_refused(encoding: str, body: bytes, reason: str) -> None:
    error = failure(Reply(body=body, headers={"Content-Encoding": encoding}))
    assert error.reason.startswith(reason)


@pytest.mark.parametrize(
    "route",
    [
        Reply(body=b"x" * 50, headers={"Content-Length": "51"}),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"),
    ],
    ids=["length", "chunk", "no chunk"],
)
def test_a_body_that_is_cut_off_is_an_error(route: Reply) -> None:
    assert failure(route).reason == "its body is cut off or garbled"


def test_a_length_that_is_too_short_ends_the_body_there() -> None:
    assert fetched(Reply(body=b"news and more", headers={"Content-Length": "4"})).content == b"news"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 100,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a" * 200_000,
    ],
)
def test_what_is_not_proper_http_is_an_error(raw: bytes) -> None:
    assert failure(Reply(raw=raw)).reason == "it does not answer in proper HTTP"


def test_headers_that_are_too_large_are_refused() -> None:
    headers = {f"X-{number}": "x" * 7_000 for number in range(10)}
    assert failure(Reply(headers=headers)).reason == "its headers are larger than 64 kB"


# What the server refuses


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "the server says 404 (Not Found)"),
        (500, "the server says 500 (Internal Server Error)"),
        (204, "the server says 204 (No Content)"),
        (206, "the server says 206 (Partial Content)"),
        (300, "the server says 300 (Multiple Choices)"),
    ],
)
def test_an_answer_without_the_page_is_an_error_that_names_it(status: int, reason: str) -> None:
    error = failure(Reply(status=status, ends_with_connection=True))
    assert (error.reason, error.status, error.retry_after) == (reason, status, None)
    assert isinstance(error, PullquoteError)


@pytest.mark.parametrize("status", [429, 503])
def test_the_error_says_for_how_long_the_server_wants_to_be_left_alone(status: int) -> None:
    error = failure(Reply(status=status, headers={"Retry-After": "120"}))
    assert error.retry_after == 120.0


def test_a_wait_is_read_from_seconds_or_a_date_and_is_a_day_at_most() -> None:
    now = datetime(2024, 10, 30, tzinfo=UTC)
    assert read_retry_after("7") == 7.0
    assert read_retry_after(format_datetime(now + timedelta(minutes=2)), now) == 120.0
    assert read_retry_after(format_datetime(now - timedelta(days=2)), now) == 0.0
    assert read_retry_after("9" * 12) == 86_400.0
    assert [read_retry_after(text) for text in (None, "", "-1", "soon", "1e9")] == [None] * 5


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("text/html", ("text/html", None)),
        ("TEXT/XML; charset='utf-8'", ("text/xml", None)),
        ("text/xml;charset=UTF8;a=b", ("text/xml", "utf8")),
        ("text/html; charset=utf-7", ("text/html", None)),
        ("text/html; charset=unicode_escape", ("text/html", None)),
        ("text/html; charset=hex", ("text/html", None)),
        ("text/html; charset=../../etc", ("text/html", None)),
        ("html", ("", None)),
        ("", ("", None)),
    ],
)
def test_a_content_type_is_read_with_a_character_set_only_where_python_knows_it(
    value: str, read: tuple[str, str | None]
) -> None:
    assert read_content_type(value) == read


@settings(deadline=None)
@given(some.text())
def test_no_header_breaks_its_reader(text: str) -> None:
    kind, charset = read_content_type(text)
    assert kind == kind.lower()
    assert " ".encode(charset or "ascii").decode(charset or "ascii") == " "
    assert 0 <= (read_retry_after(text) or 0) <= 86_400
    assert "\n" not in (read_validator(text) or "")


def test_the_usual_limits_are_those_that_the_documentation_names() -> None:
    usual = Limits()
    assert (usual.seconds, usual.connect_seconds, usual.redirects) == (30, 10, 5)
    assert (usual.sent, usual.unpacked) == (25_000_000, 50_000_000)
    assert trust_the_tests().check_hostname
    assert Network().trust().check_hostname
