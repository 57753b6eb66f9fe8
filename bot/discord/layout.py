"""An answer → the message that people see in Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ui import Item, LayoutView

from bot.discord import buttons
from bot.discord.blocks import label_quotes
from bot.discord.fit import LONGEST_REMARK, fit_answer, quotes_of
from bot.discord.markdown import short
from bot.discord.view import make_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.types import Answer

ANSWERED = discord.Colour.green()
SILENT = discord.Colour.light_grey()

MOST_PLACES = 100
"""A button's id holds two digits for the place of its quote."""


def answer_view(  # noqa: PLR0913 - each says one thing about the message
    answer: Answer,
    *,
    answer_id: str,
    private: bool,
    in_thread: bool = False,
    may_delete: bool = True,
    with_question: bool = True,
    note: str = "",
) -> LayoutView:
    """Lay out ``answer`` with its buttons; ``note`` is one more line at its end.

    A reply needs no question for its heading, as it stands under it. A source's button counts
    places in :func:`bot.discord.fit.quotes_of`. A private answer can be shared, but not deleted or
    followed up, as nobody else sees it.
    """
    draft = fit_answer(answer)
    first = (draft.question if with_question else "", draft.understood, draft.prose)
    remark = f"-# {short(note, LONGEST_REMARK - 3)}" if note else ""
    row = [
        *([] if draft.is_whole else [buttons.MoreButton(answer_id)]),
        *([] if in_thread or private else [buttons.FollowUpButton(answer_id)]),
        *([buttons.ShareButton(answer_id)] if private else []),
        buttons.VoteButton(answer_id, "up"),
        buttons.VoteButton(answer_id, "down"),
        *([buttons.DeleteButton(answer_id)] if may_delete and not private else []),
    ]
    return make_view(
        [
            ["\n".join(filter(None, first)), *draft.head, *draft.quotes],
            draft.differences,
            [*draft.foot, remark],
        ],
        colour=colour_of(answer),
        buttons=(source_buttons(answer, draft.places, answer_id), row),
    )


def colour_of(answer: Answer) -> discord.Colour:
    """Tell by a colour at first glance whether the articles answer."""
    return ANSWERED if answer.grounded else SILENT


def source_buttons(answer: Answer, places: Iterable[int], answer_id: str) -> list[Item[Any]]:
    """A button for each of the quotes at ``places`` that shows it in its surroundings."""
    labels = label_quotes(quotes_of(answer))
    return [
        buttons.SourceButton(answer_id, place, labels[place])
        for place in places
        if place < MOST_PLACES
    ]
