"""What people do: commands, buttons, menus, modals, messages, reactions, threads.

Every act has the keywords of `Waiting`, and nearly every one `as_`, the user (alice if not said).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, Unpack

from tests.loopback import posts, reactions, threads, wire
from tests.loopback.constants import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MESSAGE_MENU,
    MODAL,
    PUBLIC_THREAD,
    REPLY,
    THREADS,
    USER_MENU,
    Json,
    Upload,
)
from tests.loopback.errors import NotVisible
from tests.loopback.faults import Faults
from tests.loopback.limits.components import BUTTON
from tests.loopback.loop import on_server
from tests.loopback.message import Interaction, Message
from tests.loopback.options import Values, check_may_use, command_data, find_command
from tests.loopback.result import Result, Waiting
from tests.loopback.world import now_text

Place = str | Json | Message
"""A channel by name or id, itself, or that of a message."""

WAITING = ("timeout", "settle", "until", "wait")


class Users(Faults):
    """The world, with people who use it."""

    @on_server
    async def slash(
        self,
        name: str,
        /,
        *,
        as_: Json | None = None,
        in_: Place = "general",
        options: Json | None = None,
        **more: Any,
    ) -> Result:
        """Use a slash command; '/admin reload' is slash('admin reload').

        The keywords are options of the command, except those of `Waiting`; an option that is
        named like one of these goes into `options`.
        """
        waiting = {key: more.pop(key) for key in WAITING if key in more}
        user, channel = as_ or self.alice, self.channel(in_)
        given = {**(options or {}), **more}
        command, data, _ = command_data(self, name, given, channel)
        check_may_use(self, command, user, channel)
        interaction = self.interact(COMMAND, user, channel, data, name=name)
        return await self.watch(interaction, **waiting)

    @on_server
    async def autocomplete(
        self,
        name: str,
        focus: str,
        text: Any,
        /,
        *,
        as_: Json | None = None,
        in_: Place = "general",
        timeout: float | None = None,
        **others: Any,
    ) -> Result:
        """Type a text into an option; `Result.choices` is what the client would list."""
        user, channel = as_ or self.alice, self.channel(in_)
        given = {**others, focus: text}
        _, data, options = command_data(self, name, given, channel, focus=focus)
        if not options[focus].get("autocomplete"):
            raise NotVisible(f"option {focus} has no autocomplete")
        kind = options[focus]["type"]
        interaction = self.interact(AUTOCOMPLETE, user, channel, data, name=name, focus=kind)
        return await self.watch(interaction, timeout=timeout, settle=0.0)

    @on_server
    async def context_menu(
        self,
        name: str,
        target: Message | Json,
        /,
        *,
        as_: Json | None = None,
        in_: Place = "general",
        **waiting: Unpack[Waiting],
    ) -> Result:
        """Choose Apps > `name` on a message or a user."""
        is_message = isinstance(target, Message)
        user, channel = as_ or self.alice, target.channel if is_message else self.channel(in_)
        kind = MESSAGE_MENU if is_message else USER_MENU
        command = find_command(self, name, kind, channel.get("guild_id"))
        check_may_use(self, command, user, channel)
        data = {"id": command["id"], "name": name, "type": kind}
        if is_message:
            data["target_id"] = target.id
            data["resolved"] = {"messages": {target.id: wire.message(target)}}
        else:
            values = Values(world=self, channel=channel)
            data["target_id"] = values.user(target)
            data["resolved"] = values.resolved
        interaction = self.interact(COMMAND, user, channel, data, name=name)
        return await self.watch(interaction, **waiting)

    @on_server
    async def click(
        self,
        message: Message,
        custom_id: str | None = None,
        /,
        *,
        label: str | None = None,
        as_: Json | None = None,
        **waiting: Unpack[Waiting],
    ) -> Result:
        """Press a button, found by its custom_id, by a pattern of it (/…/), or by its label."""
        user = self.who_sees(message, as_)
        button = find_button(message, custom_id, label)
        data = {"custom_id": button.custom_id, "component_type": BUTTON}
        data["id"] = button.raw.get("id", 0)
        return await self.use_component(user, message, data, **waiting)

    @on_server
    async def select(
        self,
        message: Message,
        custom_id: str | None,
        values: Iterable[Any],
        /,
        *,
        as_: Json | None = None,
        **waiting: Unpack[Waiting],
    ) -> Result:
        """Choose in a menu: values or labels; users, roles or channels where it is of these."""
        user = self.who_sees(message, as_)
        known = [each["custom_id"] for each in message.selects]
        menus = [each for each in message.selects if custom_id in (None, each["custom_id"])]
        if not menus:
            raise NotVisible(f"no select {custom_id!r}; there are {known}")
        if menus[0].get("disabled"):
            raise NotVisible("the select is disabled")
        chosen = Values(world=self, channel=message.channel)
        data = {"custom_id": menus[0]["custom_id"], "component_type": menus[0]["type"]}
        data |= {"id": menus[0].get("id", 0), "values": chosen.selected(menus[0], list(values))}
        data |= {"resolved": chosen.resolved} if chosen.resolved else {}
        return await self.use_component(user, message, data, **waiting)

    @on_server
    async def submit(
        self, opened: Result, given: Json | None = None, /, **waiting: Unpack[Waiting]
    ) -> Result:
        """Fill in the modal that a result shows, by custom_id or label, and send it."""
        if not opened.modal or not opened.interaction:
            raise NotVisible("no modal is open")
        values = Values(world=self, channel=opened.channel)
        components = values.filled(opened.modal, given or {})
        data = {"custom_id": opened.modal["custom_id"], "components": components}
        data |= {"resolved": values.resolved} if values.resolved else {}
        source = opened.interaction
        interaction = self.interact(
            MODAL,
            opened.user,
            opened.channel,
            data,
            message=source.message,
            name="modal",
            parent=source,
        )
        return await self.watch(interaction, **waiting)

    @on_server
    async def say(
        self,
        channel: Place,
        text: str = "",
        /,
        *,
        as_: Json | None = None,
        reply_to: Message | None = None,
        files: Iterable[tuple[str, bytes]] = (),
        **waiting: Unpack[Waiting],
    ) -> Result:
        """Post a message; `Result.messages` are what the bot then posts there or in its threads.

        For "the bot stays silent" give a short timeout, as in say("general", "hi", timeout=1).
        """
        user, here = as_ or self.alice, self.channel(channel)
        uploads = {number: Upload(*each) for number, each in enumerate(files)}
        reference = None
        if reply_to:
            reference = {"type": 0, "channel_id": reply_to.channel_id, "message_id": reply_to.id}
            reference |= {"guild_id": here["guild_id"]} if "guild_id" in here else {}
        if here["type"] in THREADS:
            threads.join_thread(here, user["id"])
        kind = REPLY if reference else 0
        message = posts.post(
            self, here, user, {"content": text}, uploads, kind=kind, reference=reference
        )
        self.dispatch_message("MESSAGE_CREATE", message)
        return await self.watch(message, **waiting)

    @on_server
    async def react(
        self,
        message: Message,
        emoji: str,
        *,
        as_: Json | None = None,
        remove: bool = False,
        **waiting: Unpack[Waiting],
    ) -> Result:
        """Add or remove a reaction; returns at once unless wait=True."""
        user, since = as_ or self.alice, self.new_id()
        reactions.react(message, emoji, user["id"], add=not remove)
        result = Result(self, message, user, message.channel, since=since)
        return await self.follow(result, **{"wait": False, **waiting})

    @on_server
    async def edit(self, message: Message, text: str) -> None:
        """Edit a user's own message."""
        message.data.update(content=text, edited_timestamp=now_text())
        posts.mention(message, {})
        message.keep_version()
        self.dispatch_message("MESSAGE_UPDATE", message)

    @on_server
    async def delete(self, message: Message) -> None:
        """Delete a message."""
        posts.remove(message)

    @on_server
    async def start_thread(self, message: Message, name: str, *, as_: Json | None = None) -> Json:
        """Open a thread on a message."""
        owner = as_ or self.alice
        return threads.open_thread_on(message, owner, {"name": name}, PUBLIC_THREAD)

    @on_server
    async def join_guild(self, guild: Json) -> None:
        """Add the bot to a guild that was made with add_guild while it runs."""
        for session in self.sessions.values():
            if not session.dead and session.wants("GUILD_CREATE", guild["id"]):
                data = wire.guild(self, guild, session.intents)
                # Only a guild known before, and now available, says so.
                del data["unavailable"]
                session.push("GUILD_CREATE", data)

    @on_server
    async def leave_guild(self, guild: Json) -> None:
        """Remove the bot from a guild."""
        self.guilds.pop(guild["id"], None)
        self.commands.pop(guild["id"], None)
        self.dispatch("GUILD_DELETE", {"id": guild["id"]}, guild["id"])

    # How acts are sent and followed

    def who_sees(self, message: Message, user: Json | None) -> Json:
        """The user who acts on a message: of an ephemeral one its only reader, if not said."""
        if message.deleted:
            raise NotVisible("the message is deleted")
        if user is None:
            return self.users[message.only_for] if message.only_for else self.alice
        if message.only_for not in (None, user["id"]):
            raise NotVisible(f"an ephemeral message that {user['username']} cannot see")
        return user

    async def use_component(
        self, user: Json, message: Message, data: Json, **waiting: Unpack[Waiting]
    ) -> Result:
        channel = message.channel
        interaction = self.interact(COMPONENT, user, channel, data, message=message)
        return await self.watch(interaction, **waiting)

    def interact(
        self, kind: int, user: Json, channel: Json, data: Json, **more: Any
    ) -> Interaction:
        """Send an interaction; it arrives even where the bot cannot see the channel."""
        interaction = Interaction(self.new_id(), kind, user, channel, data, **more)
        self.interactions[interaction.id] = interaction
        self.by_token[interaction.token] = interaction
        payload = wire.interaction(self, interaction)
        self.dispatch("INTERACTION_CREATE", payload, channel.get("guild_id"))
        return interaction

    async def watch(self, trigger: Interaction | Message, **waiting: Unpack[Waiting]) -> Result:
        is_message = isinstance(trigger, Message)
        user = self.users[trigger.author_id] if is_message else trigger.user
        return await self.follow(Result(self, trigger, user, trigger.channel), **waiting)

    async def follow(
        self,
        result: Result,
        *,
        timeout: float | None = None,
        settle: float | None = None,
        until: Callable[[Result], object] | None = None,
        wait: bool = True,
    ) -> Result:
        result.timeout = self.timeout if timeout is None else timeout
        result.settle = self.settle if settle is None else settle
        result.until = until
        return await result.wait() if wait else result


def find_button(message: Message, custom_id: str | None, label: str | None) -> SimpleNamespace:
    """The button a person would press; link buttons and disabled ones send nothing."""
    pattern = re.fullmatch("/(.+)/", custom_id or "")

    def is_meant(button: SimpleNamespace) -> bool:
        if label is not None:
            return button.label == label
        if pattern:
            return bool(button.custom_id and re.search(pattern[1], button.custom_id))
        return button.custom_id == custom_id

    buttons = [button for button in message.buttons if is_meant(button)]
    if not buttons:
        known = [(button.custom_id, button.label) for button in message.buttons]
        raise NotVisible(f"no button {custom_id or label!r}; there are {known}")
    if buttons[0].disabled:
        raise NotVisible(f"button {buttons[0].label!r} is disabled")
    if buttons[0].url:
        raise NotVisible("a link button sends no interaction")
    return buttons[0]
