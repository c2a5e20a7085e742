"""The published tables in other forms: nested reports and small tables as JSON lines, CSV files for spreadsheets.

In: the Parquet files of a release. Out: files beside them. Never: a value that the Parquet files do not hold; null stays null, never NaN.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.publish.digests import text_bytes
from baogao.publish.nested import NESTED, nest
from baogao.publish.parquet import link, sha256

_BATCH, _REPORTS = 10_000, 100


@dataclass(frozen=True, slots=True)
class Before:
    """A file of nested reports of the last release, written as these would be."""

    file: Path
    digests: Mapping[Path, str]
    """SHA-256 of it and of the Parquet files that it was made of."""
    has_same: bool
    """Whether it has the same reports, paragraphs, sentences and indicators; sections are in one file for all years."""

    @property
    def is_whole(self) -> bool:
        """Whether its files are as they were published."""
        return all(file.is_file() and sha256(file) == digest for file, digest in self.digests.items())

    @property
    def folder(self) -> Path:
        """The folder of the last release."""
        return self.file.parents[2]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file to write from others of a release: its form (nested, json, csv), its table, and for nested reports the file of the reports."""

    folder: Path
    form: str
    table: str
    source: str | None = None
    before: Before | None = None


def renditions(folder: Path, files: Mapping[str, Sequence[str]], before: Mapping[str, Before] | None = None) -> list[Rendition]:
    """All renditions of a release, those of whole tables first, since they take longest.

    `files` gives the Parquet files of each table, `before` the nested reports of the last release, by the file of their reports.
    """
    nested = [Rendition(folder, "nested", "reports", path, (before or {}).get(path)) for path in files.get("reports", ())]
    tables = [table for table in contract.tables().values() if files.get(table.name)]
    return [
        *(Rendition(folder, "csv", table.name) for table in tables if table.csv),
        *(Rendition(folder, "json", table.name) for table in tables if table.json),
        *nested,
    ]


def write_rendition(rendition: Rendition) -> str:
    """Write a rendition, or link that of the last release where it is the same; its path in the release."""
    path = _path(rendition)
    file = rendition.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # of a worker that died; it may be a link
    before = rendition.before if rendition.before and rendition.before.is_whole else None
    if before and before.has_same and _has_sections_of(before, rendition):
        link(before.file, file)
    else:
        with file.open("wb") as out:
            out.writelines(_FORMS[rendition.form](rendition, before))
    return path


def to_json(value: object) -> str:
    """A record, or a value, as one line of JSON, not escaped to ASCII."""
    return _ENCODER.encode(value)


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


def _batches(folder: Path, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """All rows of a table, file by file, some at a time."""
    for file in sorted((folder / "data" / table).glob("*.parquet")):
        with pq.ParquetFile(file) as source:
            yield from source.iter_batches(_BATCH, columns=list(columns))


def _json(rendition: Rendition, _: Before | None) -> Iterator[memoryview]:
    """The rows of a table as lines of JSON, made column by column: a country has a million targets."""
    names = contract.tables()[rendition.table].names
    before = [f"{', ' if n else '{'}{to_json(name)}: " for n, name in enumerate(names)]
    for batch in _batches(rendition.folder, rendition.table, names):
        pieces = [piece for said, name in zip(before, names, strict=True) for piece in (said, _encoded(batch.column(name)))]
        yield text_bytes(pc.binary_join_element_wise(*pieces, "}\n", ""))


def _encoded(values: pa.Array) -> pa.Array:
    """Values as JSON, each different one encoded once."""
    coded = values.dictionary_encode(null_encoding="encode")
    return pa.array(map(to_json, coded.dictionary.to_pylist()), pa.string()).take(coded.indices)


def _csv(rendition: Rendition, _: Before | None) -> Iterator[bytes | memoryview]:
    """The rows of a table, column by column: a country has eight million figures. A byte order mark and CRLF, as Excel asks for."""
    columns = contract.tables()[rendition.table].csv
    yield codecs.BOM_UTF8 + f"{','.join(columns)}\r\n".encode()
    for batch in _batches(rendition.folder, rendition.table, columns):
        lines = pc.binary_join_element_wise(*(_cells(batch.column(name)) for name in columns), ",", null_handling="replace", null_replacement="")
        yield text_bytes(pc.binary_join_element_wise(lines, "", "\r\n"))


def _cells(values: pa.Array) -> pa.Array:
    """Values as spreadsheets read them: whole numbers without a decimal point, truth values in capitals, texts in quotation marks where they need them."""
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, "TRUE", "FALSE")
    if pa.types.is_floating(values.type):
        is_whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 1e15))  # 1e15: exact in a double
        return pc.if_else(is_whole, pc.if_else(is_whole, values, 0.0).cast(pa.int64()).cast(pa.string()), values.cast(pa.string()))
    if not pa.types.is_string(values.type):
        return values.cast(pa.string())
    held = bytes(text_bytes(values))
    if not any(mark in held for mark in (b'"', b",", b"\r", b"\n")):
        return values  # as nearly all columns are
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(values, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(values, '[",\r\n]'), quoted, values)


