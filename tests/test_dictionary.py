from __future__ import annotations

import re
from dataclasses import replace

import pytest

from baogao import contract
from baogao.dictionary import dictionary

TABLES = contract.tables() | contract.history()


def test_it_mentions_every_table_in_order_and_every_column() -> None:
    parts = re.split(r"^## ", dictionary(), flags=re.MULTILINE)[1:]
    assert [part.split()[0] for part in parts] == list(TABLES)
    for part, table in zip(parts, TABLES.values(), strict=True):
        assert table.description in part
        rows = [line for line in part.splitlines() if line.startswith("| `")]
        cells = [re.split(r"(?<!\\)\|", row)[1:-1] for row in rows]
        assert [len(row) for row in cells] == [5] * len(table.columns)
        assert [row[0].strip() for row in cells] == [f"`{column.name}`{'' if column.required else '*'}" for column in table.columns]
        assert [row[2].strip() for row in cells] == [column.title["zh"] for column in table.columns]
        for row, column in zip(cells, table.columns, strict=True):
            assert all(f"`{value}`" in row[3] for value in column.enum)
            assert not column.unit or f"Unit: {column.unit}." in row[3]
        for foreign in table.foreign_keys:
            assert f"`{foreign.column}` points to `{foreign.table}.{foreign.references}`." in part


def test_the_rendered_page_is_not_stale() -> None:
    page = (contract.schemas_dir() / "README.md").read_text(encoding="utf-8")
    assert page.rstrip("\n") == dictionary().rstrip("\n"), "run make dictionary"


def test_marks_of_a_table_cell_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    said = replace(TABLES["words"].columns[1], description="Either a|b.", example="a|b\nc", required=False)
    monkeypatch.setattr(contract, "history", dict)
    monkeypatch.setattr(contract, "tables", lambda: {"words": replace(TABLES["words"], columns=(said,), year="word")})
    text = dictionary()
    assert "| `word`* | string | 词 | Either a\\|b. | a\\|b c |" in text
    assert "`words-YYYY.parquet`" in text
