"""The rows of a release, each by itself and against each other: expectations of its suites, quotes, parts and what holds them.

In: the folder of a release and its manifest. Out: what is wrong, in sentences that name file, row and column. Never: the texts of more than one year at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.across import faults
from baogao.contract import Table
from baogao.removals import TEXTS
from baogao.verify.tables import SHOWN, read_table

_OF_YEARS = ("paragraphs", "sentences", "indicators")
_OF_ALL = ("sections", "targets")
_KEYS = frozenset({"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})


def wrong_rows(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Rows that fail an expectation of their table, and rows that do not agree with others."""
    yield from _against_suites(folder, manifest)
    rejects = read_table(folder, manifest, "rejects", ["id"])["id"].to_pylist()
    turned_away = {identifier[:12] for identifier in rejects}
    for path in manifest["tables"]["reports"]["files"]:
        tables, paths = _shard(folder, path)
        for name in tables:
            found = ((one.row, one.reason) for one in faults(name, tables))
            yield from _said(paths[name], contract.tables()[name], tables[name], found)
        for name in ("sections", "paragraphs", "sentences"):
            yield from _said(paths[name], contract.tables()[name], tables[name], _lost(name, tables, turned_away))
        for name, columns in TEXTS.items():
            if name in tables:
                yield from _said(paths[name], contract.tables()[name], tables[name], _not_withdrawn(tables[name], columns, tables["reports"]))


def _against_suites(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    from baogao.expectations import violations  # noqa: PLC0415 - Great Expectations takes seconds to load

    for name, table in contract.tables().items():
        for path in manifest["tables"][name]["files"]:
            rows = pq.read_table(folder / path)
            found = ((one.row, one.reason) for one in violations(table, rows) if one.expectation not in _KEYS)  # keys are judged over all files
            yield from _said(path, table, rows, found)


def _shard(folder: Path, path: str) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """The tables of the reports of one file, and the file or folder of each."""
    ending = path.removeprefix("data/reports/reports")
    tables, paths = {"reports": pq.read_table(folder / path)}, {"reports": path}
    doc_ids = tables["reports"]["doc_id"]
    for name in (*_OF_YEARS, *_OF_ALL):
        one = f"data/{name}/{name}{ending if name in _OF_YEARS else '.parquet'}"
        rows = pq.read_table(folder / one) if (folder / one).exists() else contract.arrow_schema(contract.tables()[name]).empty_table()
        tables[name], paths[name] = rows if name in _OF_YEARS else rows.filter(pc.is_in(rows["doc_id"], value_set=doc_ids)), one
    return tables, paths


def _lost(name: str, tables: Mapping[str, pa.Table], turned_away: set[str]) -> Iterator[tuple[int, str]]:
    """Of documents of which no row was turned away, rows behind one that is missing, and the last row where the text goes on behind it."""
    texts = {row["doc_id"]: row["text"] for row in tables["reports"].select(["doc_id", "text"]).to_pylist() if row["doc_id"] not in turned_away}
    following: dict[str, int] = dict.fromkeys(texts, 0)
    last: dict[str, tuple[int, int]] = {}
    for n, row in enumerate(tables[name].select(["doc_id", "ordinal", "end"]).to_pylist()):
        doc_id, end = row["doc_id"], row["end"]
        if doc_id in texts:
            if row["ordinal"] != following[doc_id]:
                yield n, f"ordinal {row['ordinal']} leaves a gap: the row before it should be {row['ordinal'] - 1}, and none was turned away"
            following[doc_id] = row["ordinal"] + 1
            last[doc_id] = max(last.get(doc_id, (0, 0)), (end, n))
    for doc_id, (end, n) in last.items():
        if texts[doc_id][end:].strip():
            yield n, f"end {end} leaves a gap at the end of the text, which has {len(texts[doc_id])} characters"


def _not_withdrawn(rows: pa.Table, columns: Iterable[str], reports: pa.Table) -> Iterator[tuple[int, str]]:
    """Rows that hold some of a text that is not published."""
    gone = {row["doc_id"] for row in reports.select(["doc_id", "text_published"]).to_pylist() if not row["text_published"]}
    if gone:
        for n, row in enumerate(rows.select(["doc_id", *columns]).to_pylist()):
            for column in columns:
                if row["doc_id"] in gone and row[column]:
                    yield n, f"{column} has words of a report whose text is not published"


def _said(path: str, table: Table, rows: pa.Table, found: Iterable[tuple[int, str]]) -> Iterator[str]:
    """The rows found, each in a sentence; of many the first."""
    number = 0
    for number, (row, reason) in enumerate(found, 1):
        if number <= SHOWN:
            yield f"{path}, row {'/'.join(str(rows[part][row].as_py()) for part in table.key)}: {reason}"
    if number > SHOWN:
        yield f"{path}: {number - SHOWN} more rows like these"
