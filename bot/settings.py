"""Environment and ``.env`` → the library's frozen settings; nothing else reads the environment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from index.errors import SettingsError
from index.settings import Settings, WriterSettings

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_settings import BaseSettings

PREFIX = "PULLQUOTE_"
TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a setting
OPENAI_KEY, ANTHROPIC_KEY = "OPENAI_API_KEY", "ANTHROPIC_API_KEY"
DOTENV = ".env"


@dataclass(frozen=True, kw_only=True, slots=True)
class Budgets:
    """How many answers with prose there may be in 24 hours, for whom; 0 is any number."""

    per_user: int = 50
    per_server: int = 500
    per_day: int = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class BotSettings:
    """What the bot can be told, beside the library's settings.

    Attributes:
        library: the library's settings.
        token: lets the bot into Discord; never in a repr or a log.
        owners: ids of people who may manage it on every server.
        log_level: the least important lines of the log.
        watch: whether to watch the folder of articles: "poll" where nothing tells of changes.
        feeds: as in ``IntakeSettings``.
        allowed_hosts: the same.
        budgets: how often the language model is asked, where there is one.
    """

    library: Settings
    token: str = field(repr=False)
    owners: frozenset[int] = frozenset()
    log_level: str = "INFO"
    watch: Literal["true", "false", "poll"] = "true"
    feeds: tuple[str, ...] = field(default=(), repr=False)
    allowed_hosts: frozenset[str] = frozenset()
    budgets: Budgets = Budgets()

    @property
    def intake(self) -> IntakeSettings:
        """From where articles come in while it runs."""
        return IntakeSettings(
            library=self.library, feeds=self.feeds, allowed_hosts=self.allowed_hosts
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeSettings:
    """From where articles come in.

    Attributes:
        library: the library's settings.
        feeds: addresses of feeds, beside those that were added by command.
        allowed_hosts: hosts, or hosts with ports, that may be fetched from although they are of a
            private network.
    """

    library: Settings
    feeds: tuple[str, ...] = field(default=(), repr=False)
    allowed_hosts: frozenset[str] = frozenset()


def environment_model() -> type[BaseSettings]:
    """Make the model that reads ``PULLQUOTE_…`` from the environment and ``.env``.

    Its fields are the settings that exist; ``.env.example`` names the same. It is made here and
    not at import because pydantic costs more to import than the rest of ``--help``.
    """
    from pydantic import Field, SecretStr
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Environment(BaseSettings):
        model_config = SettingsConfigDict(
            env_prefix=PREFIX,
            env_file=DOTENV,
            env_file_encoding="utf-8-sig",
            env_ignore_empty=True,
            extra="ignore",
            frozen=True,
            hide_input_in_errors=True,
        )

        corpus: Path = Path("corpus")
        index: Path = Path(".pullquote")
        embedding: str = "minilm"
        # Text here and read below: a mistake in it gets our line, and no secret is ever shown.
        embedding_options: str = Field(default="{}", repr=False)
        reader: bool = True
        # Named as everybody names it, so without our prefix.
        discord_token: SecretStr = Field(default=SecretStr(""), validation_alias=TOKEN)
        owners: str = ""
        log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
        feeds: str = ""
        allowed_hosts: str = ""
        watch: Literal["true", "false", "poll"] = "true"
        llm: str = ""
        llm_url: str = ""
        llm_key: SecretStr = SecretStr("")
        llm_seconds: float = Field(default=30.0, gt=0, le=600)
        openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias=OPENAI_KEY)
        anthropic_api_key: SecretStr = Field(default=SecretStr(""), validation_alias=ANTHROPIC_KEY)
        llm_per_user: int = Field(default=50, ge=0)
        llm_per_server: int = Field(default=500, ge=0)
        llm_per_day: int = Field(default=2000, ge=0)

    return Environment


def read_settings(*, corpus: Path | None = None, index: Path | None = None) -> Settings:
    """Read the settings: what is given here, else the environment, else ``.env``, else defaults.

    Args:
        corpus: the folder of articles, where the caller was told one.
        index: the folder of the index, where the caller was told one.

    Raises:
        SettingsError: a value cannot be used; the line names the setting.
    """
    return _library_settings(_read_environment(), corpus, index)


def read_bot_settings(*, corpus: Path | None = None, index: Path | None = None) -> BotSettings:
    """Read the settings of the bot, those of the library among them.

    Raises:
        SettingsError: a value cannot be used, or there is no token; the line names the setting.
    """
    values = _read_environment()
    token = _token(values["discord_token"].get_secret_value().strip())
    intake = _intake_settings(values, corpus, index)
    return BotSettings(
        library=intake.library,
        token=token,
        owners=frozenset(_numbers("OWNERS", values["owners"])),
        log_level=values["log_level"],
        watch=values["watch"],
        feeds=intake.feeds,
        allowed_hosts=intake.allowed_hosts,
        budgets=Budgets(
            per_user=values["llm_per_user"],
            per_server=values["llm_per_server"],
            per_day=values["llm_per_day"],
        ),
    )


def read_intake_settings(
    *, corpus: Path | None = None, index: Path | None = None
) -> IntakeSettings:
    """Read from where articles come in; the addresses are looked at when they are fetched.

    Raises:
        SettingsError: a value cannot be used; the line names the setting.
    """
    return _intake_settings(_read_environment(), corpus, index)


def _intake_settings(
    values: dict[str, Any], corpus: Path | None, index: Path | None
) -> IntakeSettings:
    return IntakeSettings(
        library=_library_settings(values, corpus, index),
        feeds=tuple(dict.fromkeys(_addresses("FEEDS", values["feeds"]))),
        allowed_hosts=frozenset(values["allowed_hosts"].replace(",", " ").lower().split()),
    )


def _addresses(name: str, text: str) -> Iterator[str]:
    """Read addresses, parted by white space or by commas before the next one."""
    for part in re.split(r"\s+|,+(?=\s|https?:|$)", text):
        if part and not re.match(r"https?://", part, re.IGNORECASE):
            raise SettingsError(
                f"{PREFIX}{name} takes addresses that begin with https:// or http://, parted by"
                f" commas or spaces; not {part[:80]!r}"
            )
        if part:
            yield part


def _token(text: str) -> str:
    """Check that it could be one: anything else would only fail inside the request."""
    if not text:
        raise SettingsError(
            f"{TOKEN} is not set: put the bot's token into {DOTENV} (see docs/discord.md)"
        )
    if not re.fullmatch(r"[!-~]+", text):
        raise SettingsError(
            f"{TOKEN} is not a token, which has no spaces, line breaks or accents: copy it anew"
        )
    return text


def _library_settings(values: dict[str, Any], corpus: Path | None, index: Path | None) -> Settings:
    return Settings(
        corpus=_folder("CORPUS", corpus or values["corpus"]),
        folder=_folder("INDEX", index or values["index"]),
        embedding=values["embedding"],
        embedding_options=_options(values["embedding_options"]),
        reads=values["reader"],
        writer=_writer_settings(values),
    )


def _writer_settings(values: dict[str, Any]) -> WriterSettings | None:
    """The language model, where one is set.

    The key that everybody calls OpenAI's or Anthropic's is sent to these and nowhere else.
    """
    model, address = values["llm"].strip(), values["llm_url"].strip()
    if not model:
        return None
    key, name = values["llm_key"].get_secret_value().strip(), f"{PREFIX}LLM_KEY"
    usual = {"openai": OPENAI_KEY, "anthropic": ANTHROPIC_KEY}.get(model.partition("/")[0].lower())
    if usual and not (key or address):
        key, name = values[usual.lower()].get_secret_value().strip(), usual
    if not re.fullmatch(r"[!-~]*", key):
        raise SettingsError(f"{name} is not a key, which has no spaces or accents: copy it anew")
    return WriterSettings(
        model=model, address=address, key=key, key_setting=name, seconds=values["llm_seconds"]
    )


def _read_environment() -> dict[str, Any]:
    from pydantic import ValidationError

    try:
        return environment_model()().model_dump()
    except ValidationError as error:
        raise SettingsError(_describe(error)) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{DOTENV} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{DOTENV} cannot be read: {error.strerror}") from None


def _describe(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    name = name if name in {TOKEN, OPENAI_KEY, ANTHROPIC_KEY} else PREFIX + name
    return f"{name} cannot be used: {first['msg']}"


def _folder(name: str, path: Path) -> Path:
    """Expand ``~``; a file where a folder is meant is a mistake worth an early, clear line."""
    try:
        expanded = path.expanduser()
        is_file = expanded.is_file()
    except (RuntimeError, ValueError, OSError):
        raise SettingsError(f"{PREFIX}{name} is not a usable path; give a folder") from None
    if is_file:
        raise SettingsError(f"{PREFIX}{name} is a file, not a folder: {path}")
    return expanded


def _options(text: str) -> Mapping[str, object]:
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        name = f"{PREFIX}EMBEDDING_OPTIONS"
        raise SettingsError(f'{name} must be a JSON object, like {{"model_name": "…"}}')
    return options


def _numbers(name: str, text: str) -> Iterator[int]:
    """Read Discord ids, parted by commas or spaces."""
    for part in text.replace(",", " ").split():
        if not (part.isascii() and part.isdigit()):
            raise SettingsError(f"{PREFIX}{name} takes Discord ids, parted by commas; not {part!r}")
        yield int(part)
