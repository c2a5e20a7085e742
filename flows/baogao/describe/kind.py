"""What a page holds: a report, or one of the things that are published around reports.

In: title block and lines of a Body, and the weighted evidence of schemas/terms/document_types.yaml. Out: the document type and the evidence for it.
Never: a guess; a page without enough evidence for any type is of the type other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baogao.records import Body, DocumentType
from baogao.text import fold

_OPENING, _CLOSE = 600, 400


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern that speaks for a document type."""

    id: str
    kind: DocumentType
    where: str
    weight: int
    at_least: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class KindRules:
    """All evidence, and the weight that a type must reach."""

    evidence: tuple[Evidence, ...]
    threshold: int

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> KindRules:
        """Compile the vocabulary `document_types`."""
        evidence = tuple(
            Evidence(row["id"], kind, row["where"], row["weight"], row.get("at_least", 1), re.compile(row["pattern"], re.DOTALL))
            for kind, rows in terms["types"].items()
            for row in rows
        )
        return cls(evidence, terms["threshold"])


def document_type(body: Body, rules: KindRules) -> tuple[DocumentType, str]:
    """The type of the document and its evidence, as `type: evidence, evidence`."""
    zones = _zones(body.title, body.head, body.lines)
    found: dict[DocumentType, list[Evidence]] = {}
    for row in rules.evidence:
        if _occurs(row, zones[row.where]):
            found.setdefault(row.kind, []).append(row)
    weights = {kind: sum(row.weight for row in rows) for kind, rows in found.items()}
    best: DocumentType = max(weights, key=lambda kind: weights[kind], default="other")
    if weights.get(best, 0) < rules.threshold:
        return "other", "other: no sufficient evidence of any type"
    return best, f"{best}: {', '.join(row.id for row in found[best])}"


def _zones(title: str | None, head: Sequence[str], lines: Sequence[str]) -> dict[str, str]:
    body = fold("\n".join(lines))
    return {"title": fold("\n".join([title or "", *head])), "opening": body[:_OPENING], "body": body, "close": body[-_CLOSE:]}


def _occurs(row: Evidence, text: str) -> bool:
    if row.at_least == 1:
        return bool(row.pattern.search(text))
    return sum(1 for _ in row.pattern.finditer(text)) >= row.at_least
