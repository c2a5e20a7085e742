"""What a worker does with a batch: the heavy moves of the pipeline, each from references to a folder of finished work.

In: an item: page references, documents, or the folder of a batch. Out: the folder that holds the result, worked now or before.
Each folder is named by the fingerprint of all that made it: bytes, site cards, code, vocabularies, library versions. Never: another batch's texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract, stages
from baogao.assemble import doc_id, make_report, page_identity
from baogao.learn import learn
from baogao.pages import WorkedPage, read_arrow, read_bodies, read_marks, read_page_tables, write_arrow, write_pages
from baogao.records import Reject, Unreadable
from baogao.sources import PageRef, read_bytes, site_cards_file
from baogao.store import Store, code_digest, fingerprint, library_versions
from baogao.tables import Row, arrow_table, page_row, report_rows, unreadable_row, word_rows

# The code that has a part in each result.
_PAGE_CODE = ("records", "text", "sources", "read", "clean", "describe", "assemble", "learn", "ids", "tables", "pages", "stages", "contract", "moves")
_REPORT_CODE = (*_PAGE_CODE, "split", "measure", "words")
_CHECK_CODE = ("records", "contract", "expectations", "check", "tables", "pages", "moves")
REPORT_TABLES = ("reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words", "keywords")
_REJECTS = "rejects.arrow"


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Pages to read, clean and describe; with the lines that their sites repeat, as (site, mark), where these are known."""

    store: Store
    refs: tuple[PageRef, ...]
    site_lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document to assemble: its pages in reading order, as (batch, row, page_id, sha256)."""

    doc_id: str
    missing_pages: str | None
    pages: tuple[tuple[str, int, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportBatch:
    """Documents to assemble, split, measure and count."""

    store: Store
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class CheckBatch:
    """A batch to check: of documents (`origins`: their first pages), or of pages (`rows`: which of them, and the document that each belongs to)."""

    store: Store
    folder: Path
    origins: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[int, str | None], ...] | None = None


# --- read and clean


def work_pages(batch: PageBatch) -> Path:
    """Read, clean and describe a batch of pages. Raises BaogaoError for a file that cannot be read at all."""
    pages = [(ref, read_bytes(ref)) for ref in batch.refs]
    folder = pages_folder(batch, [hashlib.sha256(data).hexdigest() for _, data in pages])
    if not folder.exists():
        site_lines: dict[str, set[str]] = {}
        for site, mark in batch.site_lines:
            site_lines.setdefault(site, set()).add(mark)
        with batch.store.fill(folder) as draft:
            write_pages(draft, [_work_page(ref, data, site_lines) for ref, data in pages])
    return folder


def pages_folder(batch: PageBatch, digests: Sequence[str]) -> Path:
    """Where the work on a batch of pages is, or will be."""
    named = (f"{ref.source} {digest}" for ref, digest in zip(batch.refs, digests, strict=True))
    return batch.store.folder("pages", fingerprint(code_digest(*_PAGE_CODE), *_rules(), library_versions("pyarrow"), *named, *map(" ".join, batch.site_lines)))


def _rules() -> tuple[str, str]:
    """Digests of the vocabularies and of the site cards."""
    return contract.digest(), hashlib.sha256(site_cards_file().read_bytes()).hexdigest()


def _work_page(ref: PageRef, data: bytes, site_lines: Mapping[str, Container[str]]) -> WorkedPage:
    try:
        page = stages.read(data, source=ref.source)
    except Unreadable as error:
        digest = hashlib.sha256(data).hexdigest()
        return WorkedPage(unreadable_row(ref.source, digest, len(data), page_id=doc_id(digest), reason=str(error)))
    body = stages.clean(page, site_lines.get(page.site or "", ()))
    facts = stages.describe(page, body)
    page_id = doc_id(page_identity(page.sha256, page.url))
    row = page_row(page, facts, body, page_id=page_id)
    return WorkedPage(row, facts, body.lines, body.removed)


def learn_site_lines(folders: Sequence[Path]) -> list[tuple[tuple[str, str], ...]]:
    """For each batch of pages, the lines that their sites repeat and that stand on some of them, as (site, mark)."""
    marks = [read_marks(folder) for folder in folders]
    learned = learn(pa.concat_tables(marks))
    found = []
    for table in marks:
        here = table.filter(pc.and_(table["mark"].is_valid(), pc.is_in(table["site"], value_set=pa.array(list(learned), pa.string()))))
        pairs = set(zip(here["site"].to_pylist(), here["mark"].to_pylist(), strict=True))
        found.append(tuple(sorted((site, mark) for site, mark in pairs if mark in learned[site])))
    return found


# --- structure


def work_reports(batch: ReportBatch) -> Path:
    """Assemble, split, measure and count a batch of documents."""
    folder = reports_folder(batch)
    if not folder.exists():
        with batch.store.fill(folder) as draft:
            rows: dict[str, list[Row]] = {name: [] for name in REPORT_TABLES}
            for document in batch.documents:
                for name, made in _work_document(batch.store, document).items():
                    rows[name] += made
            for name, made in rows.items():
                write_arrow(draft / f"{name}.arrow", arrow_table(name, made))
    return folder


def reports_folder(batch: ReportBatch) -> Path:
    """Where the work on a batch of documents is, or will be."""
    named = (f"{one.doc_id} {one.missing_pages} {' '.join(f'{page_id}:{digest}' for _, _, page_id, digest in one.pages)}" for one in batch.documents)
    libraries = library_versions("jieba", "pyarrow")
    return batch.store.folder("reports", fingerprint(code_digest(*_REPORT_CODE), *_rules(), libraries, *named))


def _work_document(store: Store, document: Document) -> dict[str, list[Row]]:
    bodies = [read_bodies(store.folder("pages", batch), [row])[row] for batch, row, _, _ in document.pages]
    rights = stages.rights_basis(bodies[0].site)
    structure = stages.structure(make_report(document.doc_id, bodies, missing_pages=document.missing_pages, rights_basis=rights))
    return report_rows(structure) | word_rows(document.doc_id, *stages.count_words(stages.own_texts(structure)))


# --- check


def work_checks(batch: CheckBatch) -> Path:
    """Check a batch: its tables without the rows that fail, and the failures."""
    from baogao.check import check_rows  # noqa: PLC0415 - the libraries that check needs are heavy

    folder = checked_folder(batch)
    if not folder.exists():
        if batch.rows is None:
            tables = {name: read_arrow(batch.folder / f"{name}.arrow") for name in REPORT_TABLES}
        else:
            tables = read_page_tables(batch.folder, dict(batch.rows))
        kept, rejects = check_rows(tables, dict(batch.origins))
        with batch.store.fill(folder) as draft:
            for name, rows in kept.items():
                write_arrow(draft / f"{name}.arrow", rows)
            write_arrow(draft / _REJECTS, pa.Table.from_pylist([asdict(one) for one in rejects], schema=_rejects_schema()))
    return folder


def checked_folder(batch: CheckBatch) -> Path:
    """Where the check of a batch is, or will be."""
    state = (*map(str, batch.origins), *map(str, batch.rows or ()))
    libraries = library_versions("great-expectations", "pandas", "pyarrow")
    return batch.store.folder("checked", fingerprint(code_digest(*_CHECK_CODE), contract.digest(), libraries, batch.folder.name, *state))


def check_summary(item: tuple[Path, str]) -> list[str]:
    """What is wrong with a table of a whole release, in sentences; each is a fault of the pipeline, not of a page."""
    from baogao.expectations import violations  # noqa: PLC0415 - Great Expectations takes seconds to load

    folder, name = item
    return [f"{name}: {one.reason}" for one in violations(contract.tables()[name], read_arrow(folder / f"{name}.arrow"))]


def read_rejects(folder: Path) -> list[Reject]:
    """The failures that a check found."""
    return [Reject(**row) for row in read_arrow(folder / _REJECTS).to_pylist()]


def _rejects_schema() -> pa.Schema:
    return contract.arrow_schema(contract.tables()["rejects"], nullable=True)
