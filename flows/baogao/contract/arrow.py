"""Tables as Arrow schemas, and what their Parquet files say of themselves.

In: `Table` descriptions. Out: Arrow types and schemas, key-value metadata. Never: data.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from baogao.contract.reading import Column, Table, package, stated

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a column: only types that every reader of Parquet takes without loss."""
    import pyarrow as pa  # noqa: PLC0415 - 0.1 s, and not needed to read vocabularies

    types = {
        "string": pa.string(), "int32": pa.int32(), "double": pa.float64(), "bool": pa.bool_(),
        "date": pa.date32(), "timestamp": pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    return types[column.type]


def arrow_schema(table: Table, *, nullable: bool = False) -> pa.Schema:
    """The Arrow schema of a table. Required columns are not nullable, unless `nullable` asks for a table whose rows have yet to be checked."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.schema([pa.field(column.name, arrow_type(column), nullable=nullable or not column.required) for column in table.columns])


def file_metadata(table: Table) -> dict[str, str]:
    """What a Parquet file of the table says of itself: dataset, table, licence, and the meaning of each column, as text for Parquet's key-value metadata.

    No version: a file that does not change from one release to the next keeps its bytes.
    """
    about = package()
    columns = {column.name: stated(_describe(column)) for column in table.columns}
    return {
        "dataset": about["name"],
        "title": f"{about['title']['zh']} / {about['title']['en']}",
        "table": table.name,
        "description": table.description,
        "license": about["licenses"][0]["name"],
        "columns": json.dumps(columns, ensure_ascii=False),
    }


def _describe(column: Column) -> dict[str, object]:
    return {"title": column.title["en"], "title_zh": column.title["zh"], "description": column.description, "unit": column.unit, "example": column.example}
