"""A published release: finding it, loading its tables, walking an identifier back to its page, verifying it, comparing it with another.

In: an output folder or the folder of a release. Out: tables, answers, what is wrong. Never: a change to a release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baogao import contract
from baogao.addresses import Absent, Place, is_address, place_of
from baogao.compare import TableDifference, comparison
from baogao.publish.changes import side
from baogao.publish.versions import Step, version_step
from baogao.records import BaogaoError
from baogao.verify import problems
from baogao.verify.files import chosen_of

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
# Which table holds the identifiers of each kind, and in which column; parts come first, as theirs are the longer ones.
_IDENTIFIERS = {
    "indicators": "indicator_id", "sentences": "sentence_id", "paragraphs": "paragraph_id", "sections": "section_id", "reports": "doc_id", "pages": "page_id",
}  # fmt: skip
# The table of what holds a row of each table, and the column that points to it.
_HOLDERS = {"indicators": ("sentences", "sentence_id"), "sentences": ("paragraphs", "paragraph_id"), "paragraphs": ("sections", "section_id")}


@dataclass(frozen=True, slots=True)
class Release:
    """A release by its folder, and its manifest."""

    folder: Path
    manifest: dict[str, Any]
    pointed_at: str | None = None
    """SHA-256 of the manifest by the pointer that led here, where one did."""
    place: Place | None = None
    """Where it is, if that is no local folder."""

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest["version"])

    def table(self, name: str, **options: Any) -> pa.Table:
        """A table, all its files in one; `options` go to pyarrow.parquet.read_table. Raises BaogaoError for a name that is no table."""
        tables = contract.tables()
        if name not in tables:
            raise BaogaoError(f"there is no table {name!r}: use one of {', '.join(tables)}")
        files = self.manifest["tables"].get(name, {}).get("files", ())
        schema = contract.arrow_schema(tables[name])
        if not files:
            return schema.empty_table().select(options.get("columns") or schema.names)
        try:
            if self.place:
                return pa.concat_tables([pq.read_table(self.place.at(path), filesystem=self.place.filesystem, **options) for path in files])
            return pa.concat_tables([pq.read_table(self.folder / path, **options) for path in files])
        except FileNotFoundError as error:
            if name not in (chosen_of(self.folder) or (name,)):
                raise BaogaoError(f"table {name} was not fetched into {self.folder}: fetch it with `baogao get ADDRESS --table {name}`") from error
            raise BaogaoError(f"table {name} of {self.folder} cannot be read ({error}): see `baogao check {self.folder}`") from error
        except (OSError, pa.ArrowException) as error:
            raise BaogaoError(f"table {name} of {self.folder} cannot be read ({error}): see `baogao check {self.folder}`") from error


def open_release(path: str | Path = "output") -> Release:
    """The release in a folder, or the latest one of an output folder. Raises BaogaoError where there is none."""
    if is_address(path):
        return _open_place(place_of(path))
    folder = Path(path)
    pointed_at = None
    try:
        if (folder / "latest.json").exists():
            pointer = json.loads((folder / "latest.json").read_text(encoding="utf-8"))
            folder, pointed_at = folder / pointer["path"], pointer["manifest_sha256"]
        return Release(folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")), pointed_at)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaogaoError(f"{path} holds no release: name an output folder (with latest.json) or the folder of a release (with manifest.json)") from error


def _open_place(place: Place) -> Release:
    pointed_at = None
    try:
        try:
            pointer = json.loads(place.read("latest.json"))
            place, pointed_at = place.below(pointer["path"]), pointer["manifest_sha256"]
        except Absent:
            pass  # the address of a release
        return Release(Path(place.address), json.loads(place.read("manifest.json")), pointed_at, place)
    except (Absent, ValueError, KeyError, TypeError) as error:
        raise BaogaoError(f"{place.address} holds no release: name the address of an output folder (with latest.json) or of a release (with manifest.json)") from error


def load(table: str, release: str | Path = "output") -> pd.DataFrame:
    """A published table as a DataFrame. Whole numbers stay whole and dates stay dates where values are missing (Arrow dtypes).

    `release` is an output folder (its latest release) or the folder of a release. Raises BaogaoError where there is no such release or table.
    """
    import pandas as pd  # noqa: PLC0415 - 0.3 s that those who never load a table need not pay

    frame: pd.DataFrame = open_release(release).table(table).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


# --- where


def where(identifier: str, release: Release) -> dict[str, Row]:
    """The rows that an identifier leads back to, by table, from the indicator to the page. Raises BaogaoError for an identifier that is not there.

    Of a report on several pages the page is the first one, unless the identifier is that of another.
    """
    name, row = _find(identifier, release)
    found = {name: row}
    while name in _HOLDERS:
        name, column = _HOLDERS[name]
        holder = _row(release, name, column, row[column]) if row[column] else None
        if holder is None:
            break
        found[name] = row = holder
    first = next(iter(found.values()))
    report = _row(release, "reports", "doc_id", first["doc_id"]) if first.get("doc_id") else None
    if report is not None:
        found["reports"] = report
        pages = release.table("pages", filters=pc.field("doc_id") == report["doc_id"]).to_pylist()
        found.setdefault("pages", min(pages, key=lambda page: (page["part_number"] or 1, page["source"]), default={}))
    return found


def _find(identifier: str, release: Release) -> tuple[str, Row]:
    for name, column in _IDENTIFIERS.items():
        row = _row(release, name, column, identifier)
        if row is not None:
            return name, row
    raise BaogaoError(f"{identifier} is no identifier of release {release.version} in {release.folder}: take one from a column that ends in _id")


def _row(release: Release, table: str, column: str, value: str) -> Row | None:
    rows = release.table(table, filters=pc.field(column) == value).to_pylist()
    return rows[0] if rows else None


# --- coverage


def coverage(release: Release, *, place: str | None = None, year: int | None = None) -> list[Row]:
    """The rows of the table coverage, of a place (its code, or its name as of the year) or a year where one is named. Raises BaogaoError where none is held."""
    rows = [
        row
        for row in release.table("coverage").to_pylist()
        if place in (None, row["place_code"], row["place_name"]) and year in (None, row["report_year"])
    ]
    if not rows:
        asked = " of ".join(str(one) for one in (year, place) if one is not None) or "any place"
        raise BaogaoError(f"release {release.version} says nothing of {asked}: name a place by its code or full name, and a year that some report is of")
    return rows


# --- verify


def verify(release: Release) -> Iterator[str]:
    """What is wrong with a release, in sentences: files and checksums, then schemas, keys, rows and offsets. Nothing is wrong where none comes.

    Raises BaogaoError for a release that is in no local folder.
    """
    if release.place:
        raise BaogaoError(f"{release.place.address} is not on this machine: fetch it with `baogao get {release.place.address}`, and check what came")
    return problems(release.folder, release.manifest, release.pointed_at)


# --- compare


def compare(old: Release, new: Release) -> tuple[Step | None, dict[str, TableDifference]]:
    """The version step that the differences of two releases call for, and the tables that differ. Raises BaogaoError for a release that cannot be read."""
    import duckdb  # noqa: PLC0415 - 0.1 s

    for one in (old, new):
        if one.place:
            raise BaogaoError(f"{one.place.address} is not on this machine: fetch it with `baogao get {one.place.address}`, and compare what came")
    names = [name for name, table in contract.tables().items() if name in old.manifest["tables"] or name in new.manifest["tables"]]
    was, now = (side(one.folder, one.manifest) for one in (old, new))
    try:
        with comparison(was, now, {name: contract.tables()[name].key for name in names}) as found:
            tables = {name: one for name, one in found.tables.items() if not one.is_none}
    except duckdb.Error as error:
        raise BaogaoError(f"{old.folder} and {new.folder} cannot be compared ({' '.join(str(error).split())}): see `baogao check` of both") from error
    return version_step(old.manifest["tables"], new.manifest["tables"], rights_changed=old.manifest["rights"] != new.manifest["rights"]), tables
