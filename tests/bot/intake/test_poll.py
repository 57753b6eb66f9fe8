"""Passes over feeds of a server on this machine: what comes into the corpus, and what does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest

from bot.intake.feed_state import LEASE, FeedState, KeptEntry, KeptFeed
from bot.intake.pace import INTERVAL, LONGEST, SHORTEST, pause_after_failure, pause_after_success
from bot.intake.pages import Pages
from bot.intake.poll import FeedReport, Poller
from bot.intake.sift import MOST_TRIES
from bot.intake.take import is_same_site
from index.settings import Settings
from tests.bot.intake.server import Asked, Reply, Route, Server, page, redirect, serving
from tests.bot.intake.stories import BUDGET, BUDGET_OTHER, FERRY, FERRY_EDITED, FERRY_OTHER, QUAKE
from tests.bot.intake.texts import make_page, meta

MORNING = 1_750_000_000.0
RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Herald</title>{channel}{items}</channel></rss>"""


def body(story: str) -> list[str]:
    return [" ".join(part.split()) for part in story.strip().split("\n\n")]


def article(story: str, title: str, head: str = "") -> Reply:
    return page(make_page(body(story), title=title, head=head))


def item(link: str, guid: str = "", *, title: str = "News", more: str = "") -> str:
    name = f'<guid isPermaLink="false">{guid or link}</guid>'
    return f"<item><title>{title}</title><link>{escape(link)}</link>{name}{more}</item>"


def updated(time: str) -> str:
    return f'<u:updated xmlns:u="http://www.w3.org/2005/Atom">{time}</u:updated>'


def content(story: str) -> str:
    markup = "".join(f"<p>{text}</p>" for text in body(story))
    return f"<content:encoded><![CDATA[{markup}]]></content:encoded>"


def rss(*items: str, channel: str = "") -> Reply:
    return page(
        RSS.format(channel=channel, items="".join(items)), Content_Type="application/rss+xml"
    )


STUB = page("<html><body><h1>Subscribe</h1><p>Log in to keep reading.</p></body></html>")


@dataclass
class Paper:
    """A server with feeds, and a poller of them whose clock stands until it is moved."""

    server: Server
    settings: Settings
    now: float = MORNING
    slept: list[float] = field(default_factory=list)
    poller: Poller = field(init=False)

    def __post_init__(self) -> None:
        self.poller = self.make_poller()

    def make_poller(self, *, most_entries: int = 20, pause: float = 0.0) -> Poller:
        hosts = frozenset({self.server.host})
        pages = Pages(allowed_hosts=hosts, pause=pause, sleep=self.slept.append)
        return Poller(
            self.settings,
            allowed_hosts=hosts,
            pages=pages,
            most_entries=most_entries,
            clock=lambda: self.now,
        )

    def serve(self, **routes: Route) -> None:
        self.server.routes.update({f"/{name}": route for name, route in routes.items()})

    def url(self, name: str = "feed") -> str:
        return self.server.url(f"/{name}")

    def poll(self, *names: str) -> list[FeedReport]:
        return list(self.poller.poll([self.url(name) for name in names or ("feed",)]))

    def poll_again(self, after: float = 2 * LONGEST) -> FeedReport:
        self.now += after
        (report,) = self.poll()
        return report

    def files(self) -> list[str]:
        return sorted(path.name for path in self.settings.corpus.glob("*"))

    def asked(self) -> list[str]:
        """The paths that were asked for since this was last called, robots.txt left out."""
        paths = [asked.path for asked in self.server.asked if asked.path != "/robots.txt"]
        self.server.asked.clear()
        return paths

    def kept(self, name: str = "feed") -> KeptFeed:
        (feed,) = FeedState(self.settings.folder).feeds([self.url(name)])
        return feed


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with serving({}) as server:
        yield Paper(server, Settings(corpus=tmp_path / "corpus", folder=tmp_path / "index"))


def outcomes(report: FeedReport) -> list[str]:
    return [taken.outcome for taken in report.taken]


