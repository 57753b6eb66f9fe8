"""Standard output as a place to show answers: a terminal, or plain text for everything else."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from bot.render import IN_SHORT, describe_kept, describe_sentence, render_plain
from bot.streams import emit, make_console, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from rich.console import Console

    from index.types import Answer, Prose, WrittenSentence


class Screen:
    """Shows answers one after the other, with an empty line between them."""

    def __init__(self) -> None:
        self._console = make_console()
        self._is_first = True

    @property
    def console(self) -> Console:
        """What writes to the terminal."""
        return self._console

    @property
    def is_terminal(self) -> bool:
        """Whether somebody is looking."""
        return self._console.is_terminal

    def show(self, answer: Answer) -> None:
        """Show an answer: its quotes, sides and sources."""
        separator = "" if self._is_first else "\n"
        self._is_first = False
        if not self.is_terminal:
            emit(separator + render_plain(answer), flush=True)
            return
        from bot.terminal import render_answer

        self._console.print(separator, render_answer(answer), sep="", end="")

    def show_prose(self, proses: Iterable[Prose]) -> None:
        """Show prose below its answer, each sentence as soon as it is there, and what came of it.

        The quotes are read meanwhile: they do not move for it.
        """
        last, shown = None, 0
        with self._waiting():
            for prose in proses:
                last = prose
                for sentence in prose.sentences[shown:]:
                    self._show_sentence(sentence, is_first=not shown)
                    shown += 1
        if last is None:
            return
        if last.note:
            say(f"no prose: {last.note}")
        elif kept := describe_kept(last):
            self._line(f"  ({kept})")

    def _waiting(self) -> AbstractContextManager[object]:
        """Show that more is to come, where that leaves no trace."""
        if self._console.color_system is None or not self.is_terminal:
            return nullcontext()
        return self._console.status("Writing …", spinner="line")

    def _show_sentence(self, sentence: WrittenSentence, *, is_first: bool) -> None:
        if is_first:
            self._line(f"\n{IN_SHORT}")
        if not self.is_terminal:
            self._line(f"  {describe_sentence(sentence)}")
            return
        from bot.terminal import render_sentence

        self._console.print(render_sentence(sentence))

    def _line(self, line: str) -> None:
        if self.is_terminal:
            self._console.print(line, style="dim")
        else:
            emit(f"{line}\n", flush=True)
