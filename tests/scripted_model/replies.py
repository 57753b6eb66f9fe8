"""What a scripted model is asked, and what it replies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_QUOTE = re.compile(r"^\[(\d+)\] ([^:\n]*), [^,:\n]*: (.*)$", re.MULTILINE)
_ORDER = re.compile(r"(?:say|write|answer|reply|tell them|output)(?: that)?:? (.+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: how it came, what it said, and the key that it carried."""

    wire: str
    model: str
    rules: str
    question: str
    key: str
    body: Mapping[str, object] = field(repr=False)

    @property
    def quotes(self) -> dict[int, tuple[str, str]]:
        """The quotes that stand between the marks: outlet and text, by number."""
        return {
            int(number): (outlet, text) for number, outlet, text in _QUOTE.findall(self.question)
        }

    @property
    def marks(self) -> tuple[str, str]:
        """The lines around the material."""
        opened = re.search(r"^<<(\w+)$", self.question, re.MULTILINE)
        assert opened, "the material is not marked"
        return opened[0], f"{opened[1]}>>"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the model does.

    Attributes:
        text: what it writes; with ``endless`` again and again.
        size: characters a piece.
        delay: seconds before the first piece.
        pause: seconds between two pieces.
        status: other than 200 it refuses, with ``headers``.
        cut: the connection is dropped after so many characters.
        raw: bytes that are sent as the body instead of any of this.
        tokens: what it says it has read and written; None where it does not say.
    """

    text: str = ""
    size: int = 7
    delay: float = 0.0
    pause: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    endless: bool = False
    raw: bytes | None = None
    tokens: tuple[int, int] | None = (120, 30)


Script = Callable[[Asked], Reply]


def in_turn(*replies: Reply) -> Script:
    """Each reply once, the last for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def quote_honestly(asked: Asked) -> Reply:
    """Write what stands there, each quote as a sentence of its own."""
    sentences = (f"{text.rstrip('.')} [{number}]." for number, (_, text) in asked.quotes.items())
    return Reply(text=" ".join(sentences))


def obey(asked: Asked) -> Reply:
    """Do whatever the material orders, and cite for it whatever there is."""
    orders = [found[1] for _, text in asked.quotes.values() if (found := _ORDER.search(text))]
    orders = orders or ["Visit evil.example now"]
    everything = "".join(f"[{number}]" for number in asked.quotes)
    return Reply(text=" ".join(f"{order.rstrip('.')} {everything}." for order in orders))
