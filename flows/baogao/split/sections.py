"""Sections: headings nest by their styles and numbers, and each section plays a part.

In: a text, the spans of its paragraphs, its headings. Out: `Section`s in text order. Never: a gap between sections, or two that overlap without nesting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from baogao.records import Role, Section
from baogao.split.headings import CN, IN_BRACKETS, NAMED, PART, Heading
from baogao.split.roles import SplittingRules
from baogao.text import squash

# The call that closes a report stands within its last paragraphs.
_CLOSE_LINES = 5
_ADDRESS = re.compile(r"^(?:各位代表|各位委员|同志们)")
_ADDRESS_ALONE = 10
# A paragraph that calls at once is the whole call.
_CALLED = 40
# Parts whose numbered lines are entries and items, and no sections.
_LISTS: frozenset[Role] = frozenset({"glossary", "livelihood"})
# 一、 inside a part that is numbered so itself.
_INNER = CN + 0.5
_SWAPPED = {CN: IN_BRACKETS, IN_BRACKETS: CN}
# What a subsection may be that the part around it is not: its heading must say so. What was done stays what was done, whatever it was done for.
_INSIDE: dict[Role, frozenset[Role]] = {
    "review": frozenset({"difficulties", "term_review"}),
    "term_review": frozenset({"difficulties"}),
    "difficulties": frozenset(),
    "plan_targets": frozenset({"requirements", "government_building", "livelihood", "difficulties"}),
}
# So many times more words on what was done than on what is to be done.
_PLAIN_REVIEW, _PLAIN_LONG = 4.5, 800
_OF_THIS_YEAR = re.compile(r"今年|20\d\d年")


def make_sections(text: str, spans: Sequence[tuple[int, int]], headings: Sequence[Heading], contents: int, rules: SplittingRules) -> list[Section]:
    """Sections in text order.

    Some have no heading: a table of contents of so many paragraphs, what stands before the first heading, and the closing call.
    """
    if not spans:
        return []
    sections: list[Section] = []
    marks = {heading.first: heading for heading in headings}
    close = _close(text, spans, headings, rules)
    if contents:
        sections.append(Section(spans[0][0], len(text), 1, "other"))
    if contents < len(spans) and contents not in marks:
        until = next((n for n in range(contents + 1, len(spans)) if n in marks or n == close), len(spans))
        sections.append(Section(spans[contents][0], len(text), 1, rules.text_role(text[spans[contents][0] : spans[until - 1][1]])))
    outline = _Outline(headings, rules)
    for n, (start, _) in enumerate(spans):
        heading = marks.get(n)
        if n == close:
            outline.open.clear()
            sections.append(Section(start, len(text), 1, "closing"))
        elif heading and (place := outline.place(heading, len(sections))):
            depth, parent = place
            sections.append(Section(start, len(text), depth, heading.role or "other", heading.marker, heading.name, parent))
    return _with_roles(_with_ends(sections, len(text)), {spans[one.first][0]: one.role for one in headings}, text, rules)


def innermost(sections: Sequence[Section], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each paragraph the section that starts last before or at it."""
    found: list[int | None] = []
    current: int | None = None
    following = 0
    for start, _ in spans:
        while following < len(sections) and sections[following].start <= start:
            current = following
            following += 1
        found.append(current)
    return found


def stand_apart(sections: Sequence[Section], rules: SplittingRules) -> list[bool]:
    """For each section, whether its words and figures are not the report's own: glossaries, and whatever is annexed."""
    apart: list[bool] = []
    for section in sections:
        is_annexed = section.role in rules.apart or (section.marker or "").startswith("附")
        apart.append(is_annexed or (section.parent is not None and apart[section.parent]))
    return apart


@dataclass(slots=True)
class _Open:
    """A section that is open: its heading's style and number, its role so far, its position."""

    style: float
    number: int
    role: Role | None
    at: int
    written: int
    """The style as written: that of a glossary counts as one without a number."""


