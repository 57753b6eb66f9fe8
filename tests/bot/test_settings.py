from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import (
    ANTHROPIC_KEY,
    OPENAI_KEY,
    TOKEN,
    BotSettings,
    Budgets,
    environment_model,
    read_bot_settings,
    read_settings,
)
from index.errors import SettingsError
from index.settings import Settings, WriterSettings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    for name in (TOKEN, OPENAI_KEY, ANTHROPIC_KEY):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_anything_set_the_library_s_defaults_hold() -> None:
    assert read_settings() == Settings()


def test_the_example_names_exactly_the_settings_that_exist(repository: Path) -> None:
    example = (repository / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(\w+)=", example, re.MULTILINE)
    fields = environment_model().model_fields
    ours = [field.validation_alias or f"PULLQUOTE_{name.upper()}" for name, field in fields.items()]
    assert named == ours


def test_the_example_shows_the_defaults(repository: Path, folder: Path) -> None:
    (folder / ".env").write_bytes((repository / ".env.example").read_bytes())
    assert read_settings() == Settings()


def test_what_is_given_wins_over_the_environment_and_that_over_dotenv(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("PULLQUOTE_CORPUS=a\nPULLQUOTE_INDEX=b\nPULLQUOTE_EMBEDDING=c\n")
    monkeypatch.setenv("PULLQUOTE_INDEX", "from-environment")
    monkeypatch.setenv("PULLQUOTE_CORPUS", "from-environment")
    settings = read_settings(corpus=Path("given"))
    assert settings.corpus == Path("given")
    assert settings.folder == Path("from-environment")
    assert settings.embedding == "c"


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_CORPUS", "")
    assert read_settings().corpus == Path("corpus")


def test_settings_of_others_in_dotenv_are_let_be(folder: Path) -> None:
    (folder / ".env").write_text("DATABASE_URL=x\nPULLQUOTE_LATER=y\n", encoding="utf-8")
    assert read_settings() == Settings()


def test_options_of_the_embedding_are_a_json_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDING_OPTIONS", '{"model_name": "m", "batch": 4}')
    assert read_settings().embedding_options == {"model_name": "m", "batch": 4}


@pytest.mark.parametrize("text", ["{", "[1]", '"text"', "null", "key=secret-value"])
def test_other_options_are_one_line_that_names_the_setting(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDING_OPTIONS", text)
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_EMBEDDING_OPTIONS must be .*$") as caught:
        read_settings()
    assert "secret" not in str(caught.value)


def test_secrets_stand_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_EMBEDDING_OPTIONS", '{"api_key": "sk-secret"}')
    assert "sk-secret" not in repr(read_settings())
    assert "sk-secret" not in repr(environment_model()())


def test_a_file_where_a_folder_is_meant_is_one_line_that_names_the_setting(folder: Path) -> None:
    (folder / "news.txt").write_text("x")
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_CORPUS is a file, not a folder"):
        read_settings(corpus=Path("news.txt"))
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_INDEX is a file, not a folder"):
        read_settings(index=Path("news.txt"))


def test_a_tilde_means_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert read_settings(corpus=Path("~/news")).corpus == folder / "news"


def test_a_dotenv_that_is_not_utf_8_is_one_line(folder: Path) -> None:
    (folder / ".env").write_bytes(b"PULLQUOTE_CORPUS=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"^\.env is not UTF-8 text"):
        read_settings()


@pytest.mark.parametrize("path", ["~nobody-of-that-name/news", "n" * 5000])
def test_a_path_that_cannot_be_is_one_line(path: str) -> None:
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_CORPUS is not a usable path"):
        read_settings(corpus=Path(path))


# The bot's


def test_the_bot_needs_a_token_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "  a.b-c_d\n")
    assert read_bot_settings() == BotSettings(library=Settings(), token="a.b-c_d")  # noqa: S106


def test_the_example_lacks_only_the_token(repository: Path, folder: Path) -> None:
    example = (repository / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(example.replace(f"{TOKEN}=", f"{TOKEN}=x"), encoding="utf-8")
    assert read_bot_settings() == BotSettings(library=Settings(), token="x")  # noqa: S106


def test_owners_are_parted_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "x")
    monkeypatch.setenv("PULLQUOTE_OWNERS", "12, 34 56,")
    assert read_bot_settings().owners == {12, 34, 56}


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        (TOKEN, " ", "DISCORD_TOKEN is not set: put the bot's token into .env"),
        (TOKEN, "se cret", "DISCORD_TOKEN is not a token, which has no spaces"),
        (TOKEN, "se\ncret", "DISCORD_TOKEN is not a token, which has no spaces"),
        (TOKEN, "sécret", "DISCORD_TOKEN is not a token, which has no spaces"),
        ("PULLQUOTE_OWNERS", "me", "PULLQUOTE_OWNERS takes Discord ids, parted by commas"),
        ("PULLQUOTE_OWNERS", "１２", "PULLQUOTE_OWNERS takes Discord ids, parted by commas"),
        ("PULLQUOTE_LOG_LEVEL", "LOUD", "PULLQUOTE_LOG_LEVEL cannot be used"),
    ],
)
def test_what_the_bot_cannot_use_is_one_line_that_names_the_setting_and_no_secret(
    name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "x")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{re.escape(line)}[^\n]*$") as caught:
        read_bot_settings()
    assert "cret" not in str(caught.value)


def test_the_token_stands_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "bot-secret")
    assert "bot-secret" not in repr(read_bot_settings())
    assert "bot-secret" not in repr(environment_model()())


