from __future__ import annotations

import pytest

from index.errors import SettingsError
from index.settings import WriterSettings
from index.writing.choice import Choice, read_choice
from index.writing.model import open_writer


@pytest.mark.parametrize(
    ("model", "address", "choice"),
    [
        ("ollama/llama3.2:3b", "", Choice(wire="ollama", address="", model="llama3.2:3b")),
        ("OpenAI/gpt-x", "", Choice(wire="openai", address="", model="gpt-x")),
        ("anthropic/claude-x", "", Choice(wire="anthropic", address="", model="claude-x")),
        (
            "openai-like/org/model",
            "http://a.lan/v1",
            Choice(wire="openai-like", address="http://a.lan/v1", model="org/model"),
        ),
        (
            " http://localhost:8080/v1#org/model ",
            "",
            Choice(wire="openai-like", address="http://localhost:8080/v1", model="org/model"),
        ),
        (
            "https://a.example/v1",
            "",
            Choice(wire="openai-like", address="https://a.example/v1", model=""),
        ),
    ],
)
def test_a_setting_names_a_kind_of_server_an_address_and_a_model(
    model: str, address: str, choice: Choice
) -> None:
    assert read_choice(WriterSettings(model=model, address=address, key="k")) == choice


NO_MODEL = "PULLQUOTE_LLM names no language model: write ollama/MODEL"


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (WriterSettings(model="llama3.2"), NO_MODEL),
        (WriterSettings(model="ollama/"), NO_MODEL),
        (WriterSettings(model="mistral/large"), NO_MODEL),
        (WriterSettings(model="openai/gpt-x"), "OPENAI_API_KEY is not set"),
        (WriterSettings(model="anthropic/claude-x"), "ANTHROPIC_API_KEY is not set"),
        (WriterSettings(model="openai-like/x"), "PULLQUOTE_LLM=openai-like/… needs an address"),
        (
            WriterSettings(model="ollama/x", address="localhost:11434"),
            "PULLQUOTE_LLM_URL is no address of a server",
        ),
        (
            WriterSettings(model="http://me:secret@a.lan/v1"),
            "PULLQUOTE_LLM is no address of a server",
        ),
    ],
)
def test_what_names_no_model_is_one_line_that_names_the_setting(
    settings: WriterSettings, line: str
) -> None:
    with pytest.raises(SettingsError, match=rf"^{line}[^\n]*$") as caught:
        open_writer(settings)
    assert "secret" not in str(caught.value)


def test_a_server_of_one_s_own_needs_no_key() -> None:
    for model in ("openai/x", "anthropic/x"):
        settings = WriterSettings(model=model, address="http://localhost:1/v1")
        assert read_choice(settings).model == "x"


def test_no_key_stands_in_a_repr() -> None:
    settings = WriterSettings(model="openai/gpt-x", key="sk-secret")
    assert "secret" not in repr(settings)
    assert "secret" not in repr(open_writer(settings))
