"""``WriterSettings`` → which language model is meant, and how its server speaks.

Errors name the setting as people write it; nothing is imported or asked here.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import SettingsError

if TYPE_CHECKING:
    from index.settings import WriterSettings

Wire = Literal["openai", "openai-like", "anthropic", "ollama"]

# The module that speaks so, and the extra of ours that installs it.
_PACKAGES: dict[Wire, tuple[str, str]] = {
    "openai": ("openai_like", "openai"),
    "openai-like": ("openai_like", "openai"),
    "anthropic": ("anthropic", "anthropic"),
    "ollama": ("ollama", "ollama"),
}
_NEEDS_KEY = ("openai", "anthropic")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s#@?]+\Z", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A language model: how its server speaks, where that is, and the model's name.

    ``address`` is "" for the usual one, ``model`` "" for whichever the server has.
    """

    wire: Wire
    address: str
    model: str


def read_choice(settings: WriterSettings) -> Choice:
    """What ``settings`` name.

    Raises:
        SettingsError: it is no model, its key or address is missing, or its package is.
    """
    choice = _read(settings.model.strip(), settings.address.strip())
    if choice.address and not _ADDRESS.match(choice.address):
        raise SettingsError(
            f"{_name(settings)} is no address of a server: that begins with http:// or https:// and"
            " holds no password and no question mark"
        )
    if choice.wire == "openai-like" and not choice.address:
        raise SettingsError("PULLQUOTE_LLM=openai-like/… needs an address: set PULLQUOTE_LLM_URL")
    if choice.wire in _NEEDS_KEY and not (choice.address or settings.key):
        raise SettingsError(
            f"{choice.wire.upper()}_API_KEY is not set: PULLQUOTE_LLM={choice.wire}/… needs a key"
        )
    module, extra = _PACKAGES[choice.wire]
    if not _is_installed(module):
        raise SettingsError(
            f'PULLQUOTE_LLM needs a package for this model: pip install "pullquote[{extra}]"'
        )
    return choice


def _read(name: str, address: str) -> Choice:
    if _WEB.match(name):
        address, _, model = name.partition("#")
        return Choice(wire="openai-like", address=address, model=model)
    before, _, model = name.partition("/")
    wire = next((one for one in _PACKAGES if one == before.lower()), None)
    if wire is None or not model:
        raise SettingsError(
            "PULLQUOTE_LLM names no language model: write ollama/MODEL, openai/MODEL,"
            " anthropic/MODEL, or the address of a server that speaks as OpenAI's does"
        )
    return Choice(wire=wire, address=address, model=model)


def _name(settings: WriterSettings) -> str:
    """The setting that holds the address."""
    return "PULLQUOTE_LLM" if _WEB.match(settings.model.strip()) else "PULLQUOTE_LLM_URL"


def _is_installed(module: str) -> bool:
    """Whether LlamaIndex has the module, found without importing LlamaIndex."""
    spec = importlib.util.find_spec("llama_index")
    places = (spec.submodule_search_locations if spec else None) or ()
    return any((Path(place) / "llms" / module).is_dir() for place in places)
