"""What a worker does with a batch: the heavy moves of the pipeline, each from references to a folder of finished work.

In: an item: page references, documents, or the folder of a batch. Out: the folder that holds the result, worked now or before.
Each folder is named by the fingerprint of all that made it: bytes, site cards, code, vocabularies, library versions. Never: another batch's texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from baogao import contract, stages
from baogao.assemble import PageBody, Plan, join_lines, make_report
from baogao.conflicts import find_conflicts
from baogao.corrections import Correction, correct, corrections_of
from baogao.doubts import find_doubts
from baogao.learn import learn
from baogao.pages import WorkedPage, read_arrow, read_bodies, read_marks, read_page_tables, write_arrow, write_pages
from baogao.parts import NO_EDGES, doc_id, page_identity
from baogao.records import Reject, Structure, Unreadable
from baogao.removals import TEXTS, asked_of_document, withdraw, without_words
from baogao.sources import PageRef, read_bytes, site_cards_file
from baogao.store import Store, code_digest, fingerprint, library_versions
from baogao.tables import Row, arrow_table, conflict_rows, page_row, report_rows, sort_rows, unreadable_row, word_table

# The code that has a part in each result.
_PAGE_CODE = (
    "records", "text", "sources", "read", "clean", "describe", "sketch", "parts", "learn", "ids", "split", "tables", "pages", "stages", "contract", "moves",
)  # fmt: skip
_REPORT_CODE = (*_PAGE_CODE, "assemble", "corrections", "measure", "words", "conflicts")
_CHECK_CODE = ("records", "text", "removals", "contract", "expectations", "across", "check", "doubts", "tables", "pages", "moves")
REPORT_TABLES = ("reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words", "conflicts")
# So many documents are held as rows at a time; as Arrow they take a twentieth of that.
_AT_ONCE = 16
_REJECTS, WARNINGS = "rejects.arrow", "warnings.arrow"


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Pages to read, clean and describe; with the lines that their sites repeat, as (site, mark), where these are known."""

    store: Store
    refs: tuple[PageRef, ...]
    site_lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a document in reading order, as (batch, row, page_id, sha256)."""

    doc_id: str
    pages: tuple[tuple[str, int, str, str], ...]
    text_published: bool = True

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What is known to be wrong in it."""
        return corrections_of({self.doc_id, *(name for _, _, page_id, digest in self.pages for name in (page_id, digest))})


@dataclass(frozen=True, slots=True)
class Document(Pages):
    """A document to assemble: its pages, the numbers of those that are missing, and what it is to others."""

    missing_pages: str | None = None
    told_by: Pages | None = None
    """The document whose place and year it goes by."""
    repeats: Pages | None = None
    """The document that it is a copy of."""
    part_of: str | None = None
    """A complete document that holds much more of it."""


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
    withdrawn: tuple[str, ...] = ()
    """Of the documents that the pages belong to, those whose texts are not published."""


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
    return batch.store.folder("pages", fingerprint(code_digest(*_PAGE_CODE), *_rules(), library_versions("datasketch", "OpenCC", "pyarrow"), *named, *map(" ".join, batch.site_lines)))


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
    if row["status"] != "accepted":
        return WorkedPage(row, facts, body.lines, body.removed)
    is_whole = facts.completeness == "full"
    return WorkedPage(row, facts, body.lines, body.removed, stages.sketch(body), NO_EDGES if is_whole else stages.find_edges(body))


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


def documents(plans: Sequence[Plan]) -> list[Document]:
    """What is to be assembled, in the order of the plans."""
    pages = {
        plan.doc_id: Pages(
            plan.doc_id,
            tuple((page.batch, page.row, page.page_id, page.sha256) for page in plan.document.pages),
            text_published=not asked_of_document(plan.document, "text"),
        )
        for plan in plans
    }

    def other(doc: str | None) -> Pages | None:
        return pages[doc] if doc else None

    return [
        Document(
            plan.doc_id,
            pages[plan.doc_id].pages,
            pages[plan.doc_id].text_published,
            plan.document.missing_pages,
            other(plan.standing.told_by),
            other(plan.standing.near_duplicate_of),
            plan.standing.part_of,
        )
        for plan in plans
    ]


def work_reports(batch: ReportBatch) -> Path:
    """Assemble, split, measure and count a batch of documents."""
    folder = reports_folder(batch)
    if not folder.exists():
        with batch.store.fill(folder) as draft:
            pieces = [_work_documents(batch.store, batch.documents[at : at + _AT_ONCE]) for at in range(0, max(1, len(batch.documents)), _AT_ONCE)]
            for name in REPORT_TABLES:
                write_arrow(draft / f"{name}.arrow", sort_rows(name, pa.concat_tables([piece[name] for piece in pieces])))
    return folder


