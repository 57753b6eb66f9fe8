"""What robots.txt lets be fetched, how long it is believed, and a site that is out of order."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.intake.fetch import Fetched, Fetcher, FetchError, Limits
from bot.intake.robots import LARGEST, MOST_SITES, Robots, Rules, honour_robots, read_rules
from tests.bot.intake.server import Internet, Reply, Route, Server, redirect, serving

PUBLIC = "93.184.216.34"


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def text(body: str, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body=body.encode(), status=status, headers={"Content-Type": "text/plain", **named})


def robots_of(server: Server, clock: Clock | None = None) -> Robots:
    allowed = frozenset({server.host})
    fetcher = Fetcher(allowed_hosts=allowed, limits=Limits(seconds=5.0))
    return Robots(fetcher.fetch, allowed_hosts=allowed, clock=clock or Clock())


def permits(lines: str, path: str) -> bool:
    return read_rules(lines.encode()).permit(path)


def test_a_site_s_robots_txt_says_what_may_be_fetched_and_how_often() -> None:
    rules = text("User-agent: *\nCrawl-delay: 2.5\nDisallow: /drafts/\nAllow: /drafts/open")
    with serving({"/robots.txt": rules}) as server:
        robots = robots_of(server)
        assert robots.may_fetch(server.url("/news?page=1"))
        assert robots.may_fetch(server.url("/drafts/open/1"))
        assert not robots.may_fetch(server.url("/drafts/secret?key=hidden"))
        said = robots.refusal(server.url("/drafts/secret?key=hidden"))
        assert said == f"{server.host}/drafts/secret: the site's robots.txt forbids it"
        assert robots.refusal(server.url("/news")) is None
        assert robots.crawl_delay(server.url("/")) == 2.5
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


@pytest.mark.parametrize("status", [404, 410, 401, 403])
def test_a_site_without_robots_txt_lets_everything_be_fetched(status: int) -> None:
    with serving({"/robots.txt": text("Disallow: /", status)}) as server:
        assert robots_of(server).may_fetch(server.url("/news"))
        assert robots_of(server).crawl_delay(server.url("/news")) is None


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (text("", 500), "the server says 500 (Internal Server Error)"),
        (text("", 503), "the server says 503 (Service Unavailable)"),
        (text("", 429), "the server says 429 (Too Many Requests)"),
        (Reply(raw=b""), "it does not answer in proper HTTP"),
        (redirect("/robots.txt"), "it redirects more than 5 times"),
    ],
)
def test_a_site_that_is_out_of_order_is_left_alone_and_asked_again_later(
    route: Route, why: str
) -> None:
    clock = Clock()
    with serving({"/robots.txt": route}) as server:
        robots = robots_of(server, clock)
        said = robots.objection(server.url("/news"))
        assert said == f"its robots.txt cannot be read now: {why}"
        server.routes["/robots.txt"] = text("")
        clock.now = 599.0
        assert not robots.may_fetch(server.url("/news"))
        clock.now = 600.0
        assert robots.may_fetch(server.url("/news"))


def test_a_site_is_left_alone_for_as_long_as_it_says() -> None:
    clock = Clock()
    with serving({"/robots.txt": text("", 503, Retry_After="3600")}) as server:
        robots = robots_of(server, clock)
        assert not robots.may_fetch(server.url("/news"))
        clock.now = 3_599.0
        assert not robots.may_fetch(server.url("/news"))
    assert len(server.asked) == 1


def test_rules_are_believed_for_a_day() -> None:
    clock = Clock()
    with serving({"/robots.txt": text("User-agent: *\nDisallow: /")}) as server:
        robots = robots_of(server, clock)
        assert not robots.may_fetch(server.url("/news"))
        server.routes["/robots.txt"] = text("")
        clock.now = 86_399.0
        assert not robots.may_fetch(server.url("/news"))
        clock.now = 86_400.0
        assert robots.may_fetch(server.url("/news"))
    assert len(server.asked) == 2


def test_each_site_has_its_own_rules_and_the_oldest_are_forgotten() -> None:
    asked: list[str] = []

    def fetch(address: str) -> Fetched:
        asked.append(address)
        body = b"User-agent: *\nDisallow: /" if "//closed" in address else b""
        return Fetched(url=address, content=body, content_type="text/plain")

    robots = Robots(fetch)
    assert not robots.may_fetch("https://closed.example/a")
    assert robots.may_fetch("https://open.example/a")
    assert robots.may_fetch("http://open.example:8080/a")
    assert asked[1:] == ["https://open.example/robots.txt", "http://open.example:8080/robots.txt"]
    for number in range(MOST_SITES):
        robots.may_fetch(f"https://n{number}.example/")
    robots.may_fetch("https://closed.example/b")
    assert asked.count("https://closed.example/robots.txt") == 2


def test_no_robots_txt_is_asked_for_where_nothing_may_be_reached() -> None:
    internet = Internet()
    robots = Robots(Fetcher(network=internet.network()).fetch)
    said = robots.objection("http://127.0.0.1:8000/a?key=hidden")
    assert said == "127.0.0.1 is loopback, not an address of the internet"
    assert robots.crawl_delay("file:///etc/passwd") is None
    assert not robots.may_fetch("file:///etc/passwd")
    assert internet.reached == []


def test_a_robots_txt_that_leads_into_our_own_network_closes_the_site() -> None:
    internet = Internet(news_example=[[PUBLIC]])
    with serving({"/robots.txt": redirect("http://169.254.169.254/")}) as server:
        robots = Robots(Fetcher(network=internet.network()).fetch)
        said = robots.objection(server.url("/a", "news.example"))
    assert "169.254.169.254 is link-local" in str(said)
    assert internet.reached == [PUBLIC]


def test_who_honours_robots_txt_asks_every_site_on_the_way() -> None:
    closed = {"/robots.txt": text("User-agent: *\nDisallow: /a"), "/a": text("secret")}
    with serving(closed) as second, serving({"/a": redirect(second.url("/a?key=hidden"))}) as first:
        allowed = frozenset({first.host, second.host})
        fetcher, robots = honour_robots(Fetcher(allowed_hosts=allowed))
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(first.url("/a"))
        assert robots.may_fetch(first.url("/a"))
        assert not robots.may_fetch(second.url("/a"))
    assert str(caught.value) == (
        f"{first.host}/a, redirected to {second.host}/a: the site's robots.txt forbids it"
    )
    assert [asked.path for asked in first.asked] == ["/robots.txt", "/a"]
    assert [asked.path for asked in second.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("rules", "allowed", "forbidden"),
    [
        ("Disallow: /a", ["/", "/b", "/robots.txt"], ["/a", "/ab", "/a/b?c"]),
        ("Disallow:", ["/", "/a"], []),
        ("Disallow: /", ["/robots.txt"], ["/", "/a"]),
        ("Allow: /\nDisallow: /a/", ["/", "/a"], ["/a/", "/a/b"]),
        ("Disallow: /a\nAllow: /a", ["/a"], []),
        ("Disallow: /*.pdf$", ["/a.pdf?x", "/pdf"], ["/a.pdf", "/b/c.pdf"]),
        ("Disallow: /*?print=", ["/a", "/a?b=c"], ["/a?print=1"]),
        ("Disallow: /a$", ["/", "/ab"], ["/a"]),
        ("Disallow: *", ["/robots.txt"], ["/", "/a"]),
        ("Disallow: /a*b*c$", ["/abcd", "/acb"], ["/abc", "/axbxc", "/abcc"]),
        ("Disallow: /a*a$", ["/a"], ["/aa"]),
        ("Disallow: /caf%C3%A9", ["/cafe"], ["/caf%c3%a9", "/caf\u00e9"]),
        ("Disallow: /%7Eme", ["/me"], ["/~me", "/%7eme"]),
        ("disallow : /a # a remark", ["/b"], ["/a"]),
    ],
)
def test_the_longest_rule_that_fits_decides(
    rules: str, allowed: list[str], forbidden: list[str]
) -> None:
    lines = f"User-agent: *\n{rules}"
    assert [path for path in allowed if not permits(lines, path)] == []
    assert [path for path in forbidden if permits(lines, path)] == []


@pytest.mark.parametrize(
    ("lines", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /\n\nUser-agent: Pullquote\nDisallow: /a", "/b", True),
        ("User-agent: pullquote/1.0\nDisallow: /a", "/a", False),
        ("User-agent: Other\nUser-agent: PULLQUOTE\nDisallow: /a", "/a", False),
        ("User-agent: Pullquote\nDisallow: /a\nUser-agent: x\nDisallow: /b", "/b", True),
        ("User-agent: Pullquote\nAllow: /c\nUser-agent: Pullquote\nDisallow: /a", "/a", False),
        ("User-agent: Other\nDisallow: /", "/a", True),
        ("User-agent: Pullquoter\nDisallow: /", "/a", True),
        ("Disallow: /", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("<html>User-agent: *<br>Disallow: /</html>", "/a", True),
        ("User-agent: *\nSitemap: https://news.example/s.xml\nDisallow: /a", "/a", False),
    ],
)
def test_the_group_that_names_us_is_heard_and_else_the_one_for_everybody(
    lines: str, path: str, *, allowed: bool
) -> None:
    assert permits(lines, path) is allowed


@pytest.mark.parametrize(
    ("value", "delay"), [("10", 10.0), ("0.5", 0.5), ("soon", None), ("-1", None), ("9e9", None)]
)
def test_a_delay_is_a_plain_number(value: str, delay: float | None) -> None:
    assert read_rules(f"User-agent: *\nCrawl-delay: {value}".encode()).crawl_delay == delay


def test_a_delay_is_an_hour_at_most() -> None:
    assert read_rules(b"User-agent: *\nCrawl-delay: 999999").crawl_delay == 3_600.0


def test_no_more_than_half_a_megabyte_is_read() -> None:
    lines = b"User-agent: *\n" + b"#" * LARGEST + b"\nDisallow: /"
    assert read_rules(lines) == Rules()


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    rules = read_rules(b"User-agent: *\nDisallow: /" + b"a*" * 2_000 + b"b$")
    began = time.monotonic()
    assert rules.permit("/" + "a" * 4_000)
    assert time.monotonic() - began < 1


@settings(deadline=None)
@given(some.binary(), some.text())
def test_any_robots_txt_and_any_path_have_an_answer(content: bytes, path: str) -> None:
    assert read_rules(b"User-agent: *\nDisallow: " + content).permit(f"/{path}") in {True, False}