class _Outline:
    """The sections that are open at a heading, outermost first."""

    def __init__(self, headings: Sequence[Heading], rules: SplittingRules) -> None:
        self.rules = rules
        self.swapped = _is_swapped(headings)
        """Whether (一) stands above 一、."""
        self.open: list[_Open] = []
        self.outermost = -1.0
        """The style that numbers the parts of the report."""
        self.item = 0
        """The number of the last item of a list."""

    def place(self, heading: Heading, at: int) -> tuple[int, int | None] | None:
        """Depth and parent of a heading, which is then open at that position; None for an entry of a glossary or an item of a list."""
        style = NAMED if heading.role in self.rules.apart else self._style(heading) if not self.swapped else _SWAPPED.get(heading.style, heading.style)
        if self._is_item(heading, style):
            self.item = heading.number
            return None
        if style == self.outermost and style not in {one.style for one in self.open} and heading.number != 1:
            self.open.clear()  # 二、 after a heading without a number goes on where 一、 stood
        while self.open and self.open[-1].style >= style:
            self.open.pop()
        if not self.open and style >= 0:
            self.outermost = style
        parent = self.open[-1].at if self.open else None
        self.open.append(_Open(style, heading.number, heading.role, at, heading.style))
        self.item = 0
        return len(self.open), parent

    def _style(self, heading: Heading) -> float:
        """The style of a heading; 一、二、三、 that begin anew inside 三、 are of a style of their own."""
        outer = next((one for one in self.open if one.style == CN), None)
        inner = next((one for one in self.open if one.style == _INNER), None)
        if heading.style != CN or outer is None:
            return heading.style
        if inner is None:
            return _INNER if heading.number == 1 and outer.number > 1 else CN
        goes_on = heading.number == inner.number + 1 and not (heading.number == outer.number + 1 and heading.role)
        return _INNER if goes_on else CN

    def _is_item(self, heading: Heading, style: float) -> bool:
        """Whether the heading is none: an entry of a glossary, an item of the list of projects for the people."""
        holder = self.open[-1] if self.open else None
        if holder is None or holder.role not in _LISTS or style <= max(PART, holder.written):
            return False
        return style != self.outermost or holder.role in self.rules.apart or heading.number == self.item + 1


def _is_swapped(headings: Sequence[Heading]) -> bool:
    """Whether the report numbers its parts (一), and 一、 within them: (一) comes first, and (二) goes on behind the first series of 一、."""
    numbered = [one for one in headings if one.style in (CN, IN_BRACKETS)]
    if not numbered or (numbered[0].style, numbered[0].number) != (IN_BRACKETS, 1):
        return False
    after = next((one for before, one in pairwise(numbered) if before.style == CN and one.style == IN_BRACKETS), None)
    last = 0
    for one in numbered:
        if one is after:
            return one.number == last + 1
        last = one.number if one.style == IN_BRACKETS else last
    return False


def _close(text: str, spans: Sequence[tuple[int, int]], headings: Sequence[Heading], rules: SplittingRules) -> int | None:
    """Position of the paragraph with which the closing call begins, where it has no heading."""
    end = next((one.first for one in headings if one.role in rules.apart or (one.style == NAMED and one.marker)), len(spans))
    before = [one for one in headings if one.first < end]
    last = before[-1].first if before else 0
    if before and before[-1].role == "closing":
        return None
    said = {n: squash(text[slice(*spans[n])]) for n in range(max(last + 1, end - _CLOSE_LINES), end)}
    call = next((n for n in sorted(said, reverse=True) if rules.close.search(said[n])), None)
    if call is None:
        return None
    if not _ADDRESS.match(said[call]) and not rules.call.search(said[call][:_CALLED]):
        call = next((n for n in range(call - 1, call - 3, -1) if n in said and _ADDRESS.match(said[n])), call)
    is_addressed = call - 1 in said and _ADDRESS.match(said[call - 1]) and len(said[call - 1]) <= _ADDRESS_ALONE
    return call - 1 if is_addressed else call


def _with_ends(sections: Sequence[Section], length: int) -> list[Section]:
    """Sections with their ends: where the next one of the same depth or above starts."""
    ended = []
    for n, section in enumerate(sections):
        following = next((other.start for other in sections[n + 1 :] if other.depth <= section.depth), length)
        ended.append(replace(section, end=following))
    return ended


def _with_roles(sections: Sequence[Section], named: Mapping[int, Role | None], text: str, rules: SplittingRules) -> list[Section]:
    """Sections with the parts that they play: `named` gives what the heading at an offset names."""
    done: list[Section] = []
    for section in sections:
        role = section.role
        if section.heading is not None or section.marker is not None:
            name = named[section.start]
            if section.parent is not None:
                role = _inside(done[section.parent].role, name, section.heading or "", rules)
            elif name is None:
                role = _unnamed(done, text[section.start : section.end], rules)
        done.append(replace(section, role=role))
    return done


def _inside(above: Role, name: Role | None, heading: str, rules: SplittingRules) -> Role:
    """The part of a section inside another: that of the other, unless its heading names one that may stand there."""
    if name is None or above in rules.apart:
        return above
    if above in rules.ahead and name in rules.back - {"difficulties"}:
        return above
    may = _INSIDE.get(above)
    return name if may is None or name in may or (name in {"review", "requirements", "targets"} and _OF_THIS_YEAR.search(heading)) else above


def _unnamed(before: Sequence[Section], said: str, rules: SplittingRules) -> Role:
    """The part of a section whose heading names none: what it says; after the targets of a year that is the work to reach them, unless it is plainly another."""
    role, how_much = rules.content_role(said)
    last = next((section.role for section in reversed(before) if section.depth == 1), None)
    if last in {"targets", "plan_targets", "requirements", "tasks"} and not (role in {"other", "government_building"} or (role == "review" and how_much >= _PLAIN_REVIEW and len(said) >= _PLAIN_LONG)):
        return "tasks"
    return role or "other"
