"""A setting → the language model that writes: LlamaIndex's classes, asked for one stream of text.

LlamaIndex takes seconds to import: it is imported when first asked, in a thread, and never without
the setting. Its own retries are off, as with them a dead endpoint is tried 24 times.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from index.writing.choice import read_choice
from index.writing.fail import Failing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from llama_index.core.llms import LLM, ChatMessage, ChatResponse

    from index.settings import WriterSettings
    from index.writing.choice import Choice

# What a model may write: a few sentences, and JSON around them. One that thinks needs more.
MOST_TOKENS, MOST_TOKENS_THINKING = 700, 4_000
CONTEXT = 8_192  # tokens; what it is asked is far shorter

OPENAI = "https://api.openai.com/v1"
ANTHROPIC = "https://api.anthropic.com"
OLLAMA = "http://localhost:11434"
# Servers that need no key are sent this one, as the client insists on one.
NO_KEY = "none"

# These models take no other temperature than their own.
_THINKS = re.compile(r"o\d|gpt-[5-9]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some of what a model writes; ``tokens`` read and written so far, where it says."""

    text: str
    tokens: tuple[int, int] | None = None


class Writer(Protocol):
    """Rules and what is asked → text, as it comes."""

    @property
    def name(self) -> str:
        """Which model it is, as the setting names it."""

    @property
    def seconds(self) -> float:
        """How long its prose may take."""

    def prepare(self) -> None:
        """Load what takes long to load; raise WriterError."""

    def stream(self, rules: str, asked: str) -> AsyncIterator[Piece]:
        """What it writes, piece by piece; raise WriterError."""


def open_writer(settings: WriterSettings) -> LanguageModel:
    """The language model of ``settings``; nothing is imported or asked until it is to write.

    Raises:
        SettingsError: there is no such kind of model, its key or address is missing, or its
            package is.
    """
    return LanguageModel(settings, read_choice(settings))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """A LlamaIndex LLM, how to let go of its connections, and how it takes what a server has."""

    llm: LLM
    close: Callable[[], Awaitable[None]]
    choose_model: Callable[[], Awaitable[None]] | None = None


class LanguageModel:
    """A LlamaIndex LLM as a writer of ours; good for one event loop.

    Args:
        settings: the model, its key and its time-out.
        choice: the same, read.
    """

    def __init__(self, settings: WriterSettings, choice: Choice) -> None:
        self.name = settings.model
        self.seconds = settings.seconds
        self._settings = settings
        self._choice = choice
        self._opened: _Opened | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        """Name the model, and no key."""
        return f"LanguageModel({self.name!r})"

    def prepare(self) -> None:
        """Import what it takes, which costs seconds: call it in a thread; raise WriterError."""
        with Failing(self._settings):
            self._open()

    async def stream(self, rules: str, asked: str) -> AsyncIterator[Piece]:
        """What the model writes, piece by piece; raise WriterError.

        A task of its own reads: whoever stops early cancels it where it waits for the network, so
        that every generator between there and here is left in order and the connection closed.
        """
        pieces: asyncio.Queue[Piece | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(rules, asked, pieces))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            await reading
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def _read(self, rules: str, asked: str, pieces: asyncio.Queue[Piece | None]) -> None:
        try:
            with Failing(self._settings):
                opened = await asyncio.to_thread(self._open)
                if opened.choose_model:
                    await opened.choose_model()
                replies: Any = await opened.llm.astream_chat(_messages(rules, asked))
                async for reply in replies:
                    pieces.put_nowait(Piece(text=reply.delta or "", tokens=_read_tokens(reply)))
        finally:
            pieces.put_nowait(None)

    async def close(self) -> None:
        """Let go of its connections; it may be asked again, on any event loop."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.close()

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                self._opened = _OPENING[self._choice.wire](self._choice, self._settings)
            return self._opened


def _messages(rules: str, asked: str) -> list[ChatMessage]:
    from llama_index.core.llms import ChatMessage, MessageRole

    return [
        ChatMessage(role=MessageRole.SYSTEM, content=rules),
        ChatMessage(role=MessageRole.USER, content=asked),
    ]


def _read_tokens(reply: ChatResponse) -> tuple[int, int] | None:
    """The tokens that a reply tells of; each wire has another place for them."""
    raw = reply.raw if isinstance(reply.raw, dict) else {}
    places = (
        reply.additional_kwargs,
        raw.get("usage"),
        reply.message.additional_kwargs.get("usage"),
    )
    for place in places:
        if isinstance(place, dict):
            counts = list(_counts(place))
            if len(counts) == len(_COUNTS):
                return counts[0], counts[1]
    return None


_COUNTS = (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"))


def _counts(usage: dict[str, object]) -> Iterator[int]:
    for names in _COUNTS:
        yield from (count for name in names if isinstance(count := usage.get(name), int))


# The kinds of servers


def _open_openai(choice: Choice, settings: WriterSettings) -> _Opened:
    """OpenAI's own server: the models that think are told from the others by their names."""
    thinks = _THINKS.match(choice.model) is not None
    limits = {
        "max_completion_tokens": MOST_TOKENS_THINKING if thinks else MOST_TOKENS,
        "stream_options": {"include_usage": True},
    }
    temperature = 1.0 if thinks else 0.0
    address = choice.address or OPENAI
    return _open_like(choice.model, address, settings, temperature=temperature, more=limits)


