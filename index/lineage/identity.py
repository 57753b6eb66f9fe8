"""Which article a file is: the same path or the same address is the same article.

An article's id follows from the path at which it was first seen, and stays when it moves: to a
path where its address or its very content is found when its own file is gone. What contradicts
itself, two files with one address or a file that takes up another address, is decided at the end,
when all that there is has been seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.lineage.address import address_of
from index.types import article_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from index.types import Article


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRead:
    """An article that was read and is to be embedded, with the hash of its file."""

    article: Article
    file_hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveFile:
    """What the catalog knows of a live article."""

    id: str
    path: str
    file_hash: bytes
    version: str
    address: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A file that is not indexed, as it is another copy of an article."""

    path: str
    article_id: str
    of: str
    file_hash: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What was decided at the end."""

    articles: tuple[FileRead, ...]
    copies: tuple[Copy, ...]


class Identities:
    """Decides file by file which article each is.

    Args:
        live: the articles of the catalog.
        gone: the paths of those whose file is no longer there.
        modified: tells when the file at a path was last written.
        find_earlier: for a path and an address, the ids of articles that had either and are not
            live, the latest first.
        is_known: whether any article, live or not, has this id.
    """

    def __init__(
        self,
        live: Iterable[LiveFile],
        gone: Iterable[str],
        *,
        modified: Callable[[str], int],
        find_earlier: Callable[[str, str | None], Sequence[str]],
        is_known: Callable[[str], bool],
    ) -> None:
        files = list(live)
        # In a first build nothing has an id yet that a file further on might bring along.
        self._is_update = bool(files)
        self._gone = set(gone)
        self._modified = modified
        self._find_earlier = find_earlier
        self._is_known = is_known
        self._paths = {file.id: file.path for file in files}
        self._ids = {file.path: file.id for file in files}
        self._addresses = {file.id: file.address for file in files if file.address}
        self._holders = {address: name for name, address in self._addresses.items()}
        self._moved = {file.file_hash: file.id for file in files if file.path in self._gone}
        self._hashes = {file.path: file.file_hash for file in files}
        self._given: set[str] = set()
        self._open: dict[str, tuple[FileRead, str]] = {}
        self._deferred: set[str] = set()

    def settle(self, read: FileRead) -> FileRead | None:
        """The same with its article's id; None where that is decided at the end."""
        path, address = read.article.path, address_of(read.article)
        own = self._ids.get(path)
        holder = self._holders.get(address) if address else None
        if address and holder and holder != own:
            if self._paths[holder] in self._gone:
                return self._give(read, holder, address)
            self._open[path] = read, address
            return None
        takes_up_another = own and self._addresses.get(own, address) != address
        may_be_claimed = own is None and holder is None and self._is_update
        if address and (takes_up_another or may_be_claimed):
            self._open[path] = read, address
            return None
        return self._give(read, own or self._find(read, address), address)

    def decide(self) -> Settled:
        """Settle what was left open: of files with one address the newest is the article."""
        claims: dict[str, list[FileRead]] = {}
        for read, address in self._open.values():
            claims.setdefault(address, []).append(read)
        self._deferred = set(self._open)
        losers = [lost for each in sorted(claims.items()) for lost in self._contest(*each)]
        won = tuple(self._win(read, address) for read, address in self._open.values())
        return Settled(articles=won, copies=tuple(self._copy(*lost) for lost in losers))

    def _copy(self, path: str, address: str, file_hash: bytes) -> Copy:
        name = self._holders[address]
        return Copy(path=path, article_id=name, of=self._paths[name], file_hash=file_hash)

    def list_gone(self, before: Iterable[LiveFile], copies: Iterable[Copy]) -> list[LiveFile]:
        """The articles that were live before and are no more, nor have moved."""
        lost = self._gone | {copy.path for copy in copies}
        return [
            file
            for file in before
            if file.id not in self._given and (file.path in lost or self.is_taken(file))
        ]

    def is_taken(self, file: LiveFile) -> bool:
        """Whether another article is at this path now."""
        return self._ids.get(file.path, file.id) != file.id

    def _contest(
        self, address: str, claimants: Sequence[FileRead]
    ) -> Iterator[tuple[str, str, bytes]]:
        """Decide between the files that state one address: path, address, hash of each loser."""
        holder = self._holders.get(address)
        keeper = self._paths[holder] if holder else ""
        hashes = {read.article.path: read.file_hash for read in claimants}
        if keeper and keeper not in self._deferred and keeper not in self._gone:
            hashes[keeper] = self._hashes[keeper]
        winner = max(sorted(hashes), key=lambda path: (self._modified(path), path == keeper))
        for path in sorted(hashes.keys() - {winner}):
            self._open.pop(path, None)
            yield path, address, hashes[path]
        if holder is None:
            owns = [self._ids[path] for path in (winner, *sorted(hashes)) if path in self._ids]
            holder = next((name for name in owns if name not in self._given), None)
        if holder and winner != keeper:
            self._holders[address] = holder
            self._given.add(holder)

    def _win(self, read: FileRead, address: str) -> FileRead:
        name = self._holders.get(address) or self._find(read, address)
        return self._give(read, name, address)

    def _find(self, read: FileRead, address: str | None) -> str:
        """The article that has moved here or comes back, else a new one."""
        path = read.article.path
        moved = self._moved.get(read.file_hash)
        if moved and moved not in self._given:
            return moved
        for name in self._find_earlier(path, address):
            if name not in self._given:
                return name
        return self._make_id(path)

    def _make_id(self, path: str) -> str:
        """An id that follows from the path, and is no other article's that was there before."""
        name, number = article_id(path), 1
        while name in self._given or name in self._paths or self._is_known(name):
            number += 1
            name = article_id(f"{path}\n{number}")
        return name

    def _give(self, read: FileRead, name: str, address: str | None) -> FileRead:
        path = read.article.path
        before = self._addresses.pop(name, None)
        if before and self._holders.get(before) == name:
            del self._holders[before]
        if address:
            self._addresses[name] = address
            self._holders[address] = name
        self._paths[name] = path
        self._ids[path] = name
        self._hashes[path] = read.file_hash
        self._given.add(name)
        return replace(read, article=replace(read.article, identity=name))
