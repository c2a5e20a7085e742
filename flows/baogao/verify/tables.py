"""The tables of a release as wholes: columns, digests, keys, order, totals.

In: the folder of a release and its manifest. Out: what is wrong, in sentences that name the rows. Never: a text held beside another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.contract import Table
from baogao.publish.parquet import digests, joint

# So many rows are named for each thing that is wrong with a table; all are counted.
SHOWN = 5
# Counts of a report's parts, and the tables that they count.
_COUNTS = {"n_sections": "sections", "n_paragraphs": "paragraphs", "n_sentences": "sentences", "n_indicators": "indicators"}


def read_table(folder: Path, manifest: Mapping[str, Any], name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A table of a release, all its files in one."""
    files = [folder / path for path in manifest["tables"][name]["files"]]
    schema = contract.arrow_schema(contract.tables()[name])
    return pa.concat_tables([pq.read_table(file, columns=columns) for file in files]) if files else schema.empty_table().select(columns or schema.names)


def named(rows: Iterable[object]) -> str:
    """Some of the rows, for a sentence."""
    shown = [str(row) for row in rows]
    return ", ".join(shown[:SHOWN]) + (", …" if len(shown) > SHOWN else "")


# --- columns


def wrong_schemas(folder: Path, manifest: Mapping[str, Any], chosen: Sequence[str] | None = None) -> Iterator[str]:
    """Tables whose columns are not those of the contract, or whose rows are not those of the manifest."""
    yield from (f"manifest.json has a table {name}, which is none of the contract" for name in manifest["tables"].keys() - contract.tables().keys())
    for name, table in contract.tables().items():
        described = manifest["tables"].get(name)
        if described is None:
            yield f"manifest.json says nothing of table {name}"
            continue
        if chosen is not None and name not in chosen:
            continue
        wrong = [problem for path in described["files"] for problem in _wrong_columns(folder, path, table)]
        yield from wrong
        if not wrong:
            yield from _wrong_digests(folder, table, described)


def _wrong_columns(folder: Path, path: str, table: Table) -> Iterator[str]:
    try:
        found = pq.read_schema(folder / path).remove_metadata()
        pq.read_table(folder / path, columns=[], use_threads=False)
    except (OSError, pa.ArrowException) as error:
        yield f"{path} cannot be read ({' '.join(str(error).split())})"
        return
    wanted = contract.arrow_schema(table)
    if found.equals(wanted):
        return
    missing, extra = [name for name in wanted.names if name not in found.names], [name for name in found.names if name not in wanted.names]
    for names, what in ((missing, "lacks"), (extra, "has too much")):
        if names:
            yield f"{path} has other columns than table {table.name} of the contract: it {what} {', '.join(names)}"
    for name in wanted.names:
        if name in found.names and not found.field(name).equals(wanted.field(name)):
            yield f"{path} has other columns than table {table.name} of the contract: {name} is {_type(found.field(name))}, not {_type(wanted.field(name))}"
    if not missing and not extra and found.names != wanted.names:
        yield f"{path} has other columns than table {table.name} of the contract: they stand in another order"


def _type(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' (never null)'}"


def _wrong_digests(folder: Path, table: Table, described: Mapping[str, Any]) -> Iterator[str]:
    try:
        rows, content, keys = digests([folder / path for path in described["files"]], table)
    except (OSError, pa.ArrowException) as error:
        yield f"table {table.name} cannot be read ({' '.join(str(error).split())})"
        return
    if rows != described["rows"]:
        yield f"table {table.name} has {rows} rows, and {described['rows']} by its manifest"
    columns = {column.name: column.type for column in table.columns}
    contents = joint(described.get("contents", ()))
    for key, said, found in (
        ("columns", described.get("columns"), columns), ("content_sha256", described.get("content_sha256"), content),
        ("keys_sha256", described.get("keys_sha256"), keys), ("contents", contents, content),
    ):  # fmt: skip
        if said != found:
            yield f"manifest.json has other {key} for table {table.name} than its rows have"


# --- keys