# What comes in


def test_each_new_entry_becomes_an_article_once(paper: Paper) -> None:
    day = "<pubDate>Tue, 03 Jun 2025 09:00:00 GMT</pubDate>"
    paper.serve(
        feed=rss(item("/ferry", more=day), item("/budget")),
        ferry=article(FERRY, "Ferry runs aground"),
        budget=article(BUDGET, "Budget passed"),
    )
    (report,) = paper.poll()
    assert (report.title, report.state, outcomes(report)) == (
        "The Herald",
        "read",
        ["added", "added"],
    )
    assert paper.files() == ["2025-06-03-ferry-runs-aground.md", "budget-passed.md"]
    text = (paper.settings.corpus / "2025-06-03-ferry-runs-aground.md").read_text("utf-8")
    assert f"url: {paper.url('ferry')}" in text
    assert "outlet: The Herald" in text
    assert "was taken to hospital with a broken arm." in text

    report = paper.poll_again()
    assert (report.taken, report.known) == ((), 2)
    assert len(paper.files()) == 2


def test_no_feed_means_no_request_and_no_file(paper: Paper, tmp_path: Path) -> None:
    assert list(paper.poller.poll()) == []
    assert paper.poller.seconds_until_due() is None
    assert paper.asked() == []
    assert list(tmp_path.iterdir()) == []


def test_more_entries_than_a_pass_takes_wait_for_the_next(paper: Paper) -> None:
    paper.poller = paper.make_poller(most_entries=2)
    stories = {"a": FERRY, "b": BUDGET, "c": QUAKE}
    paper.serve(
        feed=Reply(body=rss(*map(item, stories)).body, headers={"ETag": '"1"'}),
        **{name: article(story, f"Story {name}") for name, story in stories.items()},
    )
    (report,) = paper.poll()
    assert (outcomes(report), report.left) == (["added", "added"], 1)
    report = paper.poll_again()
    assert (outcomes(report), report.left) == (["added"], 0)
    assert paper.files() == ["story-a.md", "story-b.md", "story-c.md"]


def test_a_page_without_an_article_gives_way_to_the_feed_s_own_text(paper: Paper) -> None:
    paper.serve(feed=rss(item("/ferry", title="Ferry", more=content(FERRY))), ferry=STUB)
    (report,) = paper.poll()
    assert outcomes(report) == ["added"]
    text = (paper.settings.corpus / "ferry.md").read_text("utf-8")
    assert "outlet: The Herald" in text
    assert "“" not in text
    assert "Two tugs will try to pull the ship free at high tide on Wednesday." in text


def test_a_teaser_is_no_article(paper: Paper) -> None:
    teaser = content("\n\n".join(body(FERRY)[:2]))
    paper.serve(feed=rss(item("/ferry", more=teaser)), ferry=STUB)
    (report,) = paper.poll()
    assert outcomes(report) == ["refused"]
    assert "no article was found" in (report.taken[0].reason or "")
    assert paper.files() == []
    assert paper.poll_again().taken == ()


def test_a_feed_s_text_of_another_site_s_page_is_not_taken(paper: Paper) -> None:
    paper.serve(feed=rss(item("http://198.51.100.7/story", more=content(FERRY))))
    for _ in range(MOST_TRIES - 1):
        assert outcomes(paper.poll_again()) == ["failed"]
    report = paper.poll_again()
    assert outcomes(report) == ["refused"]
    assert (report.taken[0].reason or "").endswith("not taken, as it is another site's")
    assert paper.files() == []


def test_an_entry_that_was_edited_is_taken_again_in_its_place(paper: Paper) -> None:
    first, second = updated("2025-06-03T09:00:00Z"), updated("2025-06-03T11:00:00Z")
    paper.serve(feed=rss(item("/f", "1", more=first)), f=article(FERRY, "Ferry"))
    paper.poll()
    changed = FERRY.replace("Eleven people", "Twelve people")
    paper.serve(f=article(changed, "Ferry"))
    assert paper.poll_again().taken == ()
    paper.serve(feed=rss(item("/f", "1", more=second)))
    assert outcomes(paper.poll_again()) == ["changed"]
    assert "Twelve people" in (paper.settings.corpus / "ferry.md").read_text("utf-8")
    assert paper.poll_again().taken == ()


