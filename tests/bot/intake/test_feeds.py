"""Reading feeds: every kind of them, what they say wrongly, and what is made to harm."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.intake.feeds import LARGEST_FEED, Entry, Feed, FeedError, read_feed, web_link
from bot.intake.parse_feed import MOST_ENTRIES, parse_feed

ADDRESS = "https://paper.example/feeds/all.xml"
NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The &lt;b&gt;Herald&lt;/b&gt; &amp;amp; Post</title>{channel}
{items}</channel></rss>"""

ITEM = """<item><title>Ferry runs aground</title><link>/news/ferry?id=7&amp;page=1</link>
<guid isPermaLink="false">ferry-7</guid><pubDate>Tue, 03 Jun 2025 23:30:00 -0500</pubDate>
<dc:creator>Ann Lee</dc:creator><description>Short.</description>
<content:encoded><![CDATA[<p>All 212 were <script>steal()</script>saved.</p>]]></content:encoded>
</item>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<title type="html">&lt;i&gt;Post&lt;/i&gt;</title>
<entry><id>tag:post.example,2025:1</id><title type="html">A &amp;amp; B</title>
<link rel="enclosure" href="https://post.example/a.mp3"/>
<link rel="alternate" href="https://post.example/a"/><author><name>Bo Dahl</name></author>
<published>2025-06-02T10:00:00Z</published><updated>2025-06-04T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Whole text.</p></div></content>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://one.example/"><title>One</title></channel>
<item rdf:about="https://one.example/a"><title>First</title><link>https://one.example/a</link>
<dc:date>2025-06-01</dc:date></item></rdf:RDF>"""

OLD = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
  "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title>
<item><title>Caf&eacute; burns</title><link>http://old.example/cafe</link></item></channel></rss>"""


def rss(*items: str, channel: str = "") -> str:
    return RSS.format(items="\n".join(items), channel=channel)


def item(inner: str) -> str:
    """An item; a guid in it is no address unless it looks like one."""
    plain = re.sub("<guid>(?!http)", '<guid isPermaLink="false">', inner)
    return f"<item>{plain}</item>"


def read(content: str | bytes, charset: str | None = None) -> Feed:
    data = content.encode() if isinstance(content, str) else content
    return read_feed(data, address=ADDRESS, charset=charset, now=NOW)


def refusal(content: str | bytes) -> str:
    with pytest.raises(FeedError) as caught:
        read(content)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def only(content: str | bytes, charset: str | None = None) -> Entry:
    (entry,) = read(content, charset).entries
    return entry


# What feeds say


def test_an_entry_of_rss_has_its_guid_link_title_author_time_and_text() -> None:
    feed = read(rss(ITEM))
    assert feed.title == "The Herald & Post"
    (entry,) = feed.entries
    assert entry.key == "ferry-7"
    assert entry.link == "https://paper.example/news/ferry?id=7&page=1"
    assert (entry.title, entry.author) == ("Ferry runs aground", "Ann Lee")
    assert entry.published == datetime(2025, 6, 4, 4, 30, tzinfo=UTC)
    assert entry.content == "<p>All 212 were saved.</p>"


def test_the_day_is_the_one_that_the_newsroom_wrote() -> None:
    assert only(rss(ITEM)).day == date(2025, 6, 3)


def test_an_entry_of_atom_has_its_page_and_not_its_recording() -> None:
    entry = only(ATOM)
    assert (entry.key, entry.link) == ("tag:post.example,2025:1", "https://post.example/a")
    assert (entry.title, entry.author) == ("A & B", "Bo Dahl")
    assert entry.published == datetime(2025, 6, 2, 10, tzinfo=UTC)
    assert entry.updated == datetime(2025, 6, 4, 10, tzinfo=UTC)
    assert "Whole text." in (entry.content or "")
    assert read(ATOM).title == "Post"


def test_rss_1_and_0_91_are_read() -> None:
    first = only(RDF)
    assert (first.link, first.day) == ("https://one.example/a", date(2025, 6, 1))
    assert only(OLD).title == "Café burns"


def test_what_is_not_said_is_not_made_up() -> None:
    entry = only(rss(item("<link>https://paper.example/a</link>")))
    assert entry == Entry(key="https://paper.example/a", link="https://paper.example/a", title="")


def test_one_time_is_not_taken_for_the_other() -> None:
    entry = only(rss(ITEM))
    assert entry.updated is None


