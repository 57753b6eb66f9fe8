"""An entry of a feed → an article in the corpus: from its page, else from its own full text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.intake.copies import Copies, read_sentences
from bot.intake.draft import Draft, Extracted, Refused, tidy_url, tidy_value
from bot.intake.extract import extract
from bot.intake.feed_state import Outcome
from bot.intake.feeds import Entry, Feed
from bot.intake.fetch import Fetched, FetchError
from bot.intake.pages import Forbidden, Pages
from bot.intake.save import Shelf, State, Unwritable, address_key
from bot.intake.web import read_fragment
from index.errors import PullquoteError
from index.split import count_words

# What a feed brings is the whole article, and no teaser of it, from so many words on.
FEWEST_WORDS = 120

# What the server says of a page that will not come by asking again.
FOR_GOOD = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 414, 451})

# Names of the web under which others give out names: a country's, as in "co.uk".
SHORT_LABEL = 3

_OUTCOMES: dict[State, Outcome] = {"added": "added", "changed": "changed", "unchanged": "known"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What came of an entry.

    Attributes:
        outcome: "failed" is worth another try.
        place: the article's path in the corpus if it was added; if it is known, where it stands.
        title: the article's, or the entry's.
        reason: why it was not taken, in one line.
        url: the address that it was found to have, where that is not the entry's link.
    """

    outcome: Outcome
    title: str
    place: str | None = None
    reason: str | None = None
    url: str | None = None


class Taker:
    """Takes entries of one feed.

    Args:
        feed: what was read.
        address: where, at the end of all redirects.
        pages: fetches what entries lead to.
        copies: finds what is told already.
        shelf: the corpus.
    """

    def __init__(
        self, feed: Feed, *, address: str, pages: Pages, copies: Copies, shelf: Shelf
    ) -> None:
        self._feed = feed
        self._address = address
        self._pages = pages
        self._copies = copies
        self._shelf = shelf

    def take(self, entry: Entry, *, links: Collection[str], is_last_try: bool) -> Taken:
        """Fetch, extract and save an entry's article.

        Args:
            entry: what to take.
            links: addresses that are known, as ``address_key`` gives them.
            is_last_try: the page will not be asked for again: the entry's own text must do.

        Raises:
            NotYet: its site wants a longer pause than a pass can make.
            Unwritable: nothing can be saved.
        """
        draft: Draft | Taken
        try:
            draft = self._from_page(entry)
        except FetchError as error:
            if not (is_last_try or error.status in FOR_GOOD):
                return Taken(outcome="failed", title=entry.title, reason=str(error))
            draft = self._from_content(entry, error)
        except (Forbidden, Refused) as error:
            draft = self._from_content(entry, error)
        if isinstance(draft, Taken):
            return draft
        return self._keep(entry, draft, links)

    def _from_page(self, entry: Entry) -> Draft:
        if not entry.link:
            raise Refused("the entry has no link to a page of the web")
        fetched = self._pages.fetch(entry.link)
        found = extract(
            fetched.content,
            name=urlsplit(fetched.url).path,
            content_type=fetched.content_type,
            charset=fetched.charset,
            address=fetched.url,
        )
        return self._complete(entry, _only(found, fetched))

    def _complete(self, entry: Entry, draft: Draft) -> Draft:
        """Fill in what the page leaves out from its own site's feed; others may know it wrongly."""
        if not is_same_site(draft.url, self._address):
            return draft
        return replace(
            draft,
            title=draft.title or tidy_value(entry.title),
            outlet=draft.outlet or tidy_value(self._feed.title),
            byline=draft.byline or tidy_value(entry.author),
            published=draft.published or entry.day,
        )

    def _from_content(self, entry: Entry, why: PullquoteError) -> Draft | Taken:
        """The entry's own text, where it is a whole article of the feed's own site."""
        refused = Taken(outcome="refused", title=entry.title, reason=str(why))
        try:
            paragraphs = read_fragment(entry.content) if entry.content else ()
        except (Refused, MemoryError):
            return refused
        if sum(map(count_words, paragraphs)) < FEWEST_WORDS:
            return refused
        if entry.link and not is_same_site(entry.link, self._address):
            reason = f"{why}; the feed's own text of it is not taken, as it is another site's"
            return replace(refused, reason=reason)
        return Draft(
            paragraphs=paragraphs,
            title=tidy_value(entry.title),
            outlet=tidy_value(self._feed.title),
            byline=tidy_value(entry.author),
            published=entry.day,
            url=tidy_url(entry.link),
        )

    def _keep(self, entry: Entry, draft: Draft, links: Collection[str]) -> Taken:
        title = draft.title or entry.title
        own = address_key(entry.link) if entry.link else None
        found = address_key(draft.url) if draft.url else None
        if found != own and found in links:
            return Taken(outcome="known", title=title, place=draft.url, url=draft.url)
        sentences = read_sentences(draft)
        if place := self._copies.find(sentences):
            reason = f"{place} tells the same"
            return Taken(outcome="known", title=title, place=place, reason=reason, url=draft.url)
        try:
            saved = self._shelf.save(replace(draft, retrieved=datetime.now(UTC)))
        except Unwritable:
            raise
        except Refused as error:
            return Taken(outcome="refused", title=title, reason=str(error), url=draft.url)
        self._copies.add(replace(sentences, place=saved.path))
        outcome = _OUTCOMES[saved.state]
        return Taken(outcome=outcome, title=title, place=saved.path, url=draft.url)


def _only(found: Extracted, fetched: Fetched) -> Draft:
    """The one article of a page; it cannot say that it is another site's."""
    if len(found.drafts) != 1:
        raise Refused(next(iter(found.refused), "more than one article stands there"))
    draft = found.drafts[0]
    own = is_same_site(draft.url, fetched.url)
    return draft if own else replace(draft, url=tidy_url(fetched.url))


def is_same_site(one: str | None, other: str) -> bool:
    """Whether two addresses belong to one owner, as far as their names can tell."""
    hosts = [(urlsplit(address or "").hostname or "").lower() for address in (one, other)]
    return bool(hosts[0]) and (hosts[0] == hosts[1] or _owner(hosts[0]) == _owner(hosts[1]))


def _owner(host: str) -> str:
    """The end of a name that somebody owns: "paper.com" of "feeds.paper.com"."""
    try:
        ip_address(host)
    except ValueError:
        labels = host.split(".")
    else:
        return host
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= SHORT_LABEL  # noqa: PLR2004
    return ".".join(labels[-3:] if is_shared else labels[-2:])