# What is not doubled


def test_one_page_is_taken_once_whatever_leads_to_it(paper: Paper) -> None:
    canonical = f'<link rel="canonical" href="{paper.url("ferry")}">'
    paper.serve(
        feed=rss(
            item("/ferry", "1"),
            item("/ferry?utm_source=rss#top", "2"),
            item("/amp", "3"),
            item("/short", "4"),
        ),
        ferry=article(FERRY, "Ferry", canonical),
        amp=article(FERRY_OTHER, "Ferry", canonical),
        short=redirect("/ferry"),
    )
    (report,) = paper.poll()
    assert outcomes(report) == ["added", "known", "known", "known"]
    assert paper.asked() == ["/feed", "/ferry", "/amp", "/short", "/ferry"]
    assert len(paper.files()) == 1


def test_a_guid_whose_link_changes_each_time_is_one_entry(paper: Paper) -> None:
    paper.serve(f=article(FERRY, "Ferry"), g=article(BUDGET, "Budget"))
    for name in ("f", "g", "f?x=1"):
        paper.serve(feed=rss(item(f"/{name}", "same", more=updated("2025-06-03T09:00:00Z"))))
        paper.poll_again()
    assert paper.files() == ["ferry.md"]


def test_another_feed_with_the_same_page_does_not_fetch_it(paper: Paper) -> None:
    paper.serve(
        one=rss(item("/ferry", "1")), two=rss(item("/ferry", "2")), ferry=article(FERRY, "Ferry")
    )
    first, second = paper.poll("one", "two")
    assert (outcomes(first), second.taken, second.known) == (["added"], (), 1)
    assert paper.asked() == ["/one", "/ferry", "/two"]


def test_a_copy_of_what_came_just_now_is_known_and_another_story_is_not(paper: Paper) -> None:
    paper.serve(
        feed=rss(item("/wire"), item("/copy"), item("/other")),
        wire=article(FERRY, "Ferry runs aground"),
        copy=article(FERRY_EDITED, "All saved from ferry"),
        other=article(FERRY_OTHER, "A night in the sports hall"),
    )
    (report,) = paper.poll()
    assert outcomes(report) == ["added", "known", "added"]
    assert report.taken[1].reason == "ferry-runs-aground.md tells the same"


def test_what_is_indexed_already_is_not_fetched(paper: Paper) -> None:
    from index.open import open_library

    paper.settings.corpus.mkdir()
    front = f"---\ntitle: Ferry\nurl: {paper.url('ferry')}\n---\n"
    (paper.settings.corpus / "own.md").write_text(front + FERRY, encoding="utf-8")
    library = open_library(paper.settings)
    for _ in library.reindex():
        pass
    library.close()
    paper.serve(
        feed=rss(item("/ferry"), item("/copy")), copy=article(FERRY_EDITED, "All saved from ferry")
    )
    (report,) = paper.poll()
    assert (outcomes(report), report.known) == (["known"], 1)
    assert report.taken[0].place == "own.md"
    assert paper.asked() == ["/feed", "/copy"]
    assert paper.files() == ["own.md"]


# When it is asked


def test_a_feed_that_is_not_due_is_left_alone(paper: Paper) -> None:
    paper.serve(feed=rss())
    paper.poll()
    paper.now += INTERVAL - 1
    assert paper.poll() == []
    assert paper.poller.seconds_until_due([paper.url()]) == 1
    paper.now += 1
    assert [report.state for report in paper.poll()] == ["read"]


