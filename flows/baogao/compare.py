"""Two releases compared: rows added, removed and changed, and rows that kept all but their identifier.

In: two `Side`s, each the Parquet files of a release (or of the draft of one) by table. Out: counts by table, and the changes themselves as tables.
The method is DuckDB's: an outer join on the key, `is distinct from` column by column. Files that are the same to the byte are not read; what does not fit
into memory goes to a temporary folder. Never: a table held whole.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baogao.store import COMPARISON

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# Longer texts are cut in `changes.old` and `changes.new`; the release has them whole.
_SHOWN = 200
_BATCH = 20_000
# With a second thread, which reads texts of its own, the reports of a country do not fit.
_MEMORY, _THREADS = "1GB", 1
# So many rows of each side are joined at a time, in so many bytes of their files: a country has sixty million words, and the texts of its reports are two gigabytes.
_JOINED, _JOINED_BYTES = 1_000_000, 64 << 20
# What makes two rows of one document the same thing, whatever their identifiers, where no other row of it has the same: offsets move when a text does.
_SAME: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sections": ("section_id", ("heading", "role")),
    "paragraphs": ("paragraph_id", ("text",)),
    "sentences": ("sentence_id", ("text",)),
    "indicators": ("indicator_id", ("name", "measure", "quote", "period_start", "period_end")),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two releases: its folder, the tables of its manifest (columns, rows, files), and the SHA-256 of its files by path."""

    folder: Path
    tables: Mapping[str, Mapping[str, Any]]
    digests: Mapping[str, str]

    def files(self, table: str) -> list[str]:
        """Paths of the files of a table."""
        return list(self.tables.get(table, {}).get("files", ()))

    def columns(self, table: str) -> dict[str, str]:
        """Columns of a table with their types, in order."""
        return dict(self.tables.get(table, {}).get("columns", {}))


