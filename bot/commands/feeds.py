"""``pullquote feeds``: put feeds on a list, and take in what is new in them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.commands.index import describe_counts, summary_to_json
from bot.commands.opening import unbuilt
from bot.escape import clean_line, json_line
from bot.progress import follow
from bot.streams import emit, make_console, say, warn
from index.errors import CorpusError

if TYPE_CHECKING:
    from bot.intake.feed_state import KeptFeed
    from bot.intake.poll import FeedReport
    from bot.settings import IntakeSettings

INDEXING_WAIT = 300.0
"""Seconds that indexing waits for another process that is writing the index."""

NO_FEEDS = "there are no feeds; add one: pullquote feeds add ADDRESS"


def add_feeds(addresses: Sequence[str], *, settings: IntakeSettings, as_json: bool) -> int:
    """Put feeds on the list; an address that is refused does not keep the others off it.

    Returns:
        0, or 2 where an address was refused.
    """
    from bot.intake.addresses import NotFetched, read_address, show_address
    from bot.intake.feed_state import FeedState

    state = FeedState(settings.library.folder)
    refused = False
    for given in addresses:
        try:
            address = read_address(given, allowed_hosts=settings.allowed_hosts).address
        except NotFetched as error:
            warn(f"{show_address(given)}: {error}")
            refused = True
            continue
        outcome = "added" if state.add(address) else "already on the list"
        _tell(address, outcome, as_json=as_json)
    return 2 if refused else 0


def remove_feeds(addresses: Sequence[str], *, settings: IntakeSettings, as_json: bool) -> int:
    """Take feeds off the list.

    Returns:
        0, or 2 where one was not on it.
    """
    from bot.intake.feed_state import FeedState

    state = FeedState(settings.library.folder)
    listed = {feed.address for feed in state.feeds()}
    missing = False
    for given in addresses:
        # As it was typed when it was added, or as the list shows it.
        address = given if given in listed else _normal(given, settings)
        if address in listed:
            state.remove(address)
            _tell(address, "removed", as_json=as_json)
            continue
        missing = True
        if given in settings.feeds:
            warn(f"{given}: PULLQUOTE_FEEDS names it; take it out there")
        else:
            warn(f"{given}: it is not on the list; see: pullquote feeds list")
    return 2 if missing else 0


def _normal(given: str, settings: IntakeSettings) -> str:
    from bot.intake.addresses import NotFetched, read_address

    try:
        return read_address(given, allowed_hosts=settings.allowed_hosts).address
    except NotFetched:
        return given


def _tell(address: str, outcome: str, *, as_json: bool) -> None:
    values = {"feed": address, "outcome": outcome}
    emit((json_line(values) if as_json else f"{clean_line(address)}: {outcome}") + "\n")


def list_feeds(*, settings: IntakeSettings, as_json: bool) -> int:
    """List the feeds: a line each in a terminal, elsewhere one of tab-separated values.

    Returns:
        0.
    """
    from bot.intake.feed_state import FeedState

    feeds = FeedState(settings.library.folder).feeds(settings.feeds)
    now = time.time()
    if as_json:
        emit(json_line([feed_to_json(feed) for feed in feeds]) + "\n")
    elif not feeds:
        say(NO_FEEDS)
    elif make_console().is_terminal:
        emit("".join(f"{_name(feed)}: {describe_state(feed, now)}\n" for feed in feeds))
    else:
        lines = ((feed.address, feed.title, describe_state(feed, now)) for feed in feeds)
        emit("".join("\t".join(map(clean_line, line)) + "\n" for line in lines))
    return 0


def feed_to_json(feed: KeptFeed) -> dict[str, object]:
    """Write a feed as the values that ``feeds list --json`` prints."""
    return {
        "feed": feed.address,
        "title": feed.title or None,
        "by": "command" if feed.listed else "setting",
        "read_at": _stamp(feed.checked_at),
        "next_at": _stamp(max(feed.next_at, feed.not_before) or None),
        "failures": feed.failures,
        "problem": feed.problem,
    }


def describe_state(feed: KeptFeed, now: float) -> str:
    """Say how a feed fares, in a few words."""
    if feed.checked_at is None:
        return "not yet read"
    pause = describe_pause(max(feed.next_at, feed.not_before) - now)
    if feed.problem:
        times = "1 time" if feed.failures == 1 else f"{feed.failures} times in a row"
        return f"failed {times}: {feed.problem}; again {pause}"
    return f"read {describe_pause(now - feed.checked_at, 'just now', '{} ago')}; again {pause}"


def fetch_feeds(*, settings: IntakeSettings, as_json: bool) -> int:
    """Read all feeds, write a line for each as it comes, then index.

    Returns:
        0, or 2 where a feed or an article failed.
    """
    from bot.intake.poll import Poller

    poller = Poller(settings.library, allowed_hosts=settings.allowed_hosts)
    reports = []
    for report in poller.poll(settings.feeds, early=True):
        reports.append(report)
        told = json_line(report_to_json(report)) if as_json else describe_report(report)
        emit(told + "\n", flush=True)
        for line in () if as_json else describe_untaken(report):
            warn(line)
    if not reports:
        say(NO_FEEDS)
        return 0
    failed = any(report.state == "failed" for report in reports)
    return max(_index(settings, as_json=as_json), 2 if failed else 0)


def _index(settings: IntakeSettings, *, as_json: bool) -> int:
    with unbuilt(settings.library) as library:
        try:
            summary = follow(library.reindex(wait=INDEXING_WAIT))
        except CorpusError as error:
            # No article has come yet, and none was there.
            say(str(error))
            return 0
    told = summary_to_json(summary)
    emit((json_line({"indexed": told}) if as_json else describe_counts(told)) + "\n")
    return 2 if summary.failed else 0


def describe_report(report: FeedReport) -> str:
    """Write what came of a feed as one line."""
    name = clean_line(report.title or report.address)
    pause = describe_pause(report.next_at - time.time())
    match report.state:
        case "failed":
            return f"{name}: failed: {clean_line(report.problem or '')}; again {pause}"
        case "waiting":
            return f"{name}: it waits; again {pause}"
        case "busy":
            return f"{name}: another process is reading it"
        case "unchanged":
            return f"{name}: nothing new"
    counts = {
        "new": report.count("added"),
        "edited": report.count("changed"),
        "known": report.known + report.count("known"),
        "without an article": report.count("refused"),
        "to be tried again": report.count("failed"),
        "left for the next time": report.left,
    }
    shown = [f"{number:,} {what}" for what, number in counts.items() if number or what == "new"]
    return f"{name}: {', '.join(shown)}"


def describe_untaken(report: FeedReport) -> list[str]:
    """Write a line for each entry that was not taken, with the reason."""
    return [
        f"{taken.title or report.title or report.address}: {taken.reason}"
        for taken in report.taken
        if taken.outcome in {"refused", "failed"}
    ]


def report_to_json(report: FeedReport) -> dict[str, object]:
    """Write a report as the values that ``feeds fetch --json`` prints."""
    return {
        "feed": report.address,
        "title": report.title or None,
        "state": report.state,
        "problem": report.problem,
        "next_at": _stamp(report.next_at),
        "known": report.known,
        "left": report.left,
        "entries": [
            {
                "title": taken.title,
                "outcome": taken.outcome,
                "article": taken.place if taken.outcome in {"added", "changed"} else None,
                "reason": taken.reason,
            }
            for taken in report.taken
        ],
    }


def describe_pause(seconds: float, none: str = "now", form: str = "in {}") -> str:
    """Write a time to come, or one that has passed, in its largest unit."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return form.format(f"{seconds / size:.0f} {unit}")
    return form.format(f"{seconds:.0f} s") if seconds >= 1 else none


def _stamp(seconds: float | None) -> str | None:
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _name(feed: KeptFeed) -> str:
    title = clean_line(feed.title)
    return f"{title} ({clean_line(feed.address)})" if title else clean_line(feed.address)