def test_a_feed_is_not_sent_again_while_it_is_the_same(paper: Paper) -> None:
    seen: list[Asked] = []

    def feed(asked: Asked) -> Reply:
        seen.append(asked)
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304, headers={"ETag": '"1"'}, ends_with_connection=True)
        return Reply(body=rss(item("/f")).body, headers={"ETag": '"1"', "Last-Modified": "x"})

    paper.serve(feed=feed, f=article(FERRY, "Ferry"))
    paper.poll()
    for _ in range(2):
        assert paper.poll_again().state == "unchanged"
    assert [asked.headers.get("if-none-match") for asked in seen] == [None, '"1"', '"1"']
    assert paper.kept().title == "The Herald"


@pytest.mark.parametrize(
    ("wanted", "pause"),
    [
        (None, INTERVAL),
        (60.0, SHORTEST),
        (3_600.0, 3_600.0),
        (1e12, LONGEST),
    ],
)
def test_a_feed_is_asked_as_often_as_it_wishes_within_bounds(
    wanted: float | None, pause: float
) -> None:
    assert pause_after_success(wanted) == pause


def test_the_wish_of_a_feed_is_kept(paper: Paper) -> None:
    paper.serve(feed=rss(channel="<ttl>120</ttl>"))
    (report,) = paper.poll()
    assert report.next_at == paper.now + 7_200


def test_a_feed_that_fails_is_asked_ever_more_seldom_up_to_a_day() -> None:
    pauses = [pause_after_failure(failures, None) for failures in (0, 1, 2, 3, 50)]
    assert pauses == [INTERVAL, 2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL, LONGEST]
    assert pause_after_failure(0, 4_000.0) == 4_000.0


def test_failures_are_counted_until_it_works_again(paper: Paper) -> None:
    paper.serve(feed=page("down", Retry_After="7200"))
    paper.server.routes["/feed"] = Reply(status=503, headers={"Retry-After": "7200"})
    (report,) = paper.poll()
    assert report.state == "failed"
    assert "\n" not in (report.problem or "\n")
    assert report.next_at == paper.now + 7_200
    assert paper.poll_again().state == "failed"
    assert paper.kept().failures == 2
    paper.serve(feed=rss())
    assert paper.poll_again().state == "read"
    assert (paper.kept().failures, paper.kept().problem) == (0, None)


def test_whoever_asks_for_a_pass_now_waits_only_where_a_server_wishes_it(paper: Paper) -> None:
    paper.serve(one=rss(), two=Reply(status=429, headers={"Retry-After": "7200"}))
    paper.poll("one", "two")
    names = [paper.url("one"), paper.url("two")]
    paper.now += 60
    states = [report.state for report in paper.poller.poll(names, early=True)]
    assert states == ["waiting", "waiting"]
    paper.now += SHORTEST
    states = [report.state for report in paper.poller.poll(names, early=True)]
    assert states == ["read", "waiting"]


def test_a_feed_that_another_process_reads_is_left_to_it(paper: Paper) -> None:
    paper.serve(feed=rss())
    FeedState(paper.settings.folder).claim(paper.url(), now=paper.now, until=paper.now + LEASE)
    assert [report.state for report in paper.poll()] == ["busy"]
    assert paper.asked() == []
    paper.now += LEASE
    assert [report.state for report in paper.poll()] == ["read"]


# How pages are asked for


def test_pages_that_robots_txt_forbids_are_not_fetched(paper: Paper) -> None:
    paper.server.routes["/robots.txt"] = page("User-agent: *\nDisallow: /paid/")
    paper.serve(
        feed=rss(item("/paid/a"), item("/paid/b", title="Ferry", more=content(FERRY))),
        **{"paid/a": article(BUDGET, "Budget")},
    )
    (report,) = paper.poll()
    assert outcomes(report) == ["refused", "added"]
    assert (report.taken[0].reason or "").endswith("the site's robots.txt forbids it")
    assert paper.asked() == ["/feed"]


