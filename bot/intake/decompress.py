"""A body as it was sent → the body, in steps that hold little and end at a limit.

A megabyte of gzip can hold a gigabyte of zeros, so no step unpacks more than it may keep.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from bot.intake.addresses import NotFetched

ACCEPTED = "gzip, deflate"
"""What is asked for. Packed with anything else, or twice, a body is refused."""

STEP = 64 * 1024

# Files that were packed in parts have one member for some 64 kB; more are made to cost time.
MOST_MEMBERS = 1_000

GZIP = 16 + zlib.MAX_WBITS
RAW = -zlib.MAX_WBITS
MEMBER = b"\x1f"
"""The byte that every member of gzip begins with."""


def decompress(pieces: Iterable[bytes], encodings: str, limit: int) -> bytes:
    """Unpack a body.

    Args:
        pieces: the body as it comes in.
        encodings: what ``Content-Encoding`` says, "" for a body that is not packed.
        limit: bytes that the unpacked body may have.

    Raises:
        NotFetched: it is packed in a way that was not asked for, damaged, cut off or too large.
    """
    body = bytearray()
    for piece in _unpacked(pieces, encodings):
        body += piece
        if len(body) > limit:
            raise NotFetched(f"it is larger than {limit / 1e6:g} MB when unpacked")
    return bytes(body)


def _unpacked(pieces: Iterable[bytes], encodings: str) -> Iterator[bytes]:
    names = [name for part in encodings.lower().split(",") if (name := part.strip())]
    names = [name for name in names if name != "identity"]
    if not names:
        return iter(pieces)
    if len(names) > 1:
        raise NotFetched("it is packed more than once")
    if names[0] in {"gzip", "x-gzip"}:
        return _inflate(pieces, GZIP)
    if names[0] == "deflate":
        return _inflate(*_with_form(iter(pieces)))
    raise NotFetched("it is packed in a way that was not asked for")


def _with_form(pieces: Iterator[bytes]) -> tuple[Iterable[bytes], int]:
    """Tell the two forms of "deflate" apart, as both are sent: zlib's header has a check sum."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) > 1:
            break
    number = int.from_bytes(head[:2], "big")
    has_header = number >> 8 & 15 == zlib.DEFLATED and number % 31 == 0
    return _after(head, pieces), zlib.MAX_WBITS if has_header else RAW


def _after(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def _inflate(pieces: Iterable[bytes], form: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(form)
    members = 1
    for piece in pieces:
        data = piece
        while data:
            if inflater.eof:
                # A file that was packed in parts goes on with another; other rest is padding.
                if form != GZIP or not data.startswith(MEMBER):
                    break
                members += 1
                inflater = zlib.decompressobj(form)
            if members > MOST_MEMBERS:
                raise NotFetched("it is packed in too many parts")
            yield from _steps(inflater, data)
            data = inflater.unused_data
    if not inflater.eof:
        raise NotFetched("it was cut off: the end of what is packed is missing")


def _steps(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    try:
        while True:
            unpacked = inflater.decompress(data, STEP)
            yield unpacked
            data = inflater.unconsumed_tail
            # A full step may have left something behind although all of the input is used up.
            if not data and len(unpacked) < STEP:
                return
    except zlib.error as error:
        raise NotFetched("what is packed in it is damaged") from error