def _work_documents(store: Store, documents: Sequence[Document]) -> dict[str, pa.Table]:
    """The tables of some documents."""
    rows: dict[str, list[Row]] = {name: [] for name in REPORT_TABLES}
    counts: dict[str, Mapping[str, int]] = {}
    for document in documents:
        made, counts[document.doc_id] = _work_document(store, document)
        for name, some in made.items():
            rows[name] += some
    return {name: word_table(counts) if name == "words" else arrow_table(name, some) for name, some in rows.items()}


def reports_folder(batch: ReportBatch) -> Path:
    """Where the work on a batch of documents is, or will be."""
    libraries = library_versions("jieba", "pyarrow")
    return batch.store.folder("reports", fingerprint(code_digest(*_REPORT_CODE), *_rules(), libraries, *map(_named, batch.documents)))


def _named(one: Document) -> str:
    """All that a document is made from."""
    return " ".join((one.missing_pages or "", one.part_of or "", *(_digests(other) if other else "" for other in (one, one.told_by, one.repeats))))


def _digests(one: Pages) -> str:
    """The pages of a document, its corrections, and whether its text is withdrawn."""
    pages = (f"{page_id}:{digest}" for _, _, page_id, digest in one.pages)
    return " ".join((f"{one.doc_id}:", *pages, *map(str, one.corrections), *(() if one.text_published else ("withdrawn",))))


def _work_document(store: Store, document: Document) -> tuple[dict[str, list[Row]], Mapping[str, int]]:
    """The rows of a document, and how often it has each word."""
    bodies = _bodies(store, document)
    teller = document.told_by
    report = make_report(
        document.doc_id,
        bodies,
        missing_pages=document.missing_pages,
        rights_basis=stages.rights_basis(bodies[0].site),
        told_by=(teller.doc_id, _bodies(store, teller)) if teller else None,
        part_of=document.part_of,
        corrections=document.corrections,
        text_published=document.text_published,
    )
    structure = stages.structure(report)
    conflicts = _conflicts(store, structure, document.repeats) if document.repeats else []
    return report_rows(structure) | {"conflicts": conflicts}, stages.count_words(stages.in_simplified(stages.own_texts(structure)))


def _conflicts(store: Store, structure: Structure, canonical: Pages) -> list[Row]:
    """Where a document disagrees with the one that it repeats, as rows."""
    texts = [structure.report.text[one.start : one.end] for one in structure.sentences]
    text = "\n".join(correct(join_lines([body.lines for body in _bodies(store, canonical)]), canonical.corrections, canonical.doc_id))
    others = [text[one.start : one.end] for one in stages.split(text)[2]]
    found = find_conflicts(stages.in_simplified(texts), stages.in_simplified(others))
    rows = conflict_rows(structure.report.doc_id, texts, canonical.doc_id, others, found)
    return rows if canonical.text_published else [row | {"canonical_text": ""} for row in rows]


def _bodies(store: Store, document: Pages) -> list[PageBody]:
    return [read_bodies(store.folder("pages", batch), [row])[row] for batch, row, _, _ in document.pages]


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
        doubts = find_doubts(kept, contract.terms("plausible")) if batch.rows is None else []
        kept["warnings"] = arrow_table("warnings", map(asdict, doubts))
        kept, rejects = _withdrawn(batch, tables, kept, rejects)
        with batch.store.fill(folder) as draft:
            for name, rows in kept.items():
                write_arrow(draft / f"{name}.arrow", rows)
            write_arrow(draft / _REJECTS, pa.Table.from_pylist([asdict(one) for one in rejects], schema=_rejects_schema()))
    return folder


def _withdrawn(batch: CheckBatch, tables: Mapping[str, pa.Table], kept: dict[str, pa.Table], rejects: list[Reject]) -> tuple[dict[str, pa.Table], list[Reject]]:
    """What passed and what did not, without the texts that are not published."""
    if batch.rows is not None:
        pages = kept["pages"].filter(pc.is_in(kept["pages"]["doc_id"], value_set=pa.array(batch.withdrawn, pa.string())))["page_id"]
        gone = pc.is_in(kept["removed"]["page_id"], value_set=pages)
        return kept | {"removed": without_words("removed", kept["removed"], gone, TEXTS["removed"])}, rejects
    documents = set(tables["reports"].filter(pc.equal(tables["reports"]["text_published"], False))["doc_id"].to_pylist())
    told = [replace(one, value=None) if one.id[:12] in documents and one.column in TEXTS.get(one.table, ()) else one for one in rejects]
    return withdraw(kept, documents), told


def checked_folder(batch: CheckBatch) -> Path:
    """Where the check of a batch is, or will be."""
    state = (*map(str, batch.origins), *map(str, batch.rows or ()), *batch.withdrawn)
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
