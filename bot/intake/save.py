"""Drafts → files of the corpus: written whole or not at all, and never over another article."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bot.intake.days import latest_day
from bot.intake.draft import Draft, Refused
from bot.intake.settle import settle, write_draft
from index.lineage.address import normalise_address
from index.pages.frontmatter import LARGEST, read_front_matter
from index.read import find_articles, read_article

State = Literal["added", "changed", "unchanged"]

# In characters, and in bytes: file systems allow 255.
LONGEST_SLUG, LONGEST_NAME = 60, 200
MOST_COPIES = 1_000

# What is being saved has a hidden name that ends so, and no longer than so many seconds.
SAVING, LONGEST_SAVING = ".saving", 3_600.0

# Front matter, in bytes: four for each character at most.
_HEAD = 4 * LARGEST

_RETRIEVED = re.compile(r"^retrieved:.*\n", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A file of the corpus, by its path in it, and what was done to it."""

    path: str
    state: State


class Unwritable(Refused):
    """Nothing can be saved, so nothing else need be tried; it names no folder."""

    def __init__(self, error: OSError) -> None:
        reason = (error.strerror or "an error").lower()
        super().__init__(f"nothing can be saved into the folder of articles: {reason}")


class Shelf:
    """The corpus as a place to save to; it remembers whose address is whose file.

    One is made for each round of saving: what others save meanwhile it does not know, and it
    never writes over a file that it did not find or make itself.

    Args:
        corpus: the folder of articles; it is made if it is missing.
        today: later days are not believed; by default the current day.
    """

    def __init__(self, corpus: Path, *, today: date | None = None) -> None:
        self._corpus = corpus
        self._today = today or latest_day()
        self._known: dict[str, Path] | None = None
        self._is_open = False

    def find(self, url: str) -> str | None:
        """The path in the corpus of the article of this address, if there is one."""
        path = self._addresses().get(address_key(url))
        return path.relative_to(self._corpus).as_posix() if path else None

    def save(self, draft: Draft) -> Saved:
        """Save ``draft``: in the place of the file of its address, else in a new one.

        Raises:
            Refused: there is no article in it, or its address is that of a file made by hand.
            Unwritable: the folder cannot be written.
        """
        draft = settle(draft, today=self._today)
        try:
            self._open()
            before = self._before(draft)
            saved = self._replace(before, draft) if before else self._create(draft)
        except OSError as error:
            raise Unwritable(error) from None
        if draft.url:
            self._addresses()[address_key(draft.url)] = self._corpus / saved.path
        return saved

    def copy(self, content: bytes, name: str) -> Saved:
        """Save a text file as it stands, under its own name or, if that is taken, one like it.

        Raises:
            ArticleError: there is no article in it.
            Unwritable: the folder cannot be written.
        """
        suffix = ".md" if name.lower().endswith(".md") else ".txt"
        stem = make_slug(name.rpartition(".")[0] if "." in name else name)
        read_article(self._corpus / name, corpus=self._corpus, data=content, today=self._today)
        try:
            self._open()
            return self._place(stem, suffix, content)
        except OSError as error:
            raise Unwritable(error) from None

    def _open(self) -> None:
        """Make the folder, and tidy away what a process that was killed has left in it."""
        if self._is_open:
            return
        self._corpus.mkdir(parents=True, exist_ok=True)
        for path in self._corpus.glob(f".*{SAVING}"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > LONGEST_SAVING:
                    path.unlink()
        self._is_open = True

    def _addresses(self) -> dict[str, Path]:
        if self._known is None:
            found = find_articles(self._corpus)[0] if self._corpus.is_dir() else ()
            pairs = ((_stated_url(path), path) for path in found)
            self._known = {address_key(url): path for url, path in pairs if url}
        return self._known

    def _before(self, draft: Draft) -> Path | None:
        """The file of the draft's address; a site's own address is no article's."""
        is_page = draft.url is not None and normalise_address(draft.url) is not None
        return self._addresses().get(address_key(draft.url or "")) if is_page else None

    def _create(self, draft: Draft) -> Saved:
        day = f"{draft.published.isoformat()}-" if draft.published else ""
        return self._place(
            day + make_slug(draft.title or "article"), ".md", write_draft(draft).encode()
        )

    def _place(self, stem: str, suffix: str, content: bytes) -> Saved:
        """Write a new file; where one of that name says the same, it is the same article."""
        for number in range(1, MOST_COPIES):
            path = self._corpus / f"{stem}{f'-{number}' if number > 1 else ''}{suffix}"
            if _write_new(path, content):
                return Saved(path=path.name, state="added")
            if not path.is_symlink() and _is_same(path, content):
                return Saved(path=path.name, state="unchanged")
        raise Refused(f"the corpus has {MOST_COPIES:,} files of its name already")

    def _replace(self, path: Path, draft: Draft) -> Saved:
        name = path.relative_to(self._corpus).as_posix()
        if path.is_symlink() or not _is_ours(path):
            raise Refused(f"the corpus has the article of this address already, by hand: {name}")
        content = write_draft(replace(draft, published=draft.published or _day_of(path))).encode()
        if _is_same(path, content):
            return Saved(path=name, state="unchanged")
        with _written(path.parent, content) as temporary:
            temporary.replace(path)
        return Saved(path=name, state="changed")


def save(draft: Draft, corpus: Path, *, today: date | None = None) -> Saved:
    """Save one draft; for many, a ``Shelf`` reads the corpus only once."""
    return Shelf(corpus, today=today).save(draft)


def address_key(url: str) -> str:
    """What two addresses of one article have in common, as the index sees it, without "www."."""
    spelled = normalise_address(url) or url.strip().lower()
    return re.sub(r"\Ahttps?://(?:www\.)?", "", spelled)


def make_slug(title: str) -> str:
    """Make a part of a file's name of ``title``: letters and digits of any script, and hyphens."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", title).casefold())
    slug = "-".join(words)[:LONGEST_SLUG].rstrip("-")
    while len(slug.encode()) > LONGEST_NAME - 40:
        slug = slug[:-1]
    # README files are never indexed.
    return f"article-{slug}" if not slug or slug.startswith("readme") else slug


def _stated_url(path: Path) -> str | None:
    return read_front_matter(_head(path)).values.get("url")


def _head(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return ""


def _is_ours(path: Path) -> bool:
    """Tell whether the file was saved from here: only then may it be written anew."""
    head = _head(path)
    return _RETRIEVED.search(head[: read_front_matter(head).end]) is not None


def _day_of(path: Path) -> date | None:
    """The day of publication in a file: what was known once is not forgotten."""
    found = re.search(r"^published: (\d{4}-\d{2}-\d{2})$", _head(path), re.MULTILINE)
    return date.fromisoformat(found[1]) if found else None


def _is_same(path: Path, content: bytes) -> bool:
    """Tell whether the file says what ``content`` does, but for when it was retrieved."""
    try:
        before = path.read_bytes()
    except OSError:
        return False
    return before == content or _without_time(before) == _without_time(content)


def _without_time(content: bytes) -> str:
    text = content.decode("utf-8", "surrogateescape")
    end = read_front_matter(text).end
    return _RETRIEVED.sub("", text[:end], count=1) + text[end:]


def _write_new(path: Path, content: bytes) -> bool:
    """Write ``path`` unless something has that name already, a link that leads nowhere too."""
    if os.path.lexists(path):
        return False
    with _written(path.parent, content) as temporary:
        try:
            # A link, unlike a rename, does not replace what another process has just put there.
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:
            # Some file systems have no links.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            temporary.replace(path)
    return True


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    """Give a hidden file that holds ``content``, on the disk; it is gone afterwards."""
    temporary = folder / f".{secrets.token_hex(8)}{SAVING}"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
