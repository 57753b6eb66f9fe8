"""What a fresh clone stands on: pinned versions, make, the licence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import discord
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.discord import desk, pace, run, store
from bot.discord.cogs import managing
from index.question import MAX_CHARACTERS

ROOT = Path(__file__).resolve().parent.parent

MOST_OF_A_PICTURE = 150_000
"""Bytes: the README has to load on a phone."""


def project() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def direct_requirements() -> list[Requirement]:
    declared = project()
    extras = declared["optional-dependencies"]
    assert isinstance(extras, dict)
    lines = [*declared["dependencies"], *(line for extra in extras.values() for line in extra)]  # type: ignore[misc]
    found = map(Requirement, lines)
    # An extra may take in other extras of our own.
    return [requirement for requirement in found if requirement.name != "pullquote"]


def pinned_versions() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return {
        canonicalize_name(name): version for name, _, version in (x.partition("==") for x in lines)
    }


@pytest.mark.parametrize("requirement", direct_requirements(), ids=lambda one: one.name)
def test_every_direct_dependency_is_bounded_and_pinned_within_its_bounds(
    requirement: Requirement,
) -> None:
    assert any(one.operator in {"<", "<=", "=="} for one in requirement.specifier)
    assert any(one.operator in {">=", "=="} for one in requirement.specifier)
    assert requirement.specifier.contains(pinned_versions()[canonicalize_name(requirement.name)])


def test_constraints_are_names_and_exact_versions_and_nothing_else() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+]*", line), line
    assert not {"pip", "setuptools", "wheel", "torch", "pullquote"} & pinned_versions().keys()


def test_the_licence_is_named_and_there_in_full() -> None:
    assert project()["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose environment is there already, and whose pullquote prints its arguments."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    program = tmp_path / ".venv" / "bin" / "pullquote"
    program.parent.mkdir(parents=True)
    program.write_text(
        '#!/bin/sh\nfor one in "$@"; do printf "<%s>" "$one"; done\nexit ${STATUS:-0}\n'
    )
    program.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()
    return tmp_path


def make(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=clone,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "question",
    [
        "How many?",
        "What's Kim's \"plan\"?",
        "Is it $HOME or $(HOME) or `id` or $$?",
        "a; echo b && c | d > e # f",
        "100% of 5 \\ 6 * ? [x] ~ !",
        "Скільки військ? 🙂",
        "--help",
        "",
    ],
)
def test_make_ask_passes_every_question_on_as_it_is(clone: Path, question: str) -> None:
    result = make(clone, "ask", f"q={question}")
    assert (result.stdout, result.stderr) == (f"<ask><--><{question}>", "")


def test_articles_that_do_not_say_are_no_failure_of_make(clone: Path) -> None:
    result = make(clone, "ask", "q=x", STATUS="1")
    assert (result.returncode, result.stderr) == (0, "")
    assert make(clone, "ask", "q=x", STATUS="2").returncode != 0


def test_make_bot_runs_the_bot_beside_a_folder_of_that_name(clone: Path) -> None:
    (clone / "bot").mkdir()
    assert make(clone, "bot").stdout == "<bot>"
    assert make(clone, "bot", STATUS="2").returncode != 0


def test_make_help_lists_the_targets_of_the_readme(clone: Path) -> None:
    shown = make(clone).stdout
    targets = {line.split()[0] for line in shown.splitlines()}
    assert {"install", "ask", "index", "eval", "bot", "test", "check", "bench"} <= targets


def test_without_a_new_enough_python_make_says_so_in_one_line(clone: Path) -> None:
    (clone / ".venv" / ".installed").unlink()
    tools = clone / "tools"
    tools.mkdir()
    for name in ("sh", "make", "touch"):
        (tools / name).symlink_to(shutil.which(name) or name)
    result = make(clone, "install", PATH=str(tools))
    assert result.stderr.splitlines()[0] == (
        "Pullquote needs Python 3.11 or newer; name one: make install PYTHON=python3.12"
    )


def test_the_continuous_integration_runs_the_readme_s_test_command() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text()
    assert os.access(script, os.X_OK)


# What is written for people


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_setting_of_the_example_is_explained_in_the_readme() -> None:
    named = re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE)
    explained = re.findall(r"^\| `([A-Z_]+)` \| .+ \| \w.+ \|$", read("README.md"), re.MULTILINE)
    assert explained == named


def test_the_invitation_asks_for_the_permissions_of_its_table_and_no_other() -> None:
    guide = read("docs/discord.md")
    table = guide.partition("| permission |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([A-Z][^|]+) \|", table, re.MULTILINE)
    names = [name.lower().replace(" ", "_") for row in rows for name in row.split(", ")]
    wanted = discord.Permissions(
        **{{"view_channels": "view_channel"}.get(name, name): True for name in names}
    )
    (asked,) = re.findall(r"&permissions=(\d+)", guide)
    assert discord.Permissions(int(asked)) == wanted


def test_the_guide_names_the_limits_that_the_bot_has() -> None:
    guide = " ".join(read("docs/discord.md").split())
    stated = (
        f"the oldest of more than {store.MOST_ANSWERS:,}",
        f"| {desk.MOST_WAITING} are. It works on one at a time. |",
        f"those at work for at most {run.SECONDS_TO_FINISH:.0f} seconds",
        f"{pace.QUESTIONS} questions in {pace.SECONDS:.0f} seconds",
        f"between two questions of a person, 0 to {managing.LONGEST_COOLDOWN:,}",
        f"threads in it included; at most {managing.MOST_NAMED}",
        f"A question has at most {MAX_CHARACTERS:,} characters",
    )
    assert [line for line in stated if line not in guide] == []
    assert int(re.findall(r"TimeoutStopSec=(\d+)", guide)[0]) > run.SECONDS_TO_FINISH


@pytest.mark.parametrize("name", ["answer", "difference", "abstention", "articles"])
def test_the_readme_shows_what_people_see_in_discord(name: str) -> None:
    picture = f"docs/images/{name}.png"
    assert f'src="{picture}"' in read("README.md")
    assert 10_000 < (ROOT / picture).stat().st_size < MOST_OF_A_PICTURE


@pytest.mark.parametrize("page", ["README.md", "docs/discord.md"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", read(page))
    assert links
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