def _nested(rendition: Rendition, before: Before | None) -> Iterator[bytes]:
    """The reports of one file, each with its parts, as lines; those of the last release where nothing of a report has changed."""
    reports = Path(rendition.source or "")
    last = _Last(before, reports) if before else None
    for documents in _documents(rendition.folder / reports):
        parts = _parts(rendition.folder, reports, documents)
        same = last.same(parts, documents) if last else frozenset()
        for doc_id in documents:
            if last and doc_id in same:
                yield last.line(doc_id)
            else:
                rows = {table: of_all.of(doc_id).to_pylist() for table, of_all in parts.items()}
                yield f"{to_json(nest(rows['reports'][0], rows))}\n".encode()


_FORMS: Mapping[str, Callable[[Rendition, Before | None], Iterable[bytes | memoryview]]] = {"nested": _nested, "json": _json, "csv": _csv}


def _documents(reports: Path) -> Iterator[list[str]]:
    """The documents of a file of reports in their order, some at a time."""
    with pq.ParquetFile(reports) as source:
        for batch in source.iter_batches(_REPORTS, columns=["doc_id"]):
            yield batch["doc_id"].to_pylist()


def _parts(folder: Path, reports: Path, documents: Sequence[str]) -> dict[str, _Parts]:
    """The rows of some documents in each table of nested reports."""
    ending = reports.name.removeprefix("reports")
    return {table: _Parts(folder / "data" / table / (f"{table}.parquet" if table == "sections" else f"{table}{ending}"), documents) for table in NESTED}


def _has_sections_of(before: Before, rendition: Rendition) -> bool:
    """Whether the reports of a file have the sections that they had in the last release: these are in one file for all years."""
    documents = [doc_id for some in _documents(rendition.folder / (rendition.source or "")) for doc_id in some]
    now, was = (_Parts(folder / "data" / "sections" / "sections.parquet", documents) for folder in (rendition.folder, before.folder))
    return bool(now.rows.equals(was.rows))


class _Parts:
    """The rows of a table that are of some documents, both in their order: each document's rows are one slice."""

    def __init__(self, file: Path, documents: Sequence[str]) -> None:
        doc_id = pc.field("doc_id")
        wanted = (doc_id >= documents[0]) & (doc_id <= documents[-1]) & doc_id.isin(documents)  # the bounds leave row groups unread
        self.rows: pa.Table = pq.read_table(file, filters=wanted) if file.exists() else pa.table({"doc_id": pa.array([], pa.string())})
        runs = pc.run_end_encode(self.rows["doc_id"].combine_chunks())
        ends = runs.run_ends.to_pylist()
        self._slices = dict(zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True))

    def of(self, doc_id: str) -> pa.Table:
        """The rows of a document, in text order."""
        start, end = self._slices.get(doc_id, (0, 0))
        return self.rows.slice(start, end - start)


class _Last:
    """Nested reports of the last release, and the tables that they were made of."""

    def __init__(self, before: Before, reports: Path) -> None:
        self._folder, self._reports = before.folder, reports
        self._lines = zip((doc_id for some in _documents(self._folder / reports) for doc_id in some), _lines_of(before.file), strict=True)

    def same(self, now: Mapping[str, _Parts], documents: Sequence[str]) -> frozenset[str]:
        """Those of some documents that had the same rows."""
        was = _parts(self._folder, self._reports, documents)
        return frozenset(doc_id for doc_id in documents if all(parts.of(doc_id).equals(was[table].of(doc_id)) for table, parts in now.items()))

    def line(self, doc_id: str) -> bytes:
        """The line of a document; they are asked for in their order."""
        return next(line for one, line in self._lines if one == doc_id)


def _lines_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        yield from lines
