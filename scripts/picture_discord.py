"""Ask the real bot, in a Discord on this machine, and make pictures of what people then see.

The bot runs as it does elsewhere, in a process of its own, on the articles in ``corpus/`` and
against the loopback Discord of ``tests/loopback``. What it sends is drawn by
``render_discord.py``, which says what must be installed for that:

    python scripts/picture_discord.py
    python scripts/picture_discord.py --answer "Who won the election?" --corpus news --out pictures

It makes ``answer.png``, ``difference.png``, ``abstention.png`` and ``articles.png``, and with
``--json`` keeps beside them the messages that they show. The questions are about the sample
articles: with others, name your own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.render_discord import BROWSERS, PHONE, NotDrawn, draw_page, messages_to_html
from tests.loopback import FakeDiscord, Result

ROOT = Path(__file__).resolve().parent.parent
PERSON, BOT = "ada", "Pullquote"

ANSWER = "How many containers of military equipment did North Korea ship?"
DIFFERENCE = "How many North Korean troops are in Russia?"
ABSTENTION = "What did the Swiss president say about the treaty?"

SECONDS_TO_START = 300.0
SECONDS_TO_ANSWER = 60.0


class NotAnswered(Exception):
    """The bot did not do what it was asked; the text is one line that says so."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is done for one picture: a command, with its options by name."""

    picture: str
    command: str
    options: dict[str, str]


def acts_of(options: argparse.Namespace) -> list[Act]:
    """The commands to give, one a picture."""
    questions = {name: getattr(options, name) for name in ("answer", "difference", "abstention")}
    asked = [
        Act(picture=name, command="ask", options={"question": question})
        for name, question in questions.items()
    ]
    return [*asked, Act(picture="articles", command="articles", options={})]


@asynccontextmanager
async def bot_on(corpus: Path, index: Path) -> AsyncIterator[FakeDiscord]:
    """A Discord in which the bot answers from ``corpus``.

    Raises:
        NotAnswered: the bot ended; the text is what it said last.
        TimeoutError: it registered no commands.
    """
    async with FakeDiscord(timeout=SECONDS_TO_ANSWER) as discord:
        discord.bot["username"] = BOT
        command = (sys.executable, "-m", "bot", "bot", "--corpus", str(corpus))
        with discord.spawn(*command, "--index", str(index), cwd=str(index)) as process:
            ready = asyncio.create_task(discord.wait_commands("ask", timeout=SECONDS_TO_START))
            ended = asyncio.create_task(asyncio.to_thread(process.process.wait))
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                ready.cancel()
                said = process.output.strip().rpartition("\n")[2]
                raise NotAnswered(said or "the bot ended without a word")
            await ready
            await discord.wait_ready()
            yield discord


async def look(corpus: Path, acts: list[Act]) -> dict[str, list[dict[str, Any]]]:
    """Do all of ``acts``; for each picture the messages that it shows."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with bot_on(corpus, Path(folder)) as discord:
            person = discord.add_user(PERSON)
            seen = {}
            for act in acts:
                result = await discord.slash(act.command, as_=person, options=act.options)
                seen[act.picture] = describe(act, result)
            return seen


def describe(act: Act, result: Result) -> list[dict[str, Any]]:
    """What a person sees after ``act``, as ``render_discord.py`` takes it."""
    if result.error or result.thinking or not result.messages:
        raise NotAnswered(f"/{act.command}: {result.error or 'no answer'}")
    return [
        {
            "author": message.author_name,
            "is_app": True,
            "command": {"user": PERSON, "name": act.command},
            "ephemeral": message.ephemeral,
            "content": message.content,
            "components": message.components,
        }
        for message in result.messages
    ]


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--answer", default=ANSWER, help="a question that is answered")
    parser.add_argument("--difference", default=DIFFERENCE, help="one on which articles differ")
    parser.add_argument("--abstention", default=ABSTENTION, help="one that no article answers")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="the articles")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="a folder")
    parser.add_argument("--json", action="store_true", help="keep the messages beside the pictures")
    parser.add_argument("--width", type=int, default=PHONE, help="pixels of the page (%(default)s)")
    parser.add_argument("--browser", default=next(filter(shutil.which, BROWSERS), None))
    options = parser.parse_args()
    if options.browser is None:
        parser.error(f"no browser found ({', '.join(BROWSERS)}); install one or name it: --browser")
    try:
        seen = asyncio.run(look(options.corpus.resolve(), acts_of(options)))
        for name, messages in seen.items():
            picture = options.out / f"{name}.png"
            page = messages_to_html(messages, options.width)
            draw_page(page, picture, width=options.width, browser=options.browser)
            if options.json:
                text = json.dumps(messages, ensure_ascii=False, indent=2)
                picture.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
            print(picture)
    except (NotAnswered, NotDrawn, TimeoutError, OSError) as error:
        sys.exit(f"picture_discord: {error}")


if __name__ == "__main__":
    main()
