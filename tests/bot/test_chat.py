"""A conversation at the command line: with and without a terminal, with and without a model."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.test_prose_in_terminal import QUESTION, Place
from tests.bot.test_prose_in_terminal import place as place  # noqa: PLC0414 - a fixture
from tests.scripted_model import Reply, ScriptedModel, quote_honestly


def said(place: Place, *lines: str, **environment: str) -> tuple[str, str]:
    """What is written for these lines to standard output and standard error."""
    status, out, error = place.run(
        "chat", given="".join(f"{one}\n" for one in lines), **environment
    )
    assert status == 0
    return out, error


def test_without_a_terminal_each_line_is_a_question(place: Place) -> None:
    out, error = said(place, QUESTION, "", "Who owned the paper mill of Tarsk?")
    assert error == ""
    assert out.index("The river Orle flooded") < out.index("Ada Miller")
    assert (
        out == place.run("ask", "-", given=f"{QUESTION}\nWho owned the paper mill of Tarsk?\n")[1]
    )


def test_a_follow_up_leans_on_the_question_before_it(place: Place) -> None:
    out, _ = said(place, "Who is Ines Kolbe?", "What did she tell reporters?")
    understood = re.findall(r"^Understood as: (.*)$", out, re.MULTILINE)
    assert understood == ["What did Ines Kolbe tell reporters?"]
    assert out.count("At least 12 people died in the flood") == 2


def test_a_new_conversation_forgets_the_questions_so_far(place: Place) -> None:
    out, _ = said(
        place, "What did Ada Miller say about the mill?", "/new", "When did it burn down?"
    )
    assert "A new conversation." in out
    assert "Understood as" not in out


def test_sources_tell_where_the_last_quotes_stand_and_how_to_see_them(place: Place) -> None:
    out, _ = said(place, "/sources", QUESTION, "/sources")
    assert out.startswith("Nothing has been quoted yet.\n")
    command = re.findall(r"^    pullquote (show \S+ --quote \d+:\d+)$", out, re.MULTILINE)[0]
    assert "The river Orle flooded" in place.run(*command.split())[1]


def test_help_lists_the_commands_and_others_are_a_line_on_standard_error(place: Place) -> None:
    out, error = said(place, "/help", "/sing loudly")
    assert all(f"\n{one}" in f"\n{out}" for one in ("/sources", "/new", "/help", "/quit"))
    assert error == "pullquote: there is no /sing; /help tells what there is\n"


def test_quitting_leaves_the_lines_after_it_unread(place: Place) -> None:
    assert said(place, "/quit", QUESTION) == ("", "")


def test_a_line_that_cannot_be_asked_does_not_end_the_conversation(place: Place) -> None:
    out, error = said(place, "troops " * 1500, QUESTION)
    assert "pullquote: " in error
    assert "Velden" in out


def test_a_model_writes_below_each_answer_and_is_told_of_the_questions_before(place: Place) -> None:
    with ScriptedModel() as model:
        out, error = said(place, QUESTION, "How many people died?", **model.environment("ollama"))
    assert error == ""
    assert out.count("In short:") == 2
    assert f"Asked before: {QUESTION}" in model.asked[-1].question


# At a terminal


class Terminal:
    """A person at a terminal."""

    def __init__(self, place: Place, **environment: str) -> None:
        self.master, slave = pty.openpty()
        self.poll = select.poll()
        self.poll.register(self.master, select.POLLIN)
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat"],
            cwd=place.folder,
            env=place.environment(TERM="xterm", COLUMNS="100", **environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def wait_for(self, pattern: str) -> None:
        """Read on until ``pattern`` stands in what was written since the last time."""
        end = time.monotonic() + 30
        while not re.search(pattern, self.seen):
            assert time.monotonic() < end, f"{pattern!r} is not in {self.seen!r}"
            # select() knows no file beyond the 1,024th, which a long run of tests may have open.
            ready = self.poll.poll(200)
            if ready:
                with contextlib.suppress(OSError):
                    self.seen += os.read(self.master, 65536).decode(errors="replace")
        self.seen = self.seen[re.search(pattern, self.seen).end() :]  # type: ignore[union-attr]

    def leave(self) -> int:
        """Press Ctrl-D: the exit status."""
        self.type("\x04")
        return self.process.wait(20)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@contextlib.contextmanager
def terminal(place: Place, **environment: str) -> Iterator[Terminal]:
    at = Terminal(place, **environment)
    try:
        yield at
    finally:
        at.close()


def test_at_a_terminal_one_is_asked_for_questions_and_ctrl_d_leaves(place: Place) -> None:
    with terminal(place) as at:
        at.wait_for(r"/help tells what else there is")
        at.wait_for("> ")
        at.type(f"{QUESTION}\n")
        at.wait_for("The river Orle flooded")
        at.wait_for("> ")
        assert at.leave() == 0


def test_ctrl_c_drops_the_line_and_the_next_is_asked(place: Place) -> None:
    with terminal(place) as at:
        at.wait_for("> ")
        at.type("Which ci")
        at.wait_for("Which ci")
        # Readline must be waiting again: nobody is quicker than that.
        time.sleep(0.3)
        at.interrupt()
        at.wait_for("> ")
        at.type(f"{QUESTION}\n")
        at.wait_for("The river Orle flooded")
        at.wait_for("> ")
        assert at.leave() == 0
    assert "Traceback" not in at.seen


def test_ctrl_c_stops_the_prose_and_not_the_conversation(place: Place) -> None:
    with ScriptedModel() as model:
        model.script = lambda asked: Reply(text=quote_honestly(asked).text, delay=20)
        with terminal(place, **model.environment("ollama", seconds=25)) as at:
            at.wait_for("> ")
            at.type(f"{QUESTION}\n")
            at.wait_for("flood.txt")
            end = time.monotonic() + 15
            while not model.asked:
                assert time.monotonic() < end
                time.sleep(0.05)
            at.interrupt()
            at.wait_for("pullquote: stopped")
            at.wait_for("> ")
            assert at.leave() == 0


def test_what_was_asked_is_at_hand_next_time_and_for_nobody_else(place: Place) -> None:
    pytest.importorskip("readline")
    with terminal(place) as at:
        at.wait_for("> ")
        at.type("Who is Ines Kolbe?\n")
        at.wait_for("Kolbe")
        at.wait_for("> ")
        at.leave()
    kept = Path(place.folder / "index" / "chat_history")
    assert "Who is Ines Kolbe?" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    with terminal(place) as at:
        at.wait_for("> ")
        at.type("\x1b[A\n")
        at.wait_for("flood.txt")
        at.wait_for("> ")
        at.leave()
    assert place.run("index", "--check")[0] == 0
