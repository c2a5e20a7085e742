"""A body becomes facts: what the page holds, and of whom, where and when.

In: a `Page`, its `Body` and the `DescribingRules`. Out: `Facts`. Never: knowledge of any other page; what takes several pages is assemble's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from baogao.describe.completeness import completeness
from baogao.describe.corruption import CorruptionRules, find_corruption, is_traditional
from baogao.describe.kind import KindRules, document_type
from baogao.describe.place import Found, find_place
from baogao.describe.script import simplified
from baogao.describe.speaker import find_speaker
from baogao.describe.time import Congresses, find_time
from baogao.describe.units import PlaceTable
from baogao.read import match_card
from baogao.records import Body, Facts, Page
from baogao.sources import SiteCard
from baogao.text import fold

__all__ = ["DescribingRules", "completeness", "describe_page", "is_traditional", "simplified"]

# Pages of a split report are numbered in their addresses: 10234_4.html, content_2.html, index-3.shtml, t1.html?page=2.
_PART = re.compile(r"^(?P<base>.*?[a-z0-9])[_-](?P<part>[2-9]|[1-9]\d)(?P<ending>\.s?html?)$", re.IGNORECASE)
_TITLE_PART = re.compile(r"\((?:第?([1-9一二三四五六七八九])(?:部分)?)\)$")
_PLACE_LINES = 40


@dataclass(frozen=True, slots=True)
class DescribingRules:
    """The vocabularies of this stage, compiled."""

    kinds: KindRules
    places: PlaceTable
    corruption: CorruptionRules
    congresses: Congresses

    @classmethod
    def from_terms(cls, terms: Callable[[str], Any]) -> DescribingRules:
        """Compile the vocabularies `document_types`, `places`, `corruption` and `congresses`."""
        return cls(
            KindRules.from_terms(terms("document_types")),
            PlaceTable.from_terms(terms("places")),
            CorruptionRules.from_terms(terms("corruption")),
            {(row["congress"], row["session"]): row["year"] for row in terms("congresses")["national"]},
        )


def describe_page(page: Page, body: Body, rules: DescribingRules, cards: Sequence[SiteCard] = ()) -> Facts:
    """What the page says of itself. Place and time are sought only in reports."""
    kind, reason = document_type(body, rules.kinds)
    base_url, part = _address(page, body, cards)
    part = part or _number(body, "part_number")
    if kind != "report":
        damage = find_corruption(body.lines, None, rules.corruption)
        return Facts(kind, reason, title=body.title, base_url=base_url, part_number=part, part_count=_number(body, "part_count"), corruption=damage.signs)
    title, head, lines = body.title, list(body.head), list(body.lines)
    if is_traditional(lines or head, rules.corruption):
        head, lines = simplified(head), simplified(lines)
        title = simplified([title])[0] if title else None
    when = find_time(title, head, lines, rules.congresses, published=body.metadata.get("published"), address=page.url)
    where = find_place([title or "", *head], lines[:_PLACE_LINES], when.report_year, rules.places, site=_publishers(body), text=lines)
    beside = _lines_beside(body)
    if not (where.place and where.place.code):
        where = _beside(beside, lines, when.report_year, rules.places) or where
    speaker, office = find_speaker(body.head)
    complete, missing = completeness(body.title, body.lines)
    damage = find_corruption(body.lines, when.report_year, rules.corruption)
    return Facts(
        document_type=kind,
        reason=reason,
        title=body.title,
        place=where.place,
        place_evidence=where.evidence,
        report_year=when.report_year,
        review_year=when.review_year,
        year_evidence=when.evidence,
        delivered_on=when.delivered_on,
        congress=when.congress,
        session=when.session,
        speaker=speaker,
        speaker_title=office,
        completeness=complete,
        missing_parts=missing,
        base_url=base_url,
        part_number=part or (None if complete == "full" else next(filter(None, map(_part_in_title, (title, *beside))), None)),
        part_count=_number(body, "part_count"),
        corruption=damage.signs,
        verdict=damage.verdict,
    )


def _beside(beside: Sequence[str], lines: Sequence[str], year: int | None, places: PlaceTable) -> Found | None:
    """The one place whose report the page says it shows, in lines that are not of the text: of a page that lost its title."""
    found = [one for line in beside if (one := find_place([line], lines[:_PLACE_LINES], year, places)).place and one.place.code]
    places_told = {one.place for one in found if one.place}
    return Found(place, f"page {place.name}") if len(places_told) == 1 and (place := places_told.pop()) else None


def _lines_beside(body: Body) -> list[str]:
    """The lines above a text that say that it is a report."""
    return [line.text for line in body.removed if line.kind in ("navigation", "breadcrumb") and "政府工作报告" in line.text]


def _publishers(body: Body) -> list[str]:
    """What the page says of who published it, and who runs the site."""
    stated = [body.metadata.get(name, "") for name in ("issuer", "source", "site_name")]
    return [*filter(None, stated), *(line.text for line in body.removed if line.kind == "footer" and "人民政府" in line.text)]


def _number(body: Body, name: str) -> int | None:
    """Which page of the document this is (part_number), or how many the site splits it into (part_count), where the page says so."""
    stated = body.metadata.get(name)
    return int(stated) if stated and int(stated) > 0 else None


def _part_in_title(title: str | None) -> int | None:
    """Which part of a document a title names, of one that is not whole.

    >>> _part_in_title("2024年永济市人民政府工作报告（二）"), _part_in_title("政府工作报告(2024)")
    (2, None)
    """
    found = _TITLE_PART.search(fold(title or ""))
    return None if not found else int(found[1]) if found[1].isdigit() else "一二三四五六七八九".index(found[1]) + 1


def _address(page: Page, body: Body, cards: Sequence[SiteCard]) -> tuple[str | None, int | None]:
    """Address of the first page of the document, and which page this one is, as far as addresses tell."""
    card = match_card(page.url, page.text, cards)
    stated = body.metadata.get("page_address")
    root = page.url or (card.address if card else None)
    base = urljoin(root, stated) if stated and root else stated if stated and "://" in stated else None
    if not page.url:
        return base, None
    parts = urlsplit(page.url)
    found = (card.part if card and card.part else _PART).match(parts.path)
    if found:
        base = base or parts._replace(path=found["base"] + found["ending"]).geturl()
        return base, int(found["part"])
    return base or page.url, None
