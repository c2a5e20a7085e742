"""Tables become Parquet files: flat names with the year inside, rows sorted by key, the same bytes for the same rows.

In: the checked batches and the standing of documents. Out: one file for each table, or table and year, with its digests. Never: an empty file.
A file whose rows are those of the last release is that file, linked; where nothing that decides them has changed, they are not even read.
Settings by what readers take without loss: no Arrow-only types (store_schema off), zstd 9, page index, row groups of 20,000 rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.pages import read_arrow
from baogao.publish.digests import Digest
from baogao.store import code_digest, fingerprint, library_versions

_ROW_GROUP = 20_000
# Columns that repeat a few values gain from a dictionary; texts and identifiers of rows only pay for it.
_NO_DICTIONARY = frozenset({"text", "quote"})
# Rows are gathered for one first digit of the document at a time, so that a table without years is never held whole.
_PARTS = "0123456789abcdef"
STANDING = "standing"
_OF_PAGES = ("pages", "removed")
# Tables that are made, or settled, only once all reports are checked.
OF_ALL = ("target_outcomes", "keywords", "conflicts", "coverage", "warnings", "rejects")


@dataclass(frozen=True, slots=True)
class Checked:
    """What passed: folders of checked documents and of checked pages, and the folder of what is known only of all of them."""

    documents: tuple[Path, ...]
    pages: tuple[Path, ...]
    summary: Path


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its rows, and digests of its content and of its keys that do not depend on how the file was written."""

    table: str
    path: str
    rows: int
    content: str
    keys: str
    made_from: str | None = None
    """A fingerprint of all that decides its rows; None for a file that only its rows themselves tell from another."""


@dataclass(frozen=True, slots=True)
class Last:
    """A file of the last release: where it is, its SHA-256, the digest of its content, and what was noted when it was written, if that is known."""

    file: Path
    sha256: str
    content: str
    written: Written | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is as it was published."""
        return sha256(self.file) == self.sha256


@dataclass(frozen=True, slots=True)
class Shard:
    """A file to write: the rows of a table, of one year (None: those without a year) where the table is split by year.

    `last` is the file of the last release in its place, where that was written as this one would be.
    """

    checked: Checked
    folder: Path
    table: str
    by_year: bool = False
    year: int | None = None
    made_from: str | None = None
    last: Last | None = None

    @property
    def path(self) -> str:
        """Path of the file in the release."""
        ending = f"-{self.year or 'undated'}" if self.by_year else ""
        return f"data/{self.table}/{self.table}{ending}.parquet"


def shards(checked: Checked, folder: Path, last: Mapping[str, Last] | None = None) -> list[Shard]:
    """All files that a release may have, in the order of the contract and of the years; `last` gives those of the last release by path."""
    standing = read_arrow(checked.summary / f"{STANDING}.arrow").sort_by("doc_id")
    years = sorted(set(standing["report_year"].to_pylist()), key=lambda year: year or 0)
    made = [
        shard
        for table in contract.tables().values()
        for shard in ([Shard(checked, folder, table.name, True, year) for year in years] if table.year else [Shard(checked, folder, table.name)])
    ]
    return [replace(shard, made_from=_made_from(shard, standing), last=(last or {}).get(shard.path)) for shard in made]


def _made_from(shard: Shard, standing: pa.Table) -> str | None:
    """A fingerprint of all that decides the rows of a file, beside how they are written; None for a table that is made of all batches."""
    if shard.table in OF_ALL:
        return None
    if shard.table in _OF_PAGES:
        return fingerprint(*sorted(folder.name for folder in shard.checked.pages), *standing["doc_id"].to_pylist())
    rows = standing.filter(_is_of_year(standing["report_year"], shard.year)) if shard.by_year else standing
    return fingerprint(*(map(str, rows.to_pylist()) if shard.table == "reports" else rows["mark"].to_pylist()))


def written_by(table: contract.Table) -> str:
    """What decides, beside its rows, the bytes of a table's files, and of the reports that are nested out of them."""
    described = json.dumps(contract.file_metadata(table), sort_keys=True)
    return fingerprint(code_digest("publish/parquet", "publish/digests", "publish/renditions", "publish/nested"), library_versions("pyarrow"), described, str(contract.arrow_schema(table)))


def write_shard(shard: Shard) -> Written | None:
    """Write a file, or link that of the last release where it has the same rows; None where it would have no row."""
    table = contract.tables()[shard.table]
    path = shard.folder / shard.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # of a worker that died; it may be a link to a file of the last release, which is not to be written into
    last = shard.last
    if last and last.written and shard.made_from and shard.made_from == last.written.made_from and last.is_whole:
        link(last.file, path)
        return last.written
    held = list(_gathered(shard, table)) if last and shard.by_year else None  # a year is gathered in one piece anyhow

    def gathered() -> Iterator[pa.Table]:
        return _gathered(shard, table) if held is None else iter(held)

    if last:
        rows, content, keys = _totals(table, _row_groups(gathered()))
        if content == last.content and last.is_whole:
            link(last.file, path)
            return Written(shard.table, shard.path, rows, content, keys, shard.made_from)
    rows, content, keys = write_parquet(path, table, gathered())
    return Written(shard.table, shard.path, rows, content, keys, shard.made_from) if rows else None