def test_a_page_that_leads_to_what_robots_txt_forbids_is_not_fetched_or_tried_again(
    paper: Paper,
) -> None:
    paper.server.routes["/robots.txt"] = page("User-agent: *\nDisallow: /paid/")
    paper.serve(
        feed=rss(item("/way")),
        way=redirect("/paid/a"),
        **{"paid/a": article(BUDGET, "Budget")},
    )
    assert outcomes(paper.poll()[0]) == ["refused"]
    assert paper.asked() == ["/feed", "/way"]
    assert paper.poll_again().taken == ()


def test_whoever_reads_a_feed_for_long_has_it_as_long(paper: Paper) -> None:
    state = FeedState(paper.settings.folder)
    state.claim(paper.url(), now=paper.now, until=paper.now + LEASE)
    later = paper.now + LEASE - 1
    state.remember(paper.url(), KeptEntry(key="1", link=None, outcome="added"), now=later)
    assert not state.claim(paper.url(), now=later + 2, until=later + 2 + LEASE)
    assert state.claim(paper.url(), now=later + LEASE, until=later + 2 * LEASE)


def test_while_robots_txt_cannot_be_read_entries_wait(paper: Paper) -> None:
    paper.server.routes["/robots.txt"] = Reply(status=500)
    paper.serve(feed=rss(item("/f")), f=article(FERRY, "Ferry"))
    (report,) = paper.poll()
    assert outcomes(report) == ["failed"]
    del paper.server.routes["/robots.txt"]
    paper.poller = paper.make_poller()
    assert outcomes(paper.poll_again()) == ["added"]


def test_between_two_pages_of_a_site_there_is_the_pause_that_it_wants(paper: Paper) -> None:
    paper.server.routes["/robots.txt"] = page("User-agent: *\nCrawl-delay: 20")
    paper.serve(
        feed=rss(item("/a"), item("/b")), a=article(FERRY, "Ferry"), b=article(BUDGET, "Budget")
    )
    (report,) = paper.poll()
    assert outcomes(report) == ["added", "added"]
    (slept,) = paper.slept
    assert 10 < slept <= 20


def test_where_a_site_wants_too_long_a_pause_one_page_a_pass_is_fetched(paper: Paper) -> None:
    paper.server.routes["/robots.txt"] = page("User-agent: *\nCrawl-delay: 600")
    paper.serve(
        feed=rss(item("/a"), item("/b")), a=article(FERRY, "Ferry"), b=article(BUDGET, "Budget")
    )
    (report,) = paper.poll()
    assert (outcomes(report), report.left) == (["added"], 1)
    assert paper.slept == []
    paper.poller = paper.make_poller()
    assert outcomes(paper.poll_again()) == ["added"]


def test_a_page_that_fails_is_tried_some_times_and_then_given_up(paper: Paper) -> None:
    paper.serve(feed=rss(item("/f")), f=Reply(status=500))
    tried = [outcomes(paper.poll_again()) for _ in range(MOST_TRIES + 1)]
    assert tried == [*[["failed"]] * (MOST_TRIES - 1), ["refused"], []]


def test_a_page_that_is_gone_is_not_tried_again(paper: Paper) -> None:
    paper.serve(feed=rss(item("/f")))
    assert outcomes(paper.poll()[0]) == ["refused"]
    assert paper.poll_again().taken == ()


# What is broken or made to harm


BROKEN = {
    "not there": Reply(status=404),
    "no feed": page("<html><body>Hello</body></html>"),
    "entities": page('<!DOCTYPE a [<!ENTITY b "c">]><rss><channel/></rss>'),
    "to a private address": redirect("http://10.0.0.1/feed"),
    "to a file": redirect("file:///etc/passwd"),
    "to itself": redirect("/feed"),
    "hangs up": Reply(raw=b""),
}


