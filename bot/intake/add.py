"""Files and addresses → articles in the corpus, with a result for each thing that was found."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.intake.copies import TOLD_ALREADY, read_sentences
from bot.intake.draft import LARGEST_CONTENT, Draft, Extracted, Refused, describe_too_large
from bot.intake.extract import extract, find_kind
from bot.intake.fetch import REDIRECTED, Fetched, FetchError, fetch
from bot.intake.save import Saved, Shelf, Unwritable, address_key
from index.errors import ArticleError
from index.lineage.address import normalise_address

Fetch = Callable[..., Fetched]

TEXT_SUFFIXES = (".txt", ".md")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of one thing that was to be added.

    ``source`` is the file or address as it was given; ``path`` the article's in the corpus, None
    where it was refused; ``line`` then says why.
    """

    source: str
    state: Literal["added", "changed", "unchanged", "refused"]
    path: str | None = None
    line: str = ""


def add_files(paths: Sequence[Path], corpus: Path) -> list[Result]:
    """Add files to the corpus; a file that is refused does not keep the others out.

    Text and Markdown is copied as it stands; of other files the articles in them are saved as
    Markdown.
    """
    return list(add_each(paths, corpus))


def add_each(paths: Sequence[Path], corpus: Path) -> Iterator[Result]:
    """Do the same and yield each result as it comes: a dump of thousands takes a minute."""
    shelf = Shelf(corpus)
    for path in paths:
        yield from _add_file(path, shelf, corpus)


def add_content(
    content: bytes, name: str, corpus: Path, *, content_type: str | None = None
) -> list[Result]:
    """Add what is not a file yet, such as an attachment, under the name that it came with."""
    return list(_add(content, name, Shelf(corpus), source=name, content_type=content_type))


def add_address(
    address: str,
    corpus: Path,
    *,
    fetch: Fetch = fetch,
    allowed_hosts: frozenset[str] = frozenset(),
) -> list[Result]:
    """Fetch an address and add the articles there.

    Args:
        address: of a page, a PDF or a dump.
        corpus: the folder of articles.
        fetch: what fetches it, called as ``bot.intake.fetch.fetch`` is; by default that.
        allowed_hosts: hosts that may be asked although they are of a private network.
    """
    try:
        fetched = fetch(address, allowed_hosts=allowed_hosts)
    except FetchError as error:
        return [_refused(address, describe_failure(error))]
    found = _results(
        address,
        lambda: extract(
            fetched.content,
            name=fetched.url.partition("?")[0].rpartition("/")[2],
            content_type=fetched.content_type or None,
            charset=fetched.charset,
            address=fetched.url,
        ),
        Shelf(corpus),
    )
    return list(found)


def describe_failure(error: FetchError) -> str:
    """Say why an address could not be fetched, where it led to, and when to try again."""
    _, _, elsewhere = error.place.partition(REDIRECTED)
    lead = f"it redirects to {elsewhere}: " if elsewhere else ""
    wait = math.ceil((error.retry_after or 0) / 60)
    later = f"; try again in {wait:,} minute{'s' if wait > 1 else ''}" if wait else ""
    return f"{lead}{error.reason}{later}"


def _add_file(path: Path, shelf: Shelf, corpus: Path) -> Iterator[Result]:
    source = str(path)
    try:
        if _is_inside(path, corpus):
            name = path.resolve().relative_to(corpus.resolve()).as_posix()
            yield Result(source=source, state="unchanged", path=name)
            return
        content = _read(path)
    except (OSError, ValueError) as error:
        line = (getattr(error, "strerror", None) or "it cannot be opened").lower()
        yield _refused(source, line)
    except Refused as error:
        yield _refused(source, str(error))
    else:
        yield from _add(content, path.name, shelf, source=source)


def _is_inside(path: Path, corpus: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in TEXT_SUFFIXES and path.resolve(strict=True).is_relative_to(corpus.resolve())


def _read(path: Path) -> bytes:
    """Read a file, if it is one: a pipe might never end, a device neither."""
    if path.is_dir():
        raise Refused("it is a folder; name the files in it")
    if not path.is_file():
        path.stat()
        raise Refused("it is not a regular file")
    if (size := path.stat().st_size) > LARGEST_CONTENT:
        raise Refused(describe_too_large(size))
    with path.open("rb") as file:
        return file.read(LARGEST_CONTENT + 1)


def _add(
    content: bytes, name: str, shelf: Shelf, *, source: str, content_type: str | None = None
) -> Iterator[Result]:
    copied = _copy(content, name, shelf, source) if name.lower().endswith(TEXT_SUFFIXES) else None
    if copied:
        yield copied
    else:
        yield from _results(
            source, lambda: extract(content, name=name, content_type=content_type), shelf
        )


def _copy(content: bytes, name: str, shelf: Shelf, source: str) -> Result | None:
    """Copy a text as it stands; None for a page that was saved under such a name."""
    try:
        kind = find_kind(content, name=name)
        return _result(source, shelf.copy(content, name))
    except ArticleError as error:
        return _refused(source, error.reason) if kind == "text" else None
    except Refused as error:
        return _refused(source, str(error))


def _results(source: str, find: Callable[[], Extracted], shelf: Shelf) -> Iterator[Result]:
    try:
        found = find()
    except Refused as error:
        yield _refused(source, str(error))
        return
    yield from _save_all(source, found.drafts, shelf)
    yield from (_refused(source, line) for line in found.refused)


def _refused(source: str, line: str) -> Result:
    return Result(source=source, state="refused", line=line)


def _save_all(source: str, drafts: Sequence[Draft], shelf: Shelf) -> Iterator[Result]:
    """Save what came from one source, as far as the folder can be written."""
    first: dict[str, Draft] = {}
    for draft in _stamped(drafts):
        lead = f"{draft.title}: " if draft.title else ""
        is_page = draft.url and normalise_address(draft.url)
        if is_page and not _are_one(first.setdefault(address_key(is_page), draft), draft):
            yield _refused(source, f"{lead}another article here has its address: {draft.url}")
            continue
        try:
            yield _result(source, shelf.save(draft))
        except Unwritable as error:
            yield _refused(source, str(error))
            return
        except Refused as error:
            yield _refused(source, lead + str(error))


def _stamped(drafts: Sequence[Draft]) -> Iterator[Draft]:
    now = datetime.now(UTC)
    return (replace(draft, retrieved=draft.retrieved or now) for draft in drafts)


def _are_one(one: Draft, other: Draft) -> bool:
    """Whether two are versions of one article, and not two that only share an address."""
    if one is other:
        return True
    first, second = read_sentences(one), read_sentences(other)
    return max(first.told_by(second), second.told_by(first)) >= TOLD_ALREADY


def _result(source: str, saved: Saved) -> Result:
    return Result(source=source, state=saved.state, path=saved.path)
