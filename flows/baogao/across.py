"""Rows against each other: quotes against the text, parts against what holds them, copied facts against their report, rows in a row without gaps.

In: the tables of whole documents, a table that is not there left out of it. Out: `Fault`s by table.
Never: a fault that is gone, or a new one, because a row with a fault was taken out with all that hangs on it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract
from baogao.ids import report_key

Row = dict[str, Any]
# Tables whose rows quote a slice of the report's text, and the column that holds the slice.
QUOTES = {"paragraphs": "text", "sentences": "text", "indicators": "quote"}
# What holds the rows of a table: its table, and the column that points to it.
_HOLDERS = {
    "sections": ("sections", "parent_id"), "paragraphs": ("sections", "section_id"), "sentences": ("paragraphs", "paragraph_id"),
    "indicators": ("sentences", "sentence_id"),
}  # fmt: skip
# Facts of a report that rows of other tables repeat, and what a target repeats of its figure.
_OF_REPORT = {
    "paragraphs": ("report_year",), "sentences": ("report_year",), "indicators": ("report_year", "report_key"),
    "targets": ("report_year", "report_key", "place_code"),
}  # fmt: skip
_OF_FIGURE = ("doc_id", "indicator", "value", "value_low", "value_high", "unit", "bound", "tone", "tier", "reference")
# What bounds say of value, value_low and value_high on the signed number line.
_ENDS = {"eq": ("value", "value"), "ge": ("value", None), "gt": ("value", None), "le": (None, "value"), "lt": (None, "value")}


@dataclass(frozen=True, slots=True)
class Fault:
    """A row, by its position in its table, that does not agree with others or with itself."""

    row: int
    expectation: str
    column: str | None
    value: str | None
    reason: str


def faults(name: str, tables: Mapping[str, pa.Table]) -> Iterator[Fault]:
    """The rows of a table that do not agree with the other tables, in the order of the checks."""
    rows = tables[name]
    yield from _not_finite(name, rows)
    if name == "reports":
        yield from _reports(rows.to_pylist())
    if name == "indicators":
        yield from _bounds(rows.select(["value", "value_low", "value_high", "bound"]).to_pylist())
    if "reports" not in tables or name not in {*QUOTES, *_HOLDERS, *_OF_REPORT}:
        return
    reports = {row["doc_id"]: row for row in tables["reports"].to_pylist()}
    wanted = {"doc_id", "start", "end", "ordinal", contract.tables()[name].key[0], *_OF_REPORT.get(name, ()), *_HOLDERS.get(name, ())}
    parts = rows.select([column for column in rows.column_names if column in wanted]).to_pylist()
    if name in QUOTES:
        yield from _quotes(QUOTES[name], parts, rows[QUOTES[name]].to_pylist(), reports)
    if name in _HOLDERS:
        yield from _identifiers(contract.tables()[name].key[0], parts)
    if name in _HOLDERS and _HOLDERS[name][0] in tables:
        yield from _held(name, parts, tables[_HOLDERS[name][0]])
    if "ordinal" in rows.column_names:
        yield from _follow(name, parts, reports)
    for n, row in enumerate(parts):
        yield from _copied(n, row, _OF_REPORT.get(name, ()), reports.get(row["doc_id"]), "equals_report", "the report")
    if name == "targets" and {"indicators", "sentences"} <= tables.keys():
        yield from _targets(rows.to_pylist(), tables)


def withdrawn(report: Row) -> bool:
    """Whether a report stands without its text."""
    return report["text_published"] is False and not report["text"]


# --- values


def _not_finite(name: str, rows: pa.Table) -> Iterator[Fault]:
    """Numbers that are none: a missing value is null."""
    for column in contract.tables()[name].columns:
        if column.type == "double":
            values = rows[column.name]
            for n in pc.indices_nonzero(pc.fill_null(pc.invert(pc.is_finite(values)), False)).to_pylist():
                value = str(values[n].as_py())
                yield Fault(n, "value_is_finite", column.name, value, f"{column.name} is {value}: a value that is missing is null")


def _reports(reports: list[Row]) -> Iterator[Fault]:
    for n, row in enumerate(reports):
        key = report_key(row["place_code"], row["report_year"])
        if row["report_key"] != key:
            yield Fault(n, "key_is_place_and_year", "report_key", row["report_key"], f"report_key {row['report_key']} is not {key}, as place_code and report_year have it")
        if row["text"] is not None and not withdrawn(row) and row["n_chars"] != len(row["text"]):
            yield Fault(n, "count_is_right", "n_chars", str(row["n_chars"]), f"n_chars {row['n_chars']} is not the length of the text, {len(row['text'])}")


def _bounds(figures: list[Row]) -> Iterator[Fault]:
    for n, row in enumerate(figures):
        if row["bound"] in _ENDS:
            wanted = [None if end is None else row[end] for end in _ENDS[row["bound"]]]
            for column, value in zip(("value_low", "value_high"), wanted, strict=True):
                if row[column] != value and not math.isnan(row[column] or 0):
                    yield Fault(n, "ends_agree_with_bound", column, _said(row[column]), f"{column} {row[column]} is not {value}, as bound {row['bound']} of {row['value']} has it")
        elif row["bound"] == "range" and row["value"] is not None:
            yield Fault(n, "ends_agree_with_bound", "value", _said(row["value"]), f"value {row['value']} of a range is not null")


# --- parts and what holds them


def _quotes(column: str, parts: list[Row], quotes: list[str | None], reports: Mapping[str, Row]) -> Iterator[Fault]:
    """Rows whose quoted slice is not what stands between their offsets; of a report without its text, rows that have some of it all the same."""
    for n, (row, quote) in enumerate(zip(parts, quotes, strict=True)):
        report = reports.get(row["doc_id"])
        if report is not None and withdrawn(report):
            if quote and column == "text":
                yield Fault(n, "text_is_withdrawn", column, None, f"{column} stands here, and the text of its report is withdrawn")
        elif quote is None or ((report and report["text"]) or "")[row["start"] : row["end"]] != quote:
            yield Fault(n, "quote_equals_slice", column, quote, f"{column} is not what the report's text has from {row['start']} to {row['end']}")


def _identifiers(key: str, parts: list[Row]) -> Iterator[Fault]:
    for n, row in enumerate(parts):
        if row[key] and row["doc_id"] and not row[key].startswith(row["doc_id"]):
            yield Fault(n, "identifier_is_of_document", key, row[key], f"{key} {row[key]} does not begin with its doc_id {row['doc_id']}")


def _held(name: str, parts: list[Row], holders: pa.Table) -> Iterator[Fault]:
    """Rows that are of another document than what holds them, or that go beyond it."""
    table, column = _HOLDERS[name]
    key = contract.tables()[table].key[0]
    by_id = {row[key]: row for row in holders.select([key, "doc_id", "start", "end"]).to_pylist()}
    for n, row in enumerate(parts):
        holder = by_id.get(row[column])
        if holder is None or None in holder.values():
            continue
        if row["doc_id"] != holder["doc_id"]:
            yield Fault(n, "stands_in_its_holder", column, row[column], f"{column} {row[column]} is of document {holder['doc_id']}, not of {row['doc_id']}")
        elif None not in (row["start"], row["end"]) and not holder["start"] <= row["start"] <= row["end"] <= holder["end"]:
            within = f"from {holder['start']} to {holder['end']}"
            yield Fault(n, "stands_in_its_holder", column, row[column], f"{row['start']} to {row['end']} is not within {column} {row[column]}, which goes {within}")
    if name == "paragraphs":
        yield from _innermost(parts, by_id)


def _innermost(paragraphs: list[Row], sections: Mapping[str, Row]) -> Iterator[Fault]:
    """Paragraphs that a later section begins before or at than the one that they are said to stand in."""
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for section in sections.values():
        if section["start"] is not None:
            starts[section["doc_id"]].append(section["start"])
    for n, row in enumerate(paragraphs):
        stated = sections.get(row["section_id"])
        begun = max((start for start in starts[row["doc_id"]] if row["start"] is not None and start <= row["start"]), default=None)
        is_another = row["section_id"] is None if stated is None else stated["start"] is None or stated["start"] < (begun or 0)
        if begun is not None and is_another:
            yield Fault(n, "stands_in_the_innermost_section", "section_id", row["section_id"], f"a section that begins at {begun} holds the paragraph at {row['start']}, and section_id names another")


# --- rows in a row


def _follow(name: str, parts: list[Row], reports: Mapping[str, Row]) -> Iterator[Fault]:
    """Rows that do not follow the one before them without a gap; where one was turned away, the number that it had is missing."""
    documents: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for n, row in enumerate(parts):
        if None not in (row["ordinal"], row["start"], row["end"]):
            documents[row["doc_id"]].append((n, row))
    for doc_id, numbered in documents.items():
        numbered.sort(key=lambda pair: (pair[1]["ordinal"], pair[0]))
        report = reports.get(doc_id)
        text = (report["text"] or "") if report and not withdrawn(report) else None
        if name == "sections":
            yield from _nested(numbered, text)
        else:
            yield from _in_turn(numbered, text)


def _in_turn(numbered: list[tuple[int, Row]], text: str | None) -> Iterator[Fault]:
    """Rows that overlap the one before them, or leave text between them out."""
    last, end = -1, 0
    for n, row in numbered:
        gap = "" if text is None or row["ordinal"] > last + 1 else text[end : row["start"]].strip()
        if row["ordinal"] == last:
            yield Fault(n, "follows_without_gap", "ordinal", str(row["ordinal"]), f"ordinal {row['ordinal']} stands in another row of the document too")
        elif row["start"] < end:
            yield Fault(n, "follows_without_gap", "start", str(row["start"]), f"start {row['start']} is before {end}, where the row before it ends")
        elif gap:
            yield Fault(n, "follows_without_gap", "start", str(row["start"]), f"start {row['start']} leaves a gap after {end}, where the row before it ends")
        else:
            last, end = row["ordinal"], row["end"]


def _nested(numbered: list[tuple[int, Row]], text: str | None) -> Iterator[Fault]:
    """Sections that do not begin where those before them end, apart from those that hold them."""
    opened: list[Row] = []
    last, whole_from = -1, 0
    for n, row in numbered:
        if row["ordinal"] == last:
            yield Fault(n, "follows_without_gap", "ordinal", str(row["ordinal"]), f"ordinal {row['ordinal']} stands in another row of the document too")
            continue
        whole_from = row["ordinal"] if row["ordinal"] > last + 1 else whole_from
        last = row["ordinal"]
        kept = next((at + 1 for at, one in enumerate(opened) if one["section_id"] == row["parent_id"]), 0)
        if reason := _unfollowed(row, opened[kept:], whole_from, text):
            yield Fault(n, "follows_without_gap", "start", str(row["start"]), f"start {row['start']} {reason}")
            whole_from = row["ordinal"] + 1
        else:
            opened = [*opened[:kept], row]


def _unfollowed(row: Row, closed: list[Row], whole_from: int, text: str | None) -> str | None:
    """What is wrong with where a section begins. `closed` are those that end there, unless sections before the ordinal `whole_from` were turned away."""
    if row["ordinal"] == 0 and text is not None and text[: row["start"]].strip():
        return "leaves a gap at the beginning of the text"
    for one in reversed(closed):
        if row["start"] < one["end"]:
            return f"is before {one['end']}, where a section before it ends"
        if row["start"] > one["end"] and one["ordinal"] >= whole_from:
            return f"leaves a gap after {one['end']}, where the section before it ends"
    return None


# --- copied facts


def _copied(n: int, row: Row, columns: tuple[str, ...], other: Row | None, expectation: str, whose: str) -> Iterator[Fault]:
    for column in columns if other else ():
        if other and row[column] != other[column]:
            yield Fault(n, expectation, column, _said(row[column]), f"{column} {row[column]} is not that of {whose}, {other[column]}")


def _targets(targets: list[Row], tables: Mapping[str, pa.Table]) -> Iterator[Fault]:
    """Targets that are not the figure that they name, or quote another sentence than the figure stands in."""
    asked = pa.array([row["indicator_id"] for row in targets], pa.string())
    figures = tables["indicators"].filter(pc.is_in(tables["indicators"]["indicator_id"], value_set=asked))
    by_id = {row["indicator_id"]: row for row in figures.to_pylist()}
    held = tables["sentences"].filter(pc.is_in(tables["sentences"]["sentence_id"], value_set=figures["sentence_id"].combine_chunks()))
    sentences = dict(zip(held["sentence_id"].to_pylist(), held["text"].to_pylist(), strict=True))
    for n, row in enumerate(targets):
        figure = by_id.get(row["indicator_id"])
        yield from _copied(n, row, _OF_FIGURE, figure, "equals_figure", "its figure")
        said = sentences.get(figure["sentence_id"]) if figure else None
        if said is not None and row["quote"] != said:
            yield Fault(n, "equals_figure", "quote", row["quote"], "quote is not the sentence that its figure stands in")


def _said(value: object) -> str | None:
    return None if value is None else str(value)
