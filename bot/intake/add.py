"""Files and addresses → articles in the corpus, with a result for each thing that was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.intake.draft import LARGEST_CONTENT, Draft, Extracted, Refused
from bot.intake.extract import extract, find_kind
from bot.intake.fetch import Fetched, FetchError, fetch
from bot.intake.save import Saved, Shelf
from index.errors import ArticleError

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
    shelf = Shelf(corpus)
    return [result for path in paths for result in _add_file(path, shelf, corpus)]


def add_content(
    content: bytes, name: str, corpus: Path, *, content_type: str | None = None
) -> list[Result]:
    """Add what is not a file yet, such as an attachment, under the name that it came with."""
    return _add(content, name, Shelf(corpus), source=name, content_type=content_type)


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
        return [Result(source=address, state="refused", line=error.reason)]
    return _results(
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


def _add_file(path: Path, shelf: Shelf, corpus: Path) -> list[Result]:
    source = str(path)
    try:
        if _is_inside(path, corpus):
            name = path.resolve().relative_to(corpus.resolve()).as_posix()
            return [Result(source=source, state="unchanged", path=name)]
        content = _read(path)
    except (OSError, ValueError) as error:
        line = (getattr(error, "strerror", None) or "it cannot be opened").lower()
        return [Result(source=source, state="refused", line=line)]
    except Refused as error:
        return [Result(source=source, state="refused", line=str(error))]
    return _add(content, path.name, shelf, source=source)


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
    with path.open("rb") as file:
        return file.read(LARGEST_CONTENT + 1)


def _add(
    content: bytes, name: str, shelf: Shelf, *, source: str, content_type: str | None = None
) -> list[Result]:
    if name.lower().endswith(TEXT_SUFFIXES):
        try:
            find_kind(content, name=name)
            return [_result(source, shelf.copy(content, name))]
        except ArticleError as error:
            return [Result(source=source, state="refused", line=error.reason)]
        except Refused as error:
            return [Result(source=source, state="refused", line=str(error))]
    return _results(source, lambda: extract(content, name=name, content_type=content_type), shelf)


def _results(source: str, find: Callable[[], Extracted], shelf: Shelf) -> list[Result]:
    try:
        found = find()
    except Refused as error:
        return [Result(source=source, state="refused", line=str(error))]
    return [
        *(_save(source, draft, shelf) for draft in _stamped(found.drafts)),
        *(Result(source=source, state="refused", line=line) for line in found.refused),
    ]


def _stamped(drafts: Sequence[Draft]) -> Iterator[Draft]:
    now = datetime.now(UTC)
    return (replace(draft, retrieved=draft.retrieved or now) for draft in drafts)


def _save(source: str, draft: Draft, shelf: Shelf) -> Result:
    try:
        return _result(source, shelf.save(draft))
    except Refused as error:
        line = f"{draft.title}: {error}" if draft.title else str(error)
        return Result(source=source, state="refused", line=line)


def _result(source: str, saved: Saved) -> Result:
    return Result(source=source, state=saved.state, path=saved.path)
