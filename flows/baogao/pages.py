"""The file between the first move and the others: what a batch of pages gave, one row a page.

In: pages read, cleaned and described; later, a folder. Out: a folder of Arrow files; from it the keys of all pages, the bodies of some, two tables, and
marks of lines that may be their sites'.
Never: a body read for its key: keys and bodies stand in different files, and files are mapped, not loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract
from baogao.assemble import PageBody
from baogao.clean.site_lines import site_line_marks
from baogao.ids import report_key
from baogao.learn import SCHEMA as _MARKS
from baogao.parts import NO_EDGES, Edges, PageKey
from baogao.records import Facts, Place, Removed
from baogao.sketch import NO_SKETCH, Sketch
from baogao.tables import Row, removed_rows, sort_rows

_PLACE = ("place_name", "place_code", "level", "province", "prefecture", "county")
_FACTS = (
    "report_year", "review_year", "year_evidence", "delivered_on", "congress", "session", "speaker", "speaker_title", "completeness", "missing_parts",
    "place_evidence",
)  # fmt: skip
# What the second move tells copies and parts by, beside the columns of the contract: a sketch, and how the page begins and ends (styles and numbers in turn).
# The digest is of all that was made of the page: its site's lines decide that too, not its bytes alone.
_TOLD_BY = (
    pa.field("sentences", pa.binary()), pa.field("signature", pa.binary()), pa.field("first", pa.list_(pa.int32())),
    pa.field("running", pa.list_(pa.int32())), pa.field("is_torn", pa.bool_()), pa.field("digest", pa.string()),
)  # fmt: skip
# The page of a line that was cut off or marked.
_ROW = pa.field("row", pa.int32())
_OF_PAGE = ("document_type", "reason", "base_url", "part_number", "part_count", "corruption")


@dataclass(frozen=True, slots=True)
class WorkedPage:
    """A page after the first move: its row of the table pages, its facts, its lines, and what was cut off. An unreadable one has a row only."""

    row: Row
    facts: Facts | None = None
    lines: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    sketch: Sketch = NO_SKETCH
    edges: Edges = NO_EDGES


def write_pages(folder: Path, pages: Sequence[WorkedPage | int], before: Path | None = None) -> None:
    """Write a batch: pages.arrow (a row of the table pages with the facts of the page), bodies.arrow (lines), removed.arrow (the table removed), marks.arrow.

    A page given by a number is the row of that number in the batch `before`.
    """
    worked = {n: page for n, page in enumerate(pages) if isinstance(page, WorkedPage)}
    taken = {page: n for n, page in enumerate(pages) if isinstance(page, int)}
    lines = pa.array([list(page.lines) for page in worked.values()], pa.list_(pa.string()))
    of_page = {"pages": pa.Table.from_pylist(list(map(_facts_row, worked.values())), schema=_schema()), "bodies": pa.table({"lines": lines})}
    of_line = {
        "removed": pa.Table.from_pylist(
            [{"row": n, **row} for n, page in worked.items() for row in removed_rows(page.row["page_id"], page.removed)], schema=_removed_schema().append(_ROW)
        ),
        "marks": pa.Table.from_pylist([{"row": n, **mark} for n, page in worked.items() for mark in _marks(page)], schema=_MARKS.append(_ROW)),
    }
    if before and taken:
        rows = pa.array(taken, pa.int64())
        at = pc.sort_indices(pa.array([*worked, *taken.values()], pa.int64()))
        of_page = {name: pa.concat_tables([table, read_arrow(before / f"{name}.arrow").take(rows)]).take(at) for name, table in of_page.items()}
        of_line = {name: pa.concat_tables([table, _renumbered(read_arrow(before / f"{name}.arrow"), taken)]).sort_by("row") for name, table in of_line.items()}
    for name, table in (of_page | of_line).items():
        write_arrow(folder / f"{name}.arrow", table)


def _renumbered(lines: pa.Table, numbers: Mapping[int, int]) -> pa.Table:
    """The lines of some pages, with the rows that these have now."""
    lines = lines.filter(pc.is_in(lines["row"], value_set=pa.array(numbers, _ROW.type)))
    return lines.set_column(lines.schema.get_field_index("row"), _ROW, pa.array([numbers[row] for row in lines["row"].to_pylist()], _ROW.type))


def read_marks(folder: Path) -> pa.Table:
    """Marks of lines that may be the site's, with the row, site, document and place of each page of a batch."""
    return read_arrow(folder / "marks.arrow")


