"""What may not be published: pages that are left out, and texts that leave all tables while the facts drawn from them stay.

In: seeds/removals.csv; identities of pages; tables of checked documents. Out: what is asked for a page or a document; tables without the words of a report.
Never: an offset changed (`start` and `end` count in the text as it was measured), or a removal that goes by what a page says.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract
from baogao.parts import Document, PageKey, doc_id, page_identity
from baogao.records import BaogaoError
from baogao.sources import seed_file
from baogao.tables import is_of

What = Literal["page", "text"]
FILE = "removals.csv"
_COLUMNS = ["address", "what", "date", "ground"]
_IDENTIFIER, _DIGEST = re.compile(r"[0-9a-f]{12}"), re.compile(r"[0-9a-f]{64}")
# The columns that hold running text of a report. Where one may not be null, the text is empty. The value expression and the name of a figure
# (`indicators.quote`, `name`) and the counts of words are facts.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "reports": ("text",), "sections": ("heading",), "paragraphs": ("lead", "text"), "sentences": ("text",), "targets": ("quote",), "conflicts": ("text",),
    "removed": ("text",), "warnings": ("quote",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removal:
    """A page, by the identifier that its address or its bytes give it, and what of it may not be published."""

    page_id: str
    what: What
    day: date
    ground: str


@functools.cache
def removals() -> tuple[Removal, ...]:
    """The removals that come with the project."""
    return read_removals(seed_file(FILE))


def read_removals(path: Path) -> tuple[Removal, ...]:
    """The removals of a file. Raises BaogaoError for a line that is none."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip() and not line.startswith("#")]
    except (OSError, ValueError) as error:
        raise BaogaoError(f"{path.name} cannot be read ({error}): restore it, or leave only its header") from error
    header, *rows = list(csv.reader(lines)) or [[]]
    if header != _COLUMNS:
        raise BaogaoError(f"{path.name} begins with the columns {', '.join(header) or 'of none'}: they are {', '.join(_COLUMNS)}")
    return tuple(_removal(path.name, row) for row in rows)


def _removal(file: str, row: list[str]) -> Removal:
    said = dict(zip(_COLUMNS, (cell.strip() for cell in row), strict=False))
    page_id, what = _page_id(said.get("address", "")), said.get("what")
    problem = _problem(row, page_id, what)
    try:
        day = date.fromisoformat(said.get("date", ""))
    except ValueError:
        problem = problem or "date is YYYY-MM-DD"
    if problem:
        raise BaogaoError(f"{file}: the line {','.join(row)} is no removal: {problem}")
    return Removal(page_id or "", "page" if what == "page" else "text", day, said["ground"])


def _problem(row: list[str], page_id: str | None, what: str | None) -> str | None:
    if len(row) != len(_COLUMNS) or not row[-1].strip():
        return f"a line has {', '.join(_COLUMNS)}, none of them empty"
    if page_id is None:
        return "address is http://… or https://…, else a page_id, a doc_id, or the SHA-256 of a page"
    return None if what in get_args(What) else f"what is {' or '.join(get_args(What))}"


def _page_id(address: str) -> str | None:
    """The identifier of a page by its address, by the SHA-256 of its bytes where it has none, or by itself.

    >>> _page_id("http://bx2200.com/baogao/hb/10566.html") == _page_id("https://www.bx2200.com/baogao/hb/10566.html#top")
    True
    """
    if _IDENTIFIER.fullmatch(address):
        return address
    if _DIGEST.fullmatch(address):
        return doc_id(address)
    return doc_id(page_identity("", address)) if address.startswith(("http://", "https://")) else None


def _asked(names: Collection[str], what: What, among: Collection[Removal] | None) -> Removal | None:
    return next((one for one in (removals() if among is None else among) if one.what == what and one.page_id in names), None)


def asked_of_page(page: PageKey, what: What, among: Collection[Removal] | None = None) -> Removal | None:
    """The removal that asks for `what` of a page: by its own address or bytes, or by the address of the first page of its document."""
    first = [doc_id(page_identity(page.sha256, page.base_url))] if page.base_url else []
    return _asked({page.page_id, doc_id(page.sha256), *first}, what, among)


def asked_of_document(document: Document, what: What, among: Collection[Removal] | None = None) -> Removal | None:
    """The removal that asks for `what` of a document: by its identifier, or by any of its pages."""
    names = {document.doc_id, *(name for page in document.pages for name in (page.page_id, doc_id(page.sha256)))}
    return _asked(names, what, among)


# --- texts


def withdraw(tables: Mapping[str, pa.Table], documents: Collection[str]) -> dict[str, pa.Table]:
    """The tables, rows of the documents named without the words of their reports."""
    return {name: _withdrawn(name, rows, documents) if documents and name in TEXTS else rows for name, rows in tables.items()}


def _withdrawn(name: str, rows: pa.Table, documents: Collection[str]) -> pa.Table:
    return without_words(name, rows, is_of(rows, documents), TEXTS[name])


def without_words(name: str, rows: pa.Table, gone: pa.ChunkedArray, columns: Iterable[str]) -> pa.Table:
    """The rows of a table with nothing in some columns where `gone` says so."""
    described = {one.name: one for one in contract.tables()[name].columns}
    for column in columns:
        field = rows.schema.field(column)
        nothing = pa.scalar("" if described[column].required else None, field.type)
        rows = rows.set_column(rows.schema.get_field_index(column), field, pc.if_else(gone, nothing, rows[column]))
    return rows