def test_entries_come_newest_first_where_all_have_a_time() -> None:
    dated = [
        item(f"<guid>{day}</guid><pubDate>Tue, 0{day} Jun 2025 09:00:00 GMT</pubDate>")
        for day in (2, 4, 3)
    ]
    assert [entry.key for entry in read(rss(*dated)).entries] == ["4", "3", "2"]
    undated = item("<guid>x</guid>")
    assert [entry.key for entry in read(rss(*dated, undated)).entries] == ["2", "4", "3", "x"]


def test_a_guid_that_comes_twice_is_one_entry() -> None:
    twice = [item(f"<guid>same</guid><link>https://p.example/{n}</link>") for n in (1, 2)]
    assert only(rss(*twice)).link == "https://p.example/1"


def test_the_original_link_is_taken_before_that_of_a_service_that_counts_readers() -> None:
    counted = item(
        '<link>https://count.example/x</link><guid>1</guid><f:origLink xmlns:f="'
        'http://rssnamespace.org/feedburner/ext/1.0">https://paper.example/a</f:origLink>'
    )
    assert only(rss(counted)).link == "https://paper.example/a"


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3600.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>999999999999999999</ttl>", None),
        ("<s:updatePeriod>hourly</s:updatePeriod>", 3600.0),
        (
            "<s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>",
            21_600.0,
        ),
        (
            "<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>",
            3600.0,
        ),
        ("<s:updatePeriod>whenever</s:updatePeriod>", None),
    ],
)
def test_a_feed_says_how_long_it_wants_to_be_left_alone(
    channel: str, seconds: float | None
) -> None:
    spaced = channel.replace(
        "<s:updatePeriod>",
        '<s:updatePeriod xmlns:s="http://purl.org/rss/1.0/modules/syndication/">',
    ).replace(
        "<s:updateFrequency>",
        '<s:updateFrequency xmlns:s="http://purl.org/rss/1.0/modules/syndication/">',
    )
    assert read(rss(ITEM, channel=spaced)).seconds == seconds


# Encodings


@pytest.mark.parametrize("charset", [None, "iso-8859-1", "utf-8"])
def test_what_reads_as_utf_8_is_utf_8_whatever_the_server_says(charset: str | None) -> None:
    content = rss(item("<title>Übung in Łódź</title>")).encode()
    assert only(content, charset).title == "Übung in Łódź"


def test_other_encodings_are_read_as_the_feed_or_the_server_says() -> None:
    stated = rss(item("<title>Größe</title>")).replace("utf-8", "iso-8859-1")
    assert only(stated.encode("latin-1")).title == "Größe"
    unstated = rss(item("<title>Київ</title>")).partition("?>")[2]
    assert only(unstated.encode("koi8-u"), "koi8-u").title == "Київ"


# What they say wrongly


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,hello",
        "ftp://paper.example/a",
        "http://",
        "https://[broken",
        "https://paper.example/a b",
        "https://paper.example/" + "a" * 2_000,
    ],
)
def test_a_link_that_is_not_of_the_web_is_none(link: str) -> None:
    assert only(rss(item(f"<guid isPermaLink='false'>1</guid><link>{link}</link>"))).link is None


def test_a_guid_that_is_an_address_stands_in_for_a_link_that_is_none() -> None:
    inner = "<guid>https://paper.example/a</guid><link>javascript:alert(1)</link>"
    assert only(rss(item(inner))).link == "https://paper.example/a"


@pytest.mark.parametrize("text", ["", " ", "\x00", "https://x.example/\ud800", "//[", "http:///a"])
def test_no_text_makes_a_link_that_cannot_be_written(text: str) -> None:
    assert web_link(text, ADDRESS) is None


@pytest.mark.parametrize(
    ("time", "published"),
    [
        ("Tue, 03 Jun 2045 09:00:00 GMT", None),
        ("Tue, 10 Jun 2025 20:00:00 GMT", NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("yesterday", None),
        ("Tue, 99 Jun 2025 99:99:99 GMT", None),
    ],
)
def test_a_time_that_cannot_be_is_none_and_one_just_to_come_is_now(
    time: str, published: datetime | None
) -> None:
    entry = only(rss(item(f"<guid>1</guid><pubDate>{time}</pubDate>")))
    assert entry.published == published
    assert entry.day is None or published is not None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&lt;script&gt;x()&lt;/script&gt;Fire &lt;b&gt;out&lt;/b&gt;", "Fire out"),
        ("5 &lt; 6 holds", "5 < 6 holds"),
        ("<![CDATA[<img src=x onerror=steal()>Rain]]>", "Rain"),
        ("Two\n\n  lines", "Two lines"),
        ("Left &#x202e;right", "Left right"),
    ],
)
def test_a_title_is_one_line_of_text(written: str, title: str) -> None:
    assert only(rss(item(f"<guid>1</guid><title>{written}</title>"))).title == title


