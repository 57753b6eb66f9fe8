from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import (
    TOKEN,
    BotSettings,
    environment_model,
    read_bot_settings,
    read_settings,
)
from index.errors import SettingsError
from index.settings import Settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(TOKEN, raising=False)
    return tmp_path


def test_without_anything_set_the_library_s_defaults_hold() -> None:
    assert read_settings() == Settings()


def test_the_example_names_exactly_the_settings_that_exist(repository: Path) -> None:
    example = (repository / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(\w+)=", example, re.MULTILINE)
    fields = environment_model().model_fields
    ours = [f"PULLQUOTE_{name.upper()}" for name in fields]
    assert named == [TOKEN if name.endswith(TOKEN) else name for name in ours]


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
