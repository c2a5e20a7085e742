"""Documents become reports: each page once, what each document is to the others, and the joined text.

In: keys of pages, never texts; then, for one document, its Bodies. Out: `Plan`s; and the text of one report.
Never: more than keys of the whole corpus at a time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from baogao.copies import Copy, Standing, standings
from baogao.corrections import Correction, correct
from baogao.describe import completeness
from baogao.parts import ITEM, Document, PageKey, documents, is_torn
from baogao.records import Completeness, Facts, Reject, Report
from baogao.text import fold

# A mark that no paragraph can begin with: an inline element tore the sentence apart.
_CONTINUES = re.compile(r"^[,。、;:!?)》」』”’]")
_ENDS = re.compile(r"[。!?:;…”)》]$")
_TORN_WORDS = 40


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
    """One document, and what it is to the others."""

    document: Document
    standing: Standing

    @property
    def doc_id(self) -> str:
        """Its identifier."""
        return self.document.doc_id


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
    """Group the report pages into documents, and settle what these are to each other. Sorted by doc_id."""
    made = {one.doc_id: one for one in documents(key for key in keys if key.is_report)}
    return [Plan(made[one.doc_id], one) for one in standings(map(as_copy, made.values()))]


def as_copy(document: Document, report: Mapping[str, Any] | None = None) -> Copy:
    """What is known of a document when it is compared; of one that is assembled, its report tells place, year and completeness better than its pages."""
    year = next((page.report_year for page in document.pages if page.report_year), None)
    said: Completeness = report["completeness"] if report else document.completeness
    return Copy(
        document.doc_id,
        report["place_code"] if report else document.place_code,
        report["report_year"] if report else year,
        said,
        is_damaged=any(page.is_damaged for page in document.pages),
        is_official=any((page.site or "").endswith(".gov.cn") for page in document.pages),
        n_chars=sum(page.n_chars for page in document.pages),
        sketch=document.sketch,
    )


def make_report(
    doc: str,
    pages: Sequence[PageBody],
    *,
    missing_pages: str | None,
    rights_basis: str,
    told_by: tuple[str, Sequence[PageBody]] | None = None,
    part_of: str | None = None,
    corrections: Sequence[Correction] = (),
    text_published: bool = True,
) -> Report:
    """The report that pages in reading order make: each fact from the first page that states it, completeness from the joined text.

    `told_by` is the document, and its pages, that tells place and year of one that does not; `part_of` a complete document that holds much more of it;
    `corrections` are of what the source got wrong. Raises BaogaoError where a correction no longer holds.
    """
    lines = correct(join_lines([page.lines for page in pages]), corrections, doc)
    facts = [page.facts for page in pages]
    said = {field.name: [value for one in facts if (value := getattr(one, field.name)) is not None] for field in fields(Facts)}
    first: dict[str, Any] = {name: values[0] if values else None for name, values in said.items()}
    whole, absent = completeness(first["title"], lines)
    elsewhere = f"rest of {part_of}" if part_of and whole == "full" else None
    first |= {
        "place": next((place for place in said["place"] if place.code), first["place"]),
        "completeness": "excerpt" if (missing_pages or elsewhere) and whole == "full" else whole,
        "missing_parts": "; ".join(part for part in (absent, missing_pages, elsewhere) if part) or None,
    }
    if told_by:
        first |= _told(first, *told_by)
    return Report(
        doc_id=doc,
        facts=Facts(**first),
        text="\n".join(lines),
        page_ids=tuple(page.page_id for page in pages),
        source_url=first["base_url"] or pages[0].url,
        source_site=pages[0].site,
        rights_basis=rights_basis,
        text_published=text_published,
    )


def _told(first: Mapping[str, Any], doc: str, pages: Sequence[PageBody]) -> dict[str, Any]:
    """Place and year of a report that does not tell them, as the copy `doc` has them, with the copy as evidence."""
    facts = [page.facts for page in pages]
    place = next((one.place for one in facts if one.place and one.place.code), None)
    year, review = (next((value for one in facts if (value := getattr(one, name))), None) for name in ("report_year", "review_year"))
    told: dict[str, Any] = {}
    if place and not (first["place"] and first["place"].code):
        told |= {"place": place, "place_evidence": _evidence(first["place_evidence"], doc, place.name)}
    if year and not first["report_year"]:
        told |= {"report_year": year, "review_year": first["review_year"] or review, "year_evidence": _evidence(first["year_evidence"], doc, year)}
    return told


def _evidence(stated: str | None, doc: str, said: object) -> str:
    return "; ".join(filter(None, (stated, f"copy {doc} {said}")))


def join_lines(pages: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs of a report whose pages follow one another, with paragraphs put together that mark-up or a page's end has torn.

    >>> join_lines([["审议了国务院总理李强所作的", "政府工作报告", "。会议充分肯定。"], ["各位代表!"]])
    ['审议了国务院总理李强所作的政府工作报告。会议充分肯定。', '各位代表!']
    >>> join_lines([["建成高标准农田12万亩,新增高效节水灌溉面积"], ["3万亩。"]])
    ['建成高标准农田12万亩,新增高效节水灌溉面积3万亩。']
    """
    joined: list[str] = []
    for line, is_first in ((line, n == 0) for page in pages for n, line in enumerate(page)):
        if is_first and joined and is_torn(joined[-1]) and not ITEM.match(line):
            joined[-1] += line
        elif joined and _CONTINUES.match(fold(line)):
            if len(joined) > 1 and len(joined[-1]) <= _TORN_WORDS and not _ENDS.search(fold(joined[-2])) and len(joined[-2]) > len(joined[-1]):
                words = joined.pop()
                joined[-1] += words
            joined[-1] += line
        else:
            joined.append(line)
    return joined