def test_while_nothing_can_be_saved_entries_wait_and_none_is_given_up(paper: Paper) -> None:
    paper.serve(feed=rss(item("/f")), f=article(FERRY, "Ferry"))
    paper.settings.corpus.write_text("no folder")
    for _ in range(MOST_TRIES + 1):
        report = paper.poll_again()
        assert report.state == "failed"
        assert (report.problem or "").startswith("nothing can be saved into the folder of articles")
    paper.settings.corpus.unlink()
    assert outcomes(paper.poll_again()) == ["added"]


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_one_broken_feed_is_a_line_and_does_not_stop_the_others(paper: Paper, reply: Reply) -> None:
    paper.serve(feed=reply, well=rss(item("/f")), f=article(FERRY, "Ferry"))
    broken, well = paper.poll("feed", "well")
    assert (broken.state, well.state, outcomes(well)) == ("failed", "read", ["added"])
    assert broken.problem
    assert "\n" not in broken.problem
    assert paper.kept().problem == broken.problem


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://10.0.0.1/"])
def test_links_that_are_not_of_the_internet_are_never_followed(paper: Paper, link: str) -> None:
    paper.serve(feed=rss(item(link, "1")))
    assert outcomes(paper.poll()[0])[0] in {"refused", "failed"}
    assert paper.asked() == ["/feed"]
    assert paper.files() == []


def test_a_page_cannot_pass_itself_off_as_another_site_s(paper: Paper) -> None:
    forged = '<link rel="canonical" href="https://www.paper.example/a">' + meta(
        "og:url", "https://www.paper.example/a"
    )
    paper.serve(feed=rss(item("/f")), f=article(FERRY, "Ferry", forged))
    paper.poll()
    text = (paper.settings.corpus / "ferry.md").read_text("utf-8")
    assert "paper.example" not in text
    assert f"url: {paper.url('f')}" in text


def test_titles_with_paths_and_markup_stay_in_the_corpus(paper: Paper, tmp_path: Path) -> None:
    title = "../../&lt;b&gt;..\\evil/&lt;/b&gt;"
    paper.serve(feed=rss(item("/f", title=title, more=content(FERRY))), f=STUB)
    paper.poll()
    written = list(tmp_path.rglob("*.md"))
    assert [path.parent for path in written] == [paper.settings.corpus]


@pytest.mark.parametrize("markup", ["<div>" * 5_000 + "word " * 500, "<!-- -->", "<p></p>"])
def test_content_that_cannot_be_read_is_no_article_and_stops_nothing(
    paper: Paper, markup: str
) -> None:
    more = f"<content:encoded><![CDATA[{markup}]]></content:encoded>"
    paper.serve(
        feed=rss(item("/stub", more=more), item("/f")), stub=STUB, f=article(FERRY, "Ferry")
    )
    (report,) = paper.poll()
    assert outcomes(report) == ["refused", "added"]


def test_a_pass_that_is_ended_midway_goes_on_where_it_was(paper: Paper) -> None:
    paper.serve(
        one=rss(item("/a")),
        two=rss(item("/b")),
        a=article(FERRY, "Ferry"),
        b=article(BUDGET_OTHER, "Cars"),
    )
    passing = paper.poller.poll([paper.url("one"), paper.url("two")])
    assert len(list(itertools.islice(passing, 1))) == 1
    passing.close()
    assert paper.files() == ["ferry.md"]
    paper.poll("one", "two")
    assert paper.files() == ["cars.md", "ferry.md"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.paper.com/a", "https://feeds.paper.com/rss", True),
        ("https://paper.co.uk/a", "https://feeds.paper.co.uk/rss", True),
        ("https://a.co.uk/a", "https://b.co.uk/rss", False),
        ("https://paper.com.evil.com/a", "https://paper.com/rss", False),
        ("http://127.0.0.1/a", "http://127.0.0.1:8/rss", True),
        ("http://10.0.0.1/a", "http://20.0.0.1/rss", False),
        (None, "https://paper.com/rss", False),
    ],
)
def test_sites_are_told_apart_by_their_owners(one: str | None, other: str, *, same: bool) -> None:
    assert is_same_site(one, other) is same
