"""Texts and buttons → one message of Discord's Components V2.

What a message holds: 4,000 characters of text and 40 components; rows hold 5 buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ui import ActionRow, Container, Item, LayoutView, Separator, TextDisplay

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TEXT = 3900
"""UTF-16 units of all text together; Discord takes 4,000, and the rest is in reserve."""

BUTTONS_IN_A_ROW = 5


def make_view(
    sections: Sequence[Sequence[str]],
    *,
    colour: discord.Colour | None = None,
    buttons: Sequence[Sequence[Item[Any]]] = (),
) -> LayoutView:
    """Show Markdown texts in a box, a line between sections, and rows of buttons below the box.

    A row of more than five goes on in the next one. Empty texts and sections are left out. The
    view never times out: its buttons carry all that they need.
    """
    box: Container[LayoutView] = Container(accent_colour=colour)
    for texts in filter(any, sections):
        if box.children:
            box.add_item(Separator())
        for text in filter(None, texts):
            box.add_item(TextDisplay(text))
    view = LayoutView(timeout=None)
    view.add_item(box)
    for row in buttons:
        for start in range(0, len(row), BUTTONS_IN_A_ROW):
            view.add_item(ActionRow(*row[start : start + BUTTONS_IN_A_ROW]))
    return view