def test_a_title_without_end_is_cut() -> None:
    title = only(rss(item(f"<guid>1</guid><title>{'word ' * 900}</title>"))).title
    assert len(title) <= 300
    assert title.endswith("word…")


def test_plain_text_as_content_is_no_markup() -> None:
    content = ATOM.replace('type="xhtml"', 'type="text"').replace(
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Whole text.</p></div>',
        "One &lt; two.\n\nThree.",
    )
    assert only(content).content == "<p>One &lt; two.</p>\n<p>Three.</p>"


# What is made to harm


def test_entities_of_its_own_are_refused() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + rss(ITEM).partition("?>")[2]
    line = "the feed declares entities of its own, which are not read"
    assert refusal(bomb) == line
    assert refusal(bomb.encode("utf-16")) == line
    steal = '<!DOCTYPE b [<!entity a SYSTEM "file:///etc/passwd">]><rss><channel/></rss>'
    assert refusal(steal) == line


def test_an_article_about_entities_is_read() -> None:
    about = item("<guid>1</guid><title><![CDATA[What <!ENTITY a> means]]></title>")
    assert "What" in only(rss(about)).title


def test_bytes_that_name_a_file_are_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(rss(ITEM), encoding="utf-8")
    assert refusal(bytes(file)) == "that is not a feed (RSS or Atom)"


def test_bytes_that_are_an_address_are_not_fetched() -> None:
    assert parse_feed(b"http://127.0.0.1:9/feed", address=ADDRESS)["entries"] == []


def test_megabytes_of_entries_are_read_up_to_the_most() -> None:
    many = rss(*(item(f"<guid>{n}</guid><title>{'w ' * 200}</title>") for n in range(6_000)))
    assert len(read(many).entries) == MOST_ENTRIES


def test_a_feed_larger_than_any_is_not_read() -> None:
    assert refusal(b"<rss>" + b" " * LARGEST_FEED) == "the feed is larger than 10 MB"


def test_a_feed_that_takes_for_ever_is_given_up() -> None:
    """feedparser takes the square of the time for it: alone this one would take a minute."""
    began = time.monotonic()
    line = refusal(b"\n" * 150_000 + b"<rss version='2.0'><channel/></rss>")
    assert line == "the feed takes more time or memory to read than any is worth"
    assert time.monotonic() - began < 12


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"<html><body><p>Hello</p></body></html>", b"%PDF-1.7", b"{}", b"\xff\xfe<"],
)
def test_what_is_no_feed_is_a_line(content: bytes) -> None:
    assert refusal(content) == "that is not a feed (RSS or Atom)"


@pytest.mark.parametrize("end", [1, 30, 60, 150])
def test_what_was_cut_off_is_read_as_far_as_it_goes(end: int) -> None:
    assert only(rss(ITEM)[:-end]).key == "ferry-7"


@settings(max_examples=25, deadline=None)
@given(
    place=some.integers(0, 900),
    size=some.integers(0, 60),
    junk=some.binary(max_size=30)
    | some.sampled_from([b"]]>", b"<!--", b"&#0;", b"<item>", b"'\""]),
    whole=some.sampled_from([rss(ITEM), ATOM, RDF]),
)
def test_a_damaged_feed_is_a_feed_or_a_line(place: int, size: int, junk: bytes, whole: str) -> None:
    data = whole.encode()
    damaged = data[:place] + junk + data[place + size :]
    try:
        entries = read(damaged).entries
    except FeedError as error:
        entries, line = (), str(error)
    else:
        line = ""
    assert "\n" not in line
    assert all("\n" not in entry.title for entry in entries)
    assert all((entry.link or "http").startswith("http") for entry in entries)


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">',
            ", but a page that names one: https://paper.example/rss?a=1&b=2",
        ),
        (
            "<LINK href='https://feeds.example/atom' type='application/atom+xml'>",
            ", but a page that names one: https://feeds.example/atom",
        ),
        ('<link type="application/rss+xml" href="javascript:alert(1)">', ""),
        ('<link rel="stylesheet" href="/a.css">', ""),
    ],
)
def test_a_page_in_the_place_of_a_feed_is_told_with_the_feed_that_it_names(
    link: str, hint: str
) -> None:
    page = f"<!doctype html><html><head>{link}</head><body><p>Hello</p></body></html>"
    with pytest.raises(FeedError) as refused:
        read_feed(page.encode(), address="https://paper.example/news", charset=None, now=NOW)
    assert str(refused.value) == f"that is not a feed (RSS or Atom){hint}"