def read_keys(folder: Path) -> Iterator[PageKey]:
    """What the second move knows of the pages of a batch."""
    columns = ["page_id", "source", "sha256", "status", "site", "base_url", "url", "part_number", "part_count", "place_code", "report_year", "completeness"]
    columns += ["missing_parts", "corruption", "n_chars_kept", "sentences", "signature", "first", "running", "is_torn", "digest"]
    for n, row in enumerate(read_arrow(folder / "pages.arrow").select(columns).to_pylist()):
        yield PageKey(
            page_id=row["page_id"],
            source=row["source"],
            sha256=row["sha256"],
            digest=row["digest"],
            batch=folder.name,
            row=n,
            is_report=row["status"] == "accepted",
            site=row["site"],
            base_url=row["base_url"],
            part_number=row["part_number"],
            part_count=row["part_count"],
            place_code=row["place_code"],
            report_year=row["report_year"],
            completeness=row["completeness"] or "unknown",
            missing_parts=row["missing_parts"],
            is_damaged=row["corruption"] is not None,
            n_chars=row["n_chars_kept"],
            sketch=Sketch(row["sentences"], row["signature"]),
            edges=Edges(next(iter(_pairs(row["first"])), None), tuple(_pairs(row["running"])), row["is_torn"]),
        )


def read_bodies(folder: Path, rows: Sequence[int]) -> dict[int, PageBody]:
    """The bodies of some pages of a batch, by row."""
    wanted = pa.array(rows, pa.int64())
    lines = read_arrow(folder / "bodies.arrow")["lines"].take(wanted).to_pylist()
    facts = read_arrow(folder / "pages.arrow").take(wanted).to_pylist()
    return {n: PageBody(row["page_id"], _facts(row), tuple(said), row["site"], row["url"]) for n, row, said in zip(rows, facts, lines, strict=True)}


def read_page_tables(folder: Path, documents: Mapping[int, str | None]) -> dict[str, pa.Table]:
    """The tables pages and removed of some pages of a batch: by row, the document that each page belongs to."""
    rows = sorted(documents)
    pages = read_arrow(folder / "pages.arrow").select(contract.tables()["pages"].names).take(pa.array(rows, pa.int64()))
    doc_ids = pa.array([documents[row] for row in rows], pa.string())
    pages = pages.set_column(pages.schema.get_field_index("doc_id"), pages.schema.field("doc_id"), doc_ids)
    removed = read_arrow(folder / "removed.arrow")
    removed = removed.filter(pc.is_in(removed["row"], value_set=pa.array(rows, pa.int32()))).drop_columns("row")
    return {"pages": sort_rows("pages", pages), "removed": sort_rows("removed", removed)}


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write a table as an Arrow file that can be mapped."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """A table out of an Arrow file, mapped: only what is looked at is read."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _removed_schema() -> pa.Schema:
    return contract.arrow_schema(contract.tables()["removed"], nullable=True)


def _schema() -> pa.Schema:
    """The columns of the table pages, then those of the facts that belong to the report and not to the page."""
    tables = contract.tables()
    pages = contract.arrow_schema(tables["pages"], nullable=True)
    reports = contract.arrow_schema(tables["reports"], nullable=True)
    return pa.schema([*pages, *(reports.field(name) for name in (*_PLACE, *_FACTS)), *_TOLD_BY])


def _facts_row(page: WorkedPage) -> dict[str, Any]:
    facts = page.facts
    told_by = {
        "sentences": page.sketch.sentences, "signature": page.sketch.signature, "is_torn": page.edges.is_torn,
        "first": page.edges.first or (), "running": [number for pair in page.edges.running for number in pair],
    }  # fmt: skip
    if facts is None:
        return page.row | told_by
    place = facts.place or Place("")
    row = {
        **page.row,
        **{name: getattr(facts, name) for name in _FACTS},
        **{name: getattr(place, name.removeprefix("place_")) or None for name in _PLACE},
        **told_by,
    }
    return row | {"digest": hashlib.sha256("\n".join((repr(row), *page.lines)).encode("utf-8", "surrogatepass")).hexdigest()}


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _marks(page: WorkedPage) -> Iterable[dict[str, Any]]:
    """Those of a page of a report whose site is known. Where place or year are not, copies of a text are known by the least hash of their sentences."""
    row, facts = page.row, page.facts
    if facts is None or row["status"] != "accepted" or not row["site"]:
        return
    code = facts.place.code if facts.place else None
    document = report_key(code, facts.report_year) or page.sketch.sentences[:8].hex()
    of_page = {"site": row["site"], "document": document, "place": code or document}
    yield of_page
    for mark, at_edge in site_line_marks(page.lines).items():
        yield {**of_page, "mark": mark, "at_edge": at_edge}


def _facts(row: dict[str, Any]) -> Facts:
    place = Place(row["place_name"], row["place_code"], row["level"], row["province"], row["prefecture"], row["county"]) if row["place_name"] else None
    said = {name: row[name] for name in (*_OF_PAGE, *_FACTS)}
    return Facts(**{**said, "completeness": said["completeness"] or "unknown"}, title=row["page_title"], place=place)
