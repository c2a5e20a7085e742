"""The data dictionary: schemas/README.md, for people.

In: the contract. Out: Markdown; `make dictionary` writes it. Never: a word on a column that schemas/ does not have.
"""

from __future__ import annotations

import json

from baogao import contract


def dictionary() -> str:
    """The data dictionary as Markdown, schemas/README.md."""
    about = contract.package()
    head = [
        "# Data dictionary",
        "",
        f"{about['title']['zh']} / {about['title']['en']}",
        "",
        "This page is rendered from `schemas/*.yaml` by `make dictionary`; a test fails when it is stale. A star marks columns that may be null.",
        "Offsets count characters (code points) from 0; `end` is exclusive. Controlled vocabularies stand in `schemas/terms/`.",
        "",
    ]
    return "\n".join(head + [line for table in (contract.tables() | contract.history()).values() for line in _dictionary_table(table)])


def _dictionary_table(table: contract.Table) -> list[str]:
    notes = [f"Key: {', '.join(f'`{name}`' for name in table.key)}."]
    notes += [f"`{key.column}` points to `{key.table}.{key.references}`." for key in table.foreign_keys]
    if table.year:
        notes.append(f"One file a year (`{table.name}-YYYY.parquet`, `{table.name}-undated.parquet` without one).")
    rows = [
        f"| `{column.name}`{'' if column.required else '*'} | {column.type} | {column.title['zh']} | {_cell(column)} | {_example(column)} |" for column in table.columns
    ]
    head = [f"## {table.name} {table.title['zh']}", "", table.description, "", " ".join(notes), ""]
    return [*head, "| column | type | 中文 | meaning | example |", "|---|---|---|---|---|", *rows, ""]


def _cell(column: contract.Column) -> str:
    said = column.description.replace("|", "\\|")
    said += f" One of {', '.join(f'`{value}`' for value in column.enum)}." if column.enum else ""
    return said + (f" Unit: {column.unit}." if column.unit else "")


def _example(column: contract.Column) -> str:
    text = json.dumps(column.example) if isinstance(column.example, bool) else str(column.example)
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    print(dictionary())
