"""HTML becomes lines: the part of the page that holds the text with the title block above it, and what stands outside.

In: the mark-up of a page as read. Out: lines with their places; the lines outside the text as removed. Never: a line left out of both.
"""

from __future__ import annotations

import re
from typing import Literal

from baogao.clean.density import main_part
from baogao.clean.frame import remove
from baogao.clean.line import Line
from baogao.clean.markup import Draft, Markup
from baogao.clean.paragraphs import paragraphs
from baogao.clean.rows import join_rows
from baogao.clean.rules import CleaningRules
from baogao.clean.title import is_title, is_title_block
from baogao.records import Removed

# What is said right below a picture in few words is its caption: 图为…, …摄, 村民在采茶。; a heading there has no full stop.
_CAPTION = re.compile(r"^.{1,24}。$|^(?:图|资料图|效果图|这是|航拍|俯瞰)|(?:摄|供图|制图|资料图|效果图|云图|回波图|示意图|截图|摄影|图片|\)|）)$|图[:：/]|摄[)）]")
_CAPTION_MAX = 60
# A line with more of its text than this in links leads elsewhere.
_LINKED = 0.5
# A link with one of these may be told by its words: 上一篇, 打印, 评论, 备案. A line longer than this is told by its place.
_TELLING, _TOLD_MAX = frozenset("篇页印藏闭论备置"), 200
# The title block stands within this many lines above the text.
_ABOVE = 12


def html_lines(source: str, markup: Markup, rules: CleaningRules, *, title: str | None = None) -> tuple[list[Line], list[Removed]]:
    """Lines of the part of the page that holds the text with the title block right above it, and all other lines as removed.

    `title` is the title that the page states elsewhere (its HTML title), to know it by.
    """
    drafts = list(paragraphs(source, markup))
    part = main_part(drafts, markup, rules, title)
    inside: list[Draft] = []
    outside: list[Removed] = []
    above: list[Draft] = []
    for draft in drafts:
        noise = part.noise[draft.element]
        if noise:
            rule = "hidden" if markup.tags[draft.element].is_hidden else "named-element"
            outside.append(Removed(draft.start, draft.end, noise, rule, draft.text))
        elif part.holds(draft.element) and not (draft.after_image and _CAPTION.search(draft.text) and len(draft.text) <= _CAPTION_MAX):
            inside.append(draft)
        elif part.holds(draft.element):
            outside.append(Removed(draft.start, draft.end, "byline", "caption-below-image", draft.text))
        elif inside:
            outside.append(_outside(draft, rules, "tail"))
        else:
            above.append(draft)
    block = [_line(draft) for draft in above[-_ABOVE:]]
    titled = _title_above(block, rules, title) + len(above) - len(block)
    outside += [_outside(draft, rules, "head") for draft in above[:titled]]
    outside.sort(key=lambda line: line.start)
    return [_line(draft) for draft in [*above[titled:], *join_rows(inside, markup)]], outside


def _line(draft: Draft) -> Line:
    return Line(draft.text, draft.start, draft.end, min(1.0, draft.linked / len(draft.text)))


def _outside(draft: Draft, rules: CleaningRules, zone: Literal["head", "tail"]) -> Removed:
    """The record of a line outside the text: what its words say that it is, else what stands there."""
    line = _line(draft)
    is_told = line.linked <= _LINKED or not _TELLING.isdisjoint(line.text)
    rule = rules.match(line.folded, zone) if is_told and len(line.text) <= _TOLD_MAX else None
    return remove(line, rule.kind if rule else "navigation" if zone == "head" else "related_links", "outside-text")


def _title_above(above: list[Line], rules: CleaningRules, title: str | None) -> int:
    """Where the title block begins among the lines above the text: at the nearest title, when nothing but bylines and tools stands between."""
    for i in range(len(above) - 1, -1, -1):
        line = above[i]
        if rules.match(line.folded, "head"):
            continue
        if line.linked <= _LINKED and is_title(line, title):
            return i
        if line.linked > _LINKED or not is_title_block(line, title):
            break
    return len(above)
