"""The third move: documents are assembled, split, measured and counted.

In: a batch of documents, the pages of each by batch and row. Out: the folder that holds the result, worked now or before. Never: another batch's texts,
but those of the documents that these repeat or go by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from baogao import stages
from baogao.assemble import PageBody, Plan, join_lines, make_report
from baogao.conflicts import find_conflicts
from baogao.corrections import Correction, correct, corrections_of
from baogao.moves.pieces import KILLS, PAGE_CODE, PIECE_SECONDS, fault, made_before, next_care, rules, write_made, write_rejects
from baogao.pages import read_arrow, read_bodies, write_arrow
from baogao.records import BaogaoError, Reject, Structure
from baogao.removals import asked_of_document
from baogao.scale import Care, time_limit
from baogao.store import Store, code_digest, fingerprint, library_versions
from baogao.tables import Row, arrow_table, conflict_rows, is_of, report_rows, sort_rows, word_table

REPORT_CODE = (*PAGE_CODE, "assemble", "corrections", "measure", "words", "conflicts")
REPORT_TABLES = ("reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words", "conflicts")
# So many documents are held as rows at a time; as Arrow they take a twentieth of that.
_AT_ONCE = 16

# Bodies of pages, by batch and row.
_Shelf = Mapping[str, Mapping[int, PageBody]]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a document in reading order, as (batch, row, page_id, sha256, digest of what was made of it)."""

    doc_id: str
    pages: tuple[tuple[str, int, str, str, str | None], ...]
    text_published: bool = True

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What is known to be wrong in it."""
        return corrections_of({self.doc_id, *(name for _, _, page_id, sha256, _ in self.pages for name in (page_id, sha256))})


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
    care: Care | None = None

    @property
    def n_pieces(self) -> int:
        """Its documents."""
        return len(self.documents)

    def after_death(self) -> ReportBatch | None:
        """What is worked instead, where a worker died of the batch: document by document, then without the one that it dies of."""
        care = next_care(self.care, self.store, [one.doc_id for one in self.documents])
        return replace(self, care=care) if care else None


def documents(plans: Sequence[Plan]) -> list[Document]:
    """What is to be assembled, in the order of the plans."""
    pages = {
        plan.doc_id: Pages(
            plan.doc_id,
            tuple((page.batch, page.row, page.page_id, page.sha256, page.digest) for page in plan.document.pages),
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
    """Assemble, split, measure and count a batch of documents; what an earlier batch made of the same documents is taken over."""
    folder = reports_folder(batch)
    if not folder.exists():
        marks = {fingerprint(*_fixed(), _named(one)): one.doc_id for one in batch.documents}
        before, found = made_before(batch.store, "reports", marks)
        same = frozenset(found.values())
        numbers = [n for n, one in enumerate(batch.documents) if one.doc_id not in same]
        with batch.store.fill(folder) as draft:
            rejects: list[Reject] = []
            pieces = [_work_documents(batch, numbers[at : at + _AT_ONCE], rejects) for at in range(0, max(1, len(numbers)), _AT_ONCE)]
            if before:
                taken = {name: read_arrow(before / f"{name}.arrow") for name in REPORT_TABLES}
                pieces.append({name: rows.filter(is_of(rows, same)) for name, rows in taken.items()})
            for name in REPORT_TABLES:
                write_arrow(draft / f"{name}.arrow", sort_rows(name, pa.concat_tables([piece[name] for piece in pieces])))
            write_rejects(draft, rejects)
            rejected = {one.id for one in rejects}
            write_made(draft, {mark: doc_id for mark, doc_id in marks.items() if doc_id not in rejected})
        if batch.care:
            batch.care.end()
    return folder


def _work_documents(batch: ReportBatch, numbers: Sequence[int], rejects: list[Reject]) -> dict[str, pa.Table]:
    """The tables of some documents of a batch; those that could not be worked are added to `rejects`."""
    rows: dict[str, list[Row]] = {name: [] for name in REPORT_TABLES}
    counts: dict[str, Mapping[str, int]] = {}
    shelf = _shelf(batch.store, [batch.documents[n] for n in numbers])
    for n in numbers:
        document, reason = batch.documents[n], KILLS
        if not batch.care or n not in batch.care.left_out:
            if batch.care:
                batch.care.begin(n)
            try:
                with time_limit(PIECE_SECONDS):
                    made, counts[document.doc_id] = _work_document(shelf, document)
            except BaogaoError:
                raise
            except Exception as error:  # noqa: BLE001 - as with pages
                reason = fault(error)
            else:
                for name, some in made.items():
                    rows[name] += some
                continue
        rejects.append(Reject("reports", document.doc_id, "document_can_be_worked", reason, page_id=document.pages[0][2]))
    return {name: word_table(counts) if name == "words" else arrow_table(name, some) for name, some in rows.items()}


def reports_folder(batch: ReportBatch) -> Path:
    """Where the work on a batch of documents is, or will be."""
    return batch.store.folder("reports", fingerprint(*_fixed(), *map(_named, batch.documents)))


def _fixed() -> tuple[str, ...]:
    """What all documents are made with."""
    return code_digest(*REPORT_CODE), *rules(), library_versions("jieba", "pyarrow")


def _named(one: Document) -> str:
    """All that a document is made from."""
    return " ".join((one.missing_pages or "", one.part_of or "", *(_digests(other) if other else "" for other in (one, one.told_by, one.repeats))))


def _digests(one: Pages) -> str:
    """What was made of the pages of a document, its corrections, and whether its text is withdrawn."""
    pages = (f"{page_id}:{digest}" for _, _, page_id, _, digest in one.pages)
    return " ".join((f"{one.doc_id}:", *pages, *map(str, one.corrections), *(() if one.text_published else ("withdrawn",))))


def _work_document(shelf: _Shelf, document: Document) -> tuple[dict[str, list[Row]], Mapping[str, int]]:
    """The rows of a document, and how often it has each word."""
    bodies = _bodies(shelf, document)
    teller = document.told_by
    report = make_report(
        document.doc_id,
        bodies,
        missing_pages=document.missing_pages,
        rights_basis=stages.rights_basis(bodies[0].site),
        told_by=(teller.doc_id, _bodies(shelf, teller)) if teller else None,
        part_of=document.part_of,
        corrections=document.corrections,
        text_published=document.text_published,
    )
    structure = stages.structure(report)
    conflicts = _conflicts(shelf, structure, document.repeats) if document.repeats else []
    return report_rows(structure) | {"conflicts": conflicts}, stages.count_words(stages.in_simplified(stages.own_texts(structure)))


def _conflicts(shelf: _Shelf, structure: Structure, canonical: Pages) -> list[Row]:
    """Where a document disagrees with the one that it repeats, as rows."""
    texts = [structure.report.text[one.start : one.end] for one in structure.sentences]
    text = "\n".join(correct(join_lines([body.lines for body in _bodies(shelf, canonical)]), canonical.corrections, canonical.doc_id))
    others = [text[one.start : one.end] for one in stages.split(text)[2]]
    found = find_conflicts(stages.in_simplified(texts), stages.in_simplified(others))
    rows = conflict_rows(structure.report.doc_id, texts, canonical.doc_id, others, found)
    return rows if canonical.text_published else [row | {"canonical_text": ""} for row in rows]


def _shelf(store: Store, documents: Sequence[Document]) -> _Shelf:
    """The bodies of documents, and of those that they go by or repeat, read from each batch at once."""
    wanted: dict[str, set[int]] = {}
    for one in (other for document in documents for other in (document, document.told_by, document.repeats) if other):
        for batch, row, *_ in one.pages:
            wanted.setdefault(batch, set()).add(row)
    return {batch: read_bodies(store.folder("pages", batch), sorted(rows)) for batch, rows in wanted.items()}


def _bodies(shelf: _Shelf, document: Pages) -> list[PageBody]:
    return [shelf[batch][row] for batch, row, *_ in document.pages]
