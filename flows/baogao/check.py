"""Tables are checked: rows that fail are turned away with their reasons, and everything that hangs on them; the release as a whole gets a verdict.

In: the tables of a batch. Out: the rows kept, the rows rejected, and assertions that the whole release misses.
Great Expectations judges rows by the table's suite, `across` rows against each other; keys across tables are judged here. All rows of a document are
in one batch, so keys that point within a document need no other batch. Never: a row mended.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract
from baogao.across import faults
from baogao.records import Reject

Tables = dict[str, pa.Table]
# Which documents repeat which is settled among those that pass, and a page's report is taken off it when the report does not pass.
_SETTLED_LATER = frozenset(
    {("reports", "near_duplicate_of"), ("pages", "doc_id"), ("conflicts", "canonical_id"), ("conflicts", "canonical_sentence_id")}
)
# Counts of a report's parts, and the tables that they count.
_COUNTS = {"n_sections": "sections", "n_paragraphs": "paragraphs", "n_sentences": "sentences", "n_indicators": "indicators"}


@dataclass(frozen=True, slots=True)
class Missed:
    """An assertion of package.yaml that a release misses: a minimum fails it, a maximum only warns."""

    assertion: str
    bound: float
    found: float
    fails: bool

    def __str__(self) -> str:
        side = "below the minimum" if self.found < self.bound else "above the maximum"
        return f"{self.assertion} is {self.found:g}, {side} of {self.bound:g}"


def check_rows(tables: Mapping[str, pa.Table], origins: Mapping[str, str] | None = None) -> tuple[Tables, list[Reject]]:
    """The rows that pass, and the failures of those that don't. `origins` gives the first page of each document."""
    from baogao.expectations import violations  # noqa: PLC0415 - Great Expectations takes seconds to load

    rejects: list[Reject] = []
    kept: Tables = {}
    for name, rows in tables.items():
        table = contract.tables()[name]
        found = [(one.row, one.expectation, one.column, one.value, one.reason) for one in violations(table, rows)]
        found += [(one.row, one.expectation, one.column, one.value, one.reason) for one in faults(name, tables)]
        rejects += [_reject(table, rows, origins, *one) for one in found]
        kept[name] = _without(rows, {row for row, *_ in found})
    rejects += _cut_loose(kept, origins)
    return _recounted(kept), rejects


def check_release(counts: Mapping[str, float]) -> list[Missed]:
    """The assertions of package.yaml that a release with these counts misses. An assertion on a count that is not there fails."""
    asserted = contract.package()["assertions"]
    low = [Missed(name, bound, counts.get(name, 0), fails=True) for name, bound in asserted["minimum"].items() if counts.get(name, 0) < bound]
    high = [
        Missed(name, bound, counts.get(name, math.inf), fails=name not in counts)
        for name, bound in asserted["maximum"].items()
        if counts.get(name, math.inf) > bound
    ]
    return low + high


# --- keys


def _cut_loose(kept: Tables, origins: Mapping[str, str] | None) -> list[Reject]:
    """Take out rows whose parents are gone, until none is left; parents stand before children in the order of the tables."""
    rejects: list[Reject] = []
    again = True
    while again:
        again = False
        for name in kept:
            orphans = list(_orphans(name, kept))
            if orphans:
                table = contract.tables()[name]
                rejects += [_reject(table, kept[name], origins, *orphan) for orphan in orphans]
                kept[name] = _without(kept[name], {row for row, *_ in orphans})
                again = True
    return rejects


def _orphans(name: str, kept: Mapping[str, pa.Table]) -> Iterator[tuple[int, str, str | None, str | None, str]]:
    if name == "reports":
        yield from _emptied(kept)
    for key in contract.tables()[name].foreign_keys:
        if key.table not in kept or (name, key.column) in _SETTLED_LATER:
            continue
        values = kept[name][key.column]
        there = pc.or_(pc.is_in(values, value_set=kept[key.table][key.references].combine_chunks()), pc.is_null(values))
        for row in pc.indices_nonzero(pc.invert(there)).to_pylist():
            value = values[row].as_py()
            yield row, "foreign_key", key.column, value, f"{key.column} {value} is no row of {key.table} that passed"


def _emptied(kept: Mapping[str, pa.Table]) -> Iterator[tuple[int, str, str | None, str | None, str]]:
    """Reports that have too few parts left to be one."""
    for column in contract.tables()["reports"].columns:
        if column.name in _COUNTS and column.minimum:
            left = kept[_COUNTS[column.name]]["doc_id"]
            there = pc.is_in(kept["reports"]["doc_id"], value_set=left.combine_chunks())
            for row in pc.indices_nonzero(pc.invert(there)).to_pylist():
                yield row, "expect_column_values_to_be_between", column.name, "0", f"{column.name} 0 is below {column.minimum:g}"


# --- rows


def _reject(
    table: contract.Table, rows: pa.Table, origins: Mapping[str, str] | None, row: int, expectation: str, column: str | None, value: str | None, reason: str
) -> Reject:
    identity = "/".join(str(rows[part][row].as_py()) for part in table.key)
    if "page_id" in table.names:
        page_id = rows["page_id"][row].as_py()
    else:
        page_id = (origins or {}).get(rows["doc_id"][row].as_py()) if "doc_id" in table.names else None
    return Reject(table.name, identity, expectation, reason, column, value, page_id)


def _without(rows: pa.Table, gone: set[int]) -> pa.Table:
    return rows if not gone else rows.take(pa.array([row for row in range(rows.num_rows) if row not in gone], pa.int64()))


def _recounted(kept: Tables) -> Tables:
    """The tables with the counts of reports as the rows kept have them."""
    if "reports" not in kept:
        return kept
    reports = kept["reports"]
    for column, table in _COUNTS.items():
        counted = kept[table]["doc_id"].value_counts()
        counts = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
        numbers = pa.array([counts.get(doc_id, 0) for doc_id in reports["doc_id"].to_pylist()], pa.int32())
        reports = reports.set_column(reports.schema.get_field_index(column), reports.schema.field(column), numbers)
    return kept | {"reports": reports}
