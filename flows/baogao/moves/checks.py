"""After the moves: a batch is checked, and what a whole release adds to it.

In: the folder of a batch. Out: the folder that holds what passed and what did not, worked now or before. Never: a row mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from baogao import check, contract
from baogao.doubts import find_doubts
from baogao.moves.pieces import made_before, read_made, read_rejects, write_made, write_rejects
from baogao.moves.reports import REPORT_TABLES
from baogao.pages import read_arrow, read_page_tables, write_arrow
from baogao.records import Reject
from baogao.removals import TEXTS, withdraw, without_words
from baogao.store import Store, code_digest, fingerprint, library_versions
from baogao.tables import arrow_table, is_of, sort_rows

CHECK_CODE = ("records", "text", "removals", "contract", "expectations", "across", "check", "doubts", "tables", "pages", "moves")
WARNINGS = "warnings.arrow"


@dataclass(frozen=True, slots=True)
class CheckBatch:
    """A batch to check: of documents (`origins`: their first pages), or of pages (`rows`: which of them, and the document that each belongs to)."""

    store: Store
    folder: Path
    origins: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[int, str | None], ...] | None = None
    withdrawn: tuple[str, ...] = ()
    """Of the documents that the pages belong to, those whose texts are not published."""

    @property
    def n_pieces(self) -> int:
        """Its documents, or its pages."""
        return len(self.origins if self.rows is None else self.rows)


def work_checks(batch: CheckBatch) -> Path:
    """Check a batch: its tables without the rows that fail, and the failures; documents that were checked with an earlier batch are taken over."""
    folder = checked_folder(batch)
    if not folder.exists():
        kept, rejects, marks = _check_documents(batch) if batch.rows is None else (*_check_pages(batch, dict(batch.rows)), {})
        with batch.store.fill(folder) as draft:
            for name, rows in kept.items():
                write_arrow(draft / f"{name}.arrow", sort_rows(name, rows))
            write_rejects(draft, rejects)
            write_made(draft, marks)
    return folder


def _check_documents(batch: CheckBatch) -> tuple[check.Tables, list[Reject], dict[str, str]]:
    """What passes of documents, what does not, and the mark of each document: what decides its check. One that could not be worked has none."""
    origins = dict(batch.origins)
    marks = {fingerprint(*_fixed(), mark, origins.get(doc_id, "")): doc_id for mark, doc_id in read_made(batch.folder).items()}
    before, found = made_before(batch.store, "checked", marks)
    same = frozenset(found.values())
    tables = {name: read_arrow(batch.folder / f"{name}.arrow") for name in REPORT_TABLES}
    if before:
        tables = {name: rows.filter(pc.invert(is_of(rows, same))) for name, rows in tables.items()}
    kept, rejects = check.check_rows(tables, origins)
    rejects = [*read_rejects(batch.folder), *rejects]
    kept["warnings"] = arrow_table("warnings", map(asdict, find_doubts(kept, contract.terms("plausible"))))
    withdrawn = set(tables["reports"].filter(pc.equal(tables["reports"]["text_published"], False))["doc_id"].to_pylist())
    kept = withdraw(kept, withdrawn)
    rejects = [replace(one, value=None) if one.id[:12] in withdrawn and one.column in TEXTS.get(one.table, ()) else one for one in rejects]
    if before:
        taken = {name: read_arrow(before / f"{name}.arrow") for name in kept}
        kept = {name: pa.concat_tables([rows, taken[name].filter(is_of(taken[name], same))]) for name, rows in kept.items()}
        rejects += [one for one in read_rejects(before) if one.id[:12] in same]
    return kept, rejects, marks


def _check_pages(batch: CheckBatch, documents: Mapping[int, str | None]) -> tuple[check.Tables, list[Reject]]:
    """What passes of pages and what does not; `documents` has the document of each page by its row."""
    kept, rejects = check.check_rows(read_page_tables(batch.folder, documents))
    pages = kept["pages"].filter(is_of(kept["pages"], batch.withdrawn))["page_id"]
    gone = pc.is_in(kept["removed"]["page_id"], value_set=pages)
    return kept | {"removed": without_words("removed", kept["removed"], gone, TEXTS["removed"])}, rejects


def checked_folder(batch: CheckBatch) -> Path:
    """Where the check of a batch is, or will be."""
    state = (*map(str, batch.origins), *map(str, batch.rows or ()), *batch.withdrawn)
    return batch.store.folder("checked", fingerprint(*_fixed(), batch.folder.name, *state))


def _fixed() -> tuple[str, ...]:
    """What all batches are checked with."""
    return code_digest(*CHECK_CODE), contract.digest(), library_versions("great-expectations", "pandas", "pyarrow")


def check_summary(item: tuple[Path, str]) -> list[str]:
    """What is wrong with a table of a whole release, in sentences; each is a fault of the pipeline, not of a page."""
    from baogao.expectations import violations  # noqa: PLC0415 - Great Expectations takes seconds to load

    folder, name = item
    return [f"{name}: {one.reason}" for one in violations(contract.tables()[name], read_arrow(folder / f"{name}.arrow"))]
