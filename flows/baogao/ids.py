"""Identifiers of the parts of a report, and the policy of all identifiers.

In: the identifier of a document and the texts of its parts, in text order. Out: identifiers. Never: an ordinal in one.

The policy:
  page_id      12 hexadecimal digits over the site and path of the page where its address is known, else over its bytes (assemble.page_identity)
  doc_id       the same over the first page of the report as its site publishes it (assemble.doc_id): nothing parsed goes in, so better parsing keeps it
  report_key   place_code-report_year: readable, shared by all documents of one report, null where either is unknown
  parts        {doc_id}-{10 hexadecimal digits over kind, folded text and nth occurrence}: a sentence put in or taken out leaves all others
               their identifiers, where an ordinal would make most of them point at another text
Forty bits within one document: among the 500 sentences of a report a collision is expected once in some nine million reports.
An identifier that has to change all the same is a breaking change, and recorded as one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from baogao.text import squash_all

_DIGITS = 10


def part_ids(doc_id: str, kind: str, texts: Iterable[str]) -> list[str]:
    """Identifiers of the parts of one kind, in text order; width and spaces of the texts do not matter.

    >>> part_ids("0d6e0a5c2b91", "sentence", ["各位代表！", "现在开始。", "各位代表!"])
    ['0d6e0a5c2b91-be62ef32bf', '0d6e0a5c2b91-cbd11c2995', '0d6e0a5c2b91-648b096398']
    """
    seen: Counter[str] = Counter()
    found = []
    for key in squash_all(texts):
        found.append(f"{doc_id}-{_digest(kind, key, seen[key])}")
        seen[key] += 1
    return found


def report_key(place_code: str | None, report_year: int | None) -> str | None:
    """The key that all documents of one report share.

    >>> report_key("140881", 2024), report_key(None, 2024)
    ('140881-2024', None)
    """
    return f"{place_code}-{report_year}" if place_code and report_year else None


def _digest(kind: str, text: str, nth: int) -> str:
    return hashlib.sha256(f"{kind}\0{text}\0{nth}".encode()).hexdigest()[:_DIGITS]