# The language model's


def test_a_language_model_is_named_with_all_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_LLM", "ollama/llama3.2")
    monkeypatch.setenv("PULLQUOTE_LLM_URL", "http://news.lan:11434")
    monkeypatch.setenv("PULLQUOTE_LLM_SECONDS", "12.5")
    assert read_settings().writer == WriterSettings(
        model="ollama/llama3.2",
        address="http://news.lan:11434",
        key_setting="PULLQUOTE_LLM_KEY",
        seconds=12.5,
    )


def test_without_a_language_model_its_other_settings_are_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULLQUOTE_LLM_KEY", "sk-secret")
    monkeypatch.setenv(OPENAI_KEY, "sk-secret")
    assert read_settings().writer is None


@pytest.mark.parametrize(("wire", "name"), [("openai", OPENAI_KEY), ("Anthropic", ANTHROPIC_KEY)])
def test_a_provider_s_own_key_is_sent_to_the_provider_alone(
    wire: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "sk-secret")
    monkeypatch.setenv("PULLQUOTE_LLM", f"{wire}/large")
    writer = read_settings().writer
    assert writer is not None
    assert (writer.key, writer.key_setting) == ("sk-secret", name)
    monkeypatch.setenv("PULLQUOTE_LLM_URL", "http://elsewhere.example/v1")
    writer = read_settings().writer
    assert writer is not None
    assert writer.key == ""
    monkeypatch.setenv("PULLQUOTE_LLM_KEY", "sk-other")
    writer = read_settings().writer
    assert writer is not None
    assert (writer.key, writer.key_setting) == ("sk-other", "PULLQUOTE_LLM_KEY")


def test_the_keys_of_a_language_model_stand_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULLQUOTE_LLM_KEY", OPENAI_KEY, ANTHROPIC_KEY):
        monkeypatch.setenv(name, "sk-secret")
    monkeypatch.setenv("PULLQUOTE_LLM", "openai/large")
    assert "sk-secret" not in repr(read_settings())
    assert "sk-secret" not in repr(environment_model()())


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PULLQUOTE_LLM_KEY", "se cret", "PULLQUOTE_LLM_KEY is not a key"),
        ("PULLQUOTE_LLM_SECONDS", "0", "PULLQUOTE_LLM_SECONDS cannot be used"),
        ("PULLQUOTE_LLM_SECONDS", "soon", "PULLQUOTE_LLM_SECONDS cannot be used"),
    ],
)
def test_what_a_language_model_cannot_use_is_one_line_that_names_the_setting(
    name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULLQUOTE_LLM", "ollama/small")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{line}[^\n]*$") as caught:
        read_settings()
    assert "cret" not in str(caught.value)


def test_budgets_of_a_language_model_are_numbers_and_none_is_zero(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TOKEN, "x")
    assert read_bot_settings().budgets == Budgets(per_user=50, per_server=500, per_day=2000)
    for name, number in (("USER", "7"), ("SERVER", "0"), ("DAY", "")):
        monkeypatch.setenv(f"PULLQUOTE_LLM_PER_{name}", number)
    assert read_bot_settings().budgets == Budgets(per_user=7, per_server=0, per_day=2000)


@pytest.mark.parametrize("value", ["-1", "many", "1.5"])
def test_a_budget_that_is_no_number_is_one_line_that_names_the_setting(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "x")
    monkeypatch.setenv("PULLQUOTE_LLM_PER_DAY", value)
    with pytest.raises(SettingsError, match=r"^PULLQUOTE_LLM_PER_DAY cannot be used: [^\n]+$"):
        read_bot_settings()
