"""The frame: what stands above and below the main text is cut off, line by line, each cut with its rule.

In: the lines of a page (or of its densest part). Out: `Cut`: the lines of the text, the title block, and the lines removed.
Never: a line of the text cut from its middle, but by a rule that is sure of itself anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules, Rule
from baogao.clean.site_lines import mark
from baogao.clean.title import sort_head
from baogao.clean.zones import find_zones
from baogao.records import Removed, RemovedKind

# A line that a rule is sure of wherever it stands is no longer than this.
_SURE_MAX = 160
_NUMBER = re.compile(r"^\d{1,3}$")
# Pages of a printed report hold more than this many characters between their numbers; rows of a table fewer.
_PAGE_MIN = 300


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines of the text, lines of the title block, and what was removed, each in page order."""

    lines: tuple[Line, ...]
    head: tuple[Line, ...]
    removed: tuple[Removed, ...]


def remove(line: Line, kind: RemovedKind, rule: str) -> Removed:
    """The record of a line that is cut off."""
    return Removed(line.start, line.end, kind, rule, line.text)


def cut_frame(lines: Sequence[Line], rules: CleaningRules, *, title: str | None = None, site_lines: Container[str] = ()) -> Cut:
    """Cut off what surrounds the text.

    `title` is the title that the page states elsewhere (an HTML title), to know it by; `site_lines` are marks of lines that the site repeats.
    """
    removed: dict[int, Removed] = {}
    rest: list[int] = []
    numbers = _page_numbers(lines)
    for i, line in enumerate(lines):
        is_short = len(line.text) <= _SURE_MAX and not line.is_heading and not (len(line.text) > 60 and line.is_prose)
        rule = rules.match(line.folded, "anywhere") if is_short else None
        if rule:
            removed[i] = remove(line, rule.kind, rule.id)
        elif site_lines and mark(line.text) in site_lines:
            removed[i] = remove(line, "other", "site-line")
        elif i in numbers:
            removed[i] = remove(line, "page_tools", "page-number")
        else:
            rest.append(i)
    zones = find_zones([lines[i] for i in rest], rules, title)
    above = rest[: zones.first]
    block: list[Line] = []
    for i, why in zip(above, sort_head([lines[i] for i in above], [zones.rules.get(n) for n in range(len(above))], title), strict=True):
        if why is None:
            block.append(lines[i])
        else:
            removed[i] = remove(lines[i], *why)
    last: Rule | None = None
    for n in range(zones.last, len(rest)):
        rule = zones.rules.get(n)
        last = rule or last
        why = (rule.kind, rule.id) if rule else (last.kind, "below-" + last.id) if last else ("other", "below-text")
        removed[rest[n]] = remove(lines[rest[n]], *why)
    return Cut(tuple(lines[i] for i in rest[zones.first : zones.last]), tuple(block), tuple(removed[i] for i in sorted(removed)))


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Lines that hold the number of a printed page: numbers alone, that rise, with pages of text between them."""
    numbers = [i for i, line in enumerate(lines) if len(line.text) <= 3 and _NUMBER.match(line.text)]
    if len(numbers) < 3:
        return set()
    between = sorted(sum(len(line.text) for line in lines[i + 1 : j]) for i, j in pairwise(numbers))
    values = [int(lines[i].text) for i in numbers]
    rises = sum(0 < after - before <= 2 for before, after in pairwise(values))
    return set(numbers) if between[len(between) // 2] >= _PAGE_MIN and rises >= 0.8 * (len(values) - 1) else set()
