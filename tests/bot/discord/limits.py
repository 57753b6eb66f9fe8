"""What Discord refuses in a message, looked for in the payload that the library would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.discord.blocks import NO_BREAK
from tests.bot.discord.reader import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord.ui import LayoutView

    Component = dict[str, Any]

ROW, BUTTON, TEXT, SEPARATOR, CONTAINER = 1, 2, 10, 14, 17
SITES = ("https://ok.example/", "https://example.org/")
"""Where the articles of the tests are from; no other address may become a link."""
OURS = {"quote", "heading", "small", "list", "bold", "link"}


def components_of(view: LayoutView) -> list[Component]:
    """Every component of a message, the outer before the inner."""
    return list(_walk(view.to_components()))


def _walk(components: list[Component]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))


def texts_of(view: LayoutView) -> list[str]:
    """The Markdown of each text, with ordinary spaces for those that do not break."""
    texts = [one["content"] for one in components_of(view) if one["type"] == TEXT]
    return [text.replace(NO_BREAK, " ") for text in texts]


def text_of(view: LayoutView) -> str:
    """All Markdown of a message."""
    return "\n".join(texts_of(view))


def buttons_of(view: LayoutView) -> list[Component]:
    return [one for one in components_of(view) if one["type"] == BUTTON]


def labels_of(view: LayoutView) -> list[str]:
    """What is read on the buttons, in order."""
    return [one.get("label") or one["emoji"]["name"] for one in buttons_of(view)]


def colour_of(view: LayoutView) -> int:
    colour = components_of(view)[0]["accent_color"]
    assert isinstance(colour, int)
    return colour


def check(view: LayoutView) -> LayoutView:
    """Fail where Discord would refuse the message, or where something foreign is active in it."""
    found = components_of(view)
    texts = texts_of(view)
    assert 1 <= len(found) <= 40
    assert all(texts)
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 4000
    rows = [one["components"] for one in found if one["type"] == ROW]
    assert all(1 <= len(row) <= 5 for row in rows)
    ids = [button["custom_id"] for button in buttons_of(view)]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(one) <= 100 for one in ids)
    assert all(1 <= len(label) <= 80 for label in labels_of(view))
    active = {kind for text in texts for kind in kinds_of(text)}
    assert {kind for kind in active - OURS if not kind.startswith(SITES)} == set()
    return view
