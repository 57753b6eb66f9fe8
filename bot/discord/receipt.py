"""An answer of the bot's, checked anew against the articles as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.blocks import quote_line
from bot.discord.checked import fit_texts
from bot.discord.corrections import describe_quote, name_quotes
from bot.discord.fit import MOST_OF_A_QUOTE
from bot.discord.markdown import escape, short, units
from bot.discord.view import MOST_TEXT, make_view

if TYPE_CHECKING:
    from discord.ui import LayoutView

    from index.receipts import CheckedQuote, Receipt

HEAD = "### My answer, checked against the articles as they are now"
STANDS = "✅ **{label}** The article still says so."
QUOTED_NOTHING = "It quoted nothing."
FOOT = "-# Answer `{answer}`: in a terminal, `pullquote receipts {answer}` tells the same."
LONGEST_QUESTION = 250


def receipt_view(receipt: Receipt, answer_id: str) -> LayoutView:
    """Show what has become of each quote, and the quote itself while there is room."""
    answer = receipt.answer
    head = f"{HEAD}\n-# {short(answer.question, LONGEST_QUESTION)}"
    foot = FOOT.format(answer=answer_id)
    lines = {quote.text: quote_line(quote) for quote in answer.quotes}
    texts = [
        _describe(name, quote, lines.get(quote.text, ""))
        for name, quote in name_quotes(answer, receipt)
    ]
    fitting = fit_texts(texts, MOST_TEXT - units(head) - units(foot))
    colour = discord.Colour.green() if receipt.stands else discord.Colour.gold()
    return make_view([[head], fitting or [QUOTED_NOTHING], [foot]], colour=colour)


def _describe(name: str, quote: CheckedQuote, line: str) -> tuple[str, str]:
    """What to say of a quote: in short, and whole."""
    label = escape(" in ".join(f"[{part}]" for part in name.split(" in ")))
    if quote.verdict == "stands":
        whole = brief = STANDS.format(label=label)
    else:
        whole, brief = describe_quote(quote, label)
    shown = line if 0 < units(line) <= MOST_OF_A_QUOTE else ""
    return brief, "\n".join(filter(None, (shown, whole)))
