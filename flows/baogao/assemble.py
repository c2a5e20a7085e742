"""Pages become reports: which pages make one document, which document stands for its report, and the joined text.

In: keys of pages (identity, address, type, place and year, size, a sample of sentence hashes), never texts; then, for one document, its Bodies.
Out: `Plan`s; and the text of one report. Never: more than keys of the whole corpus at a time.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from baogao.describe import completeness
from baogao.records import Completeness, Facts, Reject, Report
from baogao.text import fold, squash

# One sentence in four stands for the text when documents are compared (FracMinHash: the same sample of every text, so containment can be told).
_SAMPLE_ONE_IN = 4
# Sentences shorter than this recur by chance.
_SENTENCE = 12
# A document repeats another when it shares this part of its own sample.
_CONTAINED = 0.5
_RANK: dict[Completeness, int] = {"full": 0, "abridged": 1, "excerpt": 2, "unknown": 3}
_PIECES = re.compile(r"[。!?;\n]")
# A mark that no paragraph can begin with: an inline element tore the sentence apart.
_CONTINUES = re.compile(r"^[,。、;:!?)》」』”’]")
_ENDS = re.compile(r"[。!?:;…”)》]$")
_TORN_WORDS = 40


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
    report_key: str | None = None
    completeness: Completeness = "unknown"
    n_chars: int = 0
    sample: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PageBody:
    """What a report is made of: the facts and the lines of one of its pages, and where that page is from."""

    page_id: str
    facts: Facts
    lines: tuple[str, ...]
    site: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One document: its pages in reading order, and what it is to the other documents of its report."""

    doc_id: str
    pages: tuple[PageKey, ...]
    is_canonical: bool
    near_duplicate_of: str | None
    missing_parts: str | None


def page_identity(sha256: str, url: str | None) -> str:
    """What a page is the same page by: site and path where the address is known, else its bytes.

    >>> page_identity("00", "https://www.bx2200.com/baogao/hb/10566.html#top")
    'bx2200.com/baogao/hb/10566.html'
    """
    if not url:
        return sha256
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}{'?' + parts.query if parts.query else ''}"


def sample(lines: Iterable[str]) -> frozenset[int]:
    """Hashes of a fixed share of the sentences of a text, the same for every copy of a sentence."""
    taken = set()
    for line in lines:
        for piece in _PIECES.split(fold(line)):
            words = squash(piece)
            if len(words) >= _SENTENCE:
                value = int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little", signed=True)
                if value % _SAMPLE_ONE_IN == 0:
                    taken.add(value)
    return frozenset(taken)


def distinct_pages(keys: Iterable[PageKey]) -> tuple[list[PageKey], list[Reject]]:
    """Each page once: of several copies of one page the longest, then the first by name; the others are rejects."""
    copies: dict[str, list[PageKey]] = defaultdict(list)
    for key in keys:
        copies[key.page_id].append(key)
    kept, rejects = [], []
    for page_id, same in sorted(copies.items()):
        first, *others = sorted(same, key=lambda key: (-key.n_chars, key.source))
        kept.append(first)
        rejects += [
            Reject("pages", f"{page_id}/{other.source}", "page_is_distinct", f"the same page as {first.source}", "source", other.source, page_id)
            for other in others
        ]
    return kept, rejects


def plan_reports(keys: Iterable[PageKey]) -> list[Plan]:
    """Group the report pages into documents and choose the canonical document of each report. Sorted by doc_id."""
    documents: dict[str, list[PageKey]] = defaultdict(list)
    for key in keys:
        if key.is_report:
            documents[page_identity(key.sha256, key.base_url)].append(key)
    drafts = {doc_id(identity): _in_order(same) for base, pages in documents.items() for identity, same in _of_one_report(base, pages)}
    reports: dict[str, list[str]] = defaultdict(list)
    for doc, pages in drafts.items():
        reports[next((page.report_key for page in pages if page.report_key), None) or doc].append(doc)
    plans = []
    for same in reports.values():
        canonical = min(same, key=lambda doc: _preference(doc, drafts[doc]))
        plans += [
            Plan(doc, drafts[doc], doc == canonical, canonical if doc != canonical and _repeats(drafts[doc], drafts[canonical]) else None, _missing(drafts[doc]))
            for doc in same
        ]
    return sorted(plans, key=lambda plan: plan.doc_id)


