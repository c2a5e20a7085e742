"""What a page says of itself by name: in its metas and title, and in the lines that were cut off it.

In: the mark-up of a page; removed lines; the sections `metas` and `labels` of the vocabulary `boilerplate`. Out: metadata by name.
Never: a guess from the main text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from baogao.clean.markup import Markup
from baogao.clean.tags import attributes
from baogao.records import Removed
from baogao.text import fold

_SPACES = re.compile(r"[\s\u00a0]+")
# Without a colon, a year or a page a line says nothing of these.
_TELLS = re.compile("[:：|｜/丨页]|19|20")
# A line longer than this speaks of many pages.
_LONGEST = 200
# Lines that speak of other pages, or in other people's words.
_OF_OTHERS = frozenset({"related_links", "comment_widget", "duplicate"})
# How many pages there are, and which this is, the pager says alone: a reader's 1/15 counts sheets of paper.
_OF_PARTS = frozenset({"part_count", "part_number"})


@dataclass(frozen=True, slots=True)
class MetadataRules:
    """Names of metas, and labels of lines."""

    metas: Mapping[str, tuple[str, int]]
    """Meta name -> (name, rank: the lower is believed first)."""
    labels: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> MetadataRules:
        """Compile the two sections; a vocabulary without them states nothing."""
        metas = {meta: (name, rank) for name, names in terms.get("metas", {}).items() for rank, meta in enumerate(names)}
        return cls(metas, tuple((row["name"], re.compile(row["pattern"])) for row in terms.get("labels", ())))


def html_metadata(markup: Markup, rules: MetadataRules) -> dict[str, str]:
    """What the page states in its title and metas; of several metas of one meaning the first in rank, and the first of its kind."""
    found: dict[str, tuple[int, str]] = {}
    for said in markup.metas:
        meta = attributes(said)
        content = _plain(meta.get("content", ""))
        known = rules.metas.get((meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower())
        if content and known and known[1] < found.get(known[0], (len(rules.metas), ""))[0]:
            found[known[0]] = (known[1], content)
    stated = {name: content for name, (_, content) in found.items()}
    if markup.title and (title := _plain(markup.title)):
        stated["html_title"] = title
    return stated


def line_metadata(removed: Iterable[Removed], rules: MetadataRules) -> dict[str, str]:
    """What the removed lines say of the page: the byline before the others, and the first before the later ones."""
    told = [line for line in removed if line.kind not in _OF_OTHERS and len(line.text) <= _LONGEST and _TELLS.search(line.text)]
    told.sort(key=lambda line: line.kind != "byline")
    found: dict[str, str] = {}
    for line in told:
        folded = fold(line.text)
        for name, pattern in rules.labels:
            if name not in found and (name in _OF_PARTS) is (line.kind == "previous_next") and (said := pattern.search(folded)):
                found[name] = next(group for group in said.groups() if group)
    return found


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
