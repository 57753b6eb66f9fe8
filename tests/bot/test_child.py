from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.child import child_command, child_environment


def run(module: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        child_command(module, "--version"),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=child_environment(),
    )


def test_a_folder_named_like_a_package_of_ours_is_not_run_instead(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('a stranger ran')\n")
    assert run("bot", tmp_path).stdout.startswith("pullquote ")


def test_only_the_key_to_discord_is_kept_from_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("PULLQUOTE_CORPUS", "news")
    found = child_environment()
    assert "secret" not in found.values()
    assert found["PULLQUOTE_CORPUS"] == "news"


@pytest.mark.parametrize(
    ("code", "said"),
    [("bytearray(2_000_000_000)", "MemoryError"), ("while True: pass", "")],
)
def test_what_takes_too_much_memory_or_time_ends(code: str, said: str) -> None:
    limited = f"from bot.child import limit_process\nlimit_process(1)\n{code}\n"
    result = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=False, timeout=30
    )
    assert result.returncode != 0
    assert said in result.stderr
