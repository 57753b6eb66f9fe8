"""Article text → text that is safe to show: no control character reaches a terminal.

Article text comes from strangers. It is shown as text and never read as markup; what could move a
cursor, colour a screen or turn the reading direction is taken out before it is shown.
"""

from __future__ import annotations

import json
import re
import sys

# C0 and C1 controls, line and paragraph separators, direction overrides, lone surrogates.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# The whole of an escape sequence: without its first character the rest would litter the text.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)"
)


def clean_block(text: str) -> str:
    """Make ``text`` showable, keeping its length: each unshowable character becomes a space.

    Line feeds stay. As lengths do not change, offsets into ``text`` hold in what is returned.
    """
    blank = _SEQUENCE.sub(lambda match: " " * len(match.group()), text)
    return _UNSHOWABLE.sub(lambda match: "\n" if match.group() == "\n" else " ", blank)


def clean_line(text: str) -> str:
    """Make ``text`` showable on one line: as above, with every run of white space one space."""
    return " ".join(clean_block(text).split())


def json_line(value: object) -> str:
    """Write ``value`` as one line of JSON that is exact and still harmless on a terminal.

    Letters of every script stay readable; characters that a terminal, or a reader that splits
    lines, would act on are escaped as JSON allows.
    """
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    line = json.dumps(value, ensure_ascii=not readable)
    return _UNSHOWABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)