def wrong_keys(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Keys that stand in two rows, and keys that lead to no row."""
    for name, table in contract.tables().items():
        keys = read_table(folder, manifest, name, list(table.key))
        counted = keys.append_column("n", pa.array([1] * keys.num_rows, pa.int32())).group_by(list(table.key)).aggregate([("n", "sum")])
        repeated = counted.filter(pc.greater(counted["n_sum"], 1)).select(list(table.key)).to_pylist()
        if repeated:
            said = named("/".join(map(str, row.values())) for row in repeated)
            yield f"table {name} has {keys.num_rows - counted.num_rows} rows whose key ({', '.join(table.key)}) stands in another row too: {said}"
        for key in table.foreign_keys:
            rows = read_table(folder, manifest, name, list(dict.fromkeys((*table.key, key.column))))
            there = read_table(folder, manifest, key.table, [key.references])[key.references]
            lost = rows.filter(pc.invert(pc.or_(pc.is_null(rows[key.column]), pc.is_in(rows[key.column], value_set=there)))).to_pylist()
            if lost:
                said = named(f"{row[key.column]} in row {'/'.join(str(row[part]) for part in table.key)}" for row in lost)
                yield f"{name}.{key.column} has {len(lost)} values that are no {key.table}.{key.references}: {said}"


# --- order


def wrong_order(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Rows that do not stand in the order of the contract, or in the file of another year."""
    for name, table in contract.tables().items():
        for path in manifest["tables"][name]["files"]:
            rows = pq.read_table(folder / path, columns=list(dict.fromkeys((*table.key, *table.sort, *([table.year] if table.year else [])))))
            order = pc.sort_indices(rows, sort_keys=[(column, "ascending") for column in table.sort])
            moved = pc.indices_nonzero(pc.not_equal(order, pa.array(range(rows.num_rows), pa.uint64()))).to_pylist()
            if moved and rows.select(list(table.sort)).take(order).equals(rows.select(list(table.sort))):
                moved = []  # rows that are equal in all columns of the order
            if moved:
                yield f"{path} is not in the order of {', '.join(table.sort)}, first at row {_key(table, rows.slice(moved[0], 1).to_pylist()[0])}"
            if table.year:
                year = path.removesuffix(".parquet").rpartition("-")[2]
                wrong = [row for row in rows.to_pylist() if str(row[table.year] or "undated") != year]
                if wrong:
                    yield f"{path} has {len(wrong)} rows of another {table.year}: {named(_key(table, row) for row in wrong)}"


def _key(table: Table, row: Mapping[str, Any]) -> str:
    return "/".join(str(row[part]) for part in table.key)


# --- totals


def wrong_totals(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Counts and choices that other rows contradict."""

    def read(name: str, *columns: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = read_table(folder, manifest, name, list(columns)).to_pylist()
        return rows

    yield from _wrong_counts(read)
    yield from _wrong_choices(read)
    held = Counter((row["place_code"], row["report_year"]) for row in read("reports", "place_code", "report_year"))
    for row in read("coverage", "place_code", "report_year", "status", "n_documents"):
        found = held[(row["place_code"], row["report_year"])]
        if row["n_documents"] != found or (row["status"] == "missing") is (found > 0):
            yield f"coverage, row {row['place_code']}/{row['report_year']}: status {row['status']} and n_documents {row['n_documents']}, where reports has {found}"
    status = ((row["page_id"], row["status"], row["doc_id"]) for row in read("pages", "page_id", "status", "doc_id"))
    yield from (f"pages, row {page_id}: status {said}, and doc_id {doc_id}" for page_id, said, doc_id in status if (said == "accepted") is (doc_id is None))


def _wrong_counts(read: Callable[..., list[dict[str, Any]]]) -> Iterator[str]:
    reports = read("reports", "doc_id", *_COUNTS)
    for column, table in _COUNTS.items():
        counts = Counter(row["doc_id"] for row in read(table, "doc_id"))
        for row in reports:
            if row[column] != counts[row["doc_id"]]:
                yield f"reports, row {row['doc_id']}: {column} is {row[column]}, and {table} has {counts[row['doc_id']]}"


def _wrong_choices(read: Callable[..., list[dict[str, Any]]]) -> Iterator[str]:
    """Reports of which not exactly one document is canonical."""
    documents: dict[str, list[tuple[str, bool]]] = {}
    for row in read("reports", "doc_id", "report_key", "is_canonical"):
        if row["report_key"]:
            documents.setdefault(row["report_key"], []).append((row["doc_id"], row["is_canonical"]))
    for key, same in documents.items():
        chosen = [doc_id for doc_id, is_canonical in same if is_canonical]
        if len(chosen) != 1:
            yield f"reports, is_canonical: {len(chosen)} documents stand for report {key}, not one: {named(chosen or [doc_id for doc_id, _ in same])}"