def _open_compatible(choice: Choice, settings: WriterSettings) -> _Opened:
    # Not every such server knows the newer words, or how to tell of tokens.
    limits: dict[str, object] = {"max_tokens": MOST_TOKENS}
    return _open_like(choice.model, choice.address, settings, temperature=0.0, more=limits)


def _open_like(
    model: str,
    address: str,
    settings: WriterSettings,
    *,
    temperature: float,
    more: dict[str, object],
) -> _Opened:
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI

    key = settings.key or NO_KEY
    client = AsyncOpenAI(api_key=key, base_url=address, timeout=settings.seconds, max_retries=0)

    llm = OpenAILike(
        model=model,
        api_key=key,
        api_base=address,
        is_chat_model=True,
        context_window=CONTEXT,
        temperature=temperature,
        timeout=settings.seconds,
        max_retries=0,
        additional_kwargs=more,
        async_openai_client=client,
    )

    async def choose_model() -> None:
        llm.model = llm.model or (await client.models.list()).data[0].id

    return _Opened(llm=llm, close=client.close, choose_model=None if model else choose_model)


def _open_anthropic(choice: Choice, settings: WriterSettings) -> _Opened:
    from llama_index.core.llms import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    class AnyClaude(Anthropic):
        """The class knows models by name, and would refuse those that came after it."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=CONTEXT,
                num_output=MOST_TOKENS,
                is_chat_model=True,
                model_name=self.model,
            )

    claude: Callable[..., Any] = AnyClaude
    llm = claude(
        model=choice.model,
        api_key=settings.key or NO_KEY,
        base_url=choice.address or ANTHROPIC,
        temperature=0.0,
        max_tokens=MOST_TOKENS,
        timeout=settings.seconds,
        max_retries=0,
    )
    # The class takes no client of ours, and offers no way to close its own two.
    inner = llm._client, llm._aclient  # noqa: SLF001

    async def close() -> None:
        inner[0].close()
        await inner[1].close()

    return _Opened(llm=llm, close=close)


def _open_ollama(choice: Choice, settings: WriterSettings) -> _Opened:
    from llama_index.llms.ollama import Ollama
    from ollama import AsyncClient

    address = choice.address or OLLAMA
    headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
    client = AsyncClient(host=address, timeout=settings.seconds, headers=headers)
    llm = Ollama(
        model=choice.model,
        base_url=address,
        temperature=0.0,
        context_window=CONTEXT,
        request_timeout=settings.seconds,
        async_client=client,
        # Thinking costs whoever waits more than it gives to two sentences.
        thinking=False,
        additional_kwargs={"num_predict": MOST_TOKENS},
    )
    return _Opened(llm=llm, close=client.close)


_OPENING: dict[str, Callable[[Choice, WriterSettings], _Opened]] = {
    "openai": _open_openai,
    "openai-like": _open_compatible,
    "anthropic": _open_anthropic,
    "ollama": _open_ollama,
}
