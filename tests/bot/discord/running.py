"""The real bot in the loopback Discord, and people who use it there."""

from __future__ import annotations

import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bot.discord.blocks import NO_BREAK
from bot.discord.client import PullquoteBot
from bot.discord.run import open_desk
from bot.settings import BotSettings, Budgets
from index.catalog import catalog_path
from index.open import open_library
from tests.bot.discord.reader import words_in, words_of
from tests.loopback import FakeDiscord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.open import Library
    from index.settings import Settings
    from tests.loopback import Message, Result

SETTLED = 0.1
"""Seconds without another word from the bot, after which a person has seen all of it."""

SILENT = 0.4
"""Seconds in which the bot would have spoken, as an answer takes hundredths of one."""


def build_library(settings: Settings) -> Library:
    """Index the folder of articles, and load what answers need."""
    library = open_library(settings)
    list(library.reindex())
    library.prepare()
    return library


class Stage:
    """A Discord with the bot in it, made of the parts that ``pullquote bot`` makes it of.

    The bot can be restarted; what stands in Discord and in the index stays.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        owners: Iterable[str] = (),
        budgets: Budgets = Budgets(),  # noqa: B008 - it is frozen
    ) -> None:
        self.world = FakeDiscord(settle=SETTLED)
        self.library = library
        self.settings = BotSettings(
            library=settings,
            token=self.world.token,
            owners=frozenset(map(int, owners)),
            budgets=budgets,
        )
        self.refusals: list[int] = []
        self._people = 0
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.world.__aenter__()
        await self._start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._running.aclose()
        await self.world.__aexit__(*error)

    async def _start(self) -> None:
        desk, door = await self._running.enter_async_context(open_desk(self.settings, self.library))
        self.bot = PullquoteBot(settings=self.settings, desk=desk, door=door)
        await self._running.enter_async_context(self.world.running(self.bot))

    async def restart(self, owners: Iterable[str] = ()) -> None:
        """Stop the bot and start another one, which finds what this one has kept."""
        await self._running.aclose()
        everybody = self.settings.owners | frozenset(map(int, owners))
        self.settings = replace(self.settings, owners=everybody)
        await self._start()

    def somebody(self, **fields: Any) -> Person:  # noqa: ANN401 - the fields of a user
        """A person in a channel of their own, so that nobody waits for another's limits."""
        self._people += 1
        user = self.world.add_user(f"reader{self._people}", **fields)
        channel = self.world.add_channel(f"room-{self._people}")
        return Person(stage=self, user=user, channel=channel)

    def manager(self) -> Person:
        """Somebody who manages the server."""
        person = self.somebody()
        return Person(stage=self, user=self.world.owner, channel=person.channel)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the catalog's file."""
        path = catalog_path(self.settings.library.folder)
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql, values).fetchall()

    def check(self) -> None:
        """Fail where the bot did what it must never do, whatever a test was about.

        ``refusals`` are the codes with which Discord had to refuse it.
        """
        world = self.world
        assert world.unimplemented == []
        assert [call.body.get("code") for call in world.rejected()] == self.refusals
        assert [message for message in world.posted() if self._pings(message)] == []
        assert list(self.bot.reports.last) == []

    def _pings(self, message: Message) -> bool:
        """Whether somebody is notified; an answer to a click is a reply to the bot itself."""
        users = {*message.pings["users"]} - {self.world.bot["id"]}
        return bool(users or message.pings["roles"] or message.pings["everyone"])


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who uses the bot."""

    stage: Stage
    user: dict[str, Any]
    channel: dict[str, Any]

    @property
    def world(self) -> FakeDiscord:
        return self.stage.world

    def elsewhere(self, channel: dict[str, Any]) -> Person:
        """The same person in another channel, or in a thread."""
        return Person(stage=self.stage, user=self.user, channel=channel)

    def alone(self) -> Person:
        """The same person in a direct message to the bot."""
        return self.elsewhere(self.world.dm(self.user))

    def beside(self, **fields: Any) -> Person:  # noqa: ANN401 - the fields of a user
        """Somebody else in the same channel."""
        return self.stage.somebody(**fields).elsewhere(self.channel)

    async def command(self, name: str, **options: Any) -> Result:  # noqa: ANN401 - of any type
        return await self.world.slash(name, as_=self.user, in_=self.channel, **options)

    async def ask(self, question: str, **options: Any) -> Result:  # noqa: ANN401 - as above
        return await self.command("ask", question=question, **options)

    async def say(self, text: str, **waiting: Any) -> Result:  # noqa: ANN401 - as above
        return await self.world.say(self.channel, text, as_=self.user, **waiting)

    async def mention(self, text: str, **waiting: Any) -> Result:  # noqa: ANN401 - as above
        return await self.say(f"{self.world.mention} {text}", **waiting)

    async def reply(self, to: Message, text: str) -> Result:
        """Reply to the bot; Discord's client mentions it by that, unless told not to."""
        return await self.say(text, reply_to=to)

    async def click(self, message: Message, label: str) -> Result:
        return await self.world.click(message, label=label, as_=self.user)


def read(answered: Result | Message) -> str:
    """What a person reads, without Markdown, whether a space may be broken or not."""
    return "\n".join(map(words_of, answered.text.replace(NO_BREAK, " ").splitlines()))


def labels(message: Message) -> list[str]:
    """What stands on the buttons."""
    return [button.label for button in message.buttons]


def sources(message: Message) -> list[str]:
    """What stands on the buttons that show a quote where it stands."""
    return [label for label in labels(message) if label[0].isdigit()]


def offers(message: Message) -> list[str]:
    """What else there is to press."""
    return [label for label in labels(message) if not label[0].isdigit()]


def quoted(message: Message) -> list[str]:
    """The words of each block quote."""
    return [words_of(line) for line in message.text.splitlines() if line.startswith("> ")]


def bold(message: Message) -> list[str]:
    """What is set in bold."""
    return words_in(message.text, "bold")


def small(message: Message) -> list[str]:
    """The lines of small print."""
    text = message.text.replace(NO_BREAK, " ")
    return [words_of(line) for line in text.splitlines() if line.startswith("-# ")]
