"""The rules of this code base, read from its syntax trees."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
INDEX = sorted((ROOT / "index").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
EVERY = [*INDEX, *BOT, *sorted((ROOT / "tests").rglob("*.py"))]

MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_FILE = 300

HEAVY = {"chromadb", "llama_index", "onnxruntime", "tokenizers"}
"""Libraries that cost from tenths of a second to seconds to import."""

NO_TEXT = {".onnx", ".gz", ".pyc", ".png"}
GENERATED = {".venv", ".git", ".pullquote", "corpus", "__pycache__", ".hypothesis", "dist"}


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(nodes: Iterator[ast.AST]) -> set[str]:
    """The top-level packages that these nodes import."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def everywhere(file: Path) -> set[str]:
    return imports(ast.walk(tree_of(file)))


def at_the_top(file: Path) -> set[str]:
    return imports(iter(tree_of(file).body))


def offenders(files: list[Path], forbidden: set[str]) -> dict[str, set[str]]:
    return {name_of(file): bad for file in files if (bad := everywhere(file) & forbidden)}


def test_bot_knows_neither_the_vector_store_nor_the_framework() -> None:
    assert offenders(BOT, {"chromadb", "llama_index"}) == {}


def test_index_knows_neither_discord_nor_a_terminal_nor_bot() -> None:
    assert offenders(INDEX, {"bot", "discord", "typer", "click", "rich"}) == {}


def test_only_its_adapter_names_chroma() -> None:
    assert set(offenders(INDEX, {"chromadb"})) <= {"index/vectors.py"}


def test_only_its_adapter_imports_the_framework_at_the_top() -> None:
    found = {name_of(file) for file in INDEX if "llama_index" in at_the_top(file)}
    assert found <= {"index/llamaindex.py"}


def test_only_a_run_of_the_product_s_own_tests_imports_tests() -> None:
    assert offenders([*INDEX, *BOT], {"tests", "pytest", "hypothesis"}) == {}


def catches_everything(node: ast.AST) -> bool:
    """Whether this is a handler of every exception that does not raise it again."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    caught = ast.walk(node.type) if node.type else iter(())
    names = {one.id for one in caught if isinstance(one, ast.Name)}
    return node.type is None or bool(names & {"Exception", "BaseException"})


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_only_two_places_catch_every_exception() -> None:
    """The loop over articles, where one defect must not lose the others, and the outermost."""
    count = {
        name_of(file): sum(catches_everything(node) for node in ast.walk(tree_of(file)))
        for file in [*INDEX, *BOT]
    }
    places = {file: number for file, number in count.items() if number}
    assert places.keys() <= {"index/storage/attempt.py", "bot/cli.py"}
    assert set(places.values()) <= {1}


def test_the_outermost_handler_stands_in_main() -> None:
    main = next(one for one in functions(ROOT / "bot" / "cli.py") if one.name == "main")
    assert any(catches_everything(node) for node in ast.walk(main))


def calls(file: Path) -> set[str]:
    """Every function called by its bare name."""
    nodes = ast.walk(tree_of(file))
    return {
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_nothing_prints_the_library_says_nothing_and_front_ends_have_streams() -> None:
    assert [name_of(file) for file in [*INDEX, *BOT] if "print" in calls(file)] == []


def test_the_library_does_not_read_the_environment() -> None:
    """One file sets a variable there: a library phones home unless told not to, before import."""
    words = re.compile(r"\b(?:environ|getenv)\b")
    found = {name_of(file) for file in INDEX if words.search(ast.unparse(tree_of(file)))}
    assert found <= {"index/embed.py", "index/vectors.py"}


ALLOWED_AT_THE_TOP = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)


def does_work(node: ast.stmt) -> bool:
    """Whether a statement at the top of a module does more than name things."""
    if isinstance(node, ast.If):
        condition = ast.unparse(node.test)
        return condition != "TYPE_CHECKING" and not condition.startswith("__name__ ==")
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return not isinstance(node, ALLOWED_AT_THE_TOP)


@pytest.mark.parametrize("file", [*INDEX, *BOT], ids=name_of)
def test_importing_a_module_does_nothing(file: Path) -> None:
    assert [node.lineno for node in tree_of(file).body if does_work(node)] == []


@pytest.mark.parametrize("package", ["index", "bot"])
def test_importing_every_module_loads_no_heavy_library(package: str) -> None:
    files = [file for file in [*INDEX, *BOT] if name_of(file).startswith(f"{package}/")]
    modules = [
        name_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in files
        if file.name not in {"llamaindex.py", "__main__.py"}
    ]
    code = (
        "import importlib, json, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(json.loads(result.stdout)) & HEAVY == set()


@pytest.mark.parametrize("file", EVERY, ids=name_of)
def test_functions_and_files_are_small(file: Path) -> None:
    long = [
        one.name
        for one in functions(file)
        if (one.end_lineno or 0) - one.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []
    if "tests" not in file.parts:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_A_FILE


def repository_texts() -> Iterator[tuple[str, str]]:
    for file in sorted(ROOT.rglob("*")):
        parts = file.relative_to(ROOT).parts
        hidden = parts[0].startswith(".") and parts[0] not in {".ci", ".env.example", ".gitignore"}
        if hidden or GENERATED & set(parts) or file.suffix in NO_TEXT or not file.is_file():
            continue
        yield "/".join(parts), file.read_text(encoding="utf-8", errors="replace")


def test_nothing_names_a_package_registry_or_a_folder_of_one_machine() -> None:
    # In pieces, so that this file does not find itself.
    hosts = "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.org"])
    folders = "|".join(["/" + "work/", "/" + "root/", "/" + r"home/\w+/"])
    forbidden = re.compile(f"{hosts}|{folders}|index-" + "url")
    found = {
        name: match[0] for name, text in repository_texts() if (match := forbidden.search(text))
    }
    assert found == {}
