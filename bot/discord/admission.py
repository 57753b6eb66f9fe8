"""Who may ask what, where and how often: decided at once, before anything else is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.reports import Refusal

if TYPE_CHECKING:
    from bot.discord.pace import Pace
    from bot.discord.servers import Servers

WRONG_CHANNEL = "I may not answer here."
WHERE = " Ask me in {places}."
MOST_PLACES = 3
WRONG_ROLE = "On this server only people with certain roles may ask me."
TOO_SOON = "You are quick! Please ask again in {seconds}."
NOT_A_MANAGER = "Only people who manage this server may do that."
NOBODYS = "I no longer know who asked this; somebody who manages this server can delete it."
NOT_YOURS = "Only whoever asked, or somebody who manages this server, can delete this answer."


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Lets people in or raises Refusal with a line for them.

    Attributes:
        servers: what the servers' managers have set.
        pace: how often a person may ask.
        owners: ids of people who may do everything everywhere.
    """

    servers: Servers
    pace: Pace
    owners: frozenset[int]

    def check_place(
        self, person: discord.User | discord.Member, channel: object, server: int | None
    ) -> None:
        """Whether it may answer here; if not, the line names places that this person sees."""
        if not self.may_answer_in(channel, server):
            places = list(islice(self._places(person, server), MOST_PLACES))
            raise Refusal(
                WRONG_CHANNEL + (WHERE.format(places=" or ".join(places)) if places else "")
            )

    def _places(self, person: discord.User | discord.Member, server: int | None) -> Iterator[str]:
        if not isinstance(person, discord.Member):
            return
        for number in self.servers.of(server).channels:
            place = person.guild.get_channel(number)
            if place and place.permissions_for(person).view_channel:
                is_category = isinstance(place, discord.CategoryChannel)
                yield f"the channels of {place.name}" if is_category else f"#{place.name}"

    def may_answer_in(self, channel: object, server: int | None) -> bool:
        """Whether the channel, what a thread is in, or its category are among those set."""
        names = ("id", "parent_id", "category_id")
        ids = (getattr(channel, name, None) for name in names)
        return self.servers.of(server).allows_channel(*ids)

    def check_person(self, person: discord.User | discord.Member, server: int | None) -> None:
        """Whether this person may ask, and not too soon after their last questions."""
        settings = self.servers.of(server)
        roles = [role.id for role in getattr(person, "roles", ())]
        if not (settings.allows_roles(roles) or self.is_manager(person)):
            raise Refusal(WRONG_ROLE)
        seconds = self.pace.take(person.id, server or 0, settings.cooldown)
        if seconds > 0:
            whole = ceil(seconds)
            raise Refusal(TOO_SOON.format(seconds=f"{whole} second{'s' if whole != 1 else ''}"))

    def is_manager(self, person: discord.User | discord.Member) -> bool:
        """Whether this person manages the server they speak in, or the bot."""
        permissions = getattr(person, "guild_permissions", None)
        manages = bool(permissions and permissions.manage_guild)
        return manages or person.id in self.owners

    def may_delete(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether whoever clicked may delete what others asked."""
        may = interaction.permissions
        return may.manage_guild or may.manage_messages or interaction.user.id in self.owners

    def check_manager(self, interaction: discord.Interaction[Any]) -> None:
        """Whether whoever gave a command manages the server or the bot."""
        if interaction.user.id not in self.owners and not interaction.permissions.manage_guild:
            raise Refusal(NOT_A_MANAGER)
