"""Environment and ``.env`` → the library's frozen settings; nothing else reads the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import SettingsError
from index.settings import Settings

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_settings import BaseSettings

PREFIX = "PULLQUOTE_"
DOTENV = ".env"


def environment_model() -> type[BaseSettings]:
    """Make the model that reads ``PULLQUOTE_…`` from the environment and ``.env``.

    Its fields are the settings that exist; ``.env.example`` names the same. It is made here and
    not at import because pydantic costs more to import than the rest of ``--help``.
    """
    from pydantic import Field
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

    return Environment


def read_settings(*, corpus: Path | None = None, index: Path | None = None) -> Settings:
    """Read the settings: what is given here, else the environment, else ``.env``, else defaults.

    Args:
        corpus: the folder of articles, where the caller was told one.
        index: the folder of the index, where the caller was told one.

    Raises:
        SettingsError: a value cannot be used; the line names the setting.
    """
    values = _read_environment()
    return Settings(
        corpus=_folder("CORPUS", corpus or values["corpus"]),
        folder=_folder("INDEX", index or values["index"]),
        embedding=values["embedding"],
        embedding_options=_options(values["embedding_options"]),
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
    name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
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
