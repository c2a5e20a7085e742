"""Nested reports: sections > paragraphs > sentences > indicators, and the JSON Schema that describes them.

In: rows of the parts of a report. Out: one object a report; its schema. Never: a value that the tables do not hold.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from baogao import contract

Row = dict[str, Any]
# Keys that the nesting itself says, and texts that the parts below hold.
_LEFT_OUT = {
    "reports": {"text"},
    "sections": {"doc_id", "parent_id"},
    "paragraphs": {"doc_id", "section_id", "report_year"},
    "sentences": {"doc_id", "paragraph_id", "report_year"},
    "indicators": {"doc_id", "sentence_id", "report_key", "report_year"},
}
# The tables of a nested report, the innermost part last.
NESTED = ("reports", "sections", "paragraphs", "sentences", "indicators")
_TYPES: Mapping[str, Row] = {
    "string": {"type": "string"}, "int32": {"type": "integer"}, "double": {"type": "number"}, "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"}, "timestamp": {"type": "string", "format": "date-time"},
}  # fmt: skip


def nest(report: Row, parts: Mapping[str, Sequence[Row]]) -> Row:
    """One report as one object: sections > paragraphs > sentences > indicators. `parts` holds the rows of the report in text order.

    The paragraphs of all sections, in order and joined by line breaks, are the report's text, which start and end count in.
    """
    indicators = _grouped("indicators", parts, "sentence_id")
    sentences = _grouped("sentences", parts, "paragraph_id", indicators=indicators)
    paragraphs = _grouped("paragraphs", parts, "section_id", sentences=sentences)
    sections = {row["section_id"]: {**_plain("sections", row), "paragraphs": paragraphs[row["section_id"]], "sections": []} for row in parts["sections"]}
    top: list[Row] = []
    for row in parts["sections"]:
        (sections[row["parent_id"]]["sections"] if row["parent_id"] in sections else top).append(sections[row["section_id"]])
    return {**_plain("reports", report), "sections": top}


def _grouped(table: str, parts: Mapping[str, Sequence[Row]], parent: str, **children: Mapping[str, list[Row]]) -> defaultdict[str, list[Row]]:
    """The rows of a table by their parent, each with its own children."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in parts[table]:
        own = {name: groups[row[f"{table.removesuffix('s')}_id"]] for name, groups in children.items()}
        found[row[parent]].append(_plain(table, row) | own)
    return found


def _plain(table: str, row: Row) -> Row:
    return {name: row.get(name) for name in _kept(table)}


@functools.cache
def _kept(table: str) -> tuple[str, ...]:
    """The columns of a table that stand in nested reports."""
    return tuple(name for name in contract.tables()[table].names if name not in _LEFT_OUT[table])


def nested_schema() -> Row:
    """The JSON Schema (2020-12) of one line of json/reports."""
    described = contract.tables()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nested report",
        "description": "A line of json/reports: one report with its sections, their paragraphs, sentences and indicators.",
        "$ref": "#/$defs/report",
        "$defs": {name.removesuffix("s"): _object(described[name], below) for name, below in zip(NESTED, (*NESTED[1:], None), strict=True)},
    }


def _object(table: contract.Table, below: str | None) -> Row:
    columns = [column for column in table.columns if column.name not in _LEFT_OUT[table.name]]
    lists = [*([below] if below else []), *(["sections"] if table.name == "sections" else [])]
    parts = {name: {"type": "array", "items": {"$ref": f"#/$defs/{name.removesuffix('s')}"}} for name in lists}
    return {
        "type": "object",
        "title": f"{table.title['zh']} / {table.title['en']}",
        "properties": {column.name: _value(column) for column in columns} | parts,
        "required": [*(column.name for column in columns), *parts],
        "additionalProperties": False,
    }


def _value(column: contract.Column) -> Row:
    kind = dict(_TYPES[column.type])
    if not column.required:
        kind["type"] = [kind["type"], "null"]
    if column.enum:
        kind["enum"] = [*column.enum, *([] if column.required else [None])]
    limits = {"pattern": column.pattern, "minimum": column.minimum, "maximum": column.maximum, "maxLength": column.max_length}
    kind |= {name: limit for name, limit in limits.items() if limit is not None}
    return {**kind, "title": f"{column.title['zh']} / {column.title['en']}", "description": column.described, "examples": [column.example]}