def _of_one_report(base: str, pages: Sequence[PageKey]) -> Iterator[tuple[str, list[PageKey]]]:
    """Pages with one base address, report by report: sites that give all their pages one address, or state another's, do not make one report of several.

    Pages that do not tell their report go with the first one, which keeps the address; others are named by their first page.
    """
    ordered = sorted(pages, key=lambda page: (page.part_number or 1, _natural(page.source)))
    first = next((page.report_key for page in ordered if page.report_key), None)
    reports: dict[str | None, list[PageKey]] = defaultdict(list)
    for page in ordered:
        reports[page.report_key or first].append(page)
    for report, same in reports.items():
        yield (base if report == first else page_identity(same[0].sha256, None)), same


def doc_id(identity: str) -> str:
    """12 hexadecimal digits over the identity of a page; a document has that of its first page."""
    is_digest = len(identity) == 64 and "/" not in identity
    return identity[:12] if is_digest else hashlib.sha256(identity.encode()).hexdigest()[:12]


def make_report(doc: str, pages: Sequence[PageBody], *, missing_pages: str | None, rights_basis: str) -> Report:
    """The report that pages in reading order make: each fact from the first page that states it, completeness from the joined text."""
    lines = join_lines([page.lines for page in pages])
    facts = [page.facts for page in pages]
    said = {field.name: [value for one in facts if (value := getattr(one, field.name)) is not None] for field in fields(Facts)}
    first: dict[str, Any] = {name: values[0] if values else None for name, values in said.items()}
    whole, absent = completeness(first["title"], lines)
    first |= {
        "place": next((place for place in said["place"] if place.code), first["place"]),
        "completeness": "excerpt" if missing_pages and whole == "full" else whole,
        "missing_parts": "; ".join(part for part in (absent, missing_pages) if part) or None,
    }
    return Report(
        doc_id=doc,
        facts=Facts(**first),
        text="\n".join(lines),
        page_ids=tuple(page.page_id for page in pages),
        source_url=first["base_url"] or pages[0].url,
        source_site=pages[0].site,
        rights_basis=rights_basis,
    )


def join_lines(pages: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs of a report whose pages follow one another, with paragraphs put together that mark-up or a page's end has torn.

    >>> join_lines([["审议了国务院总理李强所作的", "政府工作报告", "。会议充分肯定。"], ["各位代表!"]])
    ['审议了国务院总理李强所作的政府工作报告。会议充分肯定。', '各位代表!']
    """
    joined: list[str] = []
    for line in (line for page in pages for line in page):
        if joined and _CONTINUES.match(fold(line)):
            if len(joined) > 1 and len(joined[-1]) <= _TORN_WORDS and not _ENDS.search(fold(joined[-2])) and len(joined[-2]) > len(joined[-1]):
                words = joined.pop()
                joined[-1] += words
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _in_order(pages: Sequence[PageKey]) -> tuple[PageKey, ...]:
    """Pages of one document in reading order: by part number, then by name as people sort it. Of two copies of one part the longer stays."""
    ordered = sorted(pages, key=lambda page: (page.part_number or 1, _natural(page.source)))
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
    return _contained(one.sample, other.sample) >= _CONTAINED or _contained(other.sample, one.sample) >= _CONTAINED


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(piece) if piece.isdigit() else -1, piece) for piece in re.split(r"(\d+)", name)]


def _preference(doc: str, pages: Sequence[PageKey]) -> tuple[int, bool, int, str]:
    """The canonical document is the most complete, then that of a government's own site, then the longest."""
    best = min(_RANK[page.completeness] for page in pages)
    official = any((page.site or "").endswith(".gov.cn") for page in pages)
    return best, not official, -sum(page.n_chars for page in pages), doc


def _repeats(pages: Sequence[PageKey], canonical: Sequence[PageKey]) -> bool:
    mine = frozenset().union(*(page.sample for page in pages))
    theirs = frozenset().union(*(page.sample for page in canonical))
    return _contained(mine, theirs) >= _CONTAINED


def _contained(mine: frozenset[int], theirs: frozenset[int]) -> float:
    return len(mine & theirs) / len(mine) if mine else 0.0


def _missing(pages: Sequence[PageKey]) -> str | None:
    """Numbers of pages that the site has and the document lacks, where the pages tell."""
    numbers = {page.part_number or 1 for page in pages}
    if all(page.part_number is None for page in pages):
        return None
    count = max([*numbers, *(page.part_count or 0 for page in pages)])
    absent = [str(number) for number in range(1, count + 1) if number not in numbers]
    return "; ".join(f"page {number}" for number in absent) or None
