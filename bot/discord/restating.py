"""A question that leans on others, or is in another language → a whole one, by the language model.

Somebody waits for it: it may take a few seconds, and what it does not give the rules must do.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from index.errors import IndexUnusable
from index.writing.prompt import CHARACTERS_A_TOKEN
from index.writing.restate import needs_restating, restate_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.allowance import Allowance
    from index.follow_up import Turn
    from index.writing.model import Writer

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 4

SECONDS_TO_RESTATE = 3.0
SECONDS_OF_DISTRUST = 60.0
"""A model that was waited for in vain is not waited for again so soon."""


class Restating:
    """Has a model put questions anew, within everybody's allowance.

    Args:
        writer: the model.
        allowance: how often it may be asked.

    Attributes:
        trusted_from: from when on it is waited for again, by ``time.monotonic``.
    """

    def __init__(self, writer: Writer, allowance: Allowance) -> None:
        self._writer = writer
        self._allowance = allowance
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self.trusted_from = 0.0

    async def restate(
        self,
        question: str,
        earlier: Sequence[Turn],
        *,
        answer: str,
        person: str,
        server: int | None,
    ) -> str | None:
        """One whole English question, counted as asked for ``answer`` by ``person``.

        None where it needs no model, or the model gives nothing in time.
        """
        is_trusted = time.monotonic() >= self.trusted_from and not self._slots.locked()
        if not (is_trusted and await asyncio.to_thread(needs_restating, question, earlier)):
            return None
        async with self._slots:
            try:
                if await asyncio.to_thread(self._allowance.take, answer, person, server):
                    return None
                return await self._restate(question, earlier, answer)
            except IndexUnusable as error:
                logger.warning("how often the model is asked cannot be counted: %s", error)
                return None

    async def _restate(self, question: str, earlier: Sequence[Turn], answer: str) -> str | None:
        started = time.monotonic()
        restated = await restate_question(
            question, earlier, self._writer, seconds=SECONDS_TO_RESTATE
        )
        seconds = time.monotonic() - started
        read = sum(map(len, (question, *(turn.understood for turn in earlier))))
        tokens = read // CHARACTERS_A_TOKEN, len(restated or "") // CHARACTERS_A_TOKEN
        logger.info(
            "restated answer=%s model=%s ms=%.0f done=%s tokens=%d+%d",
            answer,
            self._writer.name,
            1000 * seconds,
            "yes" if restated else "no",
            *tokens,
        )
        if restated:
            await asyncio.to_thread(self._allowance.note, answer, tokens)
            return restated
        await asyncio.to_thread(self._allowance.give_back, answer)
        if seconds > SECONDS_TO_RESTATE / 2:
            self.distrust()
        return None

    def distrust(self) -> None:
        """Wait for the model no more for a while: it is slow, or gives nothing."""
        self.trusted_from = time.monotonic() + SECONDS_OF_DISTRUST
