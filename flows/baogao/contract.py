"""The contract: schemas/ rendered into everything that describes a table. The only reader of schemas/.

In: schemas/package.yaml, schemas/<table>.yaml, schemas/terms/. Out: `Table` descriptions, Arrow schemas, Great Expectations suites, the Data Package,
and vocabularies as parsed. Never: data.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from baogao.records import BaogaoError

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its table file describes it."""

    name: str
    type: str
    title: Mapping[str, str]
    description: str
    example: object
    unit: str | None = None
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    not_below: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values are keys of a table."""

    column: str
    table: str
    references: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its file describes it."""

    name: str
    title: Mapping[str, str]
    description: str
    key: tuple[str, ...]
    sort: tuple[str, ...]
    columns: tuple[Column, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    year: str | None = None
    """The column whose year splits the table into files."""
    json: bool = False
    csv: tuple[str, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


def schemas_dir() -> Path:
    """The folder of the schemas: inside the installed package, else beside the source root."""
    here = Path(__file__).resolve()
    installed = here.parent / "schemas"
    return installed if installed.is_dir() else here.parents[2] / "schemas"


@functools.cache
def package() -> dict[str, Any]:
    """The dataset's description, schemas/package.yaml."""
    loaded: dict[str, Any] = _load("package.yaml")
    return loaded


@functools.cache
def tables() -> dict[str, Table]:
    """All tables by name, in the order of package.yaml: a table follows those it points to."""
    return {name: _table(_load(f"{name}.yaml")) for name in package()["tables"]}


@functools.cache
def terms(name: str) -> Any:
    """A vocabulary of schemas/terms as parsed: YAML, or rows of a CSV as dicts, or lines of a text file without comments."""
    folder = schemas_dir() / "terms"
    if (folder / f"{name}.yaml").exists():
        return _load(f"terms/{name}.yaml")
    if (folder / f"{name}.csv").exists():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@functools.cache
def digest() -> str:
    """SHA-256 over all files of schemas/ that decide what a release holds, for fingerprints."""
    folder = schemas_dir()
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".yaml", ".csv", ".txt"}:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


# --- Arrow


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
    columns = {column.name: _plain(_describe(column)) for column in table.columns}
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


def _plain(record: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in record.items() if value is not None}


# --- Great Expectations


def expectations(table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """The table's suite as (name of the expectation in Great Expectations, its arguments), in column order, keys last."""
    for column in table.columns:
        about = {"column": column.name}
        if column.required:
            yield "expect_column_values_to_not_be_null", about
        if column.enum:
            yield "expect_column_values_to_be_in_set", about | {"value_set": list(column.enum)}
        if column.pattern:
            yield "expect_column_values_to_match_regex", about | {"regex": column.pattern}
        if column.minimum is not None or column.maximum is not None:
            yield "expect_column_values_to_be_between", about | _plain({"min_value": column.minimum, "max_value": column.maximum})
        if column.max_length is not None:
            yield "expect_column_value_lengths_to_be_between", about | {"max_value": column.max_length}
        if column.not_below:
            pair = {"column_A": column.name, "column_B": column.not_below, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
            yield "expect_column_pair_values_a_to_be_greater_than_b", pair
    if len(table.key) == 1:
        yield "expect_column_values_to_be_unique", {"column": table.key[0]}
    else:
        yield "expect_compound_columns_to_be_unique", {"column_list": list(table.key), "ignore_row_if": "never"}


# --- Data Package


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
        "resources": [_resource(table, files[name]) for name, table in tables().items() if files.get(name)],
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
        **({"primaryKey": list(table.key)} if all(column.required for column in table.columns if column.name in table.key) else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


_FIELD_TYPES = {"string": "string", "int32": "integer", "double": "number", "bool": "boolean", "date": "date", "timestamp": "datetime"}


def _field(column: Column) -> dict[str, Any]:
    constraints = _plain(
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
        "description": column.description + (f" Unit: {column.unit}." if column.unit else ""),
        "example": column.example,
        **({"constraints": constraints} if constraints else {}),
    }


# --- reading


def _load(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path = schemas_dir() / name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, in C where there is one
    except (OSError, yaml.YAMLError) as error:
        raise BaogaoError(f"schemas/{name} cannot be read ({' '.join(str(error).split())}): restore it from the repository") from error


def _table(raw: Mapping[str, Any]) -> Table:
    columns = tuple(_column(raw["name"], column) for column in raw["columns"])
    names = [column.name for column in columns]
    shown = raw.get("csv", False)
    table = Table(
        name=raw["name"],
        title=raw["title"],
        description=" ".join(raw["description"].split()),
        key=tuple(raw["key"]),
        sort=tuple(raw["sort"]),
        columns=columns,
        foreign_keys=tuple(ForeignKey(key["column"], *key["references"].split(".")) for key in raw.get("foreign_keys", ())),
        year=raw.get("year"),
        json=raw.get("json", False),
        csv=tuple(names if shown is True else shown or ()),
    )
    used = {*table.key, *table.sort, *table.csv, *(key.column for key in table.foreign_keys), *([table.year] if table.year else [])}
    used |= {column.not_below for column in columns if column.not_below}
    if missing := used - set(names):
        raise BaogaoError(f"schemas/{table.name}.yaml uses columns that it does not describe: {', '.join(sorted(missing))}")
    return table


def _column(table: str, raw: Mapping[str, Any]) -> Column:
    if wrong := _wrong(raw):
        raise BaogaoError(f"schemas/{table}.yaml, column {raw.get('name')}: {wrong}; every column needs name, type, titles, description and example")
    return Column(**{**raw, "enum": tuple(raw.get("enum", ()))})


def _wrong(raw: Mapping[str, Any]) -> str | None:
    """What is wrong with a column of a table file."""
    if unknown := sorted(raw.keys() - {one.name for one in fields(Column)}):
        return f"{', '.join(unknown)} is no key of a column"
    titles = raw["title"] if isinstance(raw.get("title"), dict) else {}
    said = {name: raw.get(name) for name in ("name", "type", "description", "example")} | {f"title in {code}": titles.get(code) for code in ("zh", "en")}
    if missing := [name for name, value in said.items() if value is None or value == ""]:
        return f"{', '.join(missing)} is missing"
    if raw["type"] not in _FIELD_TYPES:
        return f"{raw['type']} is no type (one of {', '.join(_FIELD_TYPES)})"
    try:
        re.compile(raw.get("pattern") or "")
    except re.error as error:
        return f"the pattern {raw['pattern']} is no regular expression ({error})"
    return None