@dataclass(slots=True)
class TableDifference:
    """How a table differs: rows by what happened to them, and columns."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)
    columns_retyped: list[str] = field(default_factory=list)
    columns_moved: bool = False

    @property
    def is_none(self) -> bool:
        """Whether there is no difference."""
        return self == TableDifference()


class Comparison:
    """The differences between two releases, over one connection of DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, old: Side, new: Side, keys: Mapping[str, Sequence[str]]) -> None:
        self._connection = connection
        self._keys = keys
        self.old, self.new = old, new
        self.tables = {name: self._columns_of(name) for name in keys if name in old.tables or name in new.tables}
        for name, found in self.tables.items():
            self._prepare(name)
            for op, count in self._connection.execute(f'select op, count(*) from "changes of {name}" group by op').fetchall():  # noqa: S608 - names of the contract
                setattr(found, op, count)

    def _columns_of(self, table: str) -> TableDifference:
        was, now = self.old.columns(table), self.new.columns(table)
        if not was or not now:
            return TableDifference()
        shared = [name for name in was if name in now]
        return TableDifference(
            columns_added=[name for name in now if name not in was],
            columns_removed=[name for name in was if name not in now],
            columns_retyped=[name for name in shared if was[name] != now[name]],
            columns_moved=shared != [name for name in now if name in was],
        )

    # --- rows

    def _prepare(self, table: str) -> None:
        """Views of what the two sides have that differs, and of the changes between them."""
        same = {path for path in self.old.files(table) if self.old.digests.get(path) == self.new.digests.get(path, "")}
        n_bytes = 0
        for name, side in (("old", self.old), ("new", self.new)):
            files = [side.folder / path for path in side.files(table) if path not in same]
            n_bytes = max(n_bytes, sum(file.stat().st_size for file in files if file.exists()))  # one that is missing is DuckDB's to tell
            columns = ", ".join(f"cast(null as {_SQL[kind]}) as {_quoted(column)}" for column, kind in self._all_columns(table, side).items())
            # Names are those of the contract; paths and texts are quoted.
            rows = f"select * from read_parquet([{', '.join(_text(str(file)) for file in files)}])" if files else f"select {columns} where false"  # noqa: S608
            self._connection.execute(f'create or replace temp view "{name} {table}" as {rows}')
        for n, part in enumerate(self._parts(table, n_bytes)):
            into = f'insert into "changes of {table}"' if n else f'create or replace temp table "changes of {table}" as'
            self._connection.execute(f"{into} {self._changes(table, part)}")

    def _parts(self, table: str, n_bytes: int) -> list[str]:
        """Conditions on the first column of the key that cut a large table into parts, since no join of two whole ones fits into memory; both sides are in its order."""
        key, rows = self._keys[table][0], max(int(side.tables.get(table, {}).get("rows", 0)) for side in (self.old, self.new))
        count = min(256, max(rows // _JOINED, n_bytes // _JOINED_BYTES) + 1)
        if count == 1 or not key.endswith("_id") or any(key not in self._all_columns(table, side) for side in (self.old, self.new)):
            return ["true"]
        name = _quoted(key)  # identifiers are hexadecimal, and cut by their first two digits
        bounds = [f"{n * 256 // count:02x}" for n in range(1, count)]
        inner = [f"{name} >= {_text(low)} and {name} < {_text(high)}" for low, high in pairwise(bounds)]
        return [f"{name} < {_text(bounds[0])} or {name} is null", *inner, f"{name} >= {_text(bounds[-1])}"]

    def _all_columns(self, table: str, side: Side) -> dict[str, str]:
        return side.columns(table) or self.old.columns(table) or self.new.columns(table)

    def _changes(self, table: str, part: str) -> str:
        """The query for the rows of a part of a table that differ: id, op, the columns that differ, their old and their new values as JSON."""
        was, now = self._all_columns(table, self.old), self._all_columns(table, self.new)
        keys = [key for key in self._keys[table] if key in was and key in now]
        shared = [name for name in was if name in now and name not in keys]
        differ = {name: _differ(name, retyped=was[name] != now[name]) for name in shared}
        there = "o.there and n.there"
        columns = ", ".join(f"case when {sql} then {_text(name)} end" for name, sql in differ.items()) or "null"
        values = {
            side: ", ".join(f"case when {sql} then {_json(side, name, kinds[name])} end" for name, sql in differ.items()) or "null"
            for side, kinds in (("o", was), ("n", now))
        }
        identity = ", ".join(f"coalesce(cast(coalesce(o.{_quoted(key)}, n.{_quoted(key)}) as varchar), '')" for key in keys)
        on = " and ".join(f"o.{_quoted(key)} is not distinct from n.{_quoted(key)}" for key in keys)
        return f"""
            select concat_ws('/', {identity}) as id,
                case when n.there is null then 'removed' when o.there is null then 'added' else 'changed' end as op,
                case when {there} then concat_ws(', ', {columns}) end as columns,
                case when {there} then '{{' || concat_ws(', ', {values["o"]}) || '}}' end as old,
                case when {there} then '{{' || concat_ws(', ', {values["n"]}) || '}}' end as new
            from (select *, true as there from "old {table}" where {part}) o full outer join (select *, true as there from "new {table}" where {part}) n on {on}
            where o.there is null or n.there is null or {" or ".join(differ.values()) or "false"}
        """  # noqa: S608 - names of the contract

    def changes(self) -> Iterator[pa.Table]:
        """All changes, as rows of the table changes (see schemas/changes.yaml), in order, some at a time."""
        for name in sorted(self.tables):
            yield from self._read(f'select {_text(name)} as "table", id, op, columns, old, new from "changes of {name}" order by id, op')  # noqa: S608

    def _read(self, sql: str) -> Iterator[pa.Table]:
        import pyarrow as pa  # noqa: PLC0415 - not needed to count

        for batch in self._connection.sql(sql).to_arrow_reader(_BATCH):
            yield pa.Table.from_batches([batch])

    # --- identifiers

    def rekeys(self) -> Iterator[pa.Table]:
        """Rows whose identifier changed although they are the same, as rows of the table rekeys (see schemas/rekeys.yaml)."""
        if {"pages", "reports"} <= self.tables.keys():
            self._connection.execute(_PAGES_SQL)
            queries = {
                "pages": "select 'pages' as \"table\", old_id, new_id, reason from rekeyed_pages order by old_id",
                "reports": "select 'reports' as \"table\", old_id, new_id, 'the same page' as reason from rekeyed_reports order by old_id",
                **{name: _parts_sql(name, key, same) for name, (key, same) in _SAME.items() if name in self.tables},
            }
            for name in sorted(queries):
                yield from self._read(queries[name])


# Pages by their bytes, pages without an address by their files; documents by their pages. What both releases have keeps its identifier.
_PAGES_SQL = """
    create or replace temp table rekeyed_pages as
        with o as (select * from "old pages" where page_id not in (select page_id from "new pages")),
             n as (select * from "new pages" where page_id not in (select page_id from "old pages")),
             same as (select o.page_id as old_id, n.page_id as new_id, 'the same bytes' as reason from o join n on o.sha256 = n.sha256
                      union all
                      select o.page_id, n.page_id, 'the same file' from o join n on o.source = n.source and o.url is null and n.url is null
                      where o.sha256 <> n.sha256)
        select * from same qualify count(*) over (partition by old_id) = 1 and count(*) over (partition by new_id) = 1;
    create or replace temp table rekeyed_reports as
        with same as (select page_id as old_page, page_id as new_page from "old pages" union all select old_id as old_page, new_id as new_page from rekeyed_pages)
        select distinct o.doc_id as old_id, n.doc_id as new_id
        from same join "old pages" o on o.page_id = same.old_page join "new pages" n on n.page_id = same.new_page
        where o.doc_id in (select id from "changes of reports" where op = 'removed') and n.doc_id in (select id from "changes of reports" where op = 'added')
        qualify count(distinct n.doc_id) over (partition by o.doc_id) = 1 and count(distinct o.doc_id) over (partition by n.doc_id) = 1;
"""


def _parts_sql(table: str, key: str, same: Sequence[str]) -> str:
    """The query for parts of documents that say what they said, with other identifiers."""
    on = " and ".join(f"o.{_quoted(column)} is not distinct from n.{_quoted(column)}" for column in same)
    return f"""
        with o as (select r.*, coalesce(d.new_id, r.doc_id) as now from "old {table}" r left join rekeyed_reports d on d.old_id = r.doc_id
                   where r.{key} in (select id from "changes of {table}" where op = 'removed')),
             n as (select * from "new {table}" where {key} in (select id from "changes of {table}" where op = 'added'))
        select '{table}' as "table", o.{key} as old_id, n.{key} as new_id, 'the same words in the same report' as reason
        from o join n on o.now = n.doc_id and {on}
        qualify count(*) over (partition by o.{key}) = 1 and count(*) over (partition by n.{key}) = 1
        order by old_id
    """  # noqa: S608 - names of the contract


@contextmanager
def comparison(old: Side, new: Side, keys: Mapping[str, Sequence[str]], *, work: Path | None = None) -> Iterator[Comparison]:
    """Compare two releases; `keys` gives the key of each table, `work` a folder for what does not fit into memory."""
    import duckdb  # noqa: PLC0415 - 0.1 s

    with tempfile.TemporaryDirectory(dir=work, prefix=COMPARISON) as folder:
        connection = duckdb.connect(config={"temp_directory": folder, "memory_limit": _MEMORY, "threads": _THREADS, "preserve_insertion_order": "false"})
        try:
            yield Comparison(connection, old, new, keys)
        finally:
            connection.close()


_SQL = {"string": "varchar", "int32": "integer", "double": "double", "bool": "boolean", "date": "date", "timestamp": "timestamptz"}


def _differ(column: str, *, retyped: bool) -> str:
    """Whether a column differs; of one whose type changed, whether it reads otherwise."""
    was, now = (f"cast({side}.{_quoted(column)} as varchar)" if retyped else f"{side}.{_quoted(column)}" for side in "on")
    return f"{was} is distinct from {now}"


def _json(side: str, column: str, kind: str) -> str:
    """The value of a column as a member of a JSON object."""
    value = f"{side}.{_quoted(column)}"
    shown = f"case when length({value}) > {_SHOWN} then left({value}, {_SHOWN}) || '…' else {value} end" if kind == "string" else value
    member = _text(f'"{column}": ')
    return f"{member} || coalesce(cast(to_json({shown}) as varchar), 'null')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
