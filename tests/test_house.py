"""The rules of the house: who may import whom, and how large a module may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "flows" / "baogao"
# The modules in the order in which the data meets them; a package counts as one. Each may import those that stand before it.
ORDER = (
    "records", "text", "http_bodies", "archives", "sources",
    "read", "clean", "describe", "sketch", "parts", "corrections", "copies", "outcomes", "assemble", "learn", "split", "measure", "words", "keywords", "ids",
    "conflicts", "contract", "dictionary", "tables", "stages", "pages",
    "store", "scale", "addresses", "removals", "expectations", "across",
    "check", "doubts", "moves", "compare", "publish", "summary", "pipeline", "orchestrate", "verify", "release", "data_docs", "rebuild", "get", "remote", "api", "cli",
)  # fmt: skip
LINES_MAX, MEDIAN_MAX = 320, 140


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if path.name != "__init__.py" or path.parent != SOURCE)


def place(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_of_the_project(path: Path) -> set[str]:
    parts = (name.split(".") for name in imported(path))
    return {part[1] for part in parts if part[0] == "baogao" and len(part) > 1}


def test_every_module_has_its_place_in_the_order():
    assert {place(path) for path in modules()} == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_point_down_the_list(path: Path):
    before = ORDER[: ORDER.index(place(path)) + 1]
    assert names_of_the_project(path) & set(ORDER) <= set(before)


def test_only_orchestrate_imports_prefect():
    assert {place(path) for path in modules() if any(name.split(".")[0] == "prefect" for name in imported(path))} == {"orchestrate"}


def test_only_expectations_imports_great_expectations():
    assert {place(path) for path in modules() if any(name.split(".")[0] == "great_expectations" for name in imported(path))} == {"expectations"}


def test_only_contract_reads_schemas():
    said = {place(path) for path in modules() if any("schemas_dir" in name for name in imported(path)) or '"schemas"' in path.read_text(encoding="utf-8")}
    assert said == {"contract"}


def test_modules_stay_small():
    lines = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in modules())
    assert lines[-1] <= LINES_MAX
    assert lines[len(lines) // 2] <= MEDIAN_MAX


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_says_what_comes_in_and_out(path: Path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "Out: " in said or path.parts[-2:] in (("cli", "__init__.py"), ("cli", "__main__.py"))
    assert "In: " in said or path.parts[-2:] in (("cli", "__init__.py"), ("cli", "__main__.py"))
