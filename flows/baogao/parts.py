"""Pages become documents: which pages make one report as its site publishes it, in which order, and which of them are missing.

In: what is known of each page, never its text. Out: `Document`s.
The rules, in this order:
- Pages with one base address are of one document, in the order of their part numbers, unless they tell different reports.
- Other pages of one site (or, where that is unknown, of one folder) and one place are of one document when they tell its year and number themselves as its
  parts; when all of the site, in the order of their addresses, make a series of which the first alone begins the report and that skips no number of a
  heading; or when one goes on where the other stops: it ends without its end, the next one begins without its beginning and tells no other year, the
  numbers of their headings follow or the sentence is torn, and no third page fits as well.
Never: pages joined that repeat each other; two reports made into one; a guess between two pages that both fit.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from baogao.records import Completeness
from baogao.sketch import NO_SKETCH, Sketch, merged, sampled_sentences

# Of two pages with one part number, or with none, one repeats the other when it holds so much of its sentences.
_REPEATS = 0.5
_STOP = re.compile(r"[。！？!?：:；;…”’）)》]\s*$")
# A last line that is shorter and has no stop may be a heading or a signature; a longer one with a number before it, a heading too.
_TORN_MIN, _HEADING_MAX = 20, 60
# What begins a section or an item: 二、, (三), 4., 第五, 六是, ——.
ITEM = re.compile(r"\s*(?:第?[一二三四五六七八九十]{1,3}[、是,，]|[(（]?[一二三四五六七八九十\d]{1,3}[)）.、．]|—|各位代表)")


@dataclass(frozen=True, slots=True)
class Edges:
    """How a page that is not a whole report begins and ends."""

    first: tuple[int, int] | None = None
    """Style and number of its first numbered heading."""
    running: tuple[tuple[int, int], ...] = ()
    """Style and number of the headings that its end stands under, outermost first."""
    is_torn: bool = False
    """Whether it stops within a sentence."""


NO_EDGES = Edges()


@dataclass(frozen=True, slots=True)
class PageKey:
    """What move 2 knows of a page. `batch` and `row` say where its Body is."""

    page_id: str
    source: str
    sha256: str
    batch: str
    row: int
    is_report: bool
    site: str | None = None
    base_url: str | None = None
    part_number: int | None = None
    part_count: int | None = None
    place_code: str | None = None
    report_year: int | None = None
    completeness: Completeness = "unknown"
    missing_parts: str | None = None
    is_damaged: bool = False
    n_chars: int = 0
    sketch: Sketch = NO_SKETCH
    edges: Edges = NO_EDGES
    digest: str | None = None
    """Of all that was made of the page, where it is a report."""

    @property
    def report(self) -> tuple[str, int] | None:
        """Place and year, where the page tells both."""
        return (self.place_code, self.report_year) if self.place_code and self.report_year else None

    def lacks(self, part: str) -> bool:
        """Whether the page lacks that part of a report: beginning, end."""
        return part in (self.missing_parts or "")


@dataclass(frozen=True, slots=True)
class Document:
    """A report as its site publishes it: its pages in reading order."""

    doc_id: str
    pages: tuple[PageKey, ...]

    @property
    def report(self) -> tuple[str, int] | None:
        """Place and year, from the first page that tells both."""
        return next((page.report for page in self.pages if page.report), None)

    @property
    def place_code(self) -> str | None:
        """The place, from the first page that tells it."""
        return next((page.place_code for page in self.pages if page.place_code), None)

    @property
    def missing_pages(self) -> str | None:
        """Numbers of pages that the site has and the document lacks, where the pages tell."""
        numbers = {page.part_number or 1 for page in self.pages}
        if all(page.part_number is None for page in self.pages):
            return None
        count = max([*numbers, *(page.part_count or 0 for page in self.pages)])
        return "; ".join(f"page {number}" for number in range(1, count + 1) if number not in numbers) or None

    @property
    def completeness(self) -> Completeness:
        """How much of the report it holds, as far as its pages tell one by one."""
        if len(self.pages) == 1 and not self.missing_pages:
            return self.pages[0].completeness
        stated = {page.completeness for page in self.pages}
        if "abridged" in stated:
            return "abridged"
        opens = any(page.completeness == "full" or not page.lacks("beginning") for page in self.pages)
        closes = any(page.completeness == "full" or not page.lacks("end") for page in self.pages)
        return "full" if opens and closes and stated <= {"full", "excerpt"} and not self.missing_pages else "excerpt"

    @property
    def sketch(self) -> Sketch:
        """What copies of its text are told by."""
        return self.pages[0].sketch if len(self.pages) == 1 else merged([page.sketch for page in self.pages])


def page_identity(sha256: str, url: str | None) -> str:
    """What a page is the same page by: site and path where the address is known, else its bytes.

    >>> page_identity("00", "https://www.bx2200.com/baogao/hb/10566.html#top")
    'bx2200.com/baogao/hb/10566.html'
    """
    if not url:
        return sha256
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}{'?' + parts.query if parts.query else ''}"


def doc_id(identity: str) -> str:
    """12 hexadecimal digits over the identity of a page; a document has that of its first page."""
    is_digest = len(identity) == 64 and "/" not in identity
    return identity[:12] if is_digest else hashlib.sha256(identity.encode()).hexdigest()[:12]


def edges(headings: Sequence[tuple[int, int]], last_line: str) -> Edges:
    """How a text begins and ends, from the styles and numbers of its numbered headings in text order.

    >>> edges([(1, 1), (2, 1), (2, 2), (1, 2), (2, 1)], "全面推进")
    Edges(first=(1, 1), running=((1, 2), (2, 1)), is_torn=False)
    """
    running: list[tuple[int, int]] = []
    for style, number in headings:
        while running and running[-1][0] >= style:
            running.pop()
        running.append((style, number))
    return Edges(headings[0] if headings else None, tuple(running), is_torn(last_line))


def is_torn(last_line: str) -> bool:
    """Whether a text that ends with that line stops within a sentence.

    >>> is_torn("建成高标准农田12万亩,新增高效节水灌溉面积"), is_torn("二、2024年工作安排")
    (True, False)
    """
    if len(last_line) < _TORN_MIN or _STOP.search(last_line):
        return False
    return len(last_line) > _HEADING_MAX or not ITEM.match(last_line)


def documents(keys: Iterable[PageKey]) -> list[Document]:
    """Group pages of reports into documents, sorted by doc_id. The order of the keys does not matter."""
    by_base: dict[str, list[PageKey]] = defaultdict(list)
    for key in keys:
        by_base[page_identity(key.sha256, key.base_url)].append(key)
    found = [Document(doc_id(name), _in_order(same)) for base, pages in by_base.items() for name, same in _of_one_report(base, pages)]
    beside: dict[object, list[Document]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.doc_id):
        where = one.pages[0].site or posixpath.dirname(one.pages[0].source)
        beside[one.doc_id if one.completeness == "full" or not one.place_code else (where, one.place_code)].append(one)
    return sorted((one for same in beside.values() for one in _joined(same)), key=lambda one: one.doc_id)


def _of_one_report(base: str, pages: Sequence[PageKey]) -> Iterator[tuple[str, list[PageKey]]]:
    """Pages with one base address, report by report: sites that give all their pages one address, or state another's, do not make one report of several.

    Pages that do not tell their report go with the first one, which keeps the address; others are named by their first page.
    """
    ordered = sorted(pages, key=_reading_order)
    first = next((page.report for page in ordered if page.report), None)
    reports: dict[tuple[str, int] | None, list[PageKey]] = defaultdict(list)
    for page in ordered:
        reports[page.report or first].append(page)
    for report, same in reports.items():
        yield (base if report == first else page_identity(same[0].sha256, None)), same


def _in_order(pages: Sequence[PageKey]) -> tuple[PageKey, ...]:
    """Pages of one document in reading order: by part number, then by name as people sort it. Of two copies of one part the longer stays."""
    ordered = sorted(pages, key=_reading_order)
    kept: list[PageKey] = []
    for page in ordered:
        twin = next((n for n, other in enumerate(kept) if _same_part(page, other)), None)
        if twin is None:
            kept.append(page)
        elif page.n_chars > kept[twin].n_chars:
            kept[twin] = page
    return tuple(kept)


def _same_part(one: PageKey, other: PageKey) -> bool:
    if one.part_number is not None or other.part_number is not None:
        return (one.part_number or 1) == (other.part_number or 1)
    return _repeat(one.sketch, other.sketch)


def _repeat(one: Sketch, other: Sketch) -> bool:
    """Whether one of two texts holds most of the other."""
    shorter = min(one.n_sentences, other.n_sentences)
    return shorter > 0 and len({*sampled_sentences(one).tolist()} & {*sampled_sentences(other).tolist()}) >= _REPEATS * shorter


def _reading_order(page: PageKey) -> tuple[int, list[tuple[int, str]]]:
    return page.part_number or 1, _natural(page.source)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece) if piece.isdigit() else -1, piece) for piece in re.split(r"(\d+)", name)]


# --- documents of one site and place that no address joins


def _joined(beside: Sequence[Document]) -> Iterator[Document]:
    """The documents, those put together that number themselves as parts of one report, or go on from each other."""
    by_report: dict[object, list[Document]] = defaultdict(list)
    for one in beside:
        by_report[one.report or one.doc_id].append(one)
    numbered = [joined for same in by_report.values() for joined in _in_one(same)]
    yield from _chains(sorted(numbered, key=lambda one: one.doc_id))


def _in_one(same: Sequence[Document]) -> Sequence[Document]:
    """Documents of one report, in one where each says which page of how many it is, or where the addresses that a site gave them put them in order."""
    if len(same) == 1:
        return same
    pages = [page for one in same for page in one.pages]
    numbers = {page.part_number for page in pages}
    if None not in numbers and len(numbers) == len(pages) and len({page.part_count for page in pages}) == 1:
        ordered = sorted(same, key=lambda one: one.pages[0].part_number or 1)
    else:
        ordered = sorted(same, key=lambda one: _natural(one.pages[0].base_url or one.pages[0].source))
        if not same[0].pages[0].site or not _is_series(ordered):
            return same
    return [Document(ordered[0].doc_id, tuple(page for one in ordered for page in one.pages))]


def _is_series(ordered: Sequence[Document]) -> bool:
    """Whether documents may be one report in that order: the first alone begins it, none repeats another, and no number of a heading is skipped."""
    if [one.pages[0].lacks("beginning") for one in ordered] != [False, *[True] * (len(ordered) - 1)]:
        return False
    if any(_repeat(one.sketch, other.sketch) for one, other in combinations(ordered, 2)):
        return False
    pages = [page for one in ordered for page in one.pages]
    return all(_begins_anew(page) or _is_next(pages[: n + 1], page) for n, page in enumerate(pages[1:]))


def _begins_anew(page: PageKey) -> bool:
    """Whether its numbers begin with one, as those of an annex do, too."""
    return page.edges.first is not None and page.edges.first[1] == 1


def _chains(beside: Sequence[Document]) -> Iterator[Document]:
    """The documents, each with those that go on from it, where only one does."""
    after = {one.doc_id: [other for other in beside if other is not one and _goes_on(one, other)] for one in beside}
    before = Counter(other.doc_id for others in after.values() for other in others)
    follows = {doc: others[0] for doc, others in after.items() if len(others) == 1 and before[others[0].doc_id] == 1}
    following = {other.doc_id for other in follows.values()}
    left = {one.doc_id: one for one in beside}
    for one in beside:
        chain = [one]
        while one.doc_id not in following and chain[-1].doc_id in follows:
            chain.append(follows[chain[-1].doc_id])
        if len(chain) > 1 and len({document.report for document in chain} - {None}) <= 1:
            yield Document(one.doc_id, tuple(page for document in chain for page in document.pages))
            for document in chain:
                del left[document.doc_id]
    yield from left.values()


def _goes_on(one: Document, other: Document) -> bool:
    """Whether the second document begins where the first stops."""
    end, start = one.pages[-1], other.pages[0]
    if len({one.report, other.report, None}) > 2 or not end.lacks("end") or not start.lacks("beginning") or _repeat(one.sketch, other.sketch):
        return False
    follows = start.edges.first is not None and start.edges.first[1] > 1
    return _is_next(one.pages, start) and (follows or end.edges.is_torn)


def _is_next(before: Sequence[PageKey], page: PageKey) -> bool:
    """Whether the first number of a page is the one that the pages before it would go on with."""
    if page.edges.first is None:
        return True
    style, number = page.edges.first
    running: dict[int, int] = {}
    for one in before:
        outer = min((style for style, _ in one.edges.running), default=None)
        running = {style: number for style, number in running.items() if outer is None or style < outer} | dict(one.edges.running)
    return number == running.get(style, 0) + 1
