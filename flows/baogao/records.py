"""The nouns of the pipeline: frozen, typed, slotted records, and the one exception that a user may meet.

In: nothing. Out: types. Never: behaviour, apart from what a record can say of itself. Their fields are the columns of schemas/<table>.yaml, where
each is described; identifiers are given later, by ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

DocumentType = Literal["report", "resolution", "news", "policy", "interpretation", "template", "other"]
Level = Literal["national", "province", "prefecture", "county"]
Completeness = Literal["full", "excerpt", "abridged", "unknown"]
RemovedKind = Literal[
    "navigation", "breadcrumb", "page_tools", "byline", "disclaimer", "page_address",
    "comment_widget", "related_links", "previous_next", "footer", "duplicate", "other",
]  # fmt: skip
# Where a rule of cleaning applies: above the text, below it, on both sides of it, inside it too.
Zone = Literal["head", "tail", "frame", "anywhere"]
Role = Literal[
    "opening", "review", "term_review", "difficulties", "requirements", "targets", "plan_targets",
    "tasks", "livelihood", "government_building", "closing", "glossary", "annex", "other",
]  # fmt: skip
Measure = Literal["level", "growth", "change", "share", "multiple", "index", "rank", "gap", "completion", "ratio", "relation"]
Bound = Literal["eq", "approx", "near", "ge", "gt", "le", "lt", "range"]
Tier = Literal["base", "stretch", "internal"]
Status = Literal["actual", "estimate", "expected", "target", "past_target"]


class BaogaoError(Exception):
    """A wrong use or an unreadable input, told in one sentence: what, where, and the way out."""


class Unreadable(BaogaoError):
    """Bytes that hold no text that can be read: empty, binary, or in no known encoding."""


class ChecksFailed(BaogaoError):
    """A release that its checks turned away; nothing was published."""


@dataclass(frozen=True, slots=True)
class Page:
    """A scraped page, decoded. `text` is the whole page, mark-up included."""

    source: str
    media_type: str
    encoding: str
    sha256: str
    n_bytes: int
    text: str
    url: str | None = None
    site: str | None = None
    encoding_declared: str | None = None
    retrieved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that cleaning cut off: offsets into the decoded page, and why."""

    start: int
    end: int
    kind: RemovedKind
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The main text of a page. Each line of the page that holds text is in exactly one of `lines`, `head` and `removed`."""

    lines: tuple[str, ...]
    """Paragraphs of the main text, in order."""
    title: str | None
    head: tuple[str, ...]
    """The title block as written: title, delivery line, speaker."""
    removed: tuple[Removed, ...]
    encoding: str = "utf-8"
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What the page says of itself, by name: html_title, and those of the sections `metas` and `labels` of schemas/terms/boilerplate.yaml."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as of a year. Without a code where the name is no unit of the area table, or is one of several."""

    name: str
    code: str | None = None
    level: Level | None = None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page holds and of whom, as far as the page alone can tell."""

    document_type: DocumentType
    reason: str
    title: str | None = None
    place: Place | None = None
    report_year: int | None = None
    review_year: int | None = None
    year_evidence: str | None = None
    delivered_on: date | None = None
    congress: int | None = None
    session: int | None = None
    speaker: str | None = None
    speaker_title: str | None = None
    completeness: Completeness = "unknown"
    missing_parts: str | None = None
    base_url: str | None = None
    part_number: int | None = None
    part_count: int | None = None
    corruption: str | None = None
    """Signs of damage, each with its number of hits."""
    verdict: str | None = None
    """Why a page that holds a report is of no use; None if it is."""
    place_evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report as published by one site: its facts and its text, one paragraph a line."""

    doc_id: str
    facts: Facts
    text: str
    page_ids: tuple[str, ...]
    source_url: str | None = None
    source_site: str | None = None
    rights_basis: str = "unknown"
    text_published: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A section: offsets into the report's text, heading included; `parent` is its parent's position in the list of sections."""

    start: int
    end: int
    depth: int
    role: Role
    marker: str | None = None
    heading: str | None = None
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: offsets into the report's text; `section` is its section's position in the list of sections."""

    start: int
    end: int
    section: int | None
    lead: str | None = None
    is_list_item: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: offsets into the report's text; `paragraph` is its paragraph's position in the list of paragraphs."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure, or a relation in place of one. `start` and `end` hold the value expression in the text that was measured."""

    start: int
    end: int
    name: str
    measure: Measure
    quote: str
    rule: str
    indicator: str | None = None
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    unit: str | None = None
    value_si: float | None = None
    unit_si: str | None = None
    bound: Bound | None = None
    qualifier: str | None = None
    tone: str | None = None
    tier: Tier = "base"
    status: Status = "actual"
    period_start: date | None = None
    period_end: date | None = None
    base: str | None = None
    reference: str | None = None
    scope: str | None = None
    written_as: str | None = None
    """The name as it is written, where `name` is the title that it only spells otherwise."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A report cut up and measured."""

    report: Report
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    indicators: tuple[tuple[int, Indicator], ...]
    """Each with its sentence's position in the list of sentences."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that passed all checks and is worth a look."""

    table: str
    id: str
    doc_id: str
    sentence_id: str
    expectation: str
    column: str
    value: str | None
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that a check turned away."""

    table: str
    id: str
    expectation: str
    reason: str
    column: str | None = None
    value: str | None = None
    page_id: str | None = None
