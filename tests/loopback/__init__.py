"""A loopback Discord: REST v10 and gateway v10 on 127.0.0.1, with people who use them.

The bot under test is an unmodified discord.py client on real HTTP and a real websocket. A test
plays the people:

    async with FakeDiscord() as discord:
        async with discord.running(bot):
            result = await discord.slash("ask", question="why?")
            assert "because" in result.text
            result = await discord.click(result.message, label="More")
            result = await discord.say("general", f"{discord.mention} why?")
        assert discord.unimplemented == []

Where to look:

- `users`: what people do; `options`: what their client lets them do; `result` and `message`: what
  they then see
- `world`: guilds, channels, users, roles, records; `evidence`: questions to ask about them;
  `permissions`; `wire`: how it all looks in JSON
- `limits/`: what Discord rejects; `errors`: its error bodies
- `rest/`: the REST API by area, `door` first, and its rate limits; `posts`, `reactions` and
  `threads`: how they are made
- `gateway`: sessions, intents, resuming; `faults`: what can go wrong on purpose
- `fake`: the server and bots in this process; `bots` and `inject/`: bots in one of their own

Not there: voice, stickers, polls, forum posts, custom emoji, moderation, sharding. A call that is
not there is noted in `unimplemented`: a test asserts that it is empty, for what is in it is a hole
here and no defect of the bot. Lengths count code points.
"""

from tests.loopback.bots import BotProcess
from tests.loopback.errors import NotVisible
from tests.loopback.fake import FakeDiscord
from tests.loopback.message import Message
from tests.loopback.permissions import perms
from tests.loopback.result import Result

__all__ = ["BotProcess", "FakeDiscord", "Message", "NotVisible", "Result", "perms"]
