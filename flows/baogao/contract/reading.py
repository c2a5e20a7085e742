"""Reading schemas/: the dataset, its tables and columns, its vocabularies. The only reader of schemas/.

In: schemas/package.yaml, schemas/<table>.yaml, schemas/terms/. Out: `Table` descriptions, and vocabularies as parsed. Never: data.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from baogao.records import BaogaoError

# Types of columns: only those that every reader of Parquet takes without loss.
TYPES = ("string", "int32", "double", "bool", "date", "timestamp")
# How their values are written in YAML.
_SAID: Mapping[str, type | tuple[type, ...]] = {"string": str, "int32": int, "double": (int, float), "bool": bool, "date": str, "timestamp": str}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its table file describes it."""

    name: str
    type: str
    title: Mapping[str, str]
    description: str
    example: object
    unit: str | None = None
    unitless: bool = False
    """Whether it is a number that counts or measures nothing: an ordinal, a rank, a weight."""
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    not_below: str | None = None

    @property
    def described(self) -> str:
        """Its meaning, with its unit."""
        return self.description + (f" Unit: {self.unit}." if self.unit else "")


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

    @property
    def key_is_stated(self) -> bool:
        """Whether every column of its key always has a value: else it is no primary key to others."""
        return all(column.required for column in self.columns if column.name in self.key)


def schemas_dir() -> Path:
    """The folder of the schemas: inside the installed package, else beside the source root."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "schemas"
    return installed if installed.is_dir() else here.parents[3] / "schemas"


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
def history() -> dict[str, Table]:
    """The tables that say how a release differs from the one before it: they stand in changes/, apart from the data."""
    return {name: _table(_load(f"{name}.yaml")) for name in package()["history"]}


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


def stated(record: Mapping[str, object]) -> dict[str, object]:
    """The entries of a record that have a value."""
    return {key: value for key, value in record.items() if value is not None}


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
    if raw["type"] not in TYPES:
        return f"{raw['type']} is no type (one of {', '.join(TYPES)})"
    try:
        re.compile(raw.get("pattern") or "")
    except re.error as error:
        return f"the pattern {raw['pattern']} is no regular expression ({error})"
    if raw["type"] in {"int32", "double"} and bool(raw.get("unit")) == bool(raw.get("unitless")):
        return "a number has a unit, or is unitless: true"
    return None if _is_value(raw) else f"the example {raw['example']!r} is no value that the column may have"


def _is_value(raw: Mapping[str, Any]) -> bool:
    """Whether the example of a column is of its type, and as its constraints ask."""
    said: Any = raw["example"]
    kind: str = raw["type"]
    if not isinstance(said, _SAID[kind]) or isinstance(said, bool) != (kind == "bool"):
        return False
    written = str(said)
    try:
        if kind in {"date", "timestamp"}:
            (date if kind == "date" else datetime).fromisoformat(written)
    except ValueError:
        return False
    return (
        (not raw.get("enum") or said in raw["enum"])
        and (not raw.get("pattern") or re.search(raw["pattern"], written) is not None)
        and (not raw.get("max_length") or len(written) <= raw["max_length"])
        and (kind not in {"int32", "double"} or raw.get("minimum", -math.inf) <= float(written) <= raw.get("maximum", math.inf))
    )