def write_parquet(path: Path, table: contract.Table, pieces: Iterator[pa.Table]) -> tuple[int, str, str]:
    """Write rows in the order of the contract as a file, none where there is no row: how many, and the digests of their content and of their keys."""
    schema = contract.arrow_schema(table)
    options = {"compression": "zstd", "compression_level": 9, "version": "2.6", "data_page_version": "1.0"}
    columns = [name for name in table.names if name not in _NO_DICTIONARY]
    with pq.ParquetWriter(path, schema, store_schema=False, write_page_index=True, write_page_checksum=True, use_dictionary=columns, **options) as writer:

        def groups() -> Iterator[pa.Table]:
            for group in _row_groups(pieces):
                writer.write_table(group.cast(schema), row_group_size=_ROW_GROUP)
                yield group

        rows, content, keys = _totals(table, groups())
        writer.add_key_value_metadata(contract.file_metadata(table))
    if not rows:
        path.unlink()
    return rows, content, keys


def _totals(table: contract.Table, groups: Iterator[pa.Table]) -> tuple[int, str, str]:
    """Rows of row groups, and the digests of their content and of their keys."""
    content, keys, rows = Digest(table.names), Digest(list(table.key)), 0
    for group in groups:
        content.add(group)
        keys.add(group)
        rows += group.num_rows
    return rows, content.digest(), keys.digest()


def link(file: Path, path: Path) -> None:
    """Give a file another path; a copy of it, where the file system has no links."""
    try:
        os.link(file, path)
    except OSError:
        shutil.copyfile(file, path)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _gathered(shard: Shard, table: contract.Table) -> Iterator[pa.Table]:
    """The rows of a shard in the order of the contract, some at a time."""
    if shard.table in OF_ALL:
        yield read_arrow(shard.checked.summary / f"{shard.table}.arrow")
        return
    folders = shard.checked.pages if shard.table in _OF_PAGES else shard.checked.documents
    for part in [None] if shard.by_year else _PARTS:
        pieces = [_piece(folder / f"{shard.table}.arrow", table, shard, part) for folder in folders]
        rows = pa.concat_tables([piece for piece in pieces if piece.num_rows]) if any(piece.num_rows for piece in pieces) else None
        if rows is not None:
            yield _settled(shard, rows).sort_by([(column, "ascending") for column in table.sort])


def _piece(path: Path, table: contract.Table, shard: Shard, part: str | None) -> pa.Table:
    rows = read_arrow(path)
    if part is not None:
        return rows.filter(pc.starts_with(rows[table.sort[0]], part))
    return rows.filter(_is_of_year(rows[table.year], shard.year))


def _is_of_year(years: pa.ChunkedArray, year: int | None) -> pa.ChunkedArray:
    return pc.is_null(years) if year is None else pc.equal(years, year)


def _settled(shard: Shard, rows: pa.Table) -> pa.Table:
    """Rows of reports and pages with what is known only once all reports are checked."""
    if shard.table not in {"reports", "pages"}:
        return rows
    standing = {row["doc_id"]: row for row in read_arrow(shard.checked.summary / f"{STANDING}.arrow").to_pylist()}
    if shard.table == "reports":
        found = [standing[doc_id] for doc_id in rows["doc_id"].to_pylist()]
        rows = _with(rows, "is_canonical", [one["is_canonical"] for one in found])
        return _with(rows, "near_duplicate_of", [one["near_duplicate_of"] for one in found])
    pages = rows.select(["doc_id", "status", "reason"]).to_pylist()
    for page in pages:
        if page["doc_id"] is not None and page["doc_id"] not in standing:
            page |= {"doc_id": None, "status": "rejected", "reason": f"{page['reason']}; its report did not pass the checks (see rejects)"}
    for column in ("doc_id", "status", "reason"):
        rows = _with(rows, column, [page[column] for page in pages])
    return rows


def _with(rows: pa.Table, column: str, values: list[object]) -> pa.Table:
    field = rows.schema.field(column)
    return rows.set_column(rows.schema.get_field_index(column), field, pa.array(values, field.type))


def _row_groups(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in pieces of one row group each, whatever pieces they come in."""
    held: list[pa.Table] = []
    count = 0
    for table in tables:
        held.append(table)
        count += table.num_rows
        if count >= _ROW_GROUP:
            rows = pa.concat_tables(held)
            whole = count - count % _ROW_GROUP
            for start in range(0, whole, _ROW_GROUP):
                yield rows.slice(start, _ROW_GROUP)
            held, count = [rows.slice(whole)], count - whole
    if count:
        yield pa.concat_tables(held)


def digests(files: Sequence[Path], table: contract.Table) -> tuple[int, str, str]:
    """Rows of a table's files, and the digests of their content and of their keys, as a manifest has them."""
    found = [totals(file, table) for file in files]
    return sum(rows for rows, _, _ in found), joint(content for _, content, _ in found), joint(keys for _, _, keys in found)


def totals(file: Path, table: contract.Table) -> tuple[int, str, str]:
    """Rows of a file of a table, and the digests of its content and of its keys."""
    return _totals(table, _row_groups(pa.Table.from_batches([batch]) for batch in pq.ParquetFile(file).iter_batches(_ROW_GROUP)))


def joint(parts: Iterable[str]) -> str:
    """The digest of a table out of those of its files."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
