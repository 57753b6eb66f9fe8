"""A page's bytes → its text, in the encoding that it is in, not only the one it declares."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where a page declares its encoding, in bytes from its start.
_HEAD = 4_096
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE
)
# What is declared as the first is the second wherever the two differ (WHATWG's encoding standard).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# A page that declares UTF-8 and has a few broken bytes is still UTF-8.
_BROKEN_SHARE = 0.01
# So much is looked at to tell an encoding that nothing declares.
_SAMPLE = 30_000


def decode_page(content: bytes, charset: str | None = None) -> str:
    """Decode ``content``; what cannot be decoded is read as "\ufffd".

    Args:
        content: the page.
        charset: the encoding that came with it from outside, as in a header.
    """
    for encoding in _candidates(content, charset):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    patched = content.decode("utf-8", "replace")
    if patched.count("\ufffd") <= _BROKEN_SHARE * len(patched):
        return patched
    return content.decode(_detect(content) or "cp1252", "replace")


def _candidates(content: bytes, charset: str | None) -> Iterator[str]:
    """The encodings to try, most certain first."""
    yield from (encoding for mark, encoding in _MARKS if content.startswith(mark))
    # Text that is valid UTF-8 is hardly ever anything else, whatever a server says.
    if b"\x00" not in content[:_HEAD]:
        yield "utf-8"
    declared = _DECLARED.search(content[:_HEAD])
    for name in (charset, declared[1].decode("ascii") if declared else None):
        if encoding := _known(name):
            yield encoding


def _known(name: str | None) -> str | None:
    """Python's name of a text encoding; None where it has none ("hex" is no text's)."""
    try:
        codec = codecs.lookup(name or "")
        "".encode(codec.name)
    except (LookupError, ValueError):
        return None
    return _MEANT.get(codec.name, codec.name)


def _detect(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE]).best()
    return best.encoding if best else None
