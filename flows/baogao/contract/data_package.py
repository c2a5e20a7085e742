"""The dataset as a Data Package v2, its tables as Table Schemas.

In: `Table` descriptions, the files of a release. Out: datapackage.json and schemas/<table>.json, as records. Never: data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from baogao.contract.reading import Column, Table, history, package, stated, tables


def data_package(version: str, files: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, Any]:
    """datapackage.json (Data Package v2) of a release. `files` gives, for each table, its Parquet files as path, bytes and hash."""
    about = package()
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": about["name"],
        "title": f"{about['title']['zh']} / {about['title']['en']}",
        "description": f"{about['description']['zh']}\n\n{about['description']['en']}",
        "version": version,
        "licenses": about["licenses"],
        "contributors": about["contributors"],
        "keywords": about["keywords"],
        "resources": [_resource(table, files[name]) for name, table in (tables() | history()).items() if files.get(name)],
    }


def _resource(table: Table, files: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    paths = [file["path"] for file in files]
    one = files[0] if len(files) == 1 else {}
    return {
        "name": table.name,
        "title": f"{table.title['zh']} / {table.title['en']}",
        "description": table.description,
        "path": paths[0] if len(paths) == 1 else paths,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **{key: one[key] for key in ("bytes", "hash") if key in one},
        "schema": table_schema(table),
    }


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema (Data Package v2) of a table. A key with a column that may be null is no primary key there."""
    keys = [
        {"fields": [key.column], "reference": {"resource": "" if key.table == table.name else key.table, "fields": [key.references]}}
        for key in table.foreign_keys
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        **({"primaryKey": list(table.key)} if table.key_is_stated else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


_FIELD_TYPES = {"string": "string", "int32": "integer", "double": "number", "bool": "boolean", "date": "date", "timestamp": "datetime"}


def _field(column: Column) -> dict[str, Any]:
    constraints = stated(
        {
            "required": True if column.required else None,
            "enum": list(column.enum) or None,
            "pattern": column.pattern,
            "minimum": column.minimum,
            "maximum": column.maximum,
            "maxLength": column.max_length,
        }
    )
    return {
        "name": column.name,
        "type": _FIELD_TYPES[column.type],
        "title": f"{column.title['zh']} / {column.title['en']}",
        "description": column.described,
        "example": column.example if isinstance(column.example, str) else json.dumps(column.example),  # the profile takes texts only
        **({"constraints": constraints} if constraints else {}),
    }
