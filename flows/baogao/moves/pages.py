"""The first move: pages are read, cleaned and described, and the lines that their sites repeat are learned.

In: a batch of page references. Out: the folder that holds the result, worked now or before. Never: another batch's texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from baogao import stages
from baogao.archives import Fetched
from baogao.learn import learn
from baogao.moves.pieces import KILLS, PAGE_CODE, PIECE_SECONDS, fault, made_before, next_care, rules, write_made
from baogao.pages import WorkedPage, read_marks, write_pages
from baogao.parts import NO_EDGES, doc_id, page_identity
from baogao.records import BaogaoError, Unreadable
from baogao.scale import Care, time_limit
from baogao.sources import PageRef, fetch
from baogao.store import Store, code_digest, fingerprint, library_versions
from baogao.tables import page_row, unreadable_row


@dataclass(frozen=True, slots=True)
class PageBatch:
    """Pages to read, clean and describe."""

    store: Store
    refs: tuple[PageRef, ...]
    site_lines: tuple[tuple[int, str], ...] = ()
    """Lines of theirs that their sites repeat, where these are known: the number of the page, from 0, and the mark of the line."""
    care: Care | None = None

    @property
    def n_pieces(self) -> int:
        """Its pages."""
        return len(self.refs)

    @property
    def n_bytes(self) -> int:
        """The bytes of its pages."""
        return sum(ref.n_bytes for ref in self.refs)

    @property
    def lines_of_pages(self) -> list[tuple[str, ...]]:
        """For each page, the marks of those of its lines that its site repeats."""
        lines: list[tuple[str, ...]] = [()] * len(self.refs)
        for n, mark in self.site_lines:
            lines[n] += (mark,)
        return lines

    def after_death(self) -> PageBatch | None:
        """What is worked instead, where a worker died of the batch: page by page, then without the page that it dies of."""
        care = next_care(self.care, self.store, [ref.source for ref in self.refs])
        return replace(self, care=care) if care else None


def work_pages(batch: PageBatch) -> Path:
    """Read, clean and describe a batch of pages; what an earlier batch made of the same pages is taken over. Raises BaogaoError for a file that cannot be read at all."""
    pages = [fetch(ref) for ref in batch.refs]
    digests = [page.digest for page in pages]
    folder = pages_folder(batch, digests)
    if not folder.exists():
        site_lines = batch.lines_of_pages
        marks = [fingerprint(*_fixed(), _named(ref, digest), *lines) for ref, digest, lines in zip(batch.refs, digests, site_lines, strict=True)]
        before, found = made_before(batch.store, "pages", marks)
        with batch.store.fill(folder) as draft:
            worked = [
                int(found[mark]) if mark in found else _work_piece(batch, n, page, lines)
                for n, (page, lines, mark) in enumerate(zip(pages, site_lines, marks, strict=True))
            ]
            write_pages(draft, worked, before)
            # What could not be read is tried again.
            write_made(draft, {mark: str(n) for n, (page, mark) in enumerate(zip(worked, marks, strict=True)) if isinstance(page, int) or page.facts})
        if batch.care:
            batch.care.end()
    return folder


def pages_folder(batch: PageBatch, digests: Sequence[str]) -> Path:
    """Where the work on a batch of pages is, or will be."""
    named = map(_named, batch.refs, digests)
    return batch.store.folder("pages", fingerprint(*_fixed(), *map(str, batch.site_lines), *named))


def _fixed() -> tuple[str, ...]:
    """What all pages are worked with."""
    return code_digest(*PAGE_CODE), *rules(), library_versions("datasketch", "OpenCC", "pyarrow")


def _named(ref: PageRef, digest: str) -> str:
    """All that comes with a page."""
    return f"{ref.source} {digest}"


def _work_piece(batch: PageBatch, n: int, fetched: Fetched, site_lines: Container[str]) -> WorkedPage:
    """The work on a page; on one that it cannot be done on, a page that says so. Whatever is wrong with it, the others of its batch are worked."""
    ref = batch.refs[n]
    if fetched.fault:
        return _unreadable(ref, fetched.data, fetched.fault)
    if batch.care:
        if n in batch.care.left_out:
            return _unreadable(ref, fetched.data, KILLS)
        batch.care.begin(n)
    try:
        with time_limit(PIECE_SECONDS):
            return _work_page(ref, fetched, site_lines)
    except BaogaoError:
        raise
    except Exception as error:  # noqa: BLE001 - a page that trips over a fault of the code, or of a library, is rejected with it as its reason
        return _unreadable(ref, fetched.data, fault(error))


def _unreadable(ref: PageRef, data: bytes, reason: str) -> WorkedPage:
    digest = hashlib.sha256(data).hexdigest()
    return WorkedPage(unreadable_row(ref.source, digest, len(data), page_id=doc_id(digest), reason=reason))


def _work_page(ref: PageRef, fetched: Fetched, site_lines: Container[str]) -> WorkedPage:
    try:
        page = stages.read(fetched.data, source=ref.source, url=fetched.url, charset=fetched.charset)
    except Unreadable as error:
        return _unreadable(ref, fetched.data, str(error))
    page = replace(page, retrieved_at=fetched.retrieved_at)
    body = stages.clean(page, site_lines)
    facts = stages.describe(page, body)
    page_id = doc_id(page_identity(page.sha256, page.url))
    row = page_row(page, facts, body, page_id=page_id)
    if row["status"] != "accepted":
        return WorkedPage(row, facts, body.lines, body.removed)
    is_whole = facts.completeness == "full"
    return WorkedPage(row, facts, body.lines, body.removed, stages.sketch(body), NO_EDGES if is_whole else stages.find_edges(body))


def learn_site_lines(folders: Sequence[Path]) -> list[tuple[tuple[int, str], ...]]:
    """For each batch of pages, the lines on them that their sites repeat, as `PageBatch` takes them."""
    marks = [read_marks(folder) for folder in folders]
    learned = learn(pa.concat_tables(marks))
    sites = pa.array(list(learned), pa.string())
    found = []
    for table in marks:
        here = table.filter(pc.and_(table["mark"].is_valid(), pc.is_in(table["site"], value_set=sites))).to_pylist()
        found.append(tuple(sorted((line["row"], line["mark"]) for line in here if line["mark"] in learned[line["site"]])))
    return found
