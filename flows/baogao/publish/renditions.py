"""The published tables in other forms: nested reports and small tables as JSON lines, CSV files for spreadsheets.

In: the Parquet files of a release. Out: files beside them. Never: a value that the Parquet files do not hold; null stays null, never NaN.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.publish.nested import nest
from baogao.publish.parquet import Last, link, sha256

Row = dict[str, Any]
_BATCH, _REPORTS = 10_000, 100


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file to write from others of a release: its form (nested, json, csv), its table, and for nested reports the file of the reports."""

    folder: Path
    form: str
    table: str
    source: str | None = None
    last: Last | None = None
    """Nested reports of the last release, where these have the same reports, paragraphs, sentences and indicators."""


def renditions(folder: Path, files: Mapping[str, Sequence[str]], last: Mapping[str, Last] | None = None) -> list[Rendition]:
    """All renditions of a release; `files` gives the Parquet files of each table, `last` the nested reports of the last release, by the file of their reports."""
    nested = [Rendition(folder, "nested", "reports", path, (last or {}).get(path)) for path in files.get("reports", ())]
    tables = [table for table in contract.tables().values() if files.get(table.name)]
    return [
        *nested,
        *(Rendition(folder, "json", table.name) for table in tables if table.json),
        *(Rendition(folder, "csv", table.name) for table in tables if table.csv),
    ]


def write_rendition(rendition: Rendition) -> str:
    """Write a rendition, or link that of the last release where it is the same; its path in the release."""
    path = _path(rendition)
    file = rendition.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # of a worker that died; it may be a link
    last = rendition.last
    if last and _has_sections_of(last, rendition) and sha256(last.file) == last.sha256:
        link(last.file, file)
    elif rendition.form == "csv":
        with file.open("w", encoding="utf-8-sig", newline="") as out:  # a byte order mark and CRLF, as Excel asks for
            _write_csv(rendition, out)
    else:
        with file.open("w", encoding="utf-8", newline="\n") as out:
            for record in _nested(rendition) if rendition.form == "nested" else _rows(rendition.folder, rendition.table):
                out.write(to_json(record) + "\n")
    return path


def to_json(record: Row) -> str:
    """A record as one line of JSON, not escaped to ASCII."""
    return _ENCODER.encode(record)


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_text)


def nested_path(reports: str) -> str:
    """Path of the nested reports of a file of reports."""
    return f"json/reports/{Path(reports).stem}.jsonl"


def _path(rendition: Rendition) -> str:
    if rendition.form == "nested":
        return nested_path(rendition.source or "")
    return f"json/{rendition.table}.jsonl" if rendition.form == "json" else f"csv/{rendition.table}.csv"


def _rows(folder: Path, table: str) -> Iterator[Row]:
    """All rows of a table, file by file."""
    for batch in _batches(folder, table, contract.tables()[table].names):
        yield from batch.to_pylist()


def _batches(folder: Path, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for file in sorted((folder / "data" / table).glob("*.parquet")):
        with pq.ParquetFile(file) as source:
            yield from source.iter_batches(_BATCH, columns=list(columns))


def _write_csv(rendition: Rendition, out: TextIO) -> None:
    """The rows of a table, column by column: a country has eight million figures."""
    columns = contract.tables()[rendition.table].csv
    out.write(",".join(columns) + "\r\n")
    for batch in _batches(rendition.folder, rendition.table, columns):
        lines = pc.binary_join_element_wise(*(_cells(batch.column(name)) for name in columns), ",", null_handling="replace", null_replacement="")
        out.writelines(f"{line}\r\n" for line in lines.to_pylist())


def _cells(values: pa.Array) -> pa.Array:
    """Values as spreadsheets read them: whole numbers without a decimal point, truth values in capitals, texts in quotation marks where they need them."""
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, "TRUE", "FALSE")
    if pa.types.is_floating(values.type):
        is_whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 1e15))  # 1e15: exact in a double
        return pc.if_else(is_whole, pc.if_else(is_whole, values, 0.0).cast(pa.int64()).cast(pa.string()), values.cast(pa.string()))
    if not pa.types.is_string(values.type):
        return values.cast(pa.string())
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(values, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(values, '[",\r\n]'), quoted, values)


def _nested(rendition: Rendition) -> Iterator[Row]:
    """The reports of one file, each with its parts."""
    reports = pq.read_table(rendition.folder / (rendition.source or ""))
    ending = Path(rendition.source or "").stem.removeprefix("reports")
    parts = {table: _Parts(rendition.folder, table, ending, reports["doc_id"]) for table in ("paragraphs", "sentences", "indicators")}
    parts["sections"] = _Parts(rendition.folder, "sections", "", reports["doc_id"])
    for batch in reports.to_batches(_REPORTS):
        for report in batch.to_pylist():
            yield nest(report, {table: rows.of(report["doc_id"]) for table, rows in parts.items()})


def _has_sections_of(last: Last, rendition: Rendition) -> bool:
    """Whether the reports of a file have the sections that they had in the last release: these are in one file for all years."""
    documents = pq.read_table(rendition.folder / (rendition.source or ""), columns=["doc_id"])["doc_id"].combine_chunks()
    files = [folder / "data" / "sections" / "sections.parquet" for folder in (rendition.folder, last.file.parents[2])]
    now, before = (pq.read_table(file, filters=pc.is_in(pc.field("doc_id"), value_set=documents)) if file.exists() else None for file in files)
    return now is before is None or (now is not None and before is not None and bool(now.equals(before)))


class _Parts:
    """The rows of a table by document: sorted by it, so each document's rows are one slice."""

    def __init__(self, folder: Path, table: str, ending: str, doc_ids: pa.ChunkedArray) -> None:
        file = folder / "data" / table / f"{table}{ending}.parquet"
        wanted = pc.is_in(pc.field("doc_id"), value_set=doc_ids.combine_chunks())
        self._rows = pq.read_table(file, filters=wanted) if file.exists() else None
        self._slices: dict[str, tuple[int, int]] = {}
        if self._rows is not None:
            runs = pc.run_end_encode(self._rows["doc_id"].combine_chunks())
            ends = runs.run_ends.to_pylist()
            self._slices = dict(zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True))

    def of(self, doc_id: str) -> list[Row]:
        """The rows of a document, in text order."""
        start, end = self._slices.get(doc_id, (0, 0))
        rows: list[Row] = self._rows.slice(start, end - start).to_pylist() if self._rows is not None else []
        return rows
